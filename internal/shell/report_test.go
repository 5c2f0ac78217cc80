package shell_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/seed-b1f00840/slipway/internal/shell"
)

func TestDocker(t *testing.T) {
	tests := []struct{ command, want string }{
		{`docker build -t $URI:latest -t b:1 --platform linux/arm64,linux/amd64 -f docker/Dockerfile app`,
			"docker build images [${URI}:latest b:1] platforms [linux/arm64 linux/amd64] file docker/Dockerfile context app daemon"},
		{`docker buildx build --tag=a --platform=linux/arm64 --build-arg A=b --push .`, "docker build images [a] platforms [linux/arm64] context . push daemon"},
		{`docker build --no-cache -q -ta "$D"`, "docker build images [a] context ${D} daemon"},
		{`docker image build .`, "docker build context . daemon"},
		{`docker build $ARGS .`, "docker build context . open daemon"},
		{`A="-t a ."; docker build $A`, "docker build images [a] context . daemon"},
		{`docker --config x push $URI`, "docker push images [${URI}] daemon"},
		{`docker push -a x/y`, "docker push images [x/y] open daemon"},
		{`docker tag a $B:$C`, "docker tag images [${B}:${C}] source a daemon"},
		{`aws ecr get-login-password | docker login --username AWS --password-stdin $R`, "docker login registry ${R}"},
		{`docker login -u a -p b`, "docker login"},
		{`$(aws ecr get-login --no-include-email --region $R)`, "docker login registry $(...)"},
		{`eval $(aws ecr get-login --no-include-email)`, "docker login registry $(...)"},
		{`docker run --rm -e A=b -p 80:80 a:1 sh -c x`, "docker run images [a:1] daemon"},
		{`docker pull a || true`, "docker pull images [a] daemon"},
		{`docker --version; docker version; docker info`, "docker version\ndocker info"},
		{`docker manifest create a b`, "docker manifest create images [a]"},
		{`docker-compose -f x.yml up -d; docker compose build`, "docker-compose up daemon\ndocker compose daemon"},
		{`pack build img --publish`, "pack build images [img] push daemon"},
		{`sam build; sam build --use-container`, "sam build daemon"},
		{`nohup dockerd --host=unix:///var/run/docker.sock &`, "dockerd daemon"},
		{`docker -H tcp://x build .; DOCKER_HOST=tcp://x docker build .`, "docker build context .\ndocker build context ."},
		{`sudo docker build . && [ $X ] && docker push a`, "docker build context . daemon\nmaybe docker push images [a] daemon"},
		{`ID=$(docker build -q .); docker push $ID`, "docker build context . daemon\ndocker push images [${ID}] daemon"},
		{`podman build -t a .`, "podman build images [a] context ."},
		{`for s in web api; do docker push $URI/$s; done`, "docker push images [${URI}/web] daemon\ndocker push images [${URI}/api] daemon"},
		{`DOCKER_BUILDKIT=1 /usr/bin/docker build .`, "docker build context . daemon"},
		{"docker build \\\n  --tag a \\\n  .", "docker build images [a] context . daemon"},
		{`echo docker build .`, ""},
	}
	for _, test := range tests {
		var lines []string
		for _, d := range read("", test.command).Docker {
			lines = append(lines, describe(d))
		}
		if diff := cmp.Diff(test.want, strings.Join(lines, "\n")); diff != "" {
			t.Errorf("%s: mismatch (-want +got):\n%s", test.command, diff)
		}
	}
}

// describe returns what is set in a use of docker.
func describe(d shell.Docker) string {
	s := d.Tool
	if !d.Sure {
		s = "maybe " + s
	}
	if d.Verb != "" {
		s += " " + d.Verb
	}
	if d.Images != nil {
		s += fmt.Sprintf(" images %v", d.Images)
	}
	if d.Platforms != nil {
		s += fmt.Sprintf(" platforms %v", d.Platforms)
	}
	for _, f := range []struct {
		name string
		text shell.Text
	}{{"source", d.Source}, {"registry", d.Registry}, {"file", d.Dockerfile}, {"context", d.Context}} {
		if f.text.String() != "" {
			s += " " + f.name + " " + f.text.String()
		}
	}
	for _, f := range []struct {
		name string
		set  bool
	}{{"push", d.Push}, {"open", d.Open}, {"daemon", d.Daemon}} {
		if f.set {
			s += " " + f.name
		}
	}
	return s
}

