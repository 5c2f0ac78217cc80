package bundle

import (
	"io/fs"

	"github.com/seed-b1f00840/slipway/buildspec"
	"github.com/seed-b1f00840/slipway/internal/shell"
)

// readCommands returns what the commands of a buildspec do. The variables of the
// project hide those of the buildspec, and an action's those of the project: give
// them in that order. The repository may be nil.
func readCommands(spec *buildspec.Spec, project []shell.EnvVariable, repository fs.FS) *shell.Report {
	s := shell.Script{Separate: spec.Version == "0.1", Repository: repository}
	for c := range spec.AllCommands() {
		s.Commands = append(s.Commands, shell.Command{Path: c.Path(), Text: c.Text})
	}
	known := func(vars []buildspec.Variable) {
		for _, v := range vars {
			s.Variables = append(s.Variables, shell.EnvVariable{Name: v.Name, Value: shell.Literal(v.Value)})
		}
	}
	unknown := func(vars []buildspec.Variable) {
		for _, v := range vars {
			s.Variables = append(s.Variables, shell.EnvVariable{Name: v.Name, Value: shell.Variable(v.Name)})
		}
	}
	if e := spec.Env; e != nil {
		s.Shell = e.Shell
		known(e.Variables)
		unknown(e.ParameterStore)
		unknown(e.SecretsManager)
	}
	if e := spec.EnvironmentVariables; e != nil {
		known(e.Plaintext)
	}
	s.Variables = append(s.Variables, project...)
	return shell.Read(s)
}
