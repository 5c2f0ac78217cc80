package apply

import (
	"strings"
	"testing"
)

func TestRedact(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"nothing to hide", "nothing to hide"},
		{"key AKIAIOSFODNN7EXAMPLE is wrong", "key (hidden) is wrong"},
		{"ASIAIOSFODNN7EXAMPLE", "(hidden)"},
		{"export DB_PASSWORD=hunter2 && run", "export DB_PASSWORD=(hidden) && run"},
		{`{"password": "hunter2", "user": "x"}`, `{"password":(hidden)", "user": "x"}`},
		{"aws_secret_access_key = abc/def+ghi", "aws_secret_access_key (hidden)"},
		{"docker login --username AWS --password hunter2 host", "docker login --username AWS --password (hidden) host"},
		{"token: eyJhbGciOi", "token:(hidden)"},
		{"got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N", "got (hidden)"},
		{"clone https://me:hunter2@example.com/x.git", "clone (hidden)example.com/x.git"},
		{"Authorization: Bearer abc.def", "Authorization:(hidden)"},
		{"arn:aws:secretsmanager:eu-central-1:123456789012:secret:db-AbCdEf", "arn:aws:secretsmanager:eu-central-1:123456789012:secret:db-AbCdEf"},
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
		text   string
		secret bool
		want   string
	}{
		{"", true, ""},
		{"plain", false, "plain"},
		{"plain", true, hidden},
		{`[{"name":"DB_PASSWORD","value":"x"}]`, false, `[{"name":"DB_PASSWORD","value":"(hidden)"}]`},
		{`{"Variables":{"API_KEY":"x","MODE":"y"}}`, false, `{"Variables":{"API_KEY":"(hidden)","MODE":"y"}}`},
		{`[{Name: DB_PASSWORD, Value: !Ref X}]`, false, hidden},
		{`[{"name":"MODE","value":"x"}]`, false, `[{"name":"MODE","value":"x"}]`},
		{strings.Repeat("é", 150), false, strings.Repeat("é", 100) + "…"},
	} {
		if got := showText(tt.text, tt.secret); got != tt.want {
			t.Errorf("showText(%q, %t) = %q, want %q", tt.text, tt.secret, got, tt.want)
		}
	}
}