func TestMayWrite(t *testing.T) {
	const file = "imagedefinitions.json"
	tests := []struct {
		commands string
		want     shell.Answer
	}{
		{"", shell.No},
		{`docker build . && docker push x; echo done; aws sts get-caller-identity; git rev-parse HEAD`, shell.No},
		{`npm ci; npm run build; pip install -r x; mvn package; go test ./...; apt-get update -y`, shell.Unlikely},
		{`python -m pytest; ./gradlew build`, shell.Unlikely},
		{`make`, shell.Maybe},
		{`./build.sh`, shell.Maybe},
		{`sh build.sh`, shell.Maybe},
		{`python make.py`, shell.Maybe},
		{`curl https://example.com/x | bash`, shell.Maybe},
		{`. ./env.sh`, shell.Maybe},
		{`$TOOL x`, shell.Maybe},
		{`some-tool`, shell.Maybe},
		{`xargs some-tool`, shell.Maybe},
		{`find . -name '*.sh' -exec chmod +x {} \;`, shell.No},
		{`find . -exec x {} \;`, shell.Maybe},
		{`unzip x.zip`, shell.Maybe},
		{`unzip x.zip -d out; tar -xzf y -C /usr/local; cp -r src out; mv *.json out/`, shell.No},
		{`cp out/*.json .`, shell.Maybe},
		{`aws s3 sync out s3://b/; aws s3 cp out $BUCKET --recursive`, shell.Unlikely},
		{`aws s3 sync s3://b/ .`, shell.Maybe},
		{`awk '{print $1}' x; awk '{print > "y"}' x`, shell.Maybe},
		{`awk '{print $1}' x | sort | uniq`, shell.No},
		{`git checkout main`, shell.Maybe},
		{`docker run -v $PWD:/x img`, shell.Maybe},
		{`echo x > ` + file, shell.Yes},
		{`echo x > ./` + file, shell.Yes},
		{`echo x > dist/` + file, shell.No},
		{`echo x > $DIR/` + file, shell.Maybe},
		{`echo x > $OUT`, shell.Maybe},
		{`echo x > $OUT.txt`, shell.No},
		{`cd app; echo x > ` + file, shell.No},
		{`cd $APP; echo x > ` + file, shell.Maybe},
		{`(cd app; echo x > ../` + file + `)`, shell.Yes},
		{`[ -n "$A" ] && echo x > ` + file, shell.Maybe},
		{`if a; then echo x > ` + file + `; else echo y > ` + file + `; fi`, shell.Yes},
		{`if a; then echo x > ` + file + `; elif b; then echo y > ` + file + `; fi`, shell.Maybe},
		{`echo x > ` + file + `; rm ` + file, shell.No},
		{`echo x > ` + file + `; rm *.json`, shell.Maybe},
		{`echo x > ` + file + `; if a; then rm ` + file + `; fi`, shell.Maybe},
		{`echo "unclosed`, shell.Maybe},
	}
	for _, test := range tests {
		if got := read("", test.commands).MayWrite(file); got != test.want {
			t.Errorf("%s: got %s, want %s", test.commands, got, test.want)
		}
	}
}

func TestMayMatch(t *testing.T) {
	r := read("", "echo a > dist/a.json", "npm ci")
	json := func(name string) bool { return strings.HasSuffix(name, ".json") }
	if got := r.MayMatch(json); got != shell.Yes {
		t.Errorf("got %s, want yes", got)
	}
	if got := r.MayMatch(func(string) bool { return false }); got != shell.Unlikely {
		t.Errorf("got %s, want unlikely", got)
	}
}

func TestFile(t *testing.T) {
	tests := []struct {
		commands string
		want     string // content, whether it exists, whether it changed later
	}{
		{`echo a > f`, "a yes no"},
		{`echo a > f; npm ci`, "a yes unlikely"},
		{`echo a > f; ./x.sh`, "a yes maybe"},
		{`./x.sh; echo a > f`, "a yes no"},
		{`echo a > f; echo b > $X`, "a yes maybe"},
		{`if x; then echo a > f; fi`, "a maybe no"},
		{`echo a > f; if x; then echo b > f; fi`, "$(...) yes no"},
		{`if x; then echo a > f; else echo a > f; fi`, "a yes no"},
		{`true`, "$(...) no no"},
	}
	for _, test := range tests {
		f := read("", test.commands).File("f")
		got := fmt.Sprintf("%s %s %s", strings.TrimSpace(f.Content.String()), f.Exists, f.Later)
		if got != test.want {
			t.Errorf("%s: got %q, want %q", test.commands, got, test.want)
		}
	}
}

