package stackdiff_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/pipeline/apply/internal/stackdiff"
)

// report returns what differs in a readable form.
func report(before, after stackdiff.Side) string {
	var b strings.Builder
	for _, c := range stackdiff.Diff(before, after) {
		fmt.Fprintf(&b, "%v %s %s", c.Action, c.ID, c.Type)
		if c.Action == stackdiff.Modify {
			fmt.Fprintf(&b, ", replaced %v", c.Replacement)
		}
		if c.Retained {
			b.WriteString(", retained")
		}
		if c.Retyped() {
			b.WriteString(", refused")
		}
		b.WriteByte('\n')
		for _, p := range c.Properties {
			fmt.Fprintf(&b, "  %s: %s -> %s (%v)", p.Path, value(p.Before), value(p.After), p.Replacement)
			if p.Cause != "" {
				fmt.Fprintf(&b, " by %s", p.Cause)
			}
			b.WriteByte('\n')
		}
		if len(c.Attributes) > 0 {
			fmt.Fprintf(&b, "  attributes %s\n", strings.Join(c.Attributes, " "))
		}
	}
	if stackdiff.Same(before, after) {
		b.WriteString("same\n")
	}
	return b.String()
}

func value(v cfn.Value) string {
	if v == nil {
		return "nothing"
	}
	return stackdiff.Text(v)
}

