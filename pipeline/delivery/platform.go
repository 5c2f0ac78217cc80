package delivery

import (
	"strconv"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/pipeline"
)

// platform returns platform.yml: what stands before the first deployment and
// outlives every one.
func (p *plan) platform() *cfn.Template {
	t := &cfn.Template{
		FormatVersion: "2010-09-09",
		Description:   "Platform of " + p.Name + " (image repository, roles, cluster, artifact bucket and build project)",
		Resources:     make([]*cfn.Resource, 0, 20),
	}
	t.Add(p.repository(), p.cluster())
	if p.taskLogs {
		t.Add(p.logGroupResource("TaskLogGroup", p.logGroup()))
	}
	t.Add(p.taskRoles()...)
	t.Add(p.bucket()...)
	t.Add(p.repositoryParameter())
	if !p.Logs.BuildOff {
		t.Add(p.logGroupResource("BuildLogGroup", "/aws/codebuild/"+p.Build.Project))
	}
	t.Add(p.buildRole(), p.project(), p.pipelineRole())
	if source, ok := p.Source.(pipeline.CodeCommitSource); ok && p.CreateSource {
		t.Add(p.resource("SourceRepository", "AWS::CodeCommit::Repository", p.object(
			cfn.Prop("RepositoryName", cfn.String(source.Repository)),
		)))
	}
	t.Add(p.start()...)
	t.Outputs = []*cfn.Output{
		{Name: "RepositoryUri", Description: "Where the build pushes the image to", Value: cfn.Att("Repository", "RepositoryUri")},
		{Name: "ArtifactBucket", Description: "What the pipeline passes from stage to stage", Value: cfn.Ref("ArtifactBucket")},
		{Name: "PipelineRoleArn", Description: "Role of the pipeline", Value: cfn.Att("PipelineRole", "Arn")},
	}
	return t
}

func (p *plan) repository() *cfn.Resource {
	mutability := "IMMUTABLE"
	if p.Repository.Mutable {
		mutability = "MUTABLE"
	}
	return p.stored("Repository", "AWS::ECR::Repository", p.object(
		cfn.Prop("RepositoryName", cfn.String(p.Repository.Name)),
		cfn.Prop("ImageTagMutability", cfn.String(mutability)),
		cfn.Prop("ImageScanningConfiguration", scanOnPush),
		cfn.Prop("LifecyclePolicy", p.object(cfn.Prop("LifecyclePolicyText", cfn.String(lifecycle(p.Repository.Keep))))),
	))
}

// lifecycle is the JSON text of a policy that keeps the newest images.
// Source: https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
func lifecycle(keep int) string {
	count := strconv.Itoa(keep)
	return `{
  "rules": [
    {
      "rulePriority": 1,
      "description": "Keep the newest ` + count + ` images",
      "selection": {
        "tagStatus": "any",
        "countType": "imageCountMoreThan",
        "countNumber": ` + count + `
      },
      "action": {
        "type": "expire"
      }
    }
  ]
}
`
}

func (p *plan) cluster() *cfn.Resource {
	return p.resource("Cluster", "AWS::ECS::Cluster", p.object(
		cfn.Prop("ClusterName", cfn.String(p.Deploy.Cluster)),
		cfn.Prop("CapacityProviders", fargateProviders),
		cfn.Prop("DefaultCapacityProviderStrategy", fargate),
	))
}

func (p *plan) logGroupResource(id, name string) *cfn.Resource {
	return p.stored(id, "AWS::Logs::LogGroup", p.object(
		cfn.Prop("LogGroupName", cfn.String(name)),
		cfn.Prop("RetentionInDays", cfn.Int(p.Logs.RetentionDays)),
	))
}

// repositoryParameter tells the build where to push to: the buildspec reads it,
// so that it holds no account.
func (p *plan) repositoryParameter() *cfn.Resource {
	props := p.object(
		cfn.Prop("Name", cfn.String(p.parameters+repositoryKey)),
		cfn.Prop("Type", cfn.String("String")),
		cfn.Prop("Value", cfn.Att("Repository", "RepositoryUri")),
	)
	if len(p.tags) > 0 {
		tags := make(cfn.Object, len(p.tags))
		for i, t := range p.tags {
			tag := t.(cfn.Object)
			tags[i] = cfn.Prop(string(tag[0].Value.(cfn.String)), tag[1].Value)
		}
		props = append(props, cfn.Prop("Tags", tags))
	}
	return &cfn.Resource{ID: "RepositoryUriParameter", Type: "AWS::SSM::Parameter", Properties: props}
}

// bucket returns the artifact bucket and its policy: private, encrypted, reached
// by TLS alone, and emptied of what is old.
func (p *plan) bucket() []*cfn.Resource {
	bucket := p.stored("ArtifactBucket", "AWS::S3::Bucket", p.object(
		cfn.Prop("BucketName", text(p.Pipeline.Bucket)),
		cfn.Prop("BucketEncryption", encryption),
		cfn.Prop("PublicAccessBlockConfiguration", noPublicAccess),
		cfn.Prop("OwnershipControls", ownedByBucket),
		cfn.Prop("VersioningConfiguration", enabled),
		cfn.Prop("LifecycleConfiguration", p.object(cfn.Prop("Rules", p.list(p.object(
			cfn.Prop("Id", cfn.String("ExpireArtifacts")),
			cfn.Prop("Status", cfn.String("Enabled")),
			cfn.Prop("ExpirationInDays", cfn.Int(p.Pipeline.ArtifactDays)),
			cfn.Prop("NoncurrentVersionExpiration", oneDayNoncurrent),
			cfn.Prop("AbortIncompleteMultipartUpload", oneDayUpload),
		))))),
	))
	policy := &cfn.Resource{ID: "ArtifactBucketPolicy", Type: "AWS::S3::BucketPolicy", Properties: p.object(
		cfn.Prop("Bucket", cfn.Ref("ArtifactBucket")),
		cfn.Prop("PolicyDocument", onlyTLS),
	)}
	return []*cfn.Resource{bucket, policy}
}
