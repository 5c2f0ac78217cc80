package fault

import (
	"regexp"
	"strings"
	"sync"
)

// Hidden stands for a value that may be secret.
const Hidden = "(hidden)"

// secrets are what secrets look like in running text: keys of AWS, what follows the
// name of a password, the password of docker login, tokens of three base64 parts, and
// the user of a URL.
var secrets = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\b(?:AKIA|ASIA)[A-Z0-9]{16}\b` +
		`|(?i:(?:password|passwd|secret_?access_?key|authorization)["']?\s*[=:]\s*["']?(?:bearer\s+|basic\s+)?)[^\s"',;&(][^\s"',;&]*` +
		`|(?i:(?:secret|session_?token|api_?key|token)(?:\s*=\s*|["']\s*:\s*|:\s+)["']?)[^\s"',;&(][^\s"',;&]*` + // not the ARN of a secret
		`|(?i:--password[= ]|docker login .*-p )[^\s(]\S*` +
		`|\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.?[A-Za-z0-9_-]*` +
		`|(?:https?://)[^\s/@:]+:[^\s/@]+@`)
})

// Redact hides in a text that others have written what looks like a secret.
func Redact(text string) string {
	return secrets().ReplaceAllStringFunc(text, func(found string) string {
		if i := strings.IndexAny(found, "=: "); i >= 0 && !strings.HasPrefix(found, "http") {
			return found[:i+1] + Hidden // with the name, which tells what is wrong
		}
		return Hidden
	})
}
