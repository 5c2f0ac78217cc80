package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/seed-b1f00840/slipway/internal/oracle"
	"github.com/seed-b1f00840/slipway/pipeline/cli"
)

// lint runs a command line and returns its exit status and output.
func lint(ctx context.Context, args ...string) (status int, stdout, stderr string) {
	var out, err bytes.Buffer
	status = cli.Run(ctx, append([]string{"slipway"}, args...), nil, &out, &err)
	return status, out.String(), err.String()
}

func TestInterrupt(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	status, stdout, stderr := lint(ctx, "lint", "testdata")
	if status != 2 || stdout != "" || stderr != "slipway: interrupted\n" {
		t.Errorf("got status %d, output %q, %q", status, stdout, stderr)
	}
}

// Several runs at once do not disturb each other.
func TestConcurrent(t *testing.T) {
	dir := filepath.Join(oracle.Root(t), "examples", "minimal")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			status, stdout, stderr := lint(context.Background(), "lint", dir)
			if status != 0 || stdout != "no problems in 6 files\n" || stderr != "" {
				t.Errorf("got status %d, output %q, %q", status, stdout, stderr)
			}
		})
	}
	wg.Wait()
}

// What a file is called does not act on the terminal either.
func TestHostileName(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "taskdef-\x1b[2J\n::error::.json")
	if err := os.WriteFile(name, []byte("{"), 0o666); err != nil {
		t.Skip("no such file name here:", err)
	}
	for _, format := range []string{"text", "json", "sarif", "github"} {
		status, stdout, stderr := lint(context.Background(), "lint", "--format", format, dir)
		if status != 1 || stderr != "" || strings.ContainsAny(stdout, "\x1b\x07") {
			t.Errorf("%s: got status %d, output %q, %q", format, status, stdout, stderr)
		}
		if strings.Contains(stdout, "\n::error::") {
			t.Errorf("%s: the name begins a line:\n%s", format, stdout)
		}
	}
	_, _, stderr := lint(context.Background(), "lint", name+"\x1b")
	if strings.Contains(stderr, "\x1b") {
		t.Errorf("got %q", stderr)
	}
}

