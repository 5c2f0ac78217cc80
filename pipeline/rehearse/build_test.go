package rehearse_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
	"github.com/seed-b1f00840/slipway/pipeline/rehearse"
)

// pipe is a bundle of a pipeline with one build, whose output artifact is Out.
func pipe(build pipeline.CodeBuild, more ...pipeline.Stage) *bundle.Bundle {
	if build.Name == "" {
		build.Name, build.Project, build.Input = "Build", "project", "Source"
	}
	d := &pipeline.Definition{Name: "pipe", RoleARN: "arn:aws:iam::123456789012:role/pipe", Stages: append([]pipeline.Stage{
		{Name: "Source", Actions: pipeline.Actions(pipeline.CodeCommitSource{Name: "Source", Repository: "repo", Branch: "main", Output: "Source", Namespace: "src"})},
		{Name: "Build", Actions: pipeline.Actions(build)},
	}, more...)}
	b := new(bundle.Bundle)
	b.Add("pipeline.json", d)
	return b
}

// source is a repository with a buildspec.
func source(spec string) fstest.MapFS {
	return fstest.MapFS{"buildspec.yml": file(spec), "Dockerfile": file("FROM scratch\n")}
}

func file(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text), Mode: 0o644} }

// commands is a buildspec with commands in the build phase.
func commands(list ...string) string {
	var b strings.Builder
	b.WriteString("version: 0.2\nphases:\n  build:\n    commands:\n")
	for _, c := range list {
		fmt.Fprintf(&b, "      - |\n        %s\n", strings.ReplaceAll(c, "\n", "\n        "))
	}
	return b.String()
}

// outputs returns what the commands of the build have printed, with their status
// where it is not 0.
func outputs(r *rehearse.Report) string {
	var b strings.Builder
	for _, p := range r.Action("Build", "Build").Build.Phases {
		for _, c := range p.Commands {
			b.WriteString(c.Output)
			if c.ExitStatus != 0 {
				fmt.Fprintf(&b, "[%d]\n", c.ExitStatus)
			}
		}
	}
	return b.String()
}

func TestPhases(t *testing.T) {
	const tail = `
  post_build:
    commands:
      - echo post $CODEBUILD_BUILD_SUCCEEDING
`
	tests := []struct {
		name, phases, want string
		state              rehearse.State
	}{
		{"success", "  install:\n    commands:\n      - echo install\n  build:\n    commands:\n      - A=1\n      - cd /tmp\n      - echo $A $PWD" + tail,
			"install\n1 /tmp\npost 1\n", rehearse.Succeeded},
		{"install fails", "  install:\n    commands:\n      - false\n  build:\n    commands:\n      - echo build" + tail, "[1]\n", rehearse.Failed},
		{"pre_build fails", "  pre_build:\n    commands:\n      - exit 3\n  build:\n    commands:\n      - echo build" + tail, "[3]\n", rehearse.Failed},
		{"build fails", "  build:\n    commands:\n      - false\n      - echo never" + tail, "[1]\npost 0\n", rehearse.Failed},
		{"build aborts", "  build:\n    on-failure: ABORT\n    commands:\n      - false" + tail, "[1]\n", rehearse.Failed},
		{"pre_build continues", "  pre_build:\n    on-failure: CONTINUE\n    commands:\n      - false\n  build:\n    commands:\n      - echo build" + tail,
			"[1]\nbuild\npost 0\n", rehearse.Failed},
		{"finally", "  build:\n    commands:\n      - false\n    finally:\n      - echo finally $CODEBUILD_BUILD_SUCCEEDING" + tail,
			"[1]\nfinally 0\npost 0\n", rehearse.Failed},
		{"retry", "  build:\n    on-failure: RETRY-2\n    commands:\n      - N=$((N+1))\n      - echo $N; test $N = 2" + tail, "1\n[1]\n2\npost 1\n", rehearse.Succeeded},
		{"retry gives up", "  build:\n    on-failure: RETRY-1-again\n    commands:\n      - echo again; false" + tail, "again\n[1]\nagain\n[1]\npost 0\n", rehearse.Failed},
		{"retry of another failure", "  build:\n    on-failure: RETRY-5-timeout\n    commands:\n      - echo refused; false" + tail, "refused\n[1]\npost 0\n", rehearse.Failed},
		{"a line that fails in the middle", "  build:\n    commands:\n      - |\n        false\n        echo on", "on\n", rehearse.Succeeded},
		{"a syntax error", "  build:\n    commands:\n      - if true", "[2]\n", rehearse.Failed},
		{"unknown program", "  build:\n    commands:\n      - npm ci", "npm: not rehearsed: there is no stand-in for it; allow it to run for real, or add a stand-in\n[127]\n", rehearse.Failed},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			report := run(t, pipe(pipeline.CodeBuild{}), rehearse.Options{Source: source("version: 0.2\nphases:\n" + test.phases)})
			got := outputs(report)
			if test.name == "a syntax error" {
				got = got[strings.LastIndex(got, "["):]
			}
			if diff := cmp.Diff(test.want, got); diff != "" || report.State != test.state {
				t.Errorf("got %s, mismatch (-want +got):\n%s", report.State, diff)
			}
		})
	}
}

