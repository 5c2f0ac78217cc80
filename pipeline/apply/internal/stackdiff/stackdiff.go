// Package stackdiff tells, from templates alone, what an update of a stack would
// change: which resources, which of their properties, and which of them could not keep
// their identity. It is what a change set says, as far as that can be known without
// CloudFormation: values that only the stack knows are compared as they are written.
//
// What is known is made use of: the values of parameters, mappings, conditions over
// them, and Sub, Join, Split and Select of such values. A resource whose condition is
// false is not there, a literal that becomes a parameter of the same value is no change,
// and a parameter with another value changes what uses it. A condition that is not
// known, such as one over AWS::Region, counts as true, and both branches of its Fn::If
// count. What a macro would make of a template is not known; it is compared as it is
// written.
package stackdiff

import "github.com/seed-b1f00840/slipway/cfn"

// A Side is a stack before or after an update.
type Side struct {
	// Template is nil for a stack that does not exist.
	Template *cfn.Template
	// Parameters are the values of the template's parameters, by name. One that is not
	// here has its default. A value that nobody knows is left out on both sides: it
	// then counts as equal. Pseudo parameters may be among them, such as AWS::Region:
	// they are not known otherwise.
	Parameters map[string]string
}

// A Change is a resource that an update changes.
type Change struct {
	ID, Type string // logical id and type: of the new template, or of the old one when it is removed
	Action   Action
	// Replacement says of a modified resource whether it is replaced: the worst of its
	// properties, and at least Maybe where an attribute differs that is not known.
	Replacement Replacement
	// Properties are those of a modified resource that differ, in the order of the new
	// template, then those that are only in the old one. Each path stands once, but for
	// an element of a list that is removed where another one is added.
	Properties []Property
	// Attributes are other attributes that differ, such as DeletionPolicy and Metadata,
	// in the order of [cfn.Resource]. Of these Metadata alone is a reason for a change,
	// and what stands in Extra: the others are listed beside one. So says the guide; a
	// report of 2026 has seen a change set with an UpdateReplacePolicy alone, so let
	// [Same] decide whether there is nothing to do.
	//
	// Source: https://github.com/ministackorg/ministack/pull/1646
	// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html#troubleshooting-errors-no-updates-to-perform
	Attributes []string
	// Retained says that the old resource is left behind when it is removed or replaced:
	// by the old template's DeletionPolicy, or by the new one's UpdateReplacePolicy.
	Retained bool
}

// Retyped reports whether another type of resource stands under the same logical id.
// CloudFormation refuses such an update: "Update of resource type is not permitted. The
// new template modifies resource type of the following resources: [ID]" is the reason
// why its change set fails. The change is a replacement that happens always, with one
// property: its path is empty, and its values are the types.
//
// Source: https://github.com/aws/aws-sam-cli/issues/6786
func (c Change) Retyped() bool {
	if c.Action != Modify || len(c.Properties) != 1 || c.Properties[0].Path != "" {
		return false
	}
	after, ok := c.Properties[0].After.(cfn.String)
	return ok && c.Type != "" && string(after) == c.Type
}

// A Property is a value that differs.
type Property struct {
	// Path is the deepest place that differs, below Properties, as slipway.Path writes
	// it: Tags[0].Value. It does not lead into intrinsic functions. The index of an
	// element is the one in the new list; of an element that is removed, in the old one.
	// It is empty for the type of a resource, for one that is no map (see Raw of
	// [cfn.Resource]), and where a function stands in place of all properties.
	Path string
	// Before and After are the values as they are written, or nil where there is none.
	// Where a parameter is the Cause and the value is nothing but its Ref, they are its
	// values, unless it is NoEcho.
	Before, After cfn.Value
	// Cause is what has another value while the text of the property stays: a parameter,
	// a mapping, a condition that is defined anew, or the logical id of a resource that
	// is replaced. It is empty when the text differs.
	Cause string
	// Replacement is what the change does to the resource: what [ReplacementOf] says, but
	// at most Maybe where the values may turn out to be equal after all.
	Replacement Replacement
}

// An Action is what happens to a resource.
type Action uint8

// The actions.
const (
	Add Action = iota
	Modify
	Remove
)

// String returns "add", "modify" or "remove".
func (a Action) String() string { return nameOf(a, "add", "modify", "remove") }

// A Replacement says whether a resource is replaced when a property of it changes.
type Replacement uint8

// The kinds of replacement, from the least to the worst.
const (
	Never Replacement = iota
	Maybe             // it depends on values, or is not known
	Always
)

// String returns "never", "maybe" or "always".
func (r Replacement) String() string { return nameOf(r, "never", "maybe", "always") }

func nameOf[T ~uint8](v T, names ...string) string {
	if int(v) < len(names) {
		return names[v]
	}
	return "unknown"
}
