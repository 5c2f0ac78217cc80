package connect_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/codebuild"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/pipeline/apply"
	"github.com/seed-b1f00840/slipway/pipeline/apply/connect"
)

const (
	key     = "AKIAFAKEFAKEFAKEFAKE"
	secret  = "fakeSecretAccessKey"
	token   = "fakeSessionToken"
	roleARN = "arn:aws:iam::111122223333:role/deploy"
	device  = "arn:aws:iam::111122223333:mfa/me"
)

// home gives the test a configuration of its own: the profiles, and nothing else of
// this machine.
func home(t *testing.T, profiles string) {
	t.Helper()
	for _, variable := range os.Environ() {
		if name, _, _ := strings.Cut(variable, "="); strings.HasPrefix(name, "AWS_") {
			t.Setenv(name, "") // restores it afterwards
			os.Unsetenv(name)
		}
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "config"), []byte(profiles), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("HOME", dir)
	t.Setenv("USERPROFILE", dir)
	t.Setenv("AWS_CONFIG_FILE", filepath.Join(dir, "config"))
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", filepath.Join(dir, "credentials"))
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
}

// keys puts credentials into the environment.
func keys(t *testing.T) {
	t.Helper()
	t.Setenv("AWS_ACCESS_KEY_ID", key)
	t.Setenv("AWS_SECRET_ACCESS_KEY", secret)
	t.Setenv("AWS_SESSION_TOKEN", token)
}

// A server is an AWS that knows nobody but lets everybody assume a role.
type server struct {
	*httptest.Server
	status int // of its answers; 0 is OK

	mu       sync.Mutex
	requests []request
}

type request struct {
	path, agent, key string
	form             url.Values
}

func newServer(t *testing.T, status int) *server {
	t.Helper()
	s := &server{status: status}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(s.Close)
	return s
}

func (s *server) serve(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	_, access, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
	access, _, _ = strings.Cut(access, "/")
	s.mu.Lock()
	s.requests = append(s.requests, request{r.URL.Path, r.UserAgent(), access, r.Form})
	s.mu.Unlock()
	if s.status != 0 {
		w.WriteHeader(s.status)
	}
	switch r.Form.Get("Action") {
	case "AssumeRole":
		if s.status != 0 {
			fmt.Fprint(w, `<ErrorResponse><Error><Code>AccessDenied</Code><Message>User is not authorized to perform: sts:AssumeRole.</Message></Error></ErrorResponse>`)
			return
		}
		fmt.Fprintf(w, `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIAFAKEROLE</AccessKeyId><SecretAccessKey>fakeRoleSecret</SecretAccessKey>`+
			`<SessionToken>fakeRoleToken</SessionToken><Expiration>%s</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`, time.Now().Add(time.Hour).UTC().Format(time.RFC3339))
	case "GetCallerIdentity":
		fmt.Fprint(w, `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`)
	}
}

// whoami calls STS.
func whoami(t *testing.T, c apply.Clients) {
	t.Helper()
	if _, err := c.STS.GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{}); err != nil {
		t.Fatal(err)
	}
}

func TestEnvironment(t *testing.T) {
	home(t, "")
	keys(t)
	t.Setenv("AWS_REGION", "eu-central-1")
	s := newServer(t, 0)
	c, err := connect.Clients(t.Context(), connect.Options{Endpoint: s.URL, UserAgent: "shipyard/1.2"})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.requests) > 0 {
		t.Errorf("got %d requests before there was a call", len(s.requests))
	}
	whoami(t, c)
	if got := s.requests[0]; c.Region != "eu-central-1" || got.key != key || !strings.Contains(got.agent, "shipyard/1.2") {
		t.Errorf("got region %s and request %+v", c.Region, got)
	}
}

// Profiles: what is named counts more than the environment.
func TestProfile(t *testing.T) {
	home(t, `[default]
region = us-west-2
[profile staging]
region = eu-north-1
aws_access_key_id = AKIASTAGING
aws_secret_access_key = x
`)
	keys(t)
	s := newServer(t, 0)
	for _, test := range []struct {
		name           string
		opts           connect.Options
		region, access string
	}{
		{"default", connect.Options{}, "us-west-2", key},
		{"named", connect.Options{Profile: "staging"}, "eu-north-1", "AKIASTAGING"},
		{"region", connect.Options{Profile: "staging", Region: "ap-south-1"}, "ap-south-1", "AKIASTAGING"},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.opts.Endpoint = s.URL
			c, err := connect.Clients(t.Context(), test.opts)
			if err != nil {
				t.Fatal(err)
			}
			whoami(t, c)
			got := s.requests[len(s.requests)-1]
			if c.Region != test.region || got.key != test.access || !strings.Contains(got.agent, "slipway") {
				t.Errorf("got region %s and request %+v, want %s and %s", c.Region, got, test.region, test.access)
			}
		})
	}
}

