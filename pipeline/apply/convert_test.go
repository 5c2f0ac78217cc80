package apply

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	cptypes "github.com/aws/aws-sdk-go-v2/service/codepipeline/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/fill"
	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/taskdef"
)

// full returns a model in which every field that the SDK has is set.
func full[T any]() *T {
	d := new(T)
	fill.Value(d)
	rework(reflect.ValueOf(d).Elem(), func(v reflect.Value) {
		if v.Type() == reflect.TypeFor[map[string]any]() { // Extra and Beside
			v.SetZero()
		}
	})
	return d
}

// rework calls fn for v and for all exported values in it, which fn may set.
func rework(v reflect.Value, fn func(reflect.Value)) {
	fn(v)
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			rework(v.Elem(), fn)
		}
	case reflect.Slice:
		for i := range v.Len() {
			rework(v.Index(i), fn)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			item := reflect.New(v.Type().Elem()).Elem()
			item.Set(v.MapIndex(key))
			rework(item, fn)
			v.SetMapIndex(key, item)
		}
	case reflect.Struct:
		for f, item := range v.Fields() {
			if f.IsExported() && f.Name != "Source" {
				rework(item, fn)
			}
		}
	}
}

// unset returns the exported fields of an SDK value, however deep, that are zero.
func unset(v reflect.Value, path string) (paths []string) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		return unset(v.Elem(), path)
	case reflect.Slice:
		for i := range v.Len() {
			paths = append(paths, unset(v.Index(i), path+"["+strconv.Itoa(i)+"]")...)
		}
	case reflect.Map:
		for key, item := range v.Seq2() {
			paths = append(paths, unset(item, path+"."+key.String())...)
		}
	case reflect.Struct:
		for f, item := range v.Fields() {
			switch {
			case !f.IsExported():
			case item.IsZero():
				paths = append(paths, path+"."+f.Name)
			default:
				paths = append(paths, unset(item, path+"."+f.Name)...)
			}
		}
	}
	return paths
}

// readOnly are the fields of the SDK's TaskDefinition that nobody can send.
var readOnly = []string{
	"Compatibilities", "DeleteRequestedAt", "DeregisteredAt", "RegisteredAt", "RegisteredBy",
	"RequiresAttributes", "Revision", "Status", "TaskDefinitionArn",
}

// described returns what DescribeTaskDefinition has of an input. A field of the
// answer that is new to us is an error.
func described(t *testing.T, in *ecs.RegisterTaskDefinitionInput) *ecstypes.TaskDefinition {
	t.Helper()
	out := new(ecstypes.TaskDefinition)
	from := reflect.ValueOf(in).Elem()
	for f, v := range reflect.ValueOf(out).Elem().Fields() {
		switch sent := from.FieldByName(f.Name); {
		case !f.IsExported():
		case sent.IsValid():
			v.Set(sent)
		case !slices.Contains(readOnly, f.Name):
			t.Errorf("TaskDefinition.%s is neither sent nor read-only", f.Name)
		}
	}
	return out
}

// taskThereAndBack returns what is sent for d, and what that becomes when it comes
// back.
func taskThereAndBack(t *testing.T, d *taskdef.Definition) (sdk any, back *taskdef.Definition) {
	t.Helper()
	in, err := toTaskDefinitionInput(d)
	if err != nil {
		t.Fatal(err)
	}
	return in, fromTaskDefinition(described(t, in), in.Tags)
}

// pipelineThereAndBack is taskThereAndBack for a pipeline.
func pipelineThereAndBack(t *testing.T, d *pipeline.Definition) (sdk any, back *pipeline.Definition) {
	t.Helper()
	v, tags, err := toPipelineDeclaration(d)
	if err != nil {
		t.Fatal(err)
	}
	sdk = struct {
		Pipeline *cptypes.PipelineDeclaration
		Tags     []cptypes.Tag
	}{v, tags}
	return sdk, fromPipelineDeclaration(v, tags)
}

// TestConvertEveryField converts models in which every field is set. Nothing of
// the SDK's may be left zero, and the way back leads to the same.
func TestConvertEveryField(t *testing.T) {
	t.Run("taskdef", func(t *testing.T) { testEveryField(t, taskThereAndBack) })
	t.Run("pipeline", func(t *testing.T) { testEveryField(t, pipelineThereAndBack) })
}

func testEveryField[T any](t *testing.T, thereAndBack func(*testing.T, *T) (any, *T)) {
	d := full[T]()
	sdk, got := thereAndBack(t, d)
	for _, path := range unset(reflect.ValueOf(sdk), "") {
		t.Errorf("nothing of the model reaches %s of the SDK", path)
	}
	if diff := cmp.Diff(d, got); diff != "" {
		t.Errorf("mismatch (-want +got)\n%s", diff)
	}
	rework(reflect.ValueOf(sdk), func(v reflect.Value) {
		if v.CanSet() {
			switch v.Kind() {
			case reflect.String, reflect.Bool, reflect.Int32:
				v.SetZero()
			}
		}
	})
	for name, model := range map[string]*T{"sent": d, "back": got} {
		if diff := cmp.Diff(full[T](), model); diff != "" {
			t.Errorf("the model that was %s shares something with the SDK's (-want +got)\n%s", name, diff)
		}
	}
}

