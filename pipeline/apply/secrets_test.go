package apply_test

import (
	"strings"
	"testing"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/pipeline/apply"
	"github.com/seed-b1f00840/slipway/pipeline/apply/applytest"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
	"github.com/seed-b1f00840/slipway/taskdef"
)

// seen checks that none of what is printed has the secret, in any form.
func seen(t *testing.T, what string, plan *apply.Plan, status *apply.Status) {
	t.Helper()
	texts := make(map[string]string)
	if plan != nil {
		data, err := plan.JSON()
		if err != nil {
			t.Fatal(err)
		}
		texts["plan"], texts["plan as JSON"] = plan.String(), string(data)
	}
	if status != nil {
		data, err := status.JSON()
		if err != nil {
			t.Fatal(err)
		}
		texts["status"], texts["status as JSON"] = status.String(), string(data)
	}
	for name, text := range texts {
		for line := range strings.Lines(text) {
			if strings.Contains(line, "hunter2") {
				t.Errorf("%s: the %s shows the secret: %s", what, name, strings.TrimSpace(line))
			}
		}
	}
}

// Nothing that may be secret is printed, wherever it stands and whatever it is called.
func TestSecretsAreHidden(t *testing.T) {
	secrets := []string{
		"hunter2", "postgres://app:hunter2@db/x", "-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----", "x hunter2 y",
	}
	for _, name := range []string{"DB_PASSWORD", "STRIPE_KEY", "PGPASS", "SENTRY_DSN", "DATABASE_URL", "AUTH", "plain"} {
		for _, secret := range secrets {
			cloud, a, b := delivered(t, apply.Options{})
			task, _, _ := bundle.Find[*taskdef.Definition](b)
			c := &task.ContainerDefinitions[0]
			c.Environment = []taskdef.KeyValue{{Name: name, Value: &secret}}
			c.Command = []string{"run", "--db-password", secret}
			c.LogConfiguration = &taskdef.LogConfiguration{LogDriver: "splunk", Options: map[string]string{"splunk-token": secret, "splunk-url": "https://example.com"}}
			p := template(t, b, "platform.yml")
			p.Resource("BuildProject").Set("Environment.EnvironmentVariables", cfn.List{cfn.Object{cfn.Prop("Name", cfn.String(name)), cfn.Prop("Value", cfn.String(secret))}})
			p.Resource("Repository").Set("Tags", cfn.List{cfn.Object{cfn.Prop("Key", cfn.String("webhook-token")), cfn.Prop("Value", cfn.String("hunter2"))}})
			d, _, _ := bundle.Find[*pipeline.Definition](b)
			for i := range d.Stages {
				for j := range d.Stages[i].Actions {
					if action := &d.Stages[i].Actions[j]; action.ActionTypeID.Provider == "CodeBuild" {
						action.Configuration["EnvironmentVariables"] = `[{"name":"` + name + `","value":"hunter2","type":"PLAINTEXT"}]`
					}
				}
			}
			for range 2 { // made, and changed
				plan, err := a.Plan(t.Context(), b)
				if err != nil {
					t.Fatal(err)
				}
				seen(t, name, plan, nil)
				mustApply(t, a, plan)
				read, err := on(cloud, apply.Options{ReadOnly: true}).Plan(t.Context(), b)
				if err != nil {
					t.Fatal(err)
				}
				seen(t, name, read, nil)
				other := strings.ReplaceAll(secret, "hunter2", "hunter2-2")
				c.Environment[0].Value, c.Command[2] = &other, other
				p.Resource("BuildProject").Set("Environment.EnvironmentVariables[0].Value", cfn.String(other))
				p.Resource("Repository").Set("Tags[0].Value", cfn.String("hunter2-2"))
			}
		}
	}
}

