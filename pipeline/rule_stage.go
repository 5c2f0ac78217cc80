package pipeline

import (
	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/check"
)

var stagesRule = check.Rule[*subject]{
	Rule: slipway.Rule{
		Name: "pipeline/stages", Source: guide + "pipeline-requirements.html",
		Doc: "The pipeline has at least two stages, each with an action, and an action that is no source.",
	},
	Check: func(s *subject, r *check.Report) {
		if !absent(s.Extra, "stages") {
			return
		}
		if n := len(s.Stages); n < 2 {
			r.Addf("stages", "found %d, want at least 2 stages", n)
		}
		for i := range s.Stages {
			if stage := &s.Stages[i]; len(stage.Actions) == 0 && absent(stage.Extra, "actions") {
				r.Addf(slipway.Path("stages", i), "the stage has no action")
			}
		}
		for _, a := range s.actions {
			if a.kind.Category != "Source" {
				return
			}
		}
		if len(s.actions) > 0 {
			r.Addf("stages", "every action is a source; at least one must build, test, deploy, invoke or approve")
		}
	},
}

var sourceStageRule = check.Rule[*subject]{
	Rule: slipway.Rule{
		Name: "pipeline/source-stage", Source: guide + "pipeline-requirements.html",
		Doc: "The first stage has source actions and no others; no other stage has any.",
	},
	Check: func(s *subject, r *check.Report) {
		for _, a := range s.actions {
			category := a.kind.Category
			switch {
			case category == "" || !known(category):
			case a.stage == 0 && category != "Source":
				r.Addf(a.path("actionTypeId", "category"), "found %s in the first stage, which holds source actions only", category)
			case a.stage > 0 && category == "Source":
				r.Addf(a.path("actionTypeId", "category"), "found a source action in stage %d; only the first stage holds them", a.stage+1)
			}
		}
	},
}

var limitRule = check.Rule[*subject]{
	Rule: slipway.Rule{
		Name: "pipeline/limits", Source: guide + "limits.html",
		Doc: "The pipeline has at most 50 stages and 1,000 actions, and a stage at most 50 actions.",
	},
	Check: func(s *subject, r *check.Report) {
		if n := len(s.Stages); n > 50 {
			r.Addf("stages", "found %d stages, at most 50 are allowed", n)
		}
		if n := len(s.actions); n > 1000 {
			r.Addf("stages", "found %d actions, at most 1,000 are allowed", n)
		}
		for i := range s.Stages {
			switch n := len(s.Stages[i].Actions); {
			case n > 100:
				r.Addf(slipway.Path("stages", i, "actions"), "found %d actions, a stage has at most 100", n)
			case n > 50:
				r.Warnf(slipway.Path("stages", i, "actions"), "found %d actions; AWS documents both 50 and 100 as the most that a stage may have", n)
			}
		}
	},
}

var orderRule = check.Rule[*subject]{
	Rule: slipway.Rule{
		Name: "pipeline/run-order", Source: api + "API_ActionDeclaration.html",
		Doc: "A run order is a whole number from 1 to 999.",
	},
	Check: func(s *subject, r *check.Report) {
		for _, a := range s.actions {
			if n := a.order(); n < 1 || n > 999 {
				r.Addf(a.path("runOrder"), "found %d, want 1 to 999", n)
			}
		}
	},
}
