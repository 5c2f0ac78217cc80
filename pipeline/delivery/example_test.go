package delivery_test

import (
	"fmt"

	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
	"github.com/seed-b1f00840/slipway/pipeline/delivery"
	"github.com/seed-b1f00840/slipway/taskdef"
)

// The least that a service says, and the files that it gives.
func Example() {
	service := delivery.Service{
		Name:   "shop",
		Source: pipeline.CodeCommitSource{Repository: "shop", Branch: "main"},
	}
	b, err := service.Bundle()
	if err != nil {
		fmt.Println(err)
		return
	}
	files, err := b.Files()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range files {
		fmt.Println(f.Path)
	}
	fmt.Print(string(files.Get(delivery.BuildspecFile)))
	// Output:
	// network.yml
	// platform.yml
	// taskdef.json
	// service.yml
	// pipeline.json
	// buildspec.yml
	// version: 0.2
	// env:
	//   parameter-store:
	//     REPOSITORY_URI: /shop/repository-uri
	// phases:
	//   pre_build:
	//     commands:
	//       - IMAGE="${REPOSITORY_URI:?}:build-$CODEBUILD_BUILD_NUMBER-$CODEBUILD_RESOLVED_SOURCE_VERSION"
	//       - aws ecr get-login-password --region "$AWS_DEFAULT_REGION" | docker login --username AWS --password-stdin "${REPOSITORY_URI%%/*}"
	//   build:
	//     commands:
	//       - docker build --tag "$IMAGE" .
	//       - docker push "$IMAGE"
	//       - printf '[{"name":"shop","imageUri":"%s"}]' "$IMAGE" > imagedefinitions.json
	// artifacts:
	//   files:
	//     - imagedefinitions.json
}

// A service that cannot work is refused, with every problem named.
func ExampleService_Bundle_refused() {
	_, err := delivery.Service{
		Name:   "Shop",
		Source: pipeline.CodeCommitSource{Repository: "shop", Branch: "main"},
		Task: taskdef.Definition{
			CPU: "512", Memory: "8192",
			RuntimePlatform:      &taskdef.RuntimePlatform{CPUArchitecture: taskdef.CPUArchitectureARM64},
			ContainerDefinitions: []taskdef.Container{{Name: "web"}},
		},
		Repository: delivery.Repository{Name: "shop"},
		Build:      delivery.Build{Image: "aws/codebuild/standard:7.0"},
		Pipeline:   delivery.Pipeline{Bucket: "shop-artifacts-${AWS_ACCOUNT_ID}-${AWS_REGION}"},
	}.Bundle()
	fmt.Println(err)
	// Output:
	// Service.Build.Image: aws/codebuild/standard:7.0 builds for another processor than the task's ARM64; leave it empty, or give Build.Recipe.Platform linux/arm64 (delivery/service)
	// Service.Name: found "Shop" with 4 characters, want 2 to 35 lower-case letters, digits and dashes, beginning with a letter (delivery/service)
	// taskdef.json: memory: found 8192, Fargate with cpu 512 allows 1024 to 4096 in steps of 1024 (MiB) (taskdef/fargate-size)
}

// Several services are rendered at once, each below its name.
func ExampleFiles() {
	service := func(name string) delivery.Service {
		return delivery.Service{Name: name, Source: pipeline.CodeCommitSource{Repository: name, Branch: "main"}}
	}
	files, err := delivery.Files(service("cart"), service("search"))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(files), files[0].Path, files[6].Path)
	// Output:
	// 12 cart/network.yml search/network.yml
}

// Placeholders are resolved for one account and region.
func Example_bind() {
	b, err := delivery.Service{
		Name:   "shop",
		Source: pipeline.CodeCommitSource{Repository: "shop", Branch: "main"},
	}.Bundle()
	if err != nil {
		fmt.Println(err)
		return
	}
	bound, err := b.Bind(bundle.Target{Account: "123456789012", Region: "eu-central-1"})
	if err != nil {
		fmt.Println(err)
		return
	}
	task, _, _ := bundle.Find[*taskdef.Definition](bound)
	fmt.Println(task.ContainerDefinitions[0].Image)
	// Output:
	// 123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop:not-yet-built
}
