package stackdiff_test

import (
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/internal/oracle"
	"github.com/seed-b1f00840/slipway/pipeline/apply/internal/stackdiff"
)

// stacked is a stack that ministack can make.
const stacked = `Parameters:
  Env: {Type: String, Default: dev}
  Block: {Type: String, Default: 10.0.0.0/16}
  Keep: {Type: String, Default: "on"}
Mappings:
  Sizes: {dev: {Days: 7}, prod: {Days: 365}}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  IsKept: !Not [!Equals [!Ref Keep, "off"]]
Resources:
  VPC:
    Type: AWS::EC2::VPC
    Properties:
      CidrBlock: !Ref Block
      Tags: [{Key: Name, Value: !Sub "${AWS::StackName}-vpc"}]
  SubnetA:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref VPC, CidrBlock: 10.0.0.0/24}
  SubnetB:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref VPC, CidrBlock: 10.0.1.0/24}
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: web
      VpcId: !Ref VPC
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 80, ToPort: 80, CidrIp: 0.0.0.0/0}]
  Bucket:
    Type: AWS::S3::Bucket
  Log:
    Type: AWS::Logs::LogGroup
    Properties:
      LogGroupName: !Sub "/app/${Env}"
      RetentionInDays: !FindInMap [Sizes, !Ref Env, Days]
  Size:
    Type: AWS::SSM::Parameter
    Properties: {Type: String, Value: !If [IsProd, large, small]}
  Group1:
    Type: AWS::SSM::Parameter
    Properties: {Type: String, Value: !Join [",", [!Ref Group, !Ref Env]]}
  Kept:
    Type: AWS::SSM::Parameter
    Condition: IsKept
    Properties: {Type: String, Value: a}
  Prod:
    Type: AWS::SSM::Parameter
    Condition: IsProd
    Properties: {Type: String, Value: a}
`

// TestMinistack has an emulator of CloudFormation say what changes, by change sets.
//
// It judges which resources are added, modified and removed, and which top-level
// properties of them differ. It cannot judge:
//   - where in a property the difference is: a change set of AWS does not say it either;
//   - replacements: every change of an EC2 resource may be one, for it, and then goes on to
//     what refers to it, so that none here is one that replaces nothing;
//   - policies alone: it takes a change of DeletionPolicy for one, of which AWS's own
//     guide says that it is none;
//   - a changed type, which it takes and AWS refuses;
//   - a Ref of a parameter in a branch of Fn::If that is not taken, which it counts;
//   - resources that come and go by their conditions: its change sets have them always,
//     so that the change set is carried out to see which are there.
func TestMinistack(t *testing.T) {
	if testing.Short() {
		t.Skip("starts an emulator")
	}
	api := ministack{oracle.Ministack(t).URL}
	api.call(t, nil, "CreateStack", "TemplateBody", stacked)
	api.wait(t, "CREATE_COMPLETE")

	before := stackdiff.Side{Template: parse(t, "before.yml", stacked)}
	for i, test := range []struct {
		name    string
		changes []string // old and new text
		values  map[string]string
	}{
		{name: "nothing"},
		{name: "output", changes: []string{"Resources:\n", "Outputs: {A: {Value: a}}\nResources:\n"}},
		{name: "meaning stays", changes: []string{"CidrBlock: !Ref Block", "CidrBlock: !Sub '${Block}'", "10.0.0.0/24", "!Join [/, [10.0.0.0, 24]]"}},
		{name: "literal for a parameter", changes: []string{"CidrBlock: !Ref Block", "CidrBlock: 10.0.0.0/16"}},
		{name: "parameter", values: map[string]string{"Env": "prod"}},
		{name: "other value of the same meaning", values: map[string]string{"Keep": "yes"}},
		{name: "condition defined anew", changes: []string{"!Equals [!Ref Env, prod]", "!Equals [!Ref Env, dev]"}},
		{name: "mapping", changes: []string{"dev: {Days: 7}", "dev: {Days: 14}"}},
		{name: "mapping that is not used", changes: []string{"prod: {Days: 365}", "prod: {Days: 400}"}},
		{name: "replacement", changes: []string{"CidrBlock: !Ref Block", "CidrBlock: 10.1.0.0/16"}},
		{name: "replacement by a parameter", values: map[string]string{"Block": "10.1.0.0/16"}},
		{name: "replaced group", changes: []string{"GroupDescription: web", "GroupDescription: all"}},
		{name: "metadata", changes: []string{"  Bucket:\n", "  Bucket:\n    Metadata: {A: b}\n"}},
		{name: "DependsOn", changes: []string{"  Bucket:\n", "  Bucket:\n    DependsOn: VPC\n"}},
		{
			name: "much at once",
			changes: []string{
				"  Bucket:\n    Type: AWS::S3::Bucket\n", "  Other:\n    Type: AWS::S3::Bucket\n",
				"80, CidrIp", "443, CidrIp",
				"    Condition: IsKept\n", "    Metadata: {A: b}\n",
			},
			values: map[string]string{"Env": "test"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			text := strings.NewReplacer(test.changes...).Replace(stacked)
			if len(test.changes) > 0 && text == stacked {
				t.Fatal("nothing is changed")
			}
			got := summary(before, stackdiff.Side{Template: parse(t, "after.yml", text), Parameters: test.values})
			want := api.changeSet(t, fmt.Sprint("set", i), text, test.values)
			for _, r := range before.Template.Resources {
				if r.Condition != "" && got[r.ID] == "add" {
					delete(got, r.ID)
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("mismatch (-ministack +ours):\n%s", diff)
			}
		})
	}
	t.Run("conditions", func(t *testing.T) {
		values := map[string]string{"Env": "prod", "Keep": "off"}
		got := api.resources(t)
		for id, change := range summary(before, stackdiff.Side{Template: before.Template, Parameters: values}) {
			switch change {
			case "add":
				got = append(got, id)
			case "remove":
				got = slices.DeleteFunc(got, func(other string) bool { return other == id })
			}
		}
		slices.Sort(got)
		api.changeSet(t, "conditions", stacked, values)
		api.call(t, nil, "ExecuteChangeSet", "ChangeSetName", "conditions")
		api.wait(t, "UPDATE_COMPLETE")
		if diff := cmp.Diff(api.resources(t), got); diff != "" {
			t.Errorf("mismatch (-ministack +ours):\n%s", diff)
		}
	})
}

// summary returns what a change set says too: the action, and the properties and
// attributes that are its reason.
func summary(before, after stackdiff.Side) map[string]string {
	out := map[string]string{}
	for _, c := range stackdiff.Diff(before, after) {
		names := map[string]bool{}
		for _, p := range c.Properties {
			name, _, _ := strings.Cut(p.Path, "[")
			name, _, _ = strings.Cut(name, ".")
			names[name] = true
		}
		if slices.Contains(c.Attributes, "Metadata") {
			names["Metadata"] = true
		}
		out[c.ID] = strings.Join(append([]string{c.Action.String()}, slices.Sorted(maps.Keys(names))...), " ")
	}
	return out
}

// ministack is the URL of an emulator. It reads no signature, so that no client is
// needed, which would take most of the time.
type ministack struct{ url string }

func (m ministack) call(t *testing.T, out any, action string, params ...string) {
	t.Helper()
	form := url.Values{"Action": {action}, "Version": {"2010-05-15"}, "StackName": {"s"}}
	for i := 0; i < len(params); i += 2 {
		form.Set(params[i], params[i+1])
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, m.url, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/cloudformation/aws4_request")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %v, %s\n%s", action, err, resp.Status, data)
	}
	if out != nil {
		if err := xml.Unmarshal(data, out); err != nil {
			t.Fatal(err)
		}
	}
}

