package pipeline

import (
	"strings"

	"github.com/seed-b1f00840/slipway/internal/source"
)

// known reports whether s is what AWS will read: it holds no placeholder, no
// variable, none of the words that stand for one in examples, and is not one of
// the **** for which get-pipeline shows a secret.
func known[T ~string](s T) bool {
	text := string(s)
	if text == "****" || source.IsPlaceholder(text) {
		return false
	}
	for _, word := range [...]string{"REPLACE_ME", "YOUR_", "EXAMPLE", "account-id", "ACCOUNT_ID"} {
		if strings.Contains(text, word) {
			return false
		}
	}
	return true
}

// given is known for the names of artifacts and namespaces, which are compared
// with each other only: a word that stands for another does so in every place.
func given(name string) bool { return consists(name, 0, 1000, "_-@.") || known(name) }

// absent reports whether a member whose field is empty is so because the file
// does not have it. What is in the file but did not fit is in extra, and was
// reported when it was read.
func absent(extra map[string]any, key string) bool {
	v, ok := extra[key]
	return !ok || v == ""
}

// duplicates calls report for each i whose name an earlier one, first, has too.
func duplicates(n int, name func(int) string, report func(i, first int)) {
	if n <= 16 {
		for i := 1; i < n; i++ {
			for j := range i {
				if name(i) == name(j) {
					report(i, j)
					break
				}
			}
		}
		return
	}
	seen := make(map[string]int, n)
	for i := range n {
		if first, ok := seen[name(i)]; ok {
			report(i, first)
			continue
		}
		seen[name(i)] = i
	}
}

// consists reports whether s has lo to hi characters, all of them letters, digits
// or one of more.
func consists(s string, lo, hi int, more string) bool {
	if len(s) < lo || len(s) > hi {
		return false
	}
	for i := 0; i < len(s); i++ {
		if c := s[i]; !isAlphanumeric(c) && strings.IndexByte(more, c) < 0 {
			return false
		}
	}
	return true
}

func isAlphanumeric(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// quote returns s in quotes, cut where it is long.
func quote(s string) string {
	if r := []rune(s); len(r) > 60 {
		s = string(r[:57]) + "..."
	}
	return `"` + s + `"`
}

// maxSuggest is among how many names one that was meant is looked for.
const maxSuggest = 200

// names returns the names of a list that is not too long, for [suggest].
func names(list []output) []string {
	if len(list) > maxSuggest {
		return nil
	}
	out := make([]string, len(list))
	for i, o := range list {
		out[i] = o.name
	}
	return out
}

// suggest returns the one of the candidates that name most likely stands for, or "".
func suggest(name string, candidates []string) string {
	if len(candidates) > maxSuggest {
		return ""
	}
	return source.Nearest(name, candidates)
}
