package cfn_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/cfn"
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
