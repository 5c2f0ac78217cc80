package main

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// A model is all that the templates of one package need.
type model struct {
	Package string
	Prefix  string // of the names of the conversions
	SDK     string // module and version that it was generated from
	Structs []*object
	Enums   []*enum

	subject subject
	docs    docs
	objects map[reflect.Type]*object
	enums   map[reflect.Type]*enum
	missing []error
}

// An object is a struct.
type object struct {
	Name   string
	Keys   string // name of the variable that lists its keys
	Doc    string // comment lines
	Root   bool
	Fields []*field
	Ahead  []string // keys that are known but have no field
	Beside []*field // of the root: what stands beside it in the file
	SDK    string   // the SDK's type, as package apply names it
	Answer string   // the SDK's type of what comes back; SDK but for some roots
	Union  bool     // the SDK has an interface, and a type for each field
	sdk    reflect.Type
}

// A field is a member of an object.
type field struct {
	Name string // in Go
	JSON string // in the API
	Type string // in Go
	Doc  string // comment lines
	Kind kind
	Elem kind   // of a list or map
	Of   string // the Go type of a list's item, a map's member or a pointer's value
	SDK  string // name in the SDK
	// Apart says that the answer has the field beside it.
	Apart bool
	sdk   reflect.Type
}

// kind is how a field is read and written.
type kind string

const (
	kindText     kind = "text"     // string or enum; "" is absent
	kindMayEmpty kind = "mayEmpty" // *string
	kindInt      kind = "int"      // *int
	kindMustInt  kind = "mustInt"  // int, always written
	kindBool     kind = "bool"     // *bool
	kindMustBool kind = "mustBool" // bool, always written
	kindStruct   kind = "struct"   // pointer to a struct
	kindList     kind = "list"
	kindMap      kind = "map"
)

// An enum is a string type with its known values.
type enum struct {
	Name   string
	Doc    string
	Values []enumValue
}

type enumValue struct{ Name, Value string }

func newModel(s subject) (*model, error) {
	d, err := loadDocs(s.pkg)
	if err != nil {
		return nil, err
	}
	m := &model{
		Package: s.pkg,
		Prefix:  s.prefix,
		subject: s,
		docs:    d,
		objects: make(map[reflect.Type]*object),
		enums:   make(map[reflect.Type]*enum),
	}
	root := m.object(s.root)
	root.Root = true
	if s.answer != nil {
		m.answer(root)
	}
	for _, f := range s.beside {
		root.Beside = append(root.Beside, m.field(root, f))
	}
	slices.SortFunc(m.Enums, func(a, b *enum) int { return cmp.Compare(a.Name, b.Name) })
	m.missing = append(m.missing, d.unused()...)
	return m, errors.Join(m.missing...)
}

// doc returns the documentation of key as comment lines, and remembers where
// there is none.
func (m *model) doc(key string) string {
	text, ok := m.docs.get(key)
	if !ok {
		m.missing = append(m.missing, fmt.Errorf("docs/%s.txt has nothing on %s", m.Package, key))
	}
	return text
}

// object returns the model of a struct or of a union, with all that it holds.
func (m *model) object(t reflect.Type) *object {
	if o := m.objects[t]; o != nil {
		return o
	}
	name := m.typeName(t)
	o := &object{Name: name, Keys: "keys" + name, Doc: comment(m.doc(name)), sdk: t}
	o.SDK, o.Answer, o.Union = m.sdkName(t), m.sdkName(t), t.Kind() == reflect.Interface
	m.objects[t] = o
	m.Structs = append(m.Structs, o)
	o.Ahead = m.subject.ahead[name]
	for _, f := range sdkFields(t) {
		o.Fields = append(o.Fields, m.field(o, f))
		if key := jsonName(f.name); slices.Contains(o.Ahead, key) {
			m.missing = append(m.missing, fmt.Errorf("the SDK has caught up: take %s.%s off the table of members ahead of it", name, key))
		}
	}
	slices.SortStableFunc(o.Fields, func(a, b *field) int {
		first := m.subject.first[name]
		return cmp.Or(cmp.Compare(rank(first, a.JSON), rank(first, b.JSON)), cmp.Compare(a.JSON, b.JSON))
	})
	for _, key := range m.subject.first[name] {
		if !slices.ContainsFunc(o.Fields, func(f *field) bool { return f.JSON == key }) {
			m.missing = append(m.missing, fmt.Errorf("the table of first fields names %s.%s, which is not there", name, key))
		}
	}
	return o
}

