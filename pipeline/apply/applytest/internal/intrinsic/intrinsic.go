// Package intrinsic evaluates the functions of a CloudFormation template, as a stack
// does when it creates a resource.
package intrinsic

import (
	"errors"
	"fmt"
	"strings"

	"github.com/seed-b1f00840/slipway/cfn"
)

// ErrUnknown says that a value is not there yet: a resource that has not been made.
var ErrUnknown = errors.New("known after apply")

// failure is an error in the words of CloudFormation.
type failure string

func (f failure) Error() string { return string(f) }

func failf(format string, args ...any) error { return failure(fmt.Sprintf(format, args...)) }

// A Scope is what the functions of a template refer to. Nil functions know nothing.
type Scope struct {
	Template *cfn.Template
	// Values are those of parameters and pseudo parameters, by name: texts, and lists
	// of texts. A pseudo parameter without a value is an error.
	Values map[string]cfn.Value
	Zones  []string // availability zones of the region

	Ref    func(id string) (cfn.Value, error)
	Att    func(id, attribute string) (cfn.Value, error)
	Import func(name string) (string, error)
	// Secret resolves what stands between {{resolve: and }}. The text stays as it is
	// where it says no.
	Secret func(reference string) (string, bool)

	conditions map[string]*truth
}

// truth is what is known of a condition.
type truth struct {
	value bool
	err   error
	done  bool
}

// Eval returns a value without any function: scalars, lists and objects. It is nil for
// AWS::NoValue, which is removed from lists and objects.
func (s *Scope) Eval(v cfn.Value) (cfn.Value, error) {
	switch v := v.(type) {
	case nil:
		return nil, nil
	case cfn.String:
		return cfn.String(s.secrets(string(v))), nil
	case cfn.Number, cfn.Bool, cfn.Null:
		return v, nil
	case cfn.List:
		return s.list(v)
	case cfn.Object:
		return s.object(v)
	case cfn.Ref:
		return s.ref(string(v))
	case cfn.GetAtt:
		return s.att(v.Resource, v.Attribute)
	case cfn.If:
		yes, err := s.Condition(v.Condition)
		if err != nil {
			return nil, err
		}
		if yes {
			return s.Eval(v.Then)
		}
		return s.Eval(v.Else)
	}
	return s.function(v)
}

func (s *Scope) list(list cfn.List) (cfn.Value, error) {
	out := make(cfn.List, 0, len(list))
	for _, e := range list {
		v, err := s.Eval(e)
		if err != nil {
			return nil, err
		}
		if v != nil {
			out = append(out, v)
		}
	}
	return out, nil
}

func (s *Scope) object(object cfn.Object) (cfn.Value, error) {
	out := make(cfn.Object, 0, len(object))
	for _, m := range object {
		v, err := s.Eval(m.Value)
		if err != nil {
			return nil, err
		}
		if v != nil {
			out = append(out, cfn.Prop(m.Key, v))
		}
	}
	return out, nil
}

func (s *Scope) ref(name string) (cfn.Value, error) {
	if name == "AWS::NoValue" {
		return nil, nil
	}
	if v, ok := s.Values[name]; ok {
		return v, nil
	}
	if s.Ref == nil || strings.HasPrefix(name, "AWS::") {
		return nil, failf("Template format error: Unresolved resource dependencies [%s] in the Resources block of the template", name)
	}
	return s.Ref(name)
}

func (s *Scope) att(id, attribute string) (cfn.Value, error) {
	if s.Att == nil {
		return nil, ErrUnknown
	}
	return s.Att(id, attribute)
}

// Text is Eval of what has to be one text.
func (s *Scope) Text(v cfn.Value) (string, error) {
	value, err := s.Eval(v)
	if err != nil {
		return "", err
	}
	text, ok := Scalar(value)
	if !ok {
		return "", failf("Template error: a text is required here")
	}
	return text, nil
}

// Texts is Eval of what has to be a list of texts; one text is a list of one.
func (s *Scope) Texts(v cfn.Value) ([]string, error) {
	value, err := s.Eval(v)
	if err != nil {
		return nil, err
	}
	list, ok := value.(cfn.List)
	if !ok {
		list = cfn.List{value}
	}
	texts := make([]string, len(list))
	for i, e := range list {
		if texts[i], ok = Scalar(e); !ok {
			return nil, failf("Template error: every Fn::Join object requires two parameters, (1) a string delimiter and " +
				"(2) a list of strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be joined.")
		}
	}
	return texts, nil
}

// Scalar returns a scalar as text, and whether v is one.
func Scalar(v cfn.Value) (string, bool) {
	switch v := v.(type) {
	case cfn.String:
		return string(v), true
	case cfn.Number:
		return string(v), true
	case cfn.Bool:
		if v {
			return "true", true
		}
		return "false", true
	}
	return "", false
}

// secrets replaces dynamic references.
func (s *Scope) secrets(text string) string {
	const open = "{{resolve:"
	if s.Secret == nil || !strings.Contains(text, open) {
		return text
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, open)
		b.WriteString(before)
		if !found {
			return b.String()
		}
		reference, after, closed := strings.Cut(rest, "}}")
		value, ok := s.Secret(reference)
		if !closed || !ok {
			b.WriteString(open)
			text = rest
			continue
		}
		b.WriteString(value)
		text = after
	}
}
