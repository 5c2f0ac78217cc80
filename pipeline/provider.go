package pipeline

import (
	"slices"
	"strconv"
	"strings"
)

// A Provider is the typed description of an action of one provider, such as
// [CodeBuild] or [ECSDeploy]. Action turns it into what the definition holds:
// the action type, the exact configuration keys and the artifacts.
//
// Action does not judge: what is missing or out of range is found by
// [Definition.Check], with its place.
type Provider interface {
	Action() Action
}

// The providers that this package describes.
var (
	_ Provider = CodeCommitSource{}
	_ Provider = ConnectionSource{}
	_ Provider = S3Source{}
	_ Provider = ECRSource{}
	_ Provider = CodeBuild{}
	_ Provider = ECRBuildAndPublish{}
	_ Provider = Commands{}
	_ Provider = ECSDeploy{}
	_ Provider = CodeDeployToECS{}
	_ Provider = CodeDeploy{}
	_ Provider = CloudFormation{}
	_ Provider = S3Deploy{}
	_ Provider = LambdaDeploy{}
	_ Provider = LambdaInvoke{}
	_ Provider = ManualApproval{}
)

// Actions returns the actions of providers, for a [Stage]:
//
//	pipeline.Stage{Name: "Source", Actions: pipeline.Actions(source, config)}
func Actions(providers ...Provider) []Action {
	actions := make([]Action, len(providers))
	for i, p := range providers {
		actions[i] = p.Action()
	}
	return actions
}

// An ArtifactFile is a file in an artifact.
type ArtifactFile struct {
	Artifact string // name of the artifact
	Path     string // path of the file, from the artifact's root
}

// String returns "Artifact::path", as CloudFormation actions want it, and ""
// for the zero value.
func (f ArtifactFile) String() string {
	if f == (ArtifactFile{}) {
		return ""
	}
	return f.Artifact + "::" + f.Path
}

// config is the configuration of an action. What is empty is not set: a value
// has at least one character.
type config map[string]string

func (c config) set(key, value string) {
	if value != "" {
		c[key] = value
	}
}

func (c config) setTrue(key string, value bool) {
	if value {
		c[key] = "true"
	}
}

func (c config) setInt(key string, value int) {
	if value != 0 {
		c[key] = strconv.Itoa(value)
	}
}

func (c config) setList(key string, values []string) {
	c.set(key, strings.Join(values, ","))
}

// inputs returns artifacts by their names, each once, in the order in which they
// first stand. Empty names are left out.
func inputs(names ...string) []InputArtifact {
	var artifacts []InputArtifact
	for _, name := range names {
		if name != "" && !slices.ContainsFunc(artifacts, func(a InputArtifact) bool { return a.Name == name }) {
			artifacts = append(artifacts, InputArtifact{Name: name})
		}
	}
	return artifacts
}

func outputs(names ...string) []OutputArtifact {
	var artifacts []OutputArtifact
	for _, name := range names {
		if name != "" {
			artifacts = append(artifacts, OutputArtifact{Name: name})
		}
	}
	return artifacts
}

// optional returns a pointer to n, or nil when n is 0.
func optional(n int) *int {
	if n == 0 {
		return nil
	}
	return &n
}
