package apply_test

import (
	"context"
	"fmt"

	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/pipeline/apply"
	"github.com/seed-b1f00840/slipway/pipeline/apply/applytest"
	"github.com/seed-b1f00840/slipway/pipeline/delivery"
)

// A bundle is planned, shown to whoever has to agree, and applied. Here AWS is one in
// memory; connect.Clients makes the clients of the real one.
func Example() {
	service := delivery.Service{Name: "shop", Source: pipeline.CodeCommitSource{Repository: "shop", Branch: "main"}}
	b, err := service.Bundle()
	if err != nil {
		panic(err)
	}
	cloud := applytest.New(applytest.Options{})
	cloud.Push("shop", "main")

	ctx := context.Background()
	a := apply.New(cloud.Clients(), apply.Options{
		Clock: cloud.Clock(),
		Events: func(e apply.Event) {
			if s, ok := e.(apply.StepStarted); ok {
				fmt.Println(s)
			}
		},
	})
	plan, err := a.Plan(ctx, b)
	if err != nil {
		panic(err)
	}
	fmt.Println(plan.Summary())
	if err := a.Apply(ctx, plan); err != nil {
		panic(err)
	}
	status, err := a.Status(ctx, b)
	if err != nil {
		panic(err)
	}
	fmt.Println(status.Services[0].Revision, "runs", status.Services[0].Running, "task;", status.Drift.Summary())
	// Output:
	// 5 to create, 1 to update, 1 to await
	// [1/7] create stack shop-network (10 resources)
	// [2/7] create stack shop-platform (14 resources)
	// [3/7] create task definition shop
	// [4/7] create stack shop-service (1 resource)
	// [5/7] create pipeline shop
	// [6/7] await first delivery shop
	// [7/7] update task count shop/shop
	// shop:2 runs 1 task; nothing to do
}

// Data is lost only when that was said: the plan tells what would be lost, and is refused.
func ExampleApplier_Permits() {
	cloud := applytest.New(applytest.Options{})
	cloud.Push("shop", "main")
	a := apply.New(cloud.Clients(), apply.Options{Clock: cloud.Clock()})
	deliver := func(repository string) error {
		service := delivery.Service{
			Name: "shop", Source: pipeline.CodeCommitSource{Repository: "shop", Branch: "main"},
			Repository: delivery.Repository{Name: repository},
		}
		b, err := service.Bundle()
		if err != nil {
			return err
		}
		plan, err := a.Plan(context.Background(), b)
		if err != nil {
			return err
		}
		return a.Apply(context.Background(), plan)
	}
	fmt.Println(deliver("shop"))
	fmt.Println(deliver("shop-images"))
	// Output:
	// <nil>
	// stack shop-platform: the plan loses data: Repository (AWS::ECR::Repository) loses its images (the old one is left behind, and no longer used); allow it with --allow-data-loss
}