func parse(t testing.TB, name, text string) *cfn.Template {
	t.Helper()
	template, err := cfn.Parse(name, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return template
}

// base is the template that the tables change.
const base = `Parameters:
  Env: {Type: String, Default: dev}
  Block: {Type: String, Default: 10.0.0.0/16}
  Zones: {Type: CommaDelimitedList, Default: "a, b"}
  Secret: {Type: String, NoEcho: true, Default: x}
  Image: {Type: AWS::SSM::Parameter::Value<String>, Default: /image}
Mappings:
  Sizes:
    dev: {Cpu: "256"}
    prod: {Cpu: "512"}
  Regions:
    eu-central-1: {Name: one}
    us-east-1: {Name: two}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  InEurope: !Equals [!Ref AWS::Region, eu-central-1]
  Both: !And [!Condition IsProd, !Condition InEurope]
Resources:
  VPC:
    Type: AWS::EC2::VPC
    Properties:
      CidrBlock: !Ref Block
      EnableDnsSupport: true
      Tags:
        - {Key: Name, Value: !Sub "${AWS::StackName}-vpc"}
        - {Key: Env, Value: !Ref Env}
  Subnet:
    Type: AWS::EC2::Subnet
    Properties:
      VpcId: !Ref VPC
      CidrBlock: !Select [0, !Cidr [!GetAtt VPC.CidrBlock, 4, 8]]
      AvailabilityZone: !Select [0, !Ref Zones]
  Log:
    Type: AWS::Logs::LogGroup
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
    Properties:
      LogGroupName: !Sub /app/${Env}
      RetentionInDays: !If [IsProd, 365, 14]
  Role:
    Type: AWS::IAM::Role
    Metadata: {Note: !Ref Secret}
    Properties:
      AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: []}
      Description: !FindInMap [Regions, !Ref AWS::Region, Name]
      MaxSessionDuration: !FindInMap [Sizes, !Ref Env, Cpu]
  Bucket:
    Type: AWS::S3::Bucket
    Condition: IsProd
    DependsOn: [VPC, Log]
  Note:
    Type: AWS::SSM::Parameter
    Properties:
      Type: String
      Value: !If [InEurope, !Ref VPC, !Sub "${VPC}-${Image}"]
Outputs:
  VpcId: {Value: !Ref VPC, Export: {Name: !Sub "${AWS::StackName}-vpc"}}
`

// TestDiff starts from one template and changes one thing.
func TestDiff(t *testing.T) {
	for _, test := range []struct {
		name     string
		old, new string            // replaced in the text of the template
		values   map[string]string // of parameters, after
		want     string
	}{
		{name: "nothing", want: "same\n"},
		{name: "format version", old: "Parameters:\n", new: "AWSTemplateFormatVersion: \"2010-09-09\"\nParameters:\n", want: "same\n"},
		{name: "order of members", old: "{Key: Env, Value: !Ref Env}", new: "{Value: !Ref Env, Key: Env}", want: "same\n"},
		{name: "order of DependsOn", old: "[VPC, Log]", new: "[Log, VPC]", want: "same\n"},
		{name: "text of a boolean", old: "EnableDnsSupport: true", new: "EnableDnsSupport: 'true'", want: "same\n"},
		{name: "Ref as Sub", old: "CidrBlock: !Ref Block", new: "CidrBlock: !Sub '${Block}'", want: "same\n"},
		{name: "GetAtt as Sub", old: "!GetAtt VPC.CidrBlock", new: "!Sub '${VPC.CidrBlock}'", want: "same\n"},
		{name: "default given", values: map[string]string{"Env": "dev"}, want: "same\n"},
		{name: "value of an unknown parameter", values: map[string]string{"Other": "dev"}, want: "same\n"},

		{name: "output", old: "Outputs:\n", new: "Outputs:\n  More: {Value: a}\n"},
		{name: "export", old: "-vpc\"}}", new: "-net\"}}"},
		{name: "description", old: "Parameters:\n", new: "Description: x\nParameters:\n"},
		{name: "unused condition", old: "Conditions:\n", new: "Conditions:\n  More: !Equals [a, b]\n"},
		{name: "policy alone", old: "DeletionPolicy: Retain", new: "DeletionPolicy: Delete"},
		{name: "DependsOn alone", old: "[VPC, Log]", new: "VPC"},
		{name: "mapping that is not used", old: `    prod: {Cpu: "512"}`, new: `    prod: {Cpu: "1024"}`},
		{name: "parameter instead of its value", old: "CidrBlock: !Ref Block", new: "CidrBlock: 10.0.0.0/16"},
		{name: "branch that is taken", old: "!If [IsProd, 365, 14]", new: "14"},
		{name: "branch that is not taken", old: "!If [IsProd, 365, 14]", new: "!If [IsProd, 30, 14]"},
		{name: "AWS::NoValue", old: "EnableDnsSupport: true", new: "EnableDnsSupport: true\n      EnableDnsHostnames: !If [IsProd, true, !Ref AWS::NoValue]"},
		{name: "resource that is not there", old: "    DependsOn: [VPC, Log]\n", new: "    Properties: {BucketName: x}\n"},
		{name: "element that is not selected", values: map[string]string{"Zones": "a,c"}},

		{name: "scalar", old: "EnableDnsSupport: true", new: "EnableDnsSupport: false", want: `modify VPC AWS::EC2::VPC, replaced never
  EnableDnsSupport: true -> false (never)
`},
		{name: "property added", old: "EnableDnsSupport: true", new: "EnableDnsSupport: true\n      InstanceTenancy: dedicated", want: `modify VPC AWS::EC2::VPC, replaced maybe
  InstanceTenancy: nothing -> dedicated (maybe)
modify Subnet AWS::EC2::Subnet, replaced maybe
  VpcId: !Ref VPC -> !Ref VPC (maybe) by VPC
  CidrBlock: !Select [0, !Cidr [!GetAtt VPC.CidrBlock, 4, 8]] -> !Select [0, !Cidr [!GetAtt VPC.CidrBlock, 4, 8]] (maybe) by VPC
modify Note AWS::SSM::Parameter, replaced never
  Value: !If [InEurope, !Ref VPC, !Sub "${VPC}-${Image}"] -> !If [InEurope, !Ref VPC, !Sub "${VPC}-${Image}"] (never) by VPC
`},
		{name: "property removed", old: "      EnableDnsSupport: true\n", want: `modify VPC AWS::EC2::VPC, replaced never
  EnableDnsSupport: true -> nothing (never)
`},
		{name: "tag", old: "{Key: Env, Value: !Ref Env}", new: "{Key: Env, Value: all}", want: `modify VPC AWS::EC2::VPC, replaced never
  Tags[1].Value: !Ref Env -> all (never)
`},
		{name: "tag removed", old: "        - {Key: Name, Value: !Sub \"${AWS::StackName}-vpc\"}\n", want: `modify VPC AWS::EC2::VPC, replaced never
  Tags[0]: {Key: Name, Value: !Sub "${AWS::StackName}-vpc"} -> nothing (never)
`},
		{name: "tag added", old: "      Tags:\n", new: "      Tags:\n        - {Key: A, Value: b}\n", want: `modify VPC AWS::EC2::VPC, replaced never
  Tags[0]: nothing -> {Key: A, Value: b} (never)
`},
		{name: "name", old: "/app/${Env}", new: "/apps/${Env}", want: `modify Log AWS::Logs::LogGroup, replaced always, retained
  LogGroupName: !Sub /app/${Env} -> !Sub /apps/${Env} (always)
`},
		{name: "text around a stack's name", old: "/app/${Env}", new: "/app/${AWS::StackName}", want: `modify Log AWS::Logs::LogGroup, replaced maybe, retained
  LogGroupName: !Sub /app/${Env} -> !Sub /app/${AWS::StackName} (maybe)
`},
		{name: "dynamic reference", old: "CidrBlock: !Ref Block", new: "CidrBlock: '{{resolve:ssm:/block}}'", want: `modify VPC AWS::EC2::VPC, replaced maybe
  CidrBlock: !Ref Block -> "{{resolve:ssm:/block}}" (maybe)
modify Subnet AWS::EC2::Subnet, replaced maybe
  VpcId: !Ref VPC -> !Ref VPC (maybe) by VPC
  CidrBlock: !Select [0, !Cidr [!GetAtt VPC.CidrBlock, 4, 8]] -> !Select [0, !Cidr [!GetAtt VPC.CidrBlock, 4, 8]] (maybe) by VPC
modify Note AWS::SSM::Parameter, replaced never
  Value: !If [InEurope, !Ref VPC, !Sub "${VPC}-${Image}"] -> !If [InEurope, !Ref VPC, !Sub "${VPC}-${Image}"] (never) by VPC
`},
		{name: "metadata", old: "{Note: !Ref Secret}", new: "{Note: x, More: y}", want: `modify Role AWS::IAM::Role, replaced never
  attributes Metadata
`},
		{name: "metadata and policy", old: "    Metadata: {Note: !Ref Secret}\n", new: "    DeletionPolicy: Delete\n", want: `modify Role AWS::IAM::Role, replaced never
  attributes DeletionPolicy Metadata
`},
		{name: "type", old: "AWS::SSM::Parameter\n", new: "AWS::SNS::Topic\n", want: `modify Note AWS::SNS::Topic, replaced always, refused
  : AWS::SSM::Parameter -> AWS::SNS::Topic (always)
`},
		{name: "condition dropped", old: "    Condition: IsProd\n", want: "add Bucket AWS::S3::Bucket\n"},
		{name: "condition that is not known", old: "    Condition: IsProd\n", new: "    Condition: InEurope\n", want: "add Bucket AWS::S3::Bucket\n"},
		{name: "mapping", old: `    dev: {Cpu: "256"}`, new: `    dev: {Cpu: "300"}`, want: `modify Role AWS::IAM::Role, replaced never
  MaxSessionDuration: !FindInMap [Sizes, !Ref Env, Cpu] -> !FindInMap [Sizes, !Ref Env, Cpu] (never) by Sizes
`},
		{name: "mapping by region", old: "{Name: two}", new: "{Name: three}", want: `modify Role AWS::IAM::Role, replaced never
  Description: !FindInMap [Regions, !Ref AWS::Region, Name] -> !FindInMap [Regions, !Ref AWS::Region, Name] (never) by Regions
`},
		{name: "another key of a mapping by region", old: "{Name: two}", new: "{Name: two, Other: x}"},
		{name: "condition defined anew", old: "IsProd: !Equals [!Ref Env, prod]", new: "IsProd: !Equals [!Ref Env, dev]", want: `modify Log AWS::Logs::LogGroup, replaced never
  RetentionInDays: !If [IsProd, 365, 14] -> !If [IsProd, 365, 14] (never) by IsProd
add Bucket AWS::S3::Bucket
`},
		{name: "condition that is not known defined anew", old: "[!Ref AWS::Region, eu-central-1]", new: "[!Ref AWS::Region, eu-west-1]", want: `modify Note AWS::SSM::Parameter, replaced never
  Value: !If [InEurope, !Ref VPC, !Sub "${VPC}-${Image}"] -> !If [InEurope, !Ref VPC, !Sub "${VPC}-${Image}"] (never) by InEurope
`},

		{name: "parameter", values: map[string]string{"Env": "prod"}, want: `modify VPC AWS::EC2::VPC, replaced never
  Tags[1].Value: dev -> prod (never) by Env
modify Log AWS::Logs::LogGroup, replaced always, retained
  LogGroupName: !Sub /app/${Env} -> !Sub /app/${Env} (always) by Env
  RetentionInDays: !If [IsProd, 365, 14] -> !If [IsProd, 365, 14] (never) by Env
modify Role AWS::IAM::Role, replaced never
  MaxSessionDuration: !FindInMap [Sizes, !Ref Env, Cpu] -> !FindInMap [Sizes, !Ref Env, Cpu] (never) by Env
add Bucket AWS::S3::Bucket
`},
		{name: "replacement spreads", values: map[string]string{"Block": "10.1.0.0/16"}, want: `modify VPC AWS::EC2::VPC, replaced always
  CidrBlock: 10.0.0.0/16 -> 10.1.0.0/16 (always) by Block
modify Subnet AWS::EC2::Subnet, replaced always
  VpcId: !Ref VPC -> !Ref VPC (always) by VPC
  CidrBlock: !Select [0, !Cidr [!GetAtt VPC.CidrBlock, 4, 8]] -> !Select [0, !Cidr [!GetAtt VPC.CidrBlock, 4, 8]] (maybe) by VPC
modify Note AWS::SSM::Parameter, replaced never
  Value: !If [InEurope, !Ref VPC, !Sub "${VPC}-${Image}"] -> !If [InEurope, !Ref VPC, !Sub "${VPC}-${Image}"] (never) by VPC
`},
		{name: "element", values: map[string]string{"Zones": "c,b"}, want: `modify Subnet AWS::EC2::Subnet, replaced always
  AvailabilityZone: !Select [0, !Ref Zones] -> !Select [0, !Ref Zones] (always) by Zones
`},
		{name: "secret", values: map[string]string{"Secret": "y"}, want: `modify Role AWS::IAM::Role, replaced never
  attributes Metadata
`},
		{name: "value of the Parameter Store", values: map[string]string{"Image": "/other"}, want: `modify Note AWS::SSM::Parameter, replaced never
  Value: !If [InEurope, !Ref VPC, !Sub "${VPC}-${Image}"] -> !If [InEurope, !Ref VPC, !Sub "${VPC}-${Image}"] (never) by Image
`},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.old != "" && strings.Count(base, test.old) != 1 {
				t.Fatalf("%q stands %d times", test.old, strings.Count(base, test.old))
			}
			after := base
			if test.old != "" {
				after = strings.Replace(base, test.old, test.new, 1)
			}
			got := report(
				stackdiff.Side{Template: parse(t, "before.yml", base)},
				stackdiff.Side{Template: parse(t, "after.yml", after), Parameters: test.values},
			)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("mismatch (-want +got):\n%s", diff)
			}
		})
	}
}
