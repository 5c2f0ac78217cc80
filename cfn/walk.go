package cfn

// children calls yield for each value that stands directly in v, with the way to
// it from v in long form (see [slipway.Path]): "Fn::Join", 1. An argument that
// must be there and is nil is passed on as nil.
func children(v Value, yield func(child Value, way ...any)) {
	list := func(name string, values []Value) {
		for i, child := range values {
			yield(child, name, i)
		}
	}
	switch v := v.(type) {
	case List:
		for i, child := range v {
			yield(child, i)
		}
	case Object:
		for _, m := range v {
			yield(m.Value, m.Key)
		}
	case SubMap:
		yield(v.Vars, "Fn::Sub", 1)
	case Join:
		yield(v.Values, "Fn::Join", 1)
	case Split:
		yield(v.Text, "Fn::Split", 1)
	case Select:
		list("Fn::Select", []Value{v.Index, v.List})
	case Cidr:
		list("Fn::Cidr", []Value{v.Block, v.Count})
		if v.Bits != nil {
			yield(v.Bits, "Fn::Cidr", 2)
		}
	case FindInMap:
		list("Fn::FindInMap", []Value{v.Map, v.Top, v.Second})
		if v.Default != nil {
			yield(v.Default, "Fn::FindInMap", 3, "DefaultValue")
		}
	case If:
		yield(v.Then, "Fn::If", 1)
		yield(v.Else, "Fn::If", 2)
	case Equals:
		list("Fn::Equals", []Value{v.Left, v.Right})
	case And:
		list("Fn::And", v)
	case Or:
		list("Fn::Or", v)
	case Not:
		yield(v.Condition, "Fn::Not", 0)
	case Transform:
		yield(v.Parameters, "Fn::Transform", "Parameters")
	case ForEach:
		yield(v.Collection, 1)
		yield(v.Body, 2)
	case Function:
		yield(v.Arg, v.Name)
	default:
		single(v, yield)
	}
}

// single goes on with the functions of one argument and of named ones.
func single(v Value, yield func(child Value, way ...any)) {
	switch v := v.(type) {
	case GetAZs:
		yield(v.Region, "Fn::GetAZs")
	case ImportValue:
		yield(v.Name, "Fn::ImportValue")
	case Base64:
		yield(v.Text, "Fn::Base64")
	case Length:
		yield(v.List, "Fn::Length")
	case ToJSONString:
		yield(v.Value, "Fn::ToJsonString")
	case GetStackOutput:
		yield(v.StackName, "Fn::GetStackOutput", "StackName")
		yield(v.OutputName, "Fn::GetStackOutput", "OutputName")
		if v.Region != nil {
			yield(v.Region, "Fn::GetStackOutput", "Region")
		}
		if v.RoleArn != nil {
			yield(v.RoleArn, "Fn::GetStackOutput", "RoleArn")
		}
	}
}

// roots calls yield for each value of the template that stands in no other one.
// A nil entry of a section is passed on as a nil value.
func (t *Template) roots(yield func(v Value, way ...any)) {
	optional := func(v Value, way ...any) {
		if v != nil {
			yield(v, way...)
		}
	}
	optional(t.Transform, "Transform")
	yield(t.Metadata, "Metadata")
	for i, p := range t.Parameters {
		if p == nil {
			yield(nil, "Parameters", i)
			continue
		}
		at := func(v Value, key string) { optional(v, "Parameters", p.Name, key) }
		optional(p.Raw, "Parameters", p.Name)
		at(p.Default, "Default")
		at(p.AllowedValues, "AllowedValues")
		at(p.MinLength, "MinLength")
		at(p.MaxLength, "MaxLength")
		at(p.MinValue, "MinValue")
		at(p.MaxValue, "MaxValue")
		at(p.NoEcho, "NoEcho")
		yield(p.Extra, "Parameters", p.Name)
	}
	yield(t.Rules, "Rules")
	yield(t.Mappings, "Mappings")
	yield(t.Conditions, "Conditions")
	for i, r := range t.Resources {
		if r == nil {
			yield(nil, "Resources", i)
			continue
		}
		at := func(v Value, key string) { optional(v, "Resources", r.ID, key) }
		optional(r.Raw, "Resources", r.ID)
		at(r.DeletionPolicy, "DeletionPolicy")
		at(r.UpdateReplacePolicy, "UpdateReplacePolicy")
		at(r.CreationPolicy, "CreationPolicy")
		at(r.UpdatePolicy, "UpdatePolicy")
		at(r.Metadata, "Metadata")
		at(r.Properties, "Properties")
		yield(r.Extra, "Resources", r.ID)
	}
	yield(t.Hooks, "Hooks")
	for i, o := range t.Outputs {
		if o == nil {
			yield(nil, "Outputs", i)
			continue
		}
		optional(o.Raw, "Outputs", o.Name)
		optional(o.Value, "Outputs", o.Name, "Value")
		optional(o.Export, "Outputs", o.Name, "Export", "Name")
		yield(o.Extra, "Outputs", o.Name)
	}
	yield(t.Extra)
}

// Walk calls visit for v and for each value inside of it, from the outside in and in
// the order of the file. Where visit returns false it goes no deeper.
func Walk(v Value, visit func(Value) bool) {
	if v == nil || !visit(v) {
		return
	}
	children(v, func(child Value, _ ...any) { Walk(child, visit) })
}
