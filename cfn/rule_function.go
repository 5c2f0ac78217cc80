package cfn

import (
	"strings"

	"github.com/seed-b1f00840/slipway/internal/check"
)

// checkFunctions finds functions that do not exist, have other arguments than
// they want, or stand where they may not.
func checkFunctions(g *graph, r *check.Report) {
	for i := range g.nodes {
		at := &g.nodes[i]
		switch v := at.value.(type) {
		case nil, Object, List, Ref, GetAtt, Sub:
		case And:
			g.checkConditionCount("Fn::And", len(v), int32(i), r)
		case Or:
			g.checkConditionCount("Fn::Or", len(v), int32(i), r)
		case Select:
			if n, ok := wholeNumber(v.Index); ok && n < 0 {
				r.Addf(g.path(int32(i)), "Fn::Select has the index %d, it counts from 0", n)
			} else if list, literal := v.List.(List); literal && ok && n >= len(list) && !g.generated {
				r.Addf(g.path(int32(i)), "Fn::Select has the index %d, the list has %d elements and it counts from 0", n, len(list))
			}
		case Cidr:
			g.checkCidr(v, int32(i), r)
		case Length, ToJSONString:
			if !g.extended && !g.generated {
				r.Addf(g.path(int32(i)), "%s needs the transform AWS::LanguageExtensions", functionName(v))
			}
		case Function:
			g.checkFunction(v, int32(i), r)
		}
		if at.site == inConditions {
			g.checkInCondition(at.value, int32(i), r)
		}
	}
}

func (g *graph) checkConditionCount(name string, n int, at int32, r *check.Report) {
	if n < 2 || n > 10 {
		r.Addf(g.path(at), "%s wants 2 to 10 conditions, found %d", name, n)
	}
}

func (g *graph) checkCidr(v Cidr, n int32, r *check.Report) {
	if count, ok := wholeNumber(v.Count); ok && (count < 1 || count > 256) {
		r.Addf(g.path(n), "Fn::Cidr is to make %d blocks, want 1 to 256", count)
	}
	if bits, ok := wholeNumber(v.Bits); ok && (bits < 1 || bits > 128) {
		r.Addf(g.path(n), "Fn::Cidr is to leave %d bits to a block, want 1 to 128; 8 makes IPv4 blocks of size /24", bits)
	}
}

// checkFunction judges a function that was read as no other.
func (g *graph) checkFunction(v Function, n int32, r *check.Report) {
	if g.generated || g.extended {
		return // what else a macro understands is its own matter
	}
	at := &g.nodes[n]
	if want := wants(v.Name); want != "" {
		r.Addf(g.path(n), "%s wants %s", v.Name, want)
	} else if strings.HasPrefix(v.Name, "Fn::") && at.site != inRules {
		r.Addf(g.path(n), "there is no function %s", v.Name)
	}
}

// wants returns the arguments of a function of that name; empty for none known.
func wants(name string) string {
	switch name {
	case "Ref":
		return "the name of a parameter or a resource"
	case "Condition":
		return "the name of a condition"
	case "Fn::GetAtt":
		return "a resource and an attribute: Resource.Attribute, or a list of the two"
	case "Fn::Sub":
		return "a text, or a list of a text and a map of variables"
	case "Fn::Join":
		return "a list of a delimiter and a list"
	case "Fn::Split":
		return "a list of a delimiter and a text"
	case "Fn::Select":
		return "a list of an index and a list"
	case "Fn::Cidr":
		return "a list of a block, a count and the bits of a block"
	case "Fn::FindInMap":
		return "a list of a mapping and two keys"
	case "Fn::If":
		return "a list of the name of a condition and two values"
	case "Fn::Equals":
		return "a list of two values"
	case "Fn::And", "Fn::Or":
		return "a list of 2 to 10 conditions"
	case "Fn::Not":
		return "a list of one condition"
	case "Fn::GetStackOutput":
		return "a map of StackName, OutputName and, if need be, Region and RoleArn"
	}
	return ""
}

// checkInCondition finds functions that need what exists only later.
func (g *graph) checkInCondition(v Value, n int32, r *check.Report) {
	switch v.(type) {
	case ImportValue, GetAZs, GetStackOutput, Cidr, Base64:
		if !g.generated {
			r.Addf(g.path(n), "%s cannot stand in a condition", functionName(v))
		}
	}
}

func functionName(v Value) string {
	switch v.(type) {
	case Length:
		return "Fn::Length"
	case ToJSONString:
		return "Fn::ToJsonString"
	case ImportValue:
		return "Fn::ImportValue"
	case GetAZs:
		return "Fn::GetAZs"
	case GetStackOutput:
		return "Fn::GetStackOutput"
	case Cidr:
		return "Fn::Cidr"
	case Base64:
		return "Fn::Base64"
	}
	return "the function"
}

// wholeNumber returns a literal whole number.
func wholeNumber(v Value) (int, bool) {
	n, ok := numberOf(v)
	return int(n), ok && n == float64(int(n))
}