// TestSarif holds the golden file to what the schema of SARIF 2.1.0 requires of
// each object, and its indexes to what they index.
func TestSarif(t *testing.T) {
	archive, err := txtar.ParseFile(filepath.Join("testdata", "script", "formats.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(archive.Files, func(f txtar.File) bool { return f.Name == "want.sarif" })
	var log map[string]any
	if err := json.Unmarshal(archive.Files[i].Data, &log); err != nil {
		t.Fatal(err)
	}
	need(t, log, "version", "2.1.0")
	for _, run := range list(t, log, "runs") {
		driver := object(t, object(t, run, "tool"), "driver")
		need(t, driver, "name", "slipway")
		need(t, run, "columnKind", "unicodeCodePoints")
		rules := list(t, driver, "rules")
		for _, rule := range rules {
			need(t, rule, "id", nil)
			need(t, object(t, rule, "shortDescription"), "text", nil)
			level(t, object(t, rule, "defaultConfiguration"))
		}
		related := 0
		for _, result := range list(t, run, "results") {
			need(t, object(t, result, "message"), "text", nil)
			level(t, result)
			if id := rules[int(result["ruleIndex"].(float64))]["id"]; id != result["ruleId"] {
				t.Errorf("ruleIndex leads to %v, want %v", id, result["ruleId"])
			}
			locations := list(t, result, "locations")
			if result["relatedLocations"] != nil {
				more := list(t, result, "relatedLocations")
				related += len(more)
				locations = append(locations, more...)
			}
			for _, l := range locations {
				physical := object(t, l, "physicalLocation")
				uri := object(t, physical, "artifactLocation")["uri"].(string)
				if strings.ContainsAny(uri, " \\\"<>") {
					t.Errorf("%q is no URI reference", uri)
				}
				region := object(t, physical, "region")
				if region["startLine"].(float64) < 1 || region["startColumn"].(float64) < 1 {
					t.Errorf("region %v does not begin at 1", region)
				}
			}
		}
		if related == 0 {
			t.Error("the golden file has no related location")
		}
	}
}

func level(t *testing.T, o map[string]any) {
	t.Helper()
	if l, _ := o["level"].(string); !slices.Contains([]string{"none", "note", "warning", "error"}, l) {
		t.Errorf("level %q", l)
	}
}

// need asks for a member with a value, or any text when want is nil.
func need(t *testing.T, o map[string]any, key string, want any) {
	t.Helper()
	if got, ok := o[key].(string); !ok || got == "" || want != nil && got != want {
		t.Errorf("%s: got %v, want %v", key, o[key], want)
	}
}

func object(t *testing.T, o map[string]any, key string) map[string]any {
	t.Helper()
	v, ok := o[key].(map[string]any)
	if !ok {
		t.Fatalf("%s: no object in %v", key, o)
	}
	return v
}

func list(t *testing.T, o map[string]any, key string) (out []map[string]any) {
	t.Helper()
	for _, v := range o[key].([]any) {
		out = append(out, v.(map[string]any))
	}
	return out
}

// TestREADME holds the commands that the README shows to those that there are.
func TestREADME(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(oracle.Root(t), "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	lines := regexp.MustCompile(`(?m)^    (?:slipway|go run \S*pipeline/slipway\S*) (.+?)(?: +#.*)?$`).FindAllStringSubmatch(string(data), -1)
	if len(lines) == 0 {
		t.Fatal("the README shows no command of slipway")
	}
	for _, line := range lines {
		args, _, _ := strings.Cut(line[1], " >")
		words := strings.Fields(args)
		status, _, stderr := lint(context.Background(), append([]string{"help"}, words[0])...)
		if status != 0 {
			t.Errorf("README: %s: %s", line[0], stderr)
		}
		_, help, _ := lint(context.Background(), words[0], "--help")
		for _, word := range words[1:] {
			if flag, _, _ := strings.Cut(word, "="); strings.HasPrefix(flag, "--") && !strings.Contains(help, flag+" ") {
				t.Errorf("README: %s: no flag %s", line[0], flag)
			}
		}
	}
	for _, command := range []string{"lint", "write", "check", "diff", "plan", "apply", "status", "destroy"} {
		if !strings.Contains(string(data), "`"+command+"`") && !strings.Contains(string(data), "slipway "+command) {
			t.Errorf("README does not name the command %s", command)
		}
	}
}

// The flags that remedies of package apply name are those that there are.
func TestRemedies(t *testing.T) {
	names, err := filepath.Glob(filepath.Join(oracle.Root(t), "pipeline", "apply", "*.go"))
	if err != nil || len(names) == 0 {
		t.Fatal(err, names)
	}
	help := ""
	for _, command := range []string{"apply", "destroy"} {
		_, text, _ := lint(context.Background(), command, "--help")
		help += text
	}
	found := 0
	for _, name := range append(names, filepath.Join(oracle.Root(t), "pipeline", "apply", "connect", "errors.go")) {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(data)) {
			if strings.HasSuffix(name, "_test.go") || strings.Contains(line, "aws ") || strings.Contains(line, "docker login") {
				continue // the flags of others
			}
			for _, flag := range regexp.MustCompile(`--[a-z][a-z-]+`).FindAllString(line, -1) {
				found++
				if !strings.Contains(help, flag+" ") {
					t.Errorf("%s names %s, which is no flag", name, flag)
				}
			}
		}
	}
	if found < 10 {
		t.Errorf("found %d flags", found)
	}
}

// Collected files are linted without a stack, in every format.
func TestCorpus(t *testing.T) {
	dir := oracle.Shared(t, "corpus")
	for _, format := range []string{"text", "json", "sarif", "github"} {
		status, stdout, stderr := lint(context.Background(), "lint", "--severity", "info", "--format", format, dir)
		if status != 1 || stderr != "" {
			t.Errorf("%s: got status %d: %s", format, status, stderr)
		}
		if (format == "json" || format == "sarif") && !json.Valid([]byte(stdout)) {
			t.Errorf("%s: no JSON", format)
		}
	}
}
