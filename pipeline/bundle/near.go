package bundle

import (
	"path"
	"strings"
)

// An index finds parts by where they are: for a file and for each directory above it,
// how many parts there are, and one of them.
type index[M any] map[string]located[M]

type located[M any] struct {
	count int
	one   *Part[M]
}

func newIndex[M any](parts []*Part[M]) index[M] {
	x := make(index[M])
	for _, p := range parts {
		for at := p.File; ; at = path.Dir(at) {
			x[at] = located[M]{count: x[at].count + 1, one: p}
			if at == "." || at == "/" {
				break
			}
		}
	}
	return x
}

// lone returns the only part in the smallest surroundings of a file that have any: the
// file itself, its directory, the one above it, and so on, as long as alone says of
// a place that it is not shared with others.
func (x index[M]) lone(file string, alone func(place string) bool) *Part[M] {
	for at := file; alone(at); at = path.Dir(at) {
		if found := x[at]; found.count > 0 {
			if found.count == 1 {
				return found.one
			}
			return nil
		}
		if at == "." || at == "/" {
			return nil
		}
	}
	return nil
}

// byPath returns the part that is the file of that path in a source whose root is a
// directory around the file from, or one beside it that it shares with no second
// pipeline; nil when there are several such.
func byPath[M any](ps *Parts, parts []*Part[M], from, name string) *Part[M] {
	name = path.Clean(strings.TrimPrefix(name, "./"))
	var found *Part[M]
	for dir := path.Dir(from); ; dir = path.Dir(dir) {
		for _, p := range parts {
			if p.Template != nil || p.ID != "" || p.File != path.Join(dir, name) || p == found {
				continue
			}
			if found != nil {
				return nil
			}
			found = p
		}
		if dir == "." || dir == "/" {
			break
		}
	}
	if found != nil {
		return found
	}
	for _, p := range parts {
		if p.Template == nil && p.ID == "" && strings.HasSuffix(p.File, "/"+name) {
			if found != nil {
				return nil
			}
			found = p
		}
	}
	if found == nil || ps.isShared(from, found.File) {
		return nil
	}
	return found
}

// isShared reports whether the smallest directory around two files holds more than
// one pipeline.
func (ps *Parts) isShared(a, b string) bool {
	dir := path.Dir(a)
	for !isIn(b, dir) && dir != "/" {
		dir = path.Dir(dir)
	}
	n := 0
	for _, p := range ps.Pipelines {
		if isIn(p.File, dir) {
			n++
		}
	}
	return n > 1
}

// nearest returns the one of the parts that shares most directories with a file; nil
// when several do.
func nearest[M any](parts []*Part[M], file string) *Part[M] {
	return newIndex(parts).lone(file, func(string) bool { return true })
}

// A name is a text by which one part refers to another.
type name struct {
	text     string
	file     string
	template any // of the part; nil for a file
}

// named returns the part of that name: the resource to which the text refers, or the
// one that has the same text as its name; of several the nearest.
func named[M any](parts []*Part[M], n name, nameOf func(*Part[M]) Field[string]) *Part[M] {
	if n.text == "" {
		return nil
	}
	if id, ok := referred(n.text); ok {
		for _, p := range parts {
			if p.ID == id && n.template != nil && any(p.Template) == n.template {
				return p
			}
		}
	}
	var same []*Part[M]
	for _, p := range parts {
		f := nameOf(p)
		if f.Status == Absent || f.Value != n.text {
			continue
		}
		isLocal := n.template != nil && any(p.Template) == n.template && isSymbol(n.text)
		if isLocal || isEverywhere(n.text) {
			same = append(same, p)
		}
	}
	return nearest(same, n.file)
}

// referred returns the logical id of a text that is nothing but a reference.
func referred(text string) (id string, ok bool) {
	id, ok = strings.CutPrefix(text, "${")
	if !ok || !strings.HasSuffix(id, "}") || strings.Count(text, "${") > 1 {
		return "", false
	}
	id, _, _ = strings.Cut(strings.TrimSuffix(id, "}"), ".")
	return id, true
}

// isEverywhere reports whether a text means the same in every file: it is a literal but
// for account, region and the like.
func isEverywhere(text string) bool {
	for _, placeholder := range [...]string{Account, Region, Partition, URLSuffix} {
		text = strings.ReplaceAll(text, placeholder, "0")
	}
	return IsKnown(text)
}
