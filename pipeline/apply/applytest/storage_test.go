package applytest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	ecrtypes "github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	gocmp "github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/pipeline/apply/applytest"
)

const stores = `
Resources:
  Old: {Type: AWS::S3::Bucket, Properties: {BucketName: store-old, VersioningConfiguration: {Status: Enabled}}}
  Plain: {Type: AWS::S3::Bucket, Properties: {BucketName: store-plain}}
  Images: {Type: AWS::ECR::Repository, Properties: {RepositoryName: images, ImageTagMutability: IMMUTABLE}}
`

// versions tells what stands in a bucket: key, marker or size, latest.
func (w *world) versions(bucket string, page int32) []string {
	w.t.Helper()
	var out []string
	for p := s3.NewListObjectVersionsPaginator(w.S3.(*s3.Client), &s3.ListObjectVersionsInput{Bucket: &bucket, MaxKeys: &page}); p.HasMorePages(); {
		got := must(p.NextPage(w.t.Context()))
		for _, v := range got.Versions {
			out = append(out, fmt.Sprintf("%s %d %t", *v.Key, *v.Size, *v.IsLatest))
		}
		for _, m := range got.DeleteMarkers {
			out = append(out, fmt.Sprintf("%s deleted %t", *m.Key, *m.IsLatest))
		}
	}
	return out
}

// Objects have versions and delete markers where the bucket has them.
func TestObjects(t *testing.T) {
	w := newWorld(t, applytest.Options{})
	w.deploy("stores", stores, nil)
	put := func(bucket, key, body string) *s3.PutObjectOutput {
		return must(w.S3.PutObject(t.Context(), &s3.PutObjectInput{
			Bucket: &bucket, Key: &key, Body: strings.NewReader(body), ExpectedBucketOwner: aws.String("123456789012"),
		}))
	}
	first := put("store-old", "a", "1")
	put("store-old", "a", "22")
	put("store-old", "b", "333")
	put("store-plain", "a", "1")
	put("store-plain", "a", "22")
	marker := must(w.S3.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: aws.String("store-old"), Key: aws.String("a")}))
	if first.VersionId == nil || !*marker.DeleteMarker || marker.VersionId == nil {
		t.Errorf("got version %v and marker %+v", first.VersionId, marker)
	}
	for _, size := range []int32{1000, 1, 2} {
		got := w.versions("store-old", size)
		slices.Sort(got)
		if diff := gocmp.Diff([]string{"a 1 false", "a 2 false", "a deleted true", "b 3 true"}, got); diff != "" {
			t.Errorf("page of %d: versions mismatch (-want +got):\n%s", size, diff)
		}
	}
	if diff := gocmp.Diff([]string{"a 2 true"}, w.versions("store-plain", 1000)); diff != "" {
		t.Errorf("versions mismatch (-want +got):\n%s", diff)
	}

	out := must(w.S3.DeleteObjects(t.Context(), &s3.DeleteObjectsInput{Bucket: aws.String("store-old"), Delete: &s3types.Delete{Objects: []s3types.ObjectIdentifier{
		{Key: aws.String("a"), VersionId: first.VersionId}, {Key: aws.String("a"), VersionId: marker.VersionId}, {Key: aws.String("none"), VersionId: aws.String("x")},
	}}}))
	if len(out.Deleted) != 3 || len(out.Errors) > 0 {
		t.Errorf("got %+v", out)
	}
	if diff := gocmp.Diff([]string{"a 2 true", "b 3 true"}, w.versions("store-old", 1000)); diff != "" {
		t.Errorf("versions mismatch (-want +got):\n%s", diff)
	}
}

// What S3 refuses: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
func TestObjectsRefuse(t *testing.T) {
	w := newWorld(t, applytest.Options{})
	w.deploy("stores", stores, nil)
	_, err := w.S3.ListObjectVersions(t.Context(), &s3.ListObjectVersionsInput{Bucket: aws.String("store-none")})
	checkAnswer(t, "NoSuchBucket: The specified bucket does not exist", err)
	_, err = w.S3.DeleteObject(t.Context(), &s3.DeleteObjectInput{
		Bucket: aws.String("store-old"), Key: aws.String("a"), ExpectedBucketOwner: aws.String("111122223333"),
	})
	checkAnswer(t, "AccessDenied: Access Denied", err)
	var many []s3types.ObjectIdentifier
	for i := range 1001 {
		many = append(many, s3types.ObjectIdentifier{Key: aws.String(fmt.Sprint(i))})
	}
	_, err = w.S3.DeleteObjects(t.Context(), &s3.DeleteObjectsInput{Bucket: aws.String("store-old"), Delete: &s3types.Delete{Objects: many}})
	checkAnswer(t, "MalformedXML: The XML you provided was not well-formed or did not validate against our published schema", err)
	_, err = w.S3.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("store-none"), Key: aws.String("a"), Body: strings.NewReader("x")})
	checkAnswer(t, "NoSuchBucket: The specified bucket does not exist", err)
}

