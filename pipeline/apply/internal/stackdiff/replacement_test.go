package stackdiff_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/internal/oracle"
	"github.com/seed-b1f00840/slipway/pipeline/apply/internal/stackdiff"
)

func TestReplacementOf(t *testing.T) {
	for _, test := range []struct {
		typ, path string
		want      stackdiff.Replacement
	}{
		{"AWS::EC2::VPC", "CidrBlock", stackdiff.Always},
		{"AWS::EC2::VPC", "InstanceTenancy", stackdiff.Maybe},
		{"AWS::EC2::VPC", "EnableDnsSupport", stackdiff.Never},
		{"AWS::EC2::VPC", "Tags[0].Value", stackdiff.Never},
		{"AWS::EC2::VPC", "Tags", stackdiff.Never},
		{"AWS::EC2::VPC", "VpcEncryptionControl.Mode", stackdiff.Always},
		{"AWS::EC2::VPC", "InventedLater", stackdiff.Maybe},
		{"AWS::EC2::VPC", "", stackdiff.Maybe},
		{"AWS::EC2::VPC", "[0]", stackdiff.Maybe},
		{"AWS::EC2::InternetGateway", "Tags[3].Key", stackdiff.Never},
		{"AWS::EC2::VPCEndpoint", "DnsOptions", stackdiff.Maybe},
		{"AWS::EC2::VPCEndpoint", "DnsOptions.DnsRecordIpType", stackdiff.Never},
		{"AWS::EC2::VPCEndpoint", "DnsOptions.PrivateDnsPreference", stackdiff.Always},
		{"AWS::EC2::VPCEndpoint", "DnsOptions.PrivateDnsSpecifiedDomains[1]", stackdiff.Always},
		{"AWS::ECS::TaskDefinition", "ContainerDefinitions[0].Environment[2].Value", stackdiff.Always},
		{"AWS::ECS::TaskDefinition", `ContainerDefinitions[0].DockerLabels["com.example.x"]`, stackdiff.Always},
		{"AWS::ECS::Cluster", "ClusterName", stackdiff.Always},
		{"AWS::ECS::Cluster", "CapacityProviders[0]", stackdiff.Never},
		{"AWS::SSM::Parameter", "Name", stackdiff.Always},
		{"AWS::SSM::Parameter", "Type", stackdiff.Never},
		{"AWS::CodeCommit::Repository", "Triggers[0].Name", stackdiff.Maybe},
		{"AWS::IAM::Role", "Policies[0].PolicyDocument.Statement[0].Action", stackdiff.Never},
		{"AWS::New::Type", "Name", stackdiff.Maybe},
		{"Custom::Thing", "ServiceToken", stackdiff.Maybe},
		{"", "", stackdiff.Maybe},
	} {
		if got := stackdiff.ReplacementOf(test.typ, test.path); got != test.want {
			t.Errorf("%s %s: got %v, want %v", test.typ, test.path, got, test.want)
		}
	}
}

// TestReplacementKnown holds that a plan of what this library writes never says of a
// property that it is not known.
func TestReplacementKnown(t *testing.T) {
	names := 0
	for _, pattern := range []string{"examples/*/*.yml", "pipeline/delivery/testdata/*/*.yml", "cfn/network/testdata/*.yml"} {
		found, err := filepath.Glob(filepath.Join(oracle.Root(t), filepath.FromSlash(pattern)))
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: no files (%v)", pattern, err)
		}
		for _, name := range found {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			template, err := cfn.Parse(name, data)
			if err != nil {
				continue // a buildspec
			}
			names++
			for _, r := range template.Resources {
				for _, p := range r.Properties {
					if got := stackdiff.ReplacementOf(r.Type, p.Key); got == stackdiff.Maybe {
						t.Errorf("%s: %s %s: got %v", name, r.Type, p.Key, got)
					}
				}
			}
		}
	}
	if names < 10 {
		t.Errorf("only %d templates", names)
	}
}
