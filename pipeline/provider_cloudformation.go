package pipeline

import (
	"maps"
	"slices"

	"github.com/seed-b1f00840/slipway/internal/emit"
)

// The modes of a [CloudFormation] action.
const (
	CreateUpdate     = "CREATE_UPDATE"      // create the stack, or update it
	ReplaceOnFailure = "REPLACE_ON_FAILURE" // as CreateUpdate, but delete a failed stack first
	ChangeSetReplace = "CHANGE_SET_REPLACE" // create a change set, in place of one of that name
	ChangeSetExecute = "CHANGE_SET_EXECUTE" // execute a change set
	DeleteOnly       = "DELETE_ONLY"        // delete the stack
)

// CloudFormation acts on a stack. Its input artifacts are those that its fields
// name.
//
//	Mode              required
//	CreateUpdate      Stack, Template, StackRoleARN
//	ReplaceOnFailure  Stack, Template, StackRoleARN
//	ChangeSetReplace  Stack, Template, StackRoleARN, ChangeSet
//	ChangeSetExecute  Stack, ChangeSet
//	DeleteOnly        Stack, StackRoleARN
//
// https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CloudFormation.html
type CloudFormation struct {
	Name          string       // required: name of the action
	Mode          string       // required: [CreateUpdate], ...
	Stack         string       // required: name of the stack
	ChangeSet     string       // name of the change set
	Template      ArtifactFile // the template
	Configuration ArtifactFile // a file of parameters, tags and a stack policy; zero for none
	StackRoleARN  string       // of the role with which CloudFormation acts
	Capabilities  []string     // CAPABILITY_IAM, CAPABILITY_NAMED_IAM, CAPABILITY_AUTO_EXPAND

	// Parameters are values of the template's parameters, over those of
	// Configuration. They may hold #{namespace.variable}. With ArtifactParameters
	// they are at most 1 KB of JSON.
	Parameters map[string]string
	// ArtifactParameters are parameters whose values come from artifacts.
	ArtifactParameters map[string]ArtifactParameter

	ExtraInputs []string // more artifacts; with the others at most 10
	Output      string   // name of the artifact that holds OutputFile; empty for none
	OutputFile  string   // name of a JSON file of the stack's outputs; empty for none

	Namespace string // of its output variables, the stack's outputs; empty for none
	RunOrder  int    // 1 to 999; 0 is the default, 1
	Region    string // empty is the pipeline's
	RoleARN   string // of a role for this action alone; empty is the pipeline's
}

// An ArtifactParameter is the value of a template parameter that comes from an
// artifact.
type ArtifactParameter struct {
	Artifact string // name of the artifact
	File     string // a JSON file in it; empty takes an attribute of the artifact itself
	Key      string // a key of that file, or the attribute: BucketName, ObjectKey or URL
}

// Action returns the action.
func (d CloudFormation) Action() Action {
	c := config{}
	c.set("ActionMode", d.Mode)
	c.set("StackName", d.Stack)
	c.set("ChangeSetName", d.ChangeSet)
	c.set("TemplatePath", d.Template.String())
	c.set("TemplateConfiguration", d.Configuration.String())
	c.set("RoleArn", d.StackRoleARN)
	c.setList("Capabilities", d.Capabilities)
	c.set("OutputFileName", d.OutputFile)
	c.set("ParameterOverrides", d.overrides())
	names := []string{d.Template.Artifact, d.Configuration.Artifact}
	for _, key := range slices.Sorted(maps.Keys(d.ArtifactParameters)) {
		names = append(names, d.ArtifactParameters[key].Artifact)
	}
	return Action{
		Name: d.Name, ActionTypeID: aws(ActionCategoryDeploy, "CloudFormation"), Configuration: c,
		InputArtifacts:  inputs(append(names, d.ExtraInputs...)...),
		OutputArtifacts: outputs(d.Output),
		Namespace:       d.Namespace, RunOrder: optional(d.RunOrder), Region: d.Region, RoleARN: d.RoleARN,
	}
}

// overrides returns the parameters as JSON, sorted by name. Where a name stands
// in both maps, the one of ArtifactParameters wins.
func (d CloudFormation) overrides() string {
	if len(d.Parameters)+len(d.ArtifactParameters) == 0 {
		return ""
	}
	names := slices.AppendSeq(slices.Collect(maps.Keys(d.Parameters)), maps.Keys(d.ArtifactParameters))
	slices.Sort(names)
	dst := []byte{'{'}
	for i, name := range slices.Compact(names) {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(emit.AppendJSONString(dst, name), ':')
		if p, ok := d.ArtifactParameters[name]; ok {
			dst = p.append(dst)
		} else {
			dst = emit.AppendJSONString(dst, d.Parameters[name])
		}
	}
	return string(append(dst, '}'))
}

func (p ArtifactParameter) append(dst []byte) []byte {
	name, args := `{"Fn::GetArtifactAtt":[`, []string{p.Artifact, p.Key}
	if p.File != "" {
		name, args = `{"Fn::GetParam":[`, []string{p.Artifact, p.File, p.Key}
	}
	dst = append(dst, name...)
	for i, arg := range args {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = emit.AppendJSONString(dst, arg)
	}
	return append(dst, "]}"...)
}
