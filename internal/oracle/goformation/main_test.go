package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/cfn"
)

// goformation must see the resources that slipway sees, in every template that
// slipway wrote for an example.
func TestExamples(t *testing.T) {
	files := examples(t)
	if len(files) == 0 {
		t.Fatal("no templates among the examples")
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		compare(t, file, data)
	}
}

// examples returns the templates among the files of the examples.
func examples(t *testing.T) []string {
	t.Helper()
	var files []string
	for _, pattern := range []string{"*.yml", "*/*.yml"} {
		found, err := filepath.Glob(filepath.Join("..", "..", "..", "examples", "*", pattern))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	return slices.DeleteFunc(files, func(file string) bool {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return !bytes.Contains(data, []byte("\nResources:\n"))
	})
}

// What slipway renders of any value is read the same.
func TestRendered(t *testing.T) {
	template := cfn.Template{FormatVersion: "2010-09-09"}
	template.Add(
		&cfn.Resource{ID: "VPC", Type: "AWS::EC2::VPC", Properties: cfn.Object{{Key: "CidrBlock", Value: cfn.String("10.0.0.0/16")}}},
		&cfn.Resource{ID: "Cluster", Type: "AWS::ECS::Cluster"},
	)
	for name, render := range map[string]func() ([]byte, error){
		"t.yml": template.Render, "t.json": template.RenderJSON,
	} {
		data, err := render()
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(file, data, 0o666); err != nil {
			t.Fatal(err)
		}
		compare(t, file, data)
	}
}

func compare(t *testing.T, file string, data []byte) {
	t.Helper()
	template, err := cfn.Parse(file, data)
	if err != nil {
		t.Error(err)
		return
	}
	var want []string
	for _, r := range template.Resources {
		want = append(want, fmt.Sprintln(r.ID, r.Type))
	}
	slices.Sort(want)
	got, err := resources(file)
	if err != nil {
		t.Errorf("%s: %v", file, err)
		return
	}
	if len(want) == 0 {
		t.Errorf("%s: no resources", file)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: mismatch (-slipway +goformation):\n%s", file, diff)
	}
}
