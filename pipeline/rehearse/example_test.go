package rehearse_test

import (
	"context"
	"fmt"
	"log"
	"testing/fstest"

	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/pipeline/delivery"
	"github.com/seed-b1f00840/slipway/pipeline/rehearse"
	"github.com/seed-b1f00840/slipway/taskdef"
)

// A service that is described in Go is rehearsed before anything of it exists.
func Example() {
	service := delivery.Service{
		Name:   "shop",
		Source: pipeline.CodeCommitSource{Repository: "shop", Branch: "main"},
		Task: taskdef.Definition{
			CPU: "256", Memory: "512",
			ContainerDefinitions: []taskdef.Container{{Name: "web"}},
		},
	}
	b, err := service.Bundle()
	if err != nil {
		log.Fatal(err)
	}
	source := fstest.MapFS{"Dockerfile": {Data: []byte("FROM scratch\n")}}
	report, err := rehearse.Run(context.Background(), b, rehearse.Options{Source: source})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(report.State)
	for _, d := range report.Deployments() {
		for _, image := range d.Images {
			fmt.Println(image.Container, "runs", image.Image)
		}
	}
	// Output:
	// Succeeded
	// web runs 123456789012.dkr.ecr.us-east-1.amazonaws.com/shop:build-1-0123456789abcdef0123456789abcdef01234567
}
