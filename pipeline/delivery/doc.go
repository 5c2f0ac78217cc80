// Package delivery turns one Go value into everything that the delivery of a
// containerised service on AWS needs: a [Service] gives a [bundle.Bundle] of six
// files that fit together because they come from the same value.
//
//	network.yml    CloudFormation: VPC, public subnets, security group
//	platform.yml   CloudFormation: image repository, roles, cluster, logs, artifact bucket, build project, start rule
//	taskdef.json   the task definition
//	service.yml    CloudFormation: the ECS service
//	pipeline.json  the pipeline
//	buildspec.yml  what the build does
//
// They are applied in this order, by slipway or by the plain AWS CLI. The
// pipeline owns the image: no stack names one, so that no stack update rolls one
// back. The service begins with no task, because there is no image yet.
//
// Every role may do what this delivery does, and nothing else: its policy is
// computed from the model. No file holds an account, a region or a partition:
// templates use pseudo parameters, the task definition and the pipeline
// placeholders that [bundle.Bundle.Bind] resolves.
package delivery