// resources returns the logical ids of the resources that stand.
func (m ministack) resources(t *testing.T) []string {
	t.Helper()
	var out struct {
		IDs []string `xml:"ListStackResourcesResult>StackResourceSummaries>member>LogicalResourceId"`
	}
	m.call(t, &out, "ListStackResources")
	slices.Sort(out.IDs)
	return out.IDs
}

// wait returns when the stack has a status.
func (m ministack) wait(t *testing.T, status string) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		var out struct {
			Status string `xml:"DescribeStacksResult>Stacks>member>StackStatus"`
		}
		m.call(t, &out, "DescribeStacks")
		switch {
		case out.Status == status:
			return
		case !strings.HasSuffix(out.Status, "_IN_PROGRESS") || time.Now().After(deadline):
			t.Fatalf("the stack is %s, want %s", out.Status, status)
		}
	}
}

// changeSet returns what a change set would change.
func (m ministack) changeSet(t *testing.T, name, template string, values map[string]string) map[string]string {
	t.Helper()
	params := []string{"ChangeSetName", name, "ChangeSetType", "UPDATE", "TemplateBody", template}
	for i, key := range slices.Sorted(maps.Keys(values)) {
		member := fmt.Sprintf("Parameters.member.%d.", i+1)
		params = append(params, member+"ParameterKey", key, member+"ParameterValue", values[key])
	}
	m.call(t, nil, "CreateChangeSet", params...)
	var out struct {
		Status, StatusReason string
		Changes              []struct {
			Action  string   `xml:"ResourceChange>Action"`
			ID      string   `xml:"ResourceChange>LogicalResourceId"`
			Scope   []string `xml:"ResourceChange>Scope>member"`
			Details []string `xml:"ResourceChange>Details>member>Target>Name"`
		} `xml:"Changes>member"`
	}
	result := struct {
		Result any `xml:"DescribeChangeSetResult"`
	}{&out}
	m.call(t, &result, "DescribeChangeSet", "ChangeSetName", name)
	const none = "didn't contain changes"
	if strings.Contains(out.StatusReason, none) != (len(out.Changes) == 0) {
		t.Fatalf("%s, %s: %v", out.Status, out.StatusReason, out.Changes)
	}
	found := map[string]string{}
	for _, c := range out.Changes {
		words := c.Details
		if slices.Contains(c.Scope, "Metadata") {
			words = append(words, "Metadata")
		}
		slices.Sort(words)
		found[c.ID] = strings.Join(append([]string{strings.ToLower(c.Action)}, slices.Compact(words)...), " ")
	}
	return found
}
