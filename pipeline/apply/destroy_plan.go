package apply

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	cfntypes "github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
)

// A Destruction is what is removed when a bundle is removed from an account, in the
// order in which that happens. It prints as text ([Destruction.String]) and as JSON
// ([Destruction.JSON]). Its fields are for reading.
type Destruction struct {
	Target bundle.Target `json:"target"`
	Caller string        `json:"caller"`
	Steps  []*Step       `json:"steps"` // of which some have nothing to do
	// Left is what stays, and why.
	Left []string `json:"left,omitempty"`
}

// removalWork is the work of a step that removes something.
type removalWork struct {
	stack     string // id
	buckets   []string
	images    []string // repositories
	revisions []string // ARNs
}

// PlanDestroy says what has to be deleted so that nothing of the bundle is left. It
// writes nothing. What holds data is blocked unless [Allow.EmptyBuckets] or
// [Allow.DeleteImages] says that it may go; a stack whose exports others import stays.
func (a *Applier) PlanDestroy(ctx context.Context, b *bundle.Bundle) (*Destruction, error) {
	p, err := a.begun(ctx, b)
	if err != nil {
		return nil, err
	}
	d := &Destruction{Target: p.place.Target, Caller: p.place.caller}
	for _, item := range p.items.pipelines {
		if err := p.destroyPipeline(ctx, d, item); err != nil {
			return nil, about(Subject{PipelineSubject, item.definition.Name}, err)
		}
	}
	stacks := func(items []*stackItem) error {
		for _, item := range slices.Backward(items) {
			if err := p.destroyStack(ctx, d, item); err != nil {
				return about(Subject{StackSubject, item.name}, err)
			}
		}
		return nil
	}
	if err := stacks(p.items.services); err != nil {
		return nil, err
	}
	for _, item := range p.items.tasks {
		if err := p.destroyTask(ctx, d, item); err != nil {
			return nil, about(Subject{TaskSubject, item.definition.Family}, err)
		}
	}
	return d, stacks(p.items.ground)
}

func (p *planner) destroyPipeline(ctx context.Context, d *Destruction, item *pipelineItem) error {
	step := &Step{Subject: Subject{PipelineSubject, item.definition.Name}, Artifact: item.path, Action: Nothing, Reason: missing, work: &removalWork{}}
	out, err := p.getPipeline(ctx, item.definition.Name)
	if out != nil {
		step.Action, step.Reason = Delete, ""
	}
	d.Steps = append(d.Steps, step)
	return err
}

func (p *planner) destroyTask(ctx context.Context, d *Destruction, item *taskItem) error {
	w := &removalWork{}
	step := &Step{Subject: Subject{TaskSubject, item.definition.Family}, Artifact: item.path, Action: Nothing, Reason: "no active revision", work: w}
	in := &ecs.ListTaskDefinitionsInput{FamilyPrefix: &item.definition.Family, Status: ecstypes.TaskDefinitionStatusActive}
	for {
		out, err := do(ctx, p.Applier, call{op: "ecs:ListTaskDefinitions", on: step.Subject.String()}, p.clients.ECS.ListTaskDefinitions, in)
		if err != nil {
			return err
		}
		for _, arn := range out.TaskDefinitionArns {
			if family(arn) == item.definition.Family { // the prefix fits others too
				w.revisions = append(w.revisions, arn)
			}
		}
		if in.NextToken = out.NextToken; in.NextToken == nil {
			break
		}
	}
	if n := len(w.revisions); n > 0 {
		step.Action, step.Reason = Delete, counted(n, "active revision")+" to deregister"
		d.Left = append(d.Left, fmt.Sprintf("inactive revisions of %s: ECS keeps them for what has run with them; they cost nothing", item.definition.Family))
	}
	d.Steps = append(d.Steps, step)
	return nil
}

func (p *planner) destroyStack(ctx context.Context, d *Destruction, item *stackItem) error {
	w := &removalWork{}
	step := &Step{Subject: Subject{StackSubject, item.name}, Artifact: item.path, Action: Nothing, Reason: missing, work: w}
	live, err := p.settledStack(ctx, item.name)
	if err != nil {
		return err
	}
	d.Steps = append(d.Steps, step)
	if conditionOf(live) == absent {
		return nil
	}
	w.stack = aws.ToString(live.StackId)
	step.Action, step.Reason = Delete, "it is in "+string(live.StackStatus)
	if aws.ToBool(live.EnableTerminationProtection) {
		step.block("termination protection is on; %s", strings.ReplaceAll(remedyOf("TerminationProtection is enabled"), "NAME", item.name))
	}
	users, err := p.importers(ctx, live)
	if err != nil {
		return err
	}
	if len(users) > 0 {
		step.Action, step.Reason = Nothing, "stays: other stacks import from it ("+strings.Join(users, ", ")+")"
		d.Left = append(d.Left, "stack "+item.name+": "+step.Reason[len("stays: "):])
		return nil
	}
	if conditionOf(live) == reviewed {
		return nil
	}
	return p.destroyResources(ctx, d, step, live)
}

