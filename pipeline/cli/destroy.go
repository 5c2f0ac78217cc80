package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
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

` + exits

func (p *program) destroyCommand() *cobra.Command {
	f := newApplyFlags()
	f.streams, f.lenient = true, true
	cmd := p.deliveryCommand(f, &cobra.Command{
		Use:   "destroy",
		Short: "Delete what apply has made",
		Long:  destroyLong,
		Example: "  " + p.name + " destroy --profile staging\n  " +
			p.name + " destroy deploy --yes --empty-bucket --delete-images --account 123456789012",
	}, p.destroy)
	flags := cmd.Flags()
	flags.BoolVarP(&f.yes, "yes", "y", false, "do not ask")
	flags.BoolVar(&f.options.Allow.EmptyBuckets, "empty-bucket", false, "delete what is in the buckets, in all versions")
	flags.BoolVar(&f.options.Allow.DeleteImages, "delete-images", false, "delete the images in the repositories")
	hide(cmd, "parameter", "tag", "count", "template-bucket")
	return cmd
}

// destroy does the command.
func (p *program) destroy(ctx context.Context, s *session) error {
	err := s.run(ctx, "looking", "nothing was deleted", func(ctx context.Context, a *apply.Applier, i *item) (err error) {
		i.destruction, err = a.PlanDestroy(ctx, i.b)
		return err
	})
	if err != nil {
		return err
	}
	s.announce(func(i *item) (string, []byte, error) {
		data, err := i.destruction.JSON()
		return i.destruction.String(), data, err
	})
	name := s.doomed()
	if name == "" {
		s.done("")
		return nil
	}
	if err := s.certain(ctx, name); err != nil {
		return err
	}
	err = s.do(ctx, "deleted", func(ctx context.Context, a *apply.Applier, i *item) error { return a.Destroy(ctx, i.destruction) })
	if err == nil {
		s.showLeft()
	}
	return err
}

// doomed returns what names all that is to be deleted: the services, or the directory of
// the delivery. It is empty when there is nothing.
func (s *session) doomed() string {
	var names []string
	for _, i := range s.items {
		switch {
		case !i.destruction.HasChanges():
		case i.from == nil:
			names = append(names, i.name)
		default:
			name := filepath.Base(i.from.dir)
			if escape(name) != name || name == string(filepath.Separator) { // nobody could type it
				name = i.destruction.Target.Account
			}
			names = append(names, name)
		}
	}
	return strings.Join(names, " ")
}

// certain makes sure that a destruction can be done and that somebody wants it, who
// types the name.
func (s *session) certain(ctx context.Context, name string) error {
	err := s.permitted(func(i *item) error {
		var errs []error
		for _, step := range i.destruction.Steps {
			for _, why := range step.Blocked {
				errs = append(errs, &apply.Error{Subject: step.Subject, Message: why, Err: apply.ErrBlocked})
			}
		}
		return errors.Join(errs...)
	})
	if err != nil || s.flags.yes {
		return err
	}
	t := s.items[0].destruction.Target
	question := fmt.Sprintf("To delete this in account %s, region %s, type %s: ", t.Account, t.Region, name)
	answer, err := s.question(ctx, question, "--yes")
	if err == nil && answer != name {
		err = &coded{errors.New("nothing is deleted: that is not " + name), codeDeclined}
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
