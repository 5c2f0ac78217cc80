package applytest

import (
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/pipeline/apply/applytest/internal/intrinsic"
)

const byUser = " Rollback requested by user."

// startCreate begins to create a stack.
func (c *Cloud) startCreate(s *stack, set *changeSet, token string, onFailure types.OnStackFailure) {
	run := &operationRun{c: c, s: s, set: set, token: token, stops: true, onFailure: onFailure}
	s.stackContent, s.updated = set.content, c.now
	run.setStatus(types.StackStatusCreateInProgress, "User Initiated")
	s.running = run
	c.after(time.Second, func() {
		if reason := c.unfit(s, &s.stackContent); reason != "" {
			run.finished = true
			run.rollBackCreate(reason + byUser)
			return
		}
		scope := c.liveScope(s, &s.stackContent)
		for _, r := range s.template.Resources {
			if exists(scope, r) {
				run.steps = append(run.steps, run.createStep(r))
			}
		}
		run.start(run.created)
	})
}

// unfit returns why a template cannot be used as the cloud is now, or nothing.
func (c *Cloud) unfit(s *stack, content *stackContent) string {
	scope := c.liveScope(s, content)
	for _, name := range importsIn(content.template, scope.Text) {
		if out, _ := c.exported(name); out == nil {
			return "No export named " + name + " found."
		}
	}
	return unknownAttribute(content.template)
}

// unknownAttribute finds a GetAtt that its type does not have.
func unknownAttribute(t *cfn.Template) string {
	look := func(path string, v cfn.Value) (found string) {
		for _, r := range referencesIn(v) {
			res := t.Resource(r.id)
			if res != nil && r.attribute != "" && !kindOf(res.Type).has(r.attribute) {
				found = "[Error] " + path + "/Fn::GetAtt: Resource type " + res.Type + " does not support attribute {" + r.attribute + "}."
			}
		}
		return found
	}
	for _, r := range t.Resources {
		for _, m := range r.Properties {
			if found := look("/Resources/"+r.ID+"/Properties/"+m.Key, m.Value); found != "" {
				return found
			}
		}
	}
	for _, o := range t.Outputs {
		if found := look("/Outputs/"+o.Name+"/Value", o.Value); found != "" {
			return found
		}
	}
	return ""
}

// newResource is a resource before anything of it exists.
func newResource(t *cfn.Template, r *cfn.Resource) *resource {
	return &resource{
		id: r.ID, typ: r.Type, metadata: r.Metadata, policy: text(r.DeletionPolicy), replaced: text(r.UpdateReplacePolicy),
		after: dependencies(t, r),
	}
}

// createStep creates a resource of the template.
func (run *operationRun) createStep(r *cfn.Resource) *step {
	made := newResource(run.s.template, r)
	st := &step{id: r.ID, after: made.after, verb: "create"}
	fail := func(reason string) {
		run.note(made, types.ResourceStatusCreateFailed, reason)
		run.end(st, false)
	}
	st.cancel = func() { run.note(made, types.ResourceStatusCreateFailed, "Resource creation cancelled") }
	st.begin = func(st *step) {
		run.s.resources = append(run.s.resources, made)
		run.sortResources()
		run.touched = append(run.touched, &touch{now: made})
		properties, err := run.c.liveScope(run.s, &run.s.stackContent).Eval(r.Properties)
		if properties != nil {
			made.properties = properties.(cfn.Object)
		}
		run.note(made, types.ResourceStatusCreateInProgress, "")
		if err != nil {
			fail(err.Error())
			return
		}
		w := run.work(made)
		run.later(st, time.Second, func() {
			if err := w.kind.make(w); err != nil {
				fail(err.Error())
				return
			}
			run.note(made, types.ResourceStatusCreateInProgress, "Resource creation Initiated")
			run.later(st, w.kind.takes-time.Second, func() {
				if reason := run.c.breaks(run.s, r.ID, OnCreate); reason != "" {
					fail(reason)
					return
				}
				run.settle(st, w, fail, func() {
					run.note(made, types.ResourceStatusCreateComplete, "")
					run.end(st, true)
				})
			})
		})
	}
	return st
}

// settleEvery is how often CloudFormation looks whether a resource has settled.
const settleEvery = 5 * time.Second

// settle waits until a resource is what it should be.
func (run *operationRun) settle(st *step, w *work, fail func(string), done func()) {
	ok, err := w.kind.settled(w)
	switch {
	case err != nil:
		fail(err.Error())
	case ok:
		done()
	default:
		run.later(st, settleEvery, func() { run.settle(st, w, fail, done) })
	}
}

