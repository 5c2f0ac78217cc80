package apply

import (
	"encoding/json"
	"strings"
	"unicode"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/pipeline/apply/internal/fault"
	"github.com/seed-b1f00840/slipway/pipeline/apply/internal/stackdiff"
)

// hidden stands for a value that may be secret.
const hidden = fault.Hidden

// secrecy is what of a value may be shown, which follows from where it stands. The values
// of environment variables never are: nobody can tell by a name what is in them.
type secrecy uint8

const (
	open       secrecy = iota
	variables          // environment variables, as objects: their values are hidden
	named              // environment variables, as the members of an object: likewise
	references         // where secrets are, and not what they are: open, whatever the names
	closed             // nothing
)

// enter returns the secrecy of the member with that key of a value.
func (s secrecy) enter(key string) secrecy {
	lower := strings.ToLower(key)
	switch {
	case s == closed || s == references:
		return s
	case s == named:
		return closed
	case s == variables && (lower == "value" || lower == "defaultvalue"):
		return closed
	case s == variables && lower == "variables":
		return named
	}
	switch lower {
	case "secrets", "secretoptions", "repositorycredentials", "credentialsparameter", "secretarn", "valuefrom":
		return references
	case "environment", "environmentvariables", "environmentvariablesoverride", "variables":
		return variables
	}
	if isSecret(key) {
		return closed
	}
	return s
}

// secretWords make of a name one whose value is not shown.
var secretWords = []string{
	"password", "passwd", "passphrase", "secret", "token", "credential", "apikey", "privatekey", "accesskey", "secretkey",
	"signingkey", "encryptionkey", "licensekey", "sharedkey", "authkey", "appkey", "accountkey", "webhook",
}

// isSecret reports whether the value of that name may be secret. Of references, such as
// the ARN of a secret, the name is none.
func isSecret(name string) bool {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for _, word := range words {
		switch word {
		case "pass", "pwd", "jwt", "dsn", "pat":
			return true
		}
	}
	plain := strings.Join(words, "")
	for _, word := range secretWords {
		if strings.Contains(plain, word) {
			return true
		}
	}
	return false
}

// isSecretFlag reports whether what follows a word of a command may be secret.
func isSecretFlag(word string) bool {
	return strings.HasPrefix(word, "-") && !strings.ContainsAny(word, "= ") && isSecret(word)
}

// secrecyAt returns the secrecy of a resource's property at a path below Properties.
func secrecyAt(r *cfn.Resource, path string) secrecy {
	s := open
	elems := slipway.SplitPath(path)
	for i, elem := range elems {
		switch e := elem.(type) {
		case string:
			s = s.enter(e)
			if strings.EqualFold(e, "value") && i > 0 && r != nil && s != references {
				for _, key := range [...]string{"Name", "Key"} { // of the same object
					if name, ok := r.Get(slipway.Path(append(elems[:i:i], key)...)).(cfn.String); ok && isSecret(string(name)) {
						s = closed
					}
				}
			}
		case int:
			if e == 0 || r == nil {
				continue
			}
			if word, ok := r.Get(slipway.Path(append(elems[:i:i], e-1)...)).(cfn.String); ok && isSecretFlag(string(word)) {
				s = closed
			}
		}
	}
	return s
}

// valueText is a value of a template for a reader; nothing for nil.
func valueText(v cfn.Value, s secrecy) string {
	if v == nil {
		return ""
	}
	return fault.Redact(stackdiff.Text(maskValue(v, s)))
}

// maskValue returns a copy of a value without what may be secret. A function that only
// refers to something is no secret.
func maskValue(v cfn.Value, s secrecy) cfn.Value {
	switch v := v.(type) {
	case cfn.Ref, cfn.GetAtt, cfn.ImportValue, nil:
		return v
	case cfn.String:
		switch {
		case s == closed && strings.HasPrefix(string(v), "{{resolve:") && strings.Count(string(v), "{{") == 1 && strings.HasSuffix(string(v), "}}"):
			return v
		case s == closed && v != "":
			return cfn.String(hidden)
		}
		return cfn.String(maskText(string(v), s))
	case cfn.List:
		list := make(cfn.List, len(v))
		for i := range v {
			list[i] = maskValue(v[i], s.after(v, i))
		}
		return list
	case cfn.Object:
		o := make(cfn.Object, len(v))
		for i, m := range v {
			o[i] = cfn.Prop(m.Key, maskValue(m.Value, s.member(m.Key, textOf(v.Get("Name")), textOf(v.Get("Key")))))
		}
		return o
	case cfn.If:
		return cfn.If{Condition: v.Condition, Then: maskValue(v.Then, s), Else: maskValue(v.Else, s)}
	case cfn.Function:
		return cfn.Function{Name: v.Name, Arg: maskValue(v.Arg, s)}
	}
	if s == closed || s == variables || s == named {
		return cfn.String(hidden)
	}
	return v
}

func textOf(v cfn.Value) string {
	text, _ := v.(cfn.String)
	return string(text)
}

// after returns the secrecy of an item of a list, which may be what a flag before it takes.
func (s secrecy) after(list cfn.List, i int) secrecy {
	if i > 0 && isSecretFlag(textOf(list[i-1])) {
		return closed
	}
	return s
}

// member returns the secrecy of a member of an object that bears one of the names.
func (s secrecy) member(key string, names ...string) secrecy {
	inner := s.enter(key)
	if inner == references || !strings.EqualFold(key, "value") {
		return inner
	}
	for _, name := range names {
		if isSecret(name) {
			return closed
		}
	}
	return inner
}

// mask is maskValue for what encoding/json has read.
func mask(v any, s secrecy) any {
	switch v := v.(type) {
	case nil:
		return nil
	case string:
		if s == closed && v != "" {
			return hidden
		}
		return maskText(v, s)
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = mask(v[i], s)
			if i > 0 {
				if word, ok := v[i-1].(string); ok && isSecretFlag(word) {
					list[i] = mask(v[i], closed)
				}
			}
		}
		return list
	case map[string]any:
		name := func(key string) string { text, _ := v[key].(string); return text }
		m := make(map[string]any, len(v))
		for key, member := range v {
			m[key] = mask(member, s.member(key, name("name"), name("Name"), name("key"), name("Key")))
		}
		return m
	}
	if s == closed {
		return hidden
	}
	return v
}

// maskText masks JSON that is a text, such as the variables of a build action.
func maskText(text string, s secrecy) string {
	if text == "" || text[0] != '[' && text[0] != '{' {
		return text
	}
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil || d.More() {
		if s == variables || s == named || s != references && isSecret(text) {
			return hidden
		}
		return text
	}
	return compact(mask(v, s))
}

// show is a value that encoding/json has read, for a reader.
func show(v any, s secrecy) string {
	if text, ok := v.(string); ok {
		return showText(text, s)
	}
	switch {
	case v == nil:
		return ""
	case s == closed:
		return hidden
	}
	return short(fault.Redact(compact(mask(v, s))))
}

// showText is a text for a reader, on one line; nothing for none.
func showText(text string, s secrecy) string {
	switch {
	case text == "":
		return ""
	case s == closed:
		return hidden
	}
	return stackdiff.Line(short(fault.Conceal(maskText(text, s))))
}

// short cuts a text that is too long to be read.
func short(text string) string {
	const most = 200
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "…"
	}
	return text
}
