package apply_test

import (
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/pipeline/apply"
	"github.com/seed-b1f00840/slipway/pipeline/apply/applytest"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
)

// padding makes a template larger than a call can carry.
var padding = cfn.Prop("Padding", cfn.String(strings.Repeat("0123456789 ", 5000)))

// enlarge makes a template of a bundle larger than a call can carry.
func enlarge(t *testing.T, b *bundle.Bundle, file string) {
	t.Helper()
	n := template(t, b, file)
	n.Metadata = append(n.Metadata, padding)
}

// A strictS3 is an S3 in which every call says whose bucket it means: one of that name
// may be somebody else's.
type strictS3 struct {
	apply.S3
	t *testing.T
}

func (s strictS3) check(owner *string, op string) {
	if aws.ToString(owner) != "123456789012" {
		s.t.Errorf("%s goes to whoever has the bucket", op)
	}
}

func (s strictS3) PutObject(ctx context.Context, in *s3.PutObjectInput, opts ...func(*s3.Options)) (*s3.PutObjectOutput, error) {
	s.check(in.ExpectedBucketOwner, "PutObject")
	return s.S3.PutObject(ctx, in, opts...)
}

func (s strictS3) DeleteObject(ctx context.Context, in *s3.DeleteObjectInput, opts ...func(*s3.Options)) (*s3.DeleteObjectOutput, error) {
	s.check(in.ExpectedBucketOwner, "DeleteObject")
	return s.S3.DeleteObject(ctx, in, opts...)
}

func (s strictS3) DeleteObjects(ctx context.Context, in *s3.DeleteObjectsInput, opts ...func(*s3.Options)) (*s3.DeleteObjectsOutput, error) {
	s.check(in.ExpectedBucketOwner, "DeleteObjects")
	return s.S3.DeleteObjects(ctx, in, opts...)
}

func (s strictS3) ListObjectVersions(ctx context.Context, in *s3.ListObjectVersionsInput, opts ...func(*s3.Options)) (*s3.ListObjectVersionsOutput, error) {
	s.check(in.ExpectedBucketOwner, "ListObjectVersions")
	return s.S3.ListObjectVersions(ctx, in, opts...)
}

func TestBucketOwner(t *testing.T) {
	cloud, _, b := delivered(t, apply.Options{})
	clients := cloud.Clients()
	clients.S3 = strictS3{clients.S3, t}
	opts := everythingGoes
	opts.Clock = cloud.Clock()
	a := apply.New(clients, opts)
	enlarge(t, b, "network.yml")
	template(t, b, "network.yml").Resource("SecurityGroup").Set("SecurityGroupIngress[0].CidrIp", cfn.String("10.0.0.0/8"))
	if err := attempt(t, a, b); err != nil {
		t.Fatal(err)
	}
	d, err := a.PlanDestroy(t.Context(), b)
	if err == nil {
		err = a.Destroy(t.Context(), d)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// A large template goes through the artifact bucket, and does not stay there.
func TestLargeTemplate(t *testing.T) {
	t.Run("update", func(t *testing.T) {
		cloud, a, b := delivered(t, apply.Options{})
		before := len(cloud.Snapshot().Buckets[0].Objects)
		enlarge(t, b, "network.yml")
		template(t, b, "network.yml").Resource("SecurityGroup").Set("SecurityGroupIngress[0].CidrIp", cfn.String("10.0.0.0/8"))
		calls := len(cloud.Calls())
		if err := attempt(t, a, b); err != nil {
			t.Fatal(err)
		}
		if ops := strings.Join(writes(cloud, calls), " "); !strings.HasPrefix(ops, "s3:PutObject cloudformation:CreateChangeSet s3:DeleteObject ") {
			t.Errorf("it calls %s", ops)
		}
		if after := len(cloud.Snapshot().Buckets[0].Objects); after != before {
			t.Errorf("the bucket had %d versions of objects and has %d", before, after)
		}
	})
	t.Run("before there is a bucket", func(t *testing.T) {
		cloud := applytest.New(applytest.Options{})
		b := minimal(t)
		enlarge(t, b, "network.yml")
		err := attempt(t, on(cloud, apply.Options{}), b)
		wantError(t, err, "stack "+networkStack, "network.yml", "a call takes 51200", "does not exist yet", "--template-bucket")
		if s := cloud.Snapshot().Stacks; len(s) > 0 {
			t.Errorf("the stacks are %+v", s)
		}
	})
	t.Run("with a bucket of one's own", func(t *testing.T) {
		cloud := applytest.New(applytest.Options{})
		cloud.Push(sourceRepository, sourceBranch)
		own := minimal(t, "network.yml")
		own.Artifacts[0].Stack = "templates"
		n := template(t, own, "network.yml")
		n.Resources = []*cfn.Resource{{ID: "Bucket", Type: "AWS::S3::Bucket", Properties: cfn.Object{cfn.Prop("BucketName", cfn.String("my-templates"))}}}
		n.Outputs = nil
		if err := attempt(t, on(cloud, apply.Options{}), own); err != nil {
			t.Fatal(err)
		}
		b := minimal(t)
		enlarge(t, b, "network.yml")
		enlarge(t, b, "platform.yml")
		if err := attempt(t, on(cloud, apply.Options{TemplateBucket: "my-templates"}), b); err != nil {
			t.Fatal(err)
		}
	})
}