func rank(first []string, key string) int {
	if i := slices.Index(first, key); i >= 0 {
		return i
	}
	return len(first)
}

// An sdkField is a field of an SDK type, or a member of a union.
type sdkField struct {
	name string
	typ  reflect.Type
}

// sdkFields returns the exported fields of a struct, or the members of a union,
// which the SDK has as an interface.
func sdkFields(t reflect.Type) []sdkField {
	if t.Kind() == reflect.Interface {
		return unions[t]
	}
	var fields []sdkField
	for f := range t.Fields() {
		if f.IsExported() {
			fields = append(fields, sdkField{f.Name, f.Type})
		}
	}
	return fields
}

func (m *model) field(o *object, s sdkField) *field {
	f := &field{Name: goName(s.name), JSON: jsonName(s.name), SDK: s.name, sdk: s.typ}
	key := o.Name + "." + f.JSON
	f.Doc = comment(m.doc(key))
	t := s.typ
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	must := slices.Contains(m.subject.required, key)
	switch {
	case t.Kind() == reflect.Int32 && must:
		f.Kind, f.Type = kindMustInt, "int"
	case t.Kind() == reflect.Int32:
		f.Kind, f.Type = kindInt, "*int"
	case t.Kind() == reflect.Bool && must:
		f.Kind, f.Type = kindMustBool, "bool"
	case t.Kind() == reflect.Bool:
		f.Kind, f.Type = kindBool, "*bool"
	case t.Kind() == reflect.String && slices.Contains(m.subject.mayBeEmpty, key):
		f.Kind, f.Type = kindMayEmpty, "*string"
	case t.Kind() == reflect.Slice:
		f.Kind = kindList
		f.Elem, f.Of = m.elem(t.Elem())
		f.Type = "[]" + f.Of
	case t.Kind() == reflect.Map && t.Key().Kind() == reflect.String:
		f.Kind = kindMap
		f.Elem, f.Of = m.elem(t.Elem())
		f.Type = "map[string]" + f.Of
	default:
		f.Kind, f.Of = m.elem(t)
		f.Type = f.Of
		if f.Kind == kindStruct {
			f.Type = "*" + f.Of
		}
	}
	return f
}

// elem returns how a string, a number or a struct is held as an item or member.
func (m *model) elem(t reflect.Type) (kind, string) {
	switch {
	case t.Kind() == reflect.String && t.PkgPath() == "":
		return kindText, "string"
	case t.Kind() == reflect.String:
		return kindText, m.enum(t).Name
	case t.Kind() == reflect.Int32:
		return kindMustInt, "int"
	case t.Kind() == reflect.Struct, t.Kind() == reflect.Interface && unions[t] != nil:
		return kindStruct, m.object(t).Name
	}
	m.missing = append(m.missing, fmt.Errorf("no model for the SDK type %s; is it a new union?", t))
	return kindText, "string"
}

// enum returns the model of an SDK string type, with its values in the SDK's order.
func (m *model) enum(t reflect.Type) *enum {
	if e := m.enums[t]; e != nil {
		return e
	}
	name := m.typeName(t)
	e := &enum{Name: name, Doc: comment(m.doc(name))}
	m.enums[t] = e
	m.Enums = append(m.Enums, e)
	values := reflect.Zero(t).MethodByName("Values").Call(nil)[0]
	for i := range values.Len() {
		v := values.Index(i).String()
		e.Values = append(e.Values, enumValue{name + constName(v), v})
	}
	slices.SortFunc(e.Values, func(a, b enumValue) int { return cmp.Compare(a.Name, b.Name) })
	return e
}

func (m *model) typeName(t reflect.Type) string {
	if name, ok := m.subject.types[t.Name()]; ok {
		return name
	}
	return goName(t.Name())
}

// comment wraps text to lines of a comment, without their slashes.
func comment(text string) string {
	var b strings.Builder
	column := 0
	for word := range strings.FieldsSeq(text) {
		switch {
		case column == 0:
		case column+1+len(word) > 85:
			b.WriteByte('\n')
			column = 0
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += len(word)
	}
	return b.String()
}