func TestVar(t *testing.T) {
	tests := []struct {
		commands string
		want     string // value, whether it is set, whether it is exported
	}{
		{`true`, "${X} no false"},
		{`X=a`, "a yes false"},
		{`export X=a`, "a yes true"},
		{`X=a; export X`, "a yes true"},
		{`set -a; X=a`, "a yes true"},
		{`export X=$(git rev-parse HEAD)`, "${X} yes true"},
		{`if y; then X=a; else X=b; fi`, "${X} yes false"},
		{`if y; then X=a; fi`, "${X} maybe false"},
		{`(X=a); echo a | X=b; Y=$(X=c)`, "${X} no false"},
		{`X=a make`, "${X} no false"},
		{`X=a; unset X`, " no false"},
		{`read X`, "${X} yes false"},
		{`: ${X:=a}`, "${X} yes false"},
		{`for X in a b; do :; done`, "b yes false"},
		{`X=a; . ./env.sh`, "${X} yes false"},
		{`f() { X=$1; }; f a`, "a yes false"},
		{`X=a; while y; do X=b; done`, "${X} yes false"},
	}
	for _, test := range tests {
		v := read("", test.commands).Var("X")
		if got := fmt.Sprintf("%s %s %t", v.Value, v.Set, v.Exported); got != test.want {
			t.Errorf("%s: got %q, want %q", test.commands, got, test.want)
		}
	}
	if got := read("", `. ./env.sh`).MaySet("X"); got != shell.Maybe {
		t.Errorf("after a script: got %s, want maybe", got)
	}
	s := newScript("", `Y=$X`)
	s.Variables = []shell.EnvVariable{{Name: "X", Value: shell.Literal("old")}, {Name: "X", Value: shell.Literal("a")}}
	r := shell.Read(s)
	if v := r.Var("X"); v.Set != shell.Yes || !v.Exported || v.Path != "" || r.Var("Y").Value.String() != "a" {
		t.Errorf("got %+v and Y %s", v, r.Var("Y").Value)
	}
}

func TestCandidates(t *testing.T) {
	r := read("", `TAG=${HASH:=latest}`, `if x; then A=b; else A=c; fi`)
	for name, want := range map[string][]string{"TAG": {"latest"}, "A": {"b", "c"}} {
		parts := r.Var(name).Value.Parts()
		if len(parts) != 1 || parts[0].Unknown == nil {
			t.Fatalf("%s: got %v", name, parts)
		}
		if diff := cmp.Diff(want, parts[0].Unknown.Candidates); diff != "" {
			t.Errorf("%s: mismatch (-want +got):\n%s", name, diff)
		}
	}
}

func TestShells(t *testing.T) {
	separate := newScript("", "cd sub; A=x", "echo a$A > f")
	separate.Separate = true
	if got, want := written(shell.Read(separate)), "f: a${A}"; got != want {
		t.Errorf("separate: got %q, want %q", got, want)
	}
	for _, sh := range []string{"powershell.exe", "cmd.exe", "pwsh"} {
		r := read(sh, "Set-Content f x", "docker build .")
		if len(r.Writes)+len(r.Docker)+len(r.Notes) > 0 || r.MayWrite("f") != shell.Maybe || r.MayUseDocker() != shell.Maybe || r.MaySet("x") != shell.Maybe {
			t.Errorf("%s: got %+v", sh, r)
		}
	}
}

func TestNotes(t *testing.T) {
	r := read("", `echo a > f`, "docker build .\necho \"a", `$env:X = & "a" | `, strings.Repeat("(", 1000), strings.Repeat("x", 100<<10), `echo b > g`)
	type note struct {
		Path   string
		Offset int
		Syntax bool
	}
	var got []note
	for _, n := range r.Notes {
		got = append(got, note{n.Path, n.Offset, n.Syntax})
		if n.Message == "" {
			t.Errorf("%s: no message", n.Path)
		}
	}
	want := []note{{"commands[1]", 20, true}, {"commands[2]", 15, false}, {"commands[3]", 0, false}, {"commands[4]", 0, false}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
	if got := written(r); got != "f: a\ng: b" {
		t.Errorf("got %q", got)
	}
}

func TestPlace(t *testing.T) {
	r := read("", "cd x\nif a; then\n  docker build .\nfi\necho a > f")
	if d := r.Docker[0]; d.Offset != 18 || d.Sure {
		t.Errorf("docker: got %+v", d.Place)
	}
	if w := r.Writes[0]; w.Offset != 36 || !w.Sure {
		t.Errorf("file: got %+v", w.Place)
	}
}
