package pipeline_test

import (
	"encoding/json"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/oracle"
	"github.com/seed-b1f00840/slipway/internal/source"
	"github.com/seed-b1f00840/slipway/pipeline"
)

// TestBotocoreAgrees asks botocore's model of CreatePipeline about every fixture:
// where it finds something, Check must have found an error at that place.
func TestBotocoreAgrees(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	judged := 0
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			if !strings.HasSuffix(f.Name, ".json") {
				continue
			}
			name := filepath.Base(file) + "/" + f.Name
			d, err := pipeline.ParseLax(name, f.Data)
			if err != nil {
				continue
			}
			errs := d.Check().Errors()
			for _, finding := range oracle.CheckShape(t, "codepipeline", "CreatePipeline", render(t, d)) {
				judged++
				if !covered(errs, finding) && !source.IsPlaceholder(finding.Message) {
					t.Errorf("%s: botocore finds %s, Check no error there", name, finding)
				}
			}
		}
	}
	t.Logf("botocore has %d findings, Check agrees", judged)
}

// covered reports whether an error stands at the path of a finding, around it or
// in it.
func covered(errs slipway.Problems, finding oracle.Finding) bool {
	path := strings.NewReplacer(`["`, ".", `"]`, "").Replace(finding.Path)
	path = strings.TrimPrefix(strings.TrimPrefix(path, "pipeline"), ".")
	for _, p := range errs {
		if strings.HasPrefix(p.Path, path) || strings.HasPrefix(path, p.Path) {
			return true
		}
	}
	return false
}

// TestBotocoreTakes asks botocore about a pipeline with an action of each
// provider, all that triggers and conditions have, and tags.
func TestBotocoreTakes(t *testing.T) {
	d := everything()
	for _, p := range d.Check() {
		t.Error(p)
	}
	for _, finding := range oracle.CheckShape(t, "codepipeline", "CreatePipeline", render(t, d)) {
		t.Error(finding)
	}
}

// everything is a valid definition with all that this package has a type for.
func everything() *pipeline.Definition {
	role := "arn:aws:iam::123456789012:role/app"
	rule := func(provider string) []pipeline.Condition {
		return []pipeline.Condition{{Result: pipeline.ResultFail, Rules: []pipeline.ConditionRule{{
			Name: "Rule", Configuration: map[string]string{"Key": "value"},
			RuleTypeID: &pipeline.ConditionRuleType{Category: "Rule", Owner: "AWS", Provider: provider, Version: "1"},
		}}}}
	}
	return &pipeline.Definition{
		Name: "everything", RoleARN: role, PipelineType: pipeline.TypeV2, ExecutionMode: pipeline.ExecutionModeQueued,
		ArtifactStores: map[string]pipeline.ArtifactStore{
			"us-east-1": {Type: "S3", Location: "app-a", EncryptionKey: &pipeline.EncryptionKey{ID: "alias/app", Type: "KMS"}},
			"eu-west-1": {Type: "S3", Location: "app-b"},
		},
		Variables: []pipeline.Variable{{Name: "STAGE", DefaultValue: "test", Description: "where to"}},
		Triggers: []pipeline.Trigger{{ProviderType: pipeline.TriggerProviderCodeStarSourceConnection, GitConfiguration: &pipeline.GitConfiguration{
			SourceActionName: "Hub",
			Push:             []pipeline.PushFilter{{Branches: &pipeline.BranchFilter{Includes: []string{"main"}}, FilePaths: &pipeline.FilePathFilter{Excludes: []string{"docs/**"}}}},
			PullRequest:      []pipeline.PullRequestFilter{{Events: []pipeline.PullRequestEvent{pipeline.PullRequestEventOpen}, Branches: &pipeline.BranchFilter{Includes: []string{"main"}}}},
		}}},
		Stages: []pipeline.Stage{
			{Name: "Source", Actions: pipeline.Actions(
				pipeline.CodeCommitSource{Name: "Commit", Repository: "app", Branch: "main", Output: "Source", Namespace: "Commit"},
				pipeline.ConnectionSource{Name: "Hub", ConnectionARN: "arn:aws:codeconnections:us-east-1:123456789012:connection/a", Repository: "o/app", Branch: "main", Output: "Hub", FullClone: true},
				pipeline.S3Source{Name: "Zip", Bucket: "app", Key: "app.zip", Output: "Zip"},
				pipeline.ECRSource{Name: "Image", Repository: "app", Output: "Image"},
			)},
			{Name: "Build", BeforeEntry: &pipeline.EntryConditions{Conditions: rule("DeploymentWindow")}, OnSuccess: &pipeline.SuccessConditions{Conditions: rule("VariableCheck")},
				OnFailure: &pipeline.FailureConditions{Result: pipeline.ResultRetry, RetryConfiguration: &pipeline.RetryConfiguration{RetryMode: pipeline.RetryModeAllActions}},
				Actions: pipeline.Actions(
					pipeline.CodeBuild{Name: "Build", Project: "app", Input: "Source", ExtraInputs: []string{"Hub"}, Output: "Build", Region: "eu-west-1", Environment: []pipeline.BuildVariable{{Name: "TAG", Value: "#{Commit.CommitId}"}}},
					pipeline.CodeBuild{Name: "Test", Project: "app-test", Input: "Source", Test: true, RunOrder: 2},
					pipeline.ECRBuildAndPublish{Name: "Publish", Repository: "app", Input: "Source", Tags: []string{"latest"}},
					pipeline.Commands{Name: "Commands", Commands: []string{"make #{variables.STAGE}"}, Input: "Source", Output: "Made", Files: []string{"**/*"},
						OutputVariables: []string{"VERSION"}, Environment: []pipeline.EnvironmentVariable{{Name: "TOKEN", Value: "token", Type: pipeline.EnvironmentVariableTypeSecretsManager}}, Namespace: "Version"},
				)},
			{Name: "Deploy", Blockers: []pipeline.Blocker{{Name: "Night", Type: pipeline.BlockerTypeSchedule}}, Actions: pipeline.Actions(
				pipeline.ManualApproval{Name: "Approve", Message: "Deploy #{Version.VERSION}?", TimeoutMinutes: 60},
				pipeline.ECSDeploy{Name: "ECS", Cluster: "app", Service: "app", Input: "Build", TimeoutMinutes: 15, RunOrder: 2},
				pipeline.CodeDeployToECS{Name: "BlueGreen", Application: "app", DeploymentGroup: "app", TaskDefinition: pipeline.ArtifactFile{Artifact: "Source"},
					AppSpec: pipeline.ArtifactFile{Artifact: "Source"}, Images: []pipeline.TaskImage{{Artifact: "Image", Placeholder: "IMAGE1_NAME"}}, RunOrder: 2},
				pipeline.CodeDeploy{Name: "Instances", Application: "app", DeploymentGroup: "app", Input: "Build", RunOrder: 2},
				pipeline.CloudFormation{Name: "Stack", Mode: pipeline.CreateUpdate, Stack: "app", Template: pipeline.ArtifactFile{Artifact: "Source", Path: "app.yml"}, StackRoleARN: role,
					Capabilities: []string{"CAPABILITY_IAM"}, Parameters: map[string]string{"Tag": "#{Commit.CommitId}"}, Output: "Outputs", OutputFile: "outputs.json", RunOrder: 2},
				pipeline.S3Deploy{Name: "Site", Bucket: "site", Input: "Made", RunOrder: 2},
				pipeline.LambdaDeploy{Name: "Function", Function: "app", Alias: "live", Input: "Zip", Strategy: "Linear10PercentEvery1Minute", RunOrder: 2},
				pipeline.LambdaInvoke{Name: "Smoke", Function: "smoke", UserParameters: "{}", RunOrder: 3},
			)},
		},
		Tags: []pipeline.Tag{{Key: "team", Value: new("app")}},
	}
}

