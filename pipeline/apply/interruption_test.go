package apply_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/internal/race"
	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/pipeline/apply"
	"github.com/seed-b1f00840/slipway/pipeline/apply/applytest"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
)

// cloudVariable is where a process finds the cloud of another one, and scenarioVariable the
// name of the scenario that it runs there.
const (
	cloudVariable    = "SLIPWAY_TEST_CLOUD"
	scenarioVariable = "SLIPWAY_TEST_SCENARIO"
)

// TestMain makes of this program the one that is killed: it runs a scenario on a cloud that
// the test serves.
func TestMain(m *testing.M) {
	if address := os.Getenv(cloudVariable); address != "" {
		os.Exit(victim(address))
	}
	os.Exit(m.Run())
}

func victim(address string) int {
	clients, clock, err := applytest.Dial("unix", address)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 3
	}
	for _, s := range scenarios {
		if s.name == os.Getenv(scenarioVariable) {
			if err = s.run(context.Background(), s.on(clients, clock), s.bundle()); err != nil {
				fmt.Fprintln(os.Stderr, err)
				return 1
			}
			return 0
		}
	}
	return 3
}

// change changes every artifact of the minimal delivery.
func change(b *bundle.Bundle) {
	memory(b, "4 GB")
	for _, a := range b.Artifacts {
		switch m := a.Model.(type) {
		case *cfn.Template:
			switch a.Path {
			case "network.yml":
				m.Resource("SecurityGroup").Set("SecurityGroupIngress[0].CidrIp", cfn.String("10.0.0.0/8"))
				m.Metadata = append(m.Metadata, padding) // it goes through the bucket
			case "platform.yml":
				m.Resource("Cluster").Set("CapacityProviders", cfn.Strings("FARGATE"))
			case "service.yml":
				m.Resource("Service").Set("DeploymentConfiguration.MaximumPercent", cfn.Int(150))
			}
		case *pipeline.Definition:
			m.ExecutionMode = pipeline.ExecutionModeQueued
		}
	}
}

// A scenario is work that may be disturbed.
type scenario struct {
	name    string
	start   func() *applytest.Cloud // a cloud as it is before
	bundle  func() *bundle.Bundle
	opts    apply.Options
	run     func(context.Context, *apply.Applier, *bundle.Bundle) error
	changes func(context.Context, *apply.Applier, *bundle.Bundle) (some bool, text fmt.Stringer, err error) // that are still to be done

	once  sync.Once
	end   *applytest.State // without disturbance
	calls []applytest.Call
}

// scenarios are a first deployment, a change of everything, one of a service that was
// scaled, and the end of it.
var scenarios = []*scenario{
	{name: "first", start: empty, bundle: load, run: deploy, changes: toDeploy},
	{name: "change", start: full, bundle: func() *bundle.Bundle {
		b := load()
		change(b)
		return b
	}, run: deploy, changes: toDeploy},
	{name: "scaled", start: scaled, bundle: func() *bundle.Bundle {
		b := load()
		for _, a := range b.Artifacts {
			if a.Path == "service.yml" {
				a.Model.(*cfn.Template).Resource("Service").Set("DeploymentConfiguration.MaximumPercent", cfn.Int(150))
			}
		}
		return b
	}, run: deploy, changes: toDeploy},
	{name: "destroy", start: full, bundle: load, opts: everythingGoes, run: destroy, changes: toDestroy},
}

func empty() *applytest.Cloud {
	cloud := applytest.New(applytest.Options{})
	cloud.Push(sourceRepository, sourceBranch)
	return cloud
}

func full() *applytest.Cloud {
	cloud := empty()
	if err := deploy(context.Background(), on(cloud, apply.Options{}), load()); err != nil {
		panic(err)
	}
	return cloud
}

// scaled is a full cloud whose service runs more tasks than its stack has noted.
func scaled() *applytest.Cloud {
	cloud := full()
	cloud.Scale(cluster, serviceName, 3)
	cloud.Advance(10 * time.Minute)
	return cloud
}

func load() *bundle.Bundle {
	b, err := bundle.Load(os.DirFS("../../examples/minimal"))
	if err != nil {
		panic(err)
	}
	return b
}

