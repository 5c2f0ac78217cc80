package connect_test

import (
	"context"
	"crypto/sha1"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seed-b1f00840/slipway/pipeline/apply"
	"github.com/seed-b1f00840/slipway/pipeline/apply/connect"
)

const broken = withMFA + `[profile sso]
sso_session = corp
sso_account_id = 111122223333
sso_role_name = admin
[sso-session corp]
sso_region = eu-central-1
sso_start_url = https://corp.example/start
[profile old-sso]
sso_account_id = 111122223333
sso_role_name = admin
sso_region = eu-central-1
sso_start_url = https://old.example/start
[profile login]
login_session = arn:aws:iam::111122223333:user/me
[profile process]
credential_process = echo {"SecretAccessKey": "` + secret + `"
[profile failing-process]
credential_process = exit 3
[profile wordy-process]
credential_process = echo starting >&2; echo "vault: the token is over (secret_access_key=` + secret + `)" >&2; echo >&2; exit 3
[profile leaking-process]
credential_process = echo got wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEYAB as a key >&2; exit 3
[profile role-of-process]
role_arn = ` + roleARN + `
source_profile = wordy-process
[profile half]
aws_access_key_id = ` + key + `
[profile sourceless]
role_arn = ` + roleARN + `
source_profile = nobody
[profile without-source]
role_arn = ` + roleARN + `
[profile over-sso]
role_arn = ` + roleARN + `
source_profile = sso
`

func TestErrors(t *testing.T) {
	refusing := newServer(t, http.StatusForbidden)
	for _, test := range []struct {
		name string
		opts connect.Options
		want string
	}{
		{"no credentials", connect.Options{}, "no credentials are found: not in the environment, not in the profile default, and this machine has none of its own; " +
			"sign in with aws sso login or aws login, and name the profile with --profile or AWS_PROFILE; or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"},
		{"no profile", connect.Options{Profile: "stagin"}, `there is no profile "stagin"; see aws configure list-profiles, or make it with aws configure --profile stagin`},
		{"no source profile", connect.Options{Profile: "sourceless"}, `there is no profile "nobody"`},
		{"nothing to assume with", connect.Options{Profile: "without-source"}, "see with which credentials it is assumed"},
		{"role over SSO", connect.Options{Profile: "over-sso"}, "the role " + roleARN + " is not assumed: the SSO session of profile sso is over, or was never begun; sign in with aws sso login --profile sso"},
		{"half a key", connect.Options{Profile: "half"}, "partial credentials found for profile"},
		{"SSO", connect.Options{Profile: "sso"}, "the SSO session of profile sso is over, or was never begun; sign in with aws sso login --profile sso"},
		{"old SSO", connect.Options{Profile: "old-sso"}, "the SSO session of profile old-sso is over, or was never begun; sign in with aws sso login --profile old-sso"},
		{"login", connect.Options{Profile: "login"}, "the session of profile login is over, or was never begun; sign in with aws login --profile login"},
		{"process", connect.Options{Profile: "process"}, "the credential_process of profile process gives no credentials: its output is not what it should be; run it by itself to see why"},
		{"failing process", connect.Options{Profile: "failing-process"}, "gives no credentials: exit status 3"},
		{"wordy process", connect.Options{Profile: "wordy-process"}, "gives no credentials: exit status 3: vault: the token is over (secret_access_key=(hidden); run it by itself to see why"},
		{"leaking process", connect.Options{Profile: "leaking-process"}, "gives no credentials: exit status 3: got (hidden) as a key"},
		{"role of a process", connect.Options{Profile: "role-of-process"}, "the role " + roleARN + " is not assumed: exit status 3: vault: the token is over"},
		{"region", connect.Options{Region: "eu central"}, `"eu central" is no region: one looks like eu-central-1; give one with --region`},
		{"no code", connect.Options{Profile: "admin"}, "sts:AssumeRole: the role " + roleARN + " is not assumed: the role needs a code of an MFA device, and there is nobody to ask; " +
			"run it on a terminal, or assume the role before"},
		{"denied", connect.Options{Profile: "me", RoleARN: roleARN, Endpoint: refusing.URL, MFA: func(context.Context) (string, error) { return "123456", nil }},
			"is not assumed: AccessDenied: User is not authorized to perform: sts:AssumeRole; allow sts:AssumeRole on it"},
		{"endpoint", connect.Options{Endpoint: "localhost:4566"}, "the endpoint is no URL such as http://127.0.0.1:4566"},
		{"secret in the endpoint", connect.Options{Endpoint: "http://me:" + secret + "@host"}, "the endpoint is no URL"},
		{"external id without a role", connect.Options{ExternalID: "x"}, "give the role with --role-arn"},
	} {
		t.Run(test.name, func(t *testing.T) {
			home(t, broken)
			t.Setenv("AWS_REGION", "eu-central-1")
			printed := stderr(t)
			_, err := connect.Clients(t.Context(), test.opts)
			if text := printed(); text != "" {
				t.Errorf("printed %s", text)
			}
			var e *apply.Error
			if !errors.As(err, &e) || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("got error %v, want %s", err, test.want)
			}
			if text := err.Error(); strings.Contains(text, secret) || strings.Contains(text, "\n") {
				t.Errorf("the error holds a secret, or several lines: %s", text)
			}
		})
	}
}

