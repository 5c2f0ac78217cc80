package pipeline

import (
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/check"
)

var sourceRule = check.Rule[*subject]{
	Rule: slipway.Rule{
		Name: "pipeline/source", Source: reference + "-CodestarConnectionSource.html",
		Doc: "A source names what it watches in the form that its provider wants, and a clone reference goes to builds only.",
	},
	Check: func(s *subject, r *check.Report) {
		for _, a := range s.actions {
			if a.spec == nil || a.spec.Category != ActionCategorySource {
				continue
			}
			checkBool(r, a, "PollForSourceChanges", "DetectChanges", "AllowOverrideForS3ObjectKey")
			switch f, ok := a.setting("OutputArtifactFormat"); {
			case !ok || f == "CODE_ZIP":
			case f != "CODEBUILD_CLONE_REF":
				r.Addf(a.config("OutputArtifactFormat"), "found %s, want CODE_ZIP or CODEBUILD_CLONE_REF", quote(f))
			default:
				s.checkCloneReference(r, a)
			}
			if a.spec.Provider == "CodeStarSourceConnection" {
				checkConnection(r, a)
			}
		}
	},
}

// checkBool reports values of configuration keys that are neither "true" nor "false".
func checkBool(r *check.Report, a *actionRef, keys ...string) {
	for _, key := range keys {
		if v, ok := a.setting(key); ok && v != "" && v != "true" && v != "false" && !strings.EqualFold(v, "true") && !strings.EqualFold(v, "false") {
			r.Addf(a.config(key), `found %s, want "true" or "false"`, quote(v))
		}
	}
}

// checkCloneReference reports deployments that take a source which only builds
// can read.
func (s *subject) checkCloneReference(r *check.Report, from *actionRef) {
	if len(from.OutputArtifacts) == 0 {
		return
	}
	name := from.OutputArtifacts[0].Name
	for _, a := range s.actions {
		if a.spec == nil || a.spec.Category != ActionCategoryDeploy {
			continue
		}
		for i, in := range a.InputArtifacts {
			if in.Name == name && known(name) && name != "" {
				p := r.Addf(a.path("inputArtifacts", i, "name"),
					"%s cannot read the artifact %s, which is a reference to clone (CODEBUILD_CLONE_REF)", a.spec.Provider, quote(name))
				p.Related = s.related(from.config("OutputArtifactFormat"), "the format of the source")
			}
		}
	}
}

func checkConnection(r *check.Report, a *actionRef) {
	if repository, ok := a.setting("FullRepositoryId"); ok && repository != "" && !strings.Contains(strings.Trim(repository, "/"), "/") {
		r.Addf(a.config("FullRepositoryId"), "found %s, want owner/name", quote(repository))
	}
	arn, ok := a.setting("ConnectionArn")
	if !ok || arn == "" {
		return
	}
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 || parts[0] != "arn" || parts[2] != "codestar-connections" && parts[2] != "codeconnections" || !strings.HasPrefix(parts[5], "connection/") {
		r.Addf(a.config("ConnectionArn"), "found %s, want arn:aws:codeconnections:<region>:<account>:connection/<id>", quote(arn))
	}
}

var pollingRule = check.Rule[*subject]{
	Rule: slipway.Rule{
		Name: "pipeline/polling", Source: guide + "PollForSourceChanges-defaults.html", Severity: slipway.Warning,
		Doc: "A source says whether it polls, because it does where it does not say so; and a trigger takes the place of change detection.",
	},
	Check: func(s *subject, r *check.Report) {
		for _, a := range s.actions {
			if a.spec == nil || a.spec.Category != ActionCategorySource || !absent(a.Extra, "configuration") {
				continue
			}
			switch a.spec.Provider {
			case "CodeCommit", "S3":
				if !a.has("PollForSourceChanges") {
					r.Addf(a.path("configuration"), "PollForSourceChanges is not given, so CodePipeline polls; "+
						`write "false" if an EventBridge rule starts the pipeline, or each change starts it twice`)
				}
			case "CodeStarSourceConnection":
				if v, _ := a.setting("DetectChanges"); strings.EqualFold(v, "true") && s.hasTrigger(a.Name) {
					r.Addf(a.config("DetectChanges"), "a trigger is given for this action, so this has no effect")
				}
			}
		}
	},
}

func (s *subject) hasTrigger(action string) bool {
	for i := range s.Triggers {
		if git := s.Triggers[i].GitConfiguration; git != nil && git.SourceActionName == action && action != "" {
			return true
		}
	}
	return false
}
