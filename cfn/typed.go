package cfn

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/seed-b1f00840/slipway/internal/source"
)

// A TypedResource is a resource as goformation has it: a struct that knows its
// type and writes itself as JSON. Every resource struct of
// github.com/awslabs/goformation/v7/cloudformation/... is one, as a pointer.
// Import the packages of services (.../ec2, .../ecs), not the package
// cloudformation itself, which compiles all of AWS.
type TypedResource interface {
	AWSCloudFormationType() string
	json.Marshaler
}

// Typed returns a struct of goformation as a resource of the given logical id:
//
//	vpc, err := cfn.Typed("VPC", &ec2.VPC{CidrBlock: aws.String("10.0.0.0/16")})
//
// Properties stand in the order of the struct, with what it holds as a Go map
// sorted by key. Its attributes are taken over: DependsOn, Condition,
// DeletionPolicy, UpdateReplacePolicy, CreationPolicy, UpdatePolicy, Metadata.
//
// The strings that goformation's functions make in place of an intrinsic
// (cloudformation.Ref returns base64 of JSON) become the intrinsic. One that was
// put together with other text becomes a [Join]. A list of nothing but a
// function that returns a list, such as []string{cloudformation.GetAZs("")},
// becomes that function. What the struct leaves null is left out.
//
// It is an error when the struct cannot be written, is nil, or holds a function
// whose JSON goformation got wrong: cloudformation.CIDR wants its numbers as
// strings.
func Typed(id string, resource TypedResource) (*Resource, error) {
	data, err := json.Marshal(resource)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", id, err)
	}
	n, problems := source.JSON("", data)
	if err := problems.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", id, err)
	}
	if n.Kind != source.Map {
		return nil, fmt.Errorf("%s: found %s, want a resource", id, n.Kind)
	}
	if err := decode(n); err != nil {
		return nil, fmt.Errorf("%s: %w", id, err)
	}
	r := reader{macro: true}
	res := r.resource(source.Member{Key: id, Value: n})
	if err := r.d.Problems.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", id, err)
	}
	return res, nil
}

// decode puts intrinsics in the place of the strings in n that stand for them.
func decode(n *source.Node) error {
	switch n.Kind {
	case source.String:
		return decodeText(n)
	case source.List:
		for _, item := range n.Items {
			if err := decode(item); err != nil {
				return err
			}
		}
		if len(n.Items) == 1 && returnsList(n.Items[0]) {
			*n = *n.Items[0]
		}
	case source.Map:
		kept := n.Members[:0]
		for _, m := range n.Members {
			if err := decode(m.Value); err != nil {
				return fmt.Errorf("%s: %w", m.Key, err)
			}
			if m.Value.Kind != source.Null {
				kept = append(kept, m)
			}
		}
		n.Members = kept
	}
	return nil
}

// returnsList reports whether n is a function that always returns a list.
func returnsList(n *source.Node) bool {
	if n.Kind != source.Map || len(n.Members) != 1 {
		return false
	}
	switch n.Members[0].Key {
	case "Fn::GetAZs", "Fn::Split", "Fn::Cidr":
		return true
	}
	return false
}

// decodeText makes n the function that its text encodes. Where there is other
// text around it, n joins the parts.
func decodeText(n *source.Node) error {
	var parts []*source.Node
	for text := n.Text; ; {
		start, end, fn, err := findEncoded(text)
		if err != nil {
			return err
		}
		if fn == nil {
			if len(parts) == 0 {
				return nil
			}
			parts = appendText(parts, text)
			break
		}
		parts = append(appendText(parts, text[:start]), fn)
		text = text[end:]
	}
	if len(parts) == 1 {
		*n = *parts[0]
		return nil
	}
	list := &source.Node{Kind: source.List, Items: parts}
	*n = source.Node{Kind: source.Map, Members: []source.Member{{
		Key: "Fn::Join", Value: &source.Node{Kind: source.List, Items: []*source.Node{{Kind: source.String}, list}},
	}}}
	return nil
}

func appendText(parts []*source.Node, text string) []*source.Node {
	if text == "" {
		return parts
	}
	return append(parts, &source.Node{Kind: source.String, Text: text})
}

// findEncoded returns the first function that is encoded in text, and where it
// stands; fn is nil when there is none.
func findEncoded(text string) (start, end int, fn *source.Node, err error) {
	if data, err := base64.StdEncoding.DecodeString(text); err == nil {
		if fn, err := decodeFunction(data); fn != nil || err != nil {
			return 0, len(text), fn, err
		}
	}
	for start = 0; ; start++ {
		// goformation begins with a brace, a blank and a quote, which are one
		// group of base64, so that the key's beginning is another.
		i := strings.Index(text[start:], "eyAi")
		if i < 0 {
			return 0, 0, nil, nil
		}
		start += i
		if rest := text[start+4:]; !strings.HasPrefix(rest, "UmVm") && !strings.HasPrefix(rest, "Rm46") { // Ref, Fn:
			continue
		}
		data, n := decodePrefix(text[start:])
		fn, err := decodeFunction(data)
		if fn != nil || err != nil {
			return start, start + n, fn, err
		}
	}
}

// decodePrefix decodes the JSON value in base64 with which text begins, and
// returns the length of its encoding. What follows may look like base64 too.
func decodePrefix(text string) (data []byte, n int) {
	all, _ := io.ReadAll(base64.NewDecoder(base64.StdEncoding, strings.NewReader(text)))
	dec := json.NewDecoder(bytes.NewReader(all))
	var value json.RawMessage
	if err := dec.Decode(&value); err != nil {
		return all, base64.StdEncoding.EncodedLen(len(all))
	}
	data = all[:dec.InputOffset()]
	return data, min(base64.StdEncoding.EncodedLen(len(data)), len(text))
}

// decodeFunction returns the function that data is in JSON, or nil where it is
// something else. Where data begins as goformation's functions do and is no JSON
// after all, that is an error.
func decodeFunction(data []byte) (*source.Node, error) {
	text := bytes.TrimSpace(data)
	if len(text) == 0 || text[0] != '{' {
		return nil, nil
	}
	n, problems := source.JSON("", data)
	if n == nil {
		if bytes.HasPrefix(text, []byte(`{ "Fn::`)) || bytes.HasPrefix(text, []byte(`{ "Ref"`)) {
			return nil, fmt.Errorf("goformation made a function that is not JSON: %s: %w", data, problems.Err())
		}
		return nil, nil
	}
	if len(n.Members) != 1 || !isIntrinsic(n.Members[0].Key) {
		return nil, nil
	}
	return n, decode(n.Members[0].Value)
}

// isIntrinsic reports whether key is the full name of an intrinsic function.
func isIntrinsic(key string) bool {
	switch key {
	case "Ref", "Fn::GetAtt", "Fn::Sub", "Fn::Join", "Fn::Select", "Fn::Split", "Fn::Cidr", "Fn::GetAZs", "Fn::FindInMap",
		"Fn::ImportValue", "Fn::GetStackOutput", "Fn::Base64", "Fn::If", "Fn::Equals", "Fn::And", "Fn::Or", "Fn::Not",
		"Fn::Length", "Fn::ToJsonString", "Fn::Transform":
		return true
	}
	return false
}