// stderr catches what is printed on standard error, also by other processes, until the
// function is called that is returned.
func stderr(t *testing.T) (text func() string) {
	t.Helper()
	old := os.Stderr
	file, err := os.Create(filepath.Join(t.TempDir(), "stderr"))
	if err != nil {
		t.Fatal(err)
	}
	os.Stderr = file
	return func() string {
		os.Stderr = old
		file.Close()
		data, err := os.ReadFile(file.Name())
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
}

// Of a key of which only one half is set, the other half is named.
func TestHalfKey(t *testing.T) {
	for set, missing := range map[string]string{"AWS_ACCESS_KEY_ID": "AWS_SECRET_ACCESS_KEY", "AWS_SECRET_ACCESS_KEY": "AWS_ACCESS_KEY_ID"} {
		home(t, "")
		t.Setenv(set, secret)
		_, err := connect.Clients(t.Context(), connect.Options{Region: "eu-central-1"})
		want := set + " is set, and " + missing + " is not; set both, "
		if err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), secret) {
			t.Errorf("got error %v, want %s", err, want)
		}
	}
}

func TestNoRegion(t *testing.T) {
	home(t, "")
	keys(t)
	_, err := connect.Clients(t.Context(), connect.Options{})
	if err == nil || err.Error() != "no region is given; give one with --region, the variable AWS_REGION or a profile" {
		t.Errorf("got error %v", err)
	}
}

// A session that was begun and is over.
func TestExpired(t *testing.T) {
	home(t, broken)
	cache := filepath.Join(os.Getenv("HOME"), ".aws", "sso", "cache")
	if err := os.MkdirAll(cache, 0o700); err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("%x.json", sha1.Sum([]byte("corp"))) // of the session
	if err := os.WriteFile(filepath.Join(cache, name), []byte(`{"accessToken": "`+secret+`", "expiresAt": "2020-01-01T00:00:00Z"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := connect.Clients(t.Context(), connect.Options{Profile: "sso", Region: "eu-central-1"})
	const want = "the SSO session of profile sso is over, or was never begun; sign in with aws sso login --profile sso"
	if err == nil || err.Error() != want {
		t.Errorf("got error %v, want %s", err, want)
	}
}

// An interrupt is not taken for credentials that are missing.
func TestInterrupt(t *testing.T) {
	home(t, withMFA)
	ctx, cancel := context.WithCancelCause(t.Context())
	stop := errors.New("stop")
	_, err := connect.Clients(ctx, connect.Options{Profile: "admin", MFA: func(ctx context.Context) (string, error) {
		cancel(stop)
		return "", ctx.Err()
	}})
	if !errors.Is(err, stop) {
		t.Errorf("got error %v, want the cause of the end", err)
	}
}

// A machine without a metadata service does not let its user wait.
func TestNoInstance(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for a server that does not answer")
	}
	home(t, "")
	silent := newSilentServer(t)
	t.Setenv("AWS_EC2_METADATA_DISABLED", "")
	t.Setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", silent)
	_, err := connect.Clients(t.Context(), connect.Options{Region: "eu-central-1"})
	if err == nil || !strings.HasPrefix(err.Error(), "no credentials are found") {
		t.Errorf("got error %v", err)
	}
}

// newSilentServer returns the URL of a server that takes connections and never answers.
func newSilentServer(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return "http://" + l.Addr().String()
}
