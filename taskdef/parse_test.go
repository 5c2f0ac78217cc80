package taskdef_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/taskdef"
)

func TestParseDescribed(t *testing.T) {
	const in = `{
  "taskDefinition": {
    "taskDefinitionArn": "arn:aws:ecs:eu-west-1:123456789012:task-definition/web:7",
    "containerDefinitions": [{"name": "web", "image": "nginx:1.27", "cpu": 0, "links": null, "environment": []}],
    "family": "web",
    "revision": 7,
    "volumes": []
  },
  "tags": [{"key": "team", "value": ""}]
}`
	d, err := taskdef.Parse("web.json", []byte(in))
	if err != nil {
		t.Fatal(err)
	}
	want := &taskdef.Definition{
		Family: "web",
		ContainerDefinitions: []taskdef.Container{{
			Name: "web", Image: "nginx:1.27", CPU: new(0), Environment: []taskdef.KeyValue{},
		}},
		Volumes: []taskdef.Volume{},
		Tags:    []taskdef.Tag{{Key: "team", Value: new("")}},
	}
	if diff := cmp.Diff(want, d); diff != "" {
		t.Errorf("mismatch (-want +got)\n%s", diff)
	}
	for path, want := range map[string]slipway.Position{
		"containerDefinitions[0].image": {Line: 4, Column: 46},
		"tags[0].key":                   {Line: 9, Column: 13},
		"revision":                      {Line: 2, Column: 21}, // dropped: the map that it stood in
	} {
		if got := d.Source.Position(path); got != want {
			t.Errorf("%s stood at %v, want %v", path, got, want)
		}
	}
	if n := len(d.Source.Notes); n != 4 { // wrapper, two members, nulls
		t.Errorf("%d notes, want 4:\n%v", n, d.Source.Notes)
	}
}

func TestParseStrict(t *testing.T) {
	for name, in := range map[string]string{
		"unknown key":   `{"family": "web", "Family": "web"}`,
		"wrong type":    `{"family": "web", "cpu": 256}`,
		"duplicate key": `{"family": "web", "family": "api"}`,
		"no map":        `["web"]`,
		"no JSON":       `{"family": $FAMILY}`,
		"empty":         ``,
	} {
		d, err := taskdef.Parse("taskdef.json", []byte(in))
		if d != nil || err == nil {
			t.Errorf("%s: Parse = %v, %v, want nil and an error", name, d, err)
			continue
		}
		var p *slipway.Problem
		if !errors.As(err, &p) || p.File != "taskdef.json" || !p.Pos.IsValid() || p.Rule == "" {
			t.Errorf("%s: the error has no place or rule: %v", name, err)
		}
	}
}

func TestExtraIsWrittenBack(t *testing.T) {
	const in = `{
  "family": "web",
  "ephemeralStorage": {
    "sizeInGiB": "50"
  },
  "containerDefinitions": [
    {
      "name": "web",
      "future": {
        "a": 1.0
      },
      "memory": "{{memory}}"
    }
  ],
  "cpu": 256
}
`
	d, err := taskdef.ParseLax("taskdef.json", []byte(in))
	if err != nil {
		t.Fatal(err)
	}
	got, err := d.Render()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(in, string(got)); diff != "" {
		t.Errorf("mismatch (-want +got)\n%s", diff)
	}

	d.CPU = "256" // a field hides the member of Extra that could not be read
	if got, err = d.Render(); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(got), `"cpu"`); n != 1 {
		t.Errorf("cpu stands %d times, want once:\n%s", n, got)
	}
}

func TestRenderError(t *testing.T) {
	d := taskdef.Definition{Family: "web", Extra: map[string]any{"x": make(chan int)}}
	dst := []byte("before")
	got, err := d.AppendText(dst)
	if err == nil || string(got) != "before" {
		t.Errorf("AppendText = %q, %v, want what was there and an error", got, err)
	}
	if text, err := d.Render(); err == nil || text != nil {
		t.Errorf("Render = %q, %v, want nil and an error", text, err)
	}
}

func TestSizes(t *testing.T) {
	tests := []struct {
		cpu, memory    string
		units, mib     int
		cpuOK, memory2 bool
	}{
		{"256", "512", 256, 512, true, true},
		{".25 vCPU", "0.5GB", 256, 512, true, true},
		{"1vcpu", "3 gb", 1024, 3072, true, true},
		{"0", "0", 0, 0, true, true},
		{"", "", 0, 0, false, false},
		{"$CPU", "<MEMORY>", 0, 0, false, false},
		{"1 GB", "1 vCPU", 0, 0, false, false},
		{"+1", "-1", 0, 0, false, false},
		{"1e3 vCPU", "Inf GB", 0, 0, false, false},
		{"vCPU", "GB", 0, 0, false, false},
		{". vCPU", "1.2.3 GB", 0, 0, false, false},
		{".0001 vCPU", "99999999999 GB", 0, 0, false, false},
	}
	for _, tt := range tests {
		d := taskdef.Definition{CPU: tt.cpu, Memory: tt.memory}
		if n, ok := d.CPUUnits(); ok != tt.cpuOK || ok && n != tt.units {
			t.Errorf("cpu %q is %d, %v, want %d, %v", tt.cpu, n, ok, tt.units, tt.cpuOK)
		}
		if n, ok := d.MemoryMiB(); ok != tt.memory2 || ok && n != tt.mib {
			t.Errorf("memory %q is %d, %v, want %d, %v", tt.memory, n, ok, tt.mib, tt.memory2)
		}
	}
}

func TestLookups(t *testing.T) {
	d := typical()
	if c := d.Container("web"); c != &d.ContainerDefinitions[0] {
		t.Errorf("Container(web) = %p, want the first", c)
	}
	if c := d.Container("db"); c != nil {
		t.Errorf("Container(db) = %v, want nil", c)
	}
	d.Volumes = []taskdef.Volume{{Name: "data"}}
	if v := d.Volume("data"); v != &d.Volumes[0] {
		t.Errorf("Volume(data) = %p, want the first", v)
	}
	if !d.IsFargate() || d.IsWindows() {
		t.Errorf("IsFargate, IsWindows = %v, %v, want true, false", d.IsFargate(), d.IsWindows())
	}
	if err := d.Validate(); err != nil {
		t.Errorf("Validate = %v, want nil", err)
	}
	d.Memory = "64"
	if err := d.Validate(); err == nil {
		t.Error("Validate = nil, want an error on memory 64")
	}
}
