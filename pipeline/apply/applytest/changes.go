package applytest

import (
	"errors"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/pipeline/apply/applytest/internal/intrinsic"
	"github.com/seed-b1f00840/slipway/pipeline/apply/internal/stackdiff"
)

// later is what a change set shows for a value that is not known yet.
const later = cfn.String("{{changeSet:KNOWN_AFTER_APPLY}}")

// changesOf returns what an update to content changes in the resources of a stack, with
// the values of properties, and why some of those are missing. The error is what makes the
// update impossible.
func (c *Cloud) changesOf(s *stack, content *stackContent) (changes []types.Change, warning string, err error) {
	w := &changeWriter{c: c, s: s, content: content, diff: diff(s, content)}
	for _, d := range w.diff {
		if change := w.change(d); change != nil {
			changes = append(changes, types.Change{Type: types.ChangeTypeResource, ResourceChange: change})
		}
	}
	if len(w.retyped) > 0 { // https://github.com/aws/aws-sam-cli/issues/6786
		err = told("Update of resource type is not permitted. The new template modifies resource type of the following resources: [" + join(w.retyped) + "]")
	}
	return changes, w.warning, err
}

// changeWriter writes the changes of a change set.
type changeWriter struct {
	c       *Cloud
	s       *stack
	content *stackContent
	diff    []stackdiff.Change
	warning string
	retyped []string // resources that would become another type
}

func (w *changeWriter) change(d stackdiff.Change) *types.ResourceChange {
	out := &types.ResourceChange{LogicalResourceId: aws.String(d.ID), ResourceType: aws.String(d.Type)}
	old := w.s.resource(d.ID)
	if old != nil {
		out.PhysicalResourceId = optional(old.physical)
	}
	switch d.Action {
	case stackdiff.Add:
		out.Action = types.ChangeActionAdd
		out.AfterContext = w.context(w.after(d.ID, w.content.template.Resource(d.ID).Properties))
	case stackdiff.Remove:
		out.Action, out.PolicyAction = types.ChangeActionRemove, types.PolicyActionDelete
		if d.Retained {
			out.PolicyAction = types.PolicyActionRetain
		}
		out.BeforeContext = w.context(old.properties)
	case stackdiff.Modify:
		if d.Retyped() {
			w.retyped = append(w.retyped, d.ID)
			return nil
		}
		if w.modify(out, d, old); len(out.Details) == 0 {
			return nil
		}
	}
	return out
}

// modify describes the changes of a resource. Those of policies alone are none.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html (No updates to perform)
func (w *changeWriter) modify(out *types.ResourceChange, d stackdiff.Change, old *resource) {
	out.Action, out.Replacement = types.ChangeActionModify, types.ReplacementFalse
	switch d.Replacement {
	case stackdiff.Maybe:
		out.Replacement = types.ReplacementConditional
	case stackdiff.Always:
		out.Replacement, out.PolicyAction = types.ReplacementTrue, types.PolicyActionReplaceAndDelete
		if d.Retained {
			out.PolicyAction = types.PolicyActionReplaceAndRetain
		}
	}
	for _, p := range d.Properties {
		out.Details = append(out.Details, w.details(d, p)...)
	}
	if len(d.Properties) > 0 {
		out.Scope = append(out.Scope, types.ResourceAttributeProperties)
	}
	if slices.Contains(d.Attributes, "Metadata") {
		out.Scope = append(out.Scope, types.ResourceAttributeMetadata)
		out.Details = append(out.Details, types.ResourceChangeDetail{
			ChangeSource: types.ChangeSourceDirectModification, Evaluation: types.EvaluationTypeStatic,
			Target: &types.ResourceTargetDefinition{
				Attribute: types.ResourceAttributeMetadata, RequiresRecreation: types.RequiresRecreationNever,
			},
		})
	}
	if len(out.Details) > 0 {
		out.BeforeContext = w.context(old.properties)
		out.AfterContext = w.context(w.after(d.ID, w.content.template.Resource(d.ID).Properties))
	}
}

