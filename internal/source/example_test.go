package source_test

import (
	"fmt"

	"github.com/seed-b1f00840/slipway/internal/source"
)

func Example() {
	const text = `version: 0.2
phases:
  biuld:
    commands: echo yes
`
	n, problems := source.YAML("buildspec.yml", []byte(text))
	if problems != nil {
		fmt.Println(problems)
		return
	}
	d := source.Decoder{File: "buildspec.yml"}
	d.Enter("phases")
	for _, m := range n.Get("phases").Members {
		d.Unknown(m, []string{"install", "pre_build", "build", "post_build"})
		d.Enter(m.Key)
		d.List(m.Value.Get("commands"))
		d.Leave()
	}
	d.Leave()
	fmt.Println(d.Problems)
	// Output:
	// buildspec.yml:3:3: phases.biuld: unknown key; did you mean build? (file/unknown-key)
	// buildspec.yml:4:15: phases.biuld: found a string "echo yes", want a list (file/type)
}
