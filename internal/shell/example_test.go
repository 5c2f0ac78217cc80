package shell_test

import (
	"fmt"

	"github.com/seed-b1f00840/slipway/internal/shell"
)

func Example() {
	r := shell.Read(shell.Script{
		Commands: []shell.Command{
			{Path: "phases.pre_build.commands[0]", Text: `IMAGE=$REPOSITORY_URI:${TAG:-latest}`},
			{Path: "phases.build.commands[0]", Text: `docker build -t $IMAGE . && docker push $IMAGE`},
			{Path: "phases.build.commands[1]", Text: `printf '[{"name":"%s","imageUri":"%s"}]' "$NAME" "$IMAGE" > imagedefinitions.json`},
			{Path: "phases.build.commands[2]", Text: `npm run report`},
		},
		Variables: []shell.EnvVariable{{Name: "NAME", Value: shell.Literal("web")}},
	})
	for _, d := range r.Docker {
		fmt.Println(d.Path, d.Verb, d.Images)
	}
	f := r.File("imagedefinitions.json")
	images, err := shell.ImageDefinitions(f.Content)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, i := range images {
		fmt.Println(f.Path, i.Name, i.URI)
	}
	fmt.Println(r.MayWrite("imageDetail.json"), r.MayWrite("imagedefinitions.json"))
	// Output:
	// phases.build.commands[0] build [${REPOSITORY_URI}:${TAG}]
	// phases.build.commands[0] push [${REPOSITORY_URI}:${TAG}]
	// phases.build.commands[1] web ${REPOSITORY_URI}:${TAG}
	// unlikely yes
}
