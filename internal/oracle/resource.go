package oracle

// A resourceShape says which input the properties of a resource type become.
type resourceShape struct {
	resource           string // AWS::ECS::Service
	property           string // the property that is meant; empty is all of them
	service, operation string // as in [Shape]
	path               string
	// names are property=member where more differs than the case of the first
	// letter; "property=" has no counterpart, or one of another form.
	names string
}

// resourceShapes are the resources that this library writes, as far as their
// properties have the form of an API's input. Policies, which are objects in a
// template and text in the APIs, and tags that are a map in one and a list in the other
// are left out.
var resourceShapes = []resourceShape{
	{"AWS::EC2::VPC", "", "ec2", "CreateVpc", "", "EnableDnsHostnames= EnableDnsSupport= Tags="},
	{"AWS::EC2::Subnet", "", "ec2", "CreateSubnet", "", "MapPublicIpOnLaunch= AssignIpv6AddressOnCreation= Tags="},
	{"AWS::EC2::InternetGateway", "", "ec2", "CreateInternetGateway", "", "Tags="},
	{"AWS::EC2::RouteTable", "", "ec2", "CreateRouteTable", "", "Tags="},
	{"AWS::EC2::Route", "", "ec2", "CreateRoute", "", ""},
	{"AWS::EC2::SubnetRouteTableAssociation", "", "ec2", "AssociateRouteTable", "", ""},
	{"AWS::EC2::EIP", "", "ec2", "AllocateAddress", "", "Tags="},
	{"AWS::EC2::NatGateway", "", "ec2", "CreateNatGateway", "", "Tags="},
	{"AWS::EC2::VPCEndpoint", "", "ec2", "CreateVpcEndpoint", "", "PolicyDocument= Tags="},
	{"AWS::EC2::SecurityGroup", "", "ec2", "CreateSecurityGroup", "",
		"GroupDescription=Description SecurityGroupIngress= SecurityGroupEgress= Tags="},

	{"AWS::ECR::Repository", "", "ecr", "CreateRepository", "",
		"LifecyclePolicy= RepositoryPolicyText= EmptyOnDelete="},
	{"AWS::IAM::Role", "", "iam", "CreateRole", "", "AssumeRolePolicyDocument= Policies= ManagedPolicyArns="},
	{"AWS::Logs::LogGroup", "", "logs", "CreateLogGroup", "",
		"RetentionInDays= DataProtectionPolicy= FieldIndexPolicies= ResourcePolicyDocument= Tags="},
	{"AWS::Logs::LogGroup", "RetentionInDays", "logs", "PutRetentionPolicy", "retentionInDays", ""},
	{"AWS::SSM::Parameter", "", "ssm", "PutParameter", "", "Tags="},
	{"AWS::S3::Bucket", "BucketName", "s3", "CreateBucket", "Bucket", ""},
	{"AWS::S3::Bucket", "VersioningConfiguration", "s3", "PutBucketVersioning", "VersioningConfiguration", ""},
	{"AWS::S3::Bucket", "OwnershipControls", "s3", "PutBucketOwnershipControls", "OwnershipControls", ""},
	{"AWS::S3::Bucket", "PublicAccessBlockConfiguration", "s3", "PutPublicAccessBlock", "PublicAccessBlockConfiguration", ""},
	{"AWS::S3::Bucket", "BucketEncryption", "s3", "PutBucketEncryption", "ServerSideEncryptionConfiguration",
		"ServerSideEncryptionConfiguration=Rules ServerSideEncryptionByDefault=ApplyServerSideEncryptionByDefault"},

	{"AWS::ECS::Cluster", "", "ecs", "CreateCluster", "", "ClusterSettings=settings"},
	{"AWS::ECS::ClusterCapacityProviderAssociations", "", "ecs", "PutClusterCapacityProviders", "", ""},
	{"AWS::ECS::Service", "", "ecs", "CreateService", "", "PlacementStrategies=placementStrategy ForceNewDeployment="},
	{"AWS::ECS::TaskDefinition", "", "ecs", "RegisterTaskDefinition", "",
		"EFSVolumeConfiguration=efsVolumeConfiguration FilesystemId=fileSystemId IAM=iam " +
			"FSxWindowsFileServerVolumeConfiguration=fsxWindowsFileServerVolumeConfiguration"},

	{"AWS::CodeBuild::Project", "", "codebuild", "CreateProject", "",
		"BuildSpec=buildspec Triggers= Visibility= ResourceAccessRole="},
	{"AWS::CodePipeline::Pipeline", "", "codepipeline", "CreatePipeline", "pipeline",
		"ArtifactStores= DisableInboundStageTransitions= RestartExecutionOnUpdate= Tags="},
	{"AWS::CodeCommit::Repository", "", "codecommit", "CreateRepository", "", "Code= Triggers= Tags="},
	{"AWS::CodeConnections::Connection", "", "codeconnections", "CreateConnection", "", ""},
	{"AWS::CodeStarConnections::Connection", "", "codestar-connections", "CreateConnection", "", ""},
	{"AWS::CodeStarNotifications::NotificationRule", "", "codestar-notifications", "CreateNotificationRule", "",
		"CreatedBy= EventTypeId= TargetAddress= Tags="},
	{"AWS::Events::Rule", "", "events", "PutRule", "", "EventPattern= Targets="},
	{"AWS::Events::Rule", "Targets", "events", "PutTargets", "Targets", ""},

	{"AWS::ElasticLoadBalancingV2::LoadBalancer", "", "elbv2", "CreateLoadBalancer", "",
		"LoadBalancerAttributes= MinimumLoadBalancerCapacity="},
	{"AWS::ElasticLoadBalancingV2::TargetGroup", "", "elbv2", "CreateTargetGroup", "", "Targets= TargetGroupAttributes="},
	{"AWS::ElasticLoadBalancingV2::Listener", "", "elbv2", "CreateListener", "", "ListenerAttributes="},
	{"AWS::ElasticLoadBalancingV2::ListenerRule", "", "elbv2", "CreateRule", "", ""},
	{"AWS::ApplicationAutoScaling::ScalableTarget", "", "application-autoscaling", "RegisterScalableTarget", "",
		"ScheduledActions="},
	{"AWS::ApplicationAutoScaling::ScalingPolicy", "", "application-autoscaling", "PutScalingPolicy", "",
		"ScalingTargetId="},
	{"AWS::CloudWatch::Alarm", "", "cloudwatch", "PutMetricAlarm", "", ""},
}
