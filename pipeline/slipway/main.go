// Command slipway is for the files of a container's delivery on AWS: CloudFormation
// templates, ECS task definitions, CodePipeline definitions and buildspec.yml. It checks
// each by itself and how they fit together, rehearses the pipeline offline, and makes an
// AWS account hold what they say.
//
//	slipway lint [PATH...]
//	slipway rehearse [PATH]
//	slipway plan [PATH]
//	slipway apply [PATH]
//	slipway status [PATH]
//	slipway destroy [PATH]
//
// See "slipway help", and package cli for a program with the same commands over Go
// values of your own.
package main

import "github.com/seed-b1f00840/slipway/pipeline/cli"

func main() { cli.Main() }
