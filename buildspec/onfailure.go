package buildspec

import (
	"strconv"
	"strings"
)

// OnFailure says what happens after a command of a phase has failed: ABORT ends
// the build, CONTINUE goes on with the next phase, RETRY runs the phase again.
// Letter case does not matter. Empty means the usual flow; see [Phases].
//
// Source: https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html#build-spec.phases
type OnFailure string

// The two that take no argument.
const (
	Abort    OnFailure = "ABORT"
	Continue OnFailure = "CONTINUE"
)

// MaxRetries is the largest count of [Retry].
const MaxRetries = 100

// Retry returns the value that runs a phase again up to count times when the
// output of the failed command matches pattern: RETRY-3-timeout. An empty
// pattern matches all: RETRY-3.
func Retry(count int, pattern string) OnFailure {
	s := "RETRY-" + strconv.Itoa(count)
	if pattern != "" {
		s += "-" + pattern
	}
	return OnFailure(s)
}

// Retry returns the count and the pattern of RETRY, RETRY-<count>,
// RETRY-<pattern> and RETRY-<count>-<pattern>; where they are left out, 3 and
// ".*". It reports false for anything else. A count that is too large for an int
// is returned as a larger one than [MaxRetries].
func (o OnFailure) Retry() (count int, pattern string, ok bool) {
	const retry = "RETRY"
	s := string(o)
	if len(s) < len(retry) || !strings.EqualFold(s[:len(retry)], retry) {
		return 0, "", false
	}
	if s = s[len(retry):]; s == "" {
		return 3, ".*", true
	}
	if s[0] != '-' || len(s) == 1 {
		return 0, "", false
	}
	s = s[1:]
	digits, rest, more := strings.Cut(s, "-")
	if !isDigits(digits) || more && rest == "" {
		return 3, s, true
	}
	if !more {
		rest = ".*"
	}
	if count, err := strconv.Atoi(digits); err == nil {
		return count, rest, true
	}
	return MaxRetries + 1, rest, true
}

// isValid reports whether o is one of the documented forms, whatever the count.
func (o OnFailure) isValid() bool {
	if strings.EqualFold(string(o), string(Abort)) || strings.EqualFold(string(o), string(Continue)) {
		return true
	}
	_, _, ok := o.Retry()
	return ok
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
