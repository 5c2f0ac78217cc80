package buildspec

import (
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/check"
)

var exportedRule = slipway.Rule{
	Name: "buildspec/exported-variables", Source: refURL + "#build-spec.env.exported-variables", Severity: slipway.Warning,
	Doc: "An exported variable is one that the build sets, and its name does not begin with AWS_.",
}

// maxLikely is the largest number of names among which a like one is looked for.
const maxLikely = 1000

func checkExported(s *Spec, r *check.Report) {
	if s.Env == nil || len(s.Env.ExportedVariables) == 0 {
		return
	}
	var set map[string]bool
	seen := map[string]bool{}
	for i, name := range s.Env.ExportedVariables {
		path := slipway.Path("env", "exported-variables", i)
		switch {
		case seen[name]:
			r.Addf(path, "%s stands twice; keep one", name)
		case strings.HasPrefix(name, "AWS_"):
			r.Addf(path, "%s cannot be exported, as no name that begins with AWS_ can; set another variable to its value", name)
		case !isEnvName(name):
			r.Addf(path, "%q is no name of a variable", name)
		default:
			if set == nil {
				set = s.names()
			}
			// A project or a script may set it; only a likely slip is reported.
			if len(set) > maxLikely {
				continue
			}
			if like := oneLetterOff(name, set); like != "" {
				r.Addf(path, "nothing here sets %s; did you mean %s?", name, like)
			}
		}
		seen[name] = true
	}
}

// names returns the variables that the spec is seen to set.
func (s *Spec) names() map[string]bool {
	set := map[string]bool{}
	for _, v := range s.variables(true) {
		set[v.Name] = true
	}
	for c := range s.AllCommands() {
		assigned(c.Text, func(name string) { set[name] = true })
	}
	return set
}

// oneLetterOff returns the first name, in the order of the alphabet, that is
// name but for letter case or one letter too many or too few, when name itself
// is not set.
func oneLetterOff(name string, set map[string]bool) string {
	if set[name] {
		return ""
	}
	best := ""
	for k := range set {
		short, long := name, k
		if len(short) > len(long) {
			short, long = long, short
		}
		if (strings.EqualFold(name, k) || len(short) > 3 && len(long) == len(short)+1 && isShorter(short, long)) && (best == "" || k < best) {
			best = k
		}
	}
	return best
}

// isShorter reports whether short is long without one of its letters.
func isShorter(short, long string) bool {
	i := 0
	for i < len(short) && short[i] == long[i] {
		i++
	}
	return short[i:] == long[i+1:]
}
