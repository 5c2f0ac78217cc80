package bundle

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/buildspec"
	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/internal/source"
	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/taskdef"
)

// Load finds the artifacts in a file system and reads them, in the order of
// their paths. A file is an artifact by its content (a map with
// containerDefinitions is a task definition, whatever its name), and also by its
// name when its content cannot be read. Directories whose name begins with a dot,
// node_modules and vendor are passed over; links are not followed.
//
// Files are read as leniently as their models allow: what is wrong inside of one
// is found by [Bundle.Check]. The error holds the files that are artifacts and
// cannot be read at all; the bundle is valid with it and holds the others.
func Load(fsys fs.FS) (*Bundle, error) {
	b := new(Bundle)
	var problems slipway.Problems
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			problems = append(problems, fileProblem(name, err))
			if d != nil && d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case d.IsDir():
			if passOver(name) {
				return fs.SkipDir
			}
			return nil
		case !d.Type().IsRegular() || !isCandidate(name):
			return nil
		}
		model, err := load(fsys, name)
		if err != nil {
			problems = append(problems, asProblems(name, err)...)
		} else if model != nil {
			b.Add(name, model)
		}
		return nil
	})
	if err != nil {
		problems = append(problems, fileProblem(".", err))
	}
	return b, problems.Sorted().Err()
}

func passOver(dir string) bool {
	base := path.Base(dir)
	return base == "node_modules" || base == "vendor" || base[0] == '.' && dir != "."
}

func isCandidate(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".yml", ".yaml", ".json", ".template":
		return true
	}
	return false
}

// load returns the model of a file, or nil when it is no artifact.
func load(fsys fs.FS, name string) (Model, error) {
	byName := kindByName(name)
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return nil, err
	}
	if info.Size() > source.MaxSize {
		if byName == "" {
			return nil, nil
		}
		return nil, fmt.Errorf("the file has %d bytes; the largest that is read has %d", info.Size(), source.MaxSize)
	}
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, err
	}
	switch kind(name, data, byName) {
	case "template":
		return asModel(cfn.ParseLax(name, data))
	case "taskdef":
		return asModel(taskdef.ParseLax(name, data))
	case "buildspec":
		return asModel(buildspec.ParseLax(name, data))
	case "pipeline":
		return asModel(pipeline.ParseLax(name, data))
	}
	return nil, nil
}

// asModel makes of a nil pointer a nil interface.
func asModel[M Model](m M, err error) (Model, error) {
	if err != nil {
		return nil, err
	}
	return m, nil
}

// kindByName guesses what a file is from its base name; empty is anything.
func kindByName(name string) string {
	base := strings.ToLower(path.Base(name))
	stem := strings.NewReplacer("-", "", "_", "").Replace(strings.TrimSuffix(base, path.Ext(base)))
	isJSON := path.Ext(base) == ".json"
	switch {
	case strings.HasPrefix(stem, "buildspec") && !isJSON:
		return "buildspec"
	case isJSON && (strings.HasPrefix(stem, "taskdef") || strings.HasSuffix(stem, "taskdef") || strings.HasSuffix(stem, "taskdefinition")):
		return "taskdef"
	case isJSON && stem == "pipeline":
		return "pipeline"
	case path.Ext(base) == ".template":
		return "template"
	}
	return ""
}

// kind tells by its content what a file is, and by its name when its content
// cannot be read. Only what has the words of an artifact is read.
func kind(name string, data []byte, byName string) string {
	if byName == "" && !bytes.Contains(data, []byte("containerDefinitions")) && !bytes.Contains(data, []byte("phases")) &&
		!bytes.Contains(data, []byte("Resources")) && !bytes.Contains(data, []byte("stages")) {
		return ""
	}
	read := source.YAML
	if strings.EqualFold(path.Ext(name), ".json") {
		read = source.JSON
	}
	n, _ := read(name, data)
	if n == nil {
		return byName
	}
	has := func(n *source.Node, key string, kind source.Kind) bool {
		v := n.Get(key)
		return v != nil && v.Kind == kind
	}
	switch {
	case has(n, "Resources", source.Map):
		return "template"
	case has(n, "containerDefinitions", source.List), has(n.Get("taskDefinition"), "containerDefinitions", source.List):
		return "taskdef"
	case has(n.Get("pipeline"), "stages", source.List), has(n, "stages", source.List) && has(n, "roleArn", source.String):
		return "pipeline"
	case has(n, "phases", source.Map) && (byName == "buildspec" || n.Get("version") != nil):
		return "buildspec"
	}
	return byName
}

func asProblems(name string, err error) slipway.Problems {
	if problems, ok := err.(slipway.Problems); ok {
		return problems
	}
	return slipway.Problems{fileProblem(name, err)}
}
