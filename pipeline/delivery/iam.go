package delivery

import (
	"slices"

	"github.com/seed-b1f00840/slipway/cfn"
)

// statement returns an Allow statement: an action or a list of them, a resource or
// a list, and conditions, or nil.
func (p *plan) statement(action, resource, conditions cfn.Value) cfn.Object {
	effect, what := cfn.Prop("Effect", cfn.String("Allow")), cfn.Prop("Action", action)
	if conditions == nil {
		return p.object(effect, what, cfn.Prop("Resource", resource))
	}
	return p.object(effect, what, cfn.Prop("Resource", resource), cfn.Prop("Condition", conditions))
}

// one returns the only element of a list, or the list.
func one(list cfn.List) cfn.Value {
	if len(list) == 1 {
		return list[0]
	}
	return list
}

func (p *plan) document(statements cfn.List) cfn.Object {
	return p.object(
		cfn.Prop("Version", cfn.String(policyVersion)),
		cfn.Prop("Statement", statements),
	)
}

// trust lets a service of AWS take on a role, for this account only: the
// condition keeps others from making the service act for them.
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
func (p *plan) trust(service string, sourceARN cfn.Value) cfn.Object {
	account := cfn.Prop("StringEquals", thisAccount)
	conditions := p.object(account)
	if sourceARN != nil {
		conditions = p.object(account, cfn.Prop("ArnLike", p.object(cfn.Prop("aws:SourceArn", sourceARN))))
	}
	return p.document(p.list(p.object(
		cfn.Prop("Effect", cfn.String("Allow")),
		cfn.Prop("Principal", p.object(cfn.Prop("Service", cfn.String(service)))),
		cfn.Prop("Action", cfn.String("sts:AssumeRole")),
		cfn.Prop("Condition", conditions),
	)))
}

func (p *plan) trustTasks() cfn.Object { return p.trust("ecs-tasks.amazonaws.com", arn("ecs", "*")) }

// role returns the resource of a role that may do what statements say.
func (p *plan) role(id string, r Role, trust cfn.Object, statements cfn.List) *cfn.Resource {
	props := make(cfn.Object, 0, 5)
	props = append(props, cfn.Prop("RoleName", text(r.Name)), cfn.Prop("AssumeRolePolicyDocument", trust))
	if r.Managed != nil {
		statements = nil
		managed := make(cfn.List, len(r.Managed))
		for i, m := range r.Managed {
			managed[i] = cfn.Sub("arn:${AWS::Partition}:iam::aws:policy/" + m)
		}
		if len(managed) > 0 {
			props = append(props, cfn.Prop("ManagedPolicyArns", managed))
		}
	}
	for _, s := range r.Statements {
		resources := make(cfn.List, len(s.Resources))
		for i, a := range s.Resources {
			resources[i] = text(a)
		}
		statements = append(statements, p.statement(one(cfn.Strings(s.Actions...)), one(resources), nil))
	}
	if len(statements) > 0 {
		props = append(props, cfn.Prop("Policies", p.list(p.object(
			cfn.Prop("PolicyName", cfn.String("delivery")),
			cfn.Prop("PolicyDocument", p.document(statements)),
		))))
	}
	return p.resource(id, "AWS::IAM::Role", props)
}

// taskRoles returns the role of the task and the role that starts it, which may
// be one and the same, as far as they are not others' roles.
func (p *plan) taskRoles() []*cfn.Resource {
	var roles []*cfn.Resource
	if p.ownExecution {
		roles = append(roles, p.role("ExecutionRole", p.Roles.Execution, p.trustTasks(), p.executionStatements()))
	}
	if p.ownTask && !p.sharedRole() {
		roles = append(roles, p.role("TaskRole", p.Roles.Task, p.trustTasks(), nil))
	}
	return roles
}

// sharedRole reports whether the task and its start have one role.
func (p *plan) sharedRole() bool { return p.Roles.Task.Name == p.Roles.Execution.Name }

// taskRoleARNs returns the roles that the task definition names, each once.
func (p *plan) taskRoleARNs() cfn.List {
	var arns cfn.List
	for _, r := range [...]struct {
		own     bool
		id, arn string
	}{
		{p.ownExecution, "ExecutionRole", p.Task.ExecutionRoleARN},
		{p.ownTask, "TaskRole", p.Task.TaskRoleARN},
	} {
		switch {
		case r.arn == p.Task.ExecutionRoleARN && len(arns) > 0:
		case r.own:
			arns = append(arns, cfn.Att(r.id, "Arn"))
		default:
			arns = append(arns, text(r.arn))
		}
	}
	return arns
}

// resource returns a resource with the service's tags, for the types that take a
// list of them.
func (p *plan) resource(id, typ string, props cfn.Object) *cfn.Resource {
	if len(p.tags) > 0 {
		props = append(props, cfn.Prop("Tags", slices.Clone(p.tags)))
	}
	r := p.newResource()
	r.ID, r.Type, r.Properties = id, typ, props
	return r
}

// stored is a resource that holds data. It goes with its stack, which AWS refuses
// while a bucket or a repository is not empty, but what a change of its name
// would replace stays.
func (p *plan) stored(id, typ string, props cfn.Object) *cfn.Resource {
	r := p.resource(id, typ, props)
	r.DeletionPolicy, r.UpdateReplacePolicy = cfn.String("Delete"), cfn.String("Retain")
	return r
}
