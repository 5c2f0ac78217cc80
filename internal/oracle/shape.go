package oracle

import (
	"encoding/json"
	"strings"
	"testing"
)

// CheckShape compares JSON, such as a task definition, with the input of an API
// operation as botocore describes it and returns the differences: unknown members
// (letter case counts), missing ones, wrong types, values outside an enumeration, a
// pattern or a range. The service has botocore's name (ecs, codepipeline), the
// operation the API's (RegisterTaskDefinition). Placeholders in the text are
// judged as the text that they are: bind them first.
func CheckShape(t testing.TB, service, operation string, data []byte) []Finding {
	t.Helper()
	return checkShape(t, map[string]any{
		"service": service, "operation": operation, "value": json.RawMessage(data),
	})
}

// A Shape names a part of an API operation's input, with which a property tree
// of a CloudFormation template is compared.
type Shape struct {
	Service   string // ecs
	Operation string // CreateService
	// Path leads to the part: member names, [] for the elements of a list and {}
	// for the values of a map (networkConfiguration.awsvpcConfiguration, or
	// environment.environmentVariables[]). Empty is the whole input.
	Path string
	// Names maps a property to the member that it becomes, where that is not the
	// same name or the name with a small first letter. A property that maps to ""
	// has no counterpart and is passed over.
	Names map[string]string
}

// CheckSubShape is [CheckShape] for the properties of a template, as JSON with
// intrinsics in their long form. An intrinsic agrees with everything, and scalars
// are converted as CloudFormation converts them: "80" is a number too.
func CheckSubShape(t testing.TB, shape Shape, data []byte) []Finding {
	t.Helper()
	if shape.Names == nil {
		shape.Names = map[string]string{}
	}
	return checkShape(t, map[string]any{
		"service": shape.Service, "operation": shape.Operation, "value": json.RawMessage(data),
		"path": shape.Path, "names": shape.Names,
	})
}

func checkShape(t testing.TB, args map[string]any) []Finding {
	t.Helper()
	var found []Finding
	if !json.Valid(args["value"].(json.RawMessage)) {
		t.Fatalf("oracle: no JSON: %.200s", args["value"])
	}
	if err := ask(t, "shape", args, &found); err != nil {
		t.Fatalf("oracle: botocore: %v", err)
	}
	return asErrors(found)
}

func asErrors(found []Finding) []Finding {
	for i := range found {
		found[i].Level = Error
	}
	return found
}

// CheckTemplate compares the properties of a template's resources (YAML or JSON, any
// form of intrinsics) with the input of the operations that CloudFormation calls
// with them, as [CheckSubShape] does, where the two have the same form: see
// resourceShapes. It sees what cfn-lint misses, such as the enumerations of
// CodeBuild. It passes over what a resource needs and does not have.
func CheckTemplate(t testing.TB, template []byte) []Finding {
	t.Helper()
	table := map[string][]map[string]any{}
	for _, r := range resourceShapes {
		names := map[string]string{}
		for _, name := range strings.Fields(r.names) {
			property, member, _ := strings.Cut(name, "=")
			names[property] = member
		}
		table[r.resource] = append(table[r.resource], map[string]any{
			"property": r.property, "service": r.service, "operation": r.operation, "path": r.path, "names": names,
		})
	}
	var found []Finding
	args := map[string]any{"text": string(template), "table": table}
	if err := ask(t, "template_shapes", args, &found); err != nil {
		t.Fatalf("oracle: %v", err)
	}
	return asErrors(found)
}
