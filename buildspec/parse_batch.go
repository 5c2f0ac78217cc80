package buildspec

import "github.com/seed-b1f00840/slipway/internal/source"

func (r *reader) batch(p **Batch, n *source.Node) bool {
	b := new(Batch)
	*p = b
	return r.fields(n, &b.Extra, batchKeys, func(key string, n *source.Node) bool {
		switch key {
		case "fast-fail":
			return r.flag(&b.FastFail, n)
		case "build-list":
			return r.builds(&b.BuildList, n, buildKeys[:len(buildKeys)-1])
		case "build-graph":
			return r.builds(&b.BuildGraph, n, buildKeys)
		case "build-matrix":
			return r.matrix(&b.BuildMatrix, n)
		case "build-fanout":
			return r.fanout(&b.BuildFanout, n)
		}
		return false
	}) || unset(p)
}

var (
	batchKeys = []string{"fast-fail", "build-list", "build-graph", "build-matrix", "build-fanout"}
	buildKeys = []string{"identifier", "buildspec", "debug-session", "env", "ignore-failure", "depend-on"}
)

func (r *reader) builds(p *[]BatchBuild, n *source.Node, known []string) bool {
	if !r.List(n) {
		return false
	}
	ok := true
	list := make([]BatchBuild, len(n.Items))
	for i, item := range n.Items {
		r.Enter(i)
		ok = r.build(&list[i], item, known) && ok
		r.Leave()
	}
	if ok {
		*p = list
	}
	return ok
}

func (r *reader) build(b *BatchBuild, n *source.Node, known []string) bool {
	return r.fields(n, &b.Extra, known, func(key string, n *source.Node) bool {
		switch key {
		case "identifier":
			return r.text(&b.Identifier, n)
		case "buildspec":
			return r.text(&b.Buildspec, n)
		case "debug-session":
			return r.flag(&b.DebugSession, n)
		case "depend-on":
			return r.texts(&b.DependOn, n)
		case "env":
			return r.batchEnv(&b.Env, n)
		case "ignore-failure":
			return r.flag(&b.IgnoreFailure, n)
		}
		return false
	})
}

var batchEnvKeys = []string{"compute-type", "fleet", "image", "privileged-mode", "type", "variables"}

func (r *reader) batchEnv(p **BatchEnv, n *source.Node) bool {
	e := new(BatchEnv)
	*p = e
	return r.fields(n, &e.Extra, batchEnvKeys, func(key string, n *source.Node) bool {
		switch key {
		case "compute-type":
			return r.text(&e.ComputeType, n)
		case "fleet":
			return r.text(&e.Fleet, n)
		case "image":
			return r.text(&e.Image, n)
		case "privileged-mode":
			return r.flag(&e.PrivilegedMode, n)
		case "type":
			return r.text(&e.Type, n)
		case "variables":
			return r.variables(&e.Variables, n)
		}
		return false
	}) || unset(p)
}

func (r *reader) matrix(p **BuildMatrix, n *source.Node) bool {
	m := new(BuildMatrix)
	*p = m
	return r.fields(n, &m.Extra, []string{"static", "dynamic"}, func(key string, n *source.Node) bool {
		if key == "static" {
			return r.static(&m.Static, n)
		}
		return r.dynamic(&m.Dynamic, n)
	}) || unset(p)
}

func (r *reader) static(p **MatrixStatic, n *source.Node) bool {
	s := new(MatrixStatic)
	*p = s
	return r.fields(n, &s.Extra, []string{"ignore-failure", "env"}, func(key string, n *source.Node) bool {
		if key == "env" {
			return r.batchEnv(&s.Env, n)
		}
		return r.flag(&s.IgnoreFailure, n)
	}) || unset(p)
}

func (r *reader) dynamic(p **MatrixDynamic, n *source.Node) bool {
	d := new(MatrixDynamic)
	*p = d
	return r.fields(n, &d.Extra, []string{"buildspec", "env"}, func(key string, n *source.Node) bool {
		if key == "buildspec" {
			return r.texts(&d.Buildspec, n)
		}
		return r.matrixEnv(&d.Env, n)
	}) || unset(p)
}

func (r *reader) matrixEnv(p **MatrixEnv, n *source.Node) bool {
	e := new(MatrixEnv)
	*p = e
	return r.fields(n, &e.Extra, []string{"compute-type", "image", "variables"}, func(key string, n *source.Node) bool {
		switch key {
		case "compute-type":
			return r.texts(&e.ComputeType, n)
		case "image":
			return r.texts(&e.Image, n)
		}
		e.Variables = make([]MatrixVariable, 0, len(n.Members))
		return r.entries(n, func(name string, n *source.Node) bool {
			v := MatrixVariable{Name: name}
			ok := r.texts(&v.Values, n)
			e.Variables = append(e.Variables, v)
			return ok
		}) || unset(&e.Variables)
	}) || unset(p)
}

func (r *reader) fanout(p **BuildFanout, n *source.Node) bool {
	f := new(BuildFanout)
	*p = f
	return r.fields(n, &f.Extra, []string{"parallelism", "ignore-failure"}, func(key string, n *source.Node) bool {
		if key == "ignore-failure" {
			return r.flag(&f.IgnoreFailure, n)
		}
		var v int64
		if !r.Int(&v, n, 32) {
			return false
		}
		f.Parallelism = int(v)
		return v != 0 || r.Want(n, "a whole number of 1 or more")
	}) || unset(p)
}
