package fault_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"

	"github.com/seed-b1f00840/slipway/pipeline/apply/internal/fault"
)

// calls makes a call of the real client at an endpoint, and returns its error.
func calls(t *testing.T, endpoint string, timeout time.Duration) error {
	t.Helper()
	c := sts.NewFromConfig(aws.Config{
		Region: "eu-central-1", BaseEndpoint: &endpoint, Retryer: func() aws.Retryer { return aws.NopRetryer{} },
		Credentials: credentials.NewStaticCredentialsProvider("AKIAFAKEFAKEFAKEFAKE", "x", ""),
	})
	ctx, cancel := context.WithTimeout(t.Context(), timeout)
	defer cancel()
	_, err := c.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err == nil {
		t.Fatal("got no error")
	}
	return err
}

// closed returns an address where nobody listens.
func closed(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// What the real client makes of what goes wrong on the way.
func TestReasonOfCalls(t *testing.T) {
	answers := func(status int, body string) string {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			io.WriteString(w, body)
		}))
		t.Cleanup(s.Close)
		return s.URL
	}
	hangsUp := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, _, _ := w.(http.Hijacker).Hijack()
		conn.Close()
	}))
	t.Cleanup(hangsUp.Close)
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { silent.Close() })
	nobody := closed(t)
	for _, test := range []struct {
		name, endpoint string
		timeout        time.Duration
		want           string
	}{
		{"refused", "http://" + nobody, time.Minute, "connection refused by " + nobody},
		{"silent", "http://" + silent.Addr().String(), 50 * time.Millisecond, "no answer in time"},
		{"hangs up", hangsUp.URL, time.Minute, "the connection was closed before there was an answer"},
		{"gateway", answers(http.StatusBadGateway, "<html>\nBad Gateway</html>"), time.Minute, "status 502 without a reason"},
		{"AWS", answers(http.StatusForbidden, "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no:\n password=hunter2 &#10;error: x.</Message></Error></ErrorResponse>"),
			time.Minute, "AccessDenied: no: password=(hidden) error: x"},
		{"no reason", answers(http.StatusForbidden, "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>"), time.Minute, "AccessDenied"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := fault.Reason(calls(t, test.endpoint, test.timeout)); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestReason(t *testing.T) {
	for want, err := range map[string]error{
		"no such host sts.xx-nowhere-1.amazonaws.com": &smithy.OperationError{Err: &net.OpError{Op: "dial", Err: &net.DNSError{
			Err: "no such host", Name: "sts.xx-nowhere-1.amazonaws.com", IsNotFound: true}}},
		"the host sts.example cannot be looked up: server misbehaving": &net.DNSError{Err: "server misbehaving", Name: "sts.example", IsTemporary: true},
		"no answer in time":                     fmt.Errorf("x: %w", os.ErrDeadlineExceeded),
		"broken pipe (192.0.2.1:443)":           &net.OpError{Op: "write", Addr: &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 443}, Err: errors.New("broken pipe")},
		"what it is":                            fmt.Errorf("around: %w", errors.New("what\n  it is")),
		"clone https://(hidden)@example.com/x":  errors.New("clone https://me:hunter2@example.com/x"),
		"Throttling: Rate exceeded":             &smithy.OperationError{Err: &smithy.GenericAPIError{Code: "Throttling", Message: "Rate exceeded"}},
		"a failure of two; another one":         errors.Join(errors.New("a failure of two;"), errors.New("another one")),
		"tls: first record does not look right": fmt.Errorf("x: %w", errors.New("tls: first record does not look right")),
	} {
		if got := fault.Reason(err); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

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
		{"ExpiredToken: The security token included in the request is expired", "ExpiredToken: The security token included in the request is expired"},
		{"arn:aws:secretsmanager:eu-central-1:123456789012:secret:db-AbCdEf", "arn:aws:secretsmanager:eu-central-1:123456789012:secret:db-AbCdEf"},
		{"one\nslipway: error: two", "one slipway: error: two"},
		{"12 tests pass: 3 skipped", "12 tests pass: 3 skipped"},
	} {
		got := fault.Redact(tt.text)
		if got != tt.want {
			t.Errorf("redact(%q) = %q, want %q", tt.text, got, tt.want)
		}
		if strings.Contains(got, "hunter2") {
			t.Errorf("redact(%q) shows the secret: %q", tt.text, got)
		}
	}
}
