package network_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/seed-b1f00840/slipway/internal/oracle"
)

// cfn-lint has nothing to say of any network, in any of its regions, and EC2's
// own model of its API takes every property.
func TestOracles(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "*.yml"))
	if err != nil || len(files) != len(goldens) {
		t.Fatalf("found %d templates, want %d: %v", len(files), len(goldens), err)
	}
	for _, f := range oracle.CfnLint(t, files...) {
		t.Error(f)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range oracle.CheckTemplate(t, data) {
			t.Errorf("%s: %v", file, f)
		}
	}
}
