package cli

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

const module = "github.com/seed-b1f00840/slipway"

func (p *program) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version of slipway",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			fmt.Fprintln(p.stdout, version())
			return nil
		},
	}
}

// version returns the versions of slipway and of Go that the program was built with.
func version() string {
	return "slipway " + moduleVersion() + " " + runtime.Version() + " " + runtime.GOOS + "/" + runtime.GOARCH
}

// moduleVersion returns slipway's own version, also in a program of another module:
// "(devel)" where it is not known.
func moduleVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "(devel)"
	}
	m := &info.Main
	for _, dep := range info.Deps {
		if dep.Path == module {
			m = dep
		}
	}
	if m.Path != module || m.Version == "" {
		return "(devel)"
	}
	return m.Version
}

// versionToRun is a version of slipway's module that go run can fetch from anywhere.
func versionToRun() string {
	if v := moduleVersion(); v != "(devel)" {
		return v
	}
	return "latest"
}
