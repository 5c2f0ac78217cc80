package cli_test

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/pipeline/cli"
	"github.com/seed-b1f00840/slipway/pipeline/delivery"
)

var shop = delivery.Service{
	Name:   "shop",
	Source: pipeline.CodeCommitSource{Repository: "shop", Branch: "main"},
}

// The whole program of a team. In its folder "go run . write" writes the files of the
// service, "go run . check" fails in CI when they were not written, and
// "go run . lint" explains what is wrong with the value.
func ExampleMain() {
	cli.Main(shop)
}

// Run is the same for tests, and for programs that have commands of their own too.
func ExampleRun() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	ctx := context.Background()
	fmt.Println(cli.Run(ctx, []string{"deploy", "write", "--dir", dir}, nil, io.Discard, os.Stdout, shop))
	fmt.Println(cli.Run(ctx, []string{"deploy", "check", "--dir", dir}, nil, os.Stdout, os.Stdout, shop))
	fmt.Println(cli.Run(ctx, []string{"deploy", "lint", "--disable", "taskdef/fargate-sise"}, nil, os.Stdout, os.Stdout, shop))
	// Output:
	// 0
	// 6 files are as the program renders
	// 0
	// deploy: --disable: no rule taskdef/fargate-sise; did you mean taskdef/fargate-size?
	// Run 'deploy lint --help' for usage.
	// 2
}
