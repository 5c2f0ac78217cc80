package cli

import (
	"bytes"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/seed-b1f00840/slipway"
)

// An ignore is a comment that says of which rules what is found is to be ignored.
//
//	# slipway:ignore RULE[, RULE...] [reason]
//	# slipway:ignore-file RULE[, RULE...] [reason]
type ignore struct {
	rules    ruleSet
	used     []bool // of each of the rules
	pos      slipway.Position
	whole    bool // it is about the whole file
	from, to int  // lines that it is about, starting at 1; 0 is none
}

const directive = "slipway:ignore"

// ignores returns the ignores of a YAML file. JSON has no comments.
func (t *text) ignores(name string) []*ignore {
	if t == nil || path.Ext(name) == ".json" || !bytes.Contains(t.bytes(), []byte(directive)) {
		return nil
	}
	var found []*ignore
	lines := t.split()
	for n, line := range lines {
		before, rest, ok := cutDirective(line)
		if !ok {
			continue
		}
		i := &ignore{pos: slipway.Position{Line: n + 1, Column: utf8.RuneCountInString(before) + 1}}
		rest, i.whole = strings.CutPrefix(rest, "-file")
		if rest != "" && rest[0] != ' ' && rest[0] != '\t' {
			continue // another word
		}
		i.rules = ruleList(rest)
		i.used = make([]bool, len(i.rules))
		switch {
		case i.whole:
		case strings.TrimSpace(before) == "":
			i.from, i.to = nodeAfter(lines, n)
		default:
			i.from, i.to = n+1, n+1
		}
		found = append(found, i)
	}
	return found
}

// cutDirective cuts a line around a comment that begins with the directive.
func cutDirective(line string) (before, rest string, ok bool) {
	at := strings.Index(line, directive)
	if at < 0 {
		return "", "", false
	}
	before = strings.TrimRight(line[:at], " \t")
	before, ok = strings.CutSuffix(before, "#")
	if !ok || before != "" && !strings.HasSuffix(before, " ") && !strings.HasSuffix(before, "\t") {
		return "", "", false
	}
	return before, line[at+len(directive):], true
}

// ruleList reads the rules at the start of s: words with commas between them.
func ruleList(s string) ruleSet {
	var rules ruleSet
	for more := true; more; {
		s = strings.TrimLeft(s, " \t")
		word, rest, _ := strings.Cut(s, " ")
		more = strings.HasSuffix(word, ",") || strings.HasPrefix(strings.TrimLeft(rest, " "), ",")
		for name := range strings.SplitSeq(word, ",") {
			if name != "" {
				rules = append(rules, name)
			}
		}
		s = strings.TrimLeft(rest, " ,")
	}
	return rules
}

// nodeAfter returns the first and the last line of the YAML node after line n of a
// comment (from 0): the next line that says something, and those that are indented
// deeper. A list may stand as deep as its key.
func nodeAfter(lines []string, n int) (from, to int) {
	depth := 0
	for k := n + 1; k < len(lines); k++ {
		said := strings.TrimLeft(lines[k], " \t")
		if said == "" || said[0] == '#' {
			continue
		}
		indent := len(lines[k]) - len(said)
		switch {
		case from == 0:
			from, depth = k+1, indent
		case indent > depth:
		case indent == depth && isItem(said) && !isItem(strings.TrimLeft(lines[from-1], " \t")):
		default:
			return from, to
		}
		to = k + 1
	}
	return from, to
}

// isItem reports whether a line begins an item of a YAML list.
func isItem(said string) bool { return said == "-" || strings.HasPrefix(said, "- ") }

// ignoredBy reports whether one of the ignores is about p, and marks all that are.
func ignoredBy(ignores []*ignore, p *slipway.Problem) (ignored bool) {
	for _, i := range ignores {
		if !i.whole && (p.Pos.Line < i.from || p.Pos.Line > i.to || i.from == 0) {
			continue
		}
		for n, pattern := range i.rules {
			if matchRule(pattern, p.Rule) {
				i.used[n], ignored = true, true
			}
		}
	}
	return ignored
}

// problem returns what is wrong with an ignore that was tried on all problems of its
// file, or nil.
func (i *ignore) problem(file string, rules rules) *slipway.Problem {
	message := ""
	if len(i.rules) == 0 {
		message = "names no rule; write " + directive + " RULE, and why"
	}
	for n, pattern := range i.rules {
		if problem := unknown(pattern, rules()); problem != "" {
			message = problem
		} else if message == "" && !i.used[n] {
			message = "nothing of " + pattern + " is found here; remove it"
		}
	}
	if message == "" {
		return nil
	}
	return &slipway.Problem{File: file, Pos: i.pos, Message: message, Rule: unusedRule.Name, Severity: unusedRule.Severity}
}
