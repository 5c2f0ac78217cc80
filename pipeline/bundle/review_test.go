package bundle_test

import (
	"bufio"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/seed-b1f00840/slipway"
)

// A corpusFile is a line of the manifest of the corpus: a real file by others.
type corpusFile struct {
	file, repo, path, note string
}

func (f corpusFile) isInvalid() bool {
	return strings.Contains(f.note, "intentionally invalid") || strings.Contains(f.note, "unparsable")
}

func corpus(t *testing.T) (dir string, files []corpusFile) {
	t.Helper()
	dir = filepath.Join(moduleRoot(t), "..", "shared", "corpus")
	manifest, err := os.Open(filepath.Join(dir, "MANIFEST.tsv"))
	if err != nil {
		t.Skip("the corpus is not here: ../shared/corpus")
	}
	defer manifest.Close()
	lines := bufio.NewScanner(manifest)
	for lines.Scan() {
		if cells := strings.Split(lines.Text(), "\t"); len(cells) == 8 && cells[0] != "file" {
			files = append(files, corpusFile{cells[0], cells[1], cells[3], cells[6]})
		}
	}
	if err := lines.Err(); err != nil || len(files) < 700 {
		t.Fatalf("read %d lines of the manifest: %v", len(files), err)
	}
	return dir, files
}

// TestCorpus checks real files, each alone and all of one repository together. An
// error on a file that is not meant to be wrong must stand in the review.
func TestCorpus(t *testing.T) {
	dir, files := corpus(t)
	review := readReview(t)
	seen := map[string]bool{}
	judge := func(f corpusFile, problems slipway.Problems) {
		for _, p := range problems.Errors() {
			key := f.file + "\t" + p.Rule
			if !f.isInvalid() && review[key] == "" && !seen[key] {
				t.Errorf("an error that is not in testdata/corpus-review.txt:\n%s\t%s\n\t%v", f.file, p.Rule, p)
			}
			seen[key] = true
		}
	}
	repos := map[string]repository{}
	names := map[string]corpusFile{} // by repository and path
	for _, f := range files {
		data, err := os.ReadFile(filepath.Join(dir, f.file))
		if err != nil {
			t.Fatal(err)
		}
		name := path.Base(f.file)
		judge(f, repository{name: string(data)}.all())
		if repos[f.repo] == nil {
			repos[f.repo] = repository{}
		}
		inside := f.path
		if repos[f.repo][inside] != "" { // several samples of one document
			inside = path.Join(path.Dir(f.path), name)
		}
		inside = strings.Trim(path.Clean("/"+inside), "/")
		repos[f.repo][inside], names[f.repo+"\t"+inside] = string(data), f
	}
	for _, repo := range slices.Sorted(maps.Keys(repos)) {
		for _, p := range repos[repo].all().Errors() {
			f, ok := names[repo+"\t"+p.File]
			if !ok {
				t.Errorf("%s: no file has the problem %v", repo, p)
			}
			judge(f, slipway.Problems{p})
		}
	}
	for key := range review {
		if !seen[key] {
			t.Errorf("the review has an error that is not found: %s", key)
		}
	}
}

// readReview returns the sentence for each file and rule in testdata/corpus-review.txt.
func readReview(t *testing.T) map[string]string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "corpus-review.txt"))
	if err != nil {
		t.Fatal(err)
	}
	review := map[string]string{}
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSpace(line)
		if cells := strings.SplitN(line, "\t", 3); len(cells) == 3 && line[0] != '#' {
			review[cells[0]+"\t"+cells[1]] = cells[2]
		} else if line != "" && line[0] != '#' {
			t.Errorf("want file, rule and sentence, separated by tabs: %q", line)
		}
	}
	return review
}
