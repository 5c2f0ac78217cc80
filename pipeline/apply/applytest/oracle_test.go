package applytest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	gocmp "github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/internal/oracle"
	"github.com/seed-b1f00840/slipway/pipeline/apply"
	"github.com/seed-b1f00840/slipway/pipeline/apply/applytest"
)

// emulated returns clients of an emulator, with a connection for each call: ministack may
// close one that is kept while the next call is on its way.
func emulated(url string) apply.Clients {
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	return clientsOf(aws.Config{BaseEndpoint: &url, HTTPClient: client})
}

// What moto answers is what the cloud answers, where moto has it from AWS.
func TestMoto(t *testing.T) {
	if testing.Short() {
		t.Skip("starts an emulator")
	}
	moto := emulated(oracle.Moto(t).URL)
	cloud := applytest.New(applytest.Options{}).Clients()
	x := aws.String("none")
	tests := map[string]func(context.Context, apply.Clients) error{
		"DescribeStacks": func(ctx context.Context, c apply.Clients) error {
			_, err := c.CloudFormation.DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: x})
			return err
		},
		"DescribeTaskDefinition": func(ctx context.Context, c apply.Clients) error {
			_, err := c.ECS.DescribeTaskDefinition(ctx, &ecs.DescribeTaskDefinitionInput{TaskDefinition: x})
			return err
		},
		"DescribeServices": func(ctx context.Context, c apply.Clients) error {
			_, err := c.ECS.DescribeServices(ctx, &ecs.DescribeServicesInput{Cluster: x, Services: []string{"x"}})
			return err
		},
		"GetPipeline": func(ctx context.Context, c apply.Clients) error {
			_, err := c.CodePipeline.GetPipeline(ctx, &codepipeline.GetPipelineInput{Name: x})
			return err
		},
		"CreatePipeline": func(ctx context.Context, c apply.Clients) error {
			_, err := c.CodePipeline.CreatePipeline(ctx, loadMinimal(applytest.New(applytest.Options{})).pipeline)
			return err
		},
		"UpdatePipeline": func(ctx context.Context, c apply.Clients) error {
			_, err := c.CodePipeline.UpdatePipeline(ctx, &codepipeline.UpdatePipelineInput{
				Pipeline: loadMinimal(applytest.New(applytest.Options{})).pipeline.Pipeline,
			})
			return err
		},
		"DeletePipeline": func(ctx context.Context, c apply.Clients) error {
			_, err := c.CodePipeline.DeletePipeline(ctx, &codepipeline.DeletePipelineInput{Name: x})
			return err
		},
		"ListImages": func(ctx context.Context, c apply.Clients) error {
			_, err := c.ECR.ListImages(ctx, &ecr.ListImagesInput{RepositoryName: x})
			return err
		},
		"GetLogEvents": func(ctx context.Context, c apply.Clients) error {
			_, err := c.Logs.GetLogEvents(ctx, &cloudwatchlogs.GetLogEventsInput{LogGroupName: x, LogStreamName: x})
			return err
		},
		"ListObjectVersions": func(ctx context.Context, c apply.Clients) error {
			_, err := c.S3.ListObjectVersions(ctx, &s3.ListObjectVersionsInput{Bucket: x})
			return err
		},
		"DeleteObjects": func(ctx context.Context, c apply.Clients) error {
			_, err := c.S3.DeleteObjects(ctx, &s3.DeleteObjectsInput{
				Bucket: x, Delete: &s3types.Delete{Objects: []s3types.ObjectIdentifier{{Key: x}}},
			})
			return err
		},
	}
	for name, call := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := gocmp.Diff(answer(call(t.Context(), moto)), answer(call(t.Context(), cloud))); diff != "" {
				t.Errorf("answer mismatch (-moto +cloud):\n%s", diff)
			}
		})
	}
	t.Run("RegisterTaskDefinition", func(t *testing.T) {
		in := loadMinimal(applytest.New(applytest.Options{})).task
		want := must(moto.ECS.RegisterTaskDefinition(t.Context(), in)).TaskDefinition
		got := must(cloud.ECS.RegisterTaskDefinition(t.Context(), in)).TaskDefinition
		// What moto does not do: units, and what is about the registration itself.
		want.Cpu, want.Memory, got.RegisteredAt, got.RegisteredBy, got.RequiresAttributes = got.Cpu, got.Memory, nil, nil, nil
		if diff := gocmp.Diff(plain(t, want), plain(t, got)); diff != "" {
			t.Errorf("task definition mismatch (-moto +cloud):\n%s", diff)
		}
	})
}

