package bundle

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/buildspec"
	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/internal/source"
	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/pipeline/handover"
	"github.com/seed-b1f00840/slipway/taskdef"
)

// Load finds the artifacts in a file system and reads them, in the order of
// their paths. A file is an artifact by its content (a map with
// containerDefinitions is a task definition, whatever its name), and also by its
// name when its content cannot be read. Directories whose name begins with a dot (but
// .aws, .ci, .cicd, .codebuild, .codepipeline, .deploy and .ecs), node_modules and vendor
// are passed over; links are not followed.
//
// Files are read as leniently as their models allow: what is wrong inside of one
// is found by [Bundle.Check]. The error holds the files that are artifacts and
// cannot be read at all; the bundle is valid with it and holds the others.
//
// It looks at 100,000 files at most, and reads none of more than 1 MiB and nothing
// but regular files.
func Load(fsys fs.FS) (*Bundle, error) {
	b := &Bundle{Tree: new(Tree)}
	names, problems := b.Tree.walk(fsys)
	total := 0
	for i, f := range readAll(fsys, names) {
		switch {
		case f == nil:
			continue
		case f.err != nil:
			problems = append(problems, unreadable(names[i], f.err)...)
		case f.model != nil:
			a := Artifact{Path: names[i], Stack: stackOf(f.model), Model: f.model}
			if _, ok := f.model.(*cfn.Template); ok {
				a.text = f.text
			}
			b.Artifacts = append(b.Artifacts, a)
		}
		if f.keep {
			b.Tree.keep(names[i], f.text, &total)
		}
	}
	return b, problems.Sorted().Err()
}

// A loaded file is one that was read and is of use.
type loaded struct {
	model Model // nil when it is no artifact
	text  []byte
	keep  bool // a build may use the text
	err   error
}

// readAll reads the files that may be of use, on all processors. Those that are not
// stay nil.
func readAll(fsys fs.FS, names []string) []*loaded {
	files := make([]*loaded, len(names))
	const share = 4 // files that are worth a goroutine
	workers := max(1, min(runtime.GOMAXPROCS(0), len(names)/share))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			var r reader
			for {
				i := int(next.Add(1)) - 1
				if i >= len(names) {
					return
				}
				files[i] = r.load(fsys, names[i])
			}
		})
	}
	wg.Wait()
	return files
}

// A reader reads one file after the other into one buffer.
type reader struct{ buf []byte }

func (r *reader) load(fsys fs.FS, name string) *loaded {
	limit := int64(source.MaxSize)
	byName, isUsed := kindByName(name), isUsedByBuild(name)
	switch {
	case isCandidate(name):
	case isUsed:
		limit = maxText
	default:
		return nil
	}
	data, size, err := r.read(fsys, name, limit)
	switch {
	case err != nil:
		return &loaded{err: err}
	case size > limit && byName == noKind:
		return nil
	case size > limit:
		return &loaded{err: fmt.Errorf("the file has %d bytes; the largest that is read has %d", size, limit)}
	}
	f := &loaded{keep: isUsed || len(data) <= maxText && isHandedOver(data)}
	if isCandidate(name) {
		f.model, f.text, f.err = model(name, data, byName)
	}
	if f.keep && f.text == nil {
		f.text = bytes.Clone(data)
	}
	if f.model == nil && !f.keep && f.err == nil {
		return nil
	}
	return f
}

// read reads a file of at most limit bytes and returns its size.
func (r *reader) read(fsys fs.FS, name string, limit int64) (data []byte, size int64, err error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, 0, err
	}
	defer f.Close()
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, 0, err
	case !info.Mode().IsRegular():
		return nil, 0, errors.New("no regular file any more")
	case info.Size() > limit:
		return nil, info.Size(), nil
	}
	if n := int(info.Size()) + 1; cap(r.buf) < n {
		r.buf = make([]byte, max(n, 32<<10))
	}
	buf := r.buf[:cap(r.buf)]
	n := 0
	for {
		if n == len(buf) {
			buf = append(buf, 0)
			buf = buf[:cap(buf)]
			r.buf = buf
		}
		m, err := f.Read(buf[n:min(len(buf), int(limit)+1)])
		n += m
		switch {
		case n > int(limit):
			return nil, int64(n), nil
		case err == io.EOF:
			return buf[:n], int64(n), nil
		case err != nil:
			return nil, 0, err
		}
	}
}

// model reads a file as what it is. The text is a copy that may be kept; it is nil when
// the file is no artifact.
func model(name string, data []byte, byName kind) (m Model, text []byte, err error) {
	k := kindOf(name, data, byName)
	if k == noKind {
		return nil, nil, nil
	}
	data = bytes.Clone(data)
	switch k {
	case templateKind:
		t, err := cfn.ParseLax(name, data)
		if err != nil || !isTemplate(t) {
			return nil, nil, err
		}
		return t, data, nil
	case taskKind:
		m, err = asModel(taskdef.ParseLax(name, data))
	case buildspecKind:
		m, err = asModel(buildspec.ParseLax(name, data))
	case pipelineKind:
		m, err = asModel(pipeline.ParseLax(name, data))
	case imagesKind:
		m, err = asModel(handover.ParseImageDefinitionsLax(name, data))
	case detailKind:
		m, err = asModel(handover.ParseImageDetailLax(name, data))
	case appSpecKind:
		m, err = asModel(handover.ParseAppSpecLax(name, data))
	}
	return m, data, err
}

// asModel makes of a nil pointer a nil interface.
func asModel[M Model](m M, err error) (Model, error) {
	if err != nil {
		return nil, err
	}
	return m, nil
}

func asProblems(name string, err error) slipway.Problems {
	if problems, ok := err.(slipway.Problems); ok {
		return problems
	}
	return slipway.Problems{fileProblem(name, err)}
}

// unreadable returns why a file or a directory cannot be read.
func unreadable(name string, err error) slipway.Problems {
	problems := asProblems(name, err)
	for _, p := range problems {
		if p.Rule == pathRule.Name || p.Rule == "" {
			p.Rule = readRule.Name
		}
	}
	return problems
}
