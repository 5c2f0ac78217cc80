package applytest

import (
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"

	"github.com/seed-b1f00840/slipway/cfn"
)

// A rule is one of EventBridge.
type rule struct {
	name, arn string
	pattern   cfn.Value
	enabled   bool
	targets   []string // ARNs
}

// deliveryKinds are projects, rules and source repositories.
var deliveryKinds = []kind{
	{typ: "AWS::CodeBuild::Project", named: "Name", takes: 4 * time.Second, attributes: attributes{"Arn": nil, "Id": nil}, onMake: func(w *work) error {
		p := &project{name: w.r.physical, arn: w.c.arn("codebuild", "project/"+w.r.physical), stack: w.s.id}
		w.c.cicd.projects = append(w.c.cicd.projects, w.project(p))
		return nil
	}, onChange: func(w *work, _ cfn.Object) error {
		if p := find(w.c.cicd.projects, func(p *project) bool { return p.name == w.r.physical }); p != nil {
			w.project(p)
		}
		return nil
	}, onRemove: func(w *work) (bool, error) {
		w.c.cicd.projects = slices.DeleteFunc(w.c.cicd.projects, func(p *project) bool { return p.name == w.r.physical })
		return true, nil
	}},
	{typ: "AWS::Events::Rule", named: "Name", takes: 30 * time.Second, attributes: attributes{"Arn": nil, "RuleName": nil}, onMake: func(w *work) error {
		w.c.cicd.rules = append(w.c.cicd.rules, w.rule(&rule{name: w.r.physical, arn: w.c.arn("events", "rule/"+w.r.physical)}))
		return nil
	}, onChange: func(w *work, _ cfn.Object) error {
		if r := find(w.c.cicd.rules, func(r *rule) bool { return r.name == w.r.physical }); r != nil {
			w.rule(r)
		}
		return nil
	}, onRemove: func(w *work) (bool, error) {
		w.c.cicd.rules = slices.DeleteFunc(w.c.cicd.rules, func(r *rule) bool { return r.name == w.r.physical })
		return true, nil
	}},
	{typ: "AWS::CodeCommit::Repository", named: "RepositoryName", takes: 4 * time.Second, physicalID: func(w *work) string {
		return w.c.uuid("source", w.text("RepositoryName"))
	}, mirrors: mirrors{"Name": "RepositoryName"}, attributes: attributes{
		"RepositoryId": nil,
		"Arn":          func(w *work) cfn.Value { return cfn.String(w.c.arn("codecommit", w.text("RepositoryName"))) },
		"CloneUrlHttp": func(w *work) cfn.Value {
			return cfn.String("https://git-codecommit." + w.c.opts.Region + "." + w.c.suffix() + "/v1/repos/" + w.text("RepositoryName"))
		},
		"CloneUrlSsh": func(w *work) cfn.Value {
			return cfn.String("ssh://git-codecommit." + w.c.opts.Region + "." + w.c.suffix() + "/v1/repos/" + w.text("RepositoryName"))
		},
	}, onRemove: func(w *work) (bool, error) {
		w.c.cicd.branches = slices.DeleteFunc(w.c.cicd.branches, func(b *branch) bool { return b.repository == w.text("RepositoryName") })
		return true, nil
	}},
}

// project reads what a template says of a project.
func (w *work) project(p *project) *project {
	p.role, p.group = w.text("ServiceRole"), "/aws/codebuild/"+p.name
	logs, _ := w.r.properties.Get("LogsConfig").(cfn.Object)
	watch, _ := logs.Get("CloudWatchLogs").(cfn.Object)
	if name := text(watch.Get("GroupName")); name != "" {
		p.group = name
	}
	if text(watch.Get("Status")) == "DISABLED" {
		p.group = ""
	}
	p.variables = map[string]string{}
	environment, _ := w.r.properties.Get("Environment").(cfn.Object)
	variables, _ := environment.Get("EnvironmentVariables").(cfn.List)
	for _, v := range variables {
		variable, _ := v.(cfn.Object)
		p.variables[text(variable.Get("Name"))] = text(variable.Get("Value"))
	}
	return p
}

