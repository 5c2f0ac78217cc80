package bundle

import (
	"testing"

	"github.com/seed-b1f00840/slipway/buildspec"
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
	if r := readCommands(spec, nil, nil); r == nil {
		t.Fatal("no report")
	}
}
