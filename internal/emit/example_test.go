package emit_test

import (
	"os"

	"github.com/seed-b1f00840/slipway/internal/emit"
)

// A model describes itself once and is written in both formats.
func Example() {
	describe := func(w emit.Writer) {
		w.BeginMap()
		w.Name("version")
		w.Scalar("0.2")
		w.Name("env")
		w.BeginMap()
		w.Key("ON")
		w.String("yes")
		w.Key("AT")
		w.String("12:30")
		w.EndMap()
		w.Name("commands")
		w.BeginList()
		w.String("docker push $URI:latest")
		w.String("if true; then\n  echo done\nfi\n")
		w.EndList()
		w.EndMap()
	}
	var y emit.YAML
	describe(&y)
	os.Stdout.Write(y.Buf)
	var j emit.JSON
	describe(&j)
	os.Stdout.Write(j.Buf)
	// Output:
	// version: 0.2
	// env:
	//   'ON': 'yes'
	//   AT: '12:30'
	// commands:
	//   - docker push $URI:latest
	//   - |
	//     if true; then
	//       echo done
	//     fi
	// {
	//   "version": 0.2,
	//   "env": {
	//     "ON": "yes",
	//     "AT": "12:30"
	//   },
	//   "commands": [
	//     "docker push $URI:latest",
	//     "if true; then\n  echo done\nfi\n"
	//   ]
	// }
}
