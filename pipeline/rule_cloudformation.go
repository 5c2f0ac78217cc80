package pipeline

import (
	"slices"
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/check"
	"github.com/seed-b1f00840/slipway/internal/source"
)

var cloudFormationRule = check.Rule[*subject]{
	Rule: slipway.Rule{
		Name: "pipeline/cloudformation", Source: reference + "-CloudFormation.html",
		Doc: "A CloudFormation action has the keys that its mode requires, and its files come from its input artifacts.",
	},
	Check: func(s *subject, r *check.Report) {
		for _, a := range s.actions {
			if !a.is(ActionCategoryDeploy, "CloudFormation") || !absent(a.Extra, "configuration") {
				continue
			}
			checkMode(r, a)
			checkCapabilities(r, a)
			checkArtifactFile(r, a, "TemplatePath")
			checkArtifactFile(r, a, "TemplateConfiguration")
			checkOverrides(r, a)
			if len(a.OutputArtifacts) > 0 && !a.has("OutputFileName") {
				r.Warnf(a.path("outputArtifacts"), "without the configuration key OutputFileName the action makes no artifact")
			}
		}
	},
}

// modeKeys returns the keys that a mode requires beside ActionMode and StackName,
// and those that it ignores; ok is false where there is no such mode.
func modeKeys(mode string) (required, ignored []string, ok bool) {
	switch mode {
	case CreateUpdate, ReplaceOnFailure:
		return []string{"TemplatePath", "RoleArn"}, []string{"ChangeSetName"}, true
	case ChangeSetReplace:
		return []string{"TemplatePath", "RoleArn", "ChangeSetName"}, nil, true
	case ChangeSetExecute:
		return []string{"ChangeSetName"}, []string{"TemplatePath", "RoleArn"}, true
	case DeleteOnly:
		return []string{"RoleArn"}, []string{"TemplatePath", "ChangeSetName"}, true
	}
	return nil, nil, false
}

func checkMode(r *check.Report, a *actionRef) {
	mode, ok := a.setting("ActionMode")
	if !ok || mode == "" {
		return
	}
	required, ignored, ok := modeKeys(mode)
	if !ok {
		r.Addf(a.config("ActionMode"), "found %s, want CREATE_UPDATE, REPLACE_ON_FAILURE, CHANGE_SET_REPLACE, CHANGE_SET_EXECUTE or DELETE_ONLY", quote(mode))
		return
	}
	for _, key := range required {
		if !a.has(key) {
			r.Addf(a.path("configuration"), "the mode %s needs the configuration key %s", mode, key)
		}
	}
	for _, key := range ignored {
		if a.has(key) {
			r.Addf(a.config(key), "the mode %s ignores it", mode).Severity = slipway.Info
		}
	}
}

func checkCapabilities(r *check.Report, a *actionRef) {
	list, ok := a.setting("Capabilities")
	if !ok || list == "" {
		return
	}
	if strings.ContainsAny(list, " \t\n") {
		r.Addf(a.config("Capabilities"), "found %s; the capabilities are separated by a comma without a blank", quote(list))
		return
	}
	for capability := range strings.SplitSeq(list, ",") {
		switch capability {
		case "CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND":
		default:
			r.Addf(a.config("Capabilities"), "found %s, want CAPABILITY_IAM, CAPABILITY_NAMED_IAM or CAPABILITY_AUTO_EXPAND", quote(capability))
		}
	}
}

// checkArtifactFile looks at a value of the form Artifact::path.
func checkArtifactFile(r *check.Report, a *actionRef, key string) {
	value, ok := a.setting(key)
	if !ok || value == "" {
		return
	}
	artifact, file, ok := strings.Cut(value, "::")
	switch {
	case !ok || artifact == "" || file == "":
		r.Addf(a.config(key), "found %s, want <artifact>::<file>", quote(value))
	case !a.hasInput(artifact) && absent(a.Extra, "inputArtifacts"):
		mode, _ := a.setting("ActionMode")
		if _, ignored, _ := modeKeys(mode); !slices.Contains(ignored, key) {
			r.Addf(a.config(key), "the artifact %s is none of the input artifacts: %s", quote(artifact), a.inputNames())
		}
	}
}

// checkOverrides looks at the JSON of ParameterOverrides.
func checkOverrides(r *check.Report, a *actionRef) {
	text := a.Configuration["ParameterOverrides"]
	if text == "" {
		return
	}
	path := a.config("ParameterOverrides")
	n, problems := source.JSON("", []byte(text))
	switch {
	case n == nil:
		if !hasPlaceholder(text) {
			p := problems[len(problems)-1]
			r.Addf(path, "want a JSON map of parameters: %s at character %d", p.Message, p.Pos.Column).Err = p
		}
		return
	case n.Kind != source.Map:
		r.Addf(path, `found %s, want a JSON map: {"Name":"value"}`, n.Kind)
		return
	}
	for _, m := range n.Members {
		if m.Value.Kind != source.Map || len(m.Value.Members) != 1 {
			continue
		}
		function := m.Value.Members[0]
		args := function.Value.Items
		want := map[string]int{"Fn::GetArtifactAtt": 2, "Fn::GetParam": 3}[function.Key]
		switch {
		case want == 0:
		case len(args) != want:
			r.Addf(path, "%s: %s has %d arguments, want %d", m.Key, function.Key, len(args), want)
		case args[0].Kind == source.String && known(args[0].Text) && !a.hasInput(args[0].Text):
			r.Addf(path, "%s: the artifact %s is none of the input artifacts: %s", m.Key, quote(args[0].Text), a.inputNames())
		}
	}
}
