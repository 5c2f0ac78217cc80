package pipeline

import (
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/check"
)

var nameRule = check.Rule[*subject]{
	Rule: slipway.Rule{
		Name: "pipeline/name", Source: api + "API_PipelineDeclaration.html",
		Doc: "The pipeline, every stage, action and rule has a name of 1 to 100 letters, digits and . @ - _.",
	},
	Check: func(s *subject, r *check.Report) {
		checkName(r, s.Extra, s.Name, "name")
		for i := range s.Stages {
			checkName(r, s.Stages[i].Extra, s.Stages[i].Name, "stages", i, "name")
		}
		for _, a := range s.actions {
			checkName(r, a.Extra, a.Name, "stages", a.stage, "actions", a.index, "name")
		}
		for _, c := range s.conditions {
			for i := range c.Rules {
				if rule := &c.Rules[i]; rule.Name == "" || !consists(rule.Name, 1, 100, ".@-_") {
					checkName(r, rule.Extra, rule.Name, c.elems("rules", i, "name")...)
				}
			}
		}
	},
}

func checkName(r *check.Report, extra map[string]any, name string, path ...any) {
	switch {
	case consists(name, 1, 100, ".@-_"):
	case name == "":
		if absent(extra, "name") {
			r.Addf(slipway.Path(path...), "name is missing; it has 1 to 100 letters, digits and . @ - _")
		}
	case strings.Contains(name, "#{"):
		r.Addf(slipway.Path(path...), "found %s; variables are not resolved in names", quote(name))
	case known(name):
		r.Addf(slipway.Path(path...), "found %s; a name has 1 to 100 letters, digits and . @ - _", quote(name))
	}
}

var uniqueNameRule = check.Rule[*subject]{
	Rule: slipway.Rule{
		Name: "pipeline/unique-name", Source: guide + "pipeline-requirements.html",
		Doc: "No two stages of the pipeline have the same name, nor two actions of a stage.",
	},
	Check: func(s *subject, r *check.Report) {
		duplicates(len(s.Stages), func(i int) string { return s.Stages[i].Name }, func(i, first int) {
			if name := s.Stages[i].Name; name != "" {
				r.Addf(slipway.Path("stages", i, "name"), "stages[%d] has the name %s too", first, quote(name))
			}
		})
		for i := range s.Stages {
			actions := s.Stages[i].Actions
			duplicates(len(actions), func(j int) string { return actions[j].Name }, func(j, first int) {
				if name := actions[j].Name; name != "" {
					r.Addf(slipway.Path("stages", i, "actions", j, "name"), "actions[%d] of this stage has the name %s too", first, quote(name))
				}
			})
		}
	},
}

var roleRule = check.Rule[*subject]{
	Rule: slipway.Rule{
		Name: "pipeline/role", Source: api + "API_PipelineDeclaration.html",
		Doc: "The pipeline has a service role, and every role is given by its ARN.",
	},
	Check: func(s *subject, r *check.Report) {
		if s.RoleARN == "" && absent(s.Extra, "roleArn") {
			r.Addf("roleArn", "roleArn is missing; it is the ARN of the service role")
		}
		checkRole(r, s.RoleARN, "roleArn")
		for _, a := range s.actions {
			checkRole(r, a.RoleARN, "stages", a.stage, "actions", a.index, "roleArn")
		}
		for _, c := range s.conditions {
			for i := range c.Rules {
				if arn := c.Rules[i].RoleARN; arn != "" {
					checkRole(r, arn, c.elems("rules", i, "roleArn")...)
				}
			}
		}
	},
}

func checkRole(r *check.Report, arn string, path ...any) {
	switch {
	case arn == "" || isRoleARN(arn):
	case strings.Contains(arn, "#{"):
		r.Addf(slipway.Path(path...), "found %s; variables are not resolved in roles", quote(arn))
	case known(arn):
		r.Addf(slipway.Path(path...), "found %s, want arn:aws:iam::<12 digits>:role/<name>", quote(arn))
	}
}

// isRoleARN reports whether s is arn:aws(-word)*:iam::<12 digits>:role/<name>.
func isRoleARN(s string) bool {
	rest, ok := strings.CutPrefix(s, "arn:aws")
	if !ok || len(s) > 1024 {
		return false
	}
	partition, rest, ok := strings.Cut(rest, ":iam::")
	if !ok || partition != "" && (partition[0] != '-' || !consists(partition, 2, 40, "-_")) {
		return false
	}
	account, _, ok := strings.Cut(rest, ":role/")
	return ok && len(account) == 12 && strings.Trim(account, "0123456789") == ""
}
