package bundle

import (
	"testing"

	"github.com/seed-b1f00840/slipway/buildspec"
	"github.com/seed-b1f00840/slipway/internal/shell"
)

func TestReadCommands(t *testing.T) {
	spec, err := buildspec.ParseLax("buildspec.yml", []byte(`version: 0.2
env:
  variables: {NAME: web}
phases:
  build:
    commands:
      - printf '[{"name":"%s","imageUri":"%s"}]' "$NAME" "$URI" > imagedefinitions.json
`))
	if err != nil {
		t.Fatal(err)
	}
	f := readCommands(spec, nil, nil).File("imagedefinitions.json")
	images, err := shell.ImageDefinitions(f.Content)
	if err != nil || len(images) != 1 || images[0].Name.String() != "web" || images[0].URI.String() != "${URI}" {
		t.Errorf("got %v, %v, want web with ${URI}", images, err)
	}
	if f.Path != "phases.build.commands[0]" {
		t.Errorf("got path %q", f.Path)
	}
}