// plain is an answer as JSON without what is empty, with one number in place of each id and time.
func plain(t *testing.T, v any) any {
	t.Helper()
	data := must(json.Marshal(v))
	var out any
	if err := json.Unmarshal(data, &out); err != nil {
		t.Fatal(err)
	}
	return prune(out)
}

var unstable = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT[0-9:.]+Z|\b\d{12}\b`)

func prune(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, e := range v {
			if e = prune(e); e == nil || e == "" || e == false || e == 0.0 || fmt.Sprint(e) == "[]" || fmt.Sprint(e) == "map[]" {
				delete(v, k)
			} else {
				v[k] = e
			}
		}
	case []any:
		for i, e := range v {
			v[i] = prune(e)
		}
	case string:
		return unstable.ReplaceAllString(v, "*")
	}
	return v
}

// The life of a stack by change sets is the one that ministack shows.
func TestMinistack(t *testing.T) {
	if testing.Short() {
		t.Skip("starts an emulator")
	}
	ministack := emulated(oracle.Ministack(t).URL)
	near := newWorld(t, applytest.Options{})
	tell := func(clients apply.Clients, sleep func()) map[string]any {
		w := &world{t: t, Clients: clients, clock: sleeper(sleep)}
		out := map[string]any{}
		body := "Resources: {Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: one}}}\nOutputs: {Name: {Value: !GetAtt Topic.TopicName, Export: {Name: shared}}}"
		set := w.plan(creation("stack", body))
		out["created"] = []any{set.Status, set.ExecutionStatus, len(set.Changes), set.Changes[0].ResourceChange.Action, *set.Changes[0].ResourceChange.LogicalResourceId}
		out["review"] = w.stack("stack").StackStatus
		must(clients.CloudFormation.ExecuteChangeSet(t.Context(), executeInput(set.ChangeSetId)))
		out["status"] = w.settled("stack")
		s := w.stack("stack")
		out["outputs"] = []any{*s.Outputs[0].OutputKey, *s.Outputs[0].OutputValue, *s.Outputs[0].ExportName}
		in := change("stack", body)
		in.ChangeSetName = aws.String("other") // ministack does not give the name of an executed one again
		none := w.plan(in)
		out["unchanged"] = []any{none.Status, none.ExecutionStatus, aws.ToString(none.StatusReason)}
		_, err := clients.CloudFormation.DescribeChangeSet(t.Context(), &cloudformation.DescribeChangeSetInput{
			StackName: aws.String("stack"), ChangeSetName: aws.String("none"),
		})
		out["none"] = answer(err)
		must(0, w.remove("stack"))
		out["gone"] = w.gone(*s.StackId)
		_, err = clients.CloudFormation.DescribeStacks(t.Context(), &cloudformation.DescribeStacksInput{StackName: aws.String("stack")})
		out["after"] = answer(err)
		return out
	}
	want := tell(ministack, func() { time.Sleep(20 * time.Millisecond) })
	got := tell(near.Clients, func() { near.cloud.Advance(5 * time.Second) })
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("life of a stack mismatch (-ministack +cloud):\n%s", diff)
	}
}

// sleeper is a clock whose sleep is something else.
type sleeper func()

func (sleeper) Now() time.Time { return time.Time{} }

func (f sleeper) Sleep(context.Context, time.Duration) error {
	f()
	return nil
}
