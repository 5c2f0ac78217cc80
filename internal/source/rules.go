package source

import (
	"fmt"

	"github.com/seed-b1f00840/slipway"
)

// The rules of this package, for the tables of the models.
var (
	SyntaxRule = slipway.Rule{
		Name: "file/syntax", Doc: "The file is well-formed YAML or JSON in UTF-8, within the limits of size and depth.",
		Source: "https://yaml.org/spec/1.2.2/",
	}
	DuplicateRule = slipway.Rule{
		Name: "file/duplicate-key", Doc: "No key stands twice in one map; readers silently keep only the last.",
		Source: "https://yaml.org/spec/1.2.2/#3213-node-comparison",
	}
)

func problem(rule *slipway.Rule, file string, pos slipway.Position, format string, args ...any) *slipway.Problem {
	return &slipway.Problem{File: file, Pos: pos, Message: fmt.Sprintf(format, args...), Rule: rule.Name}
}

// maxDuplicates is how many duplicate keys of a file are reported.
const maxDuplicates = 100

// duplicate adds the problem that the key of m stood before at first.
func duplicate(problems slipway.Problems, file string, m Member, first slipway.Position) slipway.Problems {
	if len(problems) >= maxDuplicates {
		return problems
	}
	p := problem(&DuplicateRule, file, m.Pos, "key %s stands twice, first at %s; keep one", quote(m.Key), first)
	p.Related = []slipway.Place{{File: file, Pos: first, Message: "first here"}}
	return append(problems, p)
}

// memberSet adds members to a map and finds keys that are there already: by
// looking along a short list, by a Go map in a long one.
type memberSet struct{ index map[string]int }

// find returns the index of the member of that key, or -1.
func (s *memberSet) find(n *Node, key string) int {
	if s.index != nil {
		if i, ok := s.index[key]; ok {
			return i
		}
		return -1
	}
	for i := range n.Members {
		if n.Members[i].Key == key {
			return i
		}
	}
	return -1
}

// add appends m, or puts its value in the place of the member of that key and
// returns the position that this had.
func (s *memberSet) add(n *Node, m Member) (first slipway.Position, twice bool) {
	if i := s.find(n, m.Key); i >= 0 {
		first = n.Members[i].Pos
		n.Members[i] = m
		return first, true
	}
	n.Members = append(n.Members, m)
	switch {
	case s.index != nil:
		s.index[m.Key] = len(n.Members) - 1
	case len(n.Members) > 16:
		s.index = make(map[string]int, 2*len(n.Members))
		for i := range n.Members {
			s.index[n.Members[i].Key] = i
		}
	}
	return slipway.Position{}, false
}

// nodes hands out nodes from arrays that it makes for many at once.
type nodes struct {
	free []Node
	made int
}

func (s *nodes) new() *Node {
	if len(s.free) == 0 {
		s.free = make([]Node, min(max(8, s.made), 256))
	}
	n := &s.free[0]
	s.free = s.free[1:]
	s.made++
	return n
}
