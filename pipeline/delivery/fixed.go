package delivery

import "github.com/seed-b1f00840/slipway/cfn"

// The parts of the templates that are the same for every service. The templates
// share them, and nothing changes them: [cfn.Resource.Set] copies what it amends.
// The compiler lays them out, so that they cost no time.

var (
	enabled cfn.Value = cfn.Object{{Key: "Status", Value: cfn.String("Enabled")}}

	scanOnPush cfn.Value = cfn.Object{{Key: "ScanOnPush", Value: cfn.Bool(true)}}

	fargateProviders cfn.Value = cfn.List{cfn.String("FARGATE"), cfn.String("FARGATE_SPOT")}

	// fargate is the capacity provider strategy of Fargate alone.
	fargate cfn.Value = cfn.List{cfn.Object{
		{Key: "CapacityProvider", Value: cfn.String("FARGATE")},
		{Key: "Weight", Value: cfn.Number("1")},
	}}

	rollingDeployment cfn.Value = cfn.Object{
		{Key: "MinimumHealthyPercent", Value: cfn.Number("100")},
		{Key: "MaximumPercent", Value: cfn.Number("200")},
		{Key: "DeploymentCircuitBreaker", Value: cfn.Object{
			{Key: "Enable", Value: cfn.Bool(true)},
			{Key: "Rollback", Value: cfn.Bool(true)},
		}},
	}

	codePipeline cfn.Value = cfn.Object{{Key: "Type", Value: cfn.String("CODEPIPELINE")}}

	codePipelineSource cfn.Value = cfn.Object{
		{Key: "Type", Value: cfn.String("CODEPIPELINE")},
		{Key: "BuildSpec", Value: cfn.String(BuildspecFile)},
	}
)

// The artifact bucket is private, encrypted, and reached by TLS alone.
var (
	encryption cfn.Value = cfn.Object{{Key: "ServerSideEncryptionConfiguration", Value: cfn.List{cfn.Object{
		{Key: "ServerSideEncryptionByDefault", Value: cfn.Object{{Key: "SSEAlgorithm", Value: cfn.String("AES256")}}},
	}}}}

	noPublicAccess cfn.Value = cfn.Object{
		{Key: "BlockPublicAcls", Value: cfn.Bool(true)},
		{Key: "BlockPublicPolicy", Value: cfn.Bool(true)},
		{Key: "IgnorePublicAcls", Value: cfn.Bool(true)},
		{Key: "RestrictPublicBuckets", Value: cfn.Bool(true)},
	}

	ownedByBucket cfn.Value = cfn.Object{{Key: "Rules", Value: cfn.List{cfn.Object{
		{Key: "ObjectOwnership", Value: cfn.String("BucketOwnerEnforced")},
	}}}}

	oneDayNoncurrent cfn.Value = cfn.Object{{Key: "NoncurrentDays", Value: cfn.Number("1")}}
	oneDayUpload     cfn.Value = cfn.Object{{Key: "DaysAfterInitiation", Value: cfn.Number("1")}}

	onlyTLS cfn.Value = cfn.Object{
		{Key: "Version", Value: cfn.String(policyVersion)},
		{Key: "Statement", Value: cfn.List{cfn.Object{
			{Key: "Sid", Value: cfn.String("DenyWithoutTLS")},
			{Key: "Effect", Value: cfn.String("Deny")},
			{Key: "Principal", Value: cfn.String("*")},
			{Key: "Action", Value: cfn.String("s3:*")},
			{Key: "Resource", Value: cfn.List{cfn.GetAtt{Resource: "ArtifactBucket", Attribute: "Arn"}, cfn.Sub("${ArtifactBucket.Arn}/*")}},
			{Key: "Condition", Value: cfn.Object{{Key: "Bool", Value: cfn.Object{
				{Key: "aws:SecureTransport", Value: cfn.String("false")},
			}}}},
		}}},
	}
)

// policyVersion is the version of the language of IAM policies.
const policyVersion = "2012-10-17"

