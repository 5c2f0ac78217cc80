package source

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"github.com/seed-b1f00840/slipway"
)

// JSON reads one JSON document. The problems are the keys that stand twice, of
// which the last value is kept; with any other fault the node is nil and the
// problem is the last.
func JSON(file string, data []byte) (*Node, slipway.Problems) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if p := admit(file, data); p != nil {
		return nil, slipway.Problems{p}
	}
	r := jsonReader{file: file, data: data, dec: json.NewDecoder(bytes.NewReader(data))}
	r.dec.UseNumber()
	n, err := r.value(0)
	if err == nil {
		_, err = r.token()
		if err == nil {
			err = problem(&SyntaxRule, file, r.pos, "more text after the end of the document")
		} else if errors.Is(err, io.EOF) {
			return n, r.problems
		}
	}
	return nil, append(r.problems, r.problem(err))
}

type jsonReader struct {
	file     string
	data     []byte
	dec      *json.Decoder
	lines    lines
	pos      slipway.Position // of the token that was read last
	problems slipway.Problems
}

func (r *jsonReader) problem(err error) *slipway.Problem {
	var p *slipway.Problem
	if errors.As(err, &p) {
		return p
	}
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		p = problem(&SyntaxRule, r.file, offsetPosition(r.data, len(r.data)), "the file ends in the middle of a value")
	case errors.As(err, &syntax):
		p = problem(&SyntaxRule, r.file, r.skip(), "%s", syntax)
	default:
		p = problem(&SyntaxRule, r.file, r.skip(), "%s", err)
	}
	p.Err = err
	return p
}

// skip returns the position of the next token.
func (r *jsonReader) skip() slipway.Position {
	i := int(r.dec.InputOffset())
	for i < len(r.data) {
		switch r.data[i] {
		case ' ', '\t', '\r', '\n', ',', ':':
			i++
			continue
		}
		break
	}
	return r.lines.position(r.data, i)
}

func (r *jsonReader) token() (json.Token, error) {
	r.pos = r.skip()
	return r.dec.Token()
}

func (r *jsonReader) value(depth int) (*Node, error) {
	tok, err := r.token()
	if err != nil {
		return nil, err
	}
	n := &Node{Pos: r.pos, Plain: true}
	switch tok := tok.(type) {
	case nil:
		n.Text = "null"
	case bool:
		n.Kind, n.Text = Bool, "false"
		if tok {
			n.Text = "true"
		}
	case json.Number:
		n.Kind, n.Text = Number, tok.String()
	case string:
		n.Kind, n.Text, n.Plain = String, tok, false
	case json.Delim:
		if depth == MaxDepth {
			return nil, problem(&SyntaxRule, r.file, r.pos, "nested deeper than %d levels", MaxDepth)
		}
		if tok == '[' {
			return n, r.list(n, depth+1)
		}
		return n, r.object(n, depth+1)
	}
	return n, nil
}

func (r *jsonReader) list(n *Node, depth int) error {
	n.Kind = List
	for r.dec.More() {
		item, err := r.value(depth)
		if err != nil {
			return err
		}
		n.Items = append(n.Items, item)
	}
	_, err := r.token()
	return err
}

func (r *jsonReader) object(n *Node, depth int) error {
	n.Kind = Map
	var set memberSet
	for r.dec.More() {
		tok, err := r.token()
		if err != nil {
			return err
		}
		m := Member{Key: tok.(string), Pos: r.pos} // the decoder has no other token here
		if m.Value, err = r.value(depth); err != nil {
			return err
		}
		if first, twice := set.add(n, m); twice {
			r.problems = append(r.problems, duplicate(r.file, m, first))
		}
	}
	_, err := r.token()
	return err
}

// memberSet adds members to a map and finds keys that are there already: by
// looking along a short list, by a Go map in a long one.
type memberSet struct{ index map[string]int }

// add appends m, or puts its value in the place of the member of that key and
// returns the position that this had.
func (s *memberSet) add(n *Node, m Member) (first slipway.Position, twice bool) {
	i := -1
	switch {
	case s.index != nil:
		if at, ok := s.index[m.Key]; ok {
			i = at
		}
	default:
		for at := range n.Members {
			if n.Members[at].Key == m.Key {
				i = at
			}
		}
	}
	if i >= 0 {
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
		for at := range n.Members {
			s.index[n.Members[at].Key] = at
		}
	}
	return slipway.Position{}, false
}

func duplicate(file string, m Member, first slipway.Position) *slipway.Problem {
	p := problem(&DuplicateRule, file, m.Pos, "key %q stands twice, first at %s; keep one", m.Key, first)
	p.Related = []slipway.Place{{File: file, Pos: first, Message: "first here"}}
	return p
}
