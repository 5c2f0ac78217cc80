package cfn

import "github.com/seed-b1f00840/slipway/internal/emit"

// A writer writes a template as YAML, or as JSON. Where it fails it goes on, and
// what it wrote is thrown away. It is one type with a branch, not an interface
// over two, so that it stays on the stack.
type writer struct {
	yaml   emit.YAML
	json   emit.JSON
	isJSON bool
	failed bool
	start  int // of the document in the buffer of yaml
}

func (w *writer) beginMap() {
	if w.isJSON {
		w.json.BeginMap()
	} else {
		w.yaml.BeginMap()
	}
}

func (w *writer) endMap() {
	if w.isJSON {
		w.json.EndMap()
	} else {
		w.yaml.EndMap()
	}
}

func (w *writer) beginList() {
	if w.isJSON {
		w.json.BeginList()
	} else {
		w.yaml.BeginList()
	}
}

func (w *writer) endList() {
	if w.isJSON {
		w.json.EndList()
	} else {
		w.yaml.EndList()
	}
}

func (w *writer) name(name string) {
	if w.isJSON {
		w.json.Name(name)
	} else {
		w.yaml.Name(name)
	}
}

func (w *writer) key(key string) {
	if w.isJSON {
		w.json.Key(key)
	} else {
		w.yaml.Key(key)
	}
}

func (w *writer) string(s string) {
	if w.isJSON {
		w.json.String(s)
	} else {
		w.yaml.String(s)
	}
}

func (w *writer) scalar(text string) {
	if w.isJSON {
		w.json.Scalar(text)
	} else {
		w.yaml.Scalar(text)
	}
}

// open and close surround the argument of a function: a tag in YAML, a map with
// one key in JSON.
func (w *writer) open(tag, name string) {
	if w.isJSON {
		w.json.BeginMap()
		w.json.Name(name)
	} else {
		w.yaml.Tag(tag)
	}
}

func (w *writer) close() {
	if w.isJSON {
		w.json.EndMap()
	}
}

// blank writes an empty line in YAML, unless one is there already, as after a
// text that ends with some of its own: another would become part of the text.
func (w *writer) blank() {
	if n := len(w.yaml.Buf); n > w.start && (n < 2 || w.yaml.Buf[n-2] != '\n') {
		w.yaml.Buf = append(w.yaml.Buf, '\n')
	}
}
