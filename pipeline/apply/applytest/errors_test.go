package applytest_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/codebuild"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	gocmp "github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/pipeline/apply"
	"github.com/seed-b1f00840/slipway/pipeline/apply/applytest"
)

// wire is a network on which one answer comes.
type wire func(*http.Request) (*http.Response, error)

func (f wire) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// sdk returns clients of the SDK itself on a wire.
func sdk(f wire) apply.Clients {
	return clientsOf(aws.Config{HTTPClient: &http.Client{Transport: f}})
}

// clientsOf returns clients of the SDK itself.
func clientsOf(cfg aws.Config) apply.Clients {
	cfg.Region, cfg.RetryMaxAttempts = "us-east-1", 1
	cfg.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "example"}, nil
	})
	return apply.Clients{
		STS: sts.NewFromConfig(cfg), CloudFormation: cloudformation.NewFromConfig(cfg), ECS: ecs.NewFromConfig(cfg),
		CodePipeline: codepipeline.NewFromConfig(cfg), CodeBuild: codebuild.NewFromConfig(cfg), Logs: cloudwatchlogs.NewFromConfig(cfg),
		ECR: ecr.NewFromConfig(cfg), S3: s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true }),
	}
}

// anyCall calls an operation, with an input that the SDK lets through.
func anyCall(ctx context.Context, clients apply.Clients, operation string) error {
	service, name, _ := strings.Cut(operation, ":")
	field := map[string]string{
		"sts": "STS", "cloudformation": "CloudFormation", "ecs": "ECS", "codepipeline": "CodePipeline", "codebuild": "CodeBuild",
		"logs": "Logs", "ecr": "ECR", "s3": "S3",
	}[service]
	method := reflect.ValueOf(clients).FieldByName(field).Elem().MethodByName(name)
	in := reflect.New(method.Type().In(1).Elem())
	fill(in.Elem(), 0)
	err, _ := method.Call([]reflect.Value{reflect.ValueOf(ctx), in})[1].Interface().(error)
	return err
}

// fill sets all that an input may have.
func fill(v reflect.Value, depth int) {
	switch v.Kind() {
	case reflect.String:
		if v.Type() != reflect.TypeFor[s3types.ChecksumAlgorithm]() {
			v.SetString("sample")
		}
	case reflect.Pointer:
		if v.Type() != reflect.TypeFor[*time.Time]() && depth < 20 {
			v.Set(reflect.New(v.Type().Elem()))
			fill(v.Elem(), depth+1)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), depth+1)
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		element := reflect.New(v.Type().Elem()).Elem()
		fill(element, depth+1)
		v.SetMapIndex(reflect.ValueOf("sample").Convert(v.Type().Key()), element)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fill(v.Field(i), depth+1)
			}
		}
	}
}

// answers are what AWS may answer, by service.
var answers = map[string][]string{
	"sts": {"AccessDenied", "Throttling", "InternalFailure"},
	"cloudformation": {
		"ValidationError", "AlreadyExistsException", "InsufficientCapabilitiesException", "ChangeSetNotFound", "InvalidChangeSetStatus",
		"AccessDenied", "Throttling", "InternalFailure",
	},
	"ecs": {
		"ClientException", "ClusterNotFoundException", "ServiceNotFoundException", "ServiceNotActiveException", "InvalidParameterException",
		"AccessDeniedException", "ThrottlingException", "ServerException",
	},
	"codepipeline": {
		"PipelineNotFoundException", "PipelineNameInUseException", "InvalidStructureException", "ResourceNotFoundException",
		"AccessDeniedException", "ThrottlingException", "InternalFailure",
	},
	"codebuild": {"InvalidInputException", "AccessDeniedException"},
	"logs":      {"ResourceNotFoundException", "AccessDeniedException", "ThrottlingException"},
	"ecr":       {"RepositoryNotFoundException", "InvalidParameterException", "ServerException"},
	"s3":        {"NoSuchBucket", "AccessDenied", "MalformedXML", "SlowDown", "InternalError"},
}

