package apply_test

import (
	"fmt"
	"net/http"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seed-b1f00840/slipway/internal/oracle"
	"github.com/seed-b1f00840/slipway/internal/race"
	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/pipeline/apply"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
	"github.com/seed-b1f00840/slipway/pipeline/delivery"
)

// A counter is an HTTP client that counts requests, and how many are on their way at
// once.
type counter struct {
	all, now, most atomic.Int64
}

func (c *counter) Do(r *http.Request) (*http.Response, error) {
	c.all.Add(1)
	now := c.now.Add(1)
	defer c.now.Add(-1)
	for most := c.most.Load(); now > most && !c.most.CompareAndSwap(most, now); most = c.most.Load() {
	}
	return http.DefaultClient.Do(r)
}

// fleet returns the bundles of n services, as far as moto can make them.
func fleet(t testing.TB, n int) []*bundle.Bundle {
	t.Helper()
	bundles := make([]*bundle.Bundle, n)
	for i := range bundles {
		name := fmt.Sprintf("service-%03d", i)
		b, err := delivery.Service{Name: name, Source: pipeline.CodeCommitSource{Repository: name, Branch: "main"}}.Bundle()
		if err != nil {
			t.Fatal(err)
		}
		bundles[i] = forMoto(t, b)
	}
	return bundles
}

// Two hundred services are planned and applied at once by one Applier, which keeps to
// its limit of calls. (Fewer, where not every judge is asked.)
func TestFleet(t *testing.T) {
	if testing.Short() {
		t.Skip("starts an emulator")
	}
	t.Parallel()
	n := 4
	if os.Getenv("SLIPWAY_ORACLES") == "require" && !race.Enabled {
		n = 200
	}
	const limit = 8
	s := oracle.Moto(t)
	var count counter
	clients, _ := onMoto(s.URL, &count)
	bundles := fleet(t, n)
	a := apply.New(clients, apply.Options{Poll: quick, MaxCalls: limit})

	heap := make([]uint64, n)
	var done atomic.Int64
	each := func(f func(b *bundle.Bundle) error) time.Duration {
		begin := time.Now()
		var wg sync.WaitGroup
		for _, b := range bundles {
			wg.Go(func() {
				if err := f(b); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		return time.Since(begin)
	}
	took := each(func(b *bundle.Bundle) error {
		plan, err := a.Plan(t.Context(), b)
		if err != nil {
			return err
		}
		err = a.Apply(t.Context(), plan)
		heap[done.Add(1)-1] = liveHeap()
		return err
	})
	calls := count.all.Load()
	t.Logf("%d services planned and applied in %.1f s: %d calls (%.0f a second), at most %d at once, heap %.1f MiB after a quarter of them, %.1f MiB after all",
		n, took.Seconds(), calls, float64(calls)/took.Seconds(), count.most.Load(), mib(heap[n/4]), mib(heap[n-1]))
	if most := count.most.Load(); most > limit {
		t.Errorf("%d calls were in flight at once, want at most %d", most, limit)
	}
	if heap[n-1] > heap[n/4]+16<<20 {
		t.Error("the memory grows with the services")
	}
	allThere(t, s.URL, n)

	took = each(func(b *bundle.Bundle) error {
		plan, err := a.Plan(t.Context(), b)
		if err == nil && plan.HasChanges() {
			t.Errorf("there is still something to do:\n%s", plan)
		}
		return err
	})
	t.Logf("planned again in %.1f s: %d calls", took.Seconds(), count.all.Load()-calls)
}

func liveHeap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func mib(n uint64) float64 { return float64(n) / (1 << 20) }

// allThere checks that the CLI sees all of n services, whole.
func allThere(t *testing.T, url string, n int) {
	t.Helper()
	var out struct {
		Stacks             []struct{ StackStatus string }
		Pipelines          []struct{ Version int }
		Repositories       []any
		TaskDefinitionArns []string
		Services           []struct{ RunningCount, DesiredCount int }
	}
	for _, args := range [][]string{
		{"cloudformation", "describe-stacks"}, {"codepipeline", "list-pipelines"}, {"ecr", "describe-repositories"}, {"ecs", "list-task-definitions"},
	} {
		awsCLI(t, url, &out, args...)
	}
	if len(out.Stacks) != 2*n || len(out.Pipelines) != n || len(out.Repositories) != n || len(out.TaskDefinitionArns) != n {
		t.Errorf("there are %d stacks, %d pipelines, %d repositories and %d revisions of %d services",
			len(out.Stacks), len(out.Pipelines), len(out.Repositories), len(out.TaskDefinitionArns), n)
	}
	for _, s := range out.Stacks {
		if s.StackStatus != "CREATE_COMPLETE" && s.StackStatus != "UPDATE_COMPLETE" {
			t.Errorf("a stack is in %s", s.StackStatus)
		}
	}
	for i := 0; i < n; i += max(1, n/5) {
		name := fmt.Sprintf("service-%03d", i)
		awsCLI(t, url, &out, "ecs", "describe-services", "--cluster", name, "--services", name)
		if len(out.Services) != 1 || out.Services[0].DesiredCount != 1 {
			t.Errorf("%s is %+v", name, out.Services)
		}
	}
}
