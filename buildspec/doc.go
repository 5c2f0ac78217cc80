// Package buildspec models buildspec.yml, the file that tells CodeBuild what to
// run: the complete version 0.2, and version 0.1 for reading.
//
// A [Spec] is plain data. [Parse] reads one and says at which line and column it
// is wrong; [ParseLax] keeps what it does not know; [Spec.Render] writes one, the
// same bytes for the same value; [Spec.Check] finds what CodeBuild would refuse
// and what will surprise its author:
//
//	spec, err := buildspec.Parse("buildspec.yml", data)
//	...
//	for _, p := range spec.Check() {
//		fmt.Println(p) // buildspec.yml:7:9: warning: ... (buildspec/runtime-version)
//	}
//
// Text stays as its author wrote it: python: 3.10 is not 3.1, and what stood
// without quotes although a YAML reader sees a number in it stands so again (see
// [Variable]). What the format allows in several spellings is normalised: flags
// become yes and no (in a batch true and false), a scalar where a list belongs
// becomes a list of one.
//
// [DockerImage] is the recipe for the usual job: build an image, push it to ECR,
// and tell the deploy action of CodePipeline which image that is.
//
// The reference of the format is
// https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html
package buildspec
