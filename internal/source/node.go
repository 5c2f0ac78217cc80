// Package source reads YAML and JSON into trees that keep line and column.
//
// Both readers give the same [Node], so that a model is decoded by one piece of
// code whatever its file was written in. They keep a scalar's text as its author
// wrote it (3.10 stays 3.10), refuse what is too large or nested too deep, and
// report a key that stands twice. Neither panics, whatever the input; what they
// spend grows with the file and no faster.
package source

import (
	"github.com/seed-b1f00840/slipway"
)

// MaxSize is the largest file that is read, in bytes: 1 MiB. The largest file
// that AWS takes of those that slipway knows is a template of 1 MB.
const MaxSize = 1 << 20

// MaxDepth is how deep lists and maps may nest.
const MaxDepth = 500

// Kind is what a [Node] is.
type Kind uint8

// The kinds of node. A plain YAML scalar is resolved by the rules of YAML 1.1,
// as CloudFormation, CodeBuild and PyYAML do; a date is a String.
const (
	Null Kind = iota
	Bool
	Number
	String
	List
	Map
)

// String returns the kind with its article, for messages: "a list".
func (k Kind) String() string {
	return [...]string{"null", "a boolean", "a number", "a string", "a list", "a map"}[k]
}

// A Node is a value with its place in the file.
type Node struct {
	Kind    Kind
	Plain   bool   // a YAML scalar without quotes and not a block; in JSON, no string
	Tag     string // a YAML tag of the author's own, such as !Ref; empty otherwise
	Text    string // of a scalar: its text without quotes and escapes, otherwise as written
	Pos     slipway.Position
	Items   []*Node  // of a List
	Members []Member // of a Map, in the order of the file, each key once
}

// A Member is a key of a Map with its value.
type Member struct {
	Key   string
	Pos   slipway.Position // of the key
	Value *Node
}

// Get returns the value of key, or nil when n is no Map or has no such key.
func (n *Node) Get(key string) *Node {
	if n == nil {
		return nil
	}
	for i := range n.Members {
		if n.Members[i].Key == key {
			return n.Members[i].Value
		}
	}
	return nil
}

// IsScalar reports whether n is neither a List nor a Map.
func (n *Node) IsScalar() bool { return n.Kind < List }

// Locate returns the position of the value at path under n (see [slipway.Path]):
// for a member the position of its key. Where the path leads on to what is not
// there, it is the position of the last node that is. A node with a tag of the
// author's own stands for a map of one key, such as !Join for Fn::Join: the step
// to that key is passed over.
func (n *Node) Locate(path string) slipway.Position {
	pos := n.Pos
	for _, elem := range slipway.SplitPath(path) {
		next, at := n.step(elem)
		if next == nil && n.Tag != "" {
			continue
		}
		if next == nil {
			break
		}
		n, pos = next, at
	}
	return pos
}

func (n *Node) step(elem any) (*Node, slipway.Position) {
	switch elem := elem.(type) {
	case int:
		if elem < len(n.Items) {
			return n.Items[elem], n.Items[elem].Pos
		}
	case string:
		for i := range n.Members {
			if n.Members[i].Key == elem {
				return n.Members[i].Value, n.Members[i].Pos
			}
		}
	}
	return nil, slipway.Position{}
}

// Source returns the [slipway.Source] of a model that was decoded from n.
func (n *Node) Source(file string, notes slipway.Problems) *slipway.Source {
	return &slipway.Source{File: file, Notes: notes, Locate: n.Locate}
}
