package cfn

import (
	"fmt"

	"github.com/seed-b1f00840/slipway"
)

// unwritable returns the problems of what cannot be written. It runs only after
// a rendering failed, so that a rendering that succeeds keeps no paths.
func (t *Template) unwritable(number func(string) (string, bool)) error {
	var problems slipway.Problems
	addf := func(way []any, format string, args ...any) {
		path := slipway.Path(way...)
		p := &slipway.Problem{Path: path, Pos: t.Source.Position(path), Message: fmt.Sprintf(format, args...)}
		if t.Source != nil {
			p.File = t.Source.File
		}
		problems = append(problems, p)
	}
	var visit func(way []any, v Value)
	visit = func(way []any, v Value) {
		switch v := v.(type) {
		case nil:
			addf(way, "no value to write; an explicit null is cfn.Null{}")
		case Number:
			if _, ok := number(string(v)); !ok {
				addf(way, "%q is not a number that can be written here", string(v))
			}
		default:
			children(v, func(child Value, rest ...any) {
				visit(append(way[:len(way):len(way)], rest...), child)
			})
		}
	}
	t.roots(func(v Value, way ...any) { visit(way, v) })
	return problems.Sorted().Err()
}
