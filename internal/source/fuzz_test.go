package source_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/source"
)

// ends returns the number of columns that may be named on each line of data: its
// characters and the place behind them.
func ends(data []byte) []int {
	text := strings.TrimPrefix(string(data), "\ufeff")
	text = strings.NewReplacer("\r\n", "\r\n", "\r", "\n").Replace(text)
	var all []int
	for line := range strings.SplitSeq(text, "\n") {
		all = append(all, utf8.RuneCountInString(line)+1)
	}
	return all
}

func checkPosition(t *testing.T, data []byte, ends []int, pos slipway.Position) {
	t.Helper()
	if pos.Line < 1 || pos.Column < 1 || pos.Line > len(ends) || pos.Column > ends[pos.Line-1] {
		t.Fatalf("position %d:%d is not in %q", pos.Line, pos.Column, data)
	}
}

func checkNode(t *testing.T, data []byte, ends []int, n *source.Node) {
	checkPosition(t, data, ends, n.Pos)
	for _, item := range n.Items {
		checkNode(t, data, ends, item)
	}
	seen := make(map[string]bool)
	for _, m := range n.Members {
		checkPosition(t, data, ends, m.Pos)
		checkNode(t, data, ends, m.Value)
		if seen[m.Key] {
			t.Fatalf("key %q stands twice in the node of %q", m.Key, data)
		}
		seen[m.Key] = true
	}
}

// check holds what is true of both readers, whatever they read.
func check(t *testing.T, data []byte, n *source.Node, problems slipway.Problems) {
	t.Helper()
	if n == nil && len(problems) == 0 {
		t.Fatalf("neither a node nor a problem: %q", data)
	}
	if !utf8.Valid(data) {
		return
	}
	ends := ends(data)
	for _, p := range problems {
		checkPosition(t, data, ends, p.Pos)
		for _, place := range p.Related {
			checkPosition(t, data, ends, place.Pos)
		}
		if strings.Contains(p.Message, "yaml") || strings.Contains(p.Message, "json") || p.Message == "" || p.Rule == "" {
			t.Fatalf("problem %v of %q", p, data)
		}
	}
	if n != nil {
		checkNode(t, data, ends, n)
		_ = n.Any()
	}
}

func FuzzYAML(f *testing.F) {
	for _, test := range yamlFaults {
		if len(test.text) < 1000 {
			f.Add([]byte(test.text))
		}
	}
	f.Add([]byte("---"))
	f.Add([]byte("a: &a\n  - {b: !Ref C, <<: {d: e}}\n  - *a\n"))
	f.Add([]byte("a: b\u0085\u2028c: d\r\n- e\re: f\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		n, problems := source.YAML("f", data)
		check(t, data, n, problems)
	})
}

// The reader of JSON reads what encoding/json reads, and reads the same.
func FuzzJSON(f *testing.F) {
	for _, test := range jsonFaults {
		if len(test.text) < 1000 {
			f.Add([]byte(test.text))
		}
	}
	f.Add([]byte(`{"a": [1, -2.5e+3, true, false, null, "\u00e9\ud83d\ude00\n"], "b": {}, "c": []}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		n, problems := source.JSON("f", data)
		check(t, data, n, problems)
		text := bytes.TrimPrefix(data, []byte("\ufeff"))
		if !utf8.Valid(text) || bytes.Contains(text, []byte(`\u`)) || bytes.Count(text, []byte("[")) > 50 || bytes.Count(text, []byte("{")) > 50 {
			if n != nil && !json.Valid(text) {
				t.Fatalf("no JSON: %q", data)
			}
			return
		}
		dec := json.NewDecoder(bytes.NewReader(text))
		dec.UseNumber()
		var want any
		err := dec.Decode(&want)
		if err == nil {
			if _, end := dec.Token(); !errors.Is(end, io.EOF) {
				err = errors.New("more text")
			}
		}
		if (err == nil) != (n != nil) {
			t.Fatalf("encoding/json says %v, this reader %v, of %q", err, problems, data)
		}
		if n != nil && !cmp.Equal(want, n.Any()) {
			t.Fatalf("encoding/json and this reader differ on %q: %s", data, cmp.Diff(want, n.Any()))
		}
	})
}
