package apply_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/internal/oracle"
	"github.com/seed-b1f00840/slipway/pipeline/apply"
)

// The life of stacks on ministack, which knows CloudFormation best of all emulators:
// created, unchanged, updated, failed and rolled back, deleted.
func TestMinistack(t *testing.T) {
	if testing.Short() {
		t.Skip("starts an emulator")
	}
	t.Parallel()
	s := oracle.Ministack(t)
	lacks(t, "ministack 1.5.33",
		"CodePipeline: no pipeline is applied here (TestMoto does)",
		"a number in a parameter, for ECS: the service has the literal 0 as its DesiredCount",
		"the refusal of an update of a stack in ROLLBACK_COMPLETE, of missing capabilities, and of unknown parameters",
		"values and replacement of properties in change sets: the plan shows names, and that the resource may be replaced",
	)
	var rec recorder
	a := apply.New(sdk(s.URL, http.DefaultClient), apply.Options{Poll: quick, Events: rec.record, Allow: apply.Allow{EmptyBuckets: true, DeleteImages: true}})
	b := minimal(t, "network.yml", "platform.yml", "taskdef.json", "service.yml")
	template(t, b, "service.yml").Resource("Service").Set("DesiredCount", cfn.Int(0))
	template(t, b, "service.yml").Parameters = nil

	everything := func() map[string]apply.Action {
		return map[string]apply.Action{
			"stack docker-cicd-formation": apply.Create, "stack docker-cicd-app-platform": apply.Create,
			"stack docker-cicd-app-service": apply.Create, "task definition docker-cicd-app-fargate": apply.Create,
		}
	}
	mustApply(t, a, planned(t, a, b, everything()))
	checkEvents(t, rec.reset(), "docker-cicd-formation", map[string]string{
		"PublicSubnet1": "VPC", "InternetGatewayAttachment": "InternetGateway", "PublicRoute": "InternetGatewayAttachment",
		"PublicSubnet1RouteTableAssociation": "PublicSubnet1", "SecurityGroup": "VPC",
	})
	t.Run("what the CLI sees", func(t *testing.T) { seenByCLI(t, s.URL) })

	t.Run("no change", func(t *testing.T) {
		planned(t, a, b, map[string]apply.Action{})
	})
	t.Run("no change, by change set", func(t *testing.T) {
		// What a parameter of the parameter store is may have changed: only CloudFormation knows.
		dynamic := minimal(t, "network.yml")
		dynamic.Artifacts[0].Stack = "dynamic"
		template(t, dynamic, "network.yml").Parameters = []*cfn.Parameter{{
			Name: "Image", Type: "AWS::SSM::Parameter::Value<String>", Default: cfn.String("/docker-cicd-app/repository-uri"),
		}}
		template(t, dynamic, "network.yml").Outputs = nil
		mustApply(t, a, planned(t, a, dynamic, map[string]apply.Action{"stack dynamic": apply.Create}))
		plan := planned(t, a, dynamic, map[string]apply.Action{})
		if err := a.Discard(t.Context(), plan); err != nil {
			t.Error(err)
		}
		var out struct{ Summaries []any }
		awsCLI(t, s.URL, &out, "cloudformation", "list-change-sets", "--stack-name", "dynamic")
		if len(out.Summaries) > 1 { // the one that was executed
			t.Errorf("%d change sets are left: %v", len(out.Summaries), out.Summaries)
		}
	})
	t.Run("update", func(t *testing.T) {
		template(t, b, "network.yml").Resource("SecurityGroup").Set("SecurityGroupIngress[1]", cfn.Object{
			cfn.Prop("IpProtocol", cfn.String("tcp")), cfn.Prop("FromPort", cfn.Int(443)), cfn.Prop("ToPort", cfn.Int(443)), cfn.Prop("CidrIp", cfn.String("0.0.0.0/0")),
		})
		plan := planned(t, a, b, map[string]apply.Action{"stack docker-cicd-formation": apply.Update})
		changes := plan.Step(apply.StackSubject, "docker-cicd-formation").Changes
		if len(changes) != 1 || changes[0].Resource != "SecurityGroup" || changes[0].Properties[0].Path != "Properties.SecurityGroupIngress" {
			t.Errorf("the changes are %+v", changes)
		}
		rec.reset()
		mustApply(t, a, plan)
		checkEvents(t, rec.reset(), "docker-cicd-formation", nil)
		if got := status(t, s.URL, "docker-cicd-formation"); got != "UPDATE_COMPLETE" {
			t.Errorf("the stack is in %s", got)
		}
		planned(t, a, b, map[string]apply.Action{})
	})
	t.Run("failed update", func(t *testing.T) {
		broken := minimal(t, "network.yml")
		n := template(t, broken, "network.yml")
		n.Add(&cfn.Resource{ID: "Broken", Type: "AWS::SSM::Parameter", Properties: cfn.Object{
			cfn.Prop("Type", cfn.String("String")), cfn.Prop("Value", cfn.Att("VPC", "NoSuchAttribute")),
		}})
		plan, err := a.Plan(t.Context(), broken)
		if err != nil {
			t.Fatal(err)
		}
		err = a.Apply(t.Context(), plan)
		var e *apply.Error
		if !errors.As(err, &e) || e.Subject.Name != "docker-cicd-formation" || !strings.Contains(e.Resource+e.Message, "NoSuchAttribute") && !strings.Contains(e.Resource, "Broken") {
			t.Errorf("the error is %v", err)
		}
		if got := status(t, s.URL, "docker-cicd-formation"); got != "UPDATE_ROLLBACK_COMPLETE" {
			t.Errorf("the stack is in %s after %v", got, err)
		}
		planned(t, a, b, map[string]apply.Action{"stack docker-cicd-formation": apply.Nothing})
	})
	t.Run("delete", func(t *testing.T) {
		d, err := a.PlanDestroy(t.Context(), b)
		if err != nil {
			t.Fatal(err)
		}
		var order []string
		for _, step := range d.Steps {
			order = append(order, step.Subject.String())
		}
		want := []string{"stack docker-cicd-app-service", "task definition docker-cicd-app-fargate", "stack docker-cicd-app-platform", "stack docker-cicd-formation"}
		if diff := cmp.Diff(want, order); diff != "" {
			t.Errorf("mismatch (-want +got):\n%s", diff)
		}
		if err := a.Destroy(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		planned(t, a, b, everything())
	})
}

// seenByCLI checks that the real AWS CLI sees what was planned.
func seenByCLI(t *testing.T, url string) {
	if got := status(t, url, "docker-cicd-formation"); got != "CREATE_COMPLETE" {
		t.Errorf("the network is in %s", got)
	}
	var exports struct {
		Exports []struct{ Name, Value string }
	}
	awsCLI(t, url, &exports, "cloudformation", "list-exports")
	seen := make(map[string]bool)
	for _, e := range exports.Exports {
		seen[e.Name] = e.Value != ""
	}
	for _, name := range []string{"VpcId", "PublicSubnets", "SecurityGroupId", "DefaultSecurityGroupId"} {
		if !seen["docker-cicd-formation-"+name] {
			t.Errorf("there is no export docker-cicd-formation-%s", name)
		}
	}
	var services struct {
		Services []struct {
			ServiceName, Status, TaskDefinition string
			DesiredCount                        int
		}
	}
	awsCLI(t, url, &services, "ecs", "describe-services", "--cluster", "DockerCiCdAppCluster", "--services", "docker-cicd-app-service")
	if len(services.Services) != 1 || services.Services[0].Status != "ACTIVE" || services.Services[0].DesiredCount != 0 ||
		!strings.Contains(services.Services[0].TaskDefinition, "docker-cicd-app-fargate") {
		t.Errorf("the service is %+v", services.Services)
	}
}
