package apply

import (
	"testing"

	cptypes "github.com/aws/aws-sdk-go-v2/service/codepipeline/types"
)

// An action that was tried again counts as it went the last time.
func TestFirstFailed(t *testing.T) {
	stage := "Build"
	action := func(name string, status cptypes.ActionExecutionStatus) cptypes.ActionExecutionDetail {
		return cptypes.ActionExecutionDetail{StageName: &stage, ActionName: &name, Status: status}
	}
	failed, fine := cptypes.ActionExecutionStatusFailed, cptypes.ActionExecutionStatusSucceeded
	for _, tt := range []struct {
		actions []cptypes.ActionExecutionDetail
		want    string // of the stage and action, and why
	}{
		{nil, ""},
		{[]cptypes.ActionExecutionDetail{action("Unit", fine), action("Image", failed), action("Lint", failed)}, "Build/Image: no reason is given"},
		{[]cptypes.ActionExecutionDetail{action("Image", failed), action("Image", fine)}, ""},
		{[]cptypes.ActionExecutionDetail{action("Image", failed), action("Image", fine), action("Lint", failed)}, "Build/Lint: no reason is given"},
	} {
		w := &executionWatch{actions: tt.actions}
		if got := w.failed(); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}
