package applytest

import (
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codebuild"
	"github.com/aws/aws-sdk-go-v2/service/codebuild/types"
)

var buildOperations = []operation{
	reads("codebuild:BatchGetBuilds", "Ids", (*Cloud).batchGetBuilds),
}

// A project is one of CodeBuild.
type project struct {
	name, arn string
	stack     string // id of the stack that made it
	role      string
	group     string // of its log; empty when it keeps none
	variables map[string]string
	builds    []*build
}

// A build is one of a project.
type build struct {
	p       *project
	number  int
	id      string // project:uuid
	commit  string
	status  types.StatusType
	started time.Time
	ended   time.Time
	current types.BuildPhaseType
	phases  []types.BuildPhase
	images  []imageDefinition // that it has built
}

// phases of a build, with how long they take.
// https://docs.aws.amazon.com/codebuild/latest/userguide/view-build-details-phases.html
var buildPhases = []struct {
	phase types.BuildPhaseType
	takes time.Duration
}{
	{types.BuildPhaseTypeSubmitted, 0},
	{types.BuildPhaseTypeQueued, time.Second},
	{types.BuildPhaseTypeProvisioning, 8 * time.Second},
	{types.BuildPhaseTypeDownloadSource, 2 * time.Second},
	{types.BuildPhaseTypeInstall, 0},
	{types.BuildPhaseTypePreBuild, 5 * time.Second},
	{types.BuildPhaseTypeBuild, 40 * time.Second},
	{types.BuildPhaseTypePostBuild, time.Second},
	{types.BuildPhaseTypeUploadArtifacts, time.Second},
	{types.BuildPhaseTypeFinalizing, time.Second},
}

func (c *Cloud) batchGetBuilds(in *codebuild.BatchGetBuildsInput) (*codebuild.BatchGetBuildsOutput, error) {
	out := &codebuild.BatchGetBuildsOutput{}
	for _, id := range in.Ids {
		b := c.buildAt(id)
		if b == nil {
			out.BuildsNotFound = append(out.BuildsNotFound, id)
			continue
		}
		out.Builds = append(out.Builds, c.describeBuild(b))
	}
	return out, nil
}

// buildAt returns the build of that id or ARN, or nil.
func (c *Cloud) buildAt(id string) *build {
	_, id, _ = strings.Cut("/"+id, "/")
	id = lastPart(id)
	for _, p := range c.cicd.projects {
		if b := find(p.builds, func(b *build) bool { return b.id == id }); b != nil {
			return b
		}
	}
	return nil
}

func (c *Cloud) describeBuild(b *build) types.Build {
	out := types.Build{
		Id: &b.id, Arn: aws.String(c.arn("codebuild", "build/"+b.id)), ProjectName: &b.p.name, BuildNumber: aws.Int64(int64(b.number)),
		BuildStatus: b.status, BuildComplete: b.status != types.StatusTypeInProgress, CurrentPhase: aws.String(string(b.current)),
		StartTime: &b.started, EndTime: optionalTime(b.ended), ResolvedSourceVersion: &b.commit, Phases: b.phases,
		ServiceRole: &b.p.role, Initiator: aws.String("codepipeline/pipeline"), Logs: &types.LogsLocation{},
		Source: &types.ProjectSource{Type: types.SourceTypeCodepipeline}, Artifacts: &types.BuildArtifacts{},
	}
	if b.p.group != "" {
		stream := lastPart(strings.Replace(b.id, ":", "/", 1))
		out.Logs = &types.LogsLocation{
			GroupName: &b.p.group, StreamName: &stream,
			CloudWatchLogsArn: aws.String(c.arn("logs", "log-group:"+b.p.group+":log-stream:"+stream)),
			CloudWatchLogs:    &types.CloudWatchLogsConfig{Status: types.LogsConfigStatusTypeEnabled, GroupName: &b.p.group},
		}
	}
	return out
}

// startBuild is a build action.
func (c *Cloud) startBuild(run *actionRun, done func()) {
	name := run.action.Configuration["ProjectName"]
	p := find(c.cicd.projects, func(p *project) bool { return p.name == name })
	if p == nil {
		run.fail("ConfigurationError", "Error calling startBuild: Project cannot be found: "+c.arn("codebuild", "project/"+name)+
			" (Service: AWSCodeBuild; Status Code: 400; Error Code: ResourceNotFoundException; Request ID: "+uuid(c.ids.hash("request", ""))+"; Proxy: null)")
		c.after(0, done)
		return
	}
	b := &build{
		p: p, number: len(p.builds) + 1, id: p.name + ":" + c.uuid("build", p.name), status: types.StatusTypeInProgress, started: c.now,
		current: types.BuildPhaseTypeSubmitted,
	}
	for _, in := range run.action.InputArtifacts {
		if art := run.e.artifacts[*in.Name]; art != nil && b.commit == "" {
			b.commit = art.commit
		}
	}
	p.builds = append(p.builds, b)
	run.external = b.id
	run.url = "https://" + c.opts.Region + ".console.aws.amazon.com/codesuite/codebuild/projects/" + p.name + "/build/" + b.id
	if p.group != "" && c.data.logGroup(p.group) == nil { // CodeBuild makes the one that is missing
		c.data.logGroups = append(c.data.logGroups, &logGroup{name: p.group})
	}
	script := c.buildScript(p.name)
	c.phase(b, script, 0, func() { c.finishBuild(run, b, done) })
}

