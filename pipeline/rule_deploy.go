package pipeline

import (
	"strconv"
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/check"
)

var ecsRule = check.Rule[*subject]{
	Rule: slipway.Rule{
		Name: "pipeline/ecs", Source: reference + "-ECS.html",
		Doc: "The DeploymentTimeout of an ECS action is a whole number of 1 to 60 minutes.",
	},
	Check: func(s *subject, r *check.Report) {
		for _, a := range s.actions {
			if !a.is(ActionCategoryDeploy, "ECS") {
				continue
			}
			if v, ok := a.setting("DeploymentTimeout"); ok && v != "" {
				if n, err := strconv.Atoi(v); err != nil || n < 1 || n > 60 {
					r.Addf(a.config("DeploymentTimeout"), `found %s, want whole minutes from "1" to "60"`, quote(v))
				}
			}
		}
	},
}

var codeDeployToECSRule = check.Rule[*subject]{
	Rule: slipway.Rule{
		Name: "pipeline/codedeploy-ecs", Source: reference + "-ECSbluegreen.html",
		Doc: "The artifacts that a CodeDeployToECS action names are among its inputs, and each image has an artifact and a placeholder.",
	},
	Check: func(s *subject, r *check.Report) {
		for _, a := range s.actions {
			if !a.is(ActionCategoryDeploy, "CodeDeployToECS") || !absent(a.Extra, "configuration") {
				continue
			}
			checkArtifactKey(r, a, "TaskDefinitionTemplateArtifact")
			checkArtifactKey(r, a, "AppSpecTemplateArtifact")
			for i := 1; i <= 4; i++ {
				image := "Image" + strconv.Itoa(i)
				artifact, name := image+"ArtifactName", image+"ContainerName"
				checkArtifactKey(r, a, artifact)
				switch {
				case a.has(artifact) && !a.has(name):
					r.Addf(a.config(artifact), "%s needs %s, the placeholder in the task definition without its brackets", artifact, name)
				case a.has(name) && !a.has(artifact):
					r.Addf(a.config(name), "%s needs %s, the artifact with imageDetail.json", name, artifact)
				}
				if v := a.Configuration[name]; strings.HasPrefix(v, "<") && strings.HasSuffix(v, ">") {
					r.Warnf(a.config(name), "found %s; the brackets stand in the task definition only, here it is %s", quote(v), quote(strings.Trim(v, "<>")))
				}
			}
		}
	},
}

// checkArtifactKey reports a configuration key whose value is not an input artifact.
func checkArtifactKey(r *check.Report, a *actionRef, key string) {
	if v, ok := a.setting(key); ok && v != "" && !a.hasInput(v) && absent(a.Extra, "inputArtifacts") {
		r.Addf(a.config(key), "the artifact %s is none of the input artifacts: %s", quote(v), a.inputNames())
	}
}

var s3DeployRule = check.Rule[*subject]{
	Rule: slipway.Rule{
		Name: "pipeline/s3-deploy", Source: reference + "-S3Deploy.html",
		Doc: "An S3 deployment says whether it extracts its artifact, and has an ObjectKey where it does not.",
	},
	Check: func(s *subject, r *check.Report) {
		for _, a := range s.actions {
			if !a.is(ActionCategoryDeploy, "S3") {
				continue
			}
			checkBool(r, a, "Extract")
			if v, _ := a.setting("Extract"); strings.EqualFold(v, "false") && !a.has("ObjectKey") {
				r.Addf(a.config("Extract"), `Extract "false" needs the configuration key ObjectKey`)
			}
		}
	},
}

var lambdaDeployRule = check.Rule[*subject]{
	Rule: slipway.Rule{
		Name: "pipeline/lambda-deploy", Source: reference + "-LambdaDeploy.html",
		Doc: "A Lambda deployment has an artifact or a published version, and an alias where traffic moves in steps.",
	},
	Check: func(s *subject, r *check.Report) {
		for _, a := range s.actions {
			if !a.is(ActionCategoryDeploy, "Lambda") || !absent(a.Extra, "configuration") {
				continue
			}
			if len(a.InputArtifacts) == 0 && !a.has("PublishedTargetVersion") && absent(a.Extra, "inputArtifacts") {
				r.Addf(a.path(), "the action has neither an input artifact nor the configuration key PublishedTargetVersion")
			}
			for _, key := range []string{"DeployStrategy", "PublishedTargetVersion"} {
				if a.has(key) && !a.has("FunctionAlias") {
					r.Addf(a.config(key), "%s needs the configuration key FunctionAlias", key)
				}
			}
			if v, ok := a.setting("DeployStrategy"); ok && v != "" && !isStrategy(v) {
				r.Addf(a.config("DeployStrategy"), "found %s, want AllAtOnce, or such as Canary10Percent5Minutes or Linear10PercentEvery1Minute", quote(v))
			}
			if v, ok := a.setting("Alarms"); ok && strings.Count(v, ",") > 9 {
				r.Addf(a.config("Alarms"), "found %d alarms, at most 10 are allowed", strings.Count(v, ",")+1)
			}
		}
	},
}

// isStrategy reports whether s is AllAtOnce, Canary<n>Percent<n>Minutes or
// Linear<n>PercentEvery<n>Minutes.
func isStrategy(s string) bool {
	if s == "AllAtOnce" {
		return true
	}
	rest, linear := strings.CutPrefix(s, "Linear")
	if !linear {
		var ok bool
		if rest, ok = strings.CutPrefix(s, "Canary"); !ok {
			return false
		}
	}
	separator := "Percent"
	if linear {
		separator = "PercentEvery"
	}
	percent, minutes, ok := strings.Cut(rest, separator)
	minutes = strings.TrimSuffix(strings.TrimSuffix(minutes, "s"), "Minute")
	return ok && isDigits(percent) && isDigits(minutes)
}

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
