package pipeline

import (
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/source"
)

// Parse reads a definition from JSON in any of three forms: the input of
// create-pipeline and update-pipeline, {"pipeline": {...}, "tags": [...]}; the
// pipeline alone; or what get-pipeline returns, of which it drops the metadata
// with a note. The file name is for problems only.
//
// It is strict: with any problem of severity [slipway.Error], such as an unknown
// or a repeated key, it returns nil and all problems, as [slipway.Problems]. What
// it could live with stands in the Notes of the Source.
func Parse(file string, data []byte) (*Definition, error) {
	d, problems := parse(file, data)
	if d == nil || len(problems.Errors()) > 0 {
		return nil, problems.Sorted().Err()
	}
	return d, nil
}

// ParseLax reads what [Parse] reads, and lives with all that is well-formed: what
// the definition has no field for is kept in the nearest Extra, and every problem
// stands in the Notes of the Source. It fails only where the data is no JSON, or
// no map, or has something else than a map as its pipeline.
func ParseLax(file string, data []byte) (*Definition, error) {
	d, problems := parse(file, data)
	if d == nil {
		return nil, problems.Sorted().Err()
	}
	return d, nil
}

var readOnlyRule = slipway.Rule{
	Name: "pipeline/read-only", Source: api + "API_GetPipeline.html", Severity: slipway.Warning,
	Doc: "The file has nothing that only get-pipeline shows: create-pipeline and update-pipeline refuse it.",
}

// parse returns the definition, or nil where the file is not one, and all problems.
func parse(file string, data []byte) (*Definition, slipway.Problems) {
	outer, problems := source.JSON(file, data)
	if outer == nil {
		return nil, problems
	}
	d := source.APIDecoder{Decoder: source.Decoder{File: file, Problems: problems}}
	if !d.Map(outer) {
		return nil, d.Problems
	}
	inner, t := outer, new(Definition)
	if n := outer.Get("pipeline"); n != nil {
		d.Enter("pipeline")
		if !d.Map(n) {
			return nil, d.Problems
		}
		d.Leave()
		inner = n
		decodeBeside(&d, t, outer)
	}
	decodeDefinition(&d, t, inner)
	problems = d.Done()
	refuseEmpty(problems)
	t.Source = inner.Source(file, problems)
	if inner != outer {
		t.Source.Locate = func(path string) slipway.Position { return locate(outer, inner, path) }
	}
	return t, problems
}

// refuseEmpty makes errors of the empty strings that were found: of all strings of
// the API that are read so, only a description may be empty.
func refuseEmpty(problems slipway.Problems) {
	for _, p := range problems {
		if p.Rule == source.EmptyRule.Name && !strings.HasSuffix(p.Path, ".description") {
			p.Severity = slipway.Error
		}
	}
}

// decodeBeside reads what stands beside the pipeline.
func decodeBeside(d *source.APIDecoder, t *Definition, outer *source.Node) {
	for _, m := range outer.Members {
		d.Enter(m.Key)
		switch {
		case m.Key == "pipeline", d.Null(m.Value):
		case m.Key == "tags":
			if !source.ReadSlice(d, &t.Tags, m.Value, decodeTag) {
				source.Keep(&t.Beside, m)
			}
		case m.Key == "metadata":
			d.Addf(&readOnlyRule, m.Pos, "only get-pipeline shows metadata, and no input takes it; it was dropped")
		default:
			d.Leave()
			d.Unknown(m, besideKeys)
			d.Enter(m.Key)
			source.Keep(&t.Beside, m)
		}
		d.Leave()
	}
}

var besideKeys = []string{"pipeline", "tags"}

// locate finds a path in the pipeline, and what stands beside the pipeline there.
func locate(outer, inner *source.Node, path string) slipway.Position {
	if elems := slipway.SplitPath(path); len(elems) > 0 {
		key, _ := elems[0].(string)
		if inner.Get(key) == nil && outer.Get(key) != nil {
			return outer.Locate(path)
		}
	}
	return inner.Locate(path)
}
