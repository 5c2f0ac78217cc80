package handover_test

import (
	"bytes"
	"encoding"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/pipeline/handover"
)

var update = flag.Bool("update", false, "write what the tests find into testdata")

// model is what the three models have in common.
type model interface {
	encoding.TextAppender
	Check() slipway.Problems
	Validate() error
}

// parse reads a file by its name, leniently or not.
func parse(name string, data []byte, lax bool) (model, error) {
	images, detail, spec := handover.ParseImageDefinitions, handover.ParseImageDetail, handover.ParseAppSpec
	if lax {
		images, detail, spec = handover.ParseImageDefinitionsLax, handover.ParseImageDetailLax, handover.ParseAppSpecLax
	}
	switch {
	case strings.Contains(name, "imagedefinitions"):
		m, err := images(name, data)
		return m, err
	case strings.Contains(name, "imageDetail"):
		m, err := detail(name, data)
		return m, err
	}
	m, err := spec(name, data)
	return m, err
}

// TestRules checks the files of testdata/rules: what is found in x stands in x.txt;
// where that is missing, nothing must be found.
func TestRules(t *testing.T) {
	const name = "testdata/rules/rules.txtar"
	archive, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	want, fired := map[string]string{}, ""
	updated := &txtar.Archive{Comment: archive.Comment}
	for _, f := range archive.Files {
		want[f.Name] = string(f.Data)
	}
	for _, f := range archive.Files {
		if strings.HasSuffix(f.Name, ".txt") {
			continue
		}
		m, err := parse(f.Name, f.Data, true)
		var found slipway.Problems
		if err == nil {
			found = m.Check()
		} else if !errors.As(err, &found) {
			t.Fatalf("%s: error is of type %T", f.Name, err)
		}
		got := ""
		if len(found) > 0 {
			got = found.Error() + "\n"
		}
		updated.Files = append(updated.Files, f)
		if got != "" {
			updated.Files = append(updated.Files, txtar.File{Name: f.Name + ".txt", Data: []byte(got)})
		}
		fired += got
		if diff := cmp.Diff(want[f.Name+".txt"], got); diff != "" && !*update {
			t.Errorf("%s: mismatch (-want +got):\n%s", f.Name, diff)
		}
	}
	if *update {
		if err := os.WriteFile(filepath.FromSlash(name), txtar.Format(updated), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, rule := range handover.Rules() {
		switch rule.Name {
		case "handover/size", "handover/byte-order-mark": // see TestReading
		default:
			if !strings.Contains(fired, "("+rule.Name+")") {
				t.Errorf("no file of testdata breaks %s", rule.Name)
			}
		}
		if !strings.HasSuffix(rule.Doc, ".") {
			t.Errorf("%s has no sentence", rule.Name)
		}
	}
}

func TestReading(t *testing.T) {
	const one = `[{"name": "web", "imageUri": "nginx"}]`
	for _, tt := range []struct{ text, want string }{
		{one + strings.Repeat(" ", 100<<10), "f.json:1:1: the file has 102438 bytes; CodePipeline reads at most 102400 (handover/size)"},
		{"\ufeff" + one, "f.json:1:1: warning: the file begins with a byte order mark; write it without one (handover/byte-order-mark)"},
	} {
		d, err := handover.ParseImageDefinitionsLax("f.json", []byte(tt.text))
		if err != nil {
			t.Fatal(err)
		}
		if got := d.Check().Error(); got != tt.want {
			t.Errorf("found %s, want %s", got, tt.want)
		}
	}
}

// Parse refuses what ParseLax notes as an error.
func TestParse(t *testing.T) {
	if _, err := handover.ParseAppSpec("a.yml", []byte("Resources: x\n")); err == nil {
		t.Error("no error for Resources of a wrong type")
	}
	if d, err := handover.ParseImageDetail("d.json", []byte(`{"ImageURI": "x", "Other": 1}`)); err != nil || d.Extra["Other"] == nil {
		t.Errorf("an unknown key is refused or lost: %v", err)
	}
}

func TestTarget(t *testing.T) {
	a := handover.AppSpec{Resources: []handover.Resource{{Name: "TargetService"}}}
	if target, path := a.Target(); target != &a.Resources[0] || path != "Resources[0].TargetService" {
		t.Errorf("target is %v at %s", target, path)
	}
	if target, path := new(handover.AppSpec).Target(); target != nil || path != "" {
		t.Error("an empty specification has a target")
	}
}

func TestRenderJSON(t *testing.T) {
	a := &handover.AppSpec{Resources: []handover.Resource{{Name: "TargetService", Type: "AWS::ECS::Service"}}}
	text, err := a.RenderJSON()
	if err != nil {
		t.Fatal(err)
	}
	got, err := handover.ParseAppSpecLax("appspec.json", text)
	if err != nil {
		t.Fatal(err)
	}
	a.Version = "0.0"
	if diff := cmp.Diff(a, got); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
}

// FuzzParse holds that nothing panics, and that what is read, is written and read
// again is the same.
func FuzzParse(f *testing.F) {
	archive, err := txtar.ParseFile("testdata/rules/rules.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range archive.Files {
		f.Add(file.Data)
	}
	for _, seed := range []string{
		"", "[", "{", "null", "[{}]", "[null]", "Hooks: [{a: b}]\n", "Resources: [{a: {Properties: 1}}]\n", "version: 1e3\n",
		"Resources: [{'': {Properties: {LoadBalancerInfo: {ContainerPort: 0}}}}]\n", "version: [0]\n", "version:\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, name := range []string{"imagedefinitions.json", "imageDetail.json", "appspec.yaml"} {
			first, err := parse(name, data, true)
			if err != nil {
				continue
			}
			first.Check()
			if a, ok := first.(*handover.AppSpec); ok && a.Version == "" && a.Extra["version"] == nil {
				if _, kept := a.Extra["version"]; !kept {
					a.Version = "0.0" // as it is written
				}
			}
			text, err := first.AppendText(nil)
			if err != nil {
				continue // a number that JSON or YAML does not have
			}
			second, err := parse(name, text, true)
			if err != nil {
				t.Fatalf("%s: %v\n%s", name, err, text)
			}
			if diff := cmp.Diff(first, second); diff != "" {
				t.Fatalf("%s: mismatch (-first +second):\n%s\n%s", name, diff, text)
			}
			again, err := second.AppendText(nil)
			if err != nil || !bytes.Equal(text, again) {
				t.Fatalf("%s: %v\n%s", name, err, cmp.Diff(string(text), string(again)))
			}
		}
	})
}
