package handover

import (
	"bytes"
	"slices"
	"strconv"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/source"
)

// A reader decodes the models. Its methods return false for a value that does not
// fit, after they have reported it; the caller then keeps the member in Extra.
type reader struct{ source.Decoder }

// fields gives the members of a map to set, and keeps those that are unknown,
// empty, or that set refuses.
func (r *reader) fields(n *source.Node, extra *map[string]any, known []string, set func(key string, n *source.Node) bool) bool {
	if !r.Map(n) {
		return false
	}
	for _, m := range n.Members {
		ok := false
		switch {
		case !slices.Contains(known, m.Key):
			r.Unknown(m, known)
			r.Problems[len(r.Problems)-1].Severity = slipway.Warning
		case m.Value.Kind == source.Null, m.Value.Kind == source.String && m.Value.Text == "":
			// A field cannot tell these from none; the rules say what is missing.
		default:
			r.Enter(m.Key)
			ok = set(m.Key, m.Value)
			r.Leave()
		}
		if !ok {
			source.Keep(extra, m)
		}
	}
	return true
}

// items reads a list.
func items[T any](r *reader, p *[]T, n *source.Node, read func(*T, *source.Node) bool) bool {
	if !r.List(n) {
		return false
	}
	list, ok := make([]T, len(n.Items)), true
	for i, item := range n.Items {
		r.Enter(i)
		ok = read(&list[i], item) && ok
		r.Leave()
	}
	if ok {
		*p = list
	}
	return ok
}

// text reads a string that is not empty.
func (r *reader) text(p *string, n *source.Node) bool {
	if n.Kind == source.String && n.Text == "" {
		return r.Want(n, "a text")
	}
	return r.String(p, n)
}

// number reads a whole number other than zero. CodeDeploy takes it in quotes, too.
func (r *reader) number(p *int, n *source.Node) bool {
	if n.Kind == source.String && source.IsPlaceholder(n.Text) {
		return false
	}
	if v, err := strconv.Atoi(n.Text); n.Kind == source.String && err == nil && v != 0 && v>>31 == v>>63 {
		*p = v
		return true
	}
	var v int64
	if n.Kind == source.Number && r.Int(&v, n, 32) && v != 0 {
		*p = int(v)
		return true
	}
	if n.Kind != source.Number || v == 0 && n.Text == "0" {
		r.Want(n, "a whole number above 0")
	}
	return false
}

// strict returns a model when it was read without a problem of severity error.
func strict[T any](t *T, source func(*T) *slipway.Source, err error) (*T, error) {
	if err != nil {
		return nil, err
	}
	if notes := source(t).Notes; len(notes.Errors()) > 0 {
		return nil, notes
	}
	return t, nil
}

// ParseImageDefinitions reads imagedefinitions.json. The file name is used in
// messages only. When a problem has severity [slipway.Error] it returns nil and
// [slipway.Problems].
func ParseImageDefinitions(file string, data []byte) (*ImageDefinitions, error) {
	d, err := ParseImageDefinitionsLax(file, data)
	return strict(d, func(d *ImageDefinitions) *slipway.Source { return d.Source }, err)
}

// maxDefinitions is the size of imagedefinitions.json in bytes.
const maxDefinitions = 100 << 10

// ParseImageDefinitionsLax reads as [ParseImageDefinitions] does, but fails only
// where the file is no JSON or no list of maps.
func ParseImageDefinitionsLax(file string, data []byte) (*ImageDefinitions, error) {
	n, problems := source.JSON(file, data)
	if n == nil {
		return nil, problems.Sorted()
	}
	r := reader{source.Decoder{File: file, Problems: problems}}
	r.mark(n, data)
	if len(data) > maxDefinitions {
		r.Addf(&sizeRule, n.Pos, "the file has %d bytes; CodePipeline reads at most %d", len(data), maxDefinitions)
	}
	d := new(ImageDefinitions)
	if n.Kind != source.List {
		r.Want(n, `a list such as [{"name": "web", "imageUri": "..."}]`)
		return nil, r.Problems.Sorted()
	}
	if !items(&r, &d.Images, n, r.imageDefinition) {
		return nil, r.Problems.Sorted()
	}
	d.Source = n.Source(file, r.Problems.Sorted())
	return d, nil
}

func (r *reader) imageDefinition(d *ImageDefinition, n *source.Node) bool {
	return r.fields(n, &d.Extra, []string{"name", "imageUri"}, func(key string, n *source.Node) bool {
		if key == "name" {
			return r.text(&d.Name, n)
		}
		return r.text(&d.ImageURI, n)
	})
}

// mark warns of a byte order mark.
func (r *reader) mark(n *source.Node, data []byte) {
	if bytes.HasPrefix(data, []byte("\ufeff")) {
		r.Addf(&markRule, n.Pos, "the file begins with a byte order mark; write it without one")
	}
}

// ParseImageDetail reads imageDetail.json. The file name is used in messages only.
// When a problem has severity [slipway.Error] it returns nil and [slipway.Problems].
func ParseImageDetail(file string, data []byte) (*ImageDetail, error) {
	d, err := ParseImageDetailLax(file, data)
	return strict(d, func(d *ImageDetail) *slipway.Source { return d.Source }, err)
}

var detailKeys = []string{
	"ImageURI", "ImageSizeInBytes", "ImageDigest", "Version", "ImagePushedAt", "RegistryId", "RepositoryName", "ImageTags",
}

// ParseImageDetailLax reads as [ParseImageDetail] does, but fails only where the
// file is no JSON or no map.
func ParseImageDetailLax(file string, data []byte) (*ImageDetail, error) {
	n, problems := source.JSON(file, data)
	if n == nil {
		return nil, problems.Sorted()
	}
	r := reader{source.Decoder{File: file, Problems: problems}}
	r.mark(n, data)
	d := new(ImageDetail)
	texts := map[string]*string{
		"ImageURI": &d.ImageURI, "ImageSizeInBytes": &d.ImageSizeInBytes, "ImageDigest": &d.ImageDigest, "Version": &d.Version,
		"ImagePushedAt": &d.ImagePushedAt, "RegistryId": &d.RegistryID, "RepositoryName": &d.RepositoryName,
	}
	ok := r.fields(n, &d.Extra, detailKeys, func(key string, n *source.Node) bool {
		switch {
		case key == "ImageTags":
			return items(&r, &d.ImageTags, n, r.text)
		case key != "ImageURI" && n.Kind == source.Number:
			return false // nothing reads it
		}
		return r.text(texts[key], n)
	})
	if !ok {
		return nil, r.Problems.Sorted()
	}
	d.Source = n.Source(file, r.Problems.Sorted())
	return d, nil
}
