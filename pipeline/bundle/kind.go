package bundle

import (
	"bytes"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/internal/source"
)

// A kind is what a file is.
type kind uint8

const (
	noKind kind = iota
	templateKind
	taskKind
	buildspecKind
	pipelineKind
	imagesKind
	detailKind
	appSpecKind
)

// isCandidate reports whether a file of that name may be an artifact.
func isCandidate(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".yml", ".yaml", ".json", ".template":
		return true
	}
	return false
}

// isUsedByBuild reports whether a build may use a file of that name as it is.
func isUsedByBuild(name string) bool {
	base := path.Base(name)
	switch path.Ext(base) {
	case ".sh", ".bash", ".tpl", ".tmpl", ".dockerfile":
		return true
	}
	return strings.HasPrefix(base, "Dockerfile")
}

// isHandedOver reports whether a text looks like what a build hands over.
func isHandedOver(data []byte) bool {
	return bytes.Contains(data, []byte("imageUri")) || bytes.Contains(data, []byte("ImageURI")) ||
		bytes.Contains(data, []byte("containerDefinitions")) || bytes.Contains(data, []byte("TargetService"))
}

// kindByName guesses what a file is from its base name.
func kindByName(name string) kind {
	base := strings.ToLower(path.Base(name))
	ext := path.Ext(base)
	stem := strings.NewReplacer("-", "", "_", "").Replace(strings.TrimSuffix(base, ext))
	switch isJSON := ext == ".json"; {
	case ext == ".template":
		return templateKind
	case strings.HasPrefix(stem, "appspec"):
		return appSpecKind
	case strings.Contains(stem, "buildspec") && !isJSON:
		return buildspecKind
	case !isJSON:
		return noKind
	case strings.HasPrefix(stem, "taskdef") || strings.HasSuffix(stem, "taskdef") || strings.HasSuffix(stem, "taskdefinition"):
		return taskKind
	case stem == "pipeline":
		return pipelineKind
	case strings.HasPrefix(stem, "imagedefinitions"):
		return imagesKind
	case stem == "imagedetail":
		return detailKind
	}
	return noKind
}

// words are those without one of which a file of no known name is no artifact.
var words = [...]string{"containerDefinitions", "phases", "Resources", "batch", "stages", "imageUri", "ImageURI"}

