package apply

import (
	"encoding/json"
	"testing"
)

func TestStackPolicy(t *testing.T) {
	const policy = `{"Statement": [
		{"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"},
		{"Effect": "Deny", "Action": ["Update:Replace", "Update:Delete"], "Principal": "*", "Resource": "LogicalResourceId/Repo*"},
		{"Effect": "Deny", "Action": "Update:Modify", "Principal": "*", "Resource": "*",
		 "Condition": {"StringEquals": {"ResourceType": ["AWS::ECS::Cluster"]}}},
		{"Effect": "Deny", "NotAction": "Update:Modify", "Principal": "*", "NotResource": "LogicalResourceId/Free"}
	]}`
	for _, tt := range []struct {
		policy string
		change Change
		want   string
	}{
		{policy, Change{Action: Update, Resource: "Repository"}, ""},
		{policy, Change{Action: Create, Resource: "Repository"}, ""},
		{policy, Change{Action: Replace, Resource: "Repository"}, "it denies Update:Replace"},
		{policy, Change{Action: Delete, Resource: "Repository"}, "it denies Update:Delete"},
		{policy, Change{Action: Replace, Resource: "Free"}, ""},
		{policy, Change{Action: Replace, Resource: "Bound"}, "it denies Update:Replace"},
		{policy, Change{Action: Update, Resource: "C", Type: "AWS::ECS::Cluster"}, "it denies Update:Modify"},
		{policy, Change{Action: Replace, Resource: "Repository", Maybe: true}, ""}, // CloudFormation knows when it is
		{`{"Statement": [{"Effect": "Allow", "Action": "Update:*", "Resource": "*"},
			{"Effect": "Deny", "Action": "Update:*", "Resource": "*", "Condition": {"StringNotEquals": {"ResourceType": "AWS::ECS::Service"}}}]}`,
			Change{Action: Update, Resource: "X", Type: "AWS::ECS::Cluster"}, "it denies Update:Modify"},
		{`{"Statement": [{"Effect": "Allow", "Action": "Update:*", "Resource": "*"},
			{"Effect": "Deny", "Action": "Update:*", "Resource": "*", "Condition": {"Null": {"ResourceType": "true"}}}]}`,
			Change{Action: Update, Resource: "X", Type: "AWS::ECS::Cluster"}, ""}, // what is not known here is left to CloudFormation
		{`{"Statement": []}`, Change{Action: Update, Resource: "X"}, "it allows no Update:Modify"},
	} {
		var p stackPolicy
		if err := json.Unmarshal([]byte(tt.policy), &p); err != nil {
			t.Fatal(err)
		}
		if got := p.denies(tt.change); got != tt.want {
			t.Errorf("%+v: got %q, want %q", tt.change, got, tt.want)
		}
	}
}
