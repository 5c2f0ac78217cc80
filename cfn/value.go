package cfn

import "strconv"

// A Value is what may stand in a template: a scalar, a [List], an [Object] or an
// intrinsic function. The set is closed. Nil is no value; an explicit null is
// [Null].
type Value interface{ isValue() }

// The scalars.
type (
	// String is a text. A template date such as 2012-10-17 is a String too.
	String string
	// Bool is a boolean, written true or false.
	Bool bool
	// Number is a number as its author wrote it: 80, 0x1F, 12:30. See [Int].
	Number string
	// Null is an explicit null.
	Null struct{}
)

// The containers.
type (
	// List is a sequence of values.
	List []Value
	// Object is a map in the order of its author. Each key stands once.
	Object []Member
	// Member is a key of an [Object] with its value.
	Member struct {
		Key   string
		Value Value
	}
)

// The intrinsic functions. A function whose arguments do not have the shape that
// the fields say is read as a [Function], so that nothing is lost.
type (
	// Ref is the value of a parameter, or the identifier of a resource.
	Ref string
	// GetAtt is an attribute of a resource.
	GetAtt struct{ Resource, Attribute string }
	// Sub replaces ${Name}, ${Resource.Attribute} and ${!Literal} in a text.
	Sub string
	// SubMap is Sub with variables of its own.
	SubMap struct {
		Text string
		Vars Object
	}
	// Join joins a list by a delimiter.
	Join struct {
		Delimiter string
		Values    Value
	}
	// Select is one element of a list, counted from 0.
	Select struct{ Index, List Value }
	// Split cuts a text at a delimiter.
	Split struct {
		Delimiter string
		Text      Value
	}
	// Cidr cuts Count blocks of Bits host bits out of an address block. Nil Bits
	// is not written.
	Cidr struct{ Block, Count, Bits Value }
	// GetAZs is the list of availability zones of a region; String("") is the stack's own.
	GetAZs struct{ Region Value }
	// FindInMap looks two keys up in a mapping. Nil Default is not written; it
	// needs the transform AWS::LanguageExtensions.
	FindInMap struct{ Map, Top, Second, Default Value }
	// ImportValue is an output that another stack exports.
	ImportValue struct{ Name Value }
	// GetStackOutput is an output of another stack, also of another region or
	// account. Nil Region and RoleArn are not written.
	GetStackOutput struct{ StackName, OutputName, Region, RoleArn Value }
	// Base64 is the encoding of a text.
	Base64 struct{ Text Value }
	// Length is the number of elements of a list; needs AWS::LanguageExtensions.
	Length struct{ List Value }
	// ToJSONString is a value as JSON text; needs AWS::LanguageExtensions.
	ToJSONString struct{ Value Value }
	// Transform runs a macro over the part of the template in which it stands.
	Transform struct {
		Name       string
		Parameters Object
	}
	// ForEach is the value of a member "Fn::ForEach::Name": the body once for
	// each element of the collection; needs AWS::LanguageExtensions.
	ForEach struct {
		Identifier string
		Collection Value
		Body       Object
	}
	// Function is any other function, or one whose arguments have no known shape.
	// Name is its full name, Fn::Name or Rain::Embed.
	Function struct {
		Name string
		Arg  Value
	}
)

// The functions of conditions and rules.
type (
	// If is Then when the named condition is true, and Else when it is not.
	If struct {
		Condition  string
		Then, Else Value
	}
	// Equals compares two values.
	Equals struct{ Left, Right Value }
	// And is true when all of its 2 to 10 conditions are.
	And []Value
	// Or is true when one of its 2 to 10 conditions is.
	Or []Value
	// Not is true when its condition is false.
	Not struct{ Condition Value }
	// Condition refers to a named condition inside another one.
	Condition string
)

// The scalars, containers and functions are the values.
func (String) isValue()         {}
func (Bool) isValue()           {}
func (Number) isValue()         {}
func (Null) isValue()           {}
func (List) isValue()           {}
func (Object) isValue()         {}
func (Ref) isValue()            {}
func (GetAtt) isValue()         {}
func (Sub) isValue()            {}
func (SubMap) isValue()         {}
func (Join) isValue()           {}
func (Select) isValue()         {}
func (Split) isValue()          {}
func (Cidr) isValue()           {}
func (GetAZs) isValue()         {}
func (FindInMap) isValue()      {}
func (ImportValue) isValue()    {}
func (GetStackOutput) isValue() {}
func (Base64) isValue()         {}
func (Length) isValue()         {}
func (ToJSONString) isValue()   {}
func (Transform) isValue()      {}
func (ForEach) isValue()        {}
func (Function) isValue()       {}
func (If) isValue()             {}
func (Equals) isValue()         {}
func (And) isValue()            {}
func (Or) isValue()             {}
func (Not) isValue()            {}
func (Condition) isValue()      {}

// Int returns a whole number as a value.
func Int(n int) Number { return Number(strconv.Itoa(n)) }

// Strings returns texts as a list.
func Strings(texts ...string) List {
	list := make(List, len(texts))
	for i, s := range texts {
		list[i] = String(s)
	}
	return list
}

// Att returns the attribute of a resource.
func Att(resource, attribute string) GetAtt {
	return GetAtt{Resource: resource, Attribute: attribute}
}

// Prop returns a member of an [Object].
func Prop(key string, value Value) Member { return Member{Key: key, Value: value} }

// Get returns the value of key, or nil when the object has none.
//
//go:noinline
func (o Object) Get(key string) Value {
	for i := range o {
		if o[i].Key == key {
			return o[i].Value
		}
	}
	return nil
}

// Set returns the object with the value of key replaced or, where it has none,
// appended. It may change the receiver's array, as append may.
func (o Object) Set(key string, value Value) Object {
	for i := range o {
		if o[i].Key == key {
			o[i].Value = value
			return o
		}
	}
	return append(o, Member{Key: key, Value: value})
}
