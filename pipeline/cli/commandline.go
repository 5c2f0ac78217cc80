package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/seed-b1f00840/slipway/pipeline/apply"
)

// ownFlags are those that say how one command line is to go, and not what is to be.
var ownFlags = []string{"check", "color", "demo", "format", "plan", "quiet", "read-only", "timeout", "yes"}

// commandLine returns what to type to have a command of the program do the same to the
// same: with the arguments of the present command line, and those of its flags that make a
// difference to the command. A value that may be a secret is left to whoever types it.
func (s *session) commandLine(name string) string {
	words := []string{s.name, name}
	for _, arg := range s.args {
		words = append(words, quoted(arg))
	}
	i := slices.IndexFunc(s.cmd.Root().Commands(), func(c *cobra.Command) bool { return c.Name() == name })
	has := s.cmd.Root().Commands()[i].Flags()
	s.cmd.Flags().Visit(func(f *pflag.Flag) {
		if its := has.Lookup(f.Name); its != nil && !its.Hidden && !slices.Contains(ownFlags, f.Name) {
			words = append(words, typed(f)...)
		}
	})
	return strings.Join(words, " ")
}

// typed returns what to type for a flag that was given.
func typed(f *pflag.Flag) (words []string) {
	if f.Value.Type() == "bool" {
		if f.Value.String() == "false" {
			return nil
		}
		return []string{"--" + f.Name}
	}
	values := []string{f.Value.String()}
	if list, ok := f.Value.(pflag.SliceValue); ok {
		values = list.GetSlice()
	}
	for _, value := range values {
		if name, _, ok := strings.Cut(value, "="); ok && f.Name == "parameter" {
			value = quoted(name) + "=…"
		} else {
			value = quoted(value)
		}
		words = append(words, "--"+f.Name, value)
	}
	return words
}

// permissions are the flags of apply by what they allow.
var permissions = []struct {
	need apply.Permission
	flag string
}{
	{apply.NeedsDataLoss, "allow-data-loss"},
	{apply.NeedsImageRollback, "allow-image-rollback"},
	{apply.NeedsReplaceFailed, "replace-failed"},
	{apply.NeedsContinueRollback, "continue-rollback"},
}

// applyLine returns what to type to apply exactly what was planned.
func (s *session) applyLine() string {
	line := s.commandLine("apply")
	for _, p := range permissions {
		given, _ := s.cmd.Flags().GetBool(p.flag) // plan has none of them
		needs := slices.ContainsFunc(s.items, func(i *item) bool { return slices.Contains(i.plan.Needs(), p.need) })
		if needs && !given {
			line += " --" + p.flag
		}
	}
	return line + " --plan " + s.digest()
}

// quoted returns a word as a shell takes it.
func quoted(word string) string {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@%_+=:,./-"
	if word != "" && strings.Trim(word, plain) == "" {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
