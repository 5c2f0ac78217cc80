package applytest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	gocmp "github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/pipeline/apply/applytest"
)

// served returns the address at which a cloud is served until the test is over.
func served(t testing.TB, cloud *applytest.Cloud) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- applytest.Serve(l, cloud) }()
	t.Cleanup(func() {
		l.Close()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return l.Addr().String()
}

// farWorld is a world whose clients reach the cloud over a socket.
func farWorld(t testing.TB, opts applytest.Options) *world {
	t.Helper()
	w := newWorld(t, opts)
	clients, clock, err := applytest.Dial("tcp", served(t, w.cloud))
	if err != nil {
		t.Fatal(err)
	}
	w.Clients, w.clock = clients, clock
	return w
}

// A delivery goes up from another process as it does in this one.
func TestDial(t *testing.T) {
	near, far := newWorld(t, applytest.Options{}), farWorld(t, applytest.Options{Account: "111122223333", Region: "eu-central-1"})
	if far.Region != "eu-central-1" {
		t.Errorf("got region %s", far.Region)
	}
	far = farWorld(t, applytest.Options{})
	for _, w := range []*world{near, far} {
		w.up(loadMinimal(w.cloud))
		w.execution()
		w.cloud.Push("gitlab-mirror-repo", "master")
		w.execution()
	}
	if diff := gocmp.Diff(near.cloud.Snapshot(), far.cloud.Snapshot()); diff != "" {
		t.Errorf("state mismatch (-near +far):\n%s", diff)
	}
	if near, far := near.clock.Now(), far.clock.Now(); !near.Equal(far) {
		t.Errorf("got time %s, want %s", far, near)
	}
}

// Errors are the same on the other side.
func TestDialErrors(t *testing.T) {
	cloud := applytest.New(applytest.Options{})
	far, _, err := applytest.Dial("tcp", served(t, cloud))
	if err != nil {
		t.Fatal(err)
	}
	near := cloud.Clients()
	for _, operation := range applytest.Operations() {
		for _, kind := range []applytest.FaultKind{
			applytest.Throttling, applytest.InternalError, applytest.AccessDenied, applytest.LostRequest, applytest.LostResponse,
		} {
			cloud.Fail(applytest.Fault{Operation: operation, Kind: kind, Times: 2})
			sameError(t, anyCall(t.Context(), near, operation), anyCall(t.Context(), far, operation))
		}
	}
	if _, err := far.ECS.DescribeServices(t.Context(), nil); err == nil || !strings.Contains(err.Error(), "missing required field") {
		t.Errorf("got %v, want what the SDK says of missing input", err)
	}
}

// Whatever stands in an input or an output arrives.
func TestRoundTrip(t *testing.T) {
	for _, id := range applytest.Operations() {
		for _, v := range applytest.Shapes(id) {
			fill(reflect.ValueOf(v).Elem(), 8) // types that contain themselves end somewhere
			if put, ok := v.(*s3.PutObjectInput); ok {
				put.Body = nil // travels beside the input, see TestDialBody
			}
			data, err := json.Marshal(v)
			if err != nil {
				t.Fatalf("%s: %v", id, err)
			}
			got := reflect.New(reflect.TypeOf(v).Elem()).Interface()
			if err := json.Unmarshal(data, got); err != nil {
				t.Errorf("%s: %v", id, err)
			} else if !reflect.DeepEqual(v, got) {
				t.Errorf("%s: %T has changed on its way", id, v)
			}
		}
	}
}

// The body of an object arrives.
func TestDialBody(t *testing.T) {
	w := farWorld(t, applytest.Options{})
	if status := w.deploy("store", "Resources: {Bucket: {Type: AWS::S3::Bucket, Properties: {BucketName: store-123}}}", nil); status != "CREATE_COMPLETE" {
		t.Fatal(status)
	}
	must(w.S3.PutObject(t.Context(), &s3.PutObjectInput{
		Bucket: aws.String("store-123"), Key: aws.String("k"), Body: strings.NewReader("twelve bytes"),
	}))
	want := []applytest.BucketState{{Name: "store-123", Objects: []applytest.ObjectState{{Key: "k", Version: "null", Size: 12}}}}
	if diff := gocmp.Diff(want, w.cloud.Snapshot().Buckets); diff != "" {
		t.Errorf("buckets mismatch (-want +got):\n%s", diff)
	}
}

// A context that ends lets go of a call that goes on.
func TestDialContext(t *testing.T) {
	paced := make(chan struct{})
	w := farWorld(t, applytest.Options{Pace: func(context.Context, time.Duration) error {
		<-paced
		return nil
	}})
	ctx, cancel := context.WithCancelCause(t.Context())
	cause := errors.New("enough")
	go cancel(cause)
	if err := w.clock.Sleep(ctx, time.Hour); !errors.Is(err, cause) {
		t.Errorf("got %v, want the cause of the context's end", err)
	}
	close(paced)
}

// A process that is killed in the middle of a call loses the answer; the work is done or
// not, as the boundary has it, and the cloud goes on for the next process.
func TestKill(t *testing.T) {
	for _, test := range []struct {
		done bool // killed after the work, not before
		want int  // revisions in the end: the child registers two, and after the kill another one does
	}{{false, 1 + 2}, {true, 2 + 2}} {
		t.Run(fmt.Sprintf("done=%t", test.done), func(t *testing.T) {
			var child *exec.Cmd
			cloud := applytest.New(applytest.Options{})
			if !test.done {
				cloud.Fail(applytest.Fault{Call: 2, Kind: applytest.LostRequest})
			}
			cloud.OnCall(func(c applytest.Call) {
				if c.Number == 2 && c.Done == test.done {
					child.Process.Kill()
					child.Process.Wait()
				}
			})
			address := served(t, cloud)
			for range 2 {
				child = exec.Command(os.Args[0], "-test.run=^TestChild$")
				child.Env = append(os.Environ(), "APPLYTEST_CLOUD="+address)
				if err := child.Start(); err != nil {
					t.Fatal(err)
				}
				for len(cloud.Calls()) < 2 || !cloud.Calls()[1].Done {
					time.Sleep(time.Millisecond) // until the first one is killed
				}
				_ = child.Wait() // it was killed, or is well
			}
			if got := len(cloud.Snapshot().Revisions); got != test.want {
				t.Errorf("got %d revisions, want %d", got, test.want)
			}
		})
	}
}

// TestChild is the process that TestKill kills.
func TestChild(t *testing.T) {
	address := os.Getenv("APPLYTEST_CLOUD")
	if address == "" {
		t.Skip("for TestKill")
	}
	clients, _, err := applytest.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	in := loadMinimal(applytest.New(applytest.Options{})).task
	for range 2 {
		if _, err := clients.ECS.RegisterTaskDefinition(t.Context(), in); err != nil {
			t.Fatal(err)
		}
	}
}

// Nobody is there.
func TestDialNobody(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	if _, _, err := applytest.Dial("tcp", l.Addr().String()); err == nil || !strings.Contains(err.Error(), "reach the cloud at") {
		t.Errorf("got %v, want an error that says what cannot be reached", err)
	}
}
