package intrinsic

import (
	"encoding/base64"
	"strconv"
	"strings"

	"github.com/seed-b1f00840/slipway/cfn"
)

// function evaluates the functions that stand in values.
func (s *Scope) function(v cfn.Value) (cfn.Value, error) {
	switch v := v.(type) {
	case cfn.Sub:
		return s.substitute(string(v), nil)
	case cfn.SubMap:
		return s.substitute(v.Text, v.Vars)
	case cfn.Join:
		texts, err := s.Texts(v.Values)
		return cfn.String(strings.Join(texts, v.Delimiter)), err
	case cfn.Split:
		text, err := s.Text(v.Text)
		return cfn.Strings(strings.Split(text, v.Delimiter)...), err
	case cfn.Select:
		return s.selectOne(v)
	case cfn.Cidr:
		return s.cidr(v)
	case cfn.GetAZs:
		return cfn.Strings(s.Zones...), nil
	case cfn.FindInMap:
		return s.findInMap(v)
	case cfn.ImportValue:
		return s.imported(v)
	case cfn.Base64:
		text, err := s.Text(v.Text)
		return cfn.String(base64.StdEncoding.EncodeToString([]byte(text))), err
	case cfn.Length:
		value, err := s.Eval(v.List)
		list, _ := value.(cfn.List)
		return cfn.Int(len(list)), err
	case cfn.ToJSONString:
		value, err := s.Eval(v.Value)
		return cfn.String(JSON(value)), err
	case cfn.Equals, cfn.And, cfn.Or, cfn.Not, cfn.Condition:
		yes, err := s.truth(v)
		return cfn.Bool(yes), err
	}
	return nil, failf("applytest cannot evaluate %T: leave it out of the template", v)
}

func (s *Scope) imported(v cfn.ImportValue) (cfn.Value, error) {
	name, err := s.Text(v.Name)
	if err != nil {
		return nil, err
	}
	if s.Import == nil {
		return nil, ErrUnknown
	}
	value, err := s.Import(name)
	return cfn.String(value), err
}

func (s *Scope) selectOne(v cfn.Select) (cfn.Value, error) {
	index, err := s.Text(v.Index)
	if err != nil {
		return nil, err
	}
	value, err := s.Eval(v.List)
	if err != nil {
		return nil, err
	}
	list, ok := value.(cfn.List)
	i, bad := strconv.Atoi(index)
	if !ok || bad != nil {
		return nil, failf("Template error: Fn::Select requires a list argument with two elements: an integer index and a list")
	}
	if i < 0 || i >= len(list) {
		return nil, failf("Template error: Fn::Select  cannot select nonexistent value at index %d", i)
	}
	return list[i], nil
}

func (s *Scope) findInMap(v cfn.FindInMap) (cfn.Value, error) {
	var keys [3]string
	for i, k := range []cfn.Value{v.Map, v.Top, v.Second} {
		text, err := s.Text(k)
		if err != nil {
			return nil, err
		}
		keys[i] = text
	}
	at := cfn.Value(s.Template.Mappings)
	for _, k := range keys {
		object, _ := at.(cfn.Object)
		at = object.Get(k)
	}
	if at == nil && v.Default != nil {
		return s.Eval(v.Default)
	}
	if at == nil {
		return nil, failf("Template error: Unable to get mapping for %s", strings.Join(keys[:], "::"))
	}
	return s.Eval(at)
}

// substitute is Fn::Sub.
func (s *Scope) substitute(text string, vars cfn.Object) (cfn.Value, error) {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "${")
		b.WriteString(before)
		if !found {
			return cfn.String(s.secrets(b.String())), nil
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed {
			return nil, failf("Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments")
		}
		text = after
		if literal, ok := strings.CutPrefix(name, "!"); ok {
			b.WriteString("${" + literal + "}")
			continue
		}
		value, err := s.variable(strings.TrimSpace(name), vars)
		if err != nil {
			return nil, err
		}
		b.WriteString(value)
	}
}

// variable returns what stands for ${name}.
func (s *Scope) variable(name string, vars cfn.Object) (string, error) {
	if v := vars.Get(name); v != nil {
		return s.Text(v)
	}
	if id, attribute, ok := strings.Cut(name, "."); ok {
		return s.Text(cfn.Att(id, attribute))
	}
	return s.Text(cfn.Ref(name))
}
