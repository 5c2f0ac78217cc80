package bundle

import (
	"slices"
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/internal/check"
	"github.com/seed-b1f00840/slipway/internal/shell"
	"github.com/seed-b1f00840/slipway/taskdef"
)

var roleTrustRule = check.Rule[*view]{
	Rule: slipway.Rule{
		Name: "bundle/role-trust", Source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html",
		Doc: "A role of the templates lets itself be assumed by the service that is to use it.",
	},
	Check: func(v *view, r *check.Report) {
		for _, t := range v.Tasks {
			checkTrust(v, r, user{t.Model.ExecutionRoleARN, t.Template, "ecs-tasks.amazonaws.com", t.Place("executionRoleArn", "the task that starts with it")})
			checkTrust(v, r, user{t.Model.TaskRoleARN, t.Template, "ecs-tasks.amazonaws.com", t.Place("taskRoleArn", "the task that runs with it")})
		}
		for _, p := range v.Projects {
			checkTrust(v, r, user{p.Model.ServiceRole.Value, p.Template, "codebuild.amazonaws.com", p.Place("ServiceRole", "the project that runs with it")})
		}
		for _, p := range v.Pipelines {
			checkTrust(v, r, user{p.Model.RoleARN, p.Template, "codepipeline.amazonaws.com", p.Place("roleArn", "the pipeline that runs with it")})
		}
	},
}

// A user is what uses a role, and the service in whose name.
type user struct {
	role     string
	template *cfn.Template
	service  string
	place    slipway.Place
}

func checkTrust(v *view, r *check.Report, u user) {
	role := v.find(u.role, u.template)
	if u.role == "" || role == nil {
		return
	}
	services, ok := trusted(role.resource)
	if !ok || slices.Contains(services, u.service) {
		return
	}
	where := slipway.Path("Resources", role.resource.ID, "Properties", "AssumeRolePolicyDocument")
	p := addf(r, role.part, where, "%s cannot assume this role, which lets in %s; add it to the principals", u.service, listed(services))
	relate(p, u.place)
}

// trusted returns the services that may assume a role; ok is false where there may
// be others.
func trusted(res *cfn.Resource) (services []string, ok bool) {
	statements := elements(propertyObject(res, "AssumeRolePolicyDocument").Get("Statement"))
	if len(statements) == 0 {
		return nil, false
	}
	for _, item := range statements {
		s, ok := item.(cfn.Object)
		if !ok {
			return nil, false
		}
		principal, ok := s.Get("Principal").(cfn.Object)
		if !ok {
			return nil, false
		}
		for _, m := range principal {
			for _, service := range elements(m.Value) {
				name, ok := service.(cfn.String)
				if m.Key == "Service" && !ok {
					return nil, false
				}
				if m.Key == "Service" {
					services = append(services, string(name))
				}
			}
		}
	}
	return services, len(services) > 0
}

var executionRightsRule = check.Rule[*view]{
	Rule: slipway.Rule{
		Name: "bundle/execution-role", Source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html", Severity: slipway.Warning,
		Doc: "The execution role has the rights to pull the images of the task, to write its logs and to read its secrets.",
	},
	Check: func(v *view, r *check.Report) {
		for _, t := range v.Tasks {
			if role := v.find(t.Model.ExecutionRoleARN, t.Template); role != nil && t.Model.ExecutionRoleARN != "" {
				checkExecutionRights(t, role, r)
			}
		}
	},
}

func checkExecutionRights(t *Part[*taskdef.Definition], role *role, r *check.Report) {
	seen := map[string]bool{}
	for i := range t.Model.ContainerDefinitions {
		for _, need := range needs(&t.Model.ContainerDefinitions[i]) {
			if seen[need.action] || role.allows(need.action) != shell.No {
				continue
			}
			seen[need.action] = true
			p := addf(r, role.part, slipway.Path("Resources", role.resource.ID), "the role lacks %s, which the task needs %s", need.action, need.reason)
			relate(p, t.Place(slipway.Path("containerDefinitions", i, need.member), "needs it "+need.reason))
		}
	}
}

// A need is a right that a container needs its execution role to have.
type need struct{ action, reason, member string }

