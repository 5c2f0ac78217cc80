package apply_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	cfntypes "github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	ecrtypes "github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/pipeline/apply"
	"github.com/seed-b1f00840/slipway/pipeline/apply/applytest"
)

// What an AWS in memory does not do: answers that lack something, come late, or say more
// than was to be expected.

// with returns an Applier of a cloud with some clients in other hands.
func with(cloud *applytest.Cloud, opts apply.Options, change func(*apply.Clients)) *apply.Applier {
	clients := cloud.Clients()
	change(&clients)
	opts.Clock = cloud.Clock()
	return apply.New(clients, opts)
}

type emptyPipelines struct{ apply.CodePipeline }

func (emptyPipelines) GetPipeline(context.Context, *codepipeline.GetPipelineInput, ...func(*codepipeline.Options)) (*codepipeline.GetPipelineOutput, error) {
	return new(codepipeline.GetPipelineOutput), nil
}

type emptyTasks struct{ apply.ECS }

func (emptyTasks) DescribeTaskDefinition(context.Context, *ecs.DescribeTaskDefinitionInput, ...func(*ecs.Options)) (*ecs.DescribeTaskDefinitionOutput, error) {
	return new(ecs.DescribeTaskDefinitionOutput), nil
}

// An answer without what was asked for is an error, and no crash.
func TestEmptyAnswers(t *testing.T) {
	cloud, _, b := delivered(t, apply.Options{})
	_, err := with(cloud, apply.Options{}, func(c *apply.Clients) { c.CodePipeline = emptyPipelines{c.CodePipeline} }).Plan(t.Context(), b)
	if err == nil || !strings.Contains(err.Error(), "codepipeline:GetPipeline: the answer has no pipeline") {
		t.Errorf("the error is %v", err)
	}
	if _, err := with(cloud, apply.Options{}, func(c *apply.Clients) { c.ECS = emptyTasks{c.ECS} }).Plan(t.Context(), b); err == nil {
		t.Error("there is no error")
	}
}

// moreChanges adds changes to those of a change set.
type moreChanges struct {
	apply.CloudFormation
	changes []cfntypes.Change
}

func (m moreChanges) DescribeChangeSet(ctx context.Context, in *cloudformation.DescribeChangeSetInput, opts ...func(*cloudformation.Options)) (*cloudformation.DescribeChangeSetOutput, error) {
	out, err := m.CloudFormation.DescribeChangeSet(ctx, in, opts...)
	if err == nil {
		out.Changes = append(out.Changes, m.changes...)
	}
	return out, err
}

// A change set that is made when the plan was agreed to may do no more than that says.
func TestChangeSetBeyondPlan(t *testing.T) {
	modified := func(resource, property, cause string, replacement cfntypes.Replacement) cfntypes.Change {
		d := cfntypes.ResourceChangeDetail{Target: &cfntypes.ResourceTargetDefinition{Attribute: cfntypes.ResourceAttributeProperties, Name: &property}}
		if cause != "" {
			d.CausingEntity = &cause
		}
		return cfntypes.Change{Type: cfntypes.ChangeTypeResource, ResourceChange: &cfntypes.ResourceChange{
			Action: cfntypes.ChangeActionModify, LogicalResourceId: &resource, ResourceType: aws.String("AWS::IAM::Role"),
			Replacement: replacement, Details: []cfntypes.ResourceChangeDetail{d},
		}}
	}
	removed := cfntypes.Change{Type: cfntypes.ChangeTypeResource, ResourceChange: &cfntypes.ResourceChange{
		Action: cfntypes.ChangeActionRemove, LogicalResourceId: aws.String("StartRole"), ResourceType: aws.String("AWS::IAM::Role"),
	}}
	for _, tt := range []struct {
		name string
		more []cfntypes.Change
		want string // of the error; empty is none
	}{
		{"no more", nil, ""},
		{"what follows from another change", []cfntypes.Change{modified("StartRole", "Policies", "Cluster", cfntypes.ReplacementFalse)}, ""},
		{"another resource", []cfntypes.Change{modified("StartRole", "Policies", "", cfntypes.ReplacementFalse)}, "StartRole (AWS::IAM::Role) Policies changes"},
		{"a replacement", []cfntypes.Change{modified("StartRole", "Path", "Cluster", cfntypes.ReplacementTrue)}, "StartRole (AWS::IAM::Role) has to be replaced"},
		{"a removal", []cfntypes.Change{removed}, "StartRole (AWS::IAM::Role) would delete"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cloud, _, b := delivered(t, apply.Options{})
			template(t, b, "platform.yml").Resource("Cluster").Set("CapacityProviders", cfn.Strings("FARGATE"))
			a := with(cloud, apply.Options{ReadOnly: true}, func(c *apply.Clients) { c.CloudFormation = moreChanges{c.CloudFormation, tt.more} })
			plan, err := a.Plan(t.Context(), b)
			if err != nil {
				t.Fatal(err)
			}
			before := cloud.Normalized()
			err = a.Apply(t.Context(), plan)
			if tt.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			wantError(t, err, "stack "+platformStack, "does more than was planned: "+tt.want)
			if diff := diffStates(before, cloud.Normalized()); diff != "" || !errors.Is(err, apply.ErrStale) {
				t.Errorf("the error is %v, and something has changed (-before +after):\n%s", err, diff)
			}
		})
	}
}

