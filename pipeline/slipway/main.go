// Command slipway checks the files of a container's delivery on AWS: CloudFormation
// templates, ECS task definitions, CodePipeline definitions and buildspec.yml, each
// by itself and how they fit together.
//
//	slipway lint [PATH...]
//
// See "slipway help", and package cli for a program with the same commands over Go
// values of your own.
package main

import "github.com/seed-b1f00840/slipway/pipeline/cli"

func main() { cli.Main() }