// importers returns the stacks outside of the bundle that import from a stack, sorted.
func (p *planner) importers(ctx context.Context, s *cfntypes.Stack) ([]string, error) {
	ours := make(map[string]bool)
	for _, item := range slices.Concat(p.items.ground, p.items.services) {
		ours[item.name] = true
	}
	var names []string
	for _, o := range s.Outputs {
		if o.ExportName == nil {
			continue
		}
		in := &cloudformation.ListImportsInput{ExportName: o.ExportName}
		for {
			out, err := do(ctx, p.Applier, call{op: "cloudformation:ListImports", on: "export " + *o.ExportName}, p.clients.CloudFormation.ListImports, in)
			if says(err, "ValidationError", "not imported") {
				break
			}
			if err != nil {
				return nil, err
			}
			for _, name := range out.Imports {
				if !ours[name] {
					names = append(names, name)
				}
			}
			if in.NextToken = out.NextToken; in.NextToken == nil {
				break
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

// destroyResources adds the resources of a stack to the step that deletes it, with what
// they hold.
func (p *planner) destroyResources(ctx context.Context, d *Destruction, step *Step, live *cfntypes.Stack) error {
	text, err := p.template(ctx, aws.ToString(live.StackId))
	if err != nil {
		return err
	}
	template, err := cfn.ParseLax(aws.ToString(live.StackName), []byte(text))
	if err != nil {
		template = new(cfn.Template)
	}
	list, err := p.resources(ctx, aws.ToString(live.StackId))
	if err != nil {
		return err
	}
	for _, r := range list {
		c := Change{Action: Delete, Resource: aws.ToString(r.LogicalResourceId), Type: aws.ToString(r.ResourceType), Physical: aws.ToString(r.PhysicalResourceId)}
		if r.ResourceStatus == cfntypes.ResourceStatusDeleteComplete || c.Physical == "" {
			continue
		}
		declared := template.Resource(c.Resource)
		if isKept(declared) {
			c.Action = Nothing
			d.Left = append(d.Left, fmt.Sprintf("%s (%s) %s: its template says so (DeletionPolicy)", c.Resource, c.Type, c.Physical))
		} else if err := p.destroyContent(ctx, step, &c, declared); err != nil {
			return err
		}
		step.Changes = append(step.Changes, c)
	}
	return nil
}

func isKept(r *cfn.Resource) bool {
	if r == nil {
		return false
	}
	policy, _ := r.DeletionPolicy.(cfn.String)
	return policy == "Retain" || policy == "RetainExceptOnCreate"
}

// destroyContent says what a resource holds, and that it has to be allowed to delete
// that.
func (p *planner) destroyContent(ctx context.Context, step *Step, c *Change, declared *cfn.Resource) error {
	w := step.work.(*removalWork)
	switch c.Type {
	case "AWS::S3::Bucket":
		out, err := do(ctx, p.Applier, call{op: "s3:ListObjectVersions", on: c.Physical}, p.clients.S3.ListObjectVersions,
			&s3.ListObjectVersionsInput{Bucket: &c.Physical, ExpectedBucketOwner: &p.place.Account})
		if hasCode(err, "NoSuchBucket") {
			return nil
		}
		if err != nil {
			return err
		}
		if n := len(out.Versions) + len(out.DeleteMarkers); n > 0 {
			c.Loss = atLeast(n, aws.ToBool(out.IsTruncated), "version", "of objects")
			w.buckets = append(w.buckets, c.Physical)
			if !p.opts.Allow.EmptyBuckets {
				step.block("%s (%s) holds %s; allow to delete that with --empty-bucket", c.Resource, c.Physical, c.Loss)
			}
		}
	case "AWS::ECR::Repository":
		if declared != nil && declared.Properties.Get("EmptyOnDelete") == cfn.Bool(true) {
			return nil
		}
		out, err := do(ctx, p.Applier, call{op: "ecr:ListImages", on: c.Physical}, p.clients.ECR.ListImages, &ecr.ListImagesInput{RepositoryName: &c.Physical})
		if hasCode(err, "RepositoryNotFoundException") {
			return nil
		}
		if err != nil {
			return err
		}
		if n := len(out.ImageIds); n > 0 {
			c.Loss = atLeast(n, out.NextToken != nil, "image", "")
			w.images = append(w.images, c.Physical)
			if !p.opts.Allow.DeleteImages {
				step.block("%s (%s) holds %s; allow to delete that with --delete-images", c.Resource, c.Physical, c.Loss)
			}
		}
	default:
		if what := holds[c.Type]; what != "" && c.Type != "AWS::ECS::Cluster" && !strings.HasPrefix(c.Type, "AWS::EC2::") {
			c.Loss = what
		}
	}
	return nil
}

// atLeast is "3 images", or "more than 1000 versions of objects".
func atLeast(n int, more bool, what, of string) string {
	if n != 1 {
		what += "s"
	}
	text := strings.TrimSpace(fmt.Sprintf("%d %s %s", n, what, of))
	if more {
		return "more than " + text
	}
	return text
}
