package oracle_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/seed-b1f00840/slipway/internal/oracle"
)

func TestServers(t *testing.T) {
	if testing.Short() {
		t.Skip("starts emulators")
	}
	for name, start := range map[string]func(testing.TB, ...string) *oracle.Server{
		"moto": oracle.Moto, "ministack": oracle.Ministack,
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t)
			create := func() error {
				_, err := oracle.AWS(t, "--endpoint-url", s.URL, "ecr", "create-repository", "--repository-name", "web")
				return err
			}
			if err := create(); err != nil {
				t.Fatal(err)
			}
			if err := create(); err == nil || !strings.Contains(err.Error(), "RepositoryAlreadyExistsException") {
				t.Errorf("second create: got %v", err)
			}
			s.Reset(t)
			if err := create(); err != nil {
				t.Errorf("after reset: %v", err)
			}
		})
	}
}

// Ministack makes, changes and deletes a network: what a plan is tried on.
func TestMinistackNetwork(t *testing.T) {
	if testing.Short() {
		t.Skip("starts an emulator")
	}
	s := oracle.Ministack(t)
	stack := func(args ...string) ([]byte, error) {
		return oracle.AWS(t, append([]string{"--endpoint-url", s.URL, "cloudformation"}, args...)...)
	}
	const stackArg, body = "--stack-name=net", "--template-body=file://testdata/network.yml"
	if out, err := stack("create-stack", stackArg, body); err != nil {
		t.Fatal(err, string(out))
	}
	type output struct{ OutputKey, OutputValue, ExportName string }
	var described struct {
		Stacks []struct {
			StackStatus string
			Outputs     []output
		}
	}
	// An idle machine needs a tenth of a second.
	for deadline := time.Now().Add(30 * time.Second); ; {
		out, err := stack("describe-stacks", stackArg)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(out, &described); err != nil {
			t.Fatal(err)
		}
		if status := described.Stacks[0].StackStatus; status != "CREATE_IN_PROGRESS" {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the stack is never created")
		}
	}
	if status := described.Stacks[0].StackStatus; status != "CREATE_COMPLETE" {
		events, _ := stack("describe-stack-events", stackArg)
		t.Fatalf("%s:\n%s", status, events)
	}
	prefixes := map[string]string{"VpcId": "vpc-", "SubnetId": "subnet-", "SecurityGroupId": "sg-"}
	for _, o := range described.Stacks[0].Outputs {
		if prefix, ok := prefixes[o.OutputKey]; !ok || !strings.HasPrefix(o.OutputValue, prefix) || o.ExportName != "net-"+o.OutputKey {
			t.Errorf("output %+v", o)
		}
	}
	if n := len(described.Stacks[0].Outputs); n != len(prefixes) {
		t.Errorf("%d outputs, want %d", n, len(prefixes))
	}
	// What it cannot do, it says at once.
	_, err := stack("create-stack", "--stack-name=nat", `--template-body={"Resources": {"N": {"Type": "AWS::EC2::NatGateway"}}}`)
	if err == nil || !strings.Contains(err.Error(), "Unrecognized resource types: [AWS::EC2::NatGateway]") {
		t.Errorf("NatGateway: got %v", err)
	}
}