// statusOf is the status with which an error comes.
func statusOf(code string) int {
	return map[string]int{
		"ChangeSetNotFound": 404, "AccessDenied": 403, "InternalFailure": 500, "InternalError": 500, "ServerException": 500,
		"NoSuchBucket": 404, "SlowDown": 503,
	}[code]
}

// onTheWire is how AWS sends an error.
func onTheWire(operation, code string, status int) wire {
	service, _, _ := strings.Cut(operation, ":")
	body, header := fmt.Sprintf(`{"__type":%q,"message":"sorry"}`, code), http.Header{}
	switch service {
	case "cloudformation", "sts":
		body = "<ErrorResponse><Error><Type>Sender</Type><Code>" + code + "</Code><Message>sorry</Message></Error></ErrorResponse>"
	case "s3":
		body = "<Error><Code>" + code + "</Code><Message>sorry</Message></Error>"
	}
	return func(r *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
	}
}

// chain tells the types of an error and of what it wraps. The one of S3 is internal.
func chain(err error) []string {
	var out []string
	for ; err != nil; err = errors.Unwrap(err) {
		name := reflect.TypeOf(err).String()
		if strings.HasPrefix(err.Error(), "https response error") {
			name = "response error"
		}
		out = append(out, name)
	}
	return out
}

var ids = regexp.MustCompile(`(RequestID|HostID): [^,]*`)

// withoutID takes the ids of the request out of a message.
func withoutID(err error) string { return ids.ReplaceAllString(fmt.Sprint(err), "$1:") }

// The errors of a cloud are those that the SDK makes of the same answer on a wire.
func TestErrorsAreTheSDKs(t *testing.T) {
	for _, operation := range applytest.Operations() {
		service, _, _ := strings.Cut(operation, ":")
		for _, code := range answers[service] {
			t.Run(operation+"/"+code, func(t *testing.T) {
				status := cmp.Or(statusOf(code), 400)
				want := anyCall(t.Context(), sdk(onTheWire(operation, code, status)), operation)
				cloud := applytest.New(applytest.Options{})
				cloud.Fail(applytest.Fault{Operation: operation, Code: code, Message: "sorry", Status: status})
				sameError(t, want, anyCall(t.Context(), cloud.Clients(), operation))
				if left := cloud.Unfired(); len(left) > 0 {
					t.Errorf("unfired: %v", left)
				}
			})
		}
	}
}

func sameError(t *testing.T, want, got error) {
	t.Helper()
	if diff := gocmp.Diff(chain(want), chain(got)); diff != "" {
		t.Errorf("error chain mismatch (-want +got):\n%s", diff)
	}
	if diff := gocmp.Diff(withoutID(want), withoutID(got)); diff != "" {
		t.Errorf("error mismatch (-want +got):\n%s", diff)
	}
	var x, y *awshttp.ResponseError
	if errors.As(want, &x) != errors.As(got, &y) || x != nil && x.HTTPStatusCode() != y.HTTPStatusCode() {
		t.Errorf("got response error %v, want %v", y, x)
	}
	var a, b smithy.APIError
	if errors.As(want, &a) != errors.As(got, &b) || a != nil && a.ErrorCode() != b.ErrorCode() {
		t.Errorf("got API error %v, want %v", b, a)
	}
}

// A lost answer is what the SDK makes of a connection that times out.
func TestLostIsTheSDKs(t *testing.T) {
	silence := wire(func(*http.Request) (*http.Response, error) {
		return nil, &net.OpError{Op: "read", Net: "tcp", Err: os.ErrDeadlineExceeded}
	})
	for _, kind := range []applytest.FaultKind{applytest.LostRequest, applytest.LostResponse} {
		for _, operation := range []string{"cloudformation:DescribeStacks", "ecs:DescribeServices", "s3:DeleteObjects"} {
			cloud := applytest.New(applytest.Options{})
			cloud.Fail(applytest.Fault{Operation: operation, Kind: kind})
			want, got := anyCall(t.Context(), sdk(silence), operation), anyCall(t.Context(), cloud.Clients(), operation)
			if diff := gocmp.Diff(chain(want), chain(got)); diff != "" {
				t.Errorf("%s: error chain mismatch (-want +got):\n%s", operation, diff)
			}
			var timeout net.Error
			if !errors.As(got, &timeout) || !timeout.Timeout() {
				t.Errorf("%s: got %v, want a timeout", operation, got)
			}
		}
	}
}

