package cli_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/seed-b1f00840/slipway/internal/oracle"
	"github.com/seed-b1f00840/slipway/pipeline/cli"
)

// BenchmarkLintMinimal is the whole command over examples/minimal, in process.
func BenchmarkLintMinimal(b *testing.B) {
	dir := filepath.Join(oracle.Root(b), "examples", "minimal")
	b.ReportAllocs()
	for b.Loop() {
		if status := cli.Run(context.Background(), []string{"slipway", "lint", dir}, nil, io.Discard, os.Stderr); status != 0 {
			b.Fatal("exit status", status)
		}
	}
}

// BenchmarkLintCorpus is the program as users start it, over all collected files.
func BenchmarkLintCorpus(b *testing.B) {
	dir := oracle.Shared(b, "corpus")
	exe := build(b)
	for b.Loop() {
		run(b, exe, "lint", "--quiet", dir)
	}
}

// BenchmarkCfnLint is cfn-lint and slipway on one template, by turns: both as
// programs, and both within a process that has warmed up. The metrics are how many
// times slipway is faster, by the medians.
func BenchmarkCfnLint(b *testing.B) {
	cfnLint := filepath.Join(filepath.Dir(oracle.Python(b)), "cfn-lint")
	template := filepath.Join(oracle.Root(b), "examples", "minimal", "platform.yml")
	exe := build(b)
	ctx := context.Background()
	oracle.CfnLint(b, template) // starts the process that is asked
	var theirs, ours, theirsWarm, oursWarm []time.Duration
	for b.Loop() {
		theirs = append(theirs, clock(func() { run(b, cfnLint, "--", template) }))
		ours = append(ours, clock(func() { run(b, exe, "lint", template) }))
		theirsWarm = append(theirsWarm, clock(func() { oracle.CfnLint(b, template) }))
		oursWarm = append(oursWarm, clock(func() {
			cli.Run(ctx, []string{"slipway", "lint", template}, nil, io.Discard, os.Stderr)
		}))
	}
	b.ReportMetric(median(theirs).Seconds()*1e3, "cfn-lint-ms")
	b.ReportMetric(median(ours).Seconds()*1e3, "slipway-ms")
	b.ReportMetric(float64(median(theirs))/float64(median(ours)), "times")
	b.ReportMetric(float64(median(theirsWarm))/float64(median(oursWarm)), "times-warm")
}

// BenchmarkDeploy is slipway and the AWS CLI's "cloudformation deploy" by turns, as
// programs, on one stack of an emulator in which nothing changes. The metric is how many
// times slipway is faster, by the medians.
func BenchmarkDeploy(b *testing.B) {
	s := oracle.Ministack(b)
	exe := build(b)
	dir := b.TempDir()
	data, err := os.ReadFile(filepath.Join(oracle.Root(b), "examples", "minimal", "network.yml"))
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "network.yml"), data, 0o666)
	}
	if err != nil {
		b.Fatal(err)
	}
	for name, value := range map[string]string{"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1", "AWS_CONFIG_FILE": os.DevNull} {
		b.Setenv(name, value)
	}
	ours := func() { run(b, exe, "apply", dir, "--yes", "--quiet", "--endpoint-url", s.URL) }
	theirs := func() {
		run(b, oracle.Python(b), "-m", "awscli", "--endpoint-url", s.URL, "cloudformation", "deploy", "--no-fail-on-empty-changeset",
			"--stack-name", "docker-cicd-formation", "--template-file", filepath.Join(dir, "network.yml"))
	}
	ours() // makes the stack
	var slipway, aws []time.Duration
	for b.Loop() {
		slipway = append(slipway, clock(ours))
		time.Sleep(time.Until(time.Now().Truncate(time.Second).Add(time.Second))) // its change sets are named by the second
		aws = append(aws, clock(theirs))
	}
	b.ReportMetric(median(aws).Seconds()*1e3, "aws-cli-ms")
	b.ReportMetric(median(slipway).Seconds()*1e3, "slipway-ms")
	b.ReportMetric(float64(median(aws))/float64(median(slipway)), "times")
}

func clock(f func()) time.Duration {
	start := time.Now()
	f()
	return time.Since(start)
}

// build makes the program slipway.
func build(b *testing.B) string {
	b.Helper()
	exe := filepath.Join(b.TempDir(), "slipway.exe")
	cmd := exec.Command("go", "build", "-o", exe, "./pipeline/slipway")
	cmd.Dir = oracle.Root(b)
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	return exe
}

// run runs a program that may find something.
func run(b *testing.B, name string, args ...string) {
	b.Helper()
	var stderr bytes.Buffer
	cmd := exec.Command(name, args...)
	cmd.Stderr = &stderr
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) || stderr.Len() > 0 {
		b.Fatalf("%s: %v\n%s", name, err, &stderr)
	}
}

func median(times []time.Duration) time.Duration {
	slices.Sort(times)
	return times[len(times)/2]
}
