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
	stacks, err := p.standingStacks(ctx)
	if err != nil {
		return nil, err
	}
	why := stays(p.items, stacks)
	for _, item := range p.items.pipelines {
		if err := p.destroyPipeline(ctx, d, item, why); err != nil {
			return nil, about(Subject{PipelineSubject, item.definition.Name}, err)
		}
	}
	down := func(items []*stackItem) error {
		for _, item := range slices.Backward(items) {
			if err := p.destroyStack(ctx, d, item, stacks[item], why[item]); err != nil {
				return about(Subject{StackSubject, item.name}, err)
			}
		}
		return nil
	}
	ground := p.items.ground()
	if err := down(p.items.stacks[ground:]); err != nil {
		return nil, err
	}
	for _, item := range p.items.tasks {
		if err := p.destroyTask(ctx, d, item, why); err != nil {
			return nil, about(Subject{TaskSubject, item.definition.Family}, err)
		}
	}
	return d, down(p.items.stacks[:ground])
}

// A standingStack is a stack that there is, with the names of those that import from it.
type standingStack struct {
	live  *cfntypes.Stack
	users []string
}

// standingStacks reads the stacks of the bundle.
func (p *planner) standingStacks(ctx context.Context) (map[*stackItem]*standingStack, error) {
	all := make(map[*stackItem]*standingStack)
	for _, item := range p.items.stacks {
		live, err := p.settledStack(ctx, item.name)
		s := &standingStack{live: live}
		if err == nil && conditionOf(live) != absent {
			s.users, err = p.importers(ctx, live)
		}
		if err != nil {
			return nil, about(Subject{StackSubject, item.name}, err)
		}
		all[item] = s
	}
	return all, nil
}

// stays tells which stacks have to stay, and why: one from which a stack outside of the
// bundle imports, or one that stays; and where a stack with a service stays, what that
// stands on.
func stays(items *items, stacks map[*stackItem]*standingStack) map[*stackItem]string {
	byName := make(map[string]*stackItem)
	for _, item := range items.stacks {
		byName[item.name] = item
	}
	why := make(map[*stackItem]string)
	serving := ""
	for again := true; again; {
		again = false
		for i, item := range slices.Backward(items.stacks) {
			if why[item] != "" || conditionOf(stacks[item].live) == absent {
				continue
			}
			users := slices.DeleteFunc(slices.Clone(stacks[item].users), func(name string) bool {
				other := byName[name]
				return other != nil && why[other] == ""
			})
			switch {
			case len(users) > 0:
				why[item] = "other stacks import from it (" + strings.Join(users, ", ") + ")"
			case serving != "" && i < items.ground():
				why[item] = "the service of stack " + serving + " stays, and may stand on it"
			default:
				continue
			}
			again = true
			if len(item.services) > 0 {
				serving = item.name
			}
		}
	}
	return why
}

// keptBy returns why what belongs to some services has to stay: the stack of one stays.
func keptBy(services []*serviceItem, why map[*stackItem]string) string {
	for _, s := range services {
		if why[s.stack] != "" {
			return "the service of stack " + s.stack.name + " stays"
		}
	}
	return ""
}

// keep makes of a step one that does nothing.
func (d *Destruction) keep(step *Step, why string) {
	step.Action, step.Reason = Nothing, "stays: "+why
	d.Left = append(d.Left, step.Subject.String()+": "+why)
}

func (p *planner) destroyPipeline(ctx context.Context, d *Destruction, item *pipelineItem, why map[*stackItem]string) error {
	step := &Step{Subject: Subject{PipelineSubject, item.definition.Name}, Artifact: item.path, Action: Nothing, Reason: missing, work: &removalWork{}}
	live, err := p.getPipeline(ctx, item.definition.Name)
	switch kept := keptBy(item.services, why); {
	case live == nil:
	case kept != "":
		d.keep(step, kept)
	default:
		step.Action, step.Reason = Delete, ""
	}
	d.Steps = append(d.Steps, step)
	return err
}

func (p *planner) destroyTask(ctx context.Context, d *Destruction, item *taskItem, why map[*stackItem]string) error {
	w := &removalWork{}
	step := &Step{Subject: Subject{TaskSubject, item.definition.Family}, Artifact: item.path, Action: Nothing, Reason: "no active revision", work: w}
	d.Steps = append(d.Steps, step)
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
		if in.NextToken = out.NextToken; aws.ToString(in.NextToken) == "" {
			break
		}
	}
	switch kept := keptBy(item.services, why); {
	case len(w.revisions) == 0:
	case kept != "":
		d.keep(step, kept)
	default:
		step.Action, step.Reason = Delete, counted(len(w.revisions), "active revision")+" to deregister"
		d.Left = append(d.Left, fmt.Sprintf("inactive revisions of %s: ECS keeps them for what has run with them; they cost nothing", item.definition.Family))
	}
	return nil
}