func needs(c *taskdef.Container) []need {
	var list []need
	if host, _, ok := strings.Cut(c.Image, "/"); ok && strings.Contains(host, ".dkr.ecr") {
		list = append(list,
			need{"ecr:GetAuthorizationToken", "to pull its image from ECR", "image"},
			need{"ecr:BatchGetImage", "to pull its image from ECR", "image"},
			need{"ecr:GetDownloadUrlForLayer", "to pull its image from ECR", "image"})
	}
	if l := c.LogConfiguration; l != nil && l.LogDriver == taskdef.LogDriverAwslogs {
		list = append(list,
			need{"logs:CreateLogStream", "for the log driver awslogs", "logConfiguration"},
			need{"logs:PutLogEvents", "for the log driver awslogs", "logConfiguration"})
		if l.Options["awslogs-create-group"] == "true" {
			list = append(list, need{"logs:CreateLogGroup", "for awslogs-create-group", "logConfiguration"})
		}
	}
	for _, s := range c.Secrets {
		switch {
		case strings.Contains(s.ValueFrom, ":secretsmanager:"):
			list = append(list, need{"secretsmanager:GetSecretValue", "to read its secrets", "secrets"})
		case strings.Contains(s.ValueFrom, ":ssm:") || IsKnown(s.ValueFrom) && !strings.HasPrefix(s.ValueFrom, "arn:"):
			list = append(list, need{"ssm:GetParameters", "to read its secrets", "secrets"})
		}
	}
	if len(c.EnvironmentFiles) > 0 {
		list = append(list, need{"s3:GetObject", "to read its environment files", "environmentFiles"})
	}
	return list
}

var passRoleRule = check.Rule[*view]{
	Rule: slipway.Rule{
		Name: "bundle/pass-role", Source: "https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-ECS.html", Severity: slipway.Warning,
		Doc: "The role of a pipeline may pass the roles of the task that it deploys.",
	},
	Check: func(v *view, r *check.Report) {
		for d, role := range v.deployRoles() {
			task := v.taskOf(d)
			if task == nil {
				continue
			}
			for _, pass := range [...]struct{ key, arn string }{
				{"executionRoleArn", task.Model.ExecutionRoleARN}, {"taskRoleArn", task.Model.TaskRoleARN},
			} {
				if pass.arn != "" && !v.passes(role, pass.arn, task.Template) {
					p := addf(r, role.part, slipway.Path("Resources", role.resource.ID), "the role may not pass %s of the task, without which the deployment cannot register a revision; allow iam:PassRole on it", pass.key)
					relate(p, task.Place(pass.key, "the role to pass"))
				}
			}
		}
	},
}

// deployRoles yields each deployment of a pipeline with the role that it has.
func (v *view) deployRoles() func(yield func(*Deploy, *role) bool) {
	return func(yield func(*Deploy, *role) bool) {
		for i := range v.groups {
			g := &v.groups[i]
			if g.Pipeline == nil {
				continue
			}
			for j := range g.Deploys {
				d := &g.Deploys[j]
				arn := g.Pipeline.Model.RoleARN
				if d.Action == nil || d.Action.RoleARN != "" || arn == "" {
					continue
				}
				if role := v.find(arn, g.Pipeline.Template); role != nil && !yield(d, role) {
					return
				}
			}
		}
	}
}

// passes reports whether a role may pass another one, or may do so for all that
// is known.
func (v *view) passes(r *role, arn string, template *cfn.Template) bool {
	resources, ok := r.on("iam:PassRole")
	if !ok {
		return true
	}
	passed := v.find(arn, template)
	for _, res := range resources {
		switch res := res.(type) {
		case cfn.String:
			if strings.ContainsAny(string(res), "*?") || string(res) == arn || passed != nil && passed.name != "" && strings.HasSuffix(string(res), "/"+passed.name) {
				return true
			}
			if !strings.HasPrefix(arn, "arn:") && passed == nil {
				return true
			}
		case cfn.GetAtt:
			if passed == nil || passed.part == r.part && passed.resource.ID == res.Resource {
				return true
			}
		default:
			return true
		}
	}
	return false
}