func deploy(ctx context.Context, a *apply.Applier, b *bundle.Bundle) error {
	plan, err := a.Plan(ctx, b)
	if err != nil {
		return err
	}
	return a.Apply(ctx, plan)
}

func toDeploy(ctx context.Context, a *apply.Applier, b *bundle.Bundle) (bool, fmt.Stringer, error) {
	plan, err := a.Plan(ctx, b)
	return err == nil && plan.HasChanges(), plan, err
}

func destroy(ctx context.Context, a *apply.Applier, b *bundle.Bundle) error {
	d, err := a.PlanDestroy(ctx, b)
	if err != nil {
		return err
	}
	return a.Destroy(ctx, d)
}

func toDestroy(ctx context.Context, a *apply.Applier, b *bundle.Bundle) (bool, fmt.Stringer, error) {
	d, err := a.PlanDestroy(ctx, b)
	return err == nil && d.HasChanges(), d, err
}

// on returns the Applier of a scenario.
func (s *scenario) on(clients apply.Clients, clock apply.Clock) *apply.Applier {
	opts := s.opts
	opts.Clock = clock
	return apply.New(clients, opts)
}

// undisturbed returns the end state of a scenario that nothing disturbs, and the calls
// that it takes.
func (s *scenario) undisturbed() (*applytest.State, []applytest.Call) {
	s.once.Do(func() {
		cloud := s.start()
		before := len(cloud.Calls())
		if err := s.run(context.Background(), s.on(cloud.Clients(), cloud.Clock()), s.bundle()); err != nil {
			panic(err)
		}
		s.end, s.calls = cloud.Normalized(), cloud.Calls()[before:]
	})
	return s.end, s.calls
}

// completes runs it and checks that the end state is that of an undisturbed run:
// nothing twice, nothing left over, nothing to do.
func (s *scenario) completes(t *testing.T, cloud *applytest.Cloud) {
	t.Helper()
	a, b := s.on(cloud.Clients(), cloud.Clock()), s.bundle()
	if err := s.run(t.Context(), a, b); err != nil {
		t.Fatal(err)
	}
	want, _ := s.undisturbed()
	if diff := diffStates(want, cloud.Normalized()); diff != "" {
		t.Errorf("the end state differs (-undisturbed +disturbed):\n%s", diff)
	}
	if orphans := cloud.Snapshot().Orphans(); len(orphans) > 0 {
		t.Errorf("nobody owns %v", orphans)
	}
	some, text, err := s.changes(t.Context(), a, b)
	if err != nil {
		t.Fatal(err)
	}
	if some {
		t.Errorf("there is still something to do:\n%s", text)
	}
}

// disturb runs a test for each call of each scenario: for all of them in "make test", and
// otherwise for those that write, which takes seconds.
func disturb(t *testing.T, test func(t *testing.T, s *scenario, cloud *applytest.Cloud, call applytest.Call)) {
	t.Helper()
	if testing.Short() {
		t.Skip("deploys some hundred times")
	}
	for _, s := range scenarios {
		_, calls := s.undisturbed()
		all := os.Getenv("SLIPWAY_ORACLES") == "require" && !race.Enabled // "make test"
		n := 0
		for i := range calls {
			if !all && !calls[i].Write {
				continue
			}
			n++
			t.Run(fmt.Sprintf("%s/%03d %s", s.name, i+1, calls[i].Operation), func(t *testing.T) {
				t.Parallel()
				test(t, s, s.start(), calls[i])
			})
		}
		t.Logf("%s: disturbed at %d of %d calls", s.name, n, len(calls))
	}
}

// A process that is killed at any call leaves something from which the next one goes on.
func TestKilled(t *testing.T) {
	disturb(t, func(t *testing.T, s *scenario, cloud *applytest.Cloud, call applytest.Call) {
		kill(t, s, cloud, call.Number)
		s.completes(t, cloud)
	})
}

