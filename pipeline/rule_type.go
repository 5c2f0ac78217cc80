package pipeline

import (
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/check"
)

var actionTypeRule = check.Rule[*subject]{
	Rule: slipway.Rule{
		Name: "pipeline/action-type", Source: guide + "actions-valid-providers.html",
		Doc: "Every action has a type that exists: category, owner, provider and version.",
	},
	Check: func(s *subject, r *check.Report) {
		for _, a := range s.actions {
			switch {
			case a.ActionTypeID == nil:
				if absent(a.Extra, "actionTypeId") {
					r.Addf(a.path(), "actionTypeId is missing; it has category, owner, provider and version")
				}
			case a.spec == nil:
				checkActionType(r, a)
			case a.spec.Provider == "GitHub":
				r.Warnf(a.path("actionTypeId", "provider"), "the GitHub source with an OAuth token is outdated; use CodeStarSourceConnection with a connection")
			}
			if version := a.kind.Version; a.ActionTypeID != nil {
				checkVersion(r, a, version)
			}
		}
	},
}

func checkVersion(r *check.Report, a *actionRef, version string) {
	switch {
	case version == "" && absent(a.kind.Extra, "version"):
		r.Addf(a.path("actionTypeId"), `version is missing; it is "1" for all of AWS's own actions`)
	case version == "" || !known(version):
	case a.spec != nil && a.spec.Owner == ActionOwnerAWS && version != "1":
		r.Addf(a.path("actionTypeId", "version"), `found %s, want "1"`, quote(version))
	case !consists(version, 1, 9, "-_"):
		r.Addf(a.path("actionTypeId", "version"), "found %s; a version has 1 to 9 letters, digits, - and _", quote(version))
	}
}

// checkActionType looks at a type that is not in the table: it may be a custom
// one, a new one of AWS's, or misspelled.
func checkActionType(r *check.Report, a *actionRef) {
	t := &a.kind
	at := func(key string) string { return a.path("actionTypeId", key) }
	switch {
	case t.Category == "":
		if absent(t.Extra, "category") {
			r.Addf(a.path("actionTypeId"), "category is missing, want Source, Build, Test, Deploy, Approval, Invoke or Compute")
		}
	case !t.Category.IsKnown() && known(t.Category):
		r.Addf(at("category"), "found %s, want Source, Build, Test, Deploy, Approval, Invoke or Compute", quote(string(t.Category)))
	}
	switch {
	case t.Owner == "":
		if absent(t.Extra, "owner") {
			r.Addf(a.path("actionTypeId"), "owner is missing, want AWS, ThirdParty or Custom")
		}
	case !t.Owner.IsKnown() && known(t.Owner):
		r.Addf(at("owner"), "found %s, want AWS, ThirdParty or Custom", quote(string(t.Owner)))
	}
	switch {
	case t.Provider == "":
		if absent(t.Extra, "provider") {
			r.Addf(a.path("actionTypeId"), "provider is missing, such as CodeBuild")
		}
	case known(t.Provider):
		checkProvider(r, a)
	}
}

// checkProvider reports a provider that cannot be, or is known by another name,
// owner or category.
func checkProvider(r *check.Report, a *actionRef) {
	t := &a.kind
	at := a.path("actionTypeId", "provider")
	like := findProvider(t)
	switch {
	case !consists(t.Provider, 1, 35, "-_") && like != nil:
		r.Addf(at, "found %s; did you mean %s?", quote(t.Provider), like.Provider)
	case !consists(t.Provider, 1, 35, "-_"):
		r.Addf(at, "found %s; a provider has 1 to 35 letters, digits, - and _", quote(t.Provider))
	case like == nil || t.Owner == ActionOwnerCustom:
	case like.Provider != t.Provider:
		r.Addf(at, "found %s; did you mean %s?", quote(t.Provider), like.Provider)
	case like.Owner != t.Owner && t.Owner.IsKnown():
		r.Addf(a.path("actionTypeId", "owner"), "found %s; the owner of %s is %s", t.Owner, like.Provider, like.Owner)
	case like.Category != t.Category && t.Category.IsKnown():
		r.Addf(a.path("actionTypeId", "category"), "found %s; %s is an action of category %s", t.Category, like.Provider, categories(like))
	}
}

// findProvider returns what the provider of t most likely is: the one of that
// name, else of that name but for case, blanks, and AWS or Amazon before it.
// Among several, that of the same category is preferred.
func findProvider(t *ActionType) *Spec {
	var best *Spec
	score := 0
	name := plainProvider(t.Provider)
	for i := range specs {
		s := &specs[i]
		n := 0
		switch {
		case s.Provider == t.Provider:
			n = 4
		case plainProvider(s.Provider) == name:
			n = 2
		}
		if n > 0 && s.Category == t.Category {
			n++
		}
		if s.Owner != ActionOwnerCustom && n > score {
			best, score = s, n
		}
	}
	return best
}

