package rehearse_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
	"github.com/seed-b1f00840/slipway/pipeline/rehearse"
)

// corpus is real files by others, where the machine has them.
var corpus = filepath.Join("..", "..", "..", "shared", "corpus")

// Whatever a file holds, its rehearsal ends, with a report or a reason.
func TestCorpus(t *testing.T) {
	if testing.Short() {
		t.Skip("short")
	}
	if _, err := os.Stat(corpus); errors.Is(err, fs.ErrNotExist) {
		t.Skip("the corpus is not on this machine")
	}
	states := map[rehearse.State]int{}
	rehearseOne := func(name string, b *bundle.Bundle, src fstest.MapFS) {
		begin := time.Now()
		report, err := rehearse.Run(t.Context(), b, rehearse.Options{Source: src, Timeout: 5 * time.Second})
		if took := time.Since(begin); took > 10*time.Second {
			t.Errorf("%s: took %v", name, took)
		}
		if err == nil {
			states[report.State]++
			if testing.Verbose() {
				t.Logf("%s: %s", name, report)
			}
		} else if testing.Verbose() {
			t.Logf("%s: %v", name, err)
		}
	}
	specs, _ := filepath.Glob(filepath.Join(corpus, "*buildspec*", "*.y*ml"))
	for _, name := range specs {
		src := source(string(must(os.ReadFile(name))))
		rehearseOne(name, pipe(pipeline.CodeBuild{Name: "Build", Project: "p", Input: "Source", Output: "Out"}), src)
	}
	templates, _ := filepath.Glob(filepath.Join(corpus, "cfn-delivery", "*"))
	for _, name := range templates {
		template, err := cfn.ParseLax(name, must(os.ReadFile(name)))
		if err != nil {
			continue
		}
		b := new(bundle.Bundle)
		b.Add("template.yml", template)
		for _, g := range b.Groups() {
			if g.Pipeline != nil {
				rehearseOne(name, b, source(commands("echo")))
				break
			}
		}
	}
	t.Logf("%d files: %v", len(specs)+len(templates), states)
}
