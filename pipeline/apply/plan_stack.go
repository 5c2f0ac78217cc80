package apply

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	cfntypes "github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/pipeline/apply/internal/stackdiff"
)

// stackWork is the work of a step on a stack.
type stackWork struct {
	item       *stackItem
	live       *cfntypes.Stack // as it was planned on; nil when there is none
	submission submission
	set        *changeSet // nil when nothing changes, or when it has to be made later
	params     map[string]string
	counts     map[string]int // parameters that give a number of tasks, with what they give
	piped      bool           // a pipeline of the bundle deploys what stacks create
}

// planStack begins to plan a stack: it compares, and begins a change set if something
// differs. finishStack completes the step.
func (p *planner) planStack(ctx context.Context, item *stackItem) (*Step, error) {
	w := &stackWork{item: item, counts: make(map[string]int), piped: len(p.items.pipelines) > 0}
	step := &Step{Subject: Subject{StackSubject, item.name}, Artifact: item.path, Action: Nothing, work: w}
	look := p.settledStack
	if p.impatient {
		look = p.describeStack
	}
	var err error
	if w.live, err = look(ctx, item.name); err != nil {
		return nil, err
	}
	if err := p.findServices(ctx, item, w.live); err != nil {
		return nil, err
	}
	if err := p.fillSubmission(w, step); err != nil {
		return nil, err
	}
	switch conditionOf(w.live) {
	case absent, reviewed:
		step.Action = Create
		step.Reason = "the stack does not exist"
	case broken:
		return step, p.planBroken(ctx, w, step)
	case busy:
		step.Notes = append(step.Notes, "it is in "+string(w.live.StackStatus))
		return step, nil
	case stuck:
		step.Action, step.Needs = Update, append(step.Needs, NeedsContinueRollback)
		step.Reason = "the roll back of its last update has failed (UPDATE_ROLLBACK_FAILED): it is continued first"
	default:
		same, err := p.compareStack(ctx, w, step)
		if same || err != nil {
			return step, err
		}
	}
	return step, p.beginStack(ctx, w, step)
}

// fillSubmission computes what a change set of the stack is made of.
func (p *planner) fillSubmission(w *stackWork, step *Step) error {
	body, err := w.item.render()
	if err != nil {
		return err
	}
	exists := conditionOf(w.live) == ready || conditionOf(w.live) == stuck
	w.submission = submission{
		item: w.item, create: !exists, body: body, tags: stackTags(p.opts.Tags),
		role: p.stackRole(), bucket: p.templateBucket(), account: p.place.Account, host: p.place.Region + "." + p.place.URLSuffix,
	}
	return p.fillParameters(w, exists, step)
}

func (i *stackItem) render() ([]byte, error) {
	if path.Ext(i.path) == ".json" {
		return i.template.RenderJSON()
	}
	return i.template.Render()
}

// fillParameters decides the values of the stack's parameters.
func (p *planner) fillParameters(w *stackWork, exists bool, step *Step) error {
	given := maps.Clone(p.opts.Parameters[w.item.name])
	live := parametersOf(w.live)
	w.params = make(map[string]string)
	for _, param := range w.item.template.Parameters {
		name := param.Name
		value, isGiven := given[name]
		delete(given, name)
		count, isCount := p.countOf(w, name, exists)
		had, has := live[name]
		entry := cfntypes.Parameter{ParameterKey: aws.String(name)}
		switch {
		case isGiven:
		case isCount:
			value = strconv.Itoa(count)
			w.counts[name] = count
		case exists && has:
			w.params[name] = had
			entry.UsePreviousValue = aws.Bool(true)
			w.submission.parameters = append(w.submission.parameters, entry)
			continue
		case param.Default != nil:
			w.params[name] = stackdiff.Text(param.Default)
			continue
		default:
			step.block("the parameter %s has no value; give --parameter %s:%s=VALUE", name, w.item.name, name)
			continue
		}
		w.params[name] = value
		entry.ParameterValue = aws.String(value)
		w.submission.parameters = append(w.submission.parameters, entry)
	}
	if len(given) > 0 {
		names := slices.Sorted(maps.Keys(given))
		return &Error{
			Resource: w.item.path, Message: fmt.Sprintf("the template has no parameter %s, for which a value is given", strings.Join(names, ", ")),
			Remedy: "leave it out of --parameter",
		}
	}
	return nil
}

// countOf returns the number of tasks that a parameter has to give: what runs, or none
// before the first delivery. It is false for other parameters, and where no pipeline of
// the bundle brings an image.
func (p *planner) countOf(w *stackWork, name string, exists bool) (int, bool) {
	for _, s := range w.item.services {
		if s.count != name {
			continue
		}
		if live := p.live[s]; live != nil {
			return int(live.DesiredCount), true
		}
		if !exists && p.isDelivered(s) {
			return 0, true
		}
	}
	return 0, false
}

