package cfn

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/check"
)

// checkParameters finds parameters that contradict themselves.
func checkParameters(g *graph, r *check.Report) {
	if g.generated {
		return
	}
	for _, p := range g.Parameters {
		path := func(attribute string) string { return slipway.Path("Parameters", p.Name, attribute) }
		switch {
		case p.Type == "":
			r.Addf(slipway.Path("Parameters", p.Name), "there is no Type, such as String")
			continue
		case !isParameterType(p.Type) && strings.Contains(p.Type, "AWS::"):
			r.Warnf(path("Type"), "%q is not among the known types; is it spelled right?", p.Type)
		case !isParameterType(p.Type):
			r.Addf(path("Type"), "%q is no type of a parameter, want String, Number, CommaDelimitedList, List<Number> or a type of AWS such as AWS::EC2::VPC::Id", p.Type)
			continue
		}
		if n := utf8.RuneCountInString(p.Description); n > maxParameterText {
			r.Addf(path("Description"), "found %d characters, at most %d are allowed", n, maxParameterText)
		}
		checkBounds(p, r)
		checkDefault(p, r)
	}
}

func isParameterType(name string) bool {
	if inner, ok := strings.CutPrefix(name, "AWS::SSM::Parameter::Value<"); ok {
		inner, ok = strings.CutSuffix(inner, ">")
		return ok && isPlainType(inner)
	}
	return isPlainType(name) || name == "AWS::SSM::Parameter::Name"
}

func isPlainType(name string) bool {
	if inner, ok := strings.CutPrefix(name, "List<"); ok {
		inner, ok = strings.CutSuffix(inner, ">")
		return ok && (inner == "Number" || inner == "String" || isResourceID(inner))
	}
	switch name {
	case "String", "Number", "CommaDelimitedList":
		return true
	}
	return isResourceID(name)
}

func isResourceID(name string) bool {
	switch name {
	case "AWS::EC2::AvailabilityZone::Name", "AWS::EC2::Image::Id", "AWS::EC2::Instance::Id", "AWS::EC2::KeyPair::KeyName",
		"AWS::EC2::SecurityGroup::GroupName", "AWS::EC2::SecurityGroup::Id", "AWS::EC2::Subnet::Id",
		"AWS::EC2::VPC::Id", "AWS::EC2::Volume::Id", "AWS::Route53::HostedZone::Id":
		return true
	}
	return false
}

// checkBounds judges the constraints themselves.
func checkBounds(p *Parameter, r *check.Report) {
	path := func(attribute string) string { return slipway.Path("Parameters", p.Name, attribute) }
	if p.Type == "Number" {
		if p.MinLength != nil || p.MaxLength != nil {
			r.Warnf(slipway.Path("Parameters", p.Name), "MinLength and MaxLength are for a String; a Number has MinValue and MaxValue")
		}
	} else if p.MinValue != nil || p.MaxValue != nil {
		r.Warnf(slipway.Path("Parameters", p.Name), "MinValue and MaxValue are for a Number; a String has MinLength and MaxLength")
	}
	if least, most, ok := numbers(p.MinValue, p.MaxValue); ok && least > most {
		r.Addf(path("MaxValue"), "found %v, less than MinValue %v", most, least)
	}
	if least, most, ok := numbers(p.MinLength, p.MaxLength); ok && least > most {
		r.Addf(path("MaxLength"), "found %v, less than MinLength %v", most, least)
	}
}

// checkDefault judges the default by the constraints. AllowedPattern is not
// among them: its regular expressions are Java's.
func checkDefault(p *Parameter, r *check.Report) {
	value, ok := scalarText(p.Default)
	if !ok || isPlaceholder(value) || strings.HasPrefix(p.Type, "AWS::SSM::") {
		return // the default of the last names where the value stands
	}
	path := func() string { return slipway.Path("Parameters", p.Name, "Default") }
	if len(value) > maxValue {
		r.Addf(path(), "found %d bytes, at most %d are allowed", len(value), maxValue)
	}
	switch p.Type {
	case "Number":
		number, err := strconv.ParseFloat(value, 64)
		if err != nil {
			if _, text := p.Default.(String); text { // a number may be written in ways of YAML
				r.Addf(path(), "%q is no number", value)
			}
			break
		}
		if least, ok := numberOf(p.MinValue); ok && number < least {
			r.Addf(path(), "found %s, less than MinValue %v", value, least)
		}
		if most, ok := numberOf(p.MaxValue); ok && number > most {
			r.Addf(path(), "found %s, more than MaxValue %v", value, most)
		}
	case "String":
		n := float64(utf8.RuneCountInString(value))
		if least, ok := numberOf(p.MinLength); ok && n < least {
			r.Addf(path(), "%q has %v characters, MinLength is %v", value, n, least)
		}
		if most, ok := numberOf(p.MaxLength); ok && n > most {
			r.Addf(path(), "%q has %v characters, MaxLength is %v", value, n, most)
		}
	}
	if len(p.AllowedValues) > 0 {
		checkAllowed(p, value, path, r)
	}
}

func checkAllowed(p *Parameter, value string, path func() string, r *check.Report) {
	elements := []string{value}
	if p.Type == "CommaDelimitedList" || strings.HasPrefix(p.Type, "List<") {
		if elements = strings.Split(value, ","); value == "" {
			return // an empty list
		}
	}
	for _, element := range elements {
		if !allows(p.AllowedValues, strings.TrimSpace(element), strings.Contains(p.Type, "Number")) {
			r.Addf(path(), "%q is not among the AllowedValues", strings.TrimSpace(element))
		}
	}
}

// allows reports whether one of the values is text, or is not known. That of a
// Number may be written otherwise.
func allows(values List, text string, number bool) bool {
	for _, v := range values {
		allowed, ok := scalarText(v)
		if !ok || strings.EqualFold(allowed, text) || isPlaceholder(allowed) {
			return true
		}
		if number && sameNumber(allowed, text) {
			return true
		}
	}
	return false
}

func sameNumber(a, b string) bool {
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	return errX == nil && errY == nil && x == y
}

// scalarText returns the text of a scalar.
func scalarText(v Value) (string, bool) {
	switch v := v.(type) {
	case String:
		return string(v), true
	case Number:
		return string(v), true
	case Bool:
		return strconv.FormatBool(bool(v)), true
	}
	return "", false
}

func numberOf(v Value) (float64, bool) {
	text, ok := scalarText(v)
	if !ok {
		return 0, false
	}
	n, err := strconv.ParseFloat(text, 64)
	return n, err == nil
}

func numbers(a, b Value) (x, y float64, ok bool) {
	x, okX := numberOf(a)
	y, okY := numberOf(b)
	return x, y, okX && okY
}