// TestBotocoreMutants changes every value of a pipeline that has everything, one
// at a time, to some that may not be. Where botocore finds something, Check must
// have found an error.
func TestBotocoreMutants(t *testing.T) {
	if testing.Short() {
		t.Skip("asks more than a thousand times")
	}
	var doc any
	if err := json.Unmarshal(render(t, everything()), &doc); err != nil {
		t.Fatal(err)
	}
	mutants, refused := 0, 0
	mutate(doc, func(what string) {
		mutants++
		text, err := json.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		findings := oracle.CheckShape(t, "codepipeline", "CreatePipeline", text)
		if len(findings) == 0 {
			return
		}
		refused++
		d, err := pipeline.ParseLax("mutant.json", text)
		if err == nil {
			err = d.Validate()
		}
		if err == nil {
			t.Errorf("%s: botocore finds %s, Check no error", what, findings[0])
		}
	})
	t.Logf("%d mutants, botocore refuses %d", mutants, refused)
}

// mutate gives every value under v other values, one at a time, and calls do for each.
func mutate(v any, do func(what string)) {
	others := func(path string, old any, set func(any)) {
		for _, value := range []any{"", "a b!", strings.Repeat("x", 12000), json.Number("0"), json.Number("-1"), json.Number("100000"), []any{}, map[string]any{}} {
			if kind(value) == kind(old) || value == "" {
				set(value)
				do(path)
			}
		}
		set(old)
	}
	var walk func(path string, v any)
	walk = func(path string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for _, key := range slices.Sorted(maps.Keys(v)) {
				old := v[key]
				delete(v, key)
				do(path + "." + key + " (deleted)")
				others(path+"."+key, old, func(value any) { v[key] = value })
				walk(path+"."+key, old)
			}
		case []any:
			for i, old := range v {
				at := path + "[" + strconv.Itoa(i) + "]"
				others(at, old, func(value any) { v[i] = value })
				walk(at, old)
			}
		}
	}
	walk("", v)
}

// kind returns the name of the JSON type of v.
func kind(v any) string {
	switch v.(type) {
	case float64, json.Number:
		return "number"
	case string:
		return "string"
	case []any:
		return "list"
	case map[string]any:
		return "map"
	}
	return "other"
}