// The actions of each need, as the service authorization reference has them.
// Source: https://docs.aws.amazon.com/service-authorization/latest/reference/
var (
	registryLogin cfn.Value = cfn.Object{
		{Key: "Effect", Value: cfn.String("Allow")},
		{Key: "Action", Value: cfn.String("ecr:GetAuthorizationToken")},
		{Key: "Resource", Value: cfn.String("*")},
	}

	pull cfn.Value = cfn.List{
		cfn.String("ecr:BatchCheckLayerAvailability"), cfn.String("ecr:BatchGetImage"), cfn.String("ecr:GetDownloadUrlForLayer"),
	}

	pushToRepository cfn.Value = cfn.Object{
		{Key: "Effect", Value: cfn.String("Allow")},
		{Key: "Action", Value: cfn.List{
			cfn.String("ecr:BatchCheckLayerAvailability"), cfn.String("ecr:BatchGetImage"), cfn.String("ecr:CompleteLayerUpload"),
			cfn.String("ecr:InitiateLayerUpload"), cfn.String("ecr:PutImage"), cfn.String("ecr:UploadLayerPart"),
		}},
		{Key: "Resource", Value: cfn.GetAtt{Resource: "Repository", Attribute: "Arn"}},
	}

	buildArtifacts cfn.Value = cfn.Object{
		{Key: "Effect", Value: cfn.String("Allow")},
		{Key: "Action", Value: cfn.List{cfn.String("s3:GetObject"), cfn.String("s3:GetObjectVersion"), cfn.String("s3:PutObject")}},
		{Key: "Resource", Value: cfn.Sub("${ArtifactBucket.Arn}/*")},
	}

	buildBucket cfn.Value = cfn.Object{
		{Key: "Effect", Value: cfn.String("Allow")},
		{Key: "Action", Value: cfn.List{cfn.String("s3:GetBucketAcl"), cfn.String("s3:GetBucketLocation")}},
		{Key: "Resource", Value: cfn.GetAtt{Resource: "ArtifactBucket", Attribute: "Arn"}},
	}

	pipelineBucket cfn.Value = cfn.Object{
		{Key: "Effect", Value: cfn.String("Allow")},
		{Key: "Action", Value: bucketActions},
		{Key: "Resource", Value: cfn.GetAtt{Resource: "ArtifactBucket", Attribute: "Arn"}},
	}

	bucketActions cfn.Value = cfn.List{cfn.String("s3:GetBucketAcl"), cfn.String("s3:GetBucketLocation"), cfn.String("s3:GetBucketVersioning")}

	pipelineArtifacts cfn.Value = cfn.Object{
		{Key: "Effect", Value: cfn.String("Allow")},
		{Key: "Action", Value: cfn.List{
			cfn.String("s3:GetObject"), cfn.String("s3:GetObjectTagging"), cfn.String("s3:GetObjectVersion"),
			cfn.String("s3:GetObjectVersionTagging"), cfn.String("s3:PutObject"), cfn.String("s3:PutObjectTagging"),
		}},
		{Key: "Resource", Value: cfn.Sub("${ArtifactBucket.Arn}/*")},
	}

	startBuild cfn.Value = cfn.Object{
		{Key: "Effect", Value: cfn.String("Allow")},
		{Key: "Action", Value: cfn.List{cfn.String("codebuild:BatchGetBuilds"), cfn.String("codebuild:StartBuild")}},
		{Key: "Resource", Value: cfn.GetAtt{Resource: "BuildProject", Attribute: "Arn"}},
	}

	updateService cfn.Value = cfn.List{cfn.String("ecs:DescribeServices"), cfn.String("ecs:UpdateService")}

	// ECS checks no resource for these two.
	registerTask cfn.Value = cfn.Object{
		{Key: "Effect", Value: cfn.String("Allow")},
		{Key: "Action", Value: cfn.List{cfn.String("ecs:DescribeTaskDefinition"), cfn.String("ecs:RegisterTaskDefinition")}},
		{Key: "Resource", Value: cfn.String("*")},
	}

	onRegistration cfn.Value = cfn.Object{{Key: "StringEquals", Value: cfn.Object{
		{Key: "ecs:CreateAction", Value: cfn.String("RegisterTaskDefinition")},
	}}}

	toECS cfn.Value = cfn.Object{{Key: "StringEquals", Value: cfn.Object{{Key: "iam:PassedToService", Value: cfn.List{
		cfn.String("ecs.amazonaws.com"), cfn.String("ecs-tasks.amazonaws.com"),
	}}}}}

	readCodeCommit cfn.Value = cfn.List{
		cfn.String("codecommit:CancelUploadArchive"), cfn.String("codecommit:GetBranch"), cfn.String("codecommit:GetCommit"),
		cfn.String("codecommit:GetRepository"), cfn.String("codecommit:GetUploadArchiveStatus"), cfn.String("codecommit:UploadArchive"),
	}

	readObject cfn.Value = cfn.List{cfn.String("s3:GetObject"), cfn.String("s3:GetObjectVersion")}

	connect cfn.Value = cfn.List{cfn.String("codeconnections:UseConnection"), cfn.String("codestar-connections:UseConnection")}

	writeLogs cfn.Value = cfn.List{cfn.String("logs:CreateLogStream"), cfn.String("logs:PutLogEvents")}

	// thisAccount keeps others from making a service of AWS act for them.
	// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
	thisAccount cfn.Value = cfn.Object{{Key: "aws:SourceAccount", Value: cfn.Ref("AWS::AccountId")}}
)