// kindOf tells by its content what a file is, and by its name when its content
// cannot be read.
func kindOf(name string, data []byte, byName kind) kind {
	if byName == noKind && !slices.ContainsFunc(words[:], func(word string) bool { return bytes.Contains(data, []byte(word)) }) {
		return noKind
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	text := bytes.TrimLeft(data, " \t\r\n")
	isJSON := strings.EqualFold(path.Ext(name), ".json") || bytes.HasPrefix(text, []byte("{"))
	if !isJSON && byName == noKind && !hasKey(data, "Resources") && !hasKey(data, "phases") && !hasKey(data, "batch") && isBlock(text) {
		return noKind
	}
	if !isJSON && byName != appSpecKind && hasKey(data, "Resources") && bytes.Contains(data, []byte("AWS::")) &&
		!bytes.Contains(data, []byte("TargetService")) {
		if hasTemplating(data) {
			return ifReadable(name, data, templateKind)
		}
		return templateKind
	}
	if !isJSON && byName == buildspecKind {
		return buildspecKind
	}
	read := source.YAML
	if isJSON {
		read = source.JSON
	}
	n, _ := read(name, data)
	if n == nil && isJSON && byName == templateKind {
		n, _ = source.YAML(name, data) // a map in braces may be YAML
	}
	if n == nil {
		return ofUnreadable(data, byName)
	}
	return shape(n, isJSON, byName)
}

// ifReadable returns k when the text is YAML at all.
func ifReadable(name string, data []byte, k kind) kind {
	if n, _ := source.YAML(name, data); n == nil {
		return noKind
	}
	return k
}

// hasTemplating reports whether another program is to fill the text in first. The
// dynamic references of CloudFormation are no such thing.
func hasTemplating(data []byte) bool {
	return bytes.Contains(data, []byte("{%")) || bytes.Contains(data, []byte("<%")) ||
		bytes.Count(data, []byte("{{")) > bytes.Count(data, []byte("{{resolve:"))
}

// hasKey reports whether a line begins with a key.
func hasKey(data []byte, key string) bool {
	for rest := data; ; {
		i := bytes.Index(rest, []byte(key))
		if i < 0 {
			return false
		}
		at := len(data) - len(rest) + i
		rest = rest[i+len(key):]
		if (at == 0 || data[at-1] == '\n') && bytes.HasPrefix(bytes.TrimLeft(rest, " "), []byte(":")) {
			return true
		}
	}
}

// isBlock reports whether YAML begins with a plain key in the first column, so that
// its other keys stand there too.
func isBlock(text []byte) bool {
	for line := range bytes.Lines(text) {
		switch c := line[0]; {
		case c == '#', c == '\n', c == '\r', bytes.HasPrefix(line, []byte("---")):
		default:
			return 'a' <= c|0x20 && c|0x20 <= 'z'
		}
	}
	return false
}

// ofUnreadable returns what a file that cannot be read is by its name, unless that is
// one that other programs use too.
func ofUnreadable(data []byte, byName kind) kind {
	switch byName {
	case templateKind:
		if !bytes.Contains(data, []byte("AWS::")) || hasTemplating(data) {
			return noKind
		}
	case taskKind:
		if hasTemplating(data) || hasBarePlaceholder(data) {
			return noKind
		}
	case pipelineKind:
		// Other tools have files of that name, but none of them is no text at all.
		if len(data) > 0 && utf8.Valid(data) && !bytes.Contains(data, []byte("actionTypeId")) &&
			!bytes.Contains(data, []byte("roleArn")) && !bytes.Contains(data, []byte(`"pipeline"`)) {
			return noKind
		}
	}
	return byName
}

// hasBarePlaceholder reports whether what another program is to fill in stands where
// JSON has a value or a key.
func hasBarePlaceholder(data []byte) bool {
	for line := range bytes.Lines(data) {
		line = bytes.TrimLeft(line, " \t")
		if i := bytes.Index(line, []byte(`":`)); i >= 0 && line[0] == '"' {
			line = bytes.TrimLeft(line[i+2:], " \t")
		}
		if len(line) > 0 && bytes.IndexByte([]byte("$<%"), line[0]) >= 0 {
			return true
		}
	}
	return false
}

// shape tells what a file is by its members.
func shape(n *source.Node, isJSON bool, byName kind) kind {
	has := func(n *source.Node, key string, kind source.Kind) bool {
		v := n.Get(key)
		return v != nil && v.Kind == kind
	}
	pipe := n
	if inner := n.Get("pipeline"); inner != nil {
		pipe = inner
	}
	switch {
	case has(n, "Resources", source.Map) && byName != appSpecKind:
		return templateKind
	case has(n, "Resources", source.List):
		return appSpec(n.Get("Resources"), byName)
	case isJSON && (has(n, "containerDefinitions", source.List) || has(n.Get("taskDefinition"), "containerDefinitions", source.List)):
		return taskKind
	case isJSON && has(pipe, "stages", source.List) && isPipeline(pipe):
		return pipelineKind
	case has(n, "phases", source.Map) && (byName == buildspecKind || n.Get("version") != nil && !isTestSpec(n.Get("phases"))):
		return buildspecKind
	case isJSON && n.Kind == source.List && isImages(n), isJSON && byName == imagesKind:
		return imagesKind
	case isJSON && has(n, "ImageURI", source.String) || isJSON && byName == detailKind:
		return detailKind
	case has(n, "batch", source.Map) && n.Get("version") != nil && isBatch(n.Get("batch")):
		return buildspecKind
	case byName == buildspecKind, byName == taskKind && n.Get("taskDefinition") == nil && isJSON:
		return byName
	}
	return noKind
}

// isPipeline tells a definition of CodePipeline from those of other tools.
func isPipeline(n *source.Node) bool {
	if v := n.Get("roleArn"); v != nil && v.Kind == source.String {
		return true
	}
	for _, stage := range n.Get("stages").Items {
		if actions := stage.Get("actions"); actions != nil && len(actions.Items) > 0 && actions.Items[0].Get("actionTypeId") != nil {
			return true
		}
	}
	return false
}

// isTestSpec reports whether phases are those of a test specification of AWS Device
// Farm, which looks like a buildspec.
func isTestSpec(phases *source.Node) bool {
	return phases.Get("test") != nil || phases.Get("pre_test") != nil || phases.Get("post_test") != nil
}

// isBatch reports whether a map is the section of a buildspec that says what to build.
func isBatch(n *source.Node) bool {
	return n.Get("build-list") != nil || n.Get("build-graph") != nil || n.Get("build-matrix") != nil
}

// isImages reports whether a list is that of imagedefinitions.json.
func isImages(n *source.Node) bool {
	for _, item := range n.Items {
		if item.Get("name") == nil || item.Get("imageUri") == nil {
			return false
		}
	}
	return len(n.Items) > 0
}

// appSpec tells an application specification for Amazon ECS from those for other
// platforms.
func appSpec(resources *source.Node, byName kind) kind {
	for _, item := range resources.Items {
		for _, m := range item.Members {
			t := m.Value.Get("Type")
			switch {
			case t == nil && (m.Key == "TargetService" || byName == appSpecKind):
				return appSpecKind
			case t != nil && strings.HasPrefix(t.Text, "AWS::Lambda"):
				return noKind
			case t != nil && (strings.HasPrefix(t.Text, "AWS::ECS") || m.Key == "TargetService"):
				return appSpecKind
			}
		}
	}
	return noKind
}

// isTemplate tells a template of CloudFormation from a map with Resources of another
// tool's.
func isTemplate(t *cfn.Template) bool {
	if t.FormatVersion != "" || t.Transform != nil {
		return true
	}
	for _, r := range t.Resources {
		if r.Raw != nil || strings.HasPrefix(r.Type, "AWS::") || strings.HasPrefix(r.Type, "Custom::") || strings.HasPrefix(r.Type, "Alexa::") {
			return true
		}
	}
	return false
}
