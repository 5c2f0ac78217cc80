package applytest

import (
	"regexp"
	"sync"
)

// pattern compiles a pattern when it is first asked for: programs with the cloud for a
// demonstration start as fast as those without.
func pattern(text string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}