// rule reads what a template says of a rule.
func (w *work) rule(r *rule) *rule {
	r.pattern, r.enabled, r.targets = w.r.properties.Get("EventPattern"), w.text("State") != "DISABLED", nil
	targets, _ := w.r.properties.Get("Targets").(cfn.List)
	for _, t := range targets {
		target, _ := t.(cfn.Object)
		r.targets = append(r.targets, text(target.Get("Arn")))
	}
	return r
}

// fits reports whether an event has what a pattern asks for: one of the values of each list.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
func fits(pattern, event cfn.Value) bool {
	switch p := pattern.(type) {
	case cfn.Object:
		object, _ := event.(cfn.Object)
		for _, m := range p {
			if !fits(m.Value, object.Get(m.Key)) {
				return false
			}
		}
		return true
	case cfn.List:
		values, ok := event.(cfn.List)
		if !ok {
			values = cfn.List{event}
		}
		return slices.ContainsFunc(values, func(v cfn.Value) bool {
			return slices.ContainsFunc(p, func(want cfn.Value) bool { return v != nil && text(v) == text(want) })
		})
	}
	return true
}

// emit starts the pipelines to which rules connect an event.
func (c *Cloud) emit(event cfn.Object) {
	for _, r := range c.cicd.rules {
		if !r.enabled || !fits(r.pattern, event) {
			continue
		}
		for _, target := range r.targets {
			if p := c.pipelineNamed(target); p != nil {
				c.startExecution(p, types.TriggerTypeCloudWatchEvent, r.arn)
			}
		}
	}
}

// Push lets a commit arrive on a branch of a source repository, which is made if need be,
// and starts the pipelines that are connected to it: by a rule of EventBridge, by polling,
// or by the webhook of a connection. It returns the id of the commit. A repository of a
// connection is named owner/name.
func (c *Cloud) Push(repository, name string) (commit string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	commit = c.hex("commit", repository+"/"+name, 40)
	what := "referenceUpdated"
	b := c.branch(repository, name)
	if b == nil {
		what = "referenceCreated"
		b = &branch{repository: repository, name: name}
		c.cicd.branches = append(c.cicd.branches, b)
	}
	b.commits = append(b.commits, commit)
	if !strings.Contains(repository, "/") {
		c.emit(cfn.Object{
			cfn.Prop("source", cfn.String("aws.codecommit")),
			cfn.Prop("detail-type", cfn.String("CodeCommit Repository State Change")),
			cfn.Prop("account", cfn.String(c.opts.Account)), cfn.Prop("region", cfn.String(c.opts.Region)),
			cfn.Prop("resources", cfn.Strings(c.arn("codecommit", repository))),
			cfn.Prop("detail", cfn.Object{
				cfn.Prop("event", cfn.String(what)), cfn.Prop("repositoryName", cfn.String(repository)),
				cfn.Prop("referenceType", cfn.String("branch")), cfn.Prop("referenceName", cfn.String(name)),
				cfn.Prop("referenceFullName", cfn.String("refs/heads/"+name)), cfn.Prop("commitId", cfn.String(commit)),
			}),
		})
	}
	c.noticed(repository, name)
	return commit
}

// noticed starts the pipelines whose source action itself looks for commits.
func (c *Cloud) noticed(repository, name string) {
	for _, p := range c.cicd.pipelines {
		for _, a := range p.now().Stages[0].Actions {
			r, b := sourceOf(&a)
			provider := aws.ToString(a.ActionTypeId.Provider)
			switch {
			case r != repository || b != name:
			case provider == "CodeStarSourceConnection" && a.Configuration["DetectChanges"] != "false":
				c.startExecution(p, types.TriggerTypeWebhookV2, a.Configuration["ConnectionArn"])
			case provider != "CodeStarSourceConnection" && a.Configuration["PollForSourceChanges"] != "false":
				c.after(time.Minute, func() { c.startExecution(p, types.TriggerTypePollForSourceChanges, *a.Name) })
			}
		}
	}
}

// Deploy runs a pipeline as a push would, without one. It returns the id of the execution,
// and panics when there is no such pipeline.
func (c *Cloud) Deploy(pipeline string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	p := c.pipelineNamed(pipeline)
	if p == nil {
		panic("applytest: there is no pipeline " + pipeline + " now")
	}
	return c.startExecution(p, types.TriggerTypeCloudWatchEvent, c.arn("events", "rule/scripted")).id
}
