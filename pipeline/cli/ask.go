package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// canAsk reports whether there is somebody to ask: both standard input and standard
// error are terminals.
func (p *program) canAsk() bool { return isTerminal(p.stdin) && isTerminal(p.stderr) }

func isTerminal(stream any) bool {
	file, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// ask asks a question on standard error and returns the line that is answered, without
// blanks around it. What was typed before it was asked is no answer. It is an error when
// ctx ends, or the input without an answer.
func (p *program) ask(ctx context.Context, question string) (string, error) {
	input := p.input()
	_, _ = input.Discard(input.Buffered())
	if file, ok := p.stdin.(*os.File); ok {
		discardInput(file)
	}
	fmt.Fprint(p.stderr, question)
	p.asking.Store(true)
	type answer struct {
		text string
		err  error
	}
	answers := make(chan answer, 1)
	go func() { // nobody can stop reading from a terminal
		text, err := input.ReadString('\n')
		answers <- answer{text, err}
	}()
	select {
	case <-ctx.Done():
		p.hush()
		return "", context.Cause(ctx)
	case a := <-answers:
		if a.err != nil && (a.text == "" || !errors.Is(a.err, io.EOF)) {
			p.hush()
			return "", &coded{errors.New("there is no answer"), codeUnasked}
		}
		p.asking.Store(false)
		return strings.TrimSpace(a.text), nil
	}
}

// hush ends the line of a question that nobody answers any more.
func (p *program) hush() {
	if p.asking.Swap(false) {
		fmt.Fprintln(p.stderr)
	}
}

// input returns standard input by lines.
func (p *program) input() *bufio.Reader {
	if p.lines == nil {
		p.lines = bufio.NewReader(p.stdin)
	}
	return p.lines
}

// askCode asks for the code of an MFA device: before anything is done, and again when the
// session of a role is over.
func (s *session) askCode(ctx context.Context) (string, error) {
	if len(s.items) > 0 && s.items[0].applier != nil {
		s.view.quit("the session of the role is over, and needs another code")
	}
	return s.ask(ctx, "MFA code: ")
}
