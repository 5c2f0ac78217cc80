package buildspec

import (
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/check"
)

var failedRule = slipway.Rule{
	Name: "buildspec/failed-build", Severity: slipway.Info,
	Source: "https://docs.aws.amazon.com/codebuild/latest/userguide/view-build-details-phases.html",
	Doc:    "post_build does not push an image, or name it to the deploy action, after a failed build.",
}

// checkFailed reports the first such command. Whether post_build runs after a
// failed build is told by a picture alone, hence the low severity.
func checkFailed(s *Spec, r *check.Report) {
	build, post := s.Phases.Build, s.Phases.PostBuild
	if build == nil || post == nil || strings.EqualFold(string(build.OnFailure), string(Abort)) {
		return
	}
	for _, text := range post.Commands {
		if strings.Contains(text, "CODEBUILD_BUILD_SUCCEEDING") {
			return
		}
	}
	for i, text := range post.Commands {
		if what := writesImage(text); what != "" {
			verb := "this writes " + what
			if what == "docker push" {
				verb = "this pushes an image"
			}
			r.Addf(slipway.Path("phases", PostBuild, "commands", i),
				"%s after a failed build, too; set on-failure: ABORT in the phase build, or test $CODEBUILD_BUILD_SUCCEEDING before", verb)
			return
		}
	}
}
