package buildspec

import (
	"bytes"
	"slices"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/scalar"
	"github.com/seed-b1f00840/slipway/internal/source"
)

// Parse reads a buildspec, in YAML or in JSON. The file name is used in messages
// only. When a problem has severity [slipway.Error], the spec is nil and the
// error is a [slipway.Problems] with all that was noticed; otherwise what was
// noticed stands in the spec's Source.Notes. Parse does not run the rules of
// [Spec.Check].
func Parse(file string, data []byte) (*Spec, error) {
	s, err := ParseLax(file, data)
	if err != nil {
		return nil, err
	}
	if len(s.Source.Notes.Errors()) > 0 {
		return nil, s.Source.Notes
	}
	return s, nil
}

// ParseLax reads as [Parse] does, but fails only where the file is not
// well-formed or is no map. Members that are unknown, or do not fit, are kept in
// the Extra of their struct.
func ParseLax(file string, data []byte) (*Spec, error) {
	n, problems := read(file, data)
	if n == nil {
		return nil, problems.Sorted()
	}
	r := reader{source.Decoder{File: file, Problems: problems}}
	s := new(Spec)
	if !r.spec(s, n) {
		return nil, r.Problems.Sorted()
	}
	s.Source = n.Source(file, r.Problems.Sorted())
	return s, nil
}

// read reads a document as JSON if it looks like it, and otherwise as YAML, of
// which JSON is a part but for its tabs.
func read(file string, data []byte) (*source.Node, slipway.Problems) {
	if bytes.HasPrefix(bytes.TrimLeft(data, "\ufeff \t\r\n"), []byte("{")) {
		if n, problems := source.JSON(file, data); n != nil {
			return n, problems
		}
	}
	n, problems := source.YAML(file, data)
	if n == nil {
		explainTab(data, problems[len(problems)-1])
	}
	return n, problems
}

// explainTab says of a syntax error that a tab is to blame, when one indents the
// line of the error or the next one.
func explainTab(data []byte, p *slipway.Problem) {
	line := 0
	for text := range bytes.Lines(data) {
		line++
		blank := text[:len(text)-len(bytes.TrimLeft(text, " \t"))]
		tab := bytes.IndexByte(blank, '\t')
		if tab >= 0 && (line == p.Pos.Line || line == p.Pos.Line+1) {
			p.Pos = slipway.Position{Line: line, Column: tab + 1}
			p.Message = "a tab indents this line; YAML takes only blanks there"
			return
		}
	}
}

// A reader decodes a spec. Its methods return false for a value that does not
// fit, after they have reported it; the caller then keeps the member in Extra.
type reader struct{ source.Decoder }

// fields gives the members of a map to set, and keeps those that are unknown,
// null or empty, or that set refuses.
func (r *reader) fields(n *source.Node, extra *map[string]any, known []string, set func(key string, n *source.Node) bool) bool {
	if !r.Map(n) {
		return false
	}
	for _, m := range n.Members {
		ok := false
		switch {
		case !slices.Contains(known, m.Key):
			r.unknown(m, known)
		case m.Value.Kind == source.Null:
			r.Enter(m.Key)
			r.Addf(&nullRule, m.Pos, "the value is missing; write one or remove the key")
			r.Leave()
		case m.Value.Kind == source.String && m.Value.Text == "":
			// A field cannot tell an empty text from none.
		default:
			r.Enter(m.Key)
			ok = set(m.Key, m.Value)
			r.Leave()
		}
		if !ok {
			source.Keep(extra, m)
		}
	}
	return true
}

// unknown warns: CodeBuild passes over a key that it does not know.
func (r *reader) unknown(m source.Member, known []string) {
	r.Unknown(m, known)
	r.Problems[len(r.Problems)-1].Severity = slipway.Warning
}

var specKeys = []string{
	"version", "run-as", "env", "environment_variables", "proxy", "batch", "phases", "reports", "artifacts", "cache",
	"eb_codebuild_settings", // read by Elastic Beanstalk, passed over by CodeBuild
}

func (r *reader) spec(s *Spec, n *source.Node) bool {
	if !r.fields(n, &s.Extra, specKeys, func(key string, n *source.Node) bool { return r.specField(s, key, n) }) {
		return false
	}
	r.tags(n)
	if n.Get("version") == nil {
		r.Addf(&versionRule, n.Pos, "version is missing; write version: 0.2")
	}
	return true
}

// tags reports the tags in n, such as !Ref. They are not kept.
func (r *reader) tags(n *source.Node) {
	if n.Tag != "" {
		r.Addf(&tagRule, n.Pos, "found the tag %s; only CloudFormation reads one, in its own template; quote the text", n.Tag)
	}
	for _, m := range n.Members {
		r.Enter(m.Key)
		r.tags(m.Value)
		r.Leave()
	}
	for i, item := range n.Items {
		r.Enter(i)
		r.tags(item)
		r.Leave()
	}
}

