package rehearse

import (
	"cmp"
	"context"
	"io/fs"
	"os"
	"time"

	"github.com/seed-b1f00840/slipway/pipeline/bundle"
)

// Options say what is rehearsed, and with what. Only Source is required.
type Options struct {
	// Source is the content of the repository that the pipeline builds, such as
	// os.DirFS("."). Its .git directory is left out.
	Source fs.FS
	// Sources are the contents of the repositories of a pipeline that has several
	// source actions, by the name of their output artifact. Others get Source.
	Sources map[string]fs.FS
	// Pipeline is the name of the pipeline. Empty is the only one of the bundle.
	Pipeline string

	// Target is where the pipeline would run. Without an account it is the
	// fictional 123456789012, without a region us-east-1.
	Target bundle.Target
	// Commit is the revision of the source. Empty is a fictional one.
	Commit string
	// Env are variables that every build has, over those of its project.
	Env map[string]string
	// Parameters are values of the parameter store, by name. What a template of the
	// bundle defines needs none.
	Parameters map[string]string
	// Secrets are values of Secrets Manager, by name or ARN: a text, or a JSON
	// object where the buildspec asks for one of its keys.
	Secrets map[string]string

	// Programs are stand-ins, by the name of the program. They come before those of
	// this package.
	Programs map[string]Program
	// Allow are names of programs that run for real, in the scratch directory. They
	// are looked up where this process finds programs, come before the stand-ins of
	// this package, and are killed with all that they started when the rehearsal
	// ends. What they do outside of the scratch directory, nobody holds back.
	Allow []string

	// Events is called for everything that happens, in order, one call at a time.
	// The rehearsal waits for it. Nil is nobody.
	Events func(Event)
	// Clock tells the time. Nil is one that stands still, so that reports are equal.
	Clock func() time.Time

	// Timeout is how long the whole rehearsal may take; 0 is ten minutes.
	Timeout time.Duration
	// OutputLimit is how many bytes of a command's output are kept; 0 is 64 KiB.
	OutputLimit int
	// MaxFiles and MaxBytes are how large a source or an artifact may be; 0 is
	// 20,000 files and 256 MiB. A larger one cannot be rehearsed.
	MaxFiles int
	MaxBytes int64
	// Dir is where the scratch directory is made. Empty is the system's directory
	// for temporary files.
	Dir string
}

// The fictional world of a rehearsal.
const (
	defaultAccount = "123456789012"
	defaultRegion  = "us-east-1"
	defaultCommit  = "0123456789abcdef0123456789abcdef01234567"
)

// start is when a rehearsal takes place whose caller has no clock.
var start = time.Date(2026, time.January, 2, 3, 4, 5, 0, time.UTC)

// complete returns the options with every default in its place.
func (o Options) complete() Options {
	o.Target.Account = cmp.Or(o.Target.Account, defaultAccount)
	o.Target.Region = cmp.Or(o.Target.Region, defaultRegion)
	o.Commit = cmp.Or(o.Commit, defaultCommit)
	o.Timeout = cmp.Or(o.Timeout, 10*time.Minute)
	o.OutputLimit = cmp.Or(o.OutputLimit, 64<<10)
	o.MaxFiles = cmp.Or(o.MaxFiles, 20_000)
	o.MaxBytes = cmp.Or(o.MaxBytes, 256<<20)
	if o.Clock == nil {
		o.Clock = func() time.Time { return start }
	}
	if o.Events == nil {
		o.Events = func(Event) {}
	}
	return o
}

// A Program stands in for a program. It returns nil, an [ExitStatus], or another
// error, which is printed and gives status 1. It must end when ctx does.
type Program func(ctx context.Context, call *Call) error

// path is where real programs find others.
func (o *Options) path() string { return os.Getenv("PATH") }
