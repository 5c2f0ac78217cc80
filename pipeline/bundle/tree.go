package bundle

import (
	"slices"
	"strings"
)

// A Tree is the files of a repository: their names, and the text of small ones that
// a build may use. [Load] makes it. A nil Tree knows nothing.
type Tree struct {
	names   []string // sorted; files, and links with a slash at the end when they may lead to a directory
	partial bool     // there are more
	texts   map[string][]byte
}

// Names returns the paths of the files, sorted. There are no more than 100,000, and
// none of directories that [Load] passes over. The caller must not change them.
func (t *Tree) Names() []string {
	if t == nil {
		return nil
	}
	return t.names
}

// Has reports whether there is a file of that path, and whether that is known: it
// is not when the directory was passed over or could not be read, when there are
// too many files, or when the path leads out of the repository.
func (t *Tree) Has(path string) (has, known bool) {
	if t == nil {
		return false, false
	}
	_, has = slices.BinarySearch(t.names, path)
	return has, has || !t.partial && !strings.HasPrefix(path, "../")
}

// Text returns the text of a small file that a build may use: a script, a
// Dockerfile, or a template of an artifact. It is nil for other files.
func (t *Tree) Text(path string) []byte {
	if t == nil {
		return nil
	}
	return t.texts[path]
}
