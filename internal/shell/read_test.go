package shell_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/seed-b1f00840/slipway/internal/shell"
)

// read follows commands, each of which is one item.
func read(sh string, commands ...string) *shell.Report {
	return shell.Read(newScript(sh, commands...))
}

func newScript(sh string, commands ...string) shell.Script {
	s := shell.Script{Shell: sh}
	for i, c := range commands {
		s.Commands = append(s.Commands, shell.Command{Path: fmt.Sprintf("commands[%d]", i), Text: c})
	}
	return s
}

// written returns what the commands write, one file a line.
func written(r *shell.Report) string {
	var b strings.Builder
	for _, w := range r.Writes {
		if !w.Sure {
			b.WriteString("maybe ")
		}
		if w.Removed {
			b.WriteString("removed ")
		}
		fmt.Fprintf(&b, "%s: %s\n", w.Name, strings.TrimRight(w.Content.String(), "\n"))
	}
	return strings.TrimRight(b.String(), "\n")
}

const definition = `[{"name":"web","imageUri":"${URI}:latest"}]`

func TestWrites(t *testing.T) {
	tests := []struct {
		name     string
		commands string // items are apart by a line with ---
		want     string
	}{
		{"printf", `printf '[{"name":"web","imageUri":"%s"}]' $URI:latest > f`, "f: " + definition},
		{"printf with quotes", `printf '[{"name":"web","imageUri":"%s"}]' "$URI:latest" > f`, "f: " + definition},
		{"printf two texts", `printf '[{"name":"%s","imageUri":"%s"}]' web "$URI:latest" > "f"`, "f: " + definition},
		{"printf escaped quotes", `printf "[{\"name\":\"web\",\"imageUri\":\"%s\"}]" $URI:latest >f`, "f: " + definition},
		{"printf without arguments", `printf "[{\"name\":\"web\",\"imageUri\":\"$URI:latest\"}]" > f`, "f: " + definition},
		{"printf repeats", `printf '%s\n' a b > f`, "f: a\nb"},
		{"printf percent", `printf '100%% %d%s\x41\101' 7 > f`, "f: 100% 7AA"},
		{"printf too few", `printf '[%s|%d]' > f`, "f: [|0]"},
		{"printf width", `printf '%5s' a > f`, "f: $(...)"},
		{"printf unknown verb", `printf '%y' a > f`, "f: $(printf %y a)"},
		{"printf quotes joined", `printf '[{"name":"'web'","imageUri":"'"$URI"':latest"}]' > f`, "f: " + definition},
		{"echo", `echo '[{"name":"web","imageUri":"'$URI':latest"}]' > f`, "f: " + definition},
		{"echo escaped", `echo "[{\"name\":\"web\",\"imageUri\":\"${URI}:latest\"}]" > f`, "f: " + definition},
		{"echo -n", `echo -n a > f; echo b >> f`, "f: a\nf: ab"},
		{"echo -e", `echo -e 'a\tb\0101' > f`, "f: a\tbA"},
		{"echo where the shells differ", `echo 'a\nb' > f`, `f: $(echo a\nb)`},
		{"echo a backslash that both keep", `echo '\"' > f`, `f: \"`},
		{"here-document", "cat > f <<EOF\n[{\"name\":\"web\",\"imageUri\":\"$URI:latest\"}]\nEOF", "f: " + definition},
		{"here-document after", "cat <<EOF > f\n\\$A `echo x` $(echo y) \\\\ \\a\nEOF", `f: $A x y \ \a`},
		{"here-document quoted", "cat <<'EOF' > f\n$A \\$B\nEOF", `f: $A \$B`},
		{"here-document with tabs", "cat <<-EOF > f\n\t\ta\n\tb\n\tEOF", "f: a\nb"},
		{"here-string", `cat <<< "$A" > f`, "f: ${A}"},
		{"tee", `printf a | tee f`, "f: a"},
		{"tee append", `printf a | tee f g > /dev/null; echo b | tee -a f`, "f: a\ng: a\nf: ab"},
		{"append", "echo a > f\n---\necho b >> f", "f: a\nf: a\nb"},
		{"block", `{ echo a; echo b; } > f`, "f: a\nb"},
		{"subshell", `(cd sub && echo a > f); echo b > f`, "sub/f: a\nf: b"},
		{"cd", "cd sub\n---\necho a > f\n---\ncd ..\n---\necho b > ./f", "sub/f: a\nf: b"},
		{"cd back", `cd a; cd -; echo x > f; cd $CODEBUILD_SRC_DIR/b; echo y > f; cd "$CODEBUILD_SRC_DIR"; echo z > f`, "f: x\nb/f: y\nf: z"},
		{"pushd", `pushd a; echo x > f; popd; echo x > f`, "a/f: x\nf: x"},
		{"cd unknown", `cd $DIR; echo a > f`, "${DIR}/f: a"},
		{"full path", `echo a > $CODEBUILD_SRC_DIR/f; echo b > /tmp/f; echo $(pwd) > $PWD/g`, "f: a\n/tmp/f: b\ng: ${CODEBUILD_SRC_DIR}"},
		{"unknown name", `echo a > $OUT; echo a > dist/$X.json`, "${OUT}: a\ndist/${X}.json: a"},
		{"standard error", `make 2> log; echo a >&2 > f; echo b > g 2>&1; echo c 1>&2`, "log: $(...)\nf: a\ng: b"},
		{"all output", `docker build . > log 2>&1`, "log: $(...)"},
		{"device", `echo a > /dev/null`, ""},
		{"variables", `A=x; B="$A-$C"; echo $B ${B#x} ${A:-y} ${C:-y} ${A:+z} ${#A} > f`, "f: x-${C} -${C} x ${C} z 1"},
		{"variables at the ends", `I=$R:v1; echo ${I%:*} ${I##*:} ${I%%/*} > f; R=h/p:t; echo ${R%%:*} ${R##*/} ${R%/*} ${R#*/} > g`, "f: ${R} v1 $(...)\ng: h/p p:t h p:t"},
		{"assigned by default", `echo ${A:=x} $A > f`, "f: ${A} ${A}"},
		{"known empty", `A=; echo ${A:-x}$A > f`, "f: x"},
		{"command substitution", `A=$(echo a; echo b); echo "$A" > f; echo $A > g`, "f: a\nb\ng: a b"},
		{"backquotes", "A=`git rev-parse HEAD`; echo $A `date` > f", "f: ${A} $(date)"},
		{"split", `A='-t x .'; echo $A > f; echo " $A  b " > g`, "f: -t x .\ng:  -t x .  b "},
		{"export", `export A=x B="$A y"; echo "$B" > f`, "f: x y"},
		{"for one", `printf '[' > f; for s in web worker; do printf '"%s"' $s >> f; done`, `f: [` + "\n" + `f: ["web"` + "\n" + `f: ["web""worker"`},
		{"for a list", `L="a b"; for s in $L; do echo $s > $s/f; done`, "a/f: a\nb/f: b"},
		{"for unknown", `for s in $LIST; do echo $s > f; done`, "maybe f: ${s}"},
		{"for the files", `for s in *.json; do echo $s > f; done`, "maybe f: ${s}"},
		{"while", `i=0; while read x; do echo $i > f; i=$((i+1)); done`, "maybe f: ${i}"},
		{"or", `test -f x || echo a > f; make || echo b > g`, "maybe f: a\nmaybe g: b"},
		{"and", `npm test && echo a > f; [ -n "$X" ] && echo b > g`, "f: a\nmaybe g: b"},
		{"if", `if [ $A = b ]; then echo a > f; else echo b > f; fi`, "maybe f: a\nmaybe f: b"},
		{"case", `case $A in a) echo a > f;; *) echo b > f;; esac`, "maybe f: a\nmaybe f: b"},
		{"exit in a branch", `if [ -z "$A" ]; then exit 0; fi; echo a > f`, "maybe f: a"},
		{"exit with an error", `if [ -z "$A" ]; then exit 1; fi; echo a > f`, "f: a"},
		{"exit", "echo a > f; exit 0; echo b > g\n---\necho c > h", "f: a\nh: c"},
		{"function", "w() { echo \"$1-$#\" > f; }\n---\nw a b", "f: a-2"},
		{"function that is not called", "w() { echo a > f; }", ""},
		{"function that calls itself", "w() { w; }; w", ""},
		{"temporary variable", `A=x sh -c 'echo $A > f'; echo $A > g`, "f: x\ng: ${A}"},
		{"sh -c", `bash -c "echo a > f"; sh -c 'cd x; echo $1 > f' sh b; echo b > g`, "f: a\nx/f: b\ng: b"},
		{"eval", `eval "A=x"; echo $A > f`, "f: x"},
		{"eval unknown", `A=x; eval "$B"; echo $A > f`, "f: ${A}"},
		{"source unknown", "A=x; . ./env.sh; echo $A > f; A=y; echo $A > f", "f: ${A}\nf: y"},
		{"sudo", `sudo sh -c "echo a > f"; echo b | sudo tee g; env A=b timeout 5 cp g h`, "f: a\ng: b\nh: b"},
		{"piped to sh", `echo 'echo a > f' | sh`, "f: a"},
		{"cp", `echo a > f; cp f g; mkdir -p d; cp f g d; cp f x/; mv f h`, "f: a\ng: a\nd/f: a\nd/g: a\nx/f: a\nremoved f: \nh: a"},
		{"cp a directory", `mkdir d; cp -r d e/`, ""},
		{"rm", `echo a > f; rm -f f; echo b > d/f; rm -rf d`, "f: a\nremoved f: \nd/f: b\nremoved d/f: \nremoved d: "},
		{"touch", `echo a > f; touch f`, "f: a\nf: a"},
		{"curl", `curl -sSLo a https://example.com/x; curl -o b https://example.com; wget -O c https://example.com; curl -sO https://example.com/d.zip`, "a: $(...)\nb: $(...)\nc: $(...)\nd.zip: $(...)"},
		{"aws", `aws ecs describe-task-definition --task-definition x --query taskDefinition > taskdef.json; aws s3 cp s3://b/k/x.json .; aws s3 cp s3://b/k y.json; aws s3 cp f s3://b/`, "taskdef.json: $(aws ecs describe-task-definition --task-definition x --query...)\nx.json: $(...)\ny.json: $(...)"},
		{"jq", `jq -n --arg n web --arg u "$URI:latest" '[{name: $n, imageUri: $u}]' > f`, "f: " + definition},
		{"jq short names", `jq -cn --arg name web --arg imageUri "$URI:latest" '[{$name, $imageUri}]' > f`, "f: " + definition},
		{"jq texts", `jq -n --arg u "$URI" '[{"name":"web","imageUri":($u + ":latest")}]' > f; jq -n --arg u "$URI" '[{name:"web",imageUri:"\($u):latest"}]' > f`, "f: " + definition + "\nf: " + definition},
		{"jq json", `jq -n --argjson a '[1,{"b":null}]' '{a:$a,c:true}' > f`, `f: {"a":[1,{"b":null}],"c":true}`},
		{"jq environment", `export URI; jq -n '[{name:"web",imageUri:(env.URI + ":latest")}]' > f`, "f: " + definition},
		{"jq passes on", `echo '[1]' | jq . > f`, "f: [1]"},
		{"jq unknown", `jq '.[0].x = 1' in > f`, "f: $(jq .[0].x = 1 in)"},
		{"sed", `echo 'a=IMG b=IMG' > t; sed "s|IMG|$URI|" t > f; sed -e 's/a/x/' -e 's/b/y/;s/=/:/g' t > g`, "t: a=IMG b=IMG\nf: a=${URI} b=IMG\ng: x:IMG y:IMG"},
		{"sed in place", `echo '<IMG>' > t; sed -i "s#<IMG>#$URI:1#g" t`, "t: <IMG>\nt: ${URI}:1"},
		{"sed pattern", `echo 'v1.2' | sed 's/v[0-9]*\./x/' > f; echo abc | sed -E 's/(b|c)+$/x/' > g; echo abc | sed 's/\(b\)/\1/' > h`, `f: x2` + "\ng: ax\nh: $(sed s/\\(b\\)/\\1/)"},
		{"sed other commands", `echo a | sed -n 1p > f`, "f: $(sed -n 1p)"},
		{"envsubst", `export A=x; B=y; echo '$A ${B} $C $' | envsubst > f; echo '$A $C' | envsubst '$C' > g`, "f: x ${B} ${C} $\ng: $A ${C}"},
		{"in a loop appended", `while x; do echo a >> f; done`, "maybe f: $(...)a"},
		{"input", `cat < in > f; echo a > in; cat < in > f`, "f: $(...)\nin: a\nf: a"},
		{"comment", "# echo a > f", ""},
		{"continued", "printf '%s' \\\n  a \\\n  > f", "f: a"},
		{"read", "echo a > f\nread A < f\necho $A > g", "f: a\ng: ${A}"},
		{"unset", "A=x; unset A; echo a$A > f", "f: a"},
		{"background", "echo a > f &", "f: a"},
		{"negated", "! echo a > f", "f: a"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := written(read("", strings.Split(test.commands, "\n---\n")...))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("mismatch (-want +got):\n%s", diff)
			}
		})
	}
}

