package delivery

import (
	"slices"

	"github.com/seed-b1f00840/slipway/cfn"
)

// statement returns an Allow statement. Conditions may be nil.
func statement(actions cfn.List, resource cfn.Value, conditions cfn.Object) cfn.Object {
	s := make(cfn.Object, 0, 4)
	s = append(s, cfn.Prop("Effect", cfn.String("Allow")), cfn.Prop("Action", one(actions)), cfn.Prop("Resource", resource))
	if conditions != nil {
		s = append(s, cfn.Prop("Condition", conditions))
	}
	return s
}

// one returns the only element of a list, or the list.
func one(list cfn.List) cfn.Value {
	if len(list) == 1 {
		return list[0]
	}
	return list
}

func document(statements cfn.List) cfn.Object {
	return cfn.Object{
		cfn.Prop("Version", cfn.String("2012-10-17")),
		cfn.Prop("Statement", statements),
	}
}

// trust lets a service of AWS take on a role, for this account only: the
// condition keeps others from making the service act for them.
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
func trust(service string, sourceARN cfn.Value) cfn.Object {
	conditions := cfn.Object{
		cfn.Prop("StringEquals", cfn.Object{cfn.Prop("aws:SourceAccount", cfn.Ref("AWS::AccountId"))}),
	}
	if sourceARN != nil {
		conditions = append(conditions, cfn.Prop("ArnLike", cfn.Object{cfn.Prop("aws:SourceArn", sourceARN)}))
	}
	return document(cfn.List{cfn.Object{
		cfn.Prop("Effect", cfn.String("Allow")),
		cfn.Prop("Principal", cfn.Object{cfn.Prop("Service", cfn.String(service))}),
		cfn.Prop("Action", cfn.String("sts:AssumeRole")),
		cfn.Prop("Condition", conditions),
	}})
}

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
		statements = append(statements, statement(cfn.Strings(s.Actions...), one(resources), nil))
	}
	if len(statements) > 0 {
		props = append(props, cfn.Prop("Policies", cfn.List{cfn.Object{
			cfn.Prop("PolicyName", cfn.String("delivery")),
			cfn.Prop("PolicyDocument", document(statements)),
		}}))
	}
	return p.resource(id, "AWS::IAM::Role", props)
}

// taskRoles returns the role of the task and the role that starts it, which may
// be one and the same, as far as they are not others' roles.
func (p *plan) taskRoles() []*cfn.Resource {
	trust := func() cfn.Object { return trust("ecs-tasks.amazonaws.com", arn("ecs", "*")) }
	var roles []*cfn.Resource
	if p.ownExecution {
		roles = append(roles, p.role("ExecutionRole", p.Roles.Execution, trust(), p.executionStatements()))
	}
	if p.ownTask && !p.sharedRole() {
		roles = append(roles, p.role("TaskRole", p.Roles.Task, trust(), nil))
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

// The actions of each need, as the service authorization reference has them.
// Source: https://docs.aws.amazon.com/service-authorization/latest/reference/
func registryLogin() cfn.Object {
	return statement(cfn.List{cfn.String("ecr:GetAuthorizationToken")}, cfn.String("*"), nil)
}

func pullActions() cfn.List {
	return cfn.List{
		cfn.String("ecr:BatchCheckLayerAvailability"), cfn.String("ecr:BatchGetImage"), cfn.String("ecr:GetDownloadUrlForLayer"),
	}
}

func pushActions() cfn.List {
	return cfn.List{
		cfn.String("ecr:BatchCheckLayerAvailability"), cfn.String("ecr:BatchGetImage"), cfn.String("ecr:CompleteLayerUpload"),
		cfn.String("ecr:InitiateLayerUpload"), cfn.String("ecr:PutImage"), cfn.String("ecr:UploadLayerPart"),
	}
}

// writeLogs lets a role write to the log group of that logical id.
func writeLogs(id string) cfn.Object {
	return statement(cfn.List{cfn.String("logs:CreateLogStream"), cfn.String("logs:PutLogEvents")}, cfn.Att(id, "Arn"), nil)
}

// resource returns a resource with the service's tags, for the types that take a
// list of them.
func (p *plan) resource(id, typ string, props cfn.Object) *cfn.Resource {
	if len(p.tags) > 0 {
		props = append(props, cfn.Prop("Tags", slices.Clone(p.tags)))
	}
	return &cfn.Resource{ID: id, Type: typ, Properties: props}
}

// stored is a resource that holds data. It goes with its stack, which AWS refuses
// while a bucket or a repository is not empty, but what a change of its name
// would replace stays.
func (p *plan) stored(id, typ string, props cfn.Object) *cfn.Resource {
	r := p.resource(id, typ, props)
	r.DeletionPolicy, r.UpdateReplacePolicy = cfn.String("Delete"), cfn.String("Retain")
	return r
}
