package pipeline

import (
	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/check"
)

var triggerRule = check.Rule[*subject]{
	Rule: slipway.Rule{
		Name: "pipeline/trigger", Source: guide + "pipelines-triggers.html",
		Doc: "There are at most 50 triggers, each for another source action with a connection, with 1 to 3 filters of a kind.",
	},
	Check: func(s *subject, r *check.Report) {
		if n := len(s.Triggers); n > 50 {
			r.Addf("triggers", "found %d triggers, at most 50 are allowed", n)
		}
		duplicates(len(s.Triggers), func(i int) string {
			if git := s.Triggers[i].GitConfiguration; git != nil {
				return git.SourceActionName
			}
			return ""
		}, func(i, first int) {
			if git := s.Triggers[i].GitConfiguration; git != nil && known(git.SourceActionName) {
				r.Addf(slipway.Path("triggers", i, "gitConfiguration", "sourceActionName"),
					"triggers[%d] is for the action %s too; put the filters of both into one trigger", first, quote(git.SourceActionName))
			}
		})
		for i := range s.Triggers {
			s.checkTrigger(r, i)
		}
	},
}

func (s *subject) checkTrigger(r *check.Report, i int) {
	t := &s.Triggers[i]
	at := func(elem ...any) string { return slipway.Path(append([]any{"triggers", i}, elem...)...) }
	switch {
	case t.ProviderType.IsKnown():
	case t.ProviderType == "":
		if absent(t.Extra, "providerType") {
			r.Addf(at(), `providerType is missing, want "CodeStarSourceConnection"`)
		}
	case known(t.ProviderType):
		r.Addf(at("providerType"), `found %s, want "CodeStarSourceConnection"`, quote(string(t.ProviderType)))
	}
	git := t.GitConfiguration
	if git == nil {
		if absent(t.Extra, "gitConfiguration") {
			r.Addf(at(), "gitConfiguration is missing; it names the source action and has filters")
		}
		return
	}
	s.checkTriggerSource(r, git, at("gitConfiguration", "sourceActionName"))
	if len(git.Push) == 0 && len(git.PullRequest) == 0 && absent(git.Extra, "push") && absent(git.Extra, "pullRequest") {
		r.Warnf(at("gitConfiguration"), "the trigger has no filter; give it push or pullRequest")
	}
	if n := len(git.Push); n > 3 || git.Push != nil && n == 0 {
		r.Addf(at("gitConfiguration", "push"), "found %d filters, want 1 to 3", n)
	}
	if n := len(git.PullRequest); n > 3 || git.PullRequest != nil && n == 0 {
		r.Addf(at("gitConfiguration", "pullRequest"), "found %d filters, want 1 to 3", n)
	}
	for j := range git.Push {
		checkPush(r, &git.Push[j], at("gitConfiguration", "push", j))
	}
	for j := range git.PullRequest {
		checkPullRequest(r, &git.PullRequest[j], at("gitConfiguration", "pullRequest", j))
	}
}

// checkTriggerSource looks for the source action of a trigger.
func (s *subject) checkTriggerSource(r *check.Report, git *GitConfiguration, path string) {
	name := git.SourceActionName
	if name == "" {
		if absent(git.Extra, "sourceActionName") {
			r.Addf(path, "sourceActionName is missing; it names a source action of the first stage")
		}
		return
	}
	if !known(name) || !absent(s.Extra, "stages") || len(s.Stages) > 0 && !absent(s.Stages[0].Extra, "actions") {
		return
	}
	var sources []string
	for _, a := range s.actions {
		if a.stage > 0 || !given(a.Name) {
			continue
		}
		if a.Name != name {
			sources = append(sources, a.Name)
			continue
		}
		if t := &a.kind; t.Provider != "CodeStarSourceConnection" && t.Provider != "" && known(t.Provider) {
			r.Addf(path, "found %s, whose provider is %s; only CodeStarSourceConnection has triggers", quote(name), t.Provider)
		}
		return
	}
	if like := suggest(name, sources); like != "" {
		r.Addf(path, "no source action is named %s; did you mean %s?", quote(name), like)
		return
	}
	r.Addf(path, "no source action is named %s", quote(name))
}

func checkPush(r *check.Report, f *PushFilter, path string) {
	if f.Branches == nil && f.Tags == nil && f.FilePaths == nil && len(f.Extra) == 0 {
		r.Warnf(path, "the filter is empty; give it branches or tags")
	}
	if f.FilePaths != nil && f.Branches == nil && absent(f.Extra, "branches") {
		r.Warnf(path, "filePaths stands without branches; give it branches, which may be [\"**\"]")
	}
	if b := f.Branches; b != nil {
		checkPatterns(r, b.Includes, b.Excludes, path+".branches")
	}
	if p := f.FilePaths; p != nil {
		checkPatterns(r, p.Includes, p.Excludes, path+".filePaths")
	}
	if t := f.Tags; t != nil {
		checkPatterns(r, t.Includes, t.Excludes, path+".tags")
		if f.Branches != nil {
			r.Warnf(path, "tags and branches stand in one filter, and a push is never of both; make two filters of them")
		}
	}
}

func checkPullRequest(r *check.Report, f *PullRequestFilter, path string) {
	if f.Branches == nil && absent(f.Extra, "branches") {
		r.Warnf(path, "the filter has no branches; give it the target branches, which may be [\"**\"]")
	}
	if n := len(f.Events); n > 3 || f.Events != nil && n == 0 {
		r.Addf(path+".events", "found %d events, want 1 to 3 of OPEN, UPDATED and CLOSED", n)
	}
	for i, event := range f.Events {
		if !event.IsKnown() && known(event) {
			r.Addf(path+".events"+slipway.Path(i), "found %s, want OPEN, UPDATED or CLOSED", quote(string(event)))
		}
	}
	if b := f.Branches; b != nil {
		checkPatterns(r, b.Includes, b.Excludes, path+".branches")
	}
	if p := f.FilePaths; p != nil {
		checkPatterns(r, p.Includes, p.Excludes, path+".filePaths")
	}
}

func checkPatterns(r *check.Report, includes, excludes []string, path string) {
	for _, list := range []struct {
		name     string
		patterns []string
	}{{"includes", includes}, {"excludes", excludes}} {
		checkTexts(r, list.patterns, 8, 255, "patterns", func(elem ...any) string {
			return path + "." + list.name + slipway.Path(elem...)
		})
	}
}
