// Package cfn models CloudFormation templates: YAML and JSON in and out, in the
// order of their author, with every intrinsic function as a value of its own
// that nothing resolves.
//
// A [Template] has ordered sections. What stands in them is a [Value]: a scalar,
// a [List], an [Object], or an intrinsic such as [Ref], [Sub] or [GetAtt], which
// may stand wherever a number, a boolean or a text may. [Parse] reads YAML and
// JSON, short and long forms; [Template.Render] writes YAML with short forms,
// [Template.RenderJSON] JSON. Both are pure: the same template gives the same
// bytes.
//
// Resources are written as plain properties,
//
//	t.Add(&cfn.Resource{ID: "Cluster", Type: "AWS::ECS::Cluster", Properties: cfn.Object{
//		cfn.Prop("ClusterName", cfn.Sub("${AWS::StackName}-app")),
//	}})
//
// or taken from the typed structs of goformation by [Typed] and amended by
// [Resource.Set].
//
// [Template.Check] finds what CloudFormation would refuse: references that lead
// nowhere, cycles, names, limits, address blocks that overlap.
package cfn
