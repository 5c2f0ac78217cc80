package connect

import (
	"context"
	"errors"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/processcreds"

	"github.com/seed-b1f00840/slipway/pipeline/apply/internal/fault"
)

// A process gets credentials from the credential_process of a profile, as the SDK does,
// but that what the process says on standard error is kept from the terminal. The SDK
// lets it through.
type process struct{ command string }

// Retrieve runs the process. The error is a [*processError].
func (p *process) Retrieve(ctx context.Context) (aws.Credentials, error) {
	said := new(lastWords)
	build := func(ctx context.Context) (*exec.Cmd, error) {
		cmd, err := processcreds.DefaultNewCommandBuilder{Args: []string{p.command}}.NewCommand(ctx)
		if err == nil {
			cmd.Stderr = said
		}
		return cmd, err
	}
	found, err := processcreds.NewProviderCommand(processcreds.NewCommandBuilderFunc(build)).Retrieve(ctx)
	if err != nil {
		err = &processError{said.line(), err}
	}
	return found, err
}

// quiet returns a provider of credentials, or in place of the SDK's own for the
// credential_process of a profile one that keeps quiet.
func quiet(p aws.CredentialsProvider, profile *config.SharedConfig) aws.CredentialsProvider {
	if !aws.IsCredentialsProvider(p, (*processcreds.Provider)(nil)) {
		return p
	}
	for profile.Source != nil {
		profile = profile.Source
	}
	return aws.NewCredentialsCache(&process{profile.CredentialProcess})
}

// A processError is why a process has given no credentials.
type processError struct {
	said string // the last line of its standard error, without secrets; empty is none
	err  error
}

// Error says how the process has ended, and what it has said at last. What it has
// printed on standard output is not in it: that may be what it was asked for.
func (e *processError) Error() string {
	text := "its output is not what it should be"
	var exit *exec.ExitError
	if errors.As(e.err, &exit) {
		text = exit.ProcessState.String()
	}
	if e.said != "" {
		text += ": " + e.said
	}
	return text
}

func (e *processError) Unwrap() error { return e.err }

// lastWords keeps the end of what is written to it. It may be written to after it was
// read, by what a process has left running.
type lastWords struct {
	mu   sync.Mutex
	text []byte
}

const (
	maxWords = 4 << 10 // bytes that are kept
	maxLine  = 200     // bytes of a line that is shown
)

func (w *lastWords) Write(data []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.text = append(w.text, data...)
	if over := len(w.text) - maxWords; over > 0 {
		w.text = append(w.text[:0], w.text[over:]...)
	}
	return len(data), nil
}

// keyLike is what a secret key looks like, whatever stands before it.
var keyLike = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[A-Za-z0-9/+]{40,}`) })

// line returns the last line that says something, without what may be secret.
func (w *lastWords) line() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	lines := strings.Split(strings.TrimSpace(strings.ToValidUTF8(string(w.text), "?")), "\n")
	line := keyLike().ReplaceAllString(fault.Redact(strings.TrimSpace(lines[len(lines)-1])), fault.Hidden)
	for len(line) > maxLine || !utf8.ValidString(line) {
		line = line[:min(len(line)-1, maxLine)]
	}
	return line
}
