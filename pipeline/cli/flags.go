package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// A choice is the value of a flag that has a few.
type choice string

// choiceFlag adds a flag that takes one of the values, which the help calls what.
func choiceFlag(cmd *cobra.Command, c *choice, name, what, usage string, values ...string) {
	cmd.Flags().Var(&choiceValue{c, what, values}, name, usage+": "+strings.Join(values, ", "))
	_ = cmd.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
}

func colourFlag(cmd *cobra.Command, c *choice) {
	choiceFlag(cmd, c, "color", "WHEN", "colour the output", string(colourAuto), string(colourAlways), string(colourNever))
}

// A choiceValue is the [pflag.Value] of a choice.
type choiceValue struct {
	choice *choice
	what   string
	values []string
}

func (v *choiceValue) String() string { return string(*v.choice) }

func (v *choiceValue) Type() string { return v.what }

func (v *choiceValue) Set(s string) error {
	if !slices.Contains(v.values, s) {
		return fmt.Errorf("use %s%s", strings.Join(v.values, ", "), didYouMean(s, v.values))
	}
	*v.choice = choice(s)
	return nil
}