// slowList shows change sets for a while after they were deleted.
type slowList struct {
	apply.CloudFormation
	last map[string]*cloudformation.ListChangeSetsOutput // by stack
}

func (s *slowList) DeleteChangeSet(ctx context.Context, in *cloudformation.DeleteChangeSetInput, opts ...func(*cloudformation.Options)) (*cloudformation.DeleteChangeSetOutput, error) {
	if out, err := s.CloudFormation.ListChangeSets(ctx, &cloudformation.ListChangeSetsInput{StackName: in.StackName}); err == nil {
		s.last[*in.StackName] = out
	}
	return s.CloudFormation.DeleteChangeSet(ctx, in, opts...)
}

func (s *slowList) ListChangeSets(ctx context.Context, in *cloudformation.ListChangeSetsInput, opts ...func(*cloudformation.Options)) (*cloudformation.ListChangeSetsOutput, error) {
	if out := s.last[*in.StackName]; out != nil {
		return out, nil
	}
	return s.CloudFormation.ListChangeSets(ctx, in, opts...)
}

// The empty record of a stack goes also when its change set is still listed.
func TestRecordGoes(t *testing.T) {
	cloud := applytest.New(applytest.Options{})
	a := with(cloud, apply.Options{}, func(c *apply.Clients) {
		c.CloudFormation = &slowList{c.CloudFormation, make(map[string]*cloudformation.ListChangeSetsOutput)}
	})
	plan, err := a.Plan(t.Context(), minimal(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Discard(t.Context(), plan); err != nil {
		t.Fatal(err)
	}
	if s := cloud.Snapshot().Stacks; len(s) > 0 {
		t.Errorf("what is left: %+v", s)
	}
}

// A change set of whose making nobody ever heard is not left behind.
func TestChangeSetUnheard(t *testing.T) {
	cloud := applytest.New(applytest.Options{})
	cloud.Fail(applytest.Fault{Operation: "cloudformation:CreateChangeSet", Kind: applytest.LostResponse, Times: 9})
	_, err := on(cloud, apply.Options{}).Plan(t.Context(), minimal(t))
	wantError(t, err, "stack "+networkStack, "cloudformation:CreateChangeSet", "(9 attempts)", "run again, it goes on from here")
	if s := cloud.Snapshot().Stacks; len(s) > 0 {
		t.Errorf("what is left: %+v", s)
	}
}

// indexedImages refuses to delete images before the list that refers to them, which comes
// last.
type indexedImages struct {
	apply.ECR
	images []string
}

func (r *indexedImages) ListImages(_ context.Context, in *ecr.ListImagesInput, _ ...func(*ecr.Options)) (*ecr.ListImagesOutput, error) {
	const page = 100
	from := 0
	if in.NextToken != nil {
		from = page
	}
	out := new(ecr.ListImagesOutput)
	for _, digest := range r.images[min(from, len(r.images)):min(from+page, len(r.images))] {
		out.ImageIds = append(out.ImageIds, ecrtypes.ImageIdentifier{ImageDigest: &digest})
	}
	if from+page < len(r.images) {
		out.NextToken = aws.String("more")
	}
	return out, nil
}

func (r *indexedImages) BatchDeleteImage(_ context.Context, in *ecr.BatchDeleteImageInput, _ ...func(*ecr.Options)) (*ecr.BatchDeleteImageOutput, error) {
	out := new(ecr.BatchDeleteImageOutput)
	if len(in.ImageIds) > 100 {
		return nil, errors.New("too many")
	}
	for _, id := range in.ImageIds {
		digest := aws.ToString(id.ImageDigest)
		if digest != "list" && slices.Contains(r.images, "list") {
			out.Failures = append(out.Failures, ecrtypes.ImageFailure{ImageId: &id, FailureCode: ecrtypes.ImageFailureCodeImageReferencedByManifestList})
			continue
		}
		r.images = slices.DeleteFunc(r.images, func(d string) bool { return d == digest })
	}
	return out, nil
}

// Images to which a list of images refers go after it, on whatever page it is.
func TestDestroyManifestList(t *testing.T) {
	cloud, _, b := delivered(t, everythingGoes)
	images := new(indexedImages)
	for i := range 120 {
		images.images = append(images.images, "image-"+itoa(i))
	}
	images.images = append(images.images, "list")
	a := with(cloud, everythingGoes, func(c *apply.Clients) { images.ECR, c.ECR = c.ECR, images })
	if err := destroy(t.Context(), a, b); err == nil || !strings.Contains(err.Error(), "still contains images") { // those of the cloud
		t.Errorf("the error is %v", err)
	}
	if len(images.images) > 0 {
		t.Errorf("%d images are left", len(images.images))
	}
}

// A repository is emptied only when told, also one that would be with its stack.
func TestDestroyEmptyOnDelete(t *testing.T) {
	cloud, a, b := delivered(t, apply.Options{Allow: apply.Allow{EmptyBuckets: true}})
	template(t, b, "platform.yml").Resource("Repository").Set("EmptyOnDelete", cfn.Bool(true))
	if err := attempt(t, a, b); err != nil {
		t.Fatal(err)
	}
	if err := destroy(t.Context(), a, b); err == nil || !strings.Contains(err.Error(), "holds 1 image; allow to delete that with --delete-images") {
		t.Errorf("the error is %v", err)
	}
	if err := destroy(t.Context(), on(cloud, everythingGoes), b); err != nil {
		t.Error(err)
	}
}

// No tags are no tags, and nil are those that the stacks have.
func TestNoTags(t *testing.T) {
	cloud, _, b := delivered(t, apply.Options{Tags: map[string]string{"team": "web"}})
	planned(t, on(cloud, apply.Options{}), b, map[string]apply.Action{})
	none := on(cloud, apply.Options{Tags: map[string]string{}})
	mustApply(t, none, planned(t, none, b, map[string]apply.Action{
		"stack " + networkStack: apply.Update, "stack " + platformStack: apply.Update, "stack " + serviceStack: apply.Update,
	}))
	planned(t, none, b, map[string]apply.Action{})
}

// A default that changes is not taken by a stack that has a value already: that is told.
func TestDefaultIsNotTaken(t *testing.T) {
	cloud, a, b := delivered(t, apply.Options{})
	p := template(t, b, "platform.yml")
	p.Parameters = append(p.Parameters, &cfn.Parameter{Name: "Days", Type: "Number", Default: cfn.Int(7)})
	p.Resource("RepositoryUriParameter").Set("Description", cfn.Sub("for ${Days} days"))
	if err := attempt(t, a, b); err != nil {
		t.Fatal(err)
	}
	planned(t, a, b, map[string]apply.Action{})
	p.Parameters[len(p.Parameters)-1].Default = cfn.Int(30)
	plan := planned(t, a, b, map[string]apply.Action{})
	const want = "the parameter Days keeps 7; its default is 30: --parameter " + platformStack + ":Days=30"
	if !strings.Contains(plan.String(), want) {
		t.Errorf("the plan does not say %q:\n%s", want, plan)
	}
	given := on(cloud, apply.Options{Parameters: map[string]map[string]string{platformStack: {"Days": "30"}}})
	mustApply(t, given, planned(t, given, b, map[string]apply.Action{"stack " + platformStack: apply.Update}))
}

// meanwhile is a CloudFormation that lets something else happen before a change set is
// described for the first time.
type meanwhile struct {
	apply.CloudFormation
	do func()
}

func (m *meanwhile) DescribeChangeSet(ctx context.Context, in *cloudformation.DescribeChangeSetInput, opts ...func(*cloudformation.Options)) (*cloudformation.DescribeChangeSetOutput, error) {
	if do := m.do; do != nil {
		m.do = nil
		do()
	}
	return m.CloudFormation.DescribeChangeSet(ctx, in, opts...)
}

// Two who plan the same at the same time do not take each other's change sets away.
func TestTwoPlanners(t *testing.T) {
	cloud := applytest.New(applytest.Options{})
	cloud.Push(sourceRepository, sourceBranch)
	other := on(cloud, apply.Options{})
	looks := func() {
		plan, err := other.Plan(t.Context(), minimal(t))
		if err == nil {
			err = other.Discard(t.Context(), plan)
		}
		if err != nil {
			t.Error(err)
		}
	}
	a := with(cloud, apply.Options{}, func(c *apply.Clients) { c.CloudFormation = &meanwhile{c.CloudFormation, looks} })
	plan, err := a.Plan(t.Context(), minimal(t))
	if err != nil {
		t.Fatal(err)
	}
	looks()
	mustApply(t, a, plan)
}

// A change set that works on a service which the templates do not tell of keeps its number
// of tasks all the same.
func TestChangeSetTouchesMore(t *testing.T) {
	cloud, _, b := delivered(t, apply.Options{})
	cloud.Scale(cluster, serviceName, 5)
	cloud.Advance(10 * time.Minute)
	template(t, b, "service.yml").Add(&cfn.Resource{ID: "Note", Type: "AWS::SSM::Parameter", Properties: cfn.Object{
		cfn.Prop("Type", cfn.String("String")), cfn.Prop("Value", cfn.String("x")),
	}})
	more := []cfntypes.Change{{Type: cfntypes.ChangeTypeResource, ResourceChange: &cfntypes.ResourceChange{
		Action: cfntypes.ChangeActionModify, LogicalResourceId: aws.String("Service"), ResourceType: aws.String("AWS::ECS::Service"),
		Replacement: cfntypes.ReplacementFalse,
	}}}
	a := with(cloud, apply.Options{}, func(c *apply.Clients) { c.CloudFormation = moreChanges{c.CloudFormation, more} })
	if err := attempt(t, a, b); err != nil {
		t.Fatal(err)
	}
	if got := service(t, cloud).Desired; got != 5 {
		t.Errorf("5 tasks ran, %d run", got)
	}
}

// A nested stack that CloudFormation only looks through needs no permission.
func TestNestedStackIsTheSame(t *testing.T) {
	cloud, _, b := delivered(t, apply.Options{})
	template(t, b, "platform.yml").Resource("Cluster").Set("CapacityProviders", cfn.Strings("FARGATE"))
	for source, needs := range map[cfntypes.ChangeSource]int{cfntypes.ChangeSourceAutomatic: 0, cfntypes.ChangeSourceDirectModification: 1} {
		more := []cfntypes.Change{{Type: cfntypes.ChangeTypeResource, ResourceChange: &cfntypes.ResourceChange{
			Action: cfntypes.ChangeActionModify, LogicalResourceId: aws.String("Nested"), ResourceType: aws.String("AWS::CloudFormation::Stack"),
			Replacement: cfntypes.ReplacementFalse, Details: []cfntypes.ResourceChangeDetail{{
				ChangeSource: source, Evaluation: cfntypes.EvaluationTypeDynamic, Target: &cfntypes.ResourceTargetDefinition{Attribute: cfntypes.ResourceAttributeProperties},
			}},
		}}}
		a := with(cloud, apply.Options{}, func(c *apply.Clients) { c.CloudFormation = moreChanges{c.CloudFormation, more} })
		plan, err := a.Plan(t.Context(), b)
		if err != nil {
			t.Fatal(err)
		}
		if got := plan.Needs(); len(got) != needs {
			t.Errorf("%s: the plan needs %v", source, got)
		}
	}
}

// Nil events are for nobody, also of another Applier.
func TestWithoutEvents(t *testing.T) {
	cloud := applytest.New(applytest.Options{})
	cloud.Push(sourceRepository, sourceBranch)
	if err := attempt(t, on(cloud, apply.Options{}).WithEvents(nil), minimal(t)); err != nil {
		t.Error(err)
	}
}
