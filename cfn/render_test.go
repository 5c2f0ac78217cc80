package cfn_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/internal/race"
)

// short has every function in short form, and in long form where YAML does not
// allow the short one, as Render writes them.
const short = `AWSTemplateFormatVersion: '2010-09-09'

Transform: AWS::LanguageExtensions

Parameters:
  Env:
    Type: String
    Default: dev
    AllowedValues:
      - dev
      - prod
  Size:
    Type: Number
    MinValue: 1
    MaxValue: 10
    NoEcho: true

Conditions:
  IsProd: !Equals
    - !Ref Env
    - prod
  Either: !Or
    - !Condition IsProd
    - !Not
      - !Condition IsProd
  Both: !And
    - !Condition IsProd
    - !Condition Either
  Alias: !Condition IsProd

Resources:
  Fn::ForEach::Zones:
    - Zone
    - - a
      - b
    - Bucket${Zone}:
        Type: AWS::S3::Bucket

  VPC:
    Type: AWS::EC2::VPC
    DependsOn: Other
    DeletionPolicy: Retain
    Properties:
      CidrBlock: 10.0.0.0/16
      Text: |
        one
        two
      Zone: !Select
        - 0
        - !GetAZs ''
      Zones:
        Fn::GetAZs: !Ref AWS::Region
      Blocks: !Cidr
        - !GetAtt VPC.CidrBlock
        - 2
        - 8
      Data:
        Fn::Base64: !Sub |
          #!/bin/sh
          echo ${AWS::Region}
      Name: !Sub
        - ${A}-${B}
        - A: !ImportValue net
          B:
            Fn::ImportValue: !Sub ${Env}-b
      Nested: !GetAtt Nested.Outputs.Id
      Join: !Join
        - ','
        - !Split
          - '|'
          - !Ref Env
      Found: !FindInMap
        - Map
        - !Ref Env
        - key
        - DefaultValue: none
      Maybe: !If
        - IsProd
        - !Ref AWS::NoValue
        - null
      Far: !GetStackOutput
        StackName: net
        OutputName: Vpc
        Region: eu-west-1
      Count: !Length
        - a
        - b
      JSON: !ToJsonString
        a: 1
      Included: !Transform
        Name: AWS::Include
        Parameters:
          Location: s3://x
      Embedded: !Rain::Embed file.txt
      Bad: !BadFunc x
      Colon: !Ref: x

  Other:
    Type: AWS::SNS::Topic
    DependsOn:
      - A
      - B
    Condition2: '012'

Outputs:
  Id:
    Value: !Ref VPC
    Export:
      Name: !Sub ${AWS::StackName}-id
`

func TestShortForms(t *testing.T) {
	tmpl, err := cfn.ParseLax("t.yml", []byte(short))
	if err != nil {
		t.Fatal(err)
	}
	got, err := tmpl.Render()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(short, string(got)); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
	data, err := tmpl.RenderJSON()
	if err != nil {
		t.Fatal(err)
	}
	again, err := cfn.ParseLax("t.json", data)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(tmpl, again); diff != "" {
		t.Errorf("through JSON: mismatch (-want +got):\n%s\n%s", diff, data)
	}
}

func TestRenderErrors(t *testing.T) {
	for _, tt := range []struct {
		name string
		tmpl *cfn.Template
		want string
	}{
		{"nil value", &cfn.Template{Resources: []*cfn.Resource{{ID: "A", Properties: cfn.Object{
			cfn.Prop("B", cfn.List{cfn.Join{Delimiter: ","}}),
		}}}}, `Resources.A.Properties.B[0].Fn::Join[1]: no value to write; an explicit null is cfn.Null{}`},
		{"nil entry", &cfn.Template{Outputs: []*cfn.Output{nil}}, "Outputs[0]: no value to write; an explicit null is cfn.Null{}"},
		{"no number", &cfn.Template{Metadata: cfn.Object{cfn.Prop("A", cfn.Number("x\ny: 1"))}},
			`Metadata.A: "x\ny: 1" is not a number that can be written here`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, render := range []func([]byte) ([]byte, error){tt.tmpl.AppendText, tt.tmpl.AppendJSON} {
				got, err := render([]byte("before"))
				if err == nil || err.Error() != tt.want {
					t.Errorf("got %v, want %s", err, tt.want)
				}
				if string(got) != "before" {
					t.Errorf("dst became %q", got)
				}
			}
		})
	}
	inf := &cfn.Template{Metadata: cfn.Object{cfn.Prop("A", cfn.Number(".inf"))}}
	if _, err := inf.Render(); err != nil {
		t.Error(err)
	}
	if _, err := inf.RenderJSON(); err == nil {
		t.Error("JSON has no infinity")
	}
}

// TestRenderAllocates holds Render to the one allocation of its result.
func TestRenderAllocates(t *testing.T) {
	if race.Enabled {
		t.Skip("under the race detector a pool drops what it is given")
	}
	tmpl := networkTemplate(t)
	for name, render := range map[string]func() ([]byte, error){"Render": tmpl.Render, "RenderJSON": tmpl.RenderJSON} {
		if n := testing.AllocsPerRun(100, func() {
			if _, err := render(); err != nil {
				t.Fatal(err)
			}
		}); n > 1 {
			t.Errorf("%s allocates %v times, want 1", name, n)
		}
	}
}

// TestRenderForm holds the template of the benchmarks, which is written by hand in
// the form of Render, to come back byte for byte.
func TestRenderForm(t *testing.T) {
	got, err := networkTemplate(t).Render()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(network), string(got)); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
	empty, err := new(cfn.Template).Render()
	if string(empty) != "{}\n" || err != nil {
		t.Errorf("an empty template is %q, %v", empty, err)
	}
}