// kill runs a process that runs a scenario, and kills it at call n: the
// work of the call is done, and nobody hears of it.
func kill(t *testing.T, s *scenario, cloud *applytest.Cloud, n int) {
	t.Helper()
	address := t.TempDir() + "/cloud"
	if len(address) > 100 { // what an address of this kind can hold
		dir, err := os.MkdirTemp("", "")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(dir)
		address = dir + "/cloud"
	}
	l, err := net.Listen("unix", address)
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- applytest.Serve(l, cloud) }()

	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), cloudVariable+"="+address, scenarioVariable+"="+s.name)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	started := make(chan struct{})
	cloud.OnCall(func(c applytest.Call) {
		if c.Number == n && !c.Done {
			<-started
			_ = cmd.Process.Kill()
		}
	})
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	close(started)
	err = cmd.Wait()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.Exited() {
		t.Fatalf("the process ended by itself: %v\n%s", err, stderr.String())
	}
	l.Close()
	if err := <-served; err != nil {
		t.Fatal(err)
	}
	if got := len(cloud.Calls()); got != n {
		t.Fatalf("%d calls were made, want %d", got, n)
	}
}

// Whatever call fails for a passing cause, the end is the same.
func TestPassingFaults(t *testing.T) {
	for name, kind := range map[string]applytest.FaultKind{
		"throttled": applytest.Throttling, "internal error": applytest.InternalError,
		"lost before": applytest.LostRequest, "lost after": applytest.LostResponse,
	} {
		t.Run(name, func(t *testing.T) {
			disturb(t, func(t *testing.T, s *scenario, cloud *applytest.Cloud, call applytest.Call) {
				cloud.Fail(applytest.Fault{Call: call.Number, Kind: kind})
				s.completes(t, cloud)
				if len(cloud.Unfired()) > 0 {
					t.Errorf("call %d did not fail", call.Number)
				}
			})
		})
	}
}

// Whatever call is denied, the error names it and what to do, and once it is allowed
// the next run completes the work.
func TestDenied(t *testing.T) {
	disturb(t, func(t *testing.T, s *scenario, cloud *applytest.Cloud, call applytest.Call) {
		op := call.Operation
		cloud.Fail(applytest.Fault{Call: call.Number, Kind: applytest.AccessDenied})
		var rec recorder
		opts := s.opts
		opts.Events = rec.record
		err := s.run(t.Context(), on(cloud, opts), s.bundle())
		if s.name == "change" && (op == "s3:DeleteObject" || op == "s3:ListObjectVersions") { // what is left is told, and is no failure
			left := slices.ContainsFunc(rec.reset(), func(e apply.Event) bool { return strings.Contains(e.String(), " is left there: ") })
			if err != nil || !left {
				t.Errorf("the error is %v, and what is left is told: %t", err, left)
			}
			return
		}
		name := op
		switch op { // S3 has other names for them
		case "s3:ListObjectVersions":
			name = "s3:ListBucketVersions"
		case "s3:DeleteObjects":
			name = "s3:DeleteObjectVersion"
		}
		var e *apply.Error
		switch {
		case !errors.As(err, &e):
			t.Errorf("the error is %v", err)
		case e.Call != op, !strings.Contains(e.Error(), "not authorized to perform: "+op), !strings.Contains(e.Remedy, "allow "+name),
			e.Resource == "" && op != "sts:GetCallerIdentity", e.Subject == (apply.Subject{}) && op != "sts:GetCallerIdentity":
			t.Errorf("the error does not name call, subject, resource and remedy: %v", e)
		}
		s.completes(t, cloud)
	})
}

// Whoever interrupts it, at any call, finds no change set left that nobody will use, and
// can go on.
func TestInterrupted(t *testing.T) {
	disturb(t, func(t *testing.T, s *scenario, cloud *applytest.Cloud, call applytest.Call) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		cloud.OnCall(func(c applytest.Call) {
			if c.Number == call.Number {
				cancel()
			}
		})
		err := s.run(ctx, s.on(cloud.Clients(), cloud.Clock()), s.bundle())
		if !errors.Is(err, context.Canceled) {
			t.Errorf("the error is %v", err)
		}
		for _, stack := range cloud.Snapshot().Stacks {
			unused := slices.ContainsFunc(stack.ChangeSets, func(s applytest.ChangeSetState) bool { return s.Execution == "AVAILABLE" })
			if unused || stack.Status == "REVIEW_IN_PROGRESS" {
				t.Errorf("stack %s is left in %s with the change sets %v", stack.Name, stack.Status, stack.ChangeSets)
			}
		}
		s.completes(t, cloud)
	})
}