func TestBash(t *testing.T) {
	tests := []struct{ commands, want string }{
		{`echo 'a\nb' > f`, `f: a\nb`},
		{`echo -e 'a\nb' &> f`, "f: a\nb"},
		{`[[ $A == b ]] && echo a > f`, "maybe f: a"},
		{`A=abcdef; echo ${A:0:3} ${A/b/x} ${A//c/y} ${A^^} ${B:0:7} > f`, "f: abc axcdef abydef ABCDEF ${B:0:7}"},
		{`export A=x; declare -x B=y; echo $A$B > f`, "f: xy"},
		{`A=(a b); echo ${A[0]} > f`, "f: ${A}"},
		{`echo {"name":"web","uri":"$U"} > f`, "f: name:web uri:${U}"},
		{`A=x; A+=y; echo $'a\tb'$A > f`, "f: a\tbxy"},
		{`for ((i=0; i<3; i++)); do echo $i > f; done`, "maybe f: ${i}"},
		{`function w { echo a > f; }; w; time w`, "f: a\nf: a"},
		{`printf -v A '%s-%s' x y; echo $A > f`, "f: x-y"},
		{`echo $(<in) > f; A=B; B=c; echo ${!A} > g`, "f: $(...)\ng: c"},
		{`echo $((1+1)) > f; let x=1; echo $x > g`, "f: $(...)\ng: ${x}"},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, written(read("bash", test.commands))); diff != "" {
			t.Errorf("%s: mismatch (-want +got):\n%s", test.commands, diff)
		}
	}
}

