package buildspec_test

import (
	"fmt"

	"github.com/seed-b1f00840/slipway/buildspec"
)

func Example() {
	spec := &buildspec.Spec{
		Env: &buildspec.Env{Variables: []buildspec.Variable{
			{Name: "PORT", Value: "8080"},
			{Name: "STAGE", Value: "test"},
		}},
		Phases: buildspec.Phases{
			Install: &buildspec.Phase{RuntimeVersions: []buildspec.Runtime{{Name: "python", Version: "3.10"}}},
			Build: &buildspec.Phase{
				OnFailure: buildspec.Abort,
				Commands:  []string{"make test", "echo \"done: $STAGE\"", "for f in dist/*; do\n  sha256sum \"$f\"\ndone\n"},
			},
		},
		Artifacts: &buildspec.Artifacts{Files: []string{"dist/**/*"}, DiscardPaths: new(true)},
	}
	text, err := spec.Render()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(string(text))
	// Output:
	// version: 0.2
	// env:
	//   variables:
	//     PORT: '8080'
	//     STAGE: test
	// phases:
	//   install:
	//     runtime-versions:
	//       python: '3.10'
	//   build:
	//     on-failure: ABORT
	//     commands:
	//       - make test
	//       - 'echo "done: $STAGE"'
	//       - |
	//         for f in dist/*; do
	//           sha256sum "$f"
	//         done
	// artifacts:
	//   files:
	//     - dist/**/*
	//   discard-paths: yes
}

func ExampleParse() {
	_, err := buildspec.Parse("buildspec.yml", []byte(`version: 0.2
phases:
  build:
    commands:
      - echo result: $RESULT
`))
	fmt.Println(err)
	// Output:
	// buildspec.yml:5:9: phases.build.commands[0]: found a map where a command belongs: a colon and a blank in unquoted text make a map; quote the whole command (buildspec/command)
}

func ExampleSpec_Check() {
	spec, err := buildspec.Parse("buildspec.yml", []byte(`version: 0.2
phases:
  install:
    runtime-versions:
      python: 3.10
  build:
    on-failure: STOP
    commands:
      - make
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range spec.Check() {
		fmt.Println(p)
	}
	// Output:
	// buildspec.yml:5:7: warning: phases.install.runtime-versions.python: 3.10 is a number to a YAML reader, which may make 3.1 of it; write '3.10' (buildspec/runtime-version)
	// buildspec.yml:7:5: phases.build.on-failure: found "STOP", want ABORT, CONTINUE or RETRY, RETRY-<count>, RETRY-<pattern>, RETRY-<count>-<pattern> (buildspec/on-failure)
}

func ExampleSpec_AllCommands() {
	spec, err := buildspec.Parse("buildspec.yml", []byte(`version: 0.2
phases:
  build:
    commands: make
    finally:
      - make clean
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	for c := range spec.AllCommands() {
		fmt.Println(spec.Source.Position(c.Path()), c.Path(), c.Text)
	}
	// Output:
	// 4:5 phases.build.commands[0] make
	// 6:9 phases.build.finally[0] make clean
}

func ExampleDockerImage() {
	spec, err := buildspec.DockerImage{
		Containers: []string{"docker-cicd-app-task"},
	}.Spec()
	if err != nil {
		fmt.Println(err)
		return
	}
	text, err := spec.Render()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(string(text))
	// Output:
	// version: 0.2
	// phases:
	//   pre_build:
	//     commands:
	//       - IMAGE="${REPOSITORY_URI:?}:build-$CODEBUILD_BUILD_NUMBER-$CODEBUILD_RESOLVED_SOURCE_VERSION"
	//       - aws ecr get-login-password --region "$AWS_DEFAULT_REGION" | docker login --username AWS --password-stdin "${REPOSITORY_URI%%/*}"
	//   build:
	//     commands:
	//       - docker build --tag "$IMAGE" .
	//       - docker push "$IMAGE"
	//       - printf '[{"name":"docker-cicd-app-task","imageUri":"%s"}]' "$IMAGE" > imagedefinitions.json
	// artifacts:
	//   files:
	//     - imagedefinitions.json
}
