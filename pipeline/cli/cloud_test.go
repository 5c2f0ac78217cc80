package cli_test

import (
	"context"
	"net"
	"os"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/seed-b1f00840/slipway/pipeline/apply"
	"github.com/seed-b1f00840/slipway/pipeline/apply/applytest"
	"github.com/seed-b1f00840/slipway/pipeline/apply/connect"
	"github.com/seed-b1f00840/slipway/pipeline/cli"
	"github.com/seed-b1f00840/slipway/pipeline/delivery"
)

// clouded is the main function of a program whose AWS is the cloud of the script: what
// Main is, with another dial.
func clouded(services ...delivery.Service) {
	dial := func(context.Context, connect.Options) (apply.Clients, apply.Clock, error) {
		return applytest.Dial("tcp", os.Getenv("CLOUD"))
	}
	cli.MainIn(dial, services...)
}

// A scriptCloud is the AWS of one script.
type scriptCloud struct {
	*applytest.Cloud
	mu      sync.Mutex
	on      string        // the operation that is held
	arrived chan struct{} // closed when it was called
	goes    chan struct{} // closed when it may go on

	beside  *process // the program that runs beside the script
	answers []answer // that are typed on the next terminal
}

// An answer is what is typed when something is printed.
type answer struct{ pattern, text string }

// serveCloud gives a script a cloud, in which its programs work.
func serveCloud(env *testscript.Env) error {
	c := &scriptCloud{Cloud: applytest.New(applytest.Options{})}
	c.OnCall(c.called)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	go applytest.Serve(l, c.Cloud)
	env.Defer(func() { l.Close() })
	env.Values["cloud"] = c
	env.Setenv("CLOUD", l.Addr().String())
	env.Setenv("GORACE", "atexit_sleep_ms=0") // or each program would take a second to end
	return nil
}

// called lets a call wait that is held.
func (c *scriptCloud) called(call applytest.Call) {
	c.mu.Lock()
	arrived, goes := c.arrived, c.goes
	if call.Operation != c.on || call.Done {
		c.mu.Unlock()
		return
	}
	c.on = ""
	c.mu.Unlock()
	close(arrived)
	<-goes
}

// The commands of scripts about their cloud.
var cloudCommands = map[string]func(*testscript.TestScript, bool, []string){
	// push REPOSITORY BRANCH
	"push": func(ts *testscript.TestScript, _ bool, args []string) {
		ts.Value("cloud").(*scriptCloud).Push(args[0], args[1])
	},
	// hold OPERATION lets its next call wait.
	"hold": func(ts *testscript.TestScript, _ bool, args []string) {
		c := ts.Value("cloud").(*scriptCloud)
		c.mu.Lock()
		defer c.mu.Unlock()
		c.on, c.arrived, c.goes = args[0], make(chan struct{}), make(chan struct{})
	},
	// held returns when that call has come.
	"held": func(ts *testscript.TestScript, _ bool, _ []string) { <-ts.Value("cloud").(*scriptCloud).arrived },
	// release lets it go on.
	"release": func(ts *testscript.TestScript, _ bool, _ []string) { close(ts.Value("cloud").(*scriptCloud).goes) },
	// empty makes sure that nothing stands.
	"empty": func(ts *testscript.TestScript, neg bool, _ []string) {
		if s := ts.Value("cloud").(*scriptCloud).Snapshot(); (len(s.Stacks)+len(s.Pipelines) == 0) == neg {
			ts.Fatalf("the cloud has stacks %v and pipelines %v", s.Stacks, s.Pipelines)
		}
	},
}
