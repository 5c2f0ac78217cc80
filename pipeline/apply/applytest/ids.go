package applytest

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
	"sync"
)

// ids makes identifiers that look random and are not: each is the hash of what it is
// for, and of how many there were of that. Two clouds in which the same happened have
// the same ones.
type ids struct {
	mu    sync.Mutex
	made  map[string]int
	known map[string]bool // every identifier that was given out, see [Cloud.Normalized]
}

// hash returns 64 hexadecimal digits.
func (s *ids) hash(kind, of string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.made == nil {
		s.made = map[string]int{}
	}
	key := kind + "\x00" + of
	n := s.made[key]
	s.made[key] = n + 1
	sum := sha256.Sum256([]byte(key + "\x00" + strings.Repeat("+", n)))
	return hex.EncodeToString(sum[:])
}

// note remembers an identifier, and returns it.
func (s *ids) note(id string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known == nil {
		s.known = map[string]bool{}
	}
	s.known[id] = true
	return id
}

// all returns every identifier that was given out, the longest ones first.
func (s *ids) all() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.SortedFunc(maps.Keys(s.known), func(a, b string) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b))
	})
}

// uuid gives a hash the form of a UUID.
func uuid(hash string) string {
	return strings.Join([]string{hash[:8], hash[8:12], "4" + hash[13:16], "8" + hash[17:20], hash[20:32]}, "-")
}

// uuid returns a new UUID for something.
func (c *Cloud) uuid(kind, of string) string { return c.ids.note(uuid(c.ids.hash(kind, of))) }

// hex returns a new identifier of n hexadecimal digits.
func (c *Cloud) hex(kind, of string, n int) string { return c.ids.note(c.ids.hash(kind, of)[:n]) }

// digits returns a new identifier of n decimal digits.
func (c *Cloud) digits(kind, of string, n int) string {
	return c.ids.note("1" + alphabet(c.ids.hash(kind, of), "0123456789")[:n-1])
}

// letters returns a new identifier of n letters and digits: a-z0-9, or A-Z0-9.
func (c *Cloud) letters(kind, of string, n int, upper bool) string {
	text := alphabet(c.ids.hash(kind, of), "abcdefghijklmnopqrstuvwxyz012345")[:n]
	if upper {
		text = strings.ToUpper(text)
	}
	return c.ids.note(text)
}

// alphabet writes a hash in other digits.
func alphabet(hash, digits string) string {
	raw, _ := hex.DecodeString(hash) // it was encoded above
	out := make([]byte, len(raw))
	for i, b := range raw {
		out[i] = digits[int(b)%len(digits)]
	}
	return string(out)
}
