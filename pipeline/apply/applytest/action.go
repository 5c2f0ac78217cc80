package applytest

import (
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"
)

// How long actions take that do little.
const (
	sourceTakes = 4 * time.Second
	actionTakes = 10 * time.Second
)

// act does what an action does, and calls done when it is over.
func (c *Cloud) act(run *actionRun, done func()) {
	provider, category := aws.ToString(run.action.ActionTypeId.Provider), run.action.ActionTypeId.Category
	switch {
	case category == types.ActionCategorySource:
		c.after(sourceTakes, func() {
			c.fetchSource(run)
			done()
		})
	case provider == "CodeBuild":
		c.startBuild(run, done)
	case category == types.ActionCategoryDeploy && provider == "ECS":
		c.startDeploy(run, done)
	case category == types.ActionCategoryApproval:
		run.decided = done
	default:
		c.after(actionTakes, func() {
			for _, out := range run.action.OutputArtifacts {
				run.store(*out.Name, &artifact{})
			}
			run.succeed("")
			done()
		})
	}
}

// decide approves or rejects what a pipeline waits for.
func (c *Cloud) decide(name, summary string, approve bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	p := c.pipelineNamed(name)
	if p == nil {
		panic("applytest: there is no pipeline " + name + " now")
	}
	for _, e := range p.executions {
		for _, run := range e.actions {
			if run.decided == nil || e.over() {
				continue
			}
			if approve {
				run.succeed(summary)
			} else {
				run.fail("ApprovalRejected", summary)
			}
			c.after(0, run.decided)
			run.decided = nil
			return
		}
	}
	panic("applytest: the pipeline " + name + " does not wait for an approval now")
}

// Approve approves what a pipeline waits for. It panics when it does not wait.
func (c *Cloud) Approve(pipeline, summary string) { c.decide(pipeline, summary, true) }

// Reject rejects what a pipeline waits for. It panics when it does not wait.
func (c *Cloud) Reject(pipeline, summary string) { c.decide(pipeline, summary, false) }

// A branch is one of a source repository.
type branch struct {
	repository, name string
	commits          []string // the latest one last
}

func (c *Cloud) branch(repository, name string) *branch {
	return find(c.cicd.branches, func(b *branch) bool { return b.repository == repository && b.name == name })
}

// sourceOf returns the repository and the branch of a source action; both are empty for
// one that has none, such as a bucket.
func sourceOf(a *types.ActionDeclaration) (repository, branch string) {
	conf := a.Configuration
	switch aws.ToString(a.ActionTypeId.Provider) {
	case "CodeCommit":
		return conf["RepositoryName"], conf["BranchName"]
	case "CodeStarSourceConnection":
		return conf["FullRepositoryId"], conf["BranchName"]
	case "GitHub":
		return conf["Owner"] + "/" + conf["Repo"], conf["Branch"]
	}
	return "", ""
}

// fetchSource is a source action.
func (c *Cloud) fetchSource(run *actionRun) {
	repository, name := sourceOf(&run.action)
	commit := "0123456789abcdef0123456789abcdef01234567"
	if repository != "" {
		b := c.branch(repository, name)
		switch {
		case b == nil && aws.ToString(run.action.ActionTypeId.Provider) == "CodeCommit":
			run.fail("ConfigurationError", "The action failed because no branch named "+name+" was found in the selected AWS CodeCommit repository "+
				repository+". Make sure you are using the correct branch name, and then try again. Error: null")
			return
		case b == nil:
			run.fail("ConfigurationError", "[GitHub] No Branch ["+name+"] found for FullRepositoryName ["+repository+"]")
			return
		}
		commit = b.commits[len(b.commits)-1]
	}
	for _, out := range run.action.OutputArtifacts {
		if !run.store(*out.Name, &artifact{commit: commit}) {
			run.fail("PermissionError", "The artifact bucket of the pipeline does not exist, or the role may not write to it.")
			return
		}
	}
	run.external = commit
	run.variables = map[string]string{"CommitId": commit, "RepositoryName": repository, "BranchName": name}
	run.url = "https://" + c.opts.Region + ".console.aws.amazon.com/codesuite/codecommit/repositories/" + repository + "/commit/" + commit
	run.e.revisions = append(run.e.revisions, types.SourceRevision{
		ActionName: run.action.Name, RevisionId: &commit, RevisionUrl: &run.url, RevisionSummary: aws.String(commitMessage(commit)),
	})
	run.succeed(commitMessage(commit))
}

// commitMessage is the message of a commit.
func commitMessage(commit string) string { return "Change " + short(commit, 7) }

// lastPart returns what stands after the last slash.
func lastPart(s string) string { return s[strings.LastIndex(s, "/")+1:] }
