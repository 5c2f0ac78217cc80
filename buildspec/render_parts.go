package buildspec

import "github.com/seed-b1f00840/slipway/internal/scalar"

func (w *writer) batch(b *Batch) {
	if b == nil {
		return
	}
	w.Name("batch")
	outer := w.begin(b.Extra)
	w.bool("fast-fail", b.FastFail)
	w.builds("build-list", b.BuildList)
	w.builds("build-graph", b.BuildGraph)
	if m := b.BuildMatrix; m != nil {
		w.matrix(m)
	}
	if f := b.BuildFanout; f != nil {
		w.Name("build-fanout")
		outer := w.begin(f.Extra)
		if f.Parallelism != 0 {
			w.Name("parallelism")
			w.Int(int64(f.Parallelism))
		}
		w.bool("ignore-failure", f.IgnoreFailure)
		w.end(f.Extra, outer)
	}
	w.end(b.Extra, outer)
}

func (w *writer) builds(name string, list []BatchBuild) {
	if list == nil {
		return
	}
	w.Name(name)
	w.BeginList()
	for i := range list {
		b := &list[i]
		outer := w.begin(b.Extra)
		w.text("identifier", b.Identifier)
		w.text("buildspec", b.Buildspec)
		w.bool("debug-session", b.DebugSession)
		w.texts("depend-on", b.DependOn)
		w.batchEnv(b.Env)
		w.bool("ignore-failure", b.IgnoreFailure)
		w.end(b.Extra, outer)
	}
	w.EndList()
}

func (w *writer) batchEnv(e *BatchEnv) {
	if e == nil {
		return
	}
	w.Name("env")
	outer := w.begin(e.Extra)
	w.text("compute-type", e.ComputeType)
	w.text("fleet", e.Fleet)
	w.text("image", e.Image)
	w.bool("privileged-mode", e.PrivilegedMode)
	w.text("type", e.Type)
	w.variables("variables", e.Variables)
	w.end(e.Extra, outer)
}

func (w *writer) matrix(m *BuildMatrix) {
	w.Name("build-matrix")
	outer := w.begin(m.Extra)
	if s := m.Static; s != nil {
		w.Name("static")
		outer := w.begin(s.Extra)
		w.bool("ignore-failure", s.IgnoreFailure)
		w.batchEnv(s.Env)
		w.end(s.Extra, outer)
	}
	if d := m.Dynamic; d != nil {
		w.Name("dynamic")
		outer := w.begin(d.Extra)
		w.texts("buildspec", d.Buildspec)
		if e := d.Env; e != nil {
			w.Name("env")
			outer := w.begin(e.Extra)
			w.texts("compute-type", e.ComputeType)
			w.texts("image", e.Image)
			if e.Variables != nil {
				w.Name("variables")
				w.BeginMap()
				for _, v := range e.Variables {
					w.Key(v.Name)
					w.list(v.Values)
				}
				w.EndMap()
			}
			w.end(e.Extra, outer)
		}
		w.end(d.Extra, outer)
	}
	w.end(m.Extra, outer)
}

func (w *writer) text(name, s string) {
	if s != "" {
		w.Name(name)
		w.String(s)
	}
}

func (w *writer) texts(name string, list []string) {
	if list != nil {
		w.Name(name)
		w.list(list)
	}
}

func (w *writer) list(list []string) {
	w.BeginList()
	for _, s := range list {
		w.String(s)
	}
	w.EndList()
}

// flag writes yes or no, as the reference has them everywhere but in a batch.
func (w *writer) flag(name string, p *bool) {
	if p == nil {
		return
	}
	w.Name(name)
	if *p {
		w.Scalar("yes")
	} else {
		w.Scalar("no")
	}
}

func (w *writer) bool(name string, p *bool) {
	if p != nil {
		w.Name(name)
		w.Bool(*p)
	}
}

func (w *writer) variables(name string, list []Variable) {
	if list == nil {
		return
	}
	w.Name(name)
	w.BeginMap()
	for i := range list {
		w.Key(list[i].Name)
		w.value(list[i].Value, list[i].Plain)
	}
	w.EndMap()
}

// value writes text; if plain, without quotes around what a reader takes for a
// number, a boolean or a null.
func (w *writer) value(s string, plain bool) {
	switch {
	case plain && s == "":
		w.Scalar("null")
	case plain && scalar.Resolve(s) != scalar.String:
		w.Scalar(s)
	default:
		w.String(s)
	}
}