func plainProvider(name string) string {
	name = strings.ToLower(strings.NewReplacer(" ", "", "-", "", "_", "").Replace(name))
	if rest, ok := strings.CutPrefix(name, "aws"); ok {
		return rest
	}
	return strings.TrimPrefix(name, "amazon")
}

// categories returns the categories of a provider, for a message.
func categories(s *Spec) string {
	var list []string
	for i := range specs {
		if specs[i].Provider == s.Provider && specs[i].Owner == s.Owner {
			list = append(list, string(specs[i].Category))
		}
	}
	return strings.Join(list, " or ")
}

var pipelineTypeRule = check.Rule[*subject]{
	Rule: slipway.Rule{
		Name: "pipeline/type", Source: guide + "pipeline-types.html",
		Doc: "The pipeline says its type, and what only V2 has stands in pipelines of type V2.",
	},
	Check: func(s *subject, r *check.Report) {
		t := s.PipelineType
		switch {
		case t == TypeV2 || !known(t) || !absent(s.Extra, "pipelineType"):
			return
		case t != "" && t != TypeV1:
			r.Addf("pipelineType", "found %s, want V1 or V2", quote(string(t)))
			return
		}
		found := false
		for path, what := range s.featuresV2 {
			found = true
			if t == TypeV1 {
				r.Warnf(path, "%s makes this a pipeline of type V2, with its price, although pipelineType is V1; write V2", what)
			} else {
				r.Warnf(path, "%s makes this a pipeline of type V2; write pipelineType V2", what)
			}
		}
		for _, a := range s.actions {
			if a.spec == nil || !a.spec.V2 {
				continue
			}
			found = true
			if t == TypeV1 {
				r.Addf(a.path("actionTypeId", "provider"), "%s needs a pipeline of type V2, found V1", a.spec.Provider)
			} else {
				r.Warnf(a.path("actionTypeId", "provider"), "%s needs a pipeline of type V2; write pipelineType V2", a.spec.Provider)
			}
		}
		if t == "" && !found {
			r.Addf("pipelineType", "pipelineType is not given, and AWS does not say what it then is; write V1 or V2").Severity = slipway.Info
		}
	},
}

// featuresV2 yields the members that only pipelines of type V2 have.
func (s *subject) featuresV2(yield func(path, what string) bool) {
	switch {
	case len(s.Triggers) > 0 && !yield("triggers", "a trigger"):
		return
	case len(s.Variables) > 0 && !yield("variables", "a variable"):
		return
	case (s.ExecutionMode == ExecutionModeQueued || s.ExecutionMode == ExecutionModeParallel) &&
		!yield("executionMode", "execution mode "+string(s.ExecutionMode)):
		return
	}
	for i := range s.Stages {
		stage := &s.Stages[i]
		switch {
		case stage.BeforeEntry != nil && !yield(slipway.Path("stages", i, "beforeEntry"), "a stage condition"):
			return
		case stage.OnSuccess != nil && !yield(slipway.Path("stages", i, "onSuccess"), "a stage condition"):
			return
		case stage.OnFailure != nil && !yield(slipway.Path("stages", i, "onFailure"), "onFailure"):
			return
		}
	}
}

var modeRule = check.Rule[*subject]{
	Rule: slipway.Rule{
		Name: "pipeline/execution-mode", Source: guide + "execution-modes.html",
		Doc: "The execution mode is SUPERSEDED, QUEUED or PARALLEL; in PARALLEL nothing is rolled back.",
	},
	Check: func(s *subject, r *check.Report) {
		mode := s.ExecutionMode
		if mode != "" && !mode.IsKnown() && known(mode) {
			r.Addf("executionMode", "found %s, want SUPERSEDED, QUEUED or PARALLEL", quote(string(mode)))
		}
		if mode != ExecutionModeParallel {
			return
		}
		for i := range s.Stages {
			if f := s.Stages[i].OnFailure; f != nil && f.Result == ResultRollback {
				r.Addf(slipway.Path("stages", i, "onFailure", "result"), "found ROLLBACK, which the execution mode PARALLEL does not have")
			}
		}
		for _, c := range s.conditions {
			if c.Result == ResultRollback {
				r.Addf(c.path("result"), "found ROLLBACK, which the execution mode PARALLEL does not have")
			}
		}
	},
}
