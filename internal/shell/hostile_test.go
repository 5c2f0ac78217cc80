package shell_test

import (
	"strings"
	"testing"
	"time"

	"github.com/seed-b1f00840/slipway/internal/shell"
)

// What is built to cost much time or stack ends soon. The limit is a hundred times
// what it takes.
func TestHostile(t *testing.T) {
	const size = 60 << 10
	fill := func(s string) string { return strings.Repeat(s, size/len(s)) }
	tests := map[string][]string{
		"brackets":       {fill("("), fill("{ "), fill("$("), fill("${a:-"), fill("`"), fill("$(("), fill("a["), fill("[[ (")},
		"keywords":       {fill("if "), fill("while "), fill("case a in a) "), fill("for a in b; do "), fill("time "), fill("! "), fill("f() ")},
		"operators":      {fill("a|"), fill("a&&") + "a", fill("a||") + "a", fill("a|") + "a", "echo $((1" + fill("+1") + "))", "echo $((" + fill("-") + "1))", "[[ " + fill("! ") + "a ]]", "[[ a" + fill(" && a") + " ]]"},
		"loops":          {"A='" + fill("a ") + "'; for a in $A; do echo $A; done", strings.Repeat("for a in 1 2 3 4 5 6 7 8 9; do ", 150) + "echo" + strings.Repeat("; done", 150)},
		"doubling":       {"A=x; " + fill("A=$A$A; "), "echo x > a; " + fill("cat a a > b; cat b b > a; ")},
		"functions":      {"f() { g; g; g; }; g() { f; f; f; }; f"},
		"braces":         {"echo " + fill("{a,b}"), "echo {1..100000000}"},
		"documents":      {fill("cat <<a\n"), fill("cat <<a\na\n"), "cat " + fill("<<a ")},
		"files":          {fill("echo a >> f; "), fill("rm -rf a; touch b; "), fill("if a; then echo a > f; fi; "), fill("npm x; echo a >> g; ")},
		"eval":           {"A='eval $A'; eval $A", "echo 'sh f' > f; sh f; sh f"},
		"quotes":         {fill("'"), fill("\"") + "a", fill("\\")},
		"sed":            {"A='" + fill("s/a/b/;") + "'; echo " + strings.Repeat("a", 1<<10) + " | sed \"$A\""},
		"jq":             {"jq -n '" + strings.Repeat("[", 190) + "'", "jq -n '" + fill("\"a\"+") + "\"a\"'"},
		"json":           {"echo '" + strings.Repeat("[", 190) + strings.Repeat("]", 190) + "' > f"},
		"case and exits": {fill("if a; then exit; fi; ")},
	}
	many := make([]string, 10_000)
	for i := range many {
		many[i] = "npm run x && echo $A$B >> f && docker build -t $A . && if a; then B=$A; fi"
	}
	tests["many commands"] = many
	for name, commands := range tests {
		for _, sh := range []string{"", "bash"} {
			start := time.Now()
			r := read(sh, commands...)
			_, _ = shell.ImageDefinitions(r.File("f").Content)
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("%s: took %s", name, took)
			} else if testing.Verbose() {
				t.Logf("%s: %s", name, took)
			}
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		`printf '[{"name":"%s","imageUri":"%s"}]' web "$URI" > imagedefinitions.json`,
		"cat <<-EOF | tee -a f\n\t$A ${B:-c}\n\tEOF", `for a in b {c,d}; do echo ${a%%x*} > $a; done`,
		`A=$(echo x | sed "s/x/$B/g;s|y|z|" | jq -n --arg a b '{$a, b: [1, "\($a)"]}')`,
		`if [ -n "$A" ]; then cd /x && . ./y; elif b; then exit 0; fi || eval "$C"`, `f() { return; }; f $@ $* ${#} $1`,
		`docker build -t a --push=x -f b . && docker run -v a b && docker cp a:/b .`, `cp -r a b; mv $A c/; rm -rf d; touch e; ln -s a b`,
		`echo -e 'a\x41\u00e9\0101\c' $'\x' "\` + "`" + `"`, `curl -sSLo a b; wget -O- c; aws s3 cp s3://a/b $C; unzip -d a`, `export A="$B" C D=`,
		`envsubst '$A ${B}' < a > b 2>&1 &`, `while read -r l; do case $l in a|*) break;; esac; done < f`, `env -i A=b timeout -k 1 5 bash -c 'echo $0 "$@"' x y`,
	} {
		f.Add(seed, "bash")
		f.Add(seed, "")
	}
	f.Fuzz(func(t *testing.T, text, sh string) {
		r := read(sh, text, text)
		for _, w := range r.Writes {
			for i, p := range w.Content.Parts() {
				if (p.Literal == "") == (p.Unknown == nil) {
					t.Fatalf("part %d of %q is neither known nor unknown", i, w.Content)
				}
			}
			if w.Content.Equal(w.Content) != shell.Yes {
				t.Fatalf("%q is not itself", w.Content)
			}
			_, _ = shell.ImageDefinitions(w.Content)
			r.File(w.Name.String())
		}
	})
}
