package bundle_test

import (
	"errors"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
)

// model is a Model that renders its text and has its problems.
type model struct {
	text     string
	err      error
	problems slipway.Problems
}

func (m model) AppendText(dst []byte) ([]byte, error) { return append(dst, m.text...), m.err }
func (m model) Check() slipway.Problems               { return m.problems }

func TestCheckNamesTheFile(t *testing.T) {
	problem := &slipway.Problem{Path: "cpu", Message: "bad"}
	var b bundle.Bundle
	b.Add("b.json", model{problems: slipway.Problems{problem}})
	b.Add("a.json", model{problems: slipway.Problems{problem, {Message: "so so", Severity: slipway.Warning}}})
	want := "a.json: warning: so so\na.json: cpu: bad\nb.json: cpu: bad"
	if diff := cmp.Diff(want, b.Check().Error()); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
	if problem.File != "" {
		t.Error("Check changed the model's problem")
	}
	if err := b.Validate(); err == nil || err.Error() != "a.json: cpu: bad\nb.json: cpu: bad" {
		t.Errorf("Validate is %v", err)
	}
}

// What is ignored is found and does not count, and neither for the bound bundle.
func TestIgnore(t *testing.T) {
	var b bundle.Bundle
	b.Add("a.json", model{problems: slipway.Problems{{Message: "bad", Rule: "x/y"}}})
	b.Add("b.json", model{problems: slipway.Problems{{Message: "bad", Rule: "x/y"}, {Message: "worse", Rule: "x/z"}}})
	b.Ignore = func(p *slipway.Problem) bool { return p.Rule == "x/y" }
	if err := b.Validate(); err == nil || err.Error() != "b.json: worse (x/z)" {
		t.Errorf("Validate is %v", err)
	}
	if n := len(b.Check()); n != 3 {
		t.Errorf("Check has %d problems, want 3", n)
	}
	b.Ignore = func(*slipway.Problem) bool { return true }
	b.Artifacts = nil
	bound, err := b.Bind(bundle.Target{Account: "123456789012", Region: "eu-central-1"})
	if err != nil || b.Validate() != nil || bound.Ignore == nil {
		t.Errorf("got error %v, Ignore of the bound bundle is kept: %t", err, bound.Ignore != nil)
	}
}

func TestFilesReportsEveryProblem(t *testing.T) {
	var b bundle.Bundle
	b.Add("good.yml", model{text: "a\n"})
	b.Add("../bad.yml", model{})
	b.Add("Good.yml", model{})
	b.Add("unrenderable.yml", model{err: io.ErrUnexpectedEOF})
	b.Add("empty.yml", nil)
	_, err := b.Files()
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("the cause is not in %v", err)
	}
	want := `../bad.yml: "../bad.yml" is no path inside the directory; use a relative one with slashes, of which no part goes up (bundle/path)
Good.yml: two artifacts have this path (bundle/path)
empty.yml: the artifact has no model
unrenderable.yml: unexpected EOF`
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
}
