package emit_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/seed-b1f00840/slipway/internal/emit"
)

type text string

var errNoText = errors.New("no text")

func (s text) AppendText(dst []byte) ([]byte, error) {
	if s == "" {
		return dst, errNoText
	}
	return append(dst, s...), nil
}

func TestRender(t *testing.T) {
	for _, want := range []text{"a", "bc", text(strings.Repeat("d", 100_000)), "e"} {
		got, err := emit.Render(want)
		if err != nil || string(got) != string(want) {
			t.Errorf("Render gives %d bytes and the error %v, want %d", len(got), err, len(want))
		}
		if n, err := emit.Len(want); err != nil || n != len(want) {
			t.Errorf("Len = %d, %v, want %d", n, err, len(want))
		}
	}
	if got, err := emit.Render(text("")); got != nil || err != errNoText {
		t.Errorf("Render = %q, %v, want nil and the error of AppendText", got, err)
	}
}