// Images are listed by tag, and deleted by tag or by digest.
func TestImages(t *testing.T) {
	w := newWorld(t, applytest.Options{})
	w.deploy("stores", stores, nil)
	for i := range 5 {
		w.cloud.PushImage("images", fmt.Sprint("v", i))
	}
	list := func(repository string) ([]ecrtypes.ImageIdentifier, error) {
		var out []ecrtypes.ImageIdentifier
		for p := ecr.NewListImagesPaginator(w.ECR.(*ecr.Client), &ecr.ListImagesInput{RepositoryName: &repository, MaxResults: aws.Int32(2)}); p.HasMorePages(); {
			got, err := p.NextPage(t.Context())
			if err != nil {
				return nil, err
			}
			out = append(out, got.ImageIds...)
		}
		return out, nil
	}
	ids := must(list("images"))
	if len(ids) != 5 || *ids[4].ImageTag != "v4" || !strings.HasPrefix(*ids[0].ImageDigest, "sha256:") {
		t.Fatalf("got %v", ids)
	}
	out := must(w.ECR.BatchDeleteImage(t.Context(), &ecr.BatchDeleteImageInput{RepositoryName: aws.String("images"), ImageIds: []ecrtypes.ImageIdentifier{
		{ImageTag: aws.String("v0")}, {ImageDigest: ids[1].ImageDigest}, {ImageTag: aws.String("v9")},
	}}))
	if len(out.ImageIds) != 2 || len(out.Failures) != 1 || out.Failures[0].FailureCode != ecrtypes.ImageFailureCodeImageNotFound {
		t.Errorf("got %+v", out)
	}
	if got := len(must(list("images"))); got != 3 {
		t.Errorf("got %d images, want 3", got)
	}
	// A tag that moves leaves an image without any.
	w.deploy("more", "Resources: {Images: {Type: AWS::ECR::Repository, Properties: {RepositoryName: more}}}", nil)
	w.cloud.PushImage("more", "latest")
	w.cloud.PushImage("more", "latest")
	for status, want := range map[ecrtypes.TagStatus]int{ecrtypes.TagStatusTagged: 1, ecrtypes.TagStatusUntagged: 1, ecrtypes.TagStatusAny: 2} {
		in := &ecr.ListImagesInput{RepositoryName: aws.String("more"), Filter: &ecrtypes.ListImagesFilter{TagStatus: status}}
		if got := must(w.ECR.ListImages(t.Context(), in)).ImageIds; len(got) != want {
			t.Errorf("%s: got %v, want %d images", status, got, want)
		}
	}
	_, err := w.ECR.BatchDeleteImage(t.Context(), &ecr.BatchDeleteImageInput{
		RepositoryName: aws.String("images"), ImageIds: make([]ecrtypes.ImageIdentifier, 101),
	})
	checkAnswer(t, "InvalidParameterException: Invalid parameter at 'imageIds' failed to satisfy constraint: 'Member must have length less than or equal to 100'", err)
	_, err = list("none")
	checkAnswer(t, "RepositoryNotFoundException: The repository with name 'none' does not exist in the registry with id '123456789012'", err)
}

// A log is read from its end, or from its head, in pages whose last token repeats.
func TestLogs(t *testing.T) {
	w := serviceWorld(t, 0)
	w.deploy("logs", "Resources: {Logs: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: /web}}}", nil)
	in := webTask()
	in.ExecutionRoleArn = aws.String("role")
	in.ContainerDefinitions[0].LogConfiguration = &types.LogConfiguration{LogDriver: types.LogDriverAwslogs, Options: map[string]string{"awslogs-group": "/web", "awslogs-region": "us-east-1", "awslogs-stream-prefix": "app"}}
	must(w.ECS.RegisterTaskDefinition(t.Context(), in))
	w.cloud.ScriptTasks(applytest.Tasks{Log: []string{"one", "two", "three"}})
	w.deploy("service", webService, map[string]string{"Count": "1"})
	stream := w.logStream()
	get := func(limit int32, head bool, token *string) *cloudwatchlogs.GetLogEventsOutput {
		return must(w.Logs.GetLogEvents(t.Context(), &cloudwatchlogs.GetLogEventsInput{
			LogGroupName: aws.String("/web"), LogStreamName: &stream, Limit: &limit, StartFromHead: &head, NextToken: token,
		}))
	}
	words := func(out *cloudwatchlogs.GetLogEventsOutput) string {
		var all []string
		for _, e := range out.Events {
			all = append(all, *e.Message)
		}
		return strings.Join(all, " ")
	}
	tail := get(2, false, nil)
	if got := words(tail); got != "two three" {
		t.Errorf("got tail %q", got)
	}
	if got := words(get(2, false, tail.NextBackwardToken)); got != "one" {
		t.Errorf("got %q before the tail", got)
	}
	head := get(2, true, nil)
	rest := get(2, true, head.NextForwardToken)
	end := get(2, true, rest.NextForwardToken)
	if got := words(head) + "|" + words(rest) + "|" + words(end); got != "one two|three|" || *end.NextForwardToken != *rest.NextForwardToken {
		t.Errorf("got %q", got)
	}
	_, err := w.Logs.GetLogEvents(t.Context(), &cloudwatchlogs.GetLogEventsInput{LogGroupName: aws.String("/none"), LogStreamName: &stream})
	checkAnswer(t, "ResourceNotFoundException: The specified log group does not exist.", err)
	_, err = w.Logs.GetLogEvents(t.Context(), &cloudwatchlogs.GetLogEventsInput{LogGroupName: aws.String("/web"), LogStreamName: aws.String("none")})
	checkAnswer(t, "ResourceNotFoundException: The specified log stream does not exist.", err)
}

// logStream is the stream of the one task of the service.
func (w *world) logStream() string {
	w.t.Helper()
	task := must(w.ECS.ListTasks(w.t.Context(), &ecs.ListTasksInput{Cluster: aws.String("main")})).TaskArns[0]
	return "app/web/" + task[strings.LastIndex(task, "/")+1:]
}

// The caller is a user of the account.
func TestCaller(t *testing.T) {
	cloud := applytest.New(applytest.Options{Account: "111122223333", Region: "cn-north-1"})
	out := must(cloud.Clients().STS.GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{}))
	if *out.Account != "111122223333" || *out.Arn != "arn:aws-cn:iam::111122223333:user/developer" {
		t.Errorf("got %s %s", *out.Account, *out.Arn)
	}
}