var deployRightsRule = check.Rule[*view]{
	Rule: slipway.Rule{
		Name: "bundle/pipeline-role", Source: "https://docs.aws.amazon.com/codepipeline/latest/userguide/how-to-custom-role.html", Severity: slipway.Warning,
		Doc: "The role of a pipeline has the rights that its deploy actions need.",
	},
	Check: func(v *view, r *check.Report) {
		for d, role := range v.deployRoles() {
			var actions []string
			switch {
			case d.is("ECS"):
				actions = []string{"ecs:DescribeServices", "ecs:DescribeTaskDefinition", "ecs:RegisterTaskDefinition", "ecs:TagResource", "ecs:UpdateService"}
			case d.is("CodeDeployToECS"):
				actions = []string{"codedeploy:CreateDeployment", "codedeploy:GetDeployment", "codedeploy:GetApplication", "codedeploy:GetApplicationRevision",
					"codedeploy:RegisterApplicationRevision", "codedeploy:GetDeploymentConfig", "ecs:RegisterTaskDefinition"}
			}
			var missing []string
			for _, action := range actions {
				if role.allows(action) == shell.No {
					missing = append(missing, action)
				}
			}
			if len(missing) > 0 {
				p := addf(r, role.part, slipway.Path("Resources", role.resource.ID), "the role lacks %s, which the action %s needs", strings.Join(missing, ", "), d.Action.Name)
				for i := range v.groups {
					if g := &v.groups[i]; g.Pipeline != nil && g.Pipeline.Model.RoleARN != "" && owns(g, d) {
						relate(p, g.Pipeline.Place(d.path(), "the action"))
					}
				}
			}
		}
	},
}

func owns(g *group, d *Deploy) bool {
	for i := range g.Deploys {
		if &g.Deploys[i] == d {
			return true
		}
	}
	return false
}

var parameterRightsRule = check.Rule[*view]{
	Rule: slipway.Rule{
		Name: "bundle/parameter-rights", Source: "https://docs.aws.amazon.com/codebuild/latest/userguide/troubleshooting.html#build-spec-parameter-does-not-exist", Severity: slipway.Warning,
		Doc: "The role of a project may read the parameters and secrets that the buildspec names.",
	},
	Check: func(v *view, r *check.Report) {
		for i := range v.groups {
			for j := range v.groups[i].builds {
				b := &v.groups[i].builds[j]
				if b.Project == nil || b.Buildspec == nil || b.Buildspec.Model.Env == nil {
					continue
				}
				if role := v.find(b.Project.Model.ServiceRole.Value, b.Project.Template); role != nil {
					checkParameterRights(b, role, r)
				}
			}
		}
	},
}

func checkParameterRights(b *build, role *role, r *check.Report) {
	env := b.Buildspec.Model.Env
	for _, p := range env.ParameterStore {
		where := slipway.Path("env", "parameter-store", p.Name)
		resources, ok := role.on("ssm:GetParameters")
		if !ok || !IsKnown(p.Value) || slices.ContainsFunc(resources, func(res cfn.Value) bool { return coversParameter(res, p.Value) }) {
			continue
		}
		what := "has no right to ssm:GetParameters"
		if len(resources) > 0 {
			what = "may read other parameters only"
		}
		f := addf(r, b.Buildspec, where, "the role of the project %s; the build stops because the parameter %s does not exist for it", what, p.Value)
		relate(f, role.part.Place(slipway.Path("Resources", role.resource.ID), "the role"))
	}
	if len(env.SecretsManager) > 0 && role.allows("secretsmanager:GetSecretValue") == shell.No {
		f := addf(r, b.Buildspec, "env.secrets-manager", "the role of the project has no right to secretsmanager:GetSecretValue")
		relate(f, role.part.Place(slipway.Path("Resources", role.resource.ID), "the role"))
	}
}

// coversParameter reports whether a resource of a policy is, or may be, a
// parameter of that name.
func coversParameter(res cfn.Value, name string) bool {
	pattern, ok := symbolic(res)
	if !ok {
		return true
	}
	_, path, ok := strings.Cut(pattern, ":parameter")
	if !ok {
		return strings.Contains(pattern, "*") || !strings.HasPrefix(pattern, "arn:")
	}
	return wildcard(path, "/"+strings.TrimPrefix(name, "/"), false) || strings.HasPrefix(name, "arn:")
}
