package pipeline

import (
	"cmp"
	"slices"
	"strings"

	"github.com/seed-b1f00840/slipway"
)

// A subject is a definition with what several rules look up in it.
type subject struct {
	*Definition
	actions    []*actionRef // in the order of the file
	outputs    []output     // sorted by name, then in the order of the file
	namespaces []output     // as outputs
	conditions []*conditionRef
	unknown    bool // an artifact or namespace has a name that is not known
}

// An actionRef is an action with its place.
type actionRef struct {
	*Action
	stage, index int
	kind         ActionType // zero where the action has none
	spec         *Spec      // nil for an action type that is not known
}

// An output is a name that an action gives: of an artifact, or a namespace.
type output struct {
	name   string
	action *actionRef
	index  int // of the artifact in its action
}

func newSubject(d *Definition) *subject {
	s := &subject{Definition: d, conditions: d.conditionRefs(), unknown: !absent(d.Extra, "stages")}
	n, artifacts := 0, 0
	for i := range d.Stages {
		n += len(d.Stages[i].Actions)
		for j := range d.Stages[i].Actions {
			artifacts += len(d.Stages[i].Actions[j].OutputArtifacts)
		}
	}
	refs := make([]actionRef, 0, n)
	s.actions, s.outputs = make([]*actionRef, 0, n), make([]output, 0, artifacts)
	for i := range d.Stages {
		s.unknown = s.unknown || !absent(d.Stages[i].Extra, "actions")
		for j := range d.Stages[i].Actions {
			a := &d.Stages[i].Actions[j]
			ref := actionRef{Action: a, stage: i, index: j}
			if a.ActionTypeID != nil {
				ref.kind = *a.ActionTypeID
				ref.spec, _ = LookupSpec(a.ActionTypeID)
			}
			refs = append(refs, ref)
			s.add(&refs[len(refs)-1])
		}
	}
	slices.SortStableFunc(s.outputs, output.compare)
	slices.SortStableFunc(s.namespaces, output.compare)
	return s
}

func (s *subject) add(a *actionRef) {
	s.actions = append(s.actions, a)
	s.unknown = s.unknown || !absent(a.Extra, "outputArtifacts") || !absent(a.Extra, "namespace")
	for k, artifact := range a.OutputArtifacts {
		s.outputs = append(s.outputs, output{artifact.Name, a, k})
		s.unknown = s.unknown || !given(artifact.Name)
	}
	if a.Namespace != "" {
		s.namespaces = append(s.namespaces, output{a.Namespace, a, 0})
		s.unknown = s.unknown || !given(a.Namespace)
	}
}

func (o output) compare(p output) int { return cmp.Compare(o.name, p.name) }

// lookup returns the part of a sorted list that has a name.
func lookup(list []output, name string) []output {
	i, _ := slices.BinarySearchFunc(list, name, func(o output, name string) int { return cmp.Compare(o.name, name) })
	j := i
	for j < len(list) && list[j].name == name {
		j++
	}
	return list[i:j]
}

// path returns the path of what stands at elem in the action.
func (a *actionRef) path(elem ...any) string {
	return slipway.Path(append([]any{"stages", a.stage, "actions", a.index}, elem...)...)
}

// order returns the run order of the action, in which an absent one is 1.
func (a *actionRef) order() int {
	if a.RunOrder == nil {
		return 1
	}
	return *a.RunOrder
}

// before reports whether the action has ended when b starts.
func (a *actionRef) before(b *actionRef) bool {
	return a.stage < b.stage || a.stage == b.stage && a.order() < b.order()
}

// is reports whether the action is one of AWS's own of a category and provider.
func (a *actionRef) is(category ActionCategory, provider string) bool {
	return a.kind.Owner == ActionOwnerAWS && a.kind.Category == category && a.kind.Provider == provider
}

// setting returns the value of a configuration key; ok is false where there is
// none, and where what it will be is not known.
func (a *actionRef) setting(key string) (value string, ok bool) {
	value, ok = a.Configuration[key]
	return value, ok && known(value)
}

// has reports whether the configuration has a key.
func (a *actionRef) has(key string) bool {
	_, ok := a.Configuration[key]
	return ok
}

// config returns the path of a configuration key.
func (a *actionRef) config(key string) string { return a.path("configuration", key) }

// hasInput reports whether an artifact is an input of the action, or may be one:
// a name that is not known may be any.
func (a *actionRef) hasInput(name string) bool {
	return slices.ContainsFunc(a.InputArtifacts, func(in InputArtifact) bool { return in.Name == name || !given(in.Name) })
}

// inputNames returns the input artifacts as a list for messages.
func (a *actionRef) inputNames() string {
	list := make([]string, len(a.InputArtifacts))
	for i, in := range a.InputArtifacts {
		list[i] = in.Name
	}
	if len(list) == 0 {
		return "none"
	}
	return strings.Join(list, ", ")
}

// A conditionRef is a condition with its place.
type conditionRef struct {
	*Condition
	stage int
	place string // beforeEntry, onSuccess or onFailure
	index int
}

// elems returns the path of what stands at elem in the condition, as elements.
func (c *conditionRef) elems(elem ...any) []any {
	return append([]any{"stages", c.stage, c.place, "conditions", c.index}, elem...)
}

func (c *conditionRef) path(elem ...any) string { return slipway.Path(c.elems(elem...)...) }

// conditionRefs returns the conditions of all stages.
func (d *Definition) conditionRefs() []*conditionRef {
	var refs []*conditionRef
	for i := range d.Stages {
		for place, list := range d.Stages[i].conditions {
			for j := range list {
				refs = append(refs, &conditionRef{&list[j], i, place, j})
			}
		}
	}
	return refs
}

// conditions yields the lists of conditions of a stage, by the place of each.
func (t *Stage) conditions(yield func(string, []Condition) bool) {
	if t.BeforeEntry != nil && !yield("beforeEntry", t.BeforeEntry.Conditions) {
		return
	}
	if t.OnSuccess != nil && !yield("onSuccess", t.OnSuccess.Conditions) {
		return
	}
	if t.OnFailure != nil {
		yield("onFailure", t.OnFailure.Conditions)
	}
}