// created ends the creation of a stack.
func (run *operationRun) created() {
	if run.stopped {
		run.rollBackCreate(run.reason() + strings.TrimSpace(byUser))
		return
	}
	outputs, err := run.c.outputsOf(run.s, &run.s.stackContent)
	if err == nil {
		err = run.c.exportable(run.s, outputs)
	}
	if err != nil {
		run.rollBackCreate(err.Error() + byUser)
		return
	}
	run.s.outputs, run.s.imports = outputs, run.c.importsOf(run.s)
	run.set.execution = types.ExecutionStatusExecuteComplete
	run.close(types.StackStatusCreateComplete, "")
}

// rollBackCreate removes what the creation of a stack has made.
func (run *operationRun) rollBackCreate(reason string) {
	run.set.execution = types.ExecutionStatusExecuteFailed
	s := run.s
	if run.preserves() {
		run.preserve(types.StackStatusCreateFailed, strings.TrimSuffix(reason, byUser))
		return
	}
	if run.onFailure == types.OnStackFailureDelete {
		run.setStatus(types.StackStatusDeleteInProgress, reason)
	} else {
		run.setStatus(types.StackStatusRollbackInProgress, reason)
	}
	back := &operationRun{c: run.c, s: s, token: run.token}
	for _, r := range s.resources {
		back.steps = append(back.steps, back.deleteStep(r, s.resources, nil))
	}
	back.start(func() {
		failed := back.reason()
		switch {
		case run.onFailure == types.OnStackFailureDelete && failed == "":
			run.c.buried(s, run.token)
		case run.onFailure == types.OnStackFailureDelete:
			back.close(types.StackStatusDeleteFailed, failed)
		case failed != "":
			back.close(types.StackStatusRollbackFailed, failed)
		default:
			back.close(types.StackStatusRollbackComplete, "")
		}
	})
}

// outputsOf evaluates the outputs of a template.
func (c *Cloud) outputsOf(s *stack, content *stackContent) ([]types.Output, error) {
	scope := c.liveScope(s, content)
	var out []types.Output
	for _, o := range content.template.Outputs {
		if o.Condition != "" {
			if yes, err := scope.Condition(o.Condition); err != nil || !yes {
				continue
			}
		}
		value, err := scope.Eval(o.Value)
		if err != nil {
			return nil, err
		}
		shown, ok := intrinsic.Scalar(value)
		if !ok {
			return nil, invalid("Template format error: The Value field of every Outputs member must evaluate to a String.")
		}
		one := types.Output{OutputKey: aws.String(o.Name), OutputValue: &shown, Description: optional(o.Description)}
		if o.Export != nil {
			name, err := scope.Text(o.Export)
			if err != nil {
				return nil, err
			}
			one.ExportName = &name
		}
		out = append(out, one)
	}
	return out, nil
}

// importsOf returns the names of the exports that a stack imports.
func (c *Cloud) importsOf(s *stack) []string {
	return importsIn(s.template, c.liveScope(s, &s.stackContent).Text)
}

// exportable refuses exports that another stack has, or that others import and that change.
func (c *Cloud) exportable(s *stack, outputs []types.Output) error {
	now := map[string]string{}
	for _, o := range outputs {
		name := aws.ToString(o.ExportName)
		now[name] = aws.ToString(o.OutputValue)
		if _, other := c.exported(name); name != "" && other != nil && other != s {
			return told("Export with name " + name + " is already exported by stack " + other.name + ".")
		}
	}
	for _, o := range s.outputs {
		name := aws.ToString(o.ExportName)
		users := c.importers(name)
		if name == "" || len(users) == 0 {
			continue
		}
		switch value, stays := now[name]; {
		case !stays:
			return told(exportInUse(name, users))
		case value != aws.ToString(o.OutputValue):
			return told("Export " + name + " cannot be updated as it is in use by " + strings.Join(users, " and "))
		}
	}
	return nil
}

func exportInUse(name string, users []string) string {
	return "Delete canceled. Cannot delete export " + name + " as it is in use by " + strings.Join(users, " and ") + "."
}

// told is an error whose text is what a stack tells.
type told string

func (t told) Error() string { return string(t) }

func join(ids []string) string { return strings.Join(ids, ", ") }

// liveScope returns what the functions of a template see: the resources of the stack and
// the exports of others.
func (c *Cloud) liveScope(s *stack, content *stackContent) *intrinsic.Scope {
	if content.template == nil {
		content = &stackContent{template: &cfn.Template{}}
	}
	scope := c.scope(s, content)
	scope.Ref = func(id string) (cfn.Value, error) {
		r := s.resource(id)
		if r == nil || r.physical == "" {
			return nil, intrinsic.ErrUnknown
		}
		return cfn.String(r.physical), nil
	}
	scope.Att = func(id, attribute string) (cfn.Value, error) {
		r := s.resource(id)
		if r == nil || r.physical == "" {
			return nil, intrinsic.ErrUnknown
		}
		return c.attribute(r, attribute)
	}
	scope.Import = func(name string) (string, error) {
		out, _ := c.exported(name)
		if out == nil {
			return "", told("No export named " + name + " found")
		}
		return aws.ToString(out.OutputValue), nil
	}
	return scope
}
