package pipeline

import (
	"slices"
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/check"
	"github.com/seed-b1f00840/slipway/internal/source"
)

var codeBuildRule = check.Rule[*subject]{
	Rule: slipway.Rule{
		Name: "pipeline/codebuild", Source: reference + "-CodeBuild.html",
		Doc: "A CodeBuild action names its primary source where it has several, and gives its variables as a JSON list.",
	},
	Check: func(s *subject, r *check.Report) {
		for _, a := range s.actions {
			if a.spec == nil || a.spec.Provider != "CodeBuild" || !absent(a.Extra, "configuration") {
				continue
			}
			checkPrimarySource(r, a)
			checkBool(r, a, "BatchEnabled", "CombineArtifacts")
			combine, _ := a.setting("CombineArtifacts")
			batch, ok := a.setting("BatchEnabled")
			if strings.EqualFold(combine, "true") && !strings.EqualFold(batch, "true") && (ok || !a.has("BatchEnabled")) {
				r.Addf(a.config("CombineArtifacts"), `CombineArtifacts needs BatchEnabled "true"`)
			}
			if text, ok := a.Configuration["EnvironmentVariables"]; ok && text != "" && !isPlainVariables(text) {
				checkBuildVariables(r, text, a.config("EnvironmentVariables"))
			}
		}
	},
}

func checkPrimarySource(r *check.Report, a *actionRef) {
	switch primary, ok := a.setting("PrimarySource"); {
	case !a.has("PrimarySource"):
		if n := len(a.InputArtifacts); n > 1 {
			r.Addf(a.path("configuration"), "%d input artifacts need the configuration key PrimarySource, the one with the buildspec: %s", n, a.inputNames())
		}
	case ok && primary != "" && !a.hasInput(primary) && absent(a.Extra, "inputArtifacts"):
		r.Addf(a.config("PrimarySource"), "found %s, want one of the input artifacts: %s", quote(primary), a.inputNames())
	}
}

// checkBuildVariables looks at the JSON of environment variables. Where it holds
// something that is replaced before AWS reads it, it need not be JSON yet.
func checkBuildVariables(r *check.Report, text, path string) {
	n, problems := source.JSON("", []byte(text))
	if n == nil {
		if !hasPlaceholder(text) {
			p := problems[len(problems)-1]
			r.Addf(path, "want a JSON list of variables: %s at character %d", p.Message, p.Pos.Column).Err = p
		}
		return
	}
	if n.Kind != source.List {
		r.Addf(path, `found %s, want a JSON list: [{"name":"A","value":"b"}]`, n.Kind)
		return
	}
	for i, item := range n.Items {
		checkBuildVariable(r, item, i, path)
	}
	duplicates(len(n.Items), func(i int) string {
		if name := n.Items[i].Get("name"); name != nil && name.Kind == source.String {
			return name.Text
		}
		return ""
	}, func(i, first int) {
		if name := n.Items[i].Get("name"); name != nil && name.Kind == source.String {
			r.Warnf(path, "the variables %d and %d have the same name, %s", first, i, quote(name.Text))
		}
	})
}

var buildVariableKeys = []string{"name", "value", "type"}

func checkBuildVariable(r *check.Report, item *source.Node, i int, path string) {
	if item.Kind != source.Map {
		r.Addf(path, "variable %d: found %s, want a map of name, value and type", i, item.Kind)
		return
	}
	for _, m := range item.Members {
		if slices.Contains(buildVariableKeys, m.Key) {
			if m.Value.Kind != source.String {
				r.Addf(path, "variable %d: %s is %s, want a string", i, m.Key, m.Value.Kind)
			}
			continue
		}
		switch like := source.Nearest(m.Key, buildVariableKeys); {
		case like != "" && item.Get(like) == nil:
			r.Addf(path, "variable %d: unknown key %s; did you mean %s?", i, quote(m.Key), like)
		default:
			r.Warnf(path, "variable %d: unknown key %s; known are name, value and type", i, quote(m.Key))
		}
	}
	for _, key := range buildVariableKeys[:2] {
		if item.Get(key) == nil && !misspelled(item, key) {
			r.Addf(path, "variable %d: %s is missing", i, key)
		}
	}
	if t := item.Get("type"); t != nil && t.Kind == source.String {
		switch t.Text {
		case "PLAINTEXT", "PARAMETER_STORE", "SECRETS_MANAGER":
		default:
			if known(t.Text) {
				r.Addf(path, "variable %d: found type %s, want PLAINTEXT, PARAMETER_STORE or SECRETS_MANAGER", i, quote(t.Text))
			}
		}
	}
}

// misspelled reports whether the map has another key that looks like key.
func misspelled(item *source.Node, key string) bool {
	for _, m := range item.Members {
		if !slices.Contains(buildVariableKeys, m.Key) && source.Nearest(m.Key, buildVariableKeys) == key {
			return true
		}
	}
	return false
}

// hasPlaceholder is [source.IsPlaceholder] for a text that is JSON, in which braces
// mean nothing.
func hasPlaceholder(text string) bool {
	return text == "****" || strings.ContainsAny(text, "$<>%") || strings.Contains(text, "{{") || strings.Contains(text, "#{")
}
