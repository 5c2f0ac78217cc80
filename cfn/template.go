package cfn

import "github.com/seed-b1f00840/slipway"

// A Template is a CloudFormation template. Sections are written in the order of
// the fields, what is in them in the order of the author. An empty section is
// not written.
//
// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
type Template struct {
	FormatVersion string // "2010-09-09" is the only one there is; empty is not written
	Description   string // at most 1,024 bytes
	Transform     Value  // a macro's name as [String], or a [List] of names; nil for none
	Metadata      Object
	Parameters    []*Parameter // at most 200
	Rules         Object
	Mappings      Object      // at most 200
	Conditions    Object      // name to a function of conditions
	Resources     []*Resource // 1 to 500
	Hooks         Object
	Outputs       []*Output // at most 200
	Extra         Object    // sections that CloudFormation does not have, such as Globals of SAM

	// Source tells where the parts stood when the template was parsed.
	Source *slipway.Source
}

// A Parameter is an input of a template.
type Parameter struct {
	Name                  string // the logical id: 1 to 255 letters and digits
	Type                  string // String, Number, AWS::SSM::Parameter::Value<String>, ...
	Description           string // at most 4,000 characters
	Default               Value  // nil for none
	AllowedValues         List
	AllowedPattern        string
	MinLength, MaxLength  Value // of a String; nil for none
	MinValue, MaxValue    Value // of a Number; nil for none
	NoEcho                Value // nil means false
	ConstraintDescription string
	Extra                 Object
	Raw                   Value // not nil where no map stands, such as an [ForEach]; the other fields are then empty
}

// A Resource is one resource of a template.
type Resource struct {
	ID                  string // the logical id: 1 to 255 letters and digits
	Type                string // AWS::ECS::Cluster
	Condition           string // the name of a condition; empty for none
	DependsOn           []string
	DeletionPolicy      Value // Delete, Retain, RetainExceptOnCreate or Snapshot; nil is the type's default
	UpdateReplacePolicy Value // as DeletionPolicy
	CreationPolicy      Value
	UpdatePolicy        Value
	Metadata            Value
	Properties          Object
	Extra               Object // attributes that CloudFormation does not have, such as Connectors of SAM
	Raw                 Value  // not nil where no map stands, such as a [ForEach]; the other fields are then empty
}

// An Output is a value that a stack shows, and may export.
type Output struct {
	Name        string // the logical id: 1 to 255 letters and digits
	Description string // at most 1,024 bytes
	Condition   string // the name of a condition; empty for none
	Value       Value
	Export      Value // the name under which other stacks import it; nil for none
	Extra       Object
	Raw         Value // not nil where no map stands, such as a [ForEach]; the other fields are then empty
}

// Add appends resources.
func (t *Template) Add(resources ...*Resource) { t.Resources = append(t.Resources, resources...) }

// Resource returns the resource of that logical id, or nil.
func (t *Template) Resource(id string) *Resource {
	for _, r := range t.Resources {
		if r.ID == id {
			return r
		}
	}
	return nil
}
