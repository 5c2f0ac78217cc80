package connect_test

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/seed-b1f00840/slipway/pipeline/apply"
	"github.com/seed-b1f00840/slipway/pipeline/apply/connect"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
)

// What would a profile's account have to change to hold these files? Nothing is written
// to find out.
func ExampleClients() {
	ctx := context.Background()
	b, err := bundle.Load(os.DirFS("deploy"))
	if err != nil {
		log.Fatal(err)
	}
	clients, err := connect.Clients(ctx, connect.Options{Profile: "staging"})
	if err != nil {
		log.Fatal(err) // such as: sign in with aws sso login --profile staging
	}
	plan, err := apply.New(clients, apply.Options{ReadOnly: true}).Plan(ctx, b)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(plan)
}