// What the SDK refuses to send is refused.
func TestMissingInput(t *testing.T) {
	clients := applytest.New(applytest.Options{}).Clients()
	_, err := clients.ECS.DescribeServices(t.Context(), nil)
	_, want := sdk(nil).ECS.DescribeServices(t.Context(), nil)
	sameError(t, want, err)
	if _, err := clients.CloudFormation.DescribeStacks(t.Context(), nil); err != nil {
		t.Errorf("got %v for all stacks of an empty cloud, want none", err)
	}
}

// The kinds of faults are told in the words of the service.
func TestFaultKinds(t *testing.T) {
	tests := []struct {
		operation string
		kind      applytest.FaultKind
		want      string
	}{
		{"cloudformation:DescribeStacks", applytest.Throttling, "Throttling: Rate exceeded"},
		{"ecs:UpdateService", applytest.Throttling, "ThrottlingException: Rate exceeded"},
		{"s3:DeleteObjects", applytest.Throttling, "SlowDown: Please reduce your request rate."},
		{"ecs:UpdateService", applytest.InternalError, "StatusCode: 500"},
		{"codepipeline:GetPipeline", applytest.InternalError, "InternalFailure"},
		{"s3:DeleteObjects", applytest.InternalError, "InternalError: We encountered an internal error. Please try again."},
		{"cloudformation:DescribeStacks", applytest.AccessDenied, "AccessDenied: User: arn:aws:iam::123456789012:user/developer is not " +
			"authorized to perform: cloudformation:DescribeStacks because no identity-based policy allows the cloudformation:DescribeStacks action"},
		{"ecs:UpdateService", applytest.AccessDenied, "AccessDeniedException: User: "},
	}
	for _, test := range tests {
		cloud := applytest.New(applytest.Options{})
		cloud.Fail(applytest.Fault{Operation: test.operation, Kind: test.kind})
		err := anyCall(t.Context(), cloud.Clients(), test.operation)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %q in it", test.operation, err, test.want)
		}
	}
}

// Faults are found by the number of a call, or by how often an operation was called.
func TestFaultChoice(t *testing.T) {
	tests := []struct {
		name  string
		fault applytest.Fault
		fails []int // of six calls, alternating between two operations
	}{
		{"the first of an operation", applytest.Fault{Operation: "ecs:UpdateService"}, []int{2}},
		{"the second of an operation", applytest.Fault{Operation: "ecs:UpdateService", Nth: 2}, []int{4}},
		{"two of an operation", applytest.Fault{Operation: "ecs:UpdateService", Times: 2}, []int{2, 4}},
		{"all from the second on", applytest.Fault{Operation: "ecs:UpdateService", Nth: 2, Times: -1}, []int{4, 6}},
		{"by number", applytest.Fault{Call: 3}, []int{3}},
		{"by number, and those after it", applytest.Fault{Call: 3, Times: 2}, []int{3, 4}},
		{"by number, of another operation", applytest.Fault{Call: 3, Operation: "ecs:UpdateService"}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			cloud := applytest.New(applytest.Options{})
			test.fault.Kind = applytest.InternalError
			cloud.Fail(test.fault)
			for i := range 6 {
				_ = anyCall(t.Context(), cloud.Clients(), []string{"sts:GetCallerIdentity", "ecs:UpdateService"}[i%2])
			}
			var got []int
			for _, c := range cloud.Calls() {
				if c.Fault {
					got = append(got, c.Number)
				}
			}
			if diff := gocmp.Diff(test.fails, got); diff != "" {
				t.Errorf("calls that failed mismatch (-want +got):\n%s", diff)
			}
		})
	}
}

