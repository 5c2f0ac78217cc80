package main

import (
	"fmt"
	"maps"
	"path"
	"reflect"
	"slices"
)

// answer lets the root come back in another type of the SDK than it is sent in, and
// remembers where the fields of that type are not what the tables say.
func (m *model) answer(root *object) {
	s := m.subject
	root.Answer = m.sdkName(s.answer)
	answered := make(map[string]reflect.Type)
	for _, f := range sdkFields(s.answer) {
		answered[jsonName(f.name)] = f.typ
	}
	for _, f := range root.Fields {
		f.Apart = slices.Contains(s.apart, f.JSON)
		if typ := answered[f.JSON]; !f.Apart && typ != f.sdk {
			m.missing = append(m.missing, fmt.Errorf("%s.%s is %v where it is sent and %v in the answer", root.Name, f.JSON, f.sdk, typ))
		}
		delete(answered, f.JSON)
	}
	for _, key := range s.readOnly {
		if answered[key] == nil {
			m.missing = append(m.missing, fmt.Errorf("the table of read-only fields names %s, which only %v would have", key, s.answer))
		}
		delete(answered, key)
	}
	for _, key := range slices.Sorted(maps.Keys(answered)) {
		m.missing = append(m.missing, fmt.Errorf("%v has %s, which cannot be sent; is it read-only?", s.answer, key))
	}
}

// Imports returns what the conversions import of the SDK.
func (m *model) Imports() []string {
	types := fmt.Sprintf("%s %q", m.subject.alias, m.subject.module+"/types")
	if m.subject.root.PkgPath() == m.subject.module {
		return []string{fmt.Sprintf("%q", m.subject.module), types}
	}
	return []string{types}
}

// sdkName returns a type of the SDK, or a basic one, as package apply names it.
func (m *model) sdkName(t reflect.Type) string {
	switch t.PkgPath() {
	case "":
		return t.Name()
	case m.subject.module:
		return path.Base(m.subject.module) + "." + t.Name()
	}
	return m.subject.alias + "." + t.Name()
}

// sender returns the expression that makes the SDK's field of the model's.
func (m *model) sender(f *field) string {
	call := func(fn string, args ...any) string {
		s := fmt.Sprintf("%s(m, %q, t.%s", fn, f.JSON, f.Name)
		for _, arg := range args {
			s += fmt.Sprintf(", %s", arg)
		}
		return s + ")"
	}
	pointer := f.sdk.Kind() == reflect.Pointer
	switch f.Kind {
	case kindText:
		if pointer {
			return call("toText")
		}
		return call("toEnum[" + m.sdkName(f.sdk) + "]")
	case kindMayEmpty:
		return call("toPointer")
	case kindInt:
		return deref(!pointer, call("toInt"))
	case kindBool:
		return deref(!pointer, call("toPointer"))
	case kindMustInt:
		return ref(pointer, call("toMustInt"))
	case kindMustBool:
		return ref(pointer, call("toMust"))
	case kindStruct:
		return deref(f.sdk.Kind() == reflect.Interface, call("toObject", m.function("to", f)))
	case kindList, kindMap:
		return m.listSender(f, call)
	}
	panic("unknown kind " + f.Kind)
}

func (m *model) listSender(f *field, call func(string, ...any) string) string {
	switch {
	case f.Kind == kindMap && f.Elem == kindStruct:
		return call("toMap", m.function("to", f))
	case f.Kind == kindMap:
		return call("toTextMap")
	case f.Elem == kindStruct:
		return call("toList", m.function("to", f))
	case f.Elem == kindMustInt:
		return call("toInts")
	}
	return call("toTexts[" + m.sdkName(f.sdk.Elem()) + "]")
}

// receiver returns the expression that makes the model's field of the SDK's.
func (m *model) receiver(f *field) string {
	v := "v." + f.SDK
	pointer := f.sdk.Kind() == reflect.Pointer
	switch f.Kind {
	case kindText:
		if pointer {
			return deref(true, v)
		}
		return m.modelName(f.Type) + "(" + v + ")"
	case kindMayEmpty:
		return "clone(" + v + ")"
	case kindInt:
		if pointer {
			return "fromInt(" + v + ")"
		}
		return "nonZero(int(" + v + "))"
	case kindBool:
		if pointer {
			return "clone(" + v + ")"
		}
		return "nonZero(" + v + ")"
	case kindMustInt:
		return "int(" + deref(pointer, v) + ")"
	case kindMustBool:
		return deref(pointer, v)
	case kindStruct:
		if f.sdk.Kind() == reflect.Interface {
			return m.function("from", f) + "(" + v + ")"
		}
		return "fromObject(" + v + ", " + m.function("from", f) + ")"
	case kindList, kindMap:
		return m.listReceiver(f, v)
	}
	panic("unknown kind " + f.Kind)
}

func (m *model) listReceiver(f *field, v string) string {
	switch {
	case f.Kind == kindMap && f.Elem == kindStruct:
		return "fromMap(" + v + ", " + m.function("from", f) + ")"
	case f.Kind == kindMap:
		return "maps.Clone(" + v + ")"
	case f.Elem == kindStruct:
		return "fromList(" + v + ", " + m.function("from", f) + ")"
	case f.Elem == kindMustInt:
		return "fromInts(" + v + ")"
	}
	return "fromTexts[" + m.modelName(f.Of) + "](" + v + ")"
}

// function returns the name of the conversion of what f holds.
func (m *model) function(direction string, f *field) string { return direction + m.Prefix + f.Of }

// modelName returns a type of the model, or a basic one, as package apply names it.
func (m *model) modelName(name string) string {
	if name == "string" {
		return name
	}
	return m.Package + "." + name
}

// deref returns an expression, or what it points to.
func deref(yes bool, expr string) string {
	if yes {
		return "deref(" + expr + ")"
	}
	return expr
}

// ref returns an expression, or a pointer to its value.
func ref(yes bool, expr string) string {
	if yes {
		return "new(" + expr + ")"
	}
	return expr
}
