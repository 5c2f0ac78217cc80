// Package shell tells what the commands of a build do, as far as that can be told
// without running them: which files they write and what these hold, which images
// they build and push, and which variables they leave behind.
//
// [Read] follows the commands in their order, as one shell would run them, and
// keeps book of variables, the directory and the files:
//
//	r := shell.Read(shell.Script{
//		Commands: []shell.Command{
//			{Path: "phases.pre_build.commands[0]", Text: `IMAGE=$REPOSITORY_URI:latest`},
//			{Path: "phases.build.commands[0]", Text: `printf '[{"name":"web","imageUri":"%s"}]' "$IMAGE" > imagedefinitions.json`},
//		},
//	})
//	f := r.File("imagedefinitions.json")
//	images, err := shell.ImageDefinitions(f.Content) // web, ${REPOSITORY_URI}:latest
//
// What cannot be known stays unknown and says so. A [Text] is made of parts that
// are known and of parts that are not; an [Answer] says how sure it is. A report
// holds everything that ran and could have done anything (a script that is not in
// the repository, eval, source, make), so that the absence of a fact proves
// nothing where it must not: ask [Report.MayWrite] before saying that nobody
// writes a file, and [Report.MaySet] before saying that nobody sets a variable.
//
// All facts hold for a run in which no command fails.
package shell
