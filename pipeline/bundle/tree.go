package bundle

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"

	"github.com/seed-b1f00840/slipway"
)

// maxFiles is how many files of a repository are looked at.
const maxFiles = 100_000

// A Tree is the files of a repository: their names, and the text of small ones that
// a build may use. [Load] makes it. A nil Tree knows nothing.
type Tree struct {
	names   []string        // of files and links, sorted
	hidden  map[string]bool // directories and links behind which nothing is known
	partial bool            // there are more files
	texts   map[string][]byte
}

// Names returns the paths of the files, sorted. There are at most 100,000, and none of
// directories that [Load] passes over. The caller must not change them.
func (t *Tree) Names() []string {
	if t == nil {
		return nil
	}
	return t.names
}

// Has reports whether there is a file or a link of that path, and whether that is known.
// It is not known of what stands behind a link, in a directory that was passed over
// or could not be read, or outside of the repository, nor when there are too many files.
func (t *Tree) Has(name string) (has, known bool) {
	if t == nil || !fs.ValidPath(name) {
		return false, false
	}
	if _, has := slices.BinarySearch(t.names, name); has {
		return true, true
	}
	for dir := name; dir != "."; dir = path.Dir(dir) {
		if t.hidden[dir] {
			return false, false
		}
	}
	return false, !t.partial
}

// Text returns the text of a small file that a build may use: a script, a
// Dockerfile, or a template of an artifact. It is nil for other files. The caller must
// not change it.
func (t *Tree) Text(name string) []byte {
	if t == nil {
		return nil
	}
	return t.texts[name]
}

// The texts that a tree keeps: of one file, and of all.
const (
	maxText  = 64 << 10
	maxTexts = 4 << 20
)

// keep keeps the text of a file while there is room.
func (t *Tree) keep(name string, text []byte, total *int) {
	if len(text) == 0 || *total+len(text) > maxTexts {
		return
	}
	if t.texts == nil {
		t.texts = make(map[string][]byte)
	}
	t.texts[name] = text
	*total += len(text)
}

// errFull ends a walk.
var errFull = errors.New("too many files")

// walk fills the tree with the names of the files, and returns those of the regular
// ones in the order of the walk.
func (t *Tree) walk(fsys fs.FS) (regular []string, problems slipway.Problems) {
	t.hidden = make(map[string]bool)
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			problems = append(problems, unreadable(name, err)...)
			t.hidden[name] = true
			if d != nil && d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case d.IsDir():
			if passOver(name) {
				t.hidden[name] = true
				return fs.SkipDir
			}
			return nil
		case len(t.names) == maxFiles:
			return errFull
		}
		t.names = append(t.names, name)
		switch {
		case d.Type().IsRegular():
			regular = append(regular, name)
		case d.Type()&fs.ModeSymlink != 0:
			t.hidden[name] = true
		}
		return nil
	})
	if errors.Is(err, errFull) {
		t.partial = true
		err = fmt.Errorf("there are more than %d files; what comes after %s is not looked at", maxFiles, t.names[maxFiles-1])
	}
	if err != nil {
		problems = append(problems, unreadable(".", err)...)
	}
	slices.Sort(t.names)
	return regular, problems
}

// passOver reports whether a directory holds nothing that its repository's authors wrote
// for a delivery.
func passOver(dir string) bool {
	switch base := path.Base(dir); base {
	case ".", ".aws", ".ci", ".cicd", ".codebuild", ".codepipeline", ".deploy", ".ecs":
		return false
	case "node_modules", "vendor":
		return true
	default:
		return base[0] == '.'
	}
}
