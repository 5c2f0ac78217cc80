package stackdiff

import "github.com/seed-b1f00840/slipway/cfn"

// parts takes a function apart: its full name, and its arguments, of which one that may
// be missing is nil. Other values are no functions.
func parts(v cfn.Value) (name string, args []cfn.Value, ok bool) {
	values := func(name string, args ...cfn.Value) (string, []cfn.Value, bool) { return name, args, true }
	switch v := v.(type) {
	case cfn.Ref:
		return values("Ref", cfn.String(v))
	case cfn.GetAtt:
		return values("Fn::GetAtt", cfn.String(v.Resource+"."+v.Attribute))
	case cfn.Sub:
		return values("Fn::Sub", cfn.String(v))
	case cfn.SubMap:
		return values("Fn::Sub", cfn.String(v.Text), v.Vars)
	case cfn.Join:
		return values("Fn::Join", cfn.String(v.Delimiter), v.Values)
	case cfn.Select:
		return values("Fn::Select", v.Index, v.List)
	case cfn.Split:
		return values("Fn::Split", cfn.String(v.Delimiter), v.Text)
	case cfn.Cidr:
		return values("Fn::Cidr", v.Block, v.Count, v.Bits)
	case cfn.GetAZs:
		return values("Fn::GetAZs", v.Region)
	case cfn.FindInMap:
		return values("Fn::FindInMap", v.Map, v.Top, v.Second, v.Default)
	case cfn.ImportValue:
		return values("Fn::ImportValue", v.Name)
	case cfn.GetStackOutput:
		return values("Fn::GetStackOutput", v.StackName, v.OutputName, v.Region, v.RoleArn)
	case cfn.Base64:
		return values("Fn::Base64", v.Text)
	case cfn.Length:
		return values("Fn::Length", v.List)
	case cfn.ToJSONString:
		return values("Fn::ToJsonString", v.Value)
	case cfn.Transform:
		return values("Fn::Transform", cfn.String(v.Name), v.Parameters)
	case cfn.ForEach:
		return values("Fn::ForEach", cfn.String(v.Identifier), v.Collection, v.Body)
	case cfn.Function:
		return values(v.Name, v.Arg)
	}
	return logicParts(v)
}

// logicParts goes on with the functions of conditions.
func logicParts(v cfn.Value) (name string, args []cfn.Value, ok bool) {
	switch v := v.(type) {
	case cfn.If:
		return "Fn::If", []cfn.Value{cfn.Condition(v.Condition), v.Then, v.Else}, true
	case cfn.Equals:
		return "Fn::Equals", []cfn.Value{v.Left, v.Right}, true
	case cfn.And:
		return "Fn::And", v, true
	case cfn.Or:
		return "Fn::Or", v, true
	case cfn.Not:
		return "Fn::Not", []cfn.Value{v.Condition}, true
	case cfn.Condition:
		return "Condition", []cfn.Value{cfn.String(v)}, true
	}
	return "", nil, false
}
