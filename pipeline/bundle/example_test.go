package bundle_test

import (
	"fmt"
	"testing/fstest"

	"github.com/seed-b1f00840/slipway/pipeline/bundle"
	"github.com/seed-b1f00840/slipway/taskdef"
)

// Load reads what others wrote; Check says what is wrong with it, and where.
func ExampleLoad() {
	b, err := bundle.Load(fstest.MapFS{
		"deploy/task.json": {Data: []byte(`{
  "family": "app",
  "requiresCompatibilities": ["FARGATE"],
  "networkMode": "awsvpc",
  "cpu": "300",
  "memory": "512",
  "containerDefinitions": [{"name": "app", "image": "public.ecr.aws/nginx/nginx:1.29"}]
}
`)},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(b.Check())
	// Output:
	// deploy/task.json:5:3: cpu: found 300, Fargate allows 256, 512, 1024, 2048, 4096, 8192, 16384 and 32768 (taskdef/fargate-size)
}

// Compare tells what Write would do; Drift makes of it an error for CI.
func ExampleFiles_Compare() {
	var b bundle.Bundle
	b.Add("taskdef.json", &taskdef.Definition{Family: "app"})
	files, err := b.Files()
	if err != nil {
		fmt.Println(err)
		return
	}
	changes, err := files.Compare(fstest.MapFS{"taskdef.json": {Data: []byte("{\n  \"family\": \"old\"\n}\n")}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(bundle.Drift(changes))
	// Output:
	// taskdef.json: the file is not what the Go value renders; write the bundle and check the file in
	// --- a/taskdef.json
	// +++ b/taskdef.json
	// @@ -1,3 +1,3 @@
	//  {
	// -  "family": "old"
	// +  "family": "app"
	//  }
	//  (bundle/drift)
}
