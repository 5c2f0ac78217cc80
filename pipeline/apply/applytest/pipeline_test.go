package applytest_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/codebuild"
	cbtypes "github.com/aws/aws-sdk-go-v2/service/codebuild/types"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"
	gocmp "github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/pipeline/apply/applytest"
)

const (
	pipelineName = "docker-cicd-pipeline"
	repository   = "gitlab-mirror-repo"
)

// delivered is a world in which examples/minimal is up, a commit is there, and the first
// execution is over.
func delivered(t *testing.T, change func(*minimal)) *world {
	t.Helper()
	w := newWorld(t, applytest.Options{})
	m := loadMinimal(w.cloud)
	if change != nil {
		change(&m)
	}
	w.cloud.Push(repository, "master")
	w.up(m)
	return w
}

// tell tells the actions of an execution, the first one first.
func (w *world) tell(e types.PipelineExecutionSummary) string {
	lines := []string{string(e.Status)}
	actions := w.actions(e.PipelineExecutionId)
	for i := range actions {
		a := actions[len(actions)-1-i]
		line := *a.ActionName + " " + string(a.Status)
		if d := a.Output.ExecutionResult.ErrorDetails; d != nil {
			line += " " + *d.Code + ": " + *d.Message
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func checkTold(t *testing.T, w *world, want string) types.PipelineExecutionSummary {
	t.Helper()
	e := w.execution()
	if diff := gocmp.Diff(want, w.tell(e)); diff != "" {
		t.Errorf("execution mismatch (-want +got):\n%s", diff)
	}
	return e
}

// What CodePipeline refuses. The words of the role: eks and SageMaker guides that quote
// AWS; of the name of a pipeline: aws-sdk-js, features/codepipeline; the rest: moto.
func TestPipelineRefuses(t *testing.T) {
	w := delivered(t, nil)
	create := func(change func(*types.PipelineDeclaration)) error {
		in := loadMinimal(w.cloud).pipeline
		in.Pipeline.Name = aws.String("other")
		change(in.Pipeline)
		_, err := w.CodePipeline.CreatePipeline(t.Context(), in)
		return err
	}
	none := "arn:aws:iam::123456789012:role/none"
	checkAnswer(t, "InvalidStructureException: CodePipeline is not authorized to perform AssumeRole on role "+none, create(func(p *types.PipelineDeclaration) { p.RoleArn = &none }))
	other := "arn:aws:iam::123456789012:role/DockerCiCdECSRole" // it trusts ecs-tasks
	checkAnswer(t, "InvalidStructureException: CodePipeline is not authorized to perform AssumeRole on role "+other, create(func(p *types.PipelineDeclaration) { p.RoleArn = &other }))
	checkAnswer(t, "InvalidStructureException: Pipeline has only 1 stage(s). There should be a minimum of 2 stages in a pipeline", create(func(p *types.PipelineDeclaration) { p.Stages = p.Stages[:1] }))
	checkAnswer(t, "InvalidStructureException: Stage names must be unique within a pipeline: Source", create(func(p *types.PipelineDeclaration) {
		p.Stages[1].Name = p.Stages[0].Name
	}))
	checkAnswer(t, "InvalidStructureException: Source actions must be in the first stage, and only there: Source", create(func(p *types.PipelineDeclaration) {
		p.Stages[0], p.Stages[1] = p.Stages[1], p.Stages[0]
		p.Stages[0].Actions = p.Stages[1].Actions[:0:0]
	}))
	checkAnswer(t, "PipelineNameInUseException: A pipeline with the name 'docker-cicd-pipeline' already exists in account '123456789012'", create(func(p *types.PipelineDeclaration) { p.Name = aws.String(pipelineName) }))
	_, err := w.CodePipeline.GetPipeline(t.Context(), &codepipeline.GetPipelineInput{Name: aws.String("none")})
	checkAnswer(t, "PipelineNotFoundException: Account '123456789012' does not have a pipeline with name 'none'", err)
	_, err = w.CodePipeline.GetPipeline(t.Context(), &codepipeline.GetPipelineInput{Name: aws.String(pipelineName), Version: aws.Int32(2)})
	checkAnswer(t, "PipelineVersionNotFoundException: Could not find version 2 of pipeline 'docker-cicd-pipeline'", err)
	for _, token := range []string{"x", "99"} {
		_, err = w.CodePipeline.ListPipelineExecutions(t.Context(), &codepipeline.ListPipelineExecutionsInput{PipelineName: aws.String(pipelineName), NextToken: &token})
		checkAnswer(t, "InvalidNextTokenException: The next token was specified in an invalid format.", err)
		_, err = w.CodePipeline.ListActionExecutions(t.Context(), &codepipeline.ListActionExecutionsInput{PipelineName: aws.String(pipelineName), NextToken: &token})
		checkAnswer(t, "InvalidNextTokenException: The next token was specified in an invalid format.", err)
	}
	in := loadMinimal(w.cloud).pipeline.Pipeline
	in.Name = aws.String("none")
	_, err = w.CodePipeline.UpdatePipeline(t.Context(), &codepipeline.UpdatePipelineInput{Pipeline: in})
	checkAnswer(t, "ResourceNotFoundException: The account with id '123456789012' does not include a pipeline with the name 'none'", err)
	if _, err := w.CodePipeline.DeletePipeline(t.Context(), &codepipeline.DeletePipelineInput{Name: aws.String("none")}); err != nil {
		t.Error(err)
	}
	_, err = w.CodePipeline.ListActionExecutions(t.Context(), &codepipeline.ListActionExecutionsInput{
		PipelineName: aws.String(pipelineName), Filter: &types.ActionExecutionFilter{PipelineExecutionId: aws.String("none")},
	})
	checkAnswer(t, "PipelineExecutionNotFoundException: Could not find the pipeline execution id 'none' in pipeline 'docker-cicd-pipeline'", err)
}

// A pipeline has versions and tags; tokens are hidden, and kept when they come back hidden.
func TestPipelineVersions(t *testing.T) {
	w := delivered(t, func(m *minimal) {
		a := &m.pipeline.Pipeline.Stages[0].Actions[0]
		a.ActionTypeId = &types.ActionTypeId{Category: types.ActionCategorySource, Owner: types.ActionOwnerThirdParty, Provider: aws.String("GitHub"), Version: aws.String("1")}
		a.Configuration = map[string]string{"Owner": "o", "Repo": "r", "Branch": "b", "OAuthToken": "secret", "PollForSourceChanges": "false"}
		m.pipeline.Tags = []types.Tag{{Key: aws.String("a"), Value: aws.String("1")}, {Key: aws.String("b"), Value: aws.String("2")}}
	})
	get := func() *codepipeline.GetPipelineOutput {
		return must(w.CodePipeline.GetPipeline(t.Context(), &codepipeline.GetPipelineInput{Name: aws.String(pipelineName)}))
	}
	got := get()
	p := got.Pipeline
	if *p.Version != 1 || p.ExecutionMode != types.ExecutionModeSuperseded || *p.Stages[1].Actions[0].RunOrder != 1 {
		t.Errorf("got %+v", p)
	}
	if token := p.Stages[0].Actions[0].Configuration["OAuthToken"]; token != "****" {
		t.Errorf("got token %s", token)
	}
	p.Stages[0].Actions[0].Configuration["Branch"] = "c"
	updated := must(w.CodePipeline.UpdatePipeline(t.Context(), &codepipeline.UpdatePipelineInput{Pipeline: p})).Pipeline
	if *updated.Version != 2 || *get().Pipeline.Version != 2 {
		t.Errorf("got version %d", *updated.Version)
	}
	arn := got.Metadata.PipelineArn
	must(w.CodePipeline.TagResource(t.Context(), &codepipeline.TagResourceInput{
		ResourceArn: arn, Tags: []types.Tag{{Key: aws.String("a"), Value: aws.String("3")}},
	}))
	must(w.CodePipeline.UntagResource(t.Context(), &codepipeline.UntagResourceInput{ResourceArn: arn, TagKeys: []string{"b"}}))
	tags := must(w.CodePipeline.ListTagsForResource(t.Context(), &codepipeline.ListTagsForResourceInput{ResourceArn: arn})).Tags
	if len(tags) != 1 || *tags[0].Value != "3" {
		t.Errorf("got tags %v", tags)
	}
	// The secret itself is never shown, and is still there.
	if state := w.cloud.Snapshot().Pipelines[0]; state.Version != 2 {
		t.Errorf("got %+v", state)
	}
}

// A source without a commit. The words are AWS's, as many guides quote them.
func TestSourceFails(t *testing.T) {
	w := newWorld(t, applytest.Options{})
	w.up(loadMinimal(w.cloud))
	e := checkTold(t, w, "Failed\nSource Failed ConfigurationError: The action failed because no branch named master was found in the selected AWS "+
		"CodeCommit repository gitlab-mirror-repo. Make sure you are using the correct branch name, and then try again. Error: null")
	if e.Trigger.TriggerType != types.TriggerTypeCreatePipeline || len(e.SourceRevisions) > 0 {
		t.Errorf("got %+v", e)
	}
}

// A build that fails, with its phases, its log and what the action says of it.
// The words: public notifications of CodePipeline, action-reference-CodeBuild.
func TestBuildFails(t *testing.T) {
	w := newWorld(t, applytest.Options{})
	m := loadMinimal(w.cloud)
	m.platform = strings.Replace(m.platform, "Status: DISABLED", "Status: ENABLED", 1)
	w.cloud.Push(repository, "master")
	w.cloud.ScriptBuilds(applytest.Build{Project: "docker-cicd-app-project", Times: 1, Fail: "docker build --tag x .", Log: []string{"Step 1/2 : FROM nothing", "pull access denied"}})
	w.up(m)
	const message = "Error while executing command: docker build --tag x .. Reason: exit status 1"
	e := checkTold(t, w, "Failed\nSource Succeeded\nBuild Failed JobFailed: Build terminated with state: FAILED. Phase: BUILD, Code: COMMAND_EXECUTION_ERROR, Message: "+message)
	id := *w.actions(e.PipelineExecutionId)[0].Output.ExecutionResult.ExternalExecutionId
	out := must(w.CodeBuild.BatchGetBuilds(t.Context(), &codebuild.BatchGetBuildsInput{Ids: []string{id, "none:1"}}))
	if len(out.BuildsNotFound) != 1 || len(out.Builds) != 1 {
		t.Fatalf("got %+v", out)
	}
	b := out.Builds[0]
	var phases []string
	for _, p := range b.Phases {
		line := string(p.PhaseType) + " " + string(p.PhaseStatus)
		for _, c := range p.Contexts {
			line += " " + aws.ToString(c.StatusCode) + ": " + aws.ToString(c.Message)
		}
		phases = append(phases, strings.TrimSpace(line))
	}
	want := []string{
		"SUBMITTED SUCCEEDED", "QUEUED SUCCEEDED", "PROVISIONING SUCCEEDED", "DOWNLOAD_SOURCE SUCCEEDED", "INSTALL SUCCEEDED", "PRE_BUILD SUCCEEDED",
		"BUILD FAILED COMMAND_EXECUTION_ERROR: " + message, "POST_BUILD SUCCEEDED", "UPLOAD_ARTIFACTS SUCCEEDED", "FINALIZING SUCCEEDED", "COMPLETED",
	}
	if diff := gocmp.Diff(want, phases); diff != "" {
		t.Errorf("phases mismatch (-want +got):\n%s", diff)
	}
	if b.BuildStatus != cbtypes.StatusTypeFailed || !b.BuildComplete || *b.BuildNumber != 1 {
		t.Errorf("got %+v", b)
	}
	log := must(w.Logs.GetLogEvents(t.Context(), &cloudwatchlogs.GetLogEventsInput{
		LogGroupName: b.Logs.GroupName, LogStreamName: b.Logs.StreamName, Limit: aws.Int32(4),
	}))
	var lines []string
	for _, l := range log.Events {
		lines = append(lines, (*l.Message)[len("[Container] 2026/01/05 09:00:00.000000 "):])
	}
	wantLines := []string{"Step 1/2 : FROM nothing\n", "pull access denied\n", "Command did not exit successfully docker build --tag x . exit status 1\n", "Phase complete: BUILD State: FAILED\n"}
	if diff := gocmp.Diff(wantLines, lines); diff != "" {
		t.Errorf("log mismatch (-want +got):\n%s", diff)
	}
	// The next one is well, and a log group that nobody has asked for is there.
	w.cloud.Push(repository, "master")
	checkTold(t, w, "Succeeded\nSource Succeeded\nBuild Succeeded\nDeploy Succeeded")
	if diff := gocmp.Diff([]applytest.LogGroupState{{Name: "/aws/codebuild/docker-cicd-app-project"}}, w.cloud.Snapshot().LogGroups); diff != "" {
		t.Errorf("log groups mismatch (-want +got):\n%s", diff)
	}
}