// phase runs a phase of a build, and then the next ones. After a failed one only some run.
func (c *Cloud) phase(b *build, script Build, i int, done func()) {
	if i == len(buildPhases) {
		b.current, b.ended = types.BuildPhaseTypeCompleted, c.now
		b.phases = append(b.phases, types.BuildPhase{PhaseType: types.BuildPhaseTypeCompleted, StartTime: aws.Time(c.now)})
		if b.status == types.StatusTypeInProgress {
			b.status = types.StatusTypeSucceeded
		}
		done()
		return
	}
	step := buildPhases[i]
	if b.skips(step.phase) {
		c.phase(b, script, i+1, done)
		return
	}
	b.current = step.phase
	started := c.now
	c.after(step.takes, func() {
		message := c.enter(b, script, step.phase)
		p := types.BuildPhase{
			PhaseType: step.phase, PhaseStatus: types.StatusTypeSucceeded, StartTime: &started, EndTime: aws.Time(c.now),
			DurationInSeconds: aws.Int64(int64(c.now.Sub(started).Seconds())), Contexts: []types.PhaseContext{},
		}
		if message != "" {
			p.PhaseStatus, b.status = types.StatusTypeFailed, types.StatusTypeFailed
			p.Contexts = []types.PhaseContext{{StatusCode: aws.String("COMMAND_EXECUTION_ERROR"), Message: &message}}
		}
		b.phases = append(b.phases, p)
		c.phase(b, script, i+1, done)
	})
}

// skips reports whether a phase is left out: after a failed one all but the last ones
// are, and post_build, which runs even when build has failed.
func (b *build) skips(phase types.BuildPhaseType) bool {
	failed := types.BuildPhaseType("")
	for _, p := range b.phases {
		if p.PhaseStatus == types.StatusTypeFailed {
			failed = p.PhaseType
		}
	}
	switch phase {
	case types.BuildPhaseTypeFinalizing, types.BuildPhaseTypeUploadArtifacts:
		return false
	case types.BuildPhaseTypePostBuild:
		return failed != "" && failed != types.BuildPhaseTypeBuild
	}
	return failed != ""
}

// enter does what a phase does. It returns why it fails, or nothing.
func (c *Cloud) enter(b *build, script Build, phase types.BuildPhaseType) (message string) {
	at := script.phase()
	if phase != types.BuildPhaseTypePreBuild && phase != types.BuildPhaseTypeBuild && phase != at {
		return ""
	}
	lines := []string{"Entering phase " + string(phase)}
	switch {
	case script.Fail != "" && phase == at:
		reason := "exit status " + strconv.Itoa(max(script.ExitStatus, 1))
		message = "Error while executing command: " + script.Fail + ". Reason: " + reason
		lines = append(append(lines, "Running command "+script.Fail), script.Log...)
		lines = append(lines, "Command did not exit successfully "+script.Fail+" "+reason)
	case phase == types.BuildPhaseTypeBuild:
		lines = append(lines, script.Log...)
		var pushed []string
		pushed, message = c.buildImages(b, script)
		lines = append(lines, pushed...)
	}
	state := "SUCCEEDED"
	if message != "" {
		state = "FAILED"
	}
	lines = append(lines, "Phase complete: "+string(phase)+" State: "+state)
	c.buildLog(b, lines)
	return message
}

func (c *Cloud) buildLog(b *build, lines []string) {
	stamped := make([]string, len(lines))
	for i, line := range lines {
		stamped[i] = "[Container] " + c.now.Format("2006/01/02 15:04:05.000000") + " " + line + "\n"
	}
	c.writeLog(b.p.group, lastPart(strings.Replace(b.id, ":", "/", 1)), stamped)
}

// finishBuild ends a build action.
func (c *Cloud) finishBuild(run *actionRun, b *build, done func()) {
	defer done()
	if b.status == types.StatusTypeFailed {
		for _, p := range b.phases {
			if p.PhaseStatus == types.StatusTypeFailed {
				run.fail("JobFailed", "Build terminated with state: FAILED. Phase: "+string(p.PhaseType)+", Code: "+
					*p.Contexts[0].StatusCode+", Message: "+*p.Contexts[0].Message)
				return
			}
		}
	}
	for _, out := range run.action.OutputArtifacts {
		if !run.store(*out.Name, &artifact{commit: b.commit, images: b.images}) {
			run.fail("PermissionError", "The artifact bucket of the pipeline does not exist, or the role may not write to it.")
			return
		}
	}
	run.succeed("")
}
