package cli

import (
	"context"
	"io"
	"os"

	"github.com/seed-b1f00840/slipway/pipeline/apply"
	"github.com/seed-b1f00840/slipway/pipeline/apply/connect"
	"github.com/seed-b1f00840/slipway/pipeline/delivery"
)

// DemoService is what is applied by apply --demo.
var DemoService = demoService

// A Dial returns what is called in place of AWS.
type Dial = func(context.Context, connect.Options) (apply.Clients, apply.Clock, error)

// RunIn is Run with somebody else in the place of AWS.
func RunIn(dial Dial, ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer, services ...delivery.Service) int {
	p := &program{stdin: stdin, stdout: &output{w: stdout}, stderr: stderr, services: services, dial: dial}
	return p.run(ctx, args)
}

// MainIn is Main with somebody else in the place of AWS.
func MainIn(dial Dial, services ...delivery.Service) {
	os.Exit(runProcess(&program{services: services, dial: dial}))
}
