package pipeline

import (
	"cmp"
	"slices"
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/check"
	"github.com/seed-b1f00840/slipway/internal/source"
)

// Check returns every finding of every severity, sorted, with the notes of the
// source. What a placeholder or a variable stands for is not known, and passed
// over. It does not change the definition.
func (d *Definition) Check() slipway.Problems {
	return check.Run(rules[:], newSubject(d), d.Source)
}

// Validate returns the findings of severity [slipway.Error] as an error, or nil
// when there are none.
func (d *Definition) Validate() error { return d.Check().Errors().Err() }

// Rules returns all that [Parse] and [Definition.Check] look for.
func Rules() []slipway.Rule {
	return append(check.Rules(rules[:]), readOnlyRule,
		source.SyntaxRule, source.DuplicateRule, source.UnknownRule, source.TypeRule, source.NullRule, source.EmptyRule)
}

// rules is the table of this package, one topic a file.
var rules = [...]check.Rule[*subject]{
	nameRule, uniqueNameRule, roleRule,
	storeRule, regionRule,
	stagesRule, sourceStageRule, limitRule, orderRule,
	actionTypeRule, pipelineTypeRule, modeRule,
	artifactNameRule, artifactCountRule, artifactUniqueRule, artifactFlowRule,
	configurationRule, configurationKeyRule,
	commandsRule, environmentRule, timeoutRule,
	variableRule, namespaceRule, referenceRule,
	triggerRule, conditionRule, tagRule,
	sourceRule, pollingRule, codeBuildRule, cloudFormationRule, ecsRule, codeDeployToECSRule, s3DeployRule, lambdaDeployRule,
}

const guide = "https://docs.aws.amazon.com/codepipeline/latest/userguide/"
const api = "https://docs.aws.amazon.com/codepipeline/latest/APIReference/"

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

// names returns the names of a list, for [source.Nearest].
func names(list []output) []string {
	out := make([]string, len(list))
	for i, o := range list {
		out[i] = o.name
	}
	return out
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

// known reports whether s is what AWS will read: it holds no placeholder, no
// variable, none of the words that stand for one in examples, and is not one of
// the **** for which get-pipeline shows a secret.
func known[T ~string](s T) bool {
	text := string(s)
	if text == "****" || source.IsPlaceholder(text) {
		return false
	}
	for _, word := range [...]string{"REPLACE_ME", "YOUR_", "EXAMPLE", "account-id", "ACCOUNT_ID"} {
		if strings.Contains(text, word) {
			return false
		}
	}
	return true
}

// given reports whether a name is what it is for good. It is the quick form of
// known for names of which the same example word stands in every place.
func given(name string) bool { return consists(name, 0, 1000, "_-@.") || known(name) }

// absent reports whether a member whose field is empty is so because the file
// does not have it. What is in the file but did not fit is in extra, and was
// reported when it was read.
func absent(extra map[string]any, key string) bool {
	v, ok := extra[key]
	return !ok || v == ""
}

// duplicates calls report for each i whose name an earlier one, first, has too.
func duplicates(n int, name func(int) string, report func(i, first int)) {
	if n <= 16 {
		for i := 1; i < n; i++ {
			for j := range i {
				if name(i) == name(j) {
					report(i, j)
					break
				}
			}
		}
		return
	}
	seen := make(map[string]int, n)
	for i := range n {
		if first, ok := seen[name(i)]; ok {
			report(i, first)
			continue
		}
		seen[name(i)] = i
	}
}

// consists reports whether s has lo to hi characters, all of them letters, digits
// or one of more.
func consists(s string, lo, hi int, more string) bool {
	if len(s) < lo || len(s) > hi {
		return false
	}
	for i := 0; i < len(s); i++ {
		if c := s[i]; !isAlphanumeric(c) && strings.IndexByte(more, c) < 0 {
			return false
		}
	}
	return true
}

func isAlphanumeric(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// quote returns s in quotes, cut where it is long.
func quote(s string) string {
	if r := []rune(s); len(r) > 60 {
		s = string(r[:57]) + "..."
	}
	return `"` + s + `"`
}