func (r *reader) specField(s *Spec, key string, n *source.Node) bool {
	switch key {
	case "version":
		s.QuoteVersion = !n.Plain && scalar.Resolve(n.Text) == scalar.Number
		return r.text(&s.Version, n)
	case "run-as":
		return r.text(&s.RunAs, n)
	case "env":
		return r.env(&s.Env, n)
	case "environment_variables":
		return r.environmentVariables(&s.EnvironmentVariables, n)
	case "proxy":
		return r.proxy(&s.Proxy, n)
	case "batch":
		return r.batch(&s.Batch, n)
	case "phases":
		return r.phases(&s.Phases, n)
	case "reports":
		return r.reports(&s.Reports, n)
	case "artifacts":
		s.Artifacts = new(Artifacts)
		return r.artifacts(s.Artifacts, n, artifactsKeys) || unset(&s.Artifacts)
	case "cache":
		return r.cache(&s.Cache, n)
	}
	return false
}

// unset undoes what was set before its value turned out not to fit.
func unset[T any](p *T) bool {
	var zero T
	*p = zero
	return false
}

var envKeys = []string{"shell", "variables", "parameter-store", "secrets-manager", "exported-variables", "git-credential-helper"}

func (r *reader) env(p **Env, n *source.Node) bool {
	e := new(Env)
	*p = e
	return r.fields(n, &e.Extra, envKeys, func(key string, n *source.Node) bool {
		switch key {
		case "shell":
			return r.text(&e.Shell, n)
		case "variables":
			return r.variables(&e.Variables, n)
		case "parameter-store":
			return r.variables(&e.ParameterStore, n)
		case "secrets-manager":
			return r.variables(&e.SecretsManager, n)
		case "exported-variables":
			return r.texts(&e.ExportedVariables, n)
		case "git-credential-helper":
			return r.flag(&e.GitCredentialHelper, n)
		}
		return false
	}) || unset(p)
}

func (r *reader) environmentVariables(p **EnvironmentVariables, n *source.Node) bool {
	e := new(EnvironmentVariables)
	*p = e
	return r.fields(n, &e.Extra, []string{"plaintext"}, func(_ string, n *source.Node) bool {
		return r.variables(&e.Plaintext, n)
	}) || unset(p)
}

func (r *reader) proxy(p **Proxy, n *source.Node) bool {
	x := new(Proxy)
	*p = x
	return r.fields(n, &x.Extra, []string{"upload-artifacts", "logs"}, func(key string, n *source.Node) bool {
		if key == "logs" {
			return r.flag(&x.Logs, n)
		}
		return r.flag(&x.UploadArtifacts, n)
	}) || unset(p)
}

func (r *reader) phases(p *Phases, n *source.Node) bool {
	return r.fields(n, &p.Extra, []string{Install, PreBuild, Build, PostBuild}, func(key string, n *source.Node) bool {
		switch key {
		case Install:
			return r.phase(&p.Install, n, installKeys)
		case PreBuild:
			return r.phase(&p.PreBuild, n, phaseKeys)
		case Build:
			return r.phase(&p.Build, n, phaseKeys)
		case PostBuild:
			return r.phase(&p.PostBuild, n, phaseKeys)
		}
		return false
	})
}

var (
	installKeys = []string{"run-as", "on-failure", "runtime-versions", "commands", "finally"}
	phaseKeys   = []string{"run-as", "on-failure", "commands", "finally"}
)

func (r *reader) phase(p **Phase, n *source.Node, known []string) bool {
	x := new(Phase)
	*p = x
	return r.fields(n, &x.Extra, known, func(key string, n *source.Node) bool {
		switch key {
		case "run-as":
			return r.text(&x.RunAs, n)
		case "on-failure":
			return r.text((*string)(&x.OnFailure), n)
		case "runtime-versions":
			return r.runtimes(&x.RuntimeVersions, n)
		case "commands":
			return r.commands(&x.Commands, n)
		case "finally":
			return r.commands(&x.Finally, n)
		}
		return false
	}) || unset(p)
}

// commands reads a list of commands. The list is refused as a whole when one of
// them is a map or a list, so that no command changes its place.
func (r *reader) commands(p *[]string, n *source.Node) bool {
	if n.IsScalar() {
		return r.texts(p, n)
	}
	if !r.List(n) {
		return false
	}
	ok := true
	list := make([]string, len(n.Items))
	for i, item := range n.Items {
		r.Enter(i)
		switch {
		case item.Kind == source.Null:
			r.Addf(&nullRule, item.Pos, "the command is empty; a # after a blank begins a comment, quote a command that has one")
		case item.Kind == source.Map:
			r.Addf(&commandRule, item.Pos, "found a map where a command belongs: a colon and a blank in unquoted text make a map; quote the whole command")
			ok = false
		default:
			ok = r.text(&list[i], item) && ok
		}
		r.Leave()
	}
	if ok {
		*p = list
	}
	return ok
}