// In version 0.1 every command has a shell of its own.
func TestVersion01(t *testing.T) {
	spec := strings.Replace(commands("A=1; cd /tmp", "echo \"$A\" $PWD"), "0.2", "0.1", 1)
	report := run(t, pipe(pipeline.CodeBuild{}), rehearse.Options{Source: source(spec)})
	if got, want := outputs(report), " /codebuild/output/src1/src\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestPrograms(t *testing.T) {
	tests := []struct{ command, want string }{
		{`aws sts get-caller-identity --query Account --output text`, "123456789012\n"},
		{`aws --region us-east-1 sts get-caller-identity --output text --query 'Account'`, "123456789012\n"},
		{`aws s3 frobnicate`, "aws: no stand-in for aws s3 frobnicate; add one, or allow the real aws\n[254]\n"},
		{`aws lambda invoke x`, "aws: no stand-in for aws lambda invoke; add one, or allow the real aws\n[254]\n"},
		{`aws ssm get-parameter --name /a --query Parameter.Value --output text`, "value\n"},
		{`docker push x`, "The push refers to repository [x]\nAn image does not exist locally with the tag: x\n[1]\n"},
		{`docker build -t a:1 . >/dev/null && docker tag a:1 1.dkr.ecr.eu-west-1.amazonaws.com/a:1 && docker push 1.dkr.ecr.eu-west-1.amazonaws.com/a:1`,
			"The push refers to repository [1.dkr.ecr.eu-west-1.amazonaws.com/a]\nno basic auth credentials\n[1]\n"},
		{`docker build -t a sub`, "ERROR: unable to prepare context: path \"sub\" not found\n[1]\n"},
		{`docker build -f No -t a .`, "ERROR: failed to read dockerfile: open No: no such file or directory\n[1]\n"},
		{`echo | docker login -u AWS --password-stdin x.y`, "Error: Password Required\n[1]\n"},
		{`git rev-parse HEAD`, "fatal: not a git repository (or any of the parent directories): .git\n[128]\n"},
		{`echo $CODEBUILD_RESOLVED_SOURCE_VERSION | cut -c 1-7`, "0123456\n"},
		{`echo $CODEBUILD_BUILD_ARN | cut -d: -f5`, "123456789012\n"},
		{`echo $CODEBUILD_BUILD_ID | cut -d':' -f2 | cut -c1-8`, "00000000\n"},
		{`date -u +%Y-%m-%dT%H:%M:%SZ`, "2026-01-02T03:04:05Z\n"},
		{`printf '{"a":[1,{"b":"x y"}]}' | jq -r '.a[1].b'`, "x y\n"},
		{`jq -n --arg n web --arg i img '[{name:$n,imageUri:$i}]' -c`, `[{"imageUri":"img","name":"web"}]` + "\n"},
		{`echo "a/b" | sed -e 's/\//-/g' -e 's/a/A/'`, "A-b\n"},
		{`echo 'v = "1.2"' | sed -n 's/^v = "\(.*\)"/\1/p'`, "1.2\n"},
		{`echo image: IMG > f && sed -i "s|IMG|1.dkr/x:y|g" f && cat f`, "image: 1.dkr/x:y\n"},
		{`export T=x; echo 'a $T ${T} $U' | envsubst`, "a x x \n"},
		{`echo "  hi " | tr -d '[:space:]'`, "hi"},
		{`printf 'b\na\nb\n' | sort | uniq -c | head -1`, "      1 a\n"},
		{`printf 'a\nb\n' | grep -c b; grep -q x Dockerfile || echo no`, "1\nno\n"},
		{`basename /a/b.txt .txt; dirname a/b`, "b\na\n"},
		{`command -v docker >/dev/null && echo yes; command -v npm || echo no`, "yes\nno\n"},
		{`bash -c 'echo $0 $1' a b; sh -ec 'false; echo never' || echo failed`, "a b\nfailed\n"},
		{`printf '#!/bin/sh\necho script $1' > s.sh; chmod +x s.sh; ./s.sh x`, "script x\n"},
		{`./no.sh`, "./no.sh: No such file or directory\n[127]\n"},
		{`echo a b | xargs -n1 echo got`, "got a\ngot b\n"},
		{`find . -name 'D*' -type f`, "./Dockerfile\n"},
		{`cat <<EOF > out
x $((1+1))
EOF
cat out`, "x 2\n"},
		{`yes | head -n 1`, "y\n"},
		{`timeout 0.05 sh -c 'while :; do sleep 1; done'; echo $?`, "124\n"},
		{`whoami; id -u; uname -m`, "root\n0\nx86_64\n"},
		{`cat nothing`, "cat: /codebuild/output/src1/src/nothing: No such file or directory\n[1]\n"},
	}
	for _, test := range tests {
		t.Run(test.command, func(t *testing.T) {
			t.Parallel()
			report := run(t, pipe(pipeline.CodeBuild{}), rehearse.Options{Source: source(commands(test.command)), Parameters: map[string]string{"/a": "value"}})
			if diff := cmp.Diff(test.want, outputs(report)); diff != "" {
				t.Errorf("mismatch (-want +got):\n%s", diff)
			}
		})
	}
}

