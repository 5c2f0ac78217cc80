package fault

import (
	"regexp"
	"strings"
	"sync"
)

// Hidden stands for a value that may be secret.
const Hidden = "(hidden)"

// secrets are what secrets look like in running text. A group is what stays before one,
// such as its name, which tells what is wrong.
var secrets = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(strings.Join([]string{
		// Keys of AWS, of GitHub, GitLab, Slack, Stripe, Google and npm; a token of three parts.
		`\b(?:AKIA|ASIA)[A-Z0-9]{16}\b`,
		`\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[a-z]-[\w-]{10,}|[sr]k_(?:live|test)_\w{10,}|AIza[\w-]{30,}|npm_\w{30,})`,
		`\beyJ[\w-]{8,}\.[\w-]{8,}\.?[\w-]*`,
		`(https://hooks\.slack\.com/services/)\S+`,
		`(?s:-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$))`,
		// The user of a URL, with a password.
		`(\b[A-Za-z][A-Za-z0-9+.-]*://)[^\s/@:"']*:[^\s@"']+@`,
		// What follows the name of a password, or the flag for one.
		`(?i:([\w-]*(?:password|passwd|passphrase|secret_?access_?key|authorization)["']?\s*[=:]\s*["']?(?:bearer\s+|basic\s+)?))[^\s"',;&($][^\s"',;&]*`,
		`(?i:([\w-]*(?:secret|token|api_?key|credentials?)(?:\s*=\s*|["']\s*:\s*|:\s+)["']?))[^\s"',;&($][^\s"',;&]*`, // not the ARN of a secret
		`(\b[A-Z0-9_]*(?:PASS|PWD|DSN|PAT|JWT|_KEY|TOKEN|SECRET)\s*[=:]\s*["']?)[^\s"',;&($][^\s"',;&]*`,
		`(?i:(--[a-z-]*(?:password|passwd|passphrase|token|secret|api-?key|access-?key)(?:=|\s+|["']\s*,\s*["'])["']?))[^\s"',($-][^\s"',]*`,
		`(docker login .*-p )[^\s($]\S*`,
	}, "|"))
})

// notSecret are words of AWS that only look like the name of a secret: the name of an
// operation of CloudFormation, and codes of errors.
var notSecret = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i:(?:request|expired|invalid|missing|malformed)[a-z]*token)`)
})

// Conceal hides in a text that others have written what looks like a secret.
func Conceal(text string) string {
	var b strings.Builder
	last := 0
	for _, at := range secrets().FindAllStringSubmatchIndex(text, -1) {
		kept := ""
		for i := 2; i < len(at); i += 2 {
			if at[i] >= 0 {
				kept = text[at[i]:at[i+1]]
			}
		}
		if notSecret().MatchString(kept) {
			continue
		}
		b.WriteString(text[last:at[0]])
		b.WriteString(kept)
		b.WriteString(Hidden)
		if last = at[1]; strings.HasSuffix(kept, "://") {
			last-- // the @ before the host
		}
	}
	b.WriteString(text[last:])
	return b.String()
}

// Redact is [Conceal], and makes one line of the text: what is printed as one message must
// not look like several.
func Redact(text string) string {
	text = Conceal(text)
	if strings.ContainsAny(text, "\n\r\v\f\u0085\u2028\u2029") {
		text = strings.Join(strings.Fields(text), " ")
	}
	return text
}
