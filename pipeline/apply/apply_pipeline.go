package apply

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	cptypes "github.com/aws/aws-sdk-go-v2/service/codepipeline/types"
)

// applyPipeline creates or updates a pipeline.
func (r *runner) applyPipeline(ctx context.Context, w *pipelineWork) error {
	declaration, tags, err := toPipelineDeclaration(w.item.definition)
	if err != nil {
		return err
	}
	if w.version == 0 {
		return r.createPipeline(ctx, w, declaration, tags)
	}
	if err := r.updatePipeline(ctx, w, declaration); err != nil || len(w.tags) == 0 {
		return err
	}
	in := &codepipeline.TagResourceInput{ResourceArn: aws.String(pipelineARN(r.place.Target, w.item.definition.Name))}
	for _, t := range w.tags {
		in.Tags = append(in.Tags, cptypes.Tag{Key: &t.Key, Value: aws.String(aws.ToString(t.Value))})
	}
	_, err = do(ctx, r.Applier, call{op: "codepipeline:TagResource", on: "pipeline " + w.item.definition.Name}, r.clients.CodePipeline.TagResource, in)
	return err
}

// updatePipeline updates a pipeline where it differs. Each update makes a version: one
// that may have been successful is not repeated blindly.
func (r *runner) updatePipeline(ctx context.Context, w *pipelineWork, declaration *cptypes.PipelineDeclaration) error {
	name := w.item.definition.Name
	limit := r.within(2*time.Minute, "the role of the pipeline")
	for attempt := 1; ; attempt++ {
		live, err := r.getPipeline(ctx, name)
		if err != nil {
			return err
		}
		if live == nil {
			return stale("the pipeline is gone")
		}
		differ, err := pipelineDifferences(fromPipelineDeclaration(live, nil), w.item.definition)
		if err != nil || len(differ) == 0 {
			return err
		}
		if attempt == 1 { // somebody else may have changed it since the plan was checked
			if err := samePipeline(w, live); err != nil {
				return err
			}
		}
		_, err = do(ctx, r.Applier, call{op: "codepipeline:UpdatePipeline", on: "pipeline " + name, once: true}, r.clients.CodePipeline.UpdatePipeline,
			&codepipeline.UpdatePipelineInput{Pipeline: declaration})
		if err != nil && isYoung(err) {
			if r.awaitRole(ctx, name, limit, attempt-1) != nil {
				return err
			}
			continue
		}
		if err == nil || !isUnsure(err) || attempt == attemptsOnce {
			return err
		}
		if err := r.retry(ctx, "codepipeline:UpdatePipeline", attempt, err); err != nil {
			return err
		}
	}
}

// createPipeline creates a pipeline. A role that was created a moment ago may not be
// known everywhere yet: that passes.
func (r *runner) createPipeline(ctx context.Context, w *pipelineWork, declaration *cptypes.PipelineDeclaration, tags []cptypes.Tag) error {
	name := w.item.definition.Name
	in := &codepipeline.CreatePipelineInput{Pipeline: declaration, Tags: tags}
	if w.first {
		in.Tags = append(in.Tags, cptypes.Tag{Key: aws.String(firstTag), Value: aws.String(firstValue)})
	}
	limit := r.within(2*time.Minute, "the role of the pipeline")
	for look := 0; ; look++ {
		_, err := do(ctx, r.Applier, call{op: "codepipeline:CreatePipeline", on: "pipeline " + name}, r.clients.CodePipeline.CreatePipeline, in)
		switch {
		case err == nil:
			return nil
		case hasCode(err, "PipelineNameInUseException"):
			return r.createdBefore(ctx, w, err)
		case !isYoung(err):
			return err
		}
		if r.awaitRole(ctx, name, limit, look) != nil {
			return err // what CodePipeline says is more than that it took too long
		}
	}
}

// isYoung reports whether a call was refused for a role that may have been created a
// moment ago.
func isYoung(err error) bool { return strings.Contains(err.Error(), "AssumeRole") }

// awaitRole waits before a pipeline is given a role again.
func (r *runner) awaitRole(ctx context.Context, pipeline string, limit deadline, look int) error {
	if look == 0 {
		r.emit(Waiting{Time: r.now(), Wait: WaitRole, For: "the role of pipeline " + pipeline + " to be known to CodePipeline", Upto: limit.limit})
	}
	return r.pause(ctx, limit, look)
}

// createdBefore accepts a pipeline that an attempt without an answer has created.
func (r *runner) createdBefore(ctx context.Context, w *pipelineWork, refused error) error {
	live, err := r.getPipeline(ctx, w.item.definition.Name)
	if err != nil || live == nil {
		return refused
	}
	differ, err := pipelineDifferences(fromPipelineDeclaration(live, nil), w.item.definition)
	if err != nil {
		return err
	}
	if len(differ) > 0 || !isUnsure(refused) {
		return stale("somebody else has created the pipeline")
	}
	return nil
}

// unique returns a token for a call that may be made again for the same subject by another
// run, which is then no repetition.
func (a *Applier) unique(seed string) string {
	return token(seed + a.now().String())
}

// token returns a token for the repetition of a call, the same for the same seed.
func token(seed string) string {
	sum := sha256.Sum256([]byte(seed))
	h := hex.EncodeToString(sum[:16])
	return fmt.Sprintf("%s-%s-%s-%s-%s", h[:8], h[8:12], h[12:16], h[16:20], h[20:])
}
