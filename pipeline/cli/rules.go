package cli

import (
	"cmp"
	"slices"
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/buildspec"
	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/internal/source"
	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
	"github.com/seed-b1f00840/slipway/pipeline/delivery"
	"github.com/seed-b1f00840/slipway/pipeline/handover"
	"github.com/seed-b1f00840/slipway/taskdef"
)

// unusedRule is what an ignore that ignores nothing breaks.
var unusedRule = slipway.Rule{
	Name:     "cli/unused-ignore",
	Doc:      "What a file says is to be ignored is found there; an ignore that has served its time is removed.",
	Severity: slipway.Warning,
}

// Rules returns every rule of slipway once, sorted by name.
func Rules() []slipway.Rule {
	all := slices.Concat(buildspec.Rules(), taskdef.Rules(), cfn.Rules(), pipeline.Rules(),
		handover.Rules(), bundle.Rules(), delivery.Rules(), []slipway.Rule{unusedRule})
	slices.SortStableFunc(all, func(a, b slipway.Rule) int { return cmp.Compare(a.Name, b.Name) })
	return slices.CompactFunc(all, func(a, b slipway.Rule) bool { return a.Name == b.Name })
}

// RuleURL returns where the page of all rules tells of the rule of that name.
func RuleURL(name string) string {
	// The page's headings are the names, of which its anchors leave out what is
	// neither letter nor digit nor dash.
	return "https://" + module + "/blob/main/docs/rules.md#" + strings.ReplaceAll(name, "/", "")
}

// ruleIndex returns all rules by name.
func ruleIndex() map[string]slipway.Rule {
	all := Rules()
	index := make(map[string]slipway.Rule, len(all))
	for _, r := range all {
		index[r.Name] = r
	}
	return index
}

// A ruleSet is names of rules and patterns of such: taskdef/*.
type ruleSet []string

// has reports whether the set has the rule of that name.
func (s ruleSet) has(name string) bool {
	return slices.ContainsFunc(s, func(pattern string) bool { return matchRule(pattern, name) })
}

// unknown returns what is wrong with a pattern that no rule matches, or "".
func unknown(pattern string, rules map[string]slipway.Rule) string {
	names := make([]string, 0, len(rules))
	for name := range rules {
		if matchRule(pattern, name) {
			return ""
		}
		names = append(names, name)
	}
	slices.Sort(names) // or the nearest would be another one each time
	if strings.Contains(pattern, "*") {
		return "no rule is like " + pattern
	}
	like := source.Nearest(pattern, names)
	if i := slices.IndexFunc(names, func(name string) bool { return strings.HasSuffix(name, "/"+pattern) }); i >= 0 {
		like = names[i]
	}
	if like != "" {
		return "no rule " + pattern + "; did you mean " + like + "?"
	}
	return "no rule " + pattern
}

// matchRule reports whether a rule's name is like pattern, in which * is anything.
func matchRule(pattern, name string) bool { return match(pattern, name, false) }

// matchFile reports whether a path is like pattern, in which * is anything but a
// slash, and ** is anything.
func matchFile(pattern, name string) bool {
	if rest, ok := strings.CutPrefix(pattern, "**/"); ok && match(rest, name, true) {
		return true
	}
	return match(pattern, name, true)
}

// match is a glob without classes. With slash, only two stars match a slash. Where
// it does not go on, the last star eats one more; one that may not, because of a
// slash, leaves that to the last two stars before it.
func match(pattern, s string, slash bool) bool {
	type star struct{ next, from int } // in pattern after the star; in s where it ends
	one, two := star{next: -1}, star{next: -1}
	i, j := 0, 0
	for j < len(s) {
		switch {
		case i < len(pattern) && pattern[i] == '*':
			first := i
			for i < len(pattern) && pattern[i] == '*' {
				i++
			}
			if slash && i-first == 1 {
				one = star{i, j}
			} else {
				one, two = star{next: -1}, star{i, j}
			}
		case i < len(pattern) && (pattern[i] == s[j] || pattern[i] == '?' && s[j] != '/'):
			i, j = i+1, j+1
		case one.next >= 0 && s[one.from] != '/':
			one.from++
			i, j = one.next, one.from
		case two.next >= 0:
			one.next = -1
			two.from++
			i, j = two.next, two.from
		default:
			return false
		}
	}
	return strings.Trim(pattern[i:], "*") == ""
}
