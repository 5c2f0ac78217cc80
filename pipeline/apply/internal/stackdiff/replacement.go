package stackdiff

import (
	_ "embed" // for the facts
	"strings"
	"sync"

	"github.com/seed-b1f00840/slipway"
)

// ReplacementOf returns what a change of a property, by its path below Properties, does to
// a resource of that type: Maybe for a type or a property that is not known, and for an
// object of which only some members replace.
func ReplacementOf(typ, path string) Replacement {
	facts := replacements()[typ]
	way := keys(path)
	if facts == nil || len(way) == 0 {
		return Maybe
	}
	if _, known := facts[way[0]]; !known {
		return Maybe
	}
	for n := range way {
		if r := facts[strings.Join(way[:n+1], ".")]; r != Never {
			return r
		}
	}
	inside := strings.Join(way, ".") + "."
	for p, r := range facts {
		if r != Never && strings.HasPrefix(p, inside) {
			return Maybe
		}
	}
	return Never
}

// keys returns the keys of a path: the elements of a list are all of one kind.
func keys(path string) []string {
	var out []string
	for _, elem := range slipway.SplitPath(path) {
		if key, ok := elem.(string); ok {
			out = append(out, key)
		}
	}
	return out
}

//go:embed replacement.txt
var collectedFacts string

//go:embed replacement_lint.txt
var lintFacts string

// replacements returns the facts by type and path. Of a type that is there all top-level
// properties are.
var replacements = sync.OnceValue(func() map[string]map[string]Replacement {
	types := map[string]map[string]Replacement{}
	var facts map[string]Replacement
	for line := range strings.Lines(collectedFacts + lintFacts) {
		words := strings.Fields(line)
		if len(words) == 0 || words[0] == "#" {
			continue
		}
		r := Never
		switch words[0] {
		case "always":
			r = Always
		case "maybe":
			r = Maybe
		case "never":
		default:
			facts = map[string]Replacement{}
			types[words[0]] = facts
		}
		for _, path := range words[1:] {
			facts[path] = r
		}
	}
	return types
})
