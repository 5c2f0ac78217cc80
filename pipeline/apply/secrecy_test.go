package apply

import (
	"strings"
	"testing"

	"github.com/seed-b1f00840/slipway/cfn"
)

func TestShowText(t *testing.T) {
	for _, tt := range []struct {
		text    string
		secrecy secrecy
		want    string
	}{
		{"", closed, ""},
		{"plain", open, "plain"},
		{"plain", closed, hidden},
		{`[{"name":"DB_PASSWORD","value":"x"}]`, open, `[{"name":"DB_PASSWORD","value":"(hidden)"}]`},
		{`[{"name":"MODE","value":"x","type":"PLAINTEXT"}]`, variables, `[{"name":"MODE","type":"PLAINTEXT","value":"(hidden)"}]`},
		{`[{"name":"MODE","value":"x"}]`, open, `[{"name":"MODE","value":"x"}]`},
		{`{"Environment":{"Variables":{"MODE":"y"}}}`, open, `{"Environment":{"Variables":{"MODE":"(hidden)"}}}`},
		{`{"secrets":[{"name":"DB_PASSWORD","valueFrom":"arn:x"}]}`, open, `{"secrets":[{"name":"DB_PASSWORD","valueFrom":"arn:x"}]}`},
		{`["run","--token","x"]`, open, `["run","--token","(hidden)"]`},
		{`[{Name: DB_PASSWORD, Value: !Ref X}]`, open, hidden},
		{"version: 0.2\n\nnothing to do\n", open, `"version: 0.2\n\nnothing to do\n"`},
		{"a\u202eb", open, `"a\u202eb"`},
		{strings.Repeat("é", 150), open, strings.Repeat("é", 100) + "…"},
	} {
		if got := showText(tt.text, tt.secrecy); got != tt.want {
			t.Errorf("showText(%q, %d) = %q, want %q", tt.text, tt.secrecy, got, tt.want)
		}
	}
}

// What of a property may be shown follows from where it stands in the resource.
func TestSecrecyAt(t *testing.T) {
	template, err := cfn.ParseLax("t.yml", []byte(`
Resources:
  R:
    Type: AWS::X::Y
    Properties:
      ContainerDefinitions:
        - Name: token-service
          Environment: [{Name: MODE, Value: x}]
          Secrets: [{Name: DB_PASSWORD, ValueFrom: arn}]
          Command: [run, --db-password, hunter2, --verbose]
      Environment:
        ComputeType: BUILD_GENERAL1_SMALL
        EnvironmentVariables: [{Name: A, Value: b, Type: PLAINTEXT}]
        Variables: {MODE: x}
      Tags: [{Key: api-token, Value: x}, {Key: team, Value: web}]
      ClusterSettings: [{Name: containerInsights, Value: enabled}]
`))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		path   string
		hidden bool
	}{
		{"ContainerDefinitions[0].Name", false},
		{"ContainerDefinitions[0].Environment[0].Value", true},
		{"ContainerDefinitions[0].Environment[0].Name", false},
		{"ContainerDefinitions[0].Secrets[0].ValueFrom", false},
		{"ContainerDefinitions[0].Command[0]", false},
		{"ContainerDefinitions[0].Command[2]", true},
		{"ContainerDefinitions[0].Command[3]", false},
		{"Environment.ComputeType", false},
		{"Environment.EnvironmentVariables[0].Value", true},
		{"Environment.EnvironmentVariables[0].Type", false},
		{"Environment.Variables.MODE", true},
		{"Tags[0].Value", true},
		{"Tags[1].Value", false},
		{"ClusterSettings[0].Value", false},
		{"MasterUserPassword", true},
		{"DBPwd.Pwd", true},
	} {
		if got := secrecyAt(template.Resource("R"), tt.path) == closed; got != tt.hidden {
			t.Errorf("%s: hidden is %t, want %t", tt.path, got, tt.hidden)
		}
	}
}
