package pipeline

import (
	"maps"
	"slices"
	"unicode/utf8"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/check"
	"github.com/seed-b1f00840/slipway/internal/source"
)

var configurationRule = check.Rule[*subject]{
	Rule: slipway.Rule{
		Name: "pipeline/configuration-size", Source: api + "API_ActionDeclaration.html",
		Doc: "A configuration key has 1 to 50 characters, and its value 1 to 1,000; in the rules of conditions the value up to 10,000.",
	},
	Check: func(s *subject, r *check.Report) {
		for _, a := range s.actions {
			for key, value := range a.Configuration {
				if outside(key, 50) || outside(value, 1000) {
					checkSize(r, key, value, 1000, a.config(key))
				}
			}
		}
		for _, c := range s.conditions {
			for i := range c.Rules {
				for key, value := range c.Rules[i].Configuration {
					if outside(key, 50) || outside(value, 10000) {
						checkSize(r, key, value, 10000, c.path("rules", i, "configuration", key))
					}
				}
			}
		}
	},
}

// outside reports whether s is empty or has more than hi characters.
func outside(s string, hi int) bool {
	return s == "" || len(s) > hi && utf8.RuneCountInString(s) > hi
}

func checkSize(r *check.Report, key, value string, hi int, path string) {
	if outside(key, 50) {
		r.Addf(path, "the key has %d characters, want 1 to 50", utf8.RuneCountInString(key))
	}
	switch {
	case value == "":
		r.Addf(path, "the value is empty; leave the key out")
	case outside(value, hi):
		r.Addf(path, "the value has %d characters, at most %d are allowed", utf8.RuneCountInString(value), hi)
	}
}

var configurationKeyRule = check.Rule[*subject]{
	Rule: slipway.Rule{
		Name: "pipeline/configuration", Source: reference + ".html",
		Doc: "Every action has the configuration keys that its provider requires, and none that its provider does not know.",
	},
	Check: func(s *subject, r *check.Report) {
		for _, a := range s.actions {
			if a.spec == nil || !absent(a.Extra, "configuration") {
				continue
			}
			for _, key := range a.spec.Required {
				if !a.has(key) {
					checkRequired(r, a, key)
				}
			}
			if a.spec.Required == nil && a.spec.Optional == nil {
				continue
			}
			for key := range a.Configuration {
				if !slices.Contains(a.spec.Required, key) && !slices.Contains(a.spec.Optional, key) {
					checkUnknown(r, a, key)
				}
			}
		}
	},
}

// checkRequired reports a key that is missing, with the one that looks like it.
func checkRequired(r *check.Report, a *actionRef, key string) {
	path := a.path("configuration")
	for _, k := range slices.Sorted(maps.Keys(a.Configuration)) {
		if !slices.Contains(a.spec.Required, k) && source.Nearest(k, a.spec.Required) == key {
			return // reported as the unknown key that it is
		}
	}
	if a.Configuration == nil {
		path = a.path()
	}
	r.Addf(path, "%s needs the configuration key %s", a.spec.Provider, key)
}

// checkUnknown reports a key that the provider does not have. Where it looks like
// one that it has, it is misspelled; otherwise it may be newer than the table.
func checkUnknown(r *check.Report, a *actionRef, key string) {
	if key == "" || !known(key) {
		return
	}
	if like := source.Nearest(key, slices.Concat(a.spec.Required, a.spec.Optional)); like != "" && !a.has(like) {
		r.Addf(a.config(key), "%s has no configuration key %s; did you mean %s?", a.spec.Provider, quote(key), like)
		return
	}
	r.Warnf(a.config(key), "%s has no configuration key %s that its documentation names; AWS refuses keys that it does not know", a.spec.Provider, quote(key))
}