func (p *planner) destroyStack(ctx context.Context, d *Destruction, item *stackItem, s *standingStack, why string) error {
	w := &removalWork{}
	step := &Step{Subject: Subject{StackSubject, item.name}, Artifact: item.path, Action: Nothing, Reason: missing, work: w}
	d.Steps = append(d.Steps, step)
	if conditionOf(s.live) == absent {
		return nil
	}
	if why != "" {
		d.keep(step, why)
		return nil
	}
	w.stack = aws.ToString(s.live.StackId)
	step.Action, step.Reason = Delete, "it is in "+string(s.live.StackStatus)
	if aws.ToBool(s.live.EnableTerminationProtection) {
		step.block("termination protection is on; %s", strings.ReplaceAll(remedyOf("TerminationProtection is enabled"), "NAME", item.name))
	}
	if conditionOf(s.live) == reviewed {
		return nil
	}
	return p.destroyResources(ctx, d, step, s.live)
}

// importers returns the stacks that import from a stack, sorted.
func (p *planner) importers(ctx context.Context, s *cfntypes.Stack) ([]string, error) {
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
			names = append(names, out.Imports...)
			if in.NextToken = out.NextToken; aws.ToString(in.NextToken) == "" {
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
		policy := deletionPolicy(declared)
		if policy == "Retain" || policy == "RetainExceptOnCreate" {
			c.Action = Nothing
			d.left(&c, "its template says so (DeletionPolicy)")
		} else if err := p.destroyContent(ctx, step, &c); err != nil {
			return err
		}
		switch {
		case policy == "Snapshot":
			d.Left = append(d.Left, fmt.Sprintf("a snapshot of %s (%s) %s, which costs: DeletionPolicy", c.Resource, c.Type, c.Physical))
		case c.Type == "AWS::CloudFormation::Stack":
			step.Notes = append(step.Notes, fmt.Sprintf("it is not seen what is in the nested stack %s: a bucket or repository there that holds anything keeps it from being deleted", c.Resource))
		case c.Type == "AWS::CodeBuild::Project" && c.Action == Delete && hasOwnLog(declared):
			d.Left = append(d.Left, fmt.Sprintf("the log group /aws/codebuild/%s: CodeBuild has made it at the first build, and it is in no stack", c.Physical))
		}
		step.Changes = append(step.Changes, c)
	}
	return nil
}

// hasOwnLog reports whether the builds of a project write to a log group that CodeBuild
// makes.
func hasOwnLog(project *cfn.Resource) bool {
	if project == nil {
		return false
	}
	status, _ := project.Get("LogsConfig.CloudWatchLogs.Status").(cfn.String)
	return status != "DISABLED" && project.Get("LogsConfig.CloudWatchLogs.GroupName") == nil
}

// left notes a resource that stays, and why.
func (d *Destruction) left(c *Change, why string) {
	d.Left = append(d.Left, fmt.Sprintf("%s (%s) %s: %s", c.Resource, c.Type, c.Physical, why))
}

// deletionPolicy returns what a template says of the deletion of a resource, or what
// CloudFormation takes when it says nothing.
// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
func deletionPolicy(r *cfn.Resource) string {
	if r == nil {
		return ""
	}
	if policy, ok := r.DeletionPolicy.(cfn.String); ok {
		return string(policy)
	}
	if r.Type == "AWS::RDS::DBCluster" || r.Type == "AWS::RDS::DBInstance" && r.Properties.Get("DBClusterIdentifier") == nil {
		return "Snapshot"
	}
	return "Delete"
}

// destroyContent says what a resource holds, and that it has to be allowed to delete
// that.
func (p *planner) destroyContent(ctx context.Context, step *Step, c *Change) error {
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
		if p.opts.Allow.EmptyBuckets { // also one that is empty: until then something may come
			w.buckets = append(w.buckets, c.Physical)
		}
		if n := len(out.Versions) + len(out.DeleteMarkers); n > 0 {
			c.Loss = atLeast(n, aws.ToBool(out.IsTruncated), "version", "of objects")
			if !p.opts.Allow.EmptyBuckets {
				step.block("%s (%s) holds %s; allow to delete that with --empty-bucket", c.Resource, c.Physical, c.Loss)
			}
		}
	case "AWS::ECR::Repository":
		out, err := do(ctx, p.Applier, call{op: "ecr:ListImages", on: c.Physical}, p.clients.ECR.ListImages, &ecr.ListImagesInput{RepositoryName: &c.Physical})
		if hasCode(err, "RepositoryNotFoundException") {
			return nil
		}
		if err != nil {
			return err
		}
		if p.opts.Allow.DeleteImages {
			w.images = append(w.images, c.Physical)
		}
		if n := len(out.ImageIds); n > 0 {
			c.Loss = atLeast(n, out.NextToken != nil, "image", "")
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
