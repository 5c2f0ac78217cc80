package cli_test

import (
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/pipeline/cli"
	"github.com/seed-b1f00840/slipway/pipeline/delivery"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func service(name string) delivery.Service {
	return delivery.Service{Name: name, Source: pipeline.CodeCommitSource{Repository: name, Branch: "main"}}
}

func wrong(name string) delivery.Service {
	s := service(name)
	s.Logs.RetentionDays = 31
	return s
}

// TestMain makes programs of this one: slipway, and those of teams.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"slipway": func() { cli.Main() },
		"one":     func() { cli.Main(service("shop")) },
		"two":     func() { cli.Main(service("shop"), service("cart")) },
		"wrong":   func() { cli.Main(service("shop"), wrong("cart")) },
		"cloudy":  func() { clouded() },
		"cloudy2": func() { clouded(service("shop"), service("cart")) },
	})
}

// TestScript is what users type. The command bad is for what must end with status 2
// and say why on standard error, found for what must end with status 1.
func TestScript(t *testing.T) {
	commands := map[string]func(*testscript.TestScript, bool, []string){
		"bad":    func(ts *testscript.TestScript, _ bool, args []string) { status(ts, 2, args) },
		"found":  func(ts *testscript.TestScript, _ bool, args []string) { status(ts, 1, args) },
		"sparse": sparse,
		"binary": binary,
	}
	maps.Copy(commands, cloudCommands)
	maps.Copy(commands, processCommands)
	testscript.Run(t, testscript.Params{
		Dir:                "testdata/script",
		Setup:              serveCloud,
		RequireUniqueNames: true,
		UpdateScripts:      *update,
		Condition:          hasRule,
		Cmds:               commands,
	})
}

// hasRule is the condition [rule:NAME]: there is a rule of that name.
func hasRule(condition string) (bool, error) {
	name, ok := strings.CutPrefix(condition, "rule:")
	if !ok {
		return false, fmt.Errorf("unknown condition %q", condition)
	}
	return slices.ContainsFunc(cli.Rules(), func(r slipway.Rule) bool { return r.Name == name }), nil
}

// status runs a command that must end with that status.
func status(ts *testscript.TestScript, want int, args []string) {
	var exit *exec.ExitError
	err := ts.Exec(args[0], args[1:]...)
	if !errors.As(err, &exit) || exit.ExitCode() != want {
		ts.Fatalf("%q: got %v, want exit status %d", args, err, want)
	}
	if stderr := ts.ReadFile("stderr"); strings.Contains(stderr, "goroutine ") {
		ts.Fatalf("%q ended with a stack:\n%s", args, stderr)
	}
}

// sparse makes a file of a size that takes no space.
func sparse(ts *testscript.TestScript, _ bool, args []string) {
	size, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), nil, 0o666))
	ts.Check(os.Truncate(ts.MkAbs(args[0]), size))
}

// binary makes a file that is no text.
func binary(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte("\x7fELF\x02\x01\x01\x00\x00phases:\x00"), 0o666))
}
