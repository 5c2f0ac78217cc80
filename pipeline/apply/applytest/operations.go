package applytest

import (
	"reflect"
	"slices"
	"strings"
)

// An operation is one of a service, as the clients of package apply use it.
type operation struct {
	service  string // as in IAM: cloudformation
	name     string // DescribeStacks
	write    bool
	resource string // the field of the input that names what the call is about
	input    func() any
	output   func() any
	run      func(c *Cloud, in any) (any, error) // with c.mu held
}

// id returns the name under which a [Call] and a [Fault] know the operation.
func (op *operation) id() string { return op.service + ":" + op.name }

// operations are all that there are, by id.
var operations = index(
	stackOperations, changeSetOperations, containerOperations, pipelineOperations, buildOperations,
	imageOperations, objectOperations, callerOperations,
)

func index(tables ...[]operation) map[string]*operation {
	all := map[string]*operation{}
	for _, table := range tables {
		for i := range table {
			all[table[i].id()] = &table[i]
		}
	}
	return all
}

// reads returns an operation that changes nothing. ID is service:Operation, resource the
// field of the input that names what a call is about, or empty.
func reads[In, Out any](id, resource string, run func(*Cloud, *In) (*Out, error)) operation {
	service, name, _ := strings.Cut(id, ":")
	return operation{
		service: service, name: name, resource: resource,
		input:  func() any { return new(In) },
		output: func() any { return new(Out) },
		run:    func(c *Cloud, in any) (any, error) { return run(c, in.(*In)) },
	}
}

// writes returns an operation that changes something.
func writes[In, Out any](id, resource string, run func(*Cloud, *In) (*Out, error)) operation {
	op := reads(id, resource, run)
	op.write = true
	return op
}

// about returns what a call is about.
func (op *operation) about(in any) string {
	if op.resource == "" {
		return ""
	}
	v := reflect.ValueOf(in).Elem()
	for name := range strings.SplitSeq(op.resource, ".") {
		if v = v.FieldByName(name); v.Kind() == reflect.Pointer {
			if v.IsNil() {
				return ""
			}
			v = v.Elem()
		}
	}
	if v.Kind() == reflect.Slice {
		texts := make([]string, v.Len())
		for i := range texts {
			texts[i] = v.Index(i).String()
		}
		return strings.Join(texts, ",")
	}
	return v.String()
}

// operationNames returns the ids of all operations, sorted.
func operationNames() []string {
	names := make([]string, 0, len(operations))
	for id := range operations {
		names = append(names, id)
	}
	slices.Sort(names)
	return names
}
