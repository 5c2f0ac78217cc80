// Package slipway is the Go home of AWS container delivery: source, CodePipeline,
// CodeBuild, ECR and ECS on Fargate, in a network that CloudFormation builds.
//
// A team describes the delivery of a containerised service once, as typed Go
// values ([delivery.Service]). slipway renders the files that AWS needs, proves
// that they fit together, and never writes one that it could not prove.
//
// This package holds only the vocabulary that all the others share: a [Problem]
// and where it stands ([Position], Path), the [Rule] that found it, and the
// [Source] that remembers where the parts of a parsed file stood. The work is
// done in
//
//   - [buildspec], [taskdef], [cfn] and [pipeline], the models of the four kinds of file;
//   - [network], the builder of the network template;
//   - [handover], the small files that a build hands to a deployment;
//   - [bundle], a set of such files: load, check, write, compare;
//   - [delivery], one Go value to a complete and consistent bundle;
//   - [rehearse], the pipeline of a bundle, run offline;
//   - [apply], a bundle planned against an account of AWS, applied to it, and removed;
//   - [cli], all of that as commands.
//
// [buildspec]: https://pkg.go.dev/github.com/seed-b1f00840/slipway/buildspec
// [taskdef]: https://pkg.go.dev/github.com/seed-b1f00840/slipway/taskdef
// [cfn]: https://pkg.go.dev/github.com/seed-b1f00840/slipway/cfn
// [network]: https://pkg.go.dev/github.com/seed-b1f00840/slipway/cfn/network
// [pipeline]: https://pkg.go.dev/github.com/seed-b1f00840/slipway/pipeline
// [handover]: https://pkg.go.dev/github.com/seed-b1f00840/slipway/pipeline/handover
// [bundle]: https://pkg.go.dev/github.com/seed-b1f00840/slipway/pipeline/bundle
// [delivery]: https://pkg.go.dev/github.com/seed-b1f00840/slipway/pipeline/delivery
// [rehearse]: https://pkg.go.dev/github.com/seed-b1f00840/slipway/pipeline/rehearse
// [apply]: https://pkg.go.dev/github.com/seed-b1f00840/slipway/pipeline/apply
// [cli]: https://pkg.go.dev/github.com/seed-b1f00840/slipway/pipeline/cli
// [delivery.Service]: https://pkg.go.dev/github.com/seed-b1f00840/slipway/pipeline/delivery#Service
package slipway
