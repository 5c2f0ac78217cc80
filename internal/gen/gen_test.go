package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestUpToDate regenerates everything in memory and compares with what is checked in.
func TestUpToDate(t *testing.T) {
	root, err := moduleRoot()
	if err != nil {
		t.Fatal(err)
	}
	files, err := generate(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		got, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(f.name)))
		if err != nil {
			t.Error(err)
			continue
		}
		if diff := cmp.Diff(string(f.data), string(got)); diff != "" {
			t.Errorf("%s is not what internal/gen makes; run go generate ./internal/gen (-want +got)\n%s", f.name, diff)
		}
	}
}

// TestEveryField counts the fields of the SDK's types by a walk of its own and
// asks of each that the models have it.
func TestEveryField(t *testing.T) {
	want := map[string][2]int{"taskdef": {38, 162}, "pipeline": {26, 88}} // structs, fields: an SDK bump shows here
	for _, s := range subjects() {
		m, err := newModel(s)
		if err != nil {
			t.Fatal(err)
		}
		seen := make(map[reflect.Type]bool)
		fields := 0
		var walk func(reflect.Type)
		walk = func(typ reflect.Type) {
			for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice || typ.Kind() == reflect.Map {
				typ = typ.Elem()
			}
			if seen[typ] || typ.Kind() != reflect.Struct && typ.Kind() != reflect.Interface {
				return
			}
			seen[typ] = true
			o := m.objects[typ]
			if o == nil {
				t.Errorf("%s: the SDK type %s has no counterpart", s.pkg, typ)
				return
			}
			json := make(map[string]bool)
			for _, f := range o.Fields {
				json[f.JSON] = true
			}
			for _, f := range sdkFields(typ) {
				fields++
				if !json[jsonName(f.name)] {
					t.Errorf("%s: %s.%s of the SDK has no counterpart", s.pkg, typ, f.name)
				}
				walk(f.typ)
			}
		}
		walk(s.root)
		for _, f := range s.beside {
			walk(f.typ)
		}
		t.Logf("%s: %d structs with %d fields, every one has a counterpart", s.pkg, len(seen), fields)
		if got := [2]int{len(seen), fields}; got != want[s.pkg] {
			t.Errorf("%s: the SDK has %d structs and %d fields, want %v; if it is a new SDK, write the new numbers here", s.pkg, got[0], got[1], want[s.pkg])
		}
	}
}

// TestUnions looks into the SDK's source for the members of its unions, which the
// table of unions repeats.
func TestUnions(t *testing.T) {
	for typ, members := range unions {
		dir, err := exec.Command("go", "list", "-f", "{{.Dir}}", typ.PkgPath()).Output()
		if err != nil {
			t.Fatal(err)
		}
		source, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "types.go"))
		if err != nil {
			t.Fatal(err)
		}
		var want, got []string
		for _, m := range regexp.MustCompile(`(?m)^type `+typ.Name()+`Member(\w+) struct`).FindAllSubmatch(source, -1) {
			want = append(want, string(m[1]))
		}
		for _, m := range members {
			got = append(got, m.name)
		}
		slices.Sort(got)
		slices.Sort(want)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: the table of unions mismatch (-SDK +table)\n%s", typ, diff)
		}
	}
}

func TestNames(t *testing.T) {
	for _, tt := range []struct{ sdk, want, json string }{
		{"ExecutionRoleArn", "ExecutionRoleARN", "executionRoleArn"},
		{"SizeInGiB", "SizeInGiB", "sizeInGiB"},
		{"EfsVolumeConfiguration", "EFSVolumeConfiguration", "efsVolumeConfiguration"},
		{"S3filesVolumeConfiguration", "S3FilesVolumeConfiguration", "s3filesVolumeConfiguration"},
		{"FsxWindowsFileServerVolumeConfiguration", "FSxWindowsFileServerVolumeConfiguration", "fsxWindowsFileServerVolumeConfiguration"},
		{"CpuArchitecture", "CPUArchitecture", "cpuArchitecture"},
		{"IpAddress", "IPAddress", "ipAddress"},
		{"DnsServers", "DNSServers", "dnsServers"},
		{"ActionTypeId", "ActionTypeID", "actionTypeId"},
	} {
		if got := goName(tt.sdk); got != tt.want {
			t.Errorf("goName(%q) = %q, want %q", tt.sdk, got, tt.want)
		}
		if got := jsonName(tt.sdk); got != tt.json {
			t.Errorf("jsonName(%q) = %q, want %q", tt.sdk, got, tt.json)
		}
	}
	for value, want := range map[string]string{
		"awsvpc": "Awsvpc", "FARGATE": "Fargate", "EC2": "EC2", "json-file": "JSONFile", "memberOf": "MemberOf",
		"WINDOWS_SERVER_2019_FULL": "WindowsServer2019Full", "WINDOWS_SERVER_20H2_CORE": "WindowsServer20H2Core",
		"X86_64": "X8664", "ThirdParty": "ThirdParty", "V2": "V2", "http2": "HTTP2",
	} {
		if got := constName(value); got != want {
			t.Errorf("constName(%q) = %q, want %q", value, got, want)
		}
	}
}

// TestFaults spoils the tables one by one: each fault must be an error that says
// where it is.
func TestFaults(t *testing.T) {
	for _, tt := range []struct {
		name, want string
		spoil      func(*subject)
	}{
		{"field without a sentence", "has nothing on Job.family", func(s *subject) { s.types["RegisterTaskDefinitionInput"] = "Job" }},
		{"sentence without a field", "documents Tag.key, which is not there", func(s *subject) { s.types["Tag"] = "Label" }},
		{"first field that is gone", "names Tag.nope, which is not there", func(s *subject) { s.first["Tag"] = []string{"nope"} }},
		{"member that the SDK has", "the SDK has caught up: take Tag.key", func(s *subject) { s.ahead["Tag"] = []string{"key"} }},
		{"field that only the answer has", "TaskDefinition has revision, which cannot be sent", func(s *subject) { s.readOnly = s.readOnly[:1] }},
		{"read-only field that is gone", "names nope, which only", func(s *subject) { s.readOnly = append(s.readOnly, "nope") }},
		{"field that the answer lacks", "Definition.tags is []types.Tag where it is sent and <nil>", func(s *subject) { s.apart = nil }},
		{"package without docs", "docs/other.txt", func(s *subject) { s.pkg = "other" }},
	} {
		s := taskdef()
		tt.spoil(&s)
		_, err := newModel(s)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: the error is %v, want one that says %q", tt.name, err, tt.want)
		}
	}
	type union interface{ isUnion() }
	m, err := newModel(taskdef())
	if err != nil {
		t.Fatal(err)
	}
	if m.elem(reflect.TypeFor[union]()); len(m.missing) == 0 {
		t.Error("a union that is not in the table is no error")
	}
}