// A full clone has a commit.
func TestClone(t *testing.T) {
	b := pipe(pipeline.CodeBuild{})
	d, _, _ := bundle.Find[*pipeline.Definition](b)
	d.Stages[0].Actions[0].Configuration["OutputArtifactFormat"] = "CODEBUILD_CLONE_REF"
	report := run(t, b, rehearse.Options{Source: source(commands("git rev-parse --short HEAD; git log -1 --format=%h"))})
	if got, want := outputs(report), "0123456\n0123456\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestArtifacts(t *testing.T) {
	const build = "version: 0.2\nphases:\n  build:\n    commands:\n      - mkdir -p out/a/b && echo 1 > out/x.json && echo 2 > out/a/y.json && echo 3 > out/a/b/z.txt\nartifacts:\n"
	tests := []struct{ artifacts, want string }{
		{"  files: out/x.json", "out/x.json"},
		{"  files: ['out/**/*']", "out/a/b/z.txt out/a/y.json out/x.json"},
		{"  files: ['**/*.json']\n  base-directory: out", "a/y.json x.json"},
		{"  files: ['**/*.json']\n  base-directory: o*", "a/y.json x.json"},
		{"  files: ['out/**/*']\n  discard-paths: yes", "x.json y.json z.txt"},
		{"  files: ['**/*']\n  base-directory: out\n  exclude-paths: ['a/**/*']", "x.json"},
		{"  files: ['out/*', 'nothing']", "out/x.json"},
		{"  files: [nothing]", "UPLOAD_ARTIFACTS: CLIENT_ERROR: no matching artifact paths found"},
		{"  files: ['*']\n  base-directory: none", "UPLOAD_ARTIFACTS: CLIENT_ERROR: no matching base directory path found for none"},
	}
	for _, test := range tests {
		t.Run(test.artifacts, func(t *testing.T) {
			b := pipe(pipeline.CodeBuild{Name: "Build", Project: "p", Input: "Source", Output: "Out"})
			a := run(t, b, rehearse.Options{Source: source(build + test.artifacts + "\n")}).Action("Build", "Build")
			got := a.Message
			if len(a.Artifacts) > 0 {
				var names []string
				for _, f := range a.Artifacts[0].Files {
					names = append(names, f.Path)
				}
				got = strings.Join(names, " ")
			}
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// Secondary artifacts go to the outputs of their names, secondary sources to their
// directories, and exported variables to later actions.
func TestWiring(t *testing.T) {
	const first = `version: 0.2
env:
  exported-variables: [TAG]
phases:
  build:
    commands:
      - TAG=one
      - echo 1 > a.txt
      - echo 2 > b.txt
  post_build:
    commands:
      - TAG=$TAG-two
artifacts:
  files: a.txt
  secondary-artifacts:
    A:
      files: a.txt
    B:
      files: b.txt
`
	b := pipe(pipeline.CodeBuild{Name: "Build", Project: "p", Input: "Source", Output: "A", ExtraOutputs: []string{"B"}, Namespace: "build"},
		pipeline.Stage{Name: "Use", Actions: pipeline.Actions(pipeline.CodeBuild{
			Name: "Use", Project: "q", Input: "B", ExtraInputs: []string{"A"}, Buildspec: "version: 0.2\nphases:\n  build:\n    commands:\n      - ls; cat $CODEBUILD_SRC_DIR_A/a.txt; echo $T $BRANCH\n",
			Environment: []pipeline.BuildVariable{{Name: "T", Value: "#{build.TAG}"}, {Name: "BRANCH", Value: "#{src.BranchName}"}},
		})})
	report := run(t, b, rehearse.Options{Source: source(first)})
	if report.State != rehearse.Succeeded {
		t.Fatal(report)
	}
	if got, want := report.Action("Use", "Use").Build.Phases[1].Commands[0].Output, "b.txt\n1\none-two main\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Whatever a build tries, it neither sees nor touches anything outside.
func TestEscape(t *testing.T) {
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret of the host")
	host := t.TempDir()
	victim := filepath.Join(host, "victim")
	if err := os.WriteFile(victim, []byte("secret of the host"), 0o600); err != nil {
		t.Fatal(err)
	}
	up := strings.Repeat("../", 30)
	for _, command := range []string{
		"echo $AWS_SECRET_ACCESS_KEY; env; printenv; set; export -p",
		"cat " + victim, "cat " + up + victim, "cat < " + victim, "source " + victim, ". " + victim, "echo $(<" + victim + ")",
		"echo gone > " + victim, "echo gone > " + up + victim, "echo gone >> " + victim, "cp Dockerfile " + victim, "tee " + victim + " < Dockerfile", "mv Dockerfile " + victim,
		"cd ..; cd ..; cd ..; cd ..; cd ..; cd ..; pwd; rm -rf *", "rm -rf /", "rm -rf /*", "rm -rf " + host, "rm -rf " + up + host, "rm -f " + victim,
		"ln -s " + victim + " l; cat l; echo gone > l", "ln -s " + up + victim + " l; cat l; echo gone > l", "ln -s / l; rm -rf l/* l" + host, "ln -s " + up + " l; ls l" + host + "; rm -rf l" + host,
		"cat <(cat " + victim + ")", "eval 'cat <(cat " + victim + ")'", "sed -i s/secret/gone/ " + victim, "sed -n p " + victim, "find " + host + " -name victim", "ls " + host,
		"chmod 777 " + victim, "touch " + victim, "mkdir -p " + host + "/new", "echo gone > /etc/slipway-rehearsal", "cd " + host + " && rm victim", "for f in " + host + "/*; do cat $f; rm $f; done",
		"test -e " + victim + " && echo secret", "[ -f " + victim + " ] && echo secret", "[ " + victim + " -nt Dockerfile ] && echo secret",
		"/bin/cat " + victim, "sh " + victim, victim, "exec cat " + victim, "bash -c 'cat " + victim + "'", "trap 'cat " + victim + "' EXIT", "jq -R . " + victim,
		"jq -n env; jq -n '$ENV'", "docker build -f " + victim + " .", "read x < " + victim + "; echo $x", "mapfile x < " + victim + "; echo ${x[0]}",
	} {
		t.Run(command, func(t *testing.T) {
			report := run(t, pipe(pipeline.CodeBuild{}), rehearse.Options{Source: source(commands(command))})
			if text := report.String(); strings.Contains(outputs(report), "secret of the host") || strings.Contains(outputs(report), "secret\n") {
				t.Errorf("the build saw what is outside:\n%s", text)
			}
			if data, err := os.ReadFile(victim); err != nil || string(data) != "secret of the host" {
				t.Errorf("the build touched what is outside: %q, %v", data, err)
				os.WriteFile(victim, []byte("secret of the host"), 0o600)
			}
			if entries, _ := os.ReadDir(host); len(entries) != 1 {
				t.Errorf("the build made something outside: %v", entries)
			}
			if _, err := os.Stat("/etc/slipway-rehearsal"); err == nil {
				t.Error("the build wrote to /etc")
			}
		})
	}
}

// Commands that do not end do so with the context, and leave nothing behind.
func TestEnd(t *testing.T) {
	goroutines := runtime.NumGoroutine()
	for _, command := range []string{
		"while true; do sleep 1000; done", "while :; do :; done", "sleep 100000", "yes | cat > /dev/null", "yes > /dev/null", "cat | sleep 1000", "sleep 1000 & wait",
		"(while :; do sleep 1; done) & wait", "for ((;;)); do :; done", "until false; do :; done", "f() { while :; do :; done; }; f | f", "read x; while read x; do :; done < <(yes)",
	} {
		t.Run(command, func(t *testing.T) {
			dir := t.TempDir()
			ctx, cancel := context.WithCancel(t.Context())
			events := func(e rehearse.Event) {
				if _, ok := e.(rehearse.CommandStarted); ok {
					time.AfterFunc(20*time.Millisecond, cancel)
				}
			}
			begin := time.Now()
			report, err := rehearse.Run(ctx, pipe(pipeline.CodeBuild{}), rehearse.Options{Source: source(commands(command)), Dir: dir, Events: events})
			if took := time.Since(begin); took > 2*time.Second {
				t.Errorf("it took %v", took)
			}
			if strings.Contains(command, "<(") {
				cancel()
			} else if !errors.Is(err, context.Canceled) || report == nil || report.State != rehearse.Failed {
				t.Errorf("got %v, %v; want it canceled", report, err)
			}
			checkEmpty(t, dir)
		})
	}
	checkGoroutines(t, goroutines)
	_, err := rehearse.Run(t.Context(), pipe(pipeline.CodeBuild{}), rehearse.Options{Source: source(commands("sleep 9 & while :; do sleep 1; done")), Timeout: 50 * time.Millisecond})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want a timeout", err)
	}
	checkGoroutines(t, goroutines)
}

func checkGoroutines(t *testing.T, want int) {
	t.Helper()
	for range 100 {
		if runtime.NumGoroutine() <= want+1 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	buf := make([]byte, 1<<20)
	t.Errorf("%d goroutines, there were %d:\n%s", runtime.NumGoroutine(), want, buf[:runtime.Stack(buf, true)])
}

// Commands that would take the process with them end the build.
func TestBombs(t *testing.T) {
	for _, command := range []string{"f() { f; }; f", "x='eval \"$x\"'; eval \"$x\"", "f() { f | f; }; f", "echo 'sh ./a' > a; sh ./a", "echo '. ./a' > a; . ./a", "x=aaaaaaaa; while :; do x=$x$x; done", "echo {1..999999999999}", "sh -c 'echo {1..999999999}'", "yes > /tmp/full", "seq 1 99999999999"} {
		t.Run(command, func(t *testing.T) {
			report := run(t, pipe(pipeline.CodeBuild{}), rehearse.Options{Source: source(commands(command)), MaxBytes: 1 << 20})
			if report.State != rehearse.Failed && command != "yes > /tmp/full" {
				t.Errorf("it %s:\n%s", report.State, report)
			}
		})
	}
}

// What a command prints is kept up to the limit, and what it writes too.
func TestOutputLimit(t *testing.T) {
	report := run(t, pipe(pipeline.CodeBuild{}), rehearse.Options{Source: source(commands("yes | head -n 100000")), OutputLimit: 100})
	c := report.Action("Build", "Build").Build.Phases[1].Commands[0]
	if len(c.Output) != 100 || !c.Truncated {
		t.Errorf("got %d bytes, truncated %t", len(c.Output), c.Truncated)
	}
}

func TestSource(t *testing.T) {
	sparse := t.TempDir()
	f, err := os.Create(filepath.Join(sparse, "huge.bin"))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(f.Truncate(1<<30), f.Close()); err != nil {
		t.Fatal(err)
	}
	many := fstest.MapFS{}
	for i := range 200 {
		many[fmt.Sprintf("f%d", i)] = file("")
	}
	tests := []struct {
		name   string
		source fs.FS
		want   string
	}{
		{"huge", os.DirFS(sparse), "rehearse: the source has more than 256 MiB, huge.bin alone has 1024 MiB: too large to be rehearsed"},
		{"many", many, "rehearse: the source has more than 100 files: too large to be rehearsed"},
		{"none", nil, "rehearse: there is no source: set Options.Source"},
		{"missing", os.DirFS(filepath.Join(sparse, "no")), "rehearse: cannot read the source: stat .: no such file or directory"},
		{"pipe", fstest.MapFS{"pipe": {Mode: fs.ModeNamedPipe}}, "rehearse: the source: pipe is neither a file nor a directory"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			_, err := rehearse.Run(t.Context(), pipe(pipeline.CodeBuild{}), rehearse.Options{Source: test.source, Dir: dir, MaxFiles: 100})
			if err == nil || err.Error() != test.want {
				t.Errorf("got %v\nwant %s", err, test.want)
			}
			checkEmpty(t, dir)
		})
	}
}

// Links that stay inside are kept, others left out.
func TestLinks(t *testing.T) {
	src := source(commands("cat in; cat loop; cat out"))
	src["in"] = &fstest.MapFile{Data: []byte("Dockerfile"), Mode: fs.ModeSymlink}
	src["loop"] = &fstest.MapFile{Data: []byte("loop"), Mode: fs.ModeSymlink}
	src["out"] = &fstest.MapFile{Data: []byte("../../etc/passwd"), Mode: fs.ModeSymlink}
	report := run(t, pipe(pipeline.CodeBuild{}), rehearse.Options{Source: src})
	got := outputs(report)
	if !strings.HasPrefix(got, "FROM scratch\n") || strings.Contains(got, "root:") {
		t.Errorf("got %q", got)
	}
	notes := report.Action("Source", "Source").Notes
	if diff := cmp.Diff([]string{"the source: the link out is left out: it leads outside, to ../../etc/passwd"}, notes); diff != "" {
		t.Errorf("notes mismatch (-want +got):\n%s", diff)
	}
}

func TestFiftyStages(t *testing.T) {
	var more []pipeline.Stage
	for i := range 48 {
		more = append(more, pipeline.Stage{Name: fmt.Sprintf("Stage%d", i), Actions: pipeline.Actions(pipeline.CodeBuild{Name: "Build", Project: "p", Input: "Source"})})
	}
	report := run(t, pipe(pipeline.CodeBuild{}, more...), rehearse.Options{Source: source(commands("echo"))})
	if len(report.Stages) != 50 || report.State != rehearse.Succeeded {
		t.Errorf("got %d stages, %s", len(report.Stages), report.State)
	}
}

// A program that is allowed runs for real, and dies with the rehearsal.
func TestAllow(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs a Unix shell")
	}
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret of the host")
	report := run(t, pipe(pipeline.CodeBuild{}), rehearse.Options{Source: source(commands("A=1 perl -e 0; sh -c 'echo real $0 > f; ls; echo key=$AWS_SECRET_ACCESS_KEY; sleep 1000 &'; cat f")), Allow: []string{"sh"}})
	if got := outputs(report); !strings.Contains(got, "real sh\n") || strings.Contains(got, "secret") {
		t.Errorf("got %q", got)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	begin := time.Now()
	_, err := rehearse.Run(ctx, pipe(pipeline.CodeBuild{}), rehearse.Options{Source: source(commands("sleep 1000")), Allow: []string{"sleep"}, Dir: t.TempDir()})
	if took := time.Since(begin); !errors.Is(err, context.DeadlineExceeded) || took > 3*time.Second {
		t.Errorf("got %v after %v", err, took)
	}
}

// Programs of the caller come first; one that panics is a program that fails.
func TestOwnPrograms(t *testing.T) {
	programs := map[string]rehearse.Program{
		"npm": func(_ context.Context, c *rehearse.Call) error {
			fmt.Fprintln(c.Stdout, c.Args, c.Env("X"), c.Dir)
			return c.WriteFile("made", []byte("by npm\n"))
		},
		"boom": func(context.Context, *rehearse.Call) error { panic("boom") },
		"bad":  func(context.Context, *rehearse.Call) error { return errors.New("went wrong") },
		"out":  func(_ context.Context, c *rehearse.Call) error { return c.WriteFile("/etc/x", nil) },
	}
	report := run(t, pipe(pipeline.CodeBuild{}), rehearse.Options{Programs: programs, Source: source(commands("X=1 npm ci && cat made; boom; bad; out"))})
	want := "[npm ci] 1 /codebuild/output/src1/src\nby npm\nboom: the stand-in panicked: boom\nbad: went wrong\n" +
		"out: /etc/x: outside of the rehearsal: only the source, /root and /tmp can be written\n[1]\n"
	if diff := cmp.Diff(want, outputs(report)); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
	if notes := report.Action("Build", "Build").Notes; !strings.Contains(strings.Join(notes, "\n"), "writing to /etc/x was refused") {
		t.Errorf("got notes %q", notes)
	}
}
