package buildspec

import (
	"strings"

	"github.com/seed-b1f00840/slipway/internal/scalar"
	"github.com/seed-b1f00840/slipway/internal/source"
)

func (r *reader) reports(p *[]Report, n *source.Node) bool {
	*p = make([]Report, 0, len(n.Members))
	return r.entries(n, func(name string, n *source.Node) bool {
		x := Report{Name: name}
		ok := r.fields(n, &x.Extra, reportKeys, func(key string, n *source.Node) bool {
			switch key {
			case "files":
				return r.texts(&x.Files, n)
			case "file-format":
				return r.text(&x.FileFormat, n)
			case "base-directory":
				return r.text(&x.BaseDirectory, n)
			case "discard-paths":
				return r.flag(&x.DiscardPaths, n)
			}
			return false
		})
		*p = append(*p, x)
		return ok
	}) || unset(p)
}

var reportKeys = []string{"files", "file-format", "base-directory", "discard-paths"}

var artifactsKeys = []string{
	"type", "files", "name", "discard-paths", "base-directory", "exclude-paths", "enable-symlinks", "s3-prefix", "secondary-artifacts",
}

func (r *reader) artifacts(a *Artifacts, n *source.Node, known []string) bool {
	return r.fields(n, &a.Extra, known, func(key string, n *source.Node) bool {
		switch key {
		case "type":
			return r.text(&a.Type, n)
		case "files":
			return r.texts(&a.Files, n)
		case "name":
			return r.text(&a.Name, n)
		case "discard-paths":
			return r.flag(&a.DiscardPaths, n)
		case "base-directory":
			return r.text(&a.BaseDirectory, n)
		case "exclude-paths":
			return r.texts(&a.ExcludePaths, n)
		case "enable-symlinks":
			return r.flag(&a.EnableSymlinks, n)
		case "s3-prefix":
			return r.text(&a.S3Prefix, n)
		case "secondary-artifacts":
			return r.secondary(&a.SecondaryArtifacts, n)
		}
		return false
	})
}

func (r *reader) secondary(p *[]Artifacts, n *source.Node) bool {
	*p = make([]Artifacts, 0, len(n.Members))
	known := artifactsKeys[:len(artifactsKeys)-1]
	return r.entries(n, func(id string, n *source.Node) bool {
		a := Artifacts{Identifier: id}
		ok := r.artifacts(&a, n, known)
		*p = append(*p, a)
		return ok
	}) || unset(p)
}

var cacheKeys = []string{"paths", "key", "fallback-keys", "action"}

func (r *reader) cache(p **Cache, n *source.Node) bool {
	c := new(Cache)
	*p = c
	return r.fields(n, &c.Extra, cacheKeys, func(key string, n *source.Node) bool {
		switch key {
		case "paths":
			return r.texts(&c.Paths, n)
		case "key":
			return r.text(&c.Key, n)
		case "fallback-keys":
			return r.texts(&c.FallbackKeys, n)
		case "action":
			return r.text(&c.Action, n)
		}
		return false
	}) || unset(p)
}

// entries gives the members of a map whose keys are the author's to add, and
// reports whether all were taken.
func (r *reader) entries(n *source.Node, add func(key string, n *source.Node) bool) bool {
	if !r.Map(n) {
		return false
	}
	ok := true
	for _, m := range n.Members {
		r.Enter(m.Key)
		ok = add(m.Key, m.Value) && ok
		r.Leave()
	}
	return ok
}

func (r *reader) variables(p *[]Variable, n *source.Node) bool {
	*p = make([]Variable, 0, len(n.Members))
	return r.entries(n, func(name string, n *source.Node) bool {
		v := Variable{Name: name, Plain: isPlain(n)}
		ok := n.Kind == source.Null || r.text(&v.Value, n)
		*p = append(*p, v)
		return ok
	}) || unset(p)
}

func (r *reader) runtimes(p *[]Runtime, n *source.Node) bool {
	*p = make([]Runtime, 0, len(n.Members))
	return r.entries(n, func(name string, n *source.Node) bool {
		v := Runtime{Name: name, Plain: isPlain(n)}
		ok := r.text(&v.Version, n)
		*p = append(*p, v)
		return ok
	}) || unset(p)
}

// isPlain reports whether n stands without quotes although it reads as a number, a
// boolean or a null.
func isPlain(n *source.Node) bool {
	return n.Kind == source.Null || n.IsScalar() && n.Plain && scalar.Resolve(n.Text) != scalar.String
}

// text reads any scalar as its text.
func (r *reader) text(p *string, n *source.Node) bool {
	if !n.IsScalar() || n.Kind == source.Null {
		return r.Want(n, "text")
	}
	*p = n.Text
	return true
}

// texts reads a list of scalars, or one scalar as a list of one.
func (r *reader) texts(p *[]string, n *source.Node) bool {
	if n.IsScalar() {
		list := make([]string, 1)
		if !r.text(&list[0], n) {
			return false
		}
		*p = list
		return true
	}
	if !r.List(n) {
		return false
	}
	ok := true
	list := make([]string, len(n.Items))
	for i, item := range n.Items {
		r.Enter(i)
		ok = r.text(&list[i], item) && ok
		r.Leave()
	}
	if ok {
		*p = list
	}
	return ok
}

// flag reads yes, no, true and false, quoted or not. Other text is kept, and
// nothing is said of a variable.
func (r *reader) flag(p **bool, n *source.Node) bool {
	if n.IsScalar() {
		switch strings.ToLower(n.Text) {
		case "yes", "true", "on":
			*p = new(true)
			return true
		case "no", "false", "off":
			*p = new(false)
			return true
		}
		if !strings.Contains(n.Text, "$") {
			r.Addf(&flagRule, n.Pos, "found %q, want yes or no", n.Text)
		}
		return false
	}
	return r.Want(n, "yes or no")
}
