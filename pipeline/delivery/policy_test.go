package delivery_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
	"github.com/seed-b1f00840/slipway/pipeline/delivery"
)

// A grant is one action on one resource, as a role's policy gives it.
type grant struct{ role, action, resource, condition string }

// grants returns what the roles of platform.yml may do.
func grants(t *testing.T, s delivery.Service) []grant {
	t.Helper()
	var all []grant
	for _, r := range platform(t, s).Resources {
		if r.Type != "AWS::IAM::Role" {
			continue
		}
		policies, _ := r.Properties.Get("Policies").(cfn.List)
		for _, policy := range policies {
			document := policy.(cfn.Object).Get("PolicyDocument").(cfn.Object)
			for _, v := range document.Get("Statement").(cfn.List) {
				s := v.(cfn.Object)
				for _, action := range list(s.Get("Action")) {
					for _, resource := range list(s.Get("Resource")) {
						all = append(all, grant{r.ID, show(action), show(resource), show(s.Get("Condition"))})
					}
				}
			}
		}
	}
	return all
}

func platform(t *testing.T, s delivery.Service) *cfn.Template {
	t.Helper()
	b, err := s.Bundle()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range b.Artifacts {
		if a.Path == delivery.PlatformFile {
			return a.Model.(*cfn.Template)
		}
	}
	t.Fatal("no platform.yml")
	return nil
}

func list(v cfn.Value) cfn.List {
	if l, ok := v.(cfn.List); ok {
		return l
	}
	return cfn.List{v}
}

// show writes a value in the short form of a reader's notes.
func show(v cfn.Value) string {
	switch v := v.(type) {
	case nil:
		return ""
	case cfn.String:
		return string(v)
	case cfn.Ref:
		return "Ref " + string(v)
	case cfn.Sub:
		return string(v)
	case cfn.GetAtt:
		return v.Resource + "." + v.Attribute
	case cfn.List:
		parts := make([]string, len(v))
		for i, item := range v {
			parts[i] = show(item)
		}
		return strings.Join(parts, ",")
	case cfn.Object:
		parts := make([]string, len(v))
		for i, m := range v {
			parts[i] = m.Key + "=" + show(m.Value)
		}
		return strings.Join(parts, " ")
	}
	return "?"
}

// Only the actions for which AWS checks no resource are on all resources.
func TestNoWildcards(t *testing.T) {
	everywhere := map[string]bool{
		"ecr:GetAuthorizationToken": true, "ecs:RegisterTaskDefinition": true, "ecs:DescribeTaskDefinition": true,
	}
	for name, service := range goldens {
		for _, g := range grants(t, service()) {
			if g.resource == "*" && !everywhere[g.action] {
				t.Errorf("%s: %s may %s on everything", name, g.role, g.action)
			}
			if strings.Contains(g.action, "*") {
				t.Errorf("%s: %s may %s", name, g.role, g.action)
			}
		}
	}
}

func TestPassRole(t *testing.T) {
	var got []grant
	for _, g := range grants(t, minimal()) {
		if g.action == "iam:PassRole" {
			got = append(got, g)
		}
	}
	const condition = "StringEquals=iam:PassedToService=ecs.amazonaws.com,ecs-tasks.amazonaws.com"
	want := []grant{
		{"PipelineRole", "iam:PassRole", "ExecutionRole.Arn", condition},
		{"PipelineRole", "iam:PassRole", "TaskRole.Arn", condition},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(grant{})); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
}

// Roles that others made are passed, and not made again.
func TestExistingRoles(t *testing.T) {
	const mine = "arn:${AWS_PARTITION}:iam::${AWS_ACCOUNT_ID}:role/mine"
	s := minimal()
	s.Task.ExecutionRoleARN, s.Task.TaskRoleARN = mine, mine
	passed := 0
	for _, g := range grants(t, s) {
		if g.action == "iam:PassRole" {
			passed++
			if g.resource != "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/mine" {
				t.Errorf("passes %s", g.resource)
			}
		}
	}
	if passed != 1 {
		t.Errorf("%d roles are passed, want 1", passed)
	}
	for _, r := range platform(t, s).Resources {
		if r.ID == "ExecutionRole" || r.ID == "TaskRole" {
			t.Errorf("platform.yml creates %s", r.ID)
		}
	}
}

// What the execution role may read follows from the containers.
func TestExecutionRole(t *testing.T) {
	got := map[string]string{}
	for _, g := range grants(t, rich()) {
		if g.role == "ExecutionRole" && !strings.HasPrefix(g.action, "ecr:") {
			got[g.action] += g.resource + " "
		}
	}
	want := map[string]string{
		"logs:CreateLogStream":          "TaskLogGroup.Arn ",
		"logs:PutLogEvents":             "TaskLogGroup.Arn ",
		"secretsmanager:GetSecretValue": "arn:aws:secretsmanager:eu-central-1:123456789012:secret:db-AbCdEf ",
		"ssm:GetParameters":             "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/ledger/token ",
		"s3:GetObject":                  "arn:aws:s3:::ledger-env/prod.env ",
		"s3:GetBucketLocation":          "arn:aws:s3:::ledger-env ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
}

func TestTrustNamesTheAccount(t *testing.T) {
	for name, service := range goldens {
		for _, r := range platform(t, service()).Resources {
			if r.Type != "AWS::IAM::Role" {
				continue
			}
			for _, s := range r.Properties.Get("AssumeRolePolicyDocument").(cfn.Object).Get("Statement").(cfn.List) {
				if got := show(s.(cfn.Object).Get("Condition")); !strings.Contains(got, "aws:SourceAccount=Ref AWS::AccountId") {
					t.Errorf("%s: %s trusts without the account: %s", name, r.ID, got)
				}
			}
		}
	}
}

// The start rule matches what it must, and the source does not poll beside it.
func TestChangeDetection(t *testing.T) {
	b, err := minimal().Bundle()
	if err != nil {
		t.Fatal(err)
	}
	files, err := b.Files()
	if err != nil {
		t.Fatal(err)
	}
	if text := string(files.Get(delivery.PipelineFile)); !strings.Contains(text, `"PollForSourceChanges": "false"`) {
		t.Errorf("the source polls:\n%s", text)
	}
	rule := platform(t, minimal()).Resource("StartRule")
	if rule == nil {
		t.Fatal("no rule starts the pipeline")
	}
	const want = "source=aws.codecommit detail-type=CodeCommit Repository State Change" +
		" resources=arn:${AWS::Partition}:codecommit:${AWS::Region}:${AWS::AccountId}:shop" +
		" detail=event=referenceCreated,referenceUpdated referenceType=branch referenceName=main"
	if diff := cmp.Diff(want, show(rule.Properties.Get("EventPattern"))); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
	if r := platform(t, rich()).Resource("StartRule"); r != nil {
		t.Error("a connection starts the pipeline by itself, and there is a rule too")
	}
}

func TestFindByType(t *testing.T) {
	b, err := minimal().Bundle()
	if err != nil {
		t.Fatal(err)
	}
	if _, path, ok := bundle.Find[*cfn.Template](b); !ok || path != delivery.NetworkFile {
		t.Errorf("found %q, %v", path, ok)
	}
}
