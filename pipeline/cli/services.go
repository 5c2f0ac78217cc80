package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
	"github.com/seed-b1f00840/slipway/pipeline/delivery"
)

// where says, in the help of write, check and diff, which file stands where.
const where = `The files of a service stand below a directory of its name when the program has several services,
and directly in the directory when it has one. NAMEs choose among the services.`

// render returns the files of the services of these names, or of all. Nothing is
// returned when one of them is wrong; what is wrong has been shown then.
func (p *program) render(cmd *cobra.Command, names []string) (bundle.Files, error) {
	if len(p.services) == 0 {
		return nil, usagef(cmd, "there are no services in this program: %s is for a program of your own, "+
			"whose main function is cli.Main(services...); see package %s/pipeline/cli", cmd.Name(), module)
	}
	services, err := p.choose(cmd, names)
	if err != nil {
		return nil, err
	}
	files, err := p.files(services)
	var problems slipway.Problems
	if errors.As(err, &problems) {
		r := &report{problems: problems, rules: ruleIndex}
		r.count()
		(&textFormat{}).write(p.stderr, r)
		return nil, errFound
	}
	return files, err
}

// files renders services: below their names when the program has several.
func (p *program) files(services []delivery.Service) (bundle.Files, error) {
	if len(p.services) > 1 {
		return delivery.Files(services...)
	}
	b, err := services[0].Bundle()
	if err != nil {
		return nil, err
	}
	return b.Files()
}

// choose returns the services of these names in the program's order, or all.
func (p *program) choose(cmd *cobra.Command, names []string) ([]delivery.Service, error) {
	if len(names) == 0 {
		return p.services, nil
	}
	known := p.serviceNames()
	for _, name := range names {
		if !slices.Contains(known, name) {
			return nil, usagef(cmd, "no service %q%s; the services are %s",
				name, didYouMean(name, known), strings.Join(known, ", "))
		}
	}
	var chosen []delivery.Service
	for _, s := range p.services {
		if slices.Contains(names, s.Name) {
			chosen = append(chosen, s)
		}
	}
	return chosen, nil
}

func (p *program) serviceNames() []string {
	names := make([]string, len(p.services))
	for i := range p.services {
		names[i] = p.services[i].Name
	}
	return names
}

func (p *program) servicesText() string {
	if len(p.services) == 1 {
		return "the service " + escape(p.services[0].Name)
	}
	return fmt.Sprintf("%d services", len(p.services))
}

// argument is what the commands take that are about a delivery.
func (p *program) argument() string {
	if len(p.services) > 0 {
		return "NAME..."
	}
	return "PATH"
}

// completeDeliveries completes that argument.
func (p *program) completeDeliveries(cmd *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
	if len(p.services) > 0 {
		return p.completeServices(cmd, args, word)
	}
	return nil, cobra.ShellCompDirectiveFilterDirs
}

// completeServices completes names of services.
func (p *program) completeServices(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return p.serviceNames(), cobra.ShellCompDirectiveNoFileComp
}
