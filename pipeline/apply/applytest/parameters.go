package applytest

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/pipeline/apply/applytest/internal/intrinsic"
)

// parametersOf returns the values of the parameters of a template, in its order: those
// that are given, those that the stack has, and defaults.
func (c *Cloud) parametersOf(t *cfn.Template, given []types.Parameter, before []parameter) ([]parameter, error) {
	if err := unknownParameters(t, given); err != nil {
		return nil, err
	}
	var out []parameter
	var missing []string
	for _, p := range t.Parameters {
		value, ok, err := parameterValue(p, given, before)
		if err != nil {
			return nil, err
		}
		if !ok {
			missing = append(missing, p.Name)
			continue
		}
		if err := allowed(p, value); err != nil {
			return nil, err
		}
		one := parameter{name: p.Name, value: value, secret: p.NoEcho == cfn.Bool(true) || p.NoEcho == cfn.String("true")}
		if strings.HasPrefix(p.Type, "AWS::SSM::Parameter::Value<") {
			if one.resolved, ok = c.data.parameter(value); !ok {
				return nil, invalid("Parameters: [ssm:%s] cannot be found.", value)
			}
		}
		out = append(out, one)
	}
	if len(missing) > 0 {
		return nil, invalid("Parameters: [%s] must have values", strings.Join(missing, ", "))
	}
	return out, nil
}

func unknownParameters(t *cfn.Template, given []types.Parameter) error {
	var unknown []string
	for _, g := range given {
		name := aws.ToString(g.ParameterKey)
		if !slices.ContainsFunc(t.Parameters, func(p *cfn.Parameter) bool { return p.Name == name }) {
			unknown = append(unknown, name)
		}
	}
	if len(unknown) > 0 {
		return invalid("Parameters: [%s] do not exist in the template", strings.Join(unknown, ", "))
	}
	return nil
}

// parameterValue returns the value of a parameter, and whether it has one.
func parameterValue(p *cfn.Parameter, given []types.Parameter, before []parameter) (string, bool, error) {
	for _, g := range given {
		if aws.ToString(g.ParameterKey) != p.Name {
			continue
		}
		if !aws.ToBool(g.UsePreviousValue) {
			return aws.ToString(g.ParameterValue), g.ParameterValue != nil, nil
		}
		for _, b := range before {
			if b.name == p.Name {
				return b.value, true, nil
			}
		}
		return "", false, invalid("Invalid input for parameter key %s. Cannot specify usePreviousValue as true for a parameter key "+
			"not in the previous template", p.Name)
	}
	text, ok := intrinsic.Scalar(p.Default)
	return text, ok, nil
}

// allowed checks a value by what its parameter says. The words are those of public issues
// (aws-beanstalk questions, convox, quickstart-pivotal-cloudfoundry#9, rosa); those about
// lengths are in the same manner.
func allowed(p *cfn.Parameter, value string) error {
	what := wrong(p, value)
	switch {
	case what == "":
		return nil
	case p.ConstraintDescription != "":
		return invalid("Parameter %s failed to satisfy constraint: %s", p.Name, p.ConstraintDescription)
	}
	return invalid("Parameter '%s' %s", p.Name, what)
}

// wrong returns what a value should be and is not.
func wrong(p *cfn.Parameter, value string) string {
	same := func(v cfn.Value) bool { return text(v) == value }
	pattern, err := regexp.Compile("^(?:" + p.AllowedPattern + ")$")
	switch {
	case len(p.AllowedValues) > 0 && !slices.ContainsFunc(p.AllowedValues, same):
		return "must be one of AllowedValues"
	case p.AllowedPattern != "" && err == nil && !pattern.MatchString(value):
		return "must match pattern " + p.AllowedPattern
	case p.Type == "Number":
		return wrongNumber(p, value)
	}
	if least, ok := limit(p.MinLength); ok && float64(len(value)) < least {
		return "must contain at least " + text(p.MinLength) + " characters"
	}
	if most, ok := limit(p.MaxLength); ok && float64(len(value)) > most {
		return "must contain at most " + text(p.MaxLength) + " characters"
	}
	return ""
}

func wrongNumber(p *cfn.Parameter, value string) string {
	number, err := strconv.ParseFloat(value, 64)
	if err != nil {
		return "must be a number."
	}
	if least, ok := limit(p.MinValue); ok && number < least {
		return "must be a number not less than " + text(p.MinValue)
	}
	if most, ok := limit(p.MaxValue); ok && number > most {
		return "must be a number not greater than " + text(p.MaxValue)
	}
	return ""
}

func limit(v cfn.Value) (float64, bool) {
	number, err := strconv.ParseFloat(text(v), 64)
	return number, err == nil
}

// text returns a scalar as text; of anything else it is empty.
func text(v cfn.Value) string {
	s, _ := intrinsic.Scalar(v)
	return s
}

// scope returns what the functions of a template see, but resources and exports.
func (c *Cloud) scope(s *stack, content *stackContent) *intrinsic.Scope {
	values := map[string]cfn.Value{
		"AWS::AccountId":        cfn.String(c.opts.Account),
		"AWS::Partition":        cfn.String(c.partition()),
		"AWS::Region":           cfn.String(c.opts.Region),
		"AWS::StackId":          cfn.String(s.id),
		"AWS::StackName":        cfn.String(s.name),
		"AWS::URLSuffix":        cfn.String(c.suffix()),
		"AWS::NotificationARNs": cfn.List{},
	}
	for _, p := range content.parameters {
		value := p.value
		if p.resolved != "" {
			value = p.resolved
		}
		values[p.name] = cfn.String(value)
		if kind := parameterType(content.template, p.name); kind == "CommaDelimitedList" || strings.Contains(kind, "List<") {
			values[p.name] = cfn.Strings(strings.Split(value, ",")...)
		}
	}
	zones := []string{c.opts.Region + "a", c.opts.Region + "b", c.opts.Region + "c"}
	return &intrinsic.Scope{Template: content.template, Values: values, Zones: zones, Secret: c.secret}
}

func parameterType(t *cfn.Template, name string) string {
	for _, p := range t.Parameters {
		if p.Name == name {
			return p.Type
		}
	}
	return ""
}

// secret resolves the dynamic references to parameters of SSM.
func (c *Cloud) secret(reference string) (string, bool) {
	name, ok := strings.CutPrefix(reference, "ssm:")
	if !ok {
		return "", false
	}
	name, _, _ = strings.Cut(name, ":")
	return c.data.parameter(name)
}
