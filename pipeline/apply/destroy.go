package apply

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	ecrtypes "github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/seed-b1f00840/slipway/pipeline/apply/internal/fault"
)

// Destroy deletes what a destruction lists, step by step, and tells what happens as
// events. One with a step that is blocked is refused as a whole ([ErrBlocked]): nothing is
// deleted then. The first step that fails ends it; a new destruction goes on from there.
func (a *Applier) Destroy(ctx context.Context, d *Destruction) error {
	at, err := a.locate(ctx)
	if err != nil {
		return err
	}
	if at.Target != d.Target {
		return stale(fmt.Sprintf("the destruction is for account %s in %s, and the clients are in account %s in %s",
			d.Target.Account, d.Target.Region, at.Account, at.Region))
	}
	var todo []*Step
	var blocked []error
	for _, s := range d.Steps {
		blocked = append(blocked, s.refusals()...)
		if s.Action != Nothing {
			todo = append(todo, s)
		}
	}
	if len(blocked) > 0 {
		return errors.Join(blocked...)
	}
	r := &runner{Applier: a, place: at}
	for i, s := range todo {
		if err := r.step(ctx, i+1, len(todo), s); err != nil {
			return err
		}
	}
	return nil
}

// remove does a step of a destruction.
func (r *runner) remove(ctx context.Context, s *Step, w *removalWork) error {
	switch s.Subject.Kind {
	case PipelineSubject:
		_, err := do(ctx, r.Applier, call{op: "codepipeline:DeletePipeline", on: s.Subject.String()}, r.clients.CodePipeline.DeletePipeline,
			&codepipeline.DeletePipelineInput{Name: &s.Subject.Name})
		return err
	case TaskSubject:
		for _, arn := range w.revisions {
			_, err := do(ctx, r.Applier, call{op: "ecs:DeregisterTaskDefinition", on: arn}, r.clients.ECS.DeregisterTaskDefinition,
				&ecs.DeregisterTaskDefinitionInput{TaskDefinition: &arn})
			if err != nil && !(isUnsure(err) && hasCode(err, "ClientException", "InvalidParameterException")) { // it is inactive already
				return err
			}
		}
		return nil
	}
	for _, bucket := range w.buckets {
		if err := r.emptyBucket(ctx, bucket); err != nil {
			return err
		}
	}
	for _, repository := range w.images {
		if err := r.deleteImages(ctx, repository); err != nil {
			return err
		}
	}
	return r.deleteStack(ctx, w.stack, s.Subject.Name)
}

// emptyBucket deletes every version of every object of a bucket.
func (r *runner) emptyBucket(ctx context.Context, bucket string) error {
	limit := r.within(r.opts.Timeouts.Stack, "to empty bucket "+bucket)
	for total := 0; ; {
		out, err := do(ctx, r.Applier, call{op: "s3:ListObjectVersions", on: bucket}, r.clients.S3.ListObjectVersions,
			&s3.ListObjectVersionsInput{Bucket: &bucket, ExpectedBucketOwner: &r.place.Account})
		if hasCode(err, "NoSuchBucket") {
			return nil
		}
		if err != nil {
			return err
		}
		var ids []s3types.ObjectIdentifier
		for _, v := range out.Versions {
			ids = append(ids, s3types.ObjectIdentifier{Key: v.Key, VersionId: v.VersionId})
		}
		for _, m := range out.DeleteMarkers {
			ids = append(ids, s3types.ObjectIdentifier{Key: m.Key, VersionId: m.VersionId})
		}
		if len(ids) == 0 {
			if total > 0 {
				r.notef("%s of objects deleted from bucket %s", counted(total, "version"), bucket)
			}
			return nil
		}
		gone, err := do(ctx, r.Applier, call{op: "s3:DeleteObjects", on: bucket}, r.clients.S3.DeleteObjects, &s3.DeleteObjectsInput{
			Bucket: &bucket, Delete: &s3types.Delete{Objects: ids, Quiet: aws.Bool(true)}, ExpectedBucketOwner: &r.place.Account,
		})
		if err != nil {
			return err
		}
		if len(gone.Errors) > 0 {
			e := gone.Errors[0]
			return &Error{Resource: "s3://" + bucket + "/" + aws.ToString(e.Key), Call: "s3:DeleteObjects",
				Message: fmt.Sprintf("%s cannot be deleted: %s: %s", counted(len(gone.Errors), "object"), aws.ToString(e.Code), fault.Redact(aws.ToString(e.Message))),
				Remedy:  "see the bucket's policy and its object lock"}
		}
		total += len(ids)
		if err := limit.over(r.now()); err != nil { // somebody may write as fast
			return err
		}
	}
}

