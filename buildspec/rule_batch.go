package buildspec

import (
	"iter"
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/check"
)

var batchRule = slipway.Rule{
	Name: "buildspec/batch", Source: batchURL,
	Doc: "A batch has one of build-list, build-graph, build-matrix and build-fanout.",
}

func checkBatch(s *Spec, r *check.Report) {
	b := s.Batch
	if b == nil {
		return
	}
	var found []string
	for _, kind := range []struct {
		name string
		set  bool
	}{
		{"build-list", b.BuildList != nil}, {"build-graph", b.BuildGraph != nil},
		{"build-matrix", b.BuildMatrix != nil}, {"build-fanout", b.BuildFanout != nil},
	} {
		if kind.set || has(b.Extra, kind.name) {
			found = append(found, kind.name)
		}
	}
	switch {
	case len(found) > 1:
		r.Warnf("batch", "found %s; give one of them", strings.Join(found, " and "))
	case len(found) == 0 && len(b.Extra) == 0:
		r.Addf("batch", "found none of build-list, build-graph, build-matrix and build-fanout; give one of them")
	}
	if f := b.BuildFanout; f != nil && f.Parallelism < 1 && !has(f.Extra, "parallelism") {
		r.Addf("batch.build-fanout.parallelism", "found %d, want 1 or more", f.Parallelism)
	}
}

var batchGraphRule = slipway.Rule{
	Name: "buildspec/batch-graph", Source: batchURL + "#build-spec.batch.build-graph",
	Doc: "Each build of a batch has an identifier of its own, and the builds of a graph wait for others of it, in no circle.",
}

func checkBatchGraph(s *Spec, r *check.Report) {
	if s.Batch == nil {
		return
	}
	checkIdentifiers("build-list", s.Batch.BuildList, r)
	at := checkIdentifiers("build-graph", s.Batch.BuildGraph, r)
	g := graph{builds: s.Batch.BuildGraph, at: at, depth: make([]int, len(s.Batch.BuildGraph)), report: r}
	for i := range g.builds {
		g.visit(i)
	}
}

// checkIdentifiers returns the index of each identifier.
func checkIdentifiers(list string, builds []BatchBuild, r *check.Report) map[string]int {
	at := make(map[string]int, len(builds))
	for i := range builds {
		b := &builds[i]
		if b.Identifier == "" {
			if !has(b.Extra, "identifier") {
				r.Addf(slipway.Path("batch", list, i), "identifier is missing; give each build one of its own")
			}
			continue
		}
		if first, twice := at[b.Identifier]; twice {
			r.Addf(slipway.Path("batch", list, i, "identifier"), "%q is the identifier of %s, too; give each build one of its own",
				b.Identifier, slipway.Path(list, first))
			continue
		}
		at[b.Identifier] = i
	}
	return at
}

// A graph walks the builds of a graph depth first.
type graph struct {
	builds []BatchBuild
	at     map[string]int // index of each identifier
	depth  []int          // 0 unseen, -1 done, otherwise the place on the way, from 1
	way    []string
	report *check.Report
}

func (g *graph) visit(i int) {
	if g.depth[i] != 0 {
		return
	}
	g.way = append(g.way, g.builds[i].Identifier)
	g.depth[i] = len(g.way)
	for j, id := range g.builds[i].DependOn {
		path := slipway.Path("batch", "build-graph", i, "depend-on", j)
		next, ok := g.at[id]
		switch {
		case !ok:
			if !strings.Contains(id, "$") {
				g.report.Addf(path, "there is no build with the identifier %q", id)
			}
		case g.depth[next] > 0:
			g.report.Addf(path, "the builds wait for each other in a circle: %s", circle(g.way[g.depth[next]-1:], id))
		default:
			g.visit(next)
		}
	}
	g.way = g.way[:len(g.way)-1]
	g.depth[i] = -1
}

// circle returns "a -> b -> a", without the middle of a long one.
func circle(way []string, id string) string {
	const most = 8
	if len(way) > most {
		way = append(append(way[:most/2:most/2], "..."), way[len(way)-most/2:]...)
	}
	return strings.Join(way, " -> ") + " -> " + id
}

// batchEnvs yields the environments of the builds of a batch with their paths.
func (s *Spec) batchEnvs() iter.Seq2[[]any, *BatchEnv] {
	return func(yield func([]any, *BatchEnv) bool) {
		b := s.Batch
		if b == nil {
			return
		}
		each := func(name string, list []BatchBuild) bool {
			for i := range list {
				if list[i].Env != nil && !yield([]any{"batch", name, i, "env"}, list[i].Env) {
					return false
				}
			}
			return true
		}
		if !each("build-list", b.BuildList) || !each("build-graph", b.BuildGraph) {
			return
		}
		if m := b.BuildMatrix; m != nil && m.Static != nil && m.Static.Env != nil {
			yield([]any{"batch", "build-matrix", "static", "env"}, m.Static.Env)
		}
	}
}

var batchEnvRule = slipway.Rule{
	Name: "buildspec/batch-env", Source: batchURL + "#build-spec.batch.build-list",
	Doc: "A build of a batch has a compute-type or a fleet, not both.",
}

func checkBatchEnv(s *Spec, r *check.Report) {
	for path, e := range s.batchEnvs() {
		if e.ComputeType != "" && e.Fleet != "" {
			r.Addf(slipway.Path(path...), "found both compute-type %q and fleet %q; give one of them", e.ComputeType, e.Fleet)
		}
	}
}
