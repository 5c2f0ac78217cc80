package pipeline

import (
	"slices"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/check"
	"github.com/seed-b1f00840/slipway/internal/source"
)

var conditionRule = check.Rule[*subject]{
	Rule: slipway.Rule{
		Name: "pipeline/condition", Source: guide + "concepts-how-it-works-conditions.html",
		Doc: "A stage has at most one condition a place, with a result that the place allows and 1 to 5 rules; its blockers are of type Schedule.",
	},
	Check: func(s *subject, r *check.Report) {
		for i := range s.Stages {
			stage := &s.Stages[i]
			for place, list := range stage.conditions {
				if n := len(list); n > 1 || n == 0 && place != "onFailure" && !hasExtraConditions(stage, place) {
					r.Addf(slipway.Path("stages", i, place, "conditions"), "found %d conditions, want 1", n)
				}
			}
			if f := stage.OnFailure; f != nil {
				checkFailure(r, f, slipway.Path("stages", i, "onFailure"))
			}
			for j := range stage.Blockers {
				checkBlocker(r, &stage.Blockers[j], slipway.Path("stages", i, "blockers", j))
			}
		}
		for _, c := range s.conditions {
			checkCondition(r, c)
		}
	},
}

func checkBlocker(r *check.Report, b *Blocker, path string) {
	if outside(b.Name, 100) && absent(b.Extra, "name") {
		r.Addf(path+".name", "found %d characters, want a name of 1 to 100", len([]rune(b.Name)))
	}
	if !b.Type.IsKnown() && known(b.Type) && absent(b.Extra, "type") {
		r.Addf(path+".type", `found %s, want "Schedule"`, quote(string(b.Type)))
	}
}

// hasExtraConditions reports whether the conditions of a place did not fit when
// they were read.
func hasExtraConditions(stage *Stage, place string) bool {
	if place == "beforeEntry" {
		return !absent(stage.BeforeEntry.Extra, "conditions")
	}
	return !absent(stage.OnSuccess.Extra, "conditions")
}

func checkFailure(r *check.Report, f *FailureConditions, path string) {
	switch {
	case f.Result == "" || !known(f.Result):
	case !f.Result.IsKnown():
		r.Addf(path+".result", "found %s, want ROLLBACK or RETRY", quote(string(f.Result)))
	case f.Result == ResultFail || f.Result == ResultSkip:
		r.Warnf(path+".result", "found %s; documented for a failure are ROLLBACK and RETRY", f.Result)
	}
	retry := f.RetryConfiguration
	if retry == nil {
		return
	}
	if !retry.RetryMode.IsKnown() && retry.RetryMode != "" && known(retry.RetryMode) {
		r.Addf(path+".retryConfiguration.retryMode", "found %s, want FAILED_ACTIONS or ALL_ACTIONS", quote(string(retry.RetryMode)))
	}
	if f.Result != ResultRetry && known(f.Result) {
		r.Warnf(path+".retryConfiguration", "retryConfiguration is for the result RETRY, found %s", quote(string(f.Result)))
	}
}

func checkCondition(r *check.Report, c *conditionRef) {
	allowed, said := []Result{ResultFail, ResultSkip}, "FAIL or SKIP"
	switch c.place {
	case "onSuccess":
		allowed, said = []Result{ResultRollback, ResultFail}, "ROLLBACK or FAIL"
	case "onFailure":
		allowed, said = []Result{ResultRollback, ResultSkip}, "ROLLBACK"
	}
	switch {
	case c.Result == "" || !known(c.Result) || slices.Contains(allowed, c.Result):
	case !c.Result.IsKnown():
		r.Addf(c.path("result"), "found %s, want %s", quote(string(c.Result)), said)
	default:
		r.Warnf(c.path("result"), "found %s; documented for %s is %s", c.Result, c.place, said)
	}
	if n := len(c.Rules); (n < 1 || n > 5) && absent(c.Extra, "rules") {
		r.Addf(c.path("rules"), "found %d rules, want 1 to 5", n)
	}
	for i := range c.Rules {
		checkConditionRule(r, &c.Rules[i], c.path("rules", i))
	}
}

// ruleProviders are the rules that AWS documents.
var ruleProviders = []string{"Commands", "DeploymentWindow", "LambdaInvoke", "CloudWatchAlarm", "VariableCheck"}

func checkConditionRule(r *check.Report, rule *ConditionRule, path string) {
	t := rule.RuleTypeID
	if t == nil {
		if absent(rule.Extra, "ruleTypeId") {
			r.Addf(path, "ruleTypeId is missing; it has category and provider")
		}
		return
	}
	path += ".ruleTypeId"
	if !t.Category.IsKnown() && known(t.Category) && absent(t.Extra, "category") {
		r.Addf(path+".category", `found %s, want "Rule"`, quote(string(t.Category)))
	}
	if t.Owner != "" && !t.Owner.IsKnown() && known(t.Owner) {
		r.Addf(path+".owner", `found %s, want "AWS"`, quote(string(t.Owner)))
	}
	switch {
	case t.Provider == "":
		if absent(t.Extra, "provider") {
			r.Addf(path, "provider is missing, such as CloudWatchAlarm")
		}
	case !known(t.Provider) || slices.Contains(ruleProviders, t.Provider):
	default:
		if like := source.Nearest(t.Provider, ruleProviders); like != "" {
			r.Addf(path+".provider", "found %s; did you mean %s?", quote(t.Provider), like)
		} else if !consists(t.Provider, 1, 35, "-_") {
			r.Addf(path+".provider", "found %s; a provider has 1 to 35 letters, digits, - and _", quote(t.Provider))
		}
	}
	if t.Version != "" && !consists(t.Version, 1, 9, "-_") && known(t.Version) {
		r.Addf(path+".version", "found %s; a version has 1 to 9 letters, digits, - and _", quote(t.Version))
	}
}

var tagRule = check.Rule[*subject]{
	Rule: slipway.Rule{
		Name: "pipeline/tags", Source: api + "API_Tag.html",
		Doc: "There are at most 50 tags, each with another key of 1 to 128 characters and a value of at most 256.",
	},
	Check: func(s *subject, r *check.Report) {
		if n := len(s.Tags); n > 50 {
			r.Addf("tags", "found %d tags, at most 50 are allowed", n)
		}
		duplicates(len(s.Tags), func(i int) string { return s.Tags[i].Key }, func(i, first int) {
			r.Warnf(slipway.Path("tags", i, "key"), "tags[%d] has the key %s too", first, quote(s.Tags[i].Key))
		})
		for i := range s.Tags {
			t := &s.Tags[i]
			if outside(t.Key, 128) && absent(t.Extra, "key") {
				r.Addf(slipway.Path("tags", i, "key"), "found %d characters, want 1 to 128", len([]rune(t.Key)))
			}
			switch {
			case t.Value == nil:
				if absent(t.Extra, "value") {
					r.Addf(slipway.Path("tags", i), "value is missing; it may be empty")
				}
			case *t.Value != "" && outside(*t.Value, 256):
				r.Addf(slipway.Path("tags", i, "value"), "found %d characters, at most 256 are allowed", len([]rune(*t.Value)))
			}
		}
	},
}
