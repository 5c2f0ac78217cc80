package buildspec

import (
	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/check"
)

const maxFallbackKeys = 5

var cacheRule = slipway.Rule{
	Name: "buildspec/cache", Source: refURL + "#build-spec.cache", Severity: slipway.Warning,
	Doc: "A cache has paths, at most five fallback keys, those only beside a key, and the action restore or save if any.",
}

func checkCache(s *Spec, r *check.Report) {
	c := s.Cache
	if c == nil {
		return
	}
	if len(c.Paths) == 0 && !has(c.Extra, "paths") {
		r.Addf("cache", "paths is missing; name the files to keep")
	}
	if n := len(c.FallbackKeys); n > maxFallbackKeys {
		r.Addf("cache.fallback-keys", "found %d keys, CodeBuild takes at most %d", n, maxFallbackKeys).Severity = slipway.Error
	}
	if len(c.FallbackKeys) > 0 && c.Key == "" && !has(c.Extra, "key") {
		r.Addf("cache.fallback-keys", "these are passed over without a key; write key")
	}
	switch c.Action {
	case "", "restore", "save":
	default:
		r.Addf("cache.action", "found %q, want restore or save, or neither for both", c.Action)
	}
}