// What a parameter with NoEcho gives is not shown where it is used.
func TestNoEcho(t *testing.T) {
	cloud, _, b := delivered(t, apply.Options{})
	p := template(t, b, "platform.yml")
	p.Parameters = append(p.Parameters, &cfn.Parameter{Name: "Key", Type: "String", NoEcho: cfn.Bool(true), Default: cfn.String("hunter2-default")})
	p.Resource("RepositoryUriParameter").Set("Description", cfn.Ref("Key"))
	p.Resource("Cluster").Set("Tags", cfn.List{cfn.Object{cfn.Prop("Key", cfn.String("k")), cfn.Prop("Value", cfn.Sub("x-${Key}"))}})
	p.Outputs = append(p.Outputs, &cfn.Output{Name: "Shown", Value: cfn.Sub("at-${Key}")}, &cfn.Output{Name: "AdminPassword", Value: cfn.String("hunter2")})
	for _, value := range []string{"", "hunter2-a", "hunter2-b"} {
		opts := apply.Options{}
		if value != "" {
			opts.Parameters = map[string]map[string]string{platformStack: {"Key": value}}
		}
		a := on(cloud, opts)
		opts.ReadOnly = true
		reader := on(cloud, opts)
		read, err := reader.Plan(t.Context(), b)
		if err != nil {
			t.Fatal(err)
		}
		seen(t, value, read, nil)
		plan, err := a.Plan(t.Context(), b)
		if err != nil {
			t.Fatal(err)
		}
		seen(t, value, plan, nil)
		if !plan.HasChanges() {
			t.Errorf("%q: nothing changes", value)
		}
		mustApply(t, a, plan)
		status, err := reader.Status(t.Context(), b)
		if err != nil {
			t.Fatal(err)
		}
		seen(t, value, nil, status)
	}

	// What CloudFormation says may have the value in it.
	cloud.FailResource(applytest.ResourceFault{Stack: platformStack, Resource: "RepositoryUriParameter", On: applytest.OnUpdate, Reason: "Value 'hunter2-c' at 'description' failed to satisfy constraint"})
	var rec recorder
	err := attempt(t, on(cloud, apply.Options{Events: rec.record, Parameters: map[string]map[string]string{platformStack: {"Key": "hunter2-c"}}}), b)
	wantError(t, err, "Value '(hidden)' at 'description' failed")
	for _, e := range rec.reset() {
		if strings.Contains(e.String(), "hunter2") {
			t.Errorf("an event shows the secret: %s", e)
		}
	}
}

// The default of a parameter, and what stands in a condition, may be secret too.
func TestSecretsInTemplates(t *testing.T) {
	cloud, a, b := delivered(t, apply.Options{})
	p := template(t, b, "platform.yml")
	p.Conditions = cfn.Object{cfn.Prop("Prod", cfn.Equals{Left: cfn.Ref("AWS::StackName"), Right: cfn.String(platformStack)})}
	url := &cfn.Parameter{Name: "DatabaseUrl", Type: "String"}
	p.Parameters = append(p.Parameters, url)
	p.Resource("RepositoryUriParameter").Set("Description", cfn.Ref("DatabaseUrl"))
	item := func(value string) cfn.Value {
		return cfn.Object{cfn.Prop("Name", cfn.String("MONGO")), cfn.Prop("Value", cfn.String(value))}
	}
	none := cfn.Ref("AWS::NoValue")
	for _, change := range []func(){
		func() { url.Default = cfn.String("postgres://app:hunter2@db/x") },
		func() { url.Default = cfn.String("postgres://app:hunter2-b@db/x\n\n  + create stack of-nobody") },
		func() {
			p.Resource("BuildProject").Set("Environment.EnvironmentVariables", cfn.List{cfn.If{Condition: "Prod", Then: item("hunter2"), Else: none}})
		},
		func() {
			p.Resource("BuildProject").Set("Environment.EnvironmentVariables", cfn.List{cfn.If{Condition: "Prod", Then: item("hunter2-b"), Else: none}})
		},
		func() {
			p.Resource("BuildProject").Set("Environment.EnvironmentVariables", cfn.If{Condition: "Prod", Then: cfn.List{item("hunter2-c")}, Else: none})
		},
		func() {
			p.Resource("BuildProject").Set("Environment.EnvironmentVariables", cfn.List{cfn.Object{cfn.Prop("Name", cfn.String("A")), cfn.Prop("Value", cfn.Sub("hunter2-${AWS::Region}"))}})
		},
	} {
		change()
		read, err := on(cloud, apply.Options{ReadOnly: true}).Plan(t.Context(), b)
		if err != nil {
			t.Fatal(err)
		}
		seen(t, "read only", read, nil)
		plan, err := a.Plan(t.Context(), b)
		if err != nil {
			t.Fatal(err)
		}
		seen(t, "plan", plan, nil)
		if text := plan.String(); strings.Contains(text, "\n\n  + create stack of-nobody") {
			t.Errorf("a default stands as a step of the plan:\n%s", text)
		}
		mustApply(t, a, plan)
	}
}
