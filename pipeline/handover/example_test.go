package handover_test

import (
	"fmt"

	"github.com/seed-b1f00840/slipway/pipeline/handover"
)

// The name must be that of a container, and the key is imageUri.
func ExampleParseImageDefinitionsLax() {
	d, err := handover.ParseImageDefinitionsLax("imagedefinitions.json", []byte(`[{"name": "web", "image": "nginx:1"}]`))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d.Check().Errors())
	// Output:
	// imagedefinitions.json:1:2: [0].imageUri: missing, want the image (handover/image-definitions)
}
