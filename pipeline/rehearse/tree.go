package rehearse

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// A tree copies files into a directory of the scratch directory, and keeps count.
type tree struct {
	files, maxFiles int
	bytes, maxBytes int64
	what            string // for messages: the source, artifact Image
	notes           []string
}

// errTooLarge is wrapped by what is too large to be rehearsed.
var errTooLarge = errors.New("too large to be rehearsed")

func (t *tree) count(name string, size int64) error {
	t.files++
	t.bytes += size
	switch {
	case t.files > t.maxFiles:
		return fmt.Errorf("%s has more than %d files: %w", t.what, t.maxFiles, errTooLarge)
	case t.bytes > t.maxBytes && size > t.maxBytes/2:
		return fmt.Errorf("%s has more than %d MiB, %s alone has %d MiB: %w", t.what, t.maxBytes>>20, name, size>>20, errTooLarge)
	case t.bytes > t.maxBytes:
		return fmt.Errorf("%s has more than %d MiB: %w", t.what, t.maxBytes>>20, errTooLarge)
	}
	return nil
}

// copy copies a file system to dir, without its .git. Links are kept where they
// lead to something inside, and left out where they do not; what is neither a file
// nor a directory is an error.
func (t *tree) copy(ctx context.Context, src fs.FS, to *os.Root, dir string) error {
	return fs.WalkDir(src, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return fmt.Errorf("cannot read %s: %w", t.what, err)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		target := path.Join(dir, name)
		switch {
		case d.IsDir():
			if name == ".git" {
				return fs.SkipDir
			}
			if err := t.count(name, 0); err != nil {
				return err
			}
			return to.MkdirAll(filepath.FromSlash(target), 0o777)
		case d.Type()&fs.ModeSymlink != 0:
			return t.link(src, name, to, target)
		case name == ".git": // of a work tree
			return nil
		case !d.Type().IsRegular():
			return fmt.Errorf("%s: %s is neither a file nor a directory", t.what, name)
		}
		info, err := d.Info()
		if err != nil {
			return fmt.Errorf("cannot read %s: %w", t.what, err)
		}
		if err := t.count(name, info.Size()); err != nil {
			return err
		}
		return t.file(ctx, src, name, info, to, target)
	})
}

func (t *tree) link(src fs.FS, name string, to *os.Root, target string) error {
	if err := t.count(name, 0); err != nil {
		return err
	}
	leads, err := fs.ReadLink(src, name)
	if err != nil {
		return fmt.Errorf("cannot read %s: %w", t.what, err)
	}
	slash := filepath.ToSlash(leads)
	if path.IsAbs(slash) || filepath.IsAbs(leads) || !filepath.IsLocal(filepath.FromSlash(path.Join(path.Dir(name), slash))) {
		t.notes = append(t.notes, fmt.Sprintf("%s: the link %s is left out: it leads outside, to %s", t.what, name, leads))
		return nil
	}
	return to.Symlink(leads, filepath.FromSlash(target))
}

func (t *tree) file(ctx context.Context, src fs.FS, name string, info fs.FileInfo, to *os.Root, target string) error {
	in, err := src.Open(name)
	if err != nil {
		return fmt.Errorf("cannot read %s: %w", t.what, err)
	}
	defer in.Close()
	// Made anew, so that no link of the target leads anywhere.
	out, err := to.OpenFile(filepath.FromSlash(target), os.O_WRONLY|os.O_CREATE|os.O_EXCL, info.Mode().Perm()|0o600)
	if err != nil {
		return err
	}
	// A file that grows while it is read is cut off.
	_, err = io.Copy(out, io.LimitReader(&cancelled{ctx, in}, info.Size()))
	return errors.Join(err, out.Close())
}

// cancelled is a reader that ends with a context.
type cancelled struct {
	ctx context.Context
	r   io.Reader
}

func (c *cancelled) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}

// list returns the files below a directory of root, sorted, with the hashes of
// their content where they are asked for.
func list(root *os.Root, dir string, hashes bool) ([]File, error) {
	var files []File
	err := fs.WalkDir(root.FS(), dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		f := File{Path: strings.TrimPrefix(name, dir+"/")}
		if d.Type()&fs.ModeSymlink != 0 {
			f.Link, err = root.Readlink(filepath.FromSlash(name))
			files = append(files, f)
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		f.Size = info.Size()
		if hashes {
			in, err := root.Open(filepath.FromSlash(name))
			if err != nil {
				return err
			}
			defer in.Close()
			h := sha256.New()
			if _, err := io.Copy(h, in); err != nil {
				return err
			}
			f.SHA256 = hex.EncodeToString(h.Sum(nil))
		}
		files = append(files, f)
		return nil
	})
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	return files, err
}