func TestRepository(t *testing.T) {
	s := newScript("",
		`sed "s|<IMAGE>|$URI|g" deploy/taskdef.template.json > taskdef.json`,
		`cp deploy/taskdef.template.json out.json`,
		`cp deploy/taskdef.template.json deploy`,
		`VERSION=$(cat VERSION)`,
		`echo $VERSION > version.txt`,
		`./build.sh $VERSION`,
		`sh build.sh 2`,
		`. ./env.sh && echo $FROM_ENV > env.txt`,
		`echo more >> VERSION`,
		`./tool.py`,
		`cat VERSION > after.txt`)
	s.Repository = fstest.MapFS{
		"deploy/taskdef.template.json": {Data: []byte(`{"image":"<IMAGE>"}`)},
		"VERSION":                      {Data: []byte("1.2\n")},
		"build.sh":                     {Data: []byte("#!/bin/bash\nset -e\ncd app\n[[ -n $1 ]] && echo x > y\necho $1 > built.txt\n")},
		"env.sh":                       {Data: []byte("FROM_ENV=e\n")},
		"tool.py":                      {Data: []byte("#!/usr/bin/env python3\n")},
	}
	want := `taskdef.json: {"image":"${URI}"}
out.json: {"image":"<IMAGE>"}
deploy/taskdef.template.json: {"image":"<IMAGE>"}
version.txt: 1.2
maybe app/y: x
app/built.txt: 1.2
maybe app/y: x
app/built.txt: 2
env.txt: e
VERSION: 1.2
more
after.txt: $(cat VERSION)`
	r := shell.Read(s)
	if diff := cmp.Diff(want, written(r)); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
	if r.MayWrite("anything") != shell.Maybe || len(r.Effects) != 1 {
		t.Errorf("got effects %v, want that of tool.py", r.Effects)
	}
}
