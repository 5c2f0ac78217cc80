package rehearse

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/seed-b1f00840/slipway/pipeline"
)

// source copies the source to its artifact.
func (r *rehearsal) source(ctx context.Context, a *pipeline.Action, out *Action) error {
	c := a.Configuration
	branch := firstNonEmpty(c["BranchName"], c["Branch"], "main")
	out.Variables = []Variable{{"CommitId", r.opts.Commit}, {"BranchName", branch}, {"CommitMessage", commitMessage},
		{"AuthorDate", r.now().Format(time.RFC3339)}, {"CommitterDate", r.now().Format(time.RFC3339)}}
	switch a.ActionTypeID.Provider {
	case "CodeCommit":
		out.Variables = append(out.Variables, Variable{"RepositoryName", c["RepositoryName"]})
	case "CodeStarSourceConnection":
		out.Variables = append(out.Variables, Variable{"FullRepositoryName", c["FullRepositoryId"]}, Variable{"ConnectionArn", c["ConnectionArn"]},
			Variable{"AuthorDisplayName", "Rehearsal"}, Variable{"ProviderType", "GitHub"})
	case "S3":
		out.Variables = []Variable{{"VersionId", r.opts.Commit}, {"ETag", r.opts.Commit}, {"BucketName", c["S3Bucket"]}, {"ObjectKey", c["S3ObjectKey"]}}
	case "ECR":
		return r.imageSource(a, out)
	}
	for _, o := range a.OutputArtifacts {
		src := r.opts.Sources[o.Name]
		if src == nil {
			src = r.opts.Source
		}
		if src == nil {
			return fmt.Errorf("there is no source for the artifact %s: set Options.Source", o.Name)
		}
		dir, err := r.newArtifact(o.Name)
		if err != nil {
			return err
		}
		t := &tree{what: "the source", maxFiles: r.opts.MaxFiles, maxBytes: r.opts.MaxBytes}
		if err := t.copy(ctx, src, r.root, dir); err != nil {
			return err
		}
		files, err := list(r.root, dir, false)
		if err != nil {
			return err
		}
		out.Notes = append(out.Notes, t.notes...)
		r.artifacts[o.Name] = dir
		r.clone[o.Name] = c["OutputArtifactFormat"] == "CODEBUILD_CLONE_REF"
		out.Artifacts = append(out.Artifacts, Artifact{Name: o.Name, Files: files})
	}
	return nil
}

// imageSource hands on the imageDetail.json of an image that was pushed before.
func (r *rehearsal) imageSource(a *pipeline.Action, out *Action) error {
	name, tag := a.Configuration["RepositoryName"], firstNonEmpty(a.Configuration["ImageTag"], "latest")
	digest := digestOf(name, tag)
	uri := r.registry() + "/" + name + "@" + digest
	out.Variables = []Variable{{"ImageDigest", digest}, {"ImageTag", tag}, {"ImageURI", uri}, {"RegistryId", r.target.Account}, {"RepositoryName", name}}
	for _, o := range a.OutputArtifacts {
		dir, err := r.newArtifact(o.Name)
		if err != nil {
			return err
		}
		detail := fmt.Sprintf(`{"ImageDigest":%q,"ImageTags":[%q],"ImageURI":%q,"RegistryId":%q,"RepositoryName":%q,"Version":"1.0"}`,
			digest, tag, uri, r.target.Account, name)
		if err := r.root.WriteFile(filepath.Join(dir, "imageDetail.json"), []byte(detail), 0o666); err != nil {
			return err
		}
		files, err := list(r.root, dir, true)
		if err != nil {
			return err
		}
		r.artifacts[o.Name] = dir
		out.Artifacts = append(out.Artifacts, Artifact{Name: o.Name, Files: files})
	}
	return nil
}

func firstNonEmpty(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}
