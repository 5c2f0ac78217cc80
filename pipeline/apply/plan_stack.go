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

	cfntypes "github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/pipeline/apply/internal/fault"
	"github.com/seed-b1f00840/slipway/pipeline/apply/internal/stackdiff"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
)

// stackWork is the work of a step on a stack.
type stackWork struct {
	item       *stackItem
	target     bundle.Target
	live       *cfntypes.Stack // as it was planned on; nil when there is none
	submission submission
	set        *changeSet // nil when nothing changes, or when it has to be made later
	params     map[string]string
	counts     map[string]int    // parameters that give a number of tasks, with what they give
	spared     map[string]string // parameters that could, and keep what the stack has noted, which is this
	skip       []string          // resources over which the roll back passes that is continued
	unread     bool              // the template of the stack cannot be read: what changes is not known
}

// planStack begins to plan a stack: it compares, and begins a change set if something
// differs. finishStack completes the step.
func (p *planner) planStack(ctx context.Context, item *stackItem) (*Step, error) {
	w := &stackWork{item: item, target: p.place.Target, counts: make(map[string]int)}
	step := &Step{Subject: Subject{StackSubject, item.name}, Artifact: item.path, Action: Nothing, work: w}
	look := p.settledStack
	if p.impatient {
		look = p.describeStack
	}
	var err error
	if w.live, err = look(ctx, item.name); err != nil {
		return nil, err
	}
	if err := p.fillSubmission(w, step); err != nil {
		return nil, err
	}
	if err := p.findServices(ctx, w, step); err != nil {
		return nil, err
	}
	p.fillCounts(w, step)
	switch conditionOf(w.live) {
	case absent, reviewed:
		step.Action = Create
		step.Reason = "the stack does not exist"
		w.additions(step)
	case broken:
		return step, p.planBroken(ctx, w, step)
	case busy:
		step.Notes = append(step.Notes, "it is in "+string(w.live.StackStatus))
		return step, nil
	case stuck:
		if _, err := p.compareStack(ctx, w, step); err != nil {
			return nil, err
		}
		step.Action = Update
		step.need(NeedsContinueRollback)
		w.skip = p.opts.Allow.SkipResources
		step.Reason = "the roll back of its last update has failed (UPDATE_ROLLBACK_FAILED): it is continued first"
	default:
		same, err := p.compareStack(ctx, w, step)
		if same || err != nil {
			return step, err
		}
		w.spare(step)
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
	step.Action = Update
	old, err := cfn.ParseLax(w.item.name, []byte(text))
	if err != nil { // nothing to compare with: let CloudFormation tell
		w.unread = true
		step.Notes = append(step.Notes, "the stack's present template cannot be read: "+fault.Redact(err.Error()))
		return false, nil
	}
	before := stackdiff.Side{Template: old, Parameters: p.noted(w, step)}
	after := stackdiff.Side{Template: w.item.template, Parameters: w.params}
	tags := p.opts.Tags == nil || maps.Equal(p.opts.Tags, tagsOf(w.live))
	unknown := !p.opts.ReadOnly && (isDynamic(w.item.template) || len(w.item.hidden) > 0)
	if stackdiff.Same(before, after) && tags && !unknown {
		step.Action = Nothing
		return true, nil
	}
	w.stackChanges(step, stackdiff.Diff(before, after))
	if !tags {
		step.Changes = append(step.Changes, Change{Action: Update, Properties: tagChanges(tagsOf(w.live), p.opts.Tags)})
	}
	switch {
	case len(step.Changes) > 0:
	case outputsDiffer(old, w.item.template):
		step.Reason = "no resource changes: only outputs"
	case p.opts.ReadOnly:
		step.Action = Nothing
		step.Notes = append(step.Notes, takenAlong)
	}
	return false, nil
}

// remake makes the change set of a stack anew.
func (p *planner) remake(ctx context.Context, w *stackWork) (*changeSet, error) {
	if w.set != nil {
		if err := p.removeChangeSet(ctx, w.set); err != nil {
			return w.set, err
		}
	}
	set, err := p.begin(ctx, &w.submission, p.place.caller)
	if err == nil {
		w.set = set
		set, err = p.finish(ctx, w.item, set)
	}
	w.set = set
	return set, err
}

// takenAlong is what is left of a difference that is none for CloudFormation.
const takenAlong = "the template differs in what CloudFormation takes only along with another change, such as a DeletionPolicy or the default of a parameter"

// noted returns the parameters of a stack as it has noted them, but that how many tasks
// run, and what it does not tell, is no difference.
func (p *planner) noted(w *stackWork, step *Step) map[string]string {
	noted := parametersOf(w.live)
	for _, name := range slices.Sorted(maps.Keys(w.counts)) {
		if had, now := noted[name], strconv.Itoa(w.counts[name]); had != now {
			step.Notes = append(step.Notes, fmt.Sprintf("the service runs %s, the stack has noted %s; what runs is kept", tasks(w.counts[name]), had))
			noted[name] = now
		}
	}
	for _, param := range w.item.template.Parameters {
		if value, ok := w.params[param.Name]; ok && isNoEcho(param) && noted[param.Name] != "" {
			noted[param.Name] = value // **** there
		}
	}
	return noted
}

// outputsDiffer reports whether templates have other outputs.
func outputsDiffer(a, b *cfn.Template) bool {
	return len(a.Outputs) != len(b.Outputs) || slices.ContainsFunc(b.Outputs, func(o *cfn.Output) bool {
		i := slices.IndexFunc(a.Outputs, func(other *cfn.Output) bool { return other.Name == o.Name })
		return i < 0 || !stackdiff.Equal(a.Outputs[i].Value, o.Value) || !stackdiff.Equal(a.Outputs[i].Export, o.Export) || a.Outputs[i].Condition != o.Condition
	})
}

// tagChanges are the tags of a stack that change.
func tagChanges(before, after map[string]string) []Property {
	var list []Property
	all := maps.Clone(before)
	maps.Copy(all, after)
	for _, key := range slices.Sorted(maps.Keys(all)) {
		if before[key] != after[key] {
			list = append(list, Property{Path: "Tags." + key, Before: showText(before[key], open.enter(key)), After: showText(after[key], open.enter(key))})
		}
	}
	return list
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
	if step.Action == Nothing || len(step.Blocked) > 0 || p.opts.ReadOnly || conditionOf(w.live) == stuck || p.isAhead(w.item) {
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
		if w, ok := s.work.(*stackWork); ok && s.Action == Create && item.importsFrom(w.item) {
			return true
		}
	}
	return false
}

// finishStack completes the step of a stack with what its change set says.
func (p *planner) finishStack(ctx context.Context, step *Step) error {
	w := step.work.(*stackWork)
	if w.set != nil {
		set, err := p.finish(ctx, w.item, w.set)
		w.set = set
		if err == nil && set != nil && w.unspare(set, p.live) || errors.Is(err, errSetLost) {
			set, err = p.remake(ctx, w)
		}
		switch {
		case errors.Is(err, errNoExport):
		case err != nil:
			return err
		case set == nil:
			step.Action, step.Reason, step.Changes, step.Needs = Nothing, "", nil, nil
			if !isDynamic(w.item.template) && len(w.item.hidden) == 0 {
				step.Notes = append(step.Notes, takenAlong)
			}
			return nil
		default:
			if step.Action == Update {
				step.Reason = ""
			}
			tags := slices.DeleteFunc(step.Changes, func(c Change) bool { return c.Resource != "" })
			step.Changes, step.Needs = tags, nil
			w.changesOf(set, step)
		}
	}
	return p.checkPolicy(ctx, step)
}

// finishServices completes the step of a stack with what follows from it for services that
// stand.
func (p *planner) finishServices(ctx context.Context, step *Step) error {
	w, ok := step.work.(*stackWork)
	if !ok || step.Action != Update {
		return nil
	}
	list, err := p.touched(ctx, w, step, func(s *serviceItem) (*ecstypes.Service, error) { return p.live[s], nil })
	if err != nil {
		return err
	}
	if err := p.judgeServices(ctx, w, step, list); err != nil {
		return err
	}
	return p.noteCopies(ctx, step, list)
}
