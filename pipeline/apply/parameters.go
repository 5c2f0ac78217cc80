package apply

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	cfntypes "github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/seed-b1f00840/slipway/cfn"
)

// fillParameters decides the values of the stack's parameters.
func (p *planner) fillParameters(w *stackWork, exists bool, step *Step) error {
	given := maps.Clone(p.opts.Parameters[w.item.name])
	live := parametersOf(w.live)
	w.params = make(map[string]string)
	for _, param := range w.item.template.Parameters {
		name := param.Name
		value, isGiven := given[name]
		delete(given, name)
		had, has := live[name]
		switch {
		case isGiven:
			w.give(name, value)
			w.item.hide(param, value)
		case exists && has:
			w.params[name] = had
			w.submission.parameters = append(w.submission.parameters, cfntypes.Parameter{ParameterKey: aws.String(name), UsePreviousValue: aws.Bool(true)})
			if def, ok := plainText(param.Default); ok && def != had && p.changesDefault(w, param) {
				shown, value := showText(def, open.enter(name)), def
				if shown != def || strings.ContainsAny(def, " '\"`$&|;<>()*?\\") { // not for a shell
					value = "VALUE"
				}
				step.Notes = append(step.Notes, fmt.Sprintf("the parameter %s keeps %s; its default is %s: --parameter %s:%s=%s",
					name, showText(had, open.enter(name)), shown, w.item.name, name, value))
			}
		case param.Default != nil:
			w.params[name], _ = plainText(param.Default)
			w.item.hide(param, w.params[name])
		default:
			step.block("the parameter %s has no value; give --parameter %s:%s=VALUE", name, w.item.name, name)
		}
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

// changesDefault reports whether a default that is not used may be what somebody expects
// to be used: that of a number of tasks is none, and what is not shown cannot be compared.
func (p *planner) changesDefault(w *stackWork, param *cfn.Parameter) bool {
	return !isNoEcho(param) && !isSecret(param.Name) && !slices.ContainsFunc(w.item.services, func(s *serviceItem) bool { return s.count == param.Name })
}

// give gives a parameter a value.
func (w *stackWork) give(name, value string) {
	w.params[name] = value
	list := slices.DeleteFunc(slices.Clone(w.submission.parameters), func(p cfntypes.Parameter) bool { return aws.ToString(p.ParameterKey) == name })
	w.submission.parameters = append(list, cfntypes.Parameter{ParameterKey: &name, ParameterValue: &value})
}

// hide notes a value of a parameter that is not to be shown.
func (i *stackItem) hide(p *cfn.Parameter, value string) {
	if isNoEcho(p) && value != "" {
		i.hidden = append(i.hidden, value)
	}
}

// cover hides in a text the values of parameters that are not to be shown.
func (i *stackItem) cover(text string) string {
	const least = 4 // characters; a shorter one is in every text
	for _, value := range i.hidden {
		if text == value || len(value) >= least {
			text = strings.ReplaceAll(text, value, hidden)
		}
	}
	return text
}

// count gives a parameter a number of tasks.
func (w *stackWork) count(parameter string, n int) {
	w.counts[parameter] = n
	w.give(parameter, strconv.Itoa(n))
}

func isNoEcho(p *cfn.Parameter) bool {
	text, _ := p.NoEcho.(cfn.String)
	return p.NoEcho == cfn.Bool(true) || text == "true"
}

// fillCounts gives the parameters that are the number of a service's tasks: what runs, or
// none before the first delivery. One that the caller gives stays.
func (p *planner) fillCounts(w *stackWork, step *Step) {
	for _, s := range w.item.services {
		if _, given := p.opts.Parameters[w.item.name][s.count]; s.count == "" || given {
			continue
		}
		switch live := p.live[s]; {
		case live != nil && !allows(parameter(w.item.template, s.count), int(live.DesiredCount)):
		case live != nil:
			w.count(s.count, int(live.DesiredCount))
			if n := p.opts.DesiredCount; live.DesiredCount > 0 && n > 1 && n != int(live.DesiredCount) {
				step.Notes = append(step.Notes, fmt.Sprintf("the service %s runs %s, which is kept: --count is for its first delivery", s.label(), tasks(int(live.DesiredCount))))
			}
		case w.submission.create && p.isAwaited(s) && allows(parameter(w.item.template, s.count), 0):
			w.count(s.count, 0)
		}
	}
}

// spare leaves to a stack the numbers of tasks that it has noted where nothing else of
// the service changes: else a service would be updated for its number alone, which runs
// already.
func (w *stackWork) spare(step *Step) {
	if w.unread || isDynamic(w.item.template) { // what changes is not known
		return
	}
	for _, s := range w.item.services {
		if _, counted := w.counts[s.count]; counted && !step.touches(s.id) {
			w.uncount(s.count)
		}
	}
}

// unspare gives a number of tasks after all where a change set works on the service, and
// reports whether there is one.
func (w *stackWork) unspare(set *changeSet, live map[*serviceItem]*ecstypes.Service) (any bool) {
	for _, s := range w.item.services {
		noted, isSpared := w.spared[s.count]
		if !isSpared || !set.touches(s.id) || live[s] == nil || noted == strconv.Itoa(int(live[s].DesiredCount)) {
			continue
		}
		w.count(s.count, int(live[s].DesiredCount))
		any = true
	}
	return any
}

// uncount takes a number of tasks back: the parameter keeps what the stack has noted.
func (w *stackWork) uncount(parameter string) {
	delete(w.counts, parameter)
	w.params[parameter] = parametersOf(w.live)[parameter]
	if w.spared == nil {
		w.spared = make(map[string]string)
	}
	w.spared[parameter] = w.params[parameter]
	for i := range w.submission.parameters {
		if p := &w.submission.parameters[i]; aws.ToString(p.ParameterKey) == parameter {
			p.ParameterValue, p.UsePreviousValue = nil, aws.Bool(true)
		}
	}
}

// touches reports whether a step updates or replaces a resource that stands.
func (s *Step) touches(id string) bool {
	return slices.ContainsFunc(s.Changes, func(c Change) bool { return c.Resource == id && c.Action != Create && c.Action != Delete })
}

// allows reports whether a parameter may have a number as its value.
func allows(p *cfn.Parameter, n int) bool {
	within := func(limit cfn.Value, sign int) bool {
		text, _ := plainText(limit)
		l, err := strconv.Atoi(text)
		return err != nil || sign*(n-l) >= 0
	}
	isListed := len(p.AllowedValues) == 0 || slices.ContainsFunc(p.AllowedValues, func(v cfn.Value) bool {
		text, _ := plainText(v)
		return text == strconv.Itoa(n)
	})
	return within(p.MinValue, 1) && within(p.MaxValue, -1) && isListed
}

// isAwaited reports whether a pipeline that is applied here delivers a service: its first
// delivery is awaited, and then the service gets its tasks.
func (p *planner) isAwaited(s *serviceItem) bool {
	return slices.ContainsFunc(p.items.pipelines, func(item *pipelineItem) bool { return slices.Contains(item.services, s) })
}

// desired returns whether the template gives a service a number of tasks, and which; it
// is negative when that is not known. One that is created without gets 1.
func (w *stackWork) desired(s *serviceItem) (set bool, n int) {
	r := w.resolver()
	v := r.known.Resolve(s.resource.Properties.Get("DesiredCount"))
	if v == nil {
		return false, 1
	}
	text, _ := r.text(v)
	n, err := strconv.Atoi(text)
	if err != nil {
		return true, -1
	}
	return true, n
}

// resolver returns what tells the values of the stack's template.
func (w *stackWork) resolver() *resolver {
	return newResolver(w.target, w.item.name, w.item.template, w.params)
}