// details describes the change of a property: one that comes from elsewhere is told twice,
// as what causes it and as what may come of it.
func (w *changeWriter) details(d stackdiff.Change, p stackdiff.Property) []types.ResourceChangeDetail {
	target := &types.ResourceTargetDefinition{
		Attribute: types.ResourceAttributeProperties, Name: aws.String(head(p.Path)),
		Path: aws.String("/Properties/" + pointer(p.Path)), AttributeChangeType: types.AttributeChangeTypeModify,
		RequiresRecreation: [...]types.RequiresRecreation{
			stackdiff.Never: types.RequiresRecreationNever, stackdiff.Maybe: types.RequiresRecreationConditionally,
			stackdiff.Always: types.RequiresRecreationAlways,
		}[p.Replacement],
	}
	if p.Before == nil {
		target.AttributeChangeType = types.AttributeChangeTypeAdd
	} else {
		target.BeforeValue = aws.String(shown(w.before(p.Before)))
	}
	if p.After == nil {
		target.AttributeChangeType = types.AttributeChangeTypeRemove
	} else {
		target.AfterValue = aws.String(shown(w.after(d.ID, p.After)))
	}
	direct := types.ResourceChangeDetail{
		ChangeSource: types.ChangeSourceDirectModification, Evaluation: types.EvaluationTypeStatic, Target: target,
	}
	if p.Cause == "" {
		return []types.ResourceChangeDetail{direct}
	}
	cause := types.ResourceChangeDetail{
		ChangeSource: types.ChangeSourceParameterReference, Evaluation: types.EvaluationTypeStatic,
		CausingEntity: aws.String(p.Cause), Target: target,
	}
	if w.content.template.Resource(p.Cause) != nil {
		cause.ChangeSource = types.ChangeSourceResourceReference
		for _, r := range referencesIn(p.After) {
			if r.id == p.Cause && r.attribute != "" {
				cause.ChangeSource, cause.CausingEntity = types.ChangeSourceResourceAttribute, aws.String(r.id+"."+r.attribute)
			}
		}
	}
	direct.Evaluation = types.EvaluationTypeDynamic
	return []types.ResourceChangeDetail{cause, direct}
}

// context is how a change set shows all properties of a resource.
func (w *changeWriter) context(properties cfn.Value) *string {
	return aws.String(intrinsic.JSON(cfn.Object{cfn.Prop("Properties", properties)}))
}

// shown is how a change set shows one value.
func shown(v cfn.Value) string {
	if s, ok := intrinsic.Scalar(v); ok {
		return s
	}
	return intrinsic.JSON(v)
}

// before evaluates a value of the present template.
func (w *changeWriter) before(v cfn.Value) cfn.Value {
	return known(w.c.liveScope(w.s, &w.s.stackContent), v, nil)
}

// after evaluates a value of the new template, as far as it can be known.
func (w *changeWriter) after(id string, v cfn.Value) cfn.Value {
	scope := w.c.liveScope(w.s, w.content)
	ref, att := scope.Ref, scope.Att
	unsure := func(id string) bool {
		return slices.ContainsFunc(w.diff, func(d stackdiff.Change) bool {
			return d.ID == id && (d.Action == stackdiff.Add || d.Replacement != stackdiff.Never)
		})
	}
	scope.Ref = func(id string) (cfn.Value, error) {
		if unsure(id) {
			return nil, intrinsic.ErrUnknown
		}
		return ref(id)
	}
	scope.Att = func(id, attribute string) (cfn.Value, error) {
		if unsure(id) {
			return nil, intrinsic.ErrUnknown
		}
		return att(id, attribute)
	}
	return known(scope, v, func(err error) {
		if w.warning == "" {
			w.warning = "[WARN] --include-property-values option can return incomplete ChangeSet data because: " +
				"ChangeSet creation failed for resource [" + id + "] because: " + err.Error()
		}
	})
}

// known evaluates a value, with later in place of what cannot be evaluated yet.
func known(scope *intrinsic.Scope, v cfn.Value, failed func(error)) cfn.Value {
	switch v := v.(type) {
	case cfn.Object:
		out := cfn.Object{}
		for _, m := range v {
			if value := known(scope, m.Value, failed); value != nil {
				out = append(out, cfn.Prop(m.Key, value))
			}
		}
		return out
	case cfn.List:
		out := cfn.List{}
		for _, e := range v {
			if value := known(scope, e, failed); value != nil {
				out = append(out, value)
			}
		}
		return out
	}
	value, err := scope.Eval(v)
	if err == nil {
		return value
	}
	if failed != nil && !errors.Is(err, intrinsic.ErrUnknown) {
		failed(err)
	}
	return later
}

// head returns the first element of a path: Tags of Tags[0].Value.
func head(path string) string {
	name, _, _ := strings.Cut(path, ".")
	name, _, _ = strings.Cut(name, "[")
	return name
}

// pointer writes a path as CloudFormation does: Tags/0/Value.
func pointer(path string) string {
	return strings.NewReplacer(".", "/", "[", "/", "]", "").Replace(path)
}

// otherChanges reports whether an update changes anything beside resources: outputs, or
// tags of the stack.
func (c *Cloud) otherChanges(s *stack, content *stackContent) bool {
	tag := func(a, b types.Tag) bool {
		return aws.ToString(a.Key) == aws.ToString(b.Key) && aws.ToString(a.Value) == aws.ToString(b.Value)
	}
	if !slices.EqualFunc(s.tags, content.tags, tag) {
		return true
	}
	outputs, err := c.outputsOf(s, content)
	return err != nil || !slices.EqualFunc(s.outputs, outputs, func(a, b types.Output) bool {
		return aws.ToString(a.OutputKey) == aws.ToString(b.OutputKey) && aws.ToString(a.OutputValue) == aws.ToString(b.OutputValue) &&
			aws.ToString(a.ExportName) == aws.ToString(b.ExportName) && aws.ToString(a.Description) == aws.ToString(b.Description)
	})
}