// An endpoint is that of all services, whatever else the configuration says.
func TestEndpoint(t *testing.T) {
	home(t, "[default]\nregion = eu-central-1\nuse_fips_endpoint = true\n")
	keys(t)
	other := newServer(t, http.StatusTeapot)
	t.Setenv("AWS_ENDPOINT_URL", other.URL)
	t.Setenv("AWS_ENDPOINT_URL_S3", other.URL)
	s := newServer(t, http.StatusInternalServerError)
	c, err := connect.Clients(t.Context(), connect.Options{Endpoint: s.URL})
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	calls := []func() error{
		func() error { _, err := c.STS.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{}); return err },
		func() error {
			_, err := c.CloudFormation.DescribeStacks(ctx, &cloudformation.DescribeStacksInput{})
			return err
		},
		func() error { _, err := c.ECS.ListTasks(ctx, &ecs.ListTasksInput{}); return err },
		func() error {
			_, err := c.CodePipeline.GetPipeline(ctx, &codepipeline.GetPipelineInput{Name: aws.String("p")})
			return err
		},
		func() error {
			_, err := c.CodeBuild.BatchGetBuilds(ctx, &codebuild.BatchGetBuildsInput{Ids: []string{"b"}})
			return err
		},
		func() error {
			_, err := c.Logs.GetLogEvents(ctx, &cloudwatchlogs.GetLogEventsInput{LogStreamName: aws.String("s")})
			return err
		},
		func() error {
			_, err := c.ECR.ListImages(ctx, &ecr.ListImagesInput{RepositoryName: aws.String("r")})
			return err
		},
		func() error {
			_, err := c.S3.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: aws.String("bucket"), Key: aws.String("object")})
			return err
		},
	}
	for i, call := range calls {
		if err := call(); err == nil {
			t.Errorf("call %d: got no error, want a status 500", i)
		}
		if len(s.requests) != i+1 {
			t.Fatalf("call %d: got %d requests so far, want one for each call, and none again", i, len(s.requests))
		}
	}
	if got := s.requests[len(calls)-1].path; got != "/bucket/object" {
		t.Errorf("S3: got path %s, want /bucket/object", got)
	}
	if len(other.requests) > 0 {
		t.Errorf("%d calls went elsewhere", len(other.requests))
	}
}

func TestRole(t *testing.T) {
	home(t, "")
	keys(t)
	s := newServer(t, 0)
	c, err := connect.Clients(t.Context(), connect.Options{
		Region: "eu-central-1", Endpoint: s.URL, RoleARN: roleARN, ExternalID: "partner-7",
	})
	if err != nil {
		t.Fatal(err)
	}
	whoami(t, c)
	whoami(t, c)
	want := url.Values{
		"Action": {"AssumeRole"}, "Version": {"2011-06-15"}, "RoleArn": {roleARN}, "RoleSessionName": {"slipway"},
		"ExternalId": {"partner-7"}, "DurationSeconds": {"3600"},
	}
	if diff := cmp.Diff(want, s.requests[0].form); diff != "" {
		t.Errorf("mismatch (-want +got)\n%s", diff)
	}
	if s.requests[0].key != key || len(s.requests) != 3 || s.requests[1].key != "ASIAFAKEROLE" || s.requests[2].key != "ASIAFAKEROLE" {
		t.Errorf("got requests %+v, want one of the user and two of the role", s.requests)
	}
}

const withMFA = `[profile admin]
role_arn = ` + roleARN + `
source_profile = me
mfa_serial = ` + device + `
region = eu-central-1
[profile me]
aws_access_key_id = ` + key + `
aws_secret_access_key = ` + secret + `
mfa_serial = ` + device + `
region = eu-central-1
`

// The role of a profile, and one that is given beside a profile, want a code each.
func TestMFA(t *testing.T) {
	home(t, withMFA)
	s := newServer(t, 0)
	t.Setenv("AWS_ENDPOINT_URL_STS", s.URL)
	for _, opts := range []connect.Options{{Profile: "admin"}, {Profile: "me", RoleARN: roleARN}} {
		asked := 0
		opts.MFA = func(context.Context) (string, error) { asked++; return "123456", nil }
		c, err := connect.Clients(t.Context(), opts)
		if err != nil {
			t.Fatal(err)
		}
		form := s.requests[len(s.requests)-1].form
		if form.Get("TokenCode") != "123456" || form.Get("SerialNumber") != device || form.Get("RoleSessionName") != "slipway" {
			t.Errorf("%+v: got %v", opts, form)
		}
		whoami(t, c)
		if asked != 1 {
			t.Errorf("%+v: asked %d times, want once", opts, asked)
		}
	}
	gone := errors.New("the user has gone")
	_, err := connect.Clients(t.Context(), connect.Options{Profile: "admin", MFA: func(context.Context) (string, error) { return "", gone }})
	if !errors.Is(err, gone) {
		t.Errorf("got error %v, want that of MFA", err)
	}
}

// The role of a profile is assumed where AWS_ENDPOINT_URL says, which the SDK alone
// would overlook; credentials of a process serve for it too.
func TestRoleOfProfile(t *testing.T) {
	home(t, `[profile process]
credential_process = echo '{"Version": 1, "AccessKeyId": "`+key+`", "SecretAccessKey": "`+secret+`"}'; echo note >&2
[profile role]
role_arn = `+roleARN+`
source_profile = process
external_id = partner-7
`)
	s := newServer(t, 0)
	t.Setenv("AWS_ENDPOINT_URL", s.URL)
	printed := stderr(t)
	for _, opts := range []connect.Options{{Profile: "role"}, {Profile: "process", RoleARN: roleARN, ExternalID: "partner-7"}} {
		opts.Region = "eu-central-1"
		c, err := connect.Clients(t.Context(), opts)
		if err != nil {
			t.Fatal(err)
		}
		whoami(t, c)
		got := s.requests[len(s.requests)-2:]
		if got[0].form.Get("RoleArn") != roleARN || got[0].form.Get("ExternalId") != "partner-7" || got[0].key != key || got[1].key != "ASIAFAKEROLE" {
			t.Errorf("%+v: got requests %+v", opts, got)
		}
	}
	if text := printed(); text != "" {
		t.Errorf("printed %s", text)
	}
}