// A lost request was not done, and a lost response was.
func TestLost(t *testing.T) {
	for kind, want := range map[applytest.FaultKind]int{applytest.LostRequest: 0, applytest.LostResponse: 1} {
		w := newWorld(t, applytest.Options{})
		w.cloud.Fail(applytest.Fault{Operation: "ecs:RegisterTaskDefinition", Kind: kind})
		if _, err := w.ECS.RegisterTaskDefinition(t.Context(), loadMinimal(w.cloud).task); err == nil {
			t.Error("got no error for a lost call")
		}
		if got := len(w.cloud.Snapshot().Revisions); got != want {
			t.Errorf("kind %d: got %d revisions, want %d", kind, got, want)
		}
		if got := w.cloud.Calls()[0].Code; got != "Timeout" {
			t.Errorf("got code %s, want Timeout", got)
		}
		// A body is read in both cases, and stored in one.
		w.deploy("stores", stores, nil)
		w.cloud.Fail(applytest.Fault{Operation: "s3:PutObject", Kind: kind})
		in := &s3.PutObjectInput{Bucket: aws.String("store-plain"), Key: aws.String("k"), Body: strings.NewReader("text")}
		if _, err := w.S3.PutObject(t.Context(), in); err == nil {
			t.Error("got no error for a lost object")
		}
		if got := len(w.versions("store-plain", 10)); got != want {
			t.Errorf("kind %d: got %d objects, want %d", kind, got, want)
		}
	}
}

// A script that makes no sense is a panic that says so.
func TestBadScripts(t *testing.T) {
	tests := map[string]func(*applytest.Cloud){
		"want one of cloudformation:CancelUpdateStack": func(c *applytest.Cloud) { c.Fail(applytest.Fault{Operation: "ecs:Update"}) },
		"needs the number of a Call":                   func(c *applytest.Cloud) { c.Fail(applytest.Fault{}) },
		"needs a Code":                                 func(c *applytest.Cloud) { c.Fail(applytest.Fault{Call: 1}) },
		"needs a Stack and a Resource":                 func(c *applytest.Cloud) { c.FailResource(applytest.ResourceFault{Stack: "x"}) },
		"there is no stack shop now":                   func(c *applytest.Cloud) { c.Protect("shop", true) },
		"there is no stack web now":                    func(c *applytest.Cloud) { c.Occupy("web", 1) },
		"there is no service web":                      func(c *applytest.Cloud) { c.Scale("cluster", "web", 1) },
		"there is no pipeline web":                     func(c *applytest.Cloud) { c.Deploy("web") },
		"want PRE_BUILD, BUILD or POST_BUILD":          func(c *applytest.Cloud) { c.ScriptBuilds(applytest.Build{Phase: "build"}) },
		"want 12 digits":                               func(*applytest.Cloud) { applytest.New(applytest.Options{Account: "42"}) },
		"there is no image repository":                 func(c *applytest.Cloud) { c.PushImage("web", "v1") },
		"there is no pipeline app now":                 func(c *applytest.Cloud) { c.Approve("app", "") },
	}
	for want, script := range tests {
		t.Run(want, func(t *testing.T) {
			defer func() {
				if got := fmt.Sprint(recover()); !strings.Contains(got, want) {
					t.Errorf("got panic %q, want %q in it", got, want)
				}
			}()
			script(applytest.New(applytest.Options{}))
		})
	}
}

// A context that has ended ends a call before it works, and a sleep before time passes.
func TestContext(t *testing.T) {
	cause := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	cloud := applytest.New(applytest.Options{OnCall: func(c applytest.Call) {
		if !c.Done {
			cancel(cause)
		}
	}})
	m := loadMinimal(cloud)
	if _, err := cloud.Clients().ECS.RegisterTaskDefinition(ctx, m.task); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want canceled", err)
	}
	if n := len(cloud.Snapshot().Revisions); n > 0 {
		t.Errorf("got %d revisions after a call that was canceled before it worked", n)
	}
	before := cloud.Now()
	if err := cloud.Clock().Sleep(ctx, 1e9); !errors.Is(err, cause) || !cloud.Now().Equal(before) {
		t.Errorf("got %v at %v, want the cause of the context's end, and no time to pass", err, cloud.Now())
	}
}
