package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/seed-b1f00840/slipway/pipeline/apply"
)

const destroyLong = `Deletes what apply has made of a delivery, in the other direction: the pipeline, the service, the
task definitions, the stacks. It lists all of it first, with what stays and why, and asks for the
name to be typed.

` + applied + `

A bucket with objects, or a repository with images, keeps everything from being deleted unless a
flag says that they may go. What templates say is to be retained stays, and so does a stack whose
exports others import.

The exit status is 0 when it is done or there is nothing to delete, 1 when a step has failed or
would fail, and 2 when it could not run.`

func (p *program) destroyCommand() *cobra.Command {
	f := newApplyFlags()
	f.streams = true
	cmd := &cobra.Command{
		Use:   "destroy [" + p.argument() + "]",
		Short: "Delete what apply has made",
		Long:  destroyLong,
		Example: "  " + p.name + " destroy --profile staging\n  " +
			p.name + " destroy deploy --yes --empty-bucket --delete-images --account 123456789012",
		ValidArgsFunction: p.completeDeliveries,
		RunE:              func(cmd *cobra.Command, args []string) error { return p.destroy(cmd, args, f) },
	}
	f.general(cmd)
	f.waiting(cmd)
	flags := cmd.Flags()
	flags.BoolVarP(&f.yes, "yes", "y", false, "do not ask")
	flags.BoolVar(&f.options.Allow.EmptyBuckets, "empty-bucket", false, "delete what is in the buckets, in all versions")
	flags.BoolVar(&f.options.Allow.DeleteImages, "delete-images", false, "delete the images in the repositories")
	return cmd
}

// destroy runs the command.
func (p *program) destroy(cmd *cobra.Command, args []string, f *applyFlags) error {
	s, end, err := p.session(cmd, args, f)
	if err != nil {
		return err
	}
	defer end()
	ctx := cmd.Context()
	err = s.run(ctx, "looking", "nothing was deleted", func(ctx context.Context, a *apply.Applier, i *item) (err error) {
		i.destruction, err = a.PlanDestroy(ctx, i.b)
		return err
	})
	if err != nil {
		return s.report(ctx, err)
	}
	s.announce(func(i *item) (string, []byte, error) {
		data, err := i.destruction.JSON()
		return i.destruction.String(), data, err
	})
	names := s.doomed()
	if len(names) == 0 {
		s.done("")
		return nil
	}
	if err := s.certain(ctx, strings.Join(names, " ")); err != nil {
		return s.report(ctx, err)
	}
	err = s.do(ctx, "deleted", func(ctx context.Context, a *apply.Applier, i *item) error { return a.Destroy(ctx, i.destruction) })
	if err == nil {
		s.showLeft()
	}
	return err
}

// doomed returns the names of what there is anything to delete of: services, or the
// first stack of a directory.
func (s *session) doomed() (names []string) {
	for _, i := range s.items {
		if !i.destruction.HasChanges() {
			continue
		}
		name := i.name
		for _, step := range i.destruction.Steps {
			if name == "" && step.Action == apply.Delete && step.Subject.Kind == apply.StackSubject {
				name = step.Subject.Name
			}
		}
		for _, step := range i.destruction.Steps {
			if name == "" && step.Action == apply.Delete {
				name = step.Subject.Name
			}
		}
		names = append(names, name)
	}
	return names
}

// certain makes sure that a destruction can be done and that somebody wants it, who
// types the name.
func (s *session) certain(ctx context.Context, name string) error {
	s.working = true
	for _, i := range s.items {
		for _, step := range i.destruction.Steps {
			for _, why := range step.Blocked {
				i.err = errors.Join(i.err, &apply.Error{Subject: step.Subject, Message: why, Err: apply.ErrBlocked})
			}
		}
	}
	var errs []error
	for _, i := range s.items {
		errs = append(errs, i.err)
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	s.working = false
	if s.flags.yes {
		return nil
	}
	t := s.items[0].destruction.Target
	question := fmt.Sprintf("To delete this in account %s, region %s, type %s: ", t.Account, t.Region, escape(name))
	answer, err := s.question(ctx, question, "--yes")
	if err == nil && answer != name {
		err = errors.New("nothing is deleted: that is not " + name)
	}
	return err
}

// showLeft says what has not been deleted, and why.
func (s *session) showLeft() {
	for _, i := range s.items {
		for n, text := range i.destruction.Left {
			if s.stream != nil {
				break
			}
			if n == 0 {
				fmt.Fprintf(s.stdout, "%swhat stays:\n", escape(i.prefix()))
			}
			fmt.Fprintf(s.stdout, "    %s\n", escape(text))
		}
	}
}