// templateBucket is where large templates go.
func (p *planner) templateBucket() string {
	if p.opts.TemplateBucket != "" {
		return p.opts.TemplateBucket
	}
	for _, item := range p.items.pipelines {
		if store := item.definition.ArtifactStore; store != nil {
			return store.Location
		}
		if store, ok := item.definition.ArtifactStores[p.place.Region]; ok {
			return store.Location
		}
	}
	return ""
}

// compareStack reports whether a stack is as it should be, by its template, parameters
// and tags.
func (p *planner) compareStack(ctx context.Context, w *stackWork, step *Step) (same bool, err error) {
	text, err := p.template(ctx, w.item.name)
	if err != nil {
		return false, err
	}
	old, err := cfn.ParseLax(w.item.name, []byte(text))
	if err != nil { // nothing to compare with: let CloudFormation tell
		step.Notes = append(step.Notes, "the stack's present template cannot be read: "+err.Error())
		step.Action = Update
		return false, nil
	}
	noted := parametersOf(w.live)
	for name, count := range w.counts { // how many tasks run is no reason to touch a service
		if had := noted[name]; had != strconv.Itoa(count) {
			step.Notes = append(step.Notes, fmt.Sprintf("the service runs %s, the stack has noted %s; what runs is kept", tasks(count), had))
			noted[name] = strconv.Itoa(count)
		}
	}
	before := stackdiff.Side{Template: old, Parameters: noted}
	after := stackdiff.Side{Template: w.item.template, Parameters: w.params}
	tags := p.opts.Tags == nil || maps.Equal(p.opts.Tags, tagsOf(w.live))
	if stackdiff.Same(before, after) && tags && (p.opts.ReadOnly || !isDynamic(w.item.template)) {
		return true, nil
	}
	step.Action = Update
	w.stackChanges(step, stackdiff.Diff(before, after))
	if len(step.Changes) == 0 && tags {
		step.Reason = "no resource changes: only outputs, conditions, policies or what describes the template"
	}
	if !tags {
		step.Notes = append(step.Notes, "the tags of the stack change, and with them those of its resources")
	}
	return false, nil
}

// isDynamic reports whether what a template means can change without a change of its
// text or parameters.
func isDynamic(t *cfn.Template) bool {
	if t.Transform != nil {
		return true
	}
	for _, param := range t.Parameters {
		if strings.HasPrefix(param.Type, "AWS::SSM::Parameter::Value") {
			return true
		}
	}
	dynamic := false
	each(t, func(v cfn.Value) {
		if s, ok := v.(cfn.String); ok && strings.Contains(string(s), "{{resolve:") {
			dynamic = true
		}
	})
	return dynamic
}

// beginStack begins the change set of a step that needs one, where it can be made
// already: not when what the template imports is only made by an earlier step.
func (p *planner) beginStack(ctx context.Context, w *stackWork, step *Step) error {
	if step.Action == Create {
		w.additions(step)
	}
	if len(step.Blocked) > 0 || p.opts.ReadOnly || conditionOf(w.live) == stuck || p.isAhead(w.item) {
		return nil
	}
	set, err := p.begin(ctx, &w.submission, p.place.caller)
	if errors.Is(err, errNoExport) {
		return nil
	}
	w.set = set
	return err
}

// isAhead reports whether a template imports what a step before it makes.
func (p *planner) isAhead(item *stackItem) bool {
	for _, s := range p.plan.Steps {
		w, ok := s.work.(*stackWork)
		if ok && s.Action == Create && slices.ContainsFunc(item.imports, func(name string) bool { return slices.Contains(w.item.exports, name) }) {
			return true
		}
	}
	return false
}

// finishStack completes the step of a stack with what its change set says.
func (p *planner) finishStack(ctx context.Context, step *Step) error {
	w := step.work.(*stackWork)
	if w.set == nil {
		return nil
	}
	set, err := p.finish(ctx, w.item, w.set)
	w.set = set
	switch {
	case errors.Is(err, errNoExport):
		return nil
	case err != nil:
		return err
	case set == nil:
		step.Action, step.Reason, step.Changes, step.Needs, step.Blocked = Nothing, "", nil, nil, nil
		if !isDynamic(w.item.template) {
			step.Notes = append(step.Notes, "the template differs in what CloudFormation takes only along with another change, such as a DeletionPolicy")
		}
		return nil
	}
	if step.Action == Update {
		step.Reason = ""
	}
	step.Changes, step.Needs, step.Blocked = nil, nil, nil
	w.setChanges(step)
	return nil
}
