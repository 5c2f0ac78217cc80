package buildspec

import (
	"fmt"

	"github.com/seed-b1f00840/slipway/internal/emit"
)

// Render returns the buildspec as YAML, with the keys in the order of the
// reference. The same spec gives the same bytes. It fails when Extra holds what
// has no form in YAML, or a key that a field has written.
func (s *Spec) Render() ([]byte, error) {
	text, err := s.AppendText(make([]byte, 0, s.size()))
	if err != nil {
		return nil, err
	}
	return text, nil
}

// AppendText appends to dst what [Spec.Render] returns. On failure it returns dst
// as it was. It implements [encoding.TextAppender].
func (s *Spec) AppendText(dst []byte) ([]byte, error) {
	w := writer{YAML: emit.YAML{Buf: dst}}
	w.spec(s)
	if w.err != nil {
		return dst, fmt.Errorf("buildspec: %w", w.err)
	}
	return w.Buf, nil
}

// A writer writes the parts of a spec. It keeps the first error.
type writer struct {
	emit.YAML
	extra map[string]any // of the struct that is being written
	err   error
}

// begin begins the map of a struct with the given Extra. It returns the Extra of
// the struct around it, for [writer.end].
func (w *writer) begin(extra map[string]any) (outer map[string]any) {
	w.BeginMap()
	outer, w.extra = w.extra, extra
	return outer
}

// end writes what stands in Extra and ends the map of the struct.
func (w *writer) end(extra, outer map[string]any) {
	if len(extra) > 0 {
		y := w.YAML // a copy, so that w itself stays off the heap
		if err := emit.Members(&y, extra); err != nil && w.err == nil {
			w.err = err
		}
		w.YAML = y
	}
	w.EndMap()
	w.extra = outer
}

// Name writes the key of a field.
func (w *writer) Name(name string) {
	if len(w.extra) > 0 {
		if _, twice := w.extra[name]; twice && w.err == nil {
			w.err = fmt.Errorf("%s is set both in its field and in Extra", name)
		}
	}
	w.YAML.Name(name)
}

func (w *writer) spec(s *Spec) {
	outer := w.begin(s.Extra)
	w.version(s)
	w.text("run-as", s.RunAs)
	w.env(s.Env)
	if e := s.EnvironmentVariables; e != nil {
		w.Name("environment_variables")
		outer := w.begin(e.Extra)
		w.variables("plaintext", e.Plaintext)
		w.end(e.Extra, outer)
	}
	if p := s.Proxy; p != nil {
		w.Name("proxy")
		outer := w.begin(p.Extra)
		w.flag("upload-artifacts", p.UploadArtifacts)
		w.flag("logs", p.Logs)
		w.end(p.Extra, outer)
	}
	w.batch(s.Batch)
	w.phases(&s.Phases)
	w.reports(s.Reports)
	if s.Artifacts != nil {
		w.Name("artifacts")
		w.artifacts(s.Artifacts)
	}
	w.cache(s.Cache)
	w.end(s.Extra, outer)
}

func (w *writer) version(s *Spec) {
	version := s.Version
	if version == "" {
		if _, kept := s.Extra["version"]; kept {
			return
		}
		version = "0.2"
	}
	w.Name("version")
	w.value(version, !s.QuoteVersion)
}

func (w *writer) env(e *Env) {
	if e == nil {
		return
	}
	w.Name("env")
	outer := w.begin(e.Extra)
	w.text("shell", e.Shell)
	w.variables("variables", e.Variables)
	w.variables("parameter-store", e.ParameterStore)
	w.variables("secrets-manager", e.SecretsManager)
	w.texts("exported-variables", e.ExportedVariables)
	w.flag("git-credential-helper", e.GitCredentialHelper)
	w.end(e.Extra, outer)
}

func (w *writer) phases(p *Phases) {
	if p.Install == nil && p.PreBuild == nil && p.Build == nil && p.PostBuild == nil && p.Extra == nil {
		return
	}
	w.Name("phases")
	outer := w.begin(p.Extra)
	for name, phase := range p.All() {
		w.Name(name)
		outer := w.begin(phase.Extra)
		w.text("run-as", phase.RunAs)
		w.text("on-failure", string(phase.OnFailure))
		if phase.RuntimeVersions != nil {
			w.Name("runtime-versions")
			w.BeginMap()
			for _, v := range phase.RuntimeVersions {
				w.Key(v.Name)
				w.value(v.Version, v.Plain)
			}
			w.EndMap()
		}
		w.texts("commands", phase.Commands)
		w.texts("finally", phase.Finally)
		w.end(phase.Extra, outer)
	}
	w.end(p.Extra, outer)
}

func (w *writer) reports(list []Report) {
	if list == nil {
		return
	}
	w.Name("reports")
	w.BeginMap()
	for i := range list {
		r := &list[i]
		w.Key(r.Name)
		outer := w.begin(r.Extra)
		w.texts("files", r.Files)
		w.text("file-format", r.FileFormat)
		w.text("base-directory", r.BaseDirectory)
		w.flag("discard-paths", r.DiscardPaths)
		w.end(r.Extra, outer)
	}
	w.EndMap()
}

func (w *writer) artifacts(a *Artifacts) {
	outer := w.begin(a.Extra)
	w.text("type", a.Type)
	w.texts("files", a.Files)
	w.text("name", a.Name)
	w.flag("discard-paths", a.DiscardPaths)
	w.text("base-directory", a.BaseDirectory)
	w.texts("exclude-paths", a.ExcludePaths)
	w.flag("enable-symlinks", a.EnableSymlinks)
	w.text("s3-prefix", a.S3Prefix)
	if a.SecondaryArtifacts != nil {
		w.Name("secondary-artifacts")
		w.BeginMap()
		for i := range a.SecondaryArtifacts {
			w.Key(a.SecondaryArtifacts[i].Identifier)
			w.artifacts(&a.SecondaryArtifacts[i])
		}
		w.EndMap()
	}
	w.end(a.Extra, outer)
}

func (w *writer) cache(c *Cache) {
	if c == nil {
		return
	}
	w.Name("cache")
	outer := w.begin(c.Extra)
	w.texts("paths", c.Paths)
	w.text("key", c.Key)
	w.texts("fallback-keys", c.FallbackKeys)
	w.text("action", c.Action)
	w.end(c.Extra, outer)
}
