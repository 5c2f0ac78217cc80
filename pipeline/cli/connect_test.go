package cli_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/seed-b1f00840/slipway/internal/oracle"
	"github.com/seed-b1f00840/slipway/pipeline/cli"
)

// credentials puts made up ones into the environment, and nothing else of this machine.
func credentials(t *testing.T) {
	t.Helper()
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": "AKIAFAKEFAKEFAKEFAKE", "AWS_SECRET_ACCESS_KEY": "hunter2-key", "AWS_SESSION_TOKEN": "hunter2-token",
		"AWS_REGION": "eu-central-1", "AWS_CONFIG_FILE": "/nonexistent", "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
		"AWS_PROFILE": "", "AWS_ENDPOINT_URL": "", "HOME": t.TempDir(),
	} {
		t.Setenv(name, value)
	}
}

// at runs a command line with the SDK's own clients against an endpoint.
func at(t *testing.T, endpoint string, want int, args ...string) (stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	status := cli.Run(t.Context(), append([]string{"slipway"}, append(args, "--endpoint-url", endpoint, minimal(t))...), strings.NewReader(""), &out, &err)
	if status != want || strings.Contains(out.String()+err.String(), "hunter2") {
		t.Errorf("%s: got status %d, want %d\n%s%s", args, status, want, &out, &err)
	}
	return out.String(), err.String()
}

// TestMoto is the real clients against what others take for AWS.
func TestMoto(t *testing.T) {
	if testing.Short() {
		t.Skip("starts an emulator")
	}
	credentials(t)
	moto := oracle.Moto(t)
	stdout, stderr := at(t, moto.URL, 0, "plan", "--read-only")
	contains(t, stdout, "account 123456789012, region eu-central-1\n", "+ create stack docker-cicd-formation (10 resources)", "5 to create, 1 to update, 1 to await")
	if stderr != "" {
		t.Errorf("got %s", stderr)
	}
	stdout, _ = at(t, moto.URL, 0, "status")
	contains(t, stdout, "stack docker-cicd-formation: does not exist", "pipeline docker-cicd-pipeline: does not exist")
	stdout, _ = at(t, moto.URL, 0, "destroy")
	contains(t, stdout, "nothing to delete")
	_, stderr = at(t, moto.URL, 2, "apply", "--yes", "--account", "111122223333")
	contains(t, stderr, "the credentials are of account 123456789012, and 111122223333 was asked for")
	stdout, _ = at(t, moto.URL, 0, "plan", "--read-only", "--role-arn", "arn:aws:iam::111122223333:role/deploy")
	contains(t, stdout, "account 111122223333")
}

// TestExpired is the real clients with credentials that are over.
func TestExpired(t *testing.T) {
	credentials(t)
	calls := 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		calls++
		w.WriteHeader(http.StatusForbidden)
		io.WriteString(w, `<ErrorResponse><Error><Type>Sender</Type><Code>ExpiredToken</Code><Message>The security token included in the request is expired</Message></Error></ErrorResponse>`)
	}))
	defer s.Close()
	_, stderr := at(t, s.URL, 2, "status")
	const want = "slipway: error: sts:GetCallerIdentity: ExpiredToken: The security token included in the request is expired\n" +
		"    what to do: the credentials are not valid or have expired: sign in again, and run again\n"
	if stderr != want || calls != 1 {
		t.Errorf("after %d calls, got %s, want %s", calls, stderr, want)
	}
}
