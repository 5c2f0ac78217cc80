package taskdef_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/seed-b1f00840/slipway/internal/fill"
	"github.com/seed-b1f00840/slipway/internal/oracle"
	"github.com/seed-b1f00840/slipway/taskdef"
)

// TestShape asks botocore whether a definition in which every field is set has the
// members, types and enumerations of the API's input.
func TestShape(t *testing.T) {
	var d taskdef.Definition
	fill.Value(&d)
	withoutExtra(reflect.ValueOf(&d).Elem())
	text, err := d.Render()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range oracle.CheckShape(t, "ecs", "RegisterTaskDefinition", text) {
		if f.Kind == "max" || strings.HasSuffix(f.Path, ".sharingStrategy") {
			continue // numbers that are only different from each other, and a member that is younger than the judge
		}
		t.Error(f)
	}
	text, err = typical().Render()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range oracle.CheckShape(t, "ecs", "RegisterTaskDefinition", text) {
		t.Error(f)
	}
}

// withoutExtra sets every Extra to nil.
func withoutExtra(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			withoutExtra(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			withoutExtra(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).Name == "Extra" {
				v.Field(i).SetZero()
			} else {
				withoutExtra(v.Field(i))
			}
		}
	}
}
