package applytest_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	gocmp "github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/pipeline/apply/applytest"
)

// The same happens the same way twice, to the last identifier.
func TestDeterministic(t *testing.T) {
	run := func() *applytest.State {
		w := delivered(t, nil)
		w.execution()
		w.deploy(serviceStack, loadMinimal(w.cloud).service, map[string]string{"DesiredCount": "2"})
		return w.cloud.Snapshot()
	}
	if diff := gocmp.Diff(run(), run()); diff != "" {
		t.Errorf("states mismatch (-first +second):\n%s", diff)
	}
}

// Clouds in which the same stands are equal when they are normalized, however it came about.
func TestNormalized(t *testing.T) {
	straight, winding := newWorld(t, applytest.Options{}), newWorld(t, applytest.Options{})
	winding.cloud.FailResource(applytest.ResourceFault{Stack: networkStack, Resource: "VPC", On: applytest.OnCreate})
	winding.deploy(networkStack, loadMinimal(winding.cloud).network, nil)
	must(0, winding.remove(networkStack))
	winding.gone(*winding.stack(networkStack).StackId)
	for _, w := range []*world{straight, winding} {
		w.cloud.Push(repository, "master")
		w.up(loadMinimal(w.cloud))
		w.execution()
	}
	if gocmp.Equal(straight.cloud.Snapshot(), winding.cloud.Snapshot()) {
		t.Error("the identifiers of a stack that was made twice are those of the first")
	}
	if diff := gocmp.Diff(straight.cloud.Normalized(), winding.cloud.Normalized()); diff != "" {
		t.Errorf("normalized states mismatch (-straight +winding):\n%s", diff)
	}
	// What is there twice is seen.
	must(winding.ECS.RegisterTaskDefinition(t.Context(), loadMinimal(winding.cloud).task))
	if gocmp.Equal(straight.cloud.Normalized(), winding.cloud.Normalized()) {
		t.Error("one revision more makes no difference")
	}
}

// Every call is told before and after, and kept.
func TestCalls(t *testing.T) {
	var told []string
	cloud := applytest.New(applytest.Options{OnCall: func(c applytest.Call) { told = append(told, fmt.Sprintf("%s done=%t", c, c.Done)) }})
	clients := cloud.Clients()
	_, _ = clients.CloudFormation.DescribeStacks(t.Context(), &cloudformation.DescribeStacksInput{StackName: aws.String("x")})
	_, _ = clients.ECS.RegisterTaskDefinition(t.Context(), webTask())
	_, _ = clients.CodePipeline.CreatePipeline(t.Context(), loadMinimal(cloud).pipeline)
	want := []string{
		"1 cloudformation:DescribeStacks x done=false", "1 cloudformation:DescribeStacks x ValidationError done=true",
		"2 ecs:RegisterTaskDefinition web done=false", "2 ecs:RegisterTaskDefinition web done=true",
		"3 codepipeline:CreatePipeline docker-cicd-pipeline done=false", "3 codepipeline:CreatePipeline docker-cicd-pipeline InvalidStructureException done=true",
	}
	if diff := gocmp.Diff(want, told); diff != "" {
		t.Errorf("calls mismatch (-want +got):\n%s", diff)
	}
	calls := cloud.Calls()
	if len(calls) != 3 || calls[0].Write || !calls[1].Write || !calls[2].Done {
		t.Errorf("got %+v", calls)
	}
	if !calls[1].Time.After(calls[0].Time) {
		t.Error("a call takes no time")
	}
}

// The operations that change something, of all that there are. The rest only reads.
func TestWrites(t *testing.T) {
	var writes []string
	for _, id := range applytest.Operations() {
		if applytest.Writes(id) {
			writes = append(writes, id)
		}
	}
	want := strings.Fields(`
cloudformation:CancelUpdateStack cloudformation:ContinueUpdateRollback cloudformation:CreateChangeSet cloudformation:DeleteChangeSet
cloudformation:DeleteStack cloudformation:ExecuteChangeSet codepipeline:CreatePipeline codepipeline:DeletePipeline
codepipeline:StartPipelineExecution codepipeline:TagResource codepipeline:UntagResource codepipeline:UpdatePipeline
ecr:BatchDeleteImage ecs:DeregisterTaskDefinition ecs:RegisterTaskDefinition ecs:TagResource ecs:UpdateService
s3:DeleteObject s3:DeleteObjects s3:PutObject`)
	if diff := gocmp.Diff(want, writes); diff != "" {
		t.Errorf("writes mismatch (-want +got):\n%s", diff)
	}
}

// Every operation that a client is asked for is there.
func TestOperationsComplete(t *testing.T) {
	for service, names := range applytest.Interfaces() {
		for _, name := range names {
			if !applytest.Has(service + ":" + name) {
				t.Errorf("applytest has no operation %s:%s", service, name)
			}
		}
	}
}

// The clock of the cloud does not wait, unless it is paced.
func TestClock(t *testing.T) {
	var paced time.Duration
	cloud := applytest.New(applytest.Options{
		Start: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC),
		Pace: func(_ context.Context, d time.Duration) error {
			paced += d
			if d == time.Hour {
				return errors.New("too long")
			}
			return nil
		},
	})
	if err := cloud.Clock().Sleep(t.Context(), time.Minute); err != nil || !cloud.Clock().Now().Equal(time.Date(2030, 1, 1, 0, 1, 0, 0, time.UTC)) {
		t.Errorf("got %v at %v", err, cloud.Now())
	}
	if err := cloud.Clock().Sleep(t.Context(), time.Hour); err == nil || err.Error() != "too long" || cloud.Now().Minute() != 1 {
		t.Errorf("got %v at %v, want the error of Pace and no time to pass", err, cloud.Now())
	}
	cloud.Advance(time.Minute)
	if paced != time.Hour+time.Minute || cloud.Now().Minute() != 2 {
		t.Errorf("paced %s until %v", paced, cloud.Now())
	}
}

// Many use a cloud at once.
func TestConcurrent(t *testing.T) {
	w := newWorld(t, applytest.Options{})
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			name := fmt.Sprint("stack", i)
			in := creation(name, "Resources: {Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: "+name+"}}}")
			out, err := w.CloudFormation.CreateChangeSet(t.Context(), in)
			if err != nil {
				t.Error(err)
				return
			}
			for range 5 {
				_ = w.clock.Sleep(t.Context(), time.Second)
			}
			if _, err := w.CloudFormation.ExecuteChangeSet(t.Context(), executeInput(out.Id)); err != nil {
				t.Error(err)
			}
			for range 20 {
				_ = w.clock.Sleep(t.Context(), time.Second)
				must(w.ECS.RegisterTaskDefinition(t.Context(), webTask()))
				w.cloud.Snapshot()
				w.cloud.Calls()
				w.cloud.Push("app", name)
			}
		})
	}
	group.Wait()
	for _, s := range w.cloud.Snapshot().Stacks {
		if s.Status != "CREATE_COMPLETE" {
			t.Errorf("%s is %s", s.Name, s.Status)
		}
	}
	last := must(w.ECS.DescribeTaskDefinition(t.Context(), &ecs.DescribeTaskDefinitionInput{TaskDefinition: aws.String("web")}))
	if last.TaskDefinition.Revision != 160 {
		t.Errorf("got revision %d, want 160", last.TaskDefinition.Revision)
	}
}

func BenchmarkMinimal(b *testing.B) {
	for b.Loop() {
		w := newWorld(b, applytest.Options{})
		w.cloud.Push(repository, "master")
		w.up(loadMinimal(w.cloud))
		w.execution()
	}
}
