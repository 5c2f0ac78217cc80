package pipeline

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/seed-b1f00840/slipway/internal/emit"
)

// A BuildVariable is an environment variable that a CodeBuild action gives to
// its build.
type BuildVariable struct {
	Name  string // required
	Value string // a text, or the name of a parameter or secret; may hold #{namespace.variable}
	Type  string // PLAINTEXT, PARAMETER_STORE or SECRETS_MANAGER; empty means PLAINTEXT
}

// appendBuildVariables writes variables as the JSON that the configuration key
// EnvironmentVariables holds, as short as it can be: AWS takes 1,000 characters.
func appendBuildVariables(dst []byte, variables []BuildVariable) []byte {
	dst = append(dst, '[')
	for i, v := range variables {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = emit.AppendJSONString(append(dst, `{"name":`...), v.Name)
		dst = emit.AppendJSONString(append(dst, `,"value":`...), v.Value)
		if v.Type != "" {
			dst = emit.AppendJSONString(append(dst, `,"type":`...), v.Type)
		}
		dst = append(dst, '}')
	}
	return append(dst, ']')
}

// BuildVariables returns the environment variables that a CodeBuild action gives
// to its build, nil where it gives none. It fails where the configuration key
// EnvironmentVariables is no JSON list of variables.
func (a *Action) BuildVariables() ([]BuildVariable, error) {
	text := a.Configuration["EnvironmentVariables"]
	if text == "" {
		return nil, nil
	}
	var variables []BuildVariable
	if err := json.Unmarshal([]byte(text), &variables); err != nil {
		return nil, fmt.Errorf("configuration.EnvironmentVariables: %w", err)
	}
	return variables, nil
}

// isPlainVariables reports whether text is a JSON list of build variables in
// which nothing is to be found: a quick pass over what is nearly every such text.
// What it does not know is false.
func isPlainVariables(text string) bool {
	p := variableScanner{rest: text}
	var array [16]string
	names := array[:0]
	for ok := p.next('['); ok; ok = p.next(',') {
		name, ok := p.variable()
		if !ok {
			return false
		}
		for _, other := range names {
			if other == name {
				return false
			}
		}
		names = append(names, name)
	}
	return len(names) > 0 && p.next(']') && p.rest == ""
}

// A variableScanner reads the JSON of build variables from the front of rest.
type variableScanner struct{ rest string }

// next skips blanks and the byte c, if that is what follows.
func (p *variableScanner) next(c byte) bool {
	p.rest = strings.TrimLeft(p.rest, " \t\r\n")
	if p.rest == "" || p.rest[0] != c {
		return false
	}
	p.rest = p.rest[1:]
	return true
}

// text reads a string without escapes.
func (p *variableScanner) text() (string, bool) {
	if !p.next('"') {
		return "", false
	}
	for i := 0; i < len(p.rest); i++ {
		switch c := p.rest[i]; {
		case c == '"':
			s := p.rest[:i]
			p.rest = p.rest[i+1:]
			return s, true
		case c == '\\' || c < ' ':
			return "", false
		}
	}
	return "", false
}

// variable reads one variable and returns its name.
func (p *variableScanner) variable() (name string, ok bool) {
	const hasName, hasValue, hasType = 1, 2, 4
	seen := 0
	for ok := p.next('{'); ok; ok = p.next(',') {
		key, ok1 := p.text()
		ok2 := p.next(':')
		value, ok3 := p.text()
		if !ok1 || !ok2 || !ok3 {
			return "", false
		}
		bit := hasName
		switch key {
		case "name":
			name = value
		case "value":
			bit = hasValue
		case "type":
			bit = hasType
			if value != "PLAINTEXT" && value != "PARAMETER_STORE" && value != "SECRETS_MANAGER" {
				return "", false
			}
		default:
			return "", false
		}
		if seen&bit != 0 {
			return "", false
		}
		seen |= bit
	}
	return name, seen&(hasName|hasValue) == hasName|hasValue && p.next('}')
}