// TestConvertEmpty converts models in which all is absent, and such in which all is
// there but says nothing: no string, 0, false, no item or one such struct.
func TestConvertEmpty(t *testing.T) {
	t.Run("taskdef", func(t *testing.T) { testEmpty(t, taskThereAndBack) })
	t.Run("pipeline", func(t *testing.T) { testEmpty(t, pipelineThereAndBack) })
}

func testEmpty[T any](t *testing.T, thereAndBack func(*testing.T, *T) (any, *T)) {
	_, none := thereAndBack(t, new(T))
	if diff := cmp.Diff(new(T), none); diff != "" {
		t.Errorf("nothing: mismatch (-want +got)\n%s", diff)
	}
	want := full[T]()
	rework(reflect.ValueOf(want).Elem(), func(v reflect.Value) {
		switch v.Kind() {
		case reflect.Slice:
			if v.Len() > 0 && v.Type().Elem().Kind() == reflect.Struct {
				v.Set(v.Slice(0, 1))
			} else if v.Len() > 0 {
				v.Set(reflect.MakeSlice(v.Type(), 0, 0))
			}
		case reflect.Map:
			if v.Len() > 0 && v.Type().Elem().Kind() == reflect.String {
				v.Set(reflect.MakeMap(v.Type()))
			}
		case reflect.String, reflect.Int, reflect.Bool:
			v.SetZero()
		case reflect.Struct:
			if c, ok := v.Addr().Interface().(*taskdef.Container); ok {
				c.CPU = nil // 0 is absent there
			}
		}
	})
	_, got := thereAndBack(t, want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("mismatch (-want +got)\n%s", diff)
	}
}

// TestConvertLosesNothing expects a problem at each member of each Extra, and at
// each number that is too large. Where they are is taken from the files.
func TestConvertLosesNothing(t *testing.T) {
	send := func(d *taskdef.Definition) error { _, err := toTaskDefinitionInput(d); return err }
	t.Run("taskdef", func(t *testing.T) { testLosesNothing(t, send) })
	create := func(d *pipeline.Definition) error { _, _, err := toPipelineDeclaration(d); return err }
	t.Run("pipeline", func(t *testing.T) { testLosesNothing(t, create) })
}

func testLosesNothing[T any, P interface {
	*T
	Render() ([]byte, error)
}](t *testing.T, send func(*T) error) {
	const message = "the AWS SDK of this version has no member "
	d := new(T)
	fill.Value(d)
	want := numbers(t, P(d), func(elem any) bool {
		key, ok := elem.(string)
		return ok && strings.HasPrefix(key, "k") // as fill names members
	})
	if diff := cmp.Diff(want, pathsOf(t, send(d), message)); diff != "" || len(want) == 0 {
		t.Errorf("%d members of Extra mismatch (-want +got)\n%s", len(want), diff)
	}

	d = full[T]()
	rework(reflect.ValueOf(d).Elem(), func(v reflect.Value) {
		if v.Kind() == reflect.Int {
			v.SetInt(1 << 31)
		}
	})
	want = numbers(t, P(d), func(any) bool { return true })
	if diff := cmp.Diff(want, pathsOf(t, send(d), "found 2147483648, the API takes -2147483648 to 2147483647")); diff != "" || len(want) == 0 {
		t.Errorf("%d numbers mismatch (-want +got)\n%s", len(want), diff)
	}
}

// numbers returns the paths of the numbers in a rendered model that end in such a
// key or index.
func numbers(t *testing.T, d interface{ Render() ([]byte, error) }, is func(elem any) bool) (paths []string) {
	t.Helper()
	text, err := d.Render()
	if err != nil {
		t.Fatal(err)
	}
	var walk func(path []any, v any)
	walk = func(path []any, v any) {
		switch v := v.(type) {
		case map[string]any:
			for key, member := range v {
				walk(append(slices.Clip(path), key), member)
			}
		case []any:
			for i, item := range v {
				walk(append(slices.Clip(path), i), item)
			}
		case json.Number:
			if is(path[len(path)-1]) {
				paths = append(paths, strings.TrimPrefix(slipway.Path(path...), "pipeline."))
			}
		}
	}
	walk(nil, decode(t, text))
	slices.Sort(paths)
	return paths
}

func decode(t *testing.T, text []byte) any {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return v
}

// pathsOf returns the paths of the problems that err is, sorted. All must have
// that message.
func pathsOf(t *testing.T, err error, message string) (paths []string) {
	t.Helper()
	var problems slipway.Problems
	if !errors.As(err, &problems) {
		t.Fatalf("the error is %v, want slipway.Problems", err)
	}
	for _, p := range problems {
		if !strings.HasPrefix(p.Message, message) {
			t.Errorf("%v, want %s", p, message)
		}
		paths = append(paths, p.Path)
	}
	slices.Sort(paths)
	return paths
}

// A union in a form that the model has not is no absent one.
func TestConvertUnknownUnion(t *testing.T) {
	got := fromECSSharingStrategy(&ecstypes.UnknownUnionMember{Tag: "new"})
	if diff := cmp.Diff(&taskdef.SharingStrategy{}, got); diff != "" {
		t.Errorf("mismatch (-want +got)\n%s", diff)
	}
}
