package rehearse

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"github.com/itchyny/gojq"
)

// jq is gojq with the options that buildspecs use.
func jq(ctx context.Context, c *Call) error {
	args := c.Args[1:]
	var raw, compact, null, slurp, exit, join, rawInput bool
	var names []string
	var values []any
	var operands []string
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		switch {
		case (arg == "--arg" || arg == "--argjson") && len(args) >= 2:
			var value any = args[1]
			if arg == "--argjson" {
				if err := json.Unmarshal([]byte(args[1]), &value); err != nil {
					return c.failf(2, "invalid JSON text passed to --argjson")
				}
			}
			names, values, args = append(names, "$"+args[0]), append(values, value), args[2:]
		case strings.HasPrefix(arg, "--"):
			switch arg {
			case "--raw-output":
				raw = true
			case "--compact-output":
				compact = true
			case "--null-input":
				null = true
			case "--slurp":
				slurp = true
			case "--exit-status":
				exit = true
			case "--raw-input":
				rawInput = true
			case "--monochrome-output":
			default:
				return c.unknown(arg)
			}
		case len(arg) > 1 && arg[0] == '-':
			for _, letter := range arg[1:] {
				switch letter {
				case 'r':
					raw = true
				case 'c':
					compact = true
				case 'n':
					null = true
				case 's':
					slurp = true
				case 'e':
					exit = true
				case 'j':
					raw, join = true, true
				case 'R':
					rawInput = true
				case 'M', 'S':
				default:
					return c.unknown(arg)
				}
			}
		default:
			operands = append(operands, arg)
		}
	}
	filter := "."
	if len(operands) > 0 {
		filter, operands = operands[0], operands[1:]
	}
	query, err := gojq.Parse(filter)
	if err != nil {
		return c.failf(3, "error: %v", err)
	}
	code, err := gojq.Compile(query, gojq.WithVariables(append([]string{"$ENV"}, names...)), gojq.WithEnvironLoader(c.environ))
	if err != nil {
		return c.failf(3, "error: %v", err)
	}
	inputs := []any{nil}
	if !null {
		data, err := c.inputs(operands)
		if err != nil {
			c.fail(err)
			return ExitStatus(2)
		}
		if inputs, err = jqInputs(data, rawInput, slurp); err != nil {
			return c.failf(2, "error: %v", err)
		}
	}
	all := map[string]any{}
	for name, value := range c.exported() {
		all[name] = value
	}
	var last any
	for _, input := range inputs {
		iter := code.RunWithContext(ctx, input, append([]any{all}, values...)...)
		for {
			v, ok := iter.Next()
			if !ok {
				break
			}
			if err, isError := v.(error); isError {
				var halt *gojq.HaltError
				if errors.As(err, &halt) && halt.Value() == nil {
					break
				}
				return c.failf(5, "error: %v", err)
			}
			last = v
			if err := jqPrint(c, v, raw, compact, join); err != nil {
				return quiet(err)
			}
		}
	}
	if exit && (last == nil || last == false) {
		return ExitStatus(1)
	}
	return nil
}

func (c *Call) environ() []string {
	var list []string
	for name, value := range c.exported() {
		list = append(list, name+"="+value)
	}
	return list
}

// jqInputs reads the values of the input.
func jqInputs(data []byte, raw, slurp bool) ([]any, error) {
	var inputs []any
	if raw {
		if slurp {
			return []any{string(data)}, nil
		}
		for _, line := range lines(data) {
			inputs = append(inputs, line)
		}
		return inputs, nil
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	for {
		var v any
		if err := dec.Decode(&v); err == io.EOF {
			break
		} else if err != nil {
			return nil, err
		}
		inputs = append(inputs, v)
	}
	if slurp {
		return []any{inputs}, nil
	}
	return inputs, nil
}

func jqPrint(c *Call, v any, raw, compact, join bool) error {
	if s, ok := v.(string); ok && raw {
		if !join {
			s += "\n"
		}
		_, err := io.WriteString(c.Stdout, s)
		return err
	}
	data, err := gojq.Marshal(v)
	if err != nil {
		return err
	}
	if !compact {
		var b bytes.Buffer
		if err := json.Indent(&b, data, "", "  "); err == nil {
			data = b.Bytes()
		}
	}
	if !join {
		data = append(data, '\n')
	}
	_, err = c.Stdout.Write(data)
	return err
}