// deleteImages deletes every image of a repository.
func (r *runner) deleteImages(ctx context.Context, repository string) error {
	for total := 0; ; {
		ids, err := r.listImages(ctx, repository)
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			if total > 0 {
				r.notef("%s deleted from repository %s", counted(total, "image"), repository)
			}
			return nil
		}
		deleted := 0
		for batch := range slices.Chunk(ids, 100) { // as many as a call takes
			n, err := r.deleteBatch(ctx, repository, batch)
			if err != nil {
				return err
			}
			deleted += n
		}
		if deleted == 0 {
			return &Error{Resource: repository, Call: "ecr:BatchDeleteImage", Message: counted(len(ids), "image") + " cannot be deleted", Remedy: "delete them by hand"}
		}
		total += deleted
	}
}

// listImages returns the images of a repository, by what they are: to delete one takes all
// its tags with it.
func (r *runner) listImages(ctx context.Context, repository string) (ids []ecrtypes.ImageIdentifier, err error) {
	seen := make(map[string]bool)
	in := &ecr.ListImagesInput{RepositoryName: &repository}
	for {
		out, err := do(ctx, r.Applier, call{op: "ecr:ListImages", on: repository}, r.clients.ECR.ListImages, in)
		if hasCode(err, "RepositoryNotFoundException") {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		for _, id := range out.ImageIds {
			if digest := aws.ToString(id.ImageDigest); digest != "" && !seen[digest] {
				seen[digest] = true
				ids = append(ids, ecrtypes.ImageIdentifier{ImageDigest: id.ImageDigest})
			}
		}
		if in.NextToken = out.NextToken; aws.ToString(in.NextToken) == "" {
			return ids, nil
		}
	}
}

// deleteBatch deletes images, and returns how many are gone. One that others refer to
// stays, and goes after them.
func (r *runner) deleteBatch(ctx context.Context, repository string, ids []ecrtypes.ImageIdentifier) (int, error) {
	out, err := do(ctx, r.Applier, call{op: "ecr:BatchDeleteImage", on: repository}, r.clients.ECR.BatchDeleteImage,
		&ecr.BatchDeleteImageInput{RepositoryName: &repository, ImageIds: ids})
	if err != nil {
		return 0, err
	}
	gone := len(ids)
	for _, f := range out.Failures {
		switch f.FailureCode {
		case ecrtypes.ImageFailureCodeImageNotFound: // an attempt that nobody heard of has deleted it
		case ecrtypes.ImageFailureCodeImageReferencedByManifestList:
			gone--
		default:
			return 0, &Error{Resource: repository, Call: "ecr:BatchDeleteImage", Message: fmt.Sprintf("%s: %s", f.FailureCode, fault.Redact(aws.ToString(f.FailureReason)))}
		}
	}
	return gone, nil
}

// String returns the destruction as a text for a terminal, without colours.
func (d *Destruction) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "account %s, region %s\n\n", d.Target.Account, d.Target.Region)
	for _, s := range d.Steps {
		s.write(&b)
	}
	if len(d.Left) > 0 {
		b.WriteString("  what stays:\n")
		for _, text := range d.Left {
			fmt.Fprintf(&b, "      %s\n", text)
		}
		b.WriteByte('\n')
	}
	b.WriteString(d.Summary())
	b.WriteByte('\n')
	return b.String()
}

// Summary is the last line: "4 to delete", "nothing to delete".
func (d *Destruction) Summary() string {
	n, blocked := 0, 0
	for _, s := range d.Steps {
		if s.Action == Delete {
			n++
		}
		if len(s.Blocked) > 0 {
			blocked++
		}
	}
	switch {
	case n == 0:
		return "nothing to delete"
	case blocked > 0:
		return fmt.Sprintf("%d to delete; %d blocked, so that nothing is deleted", n, blocked)
	}
	return fmt.Sprintf("%d to delete", n)
}

// HasChanges reports whether there is anything to delete.
func (d *Destruction) HasChanges() bool {
	for _, s := range d.Steps {
		if s.Action != Nothing {
			return true
		}
	}
	return false
}

// JSON returns the destruction as indented JSON with a final newline.
func (d *Destruction) JSON() ([]byte, error) {
	type destruction Destruction
	return indented(struct {
		Version int    `json:"version"`
		Summary string `json:"summary"`
		*destruction
	}{1, d.Summary(), (*destruction)(d)})
}
