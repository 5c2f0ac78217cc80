package apply

import (
	"strings"
	"testing"

	"github.com/seed-b1f00840/slipway/cfn"
)

func TestRedact(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"nothing to hide", "nothing to hide"},
		{"key AKIAIOSFODNN7EXAMPLE is wrong", "key (hidden) is wrong"},
		{"ASIAIOSFODNN7EXAMPLE", "(hidden)"},
		{"export DB_PASSWORD=hunter2 && run", "export DB_PASSWORD=(hidden) && run"},
		{`{"password": "hunter2", "user": "x"}`, `{"password": "(hidden)", "user": "x"}`},
		{"aws_secret_access_key = abc/def+ghi", "aws_secret_access_key = (hidden)"},
		{"docker login --username AWS --password hunter2 host", "docker login --username AWS --password (hidden) host"},
		{"docker login -u AWS -p hunter2 host", "docker login -u AWS -p (hidden) host"},
		{"aws ecr get-login-password | docker login --username AWS --password-stdin host", "aws ecr get-login-password | docker login --username AWS --password-stdin host"},
		{"curl --password $PASSWORD --token ${TOKEN}", "curl --password $PASSWORD --token ${TOKEN}"},
		{`["--db-password","hunter2","--verbose"]`, `["--db-password","(hidden)","--verbose"]`},
		{"token: eyJhbGciOi", "token: (hidden)"},
		{"got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N", "got (hidden)"},
		{"clone https://me:hunter2@example.com/x.git", "clone https://(hidden)@example.com/x.git"},
		{"postgres://app:hunter2/x@db:5432/app", "postgres://(hidden)@db:5432/app"},
		{"redis://:hunter2@cache", "redis://(hidden)@cache"},
		{"Authorization: Bearer abc.def", "Authorization: Bearer (hidden)"},
		{"SMTP_PASS: hunter2", "SMTP_PASS: (hidden)"},
		{"ENCRYPTION_KEY=hunter2 GH_PAT=hunter2", "ENCRYPTION_KEY=(hidden) GH_PAT=(hidden)"},
		{"ghp_abcdefghijklmnopqrstuvwxyz0123456789", "(hidden)"},
		{"https://hooks.slack.com/services/T0/B0/hunter2", "https://hooks.slack.com/services/(hidden)"},
		{"x -----BEGIN RSA PRIVATE KEY-----\nhunter2\n-----END RSA PRIVATE KEY----- y", "x (hidden) y"},
		{"-----BEGIN PRIVATE KEY-----\nhunter2", "(hidden)"},
		{"failed (RequestToken: 7d2bd5c2-6be1, HandlerErrorCode: AlreadyExists)", "failed (RequestToken: 7d2bd5c2-6be1, HandlerErrorCode: AlreadyExists)"},
		{"arn:aws:secretsmanager:eu-central-1:123456789012:secret:db-AbCdEf", "arn:aws:secretsmanager:eu-central-1:123456789012:secret:db-AbCdEf"},
		{"one\nslipway: error: two", "one slipway: error: two"},
		{"12 tests pass: 3 skipped", "12 tests pass: 3 skipped"},
	} {
		got := redact(tt.text)
		if got != tt.want {
			t.Errorf("redact(%q) = %q, want %q", tt.text, got, tt.want)
		}
		if strings.Contains(got, "hunter2") {
			t.Errorf("redact(%q) shows the secret: %q", tt.text, got)
		}
	}
}

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
