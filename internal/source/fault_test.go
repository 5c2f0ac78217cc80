package source_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/source"
)

type fault struct{ text, want string }

// bomb is ten lists, each of ten times the one before.
var bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + strings.Join([]string{
	"b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]", "c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]", "d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]",
	"e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]", "f: &f [*e, *e, *e, *e, *e, *e, *e, *e, *e, *e]", "g: [*f, *f, *f, *f, *f, *f, *f, *f, *f, *f]", "",
}, "\n")

// tower is a list in a list, by aliases, deeper than is allowed.
var tower = "- &a0 " + strings.Repeat("[", 400) + strings.Repeat("]", 400) + "\n- " + strings.Repeat("[", 200) + "*a0" + strings.Repeat("]", 200) + "\n"

var yamlFaults = []fault{
	{"", `1:1: the file is empty`},
	{"\n", `1:1: the file is empty`},
	{"# c\n", `1:1: the file is empty`},
	{"...\n", `1:1: the file is empty`},
	{"a: b\n---\nc: d\n", `2:1: a second document begins here; one file holds one document`},
	{"a: b\n...\nc: d\n", `3:1: a second document begins here; one file holds one document`},
	{"a: b\n--- \n", `2:1: a second document begins here; one file holds one document`},
	{"---\n---\na: b\n", `2:1: a second document begins here; one file holds one document`},
	{"a:\n\tb: c\n", `2:1: a tab cannot indent; use blanks`},
	{"\ta: b\n", `1:1: a tab cannot indent; use blanks`},
	{"a: b\n\tc: d\n", `2:1: a tab cannot indent; use blanks`},
	{"a:\n  - b\n\t- c\n", `3:1: a tab cannot indent; use blanks`},
	{"a: [b, c\n", `1:4: the list is not closed`},
	{"a: {b: c\n", `1:4: the map is not closed`},
	{"a: \"b\n", `1:4: the quotation mark is not closed`},
	{"a: 'b\nc: d\n", `1:4: the quotation mark is not closed`},
	{"a: b: c\n", `1:5: found ":" where no key can stand; quote the text that has it, or mend the indentation`},
	{"a\nb: c\n", `2:2: found ":" where no key can stand; quote the text that has it, or mend the indentation`},
	{"a: b\nc\n", `2:1: found a text where a key must stand; write "key: value", or mend the indentation`},
	{"a: b\n c: d\n", `2:3: found ":" where no key can stand; quote the text that has it, or mend the indentation`},
	{"a:\n  b: c\n d: e\n", `3:2: this does not go on with the map that begins at 1:1; mend the indentation or the quotes`},
	{"- a\nb: c\n", `2:1: this does not go on with the list that begins at 1:1; write "- " or mend the indentation`},
	{"a: b\n- c\n", `2:1: this does not go on with the map that begins at 1:1; mend the indentation or the quotes`},
	{"a: *x\n", `1:4: *x repeats nothing, no &x stands before it; quote it if it is text`},
	{"a: &x b\nc: *y\n", `2:4: *y repeats nothing, no &y stands before it; quote it if it is text`},
	{"a: &x [*x]\n", `1:8: the alias *x stands inside of what it repeats`},
	{"a: &x {b: *x}\n", `1:11: the alias *x stands inside of what it repeats`},
	{"a: !<\n", `1:6: this is no tag, such as !Ref; quote it if it is text`},
	{"a: !a!b c\n", `1:4: this is no tag, such as !Ref; quote it if it is text`},
	{"a: @b\n", `1:4: a text cannot begin with @; quote it`},
	{"a: `b`\n", "1:4: a text cannot begin with `; quote it"},
	{"a: %b\n", `1:4: a text cannot begin with %; quote it`},
	{"%YAML 3.0\n---\na: b\n", `1:1: only YAML 1.1 and 1.2 are read; remove the line`},
	{"%FOO x\n---\na: b\n", `1:5: a line that begins with % is a directive of YAML; quote it if it is text`},
	{"a: |x\n b\n", `1:5: the text of | and > begins on the next line; quote it if it is no block`},
	{"a: |\n\tb\n", `2:1: a tab cannot indent; use blanks`},
	{"a: |\n   b\n  c\n", `3:3: this does not go on with the map that begins at 1:1; mend the indentation or the quotes`},
	{"a: >9\n b\n", `2:2: this does not go on with the map that begins at 1:1; mend the indentation or the quotes`},
	{"a: \"\\q\"\n", `1:5: unknown escape; write \\ for a backslash, or use single quotes`},
	{"a: \"\\u12\"\n", `1:7: this escape is no character; write \\ for a backslash, or use single quotes`},
	{"a: \"\\ud800\"\n", `1:7: this escape is no character; write \\ for a backslash, or use single quotes`},
	{"{a: b}}\n", `1:7: more text after the end of the document`},
	{"[a]]\n", `1:4: more text after the end of the document`},
	{"a: ]\n", `1:4: found ']' where a value must stand; quote it if it is text`},
	{"{a: b} c\n", `1:8: more text after the end of the document`},
	{"? [a]\n: b\n", `1:3: a key must be plain text; quote it if a placeholder stands here`},
	{"? {a: b}\n: c\n", `1:3: a key must be plain text; quote it if a placeholder stands here`},
	{"{{a}}: b\n", `1:1: a key must be plain text; quote it if a placeholder stands here`},
	{"{{ a }}: b\n", `1:1: a key must be plain text; quote it if a placeholder stands here`},
	{"a: {{ b }}\n", `1:5: a key must be plain text; quote it if a placeholder stands here`},
	{"a: {{b}}\n", `1:5: a key must be plain text; quote it if a placeholder stands here`},
	{"[a]: b\n", `1:1: a key must be plain text; quote it if a placeholder stands here`},
	{"*a : b\n", `1:1: *a repeats nothing, no &a stands before it; quote it if it is text`},
	{"&a a: b\n*a : c\n", `2:1: key "a" stands twice, first at 1:1; keep one`},
	{"<<: a\n", `1:5: << merges a map or a list of maps, this is a string`},
	{"<<: [a]\n", `1:6: << merges maps, this is a string`},
	{"日本: [é\n", `1:5: the list is not closed`},
	{"é: ü: ä\n", `1:5: found ":" where no key can stand; quote the text that has it, or mend the indentation`},
	{"日本語: 値\n  ü: ä\n", `2:4: found ":" where no key can stand; quote the text that has it, or mend the indentation`},
	{"a: b\r\nc: d: e\r\n", `2:5: found ":" where no key can stand; quote the text that has it, or mend the indentation`},
	{"a: b\rc: d: e\r", `2:5: found ":" where no key can stand; quote the text that has it, or mend the indentation`},
	{"a: 'x\u2028y'\nc: d: e\n", `2:5: found ":" where no key can stand; quote the text that has it, or mend the indentation`},
	{"# \u2028\nc: d: e\n", `2:5: found ":" where no key can stand; quote the text that has it, or mend the indentation`},
	{"a: b\u0085c: d: e\n", `1:10: found ":" where no key can stand; quote the text that has it, or mend the indentation`},
	{"\ufeffa: b: c\n", `1:5: found ":" where no key can stand; quote the text that has it, or mend the indentation`},
	{"a: \x01\n", `1:4: control character U+0001; write it as "\x01" if this is text`},
	{"a: b\x00\n", `1:5: the file is binary; want text in UTF-8`},
	{"a: b #c\nd: e# f: g\n", `2:8: found ":" where no key can stand; quote the text that has it, or mend the indentation`},
	{"a: b\nb: \ufffe\n", `2:4: U+FFFE is no character; write it as "\ufffe"`},
	{"x: y z: w\n", `1:7: found ":" where no key can stand; quote the text that has it, or mend the indentation`},
	{"a: - b\n", `1:4: "- " cannot stand here; begin the list on a line of its own, or quote the text`},
	{"- - - b: c: d\n", `1:11: found ":" where no key can stand; quote the text that has it, or mend the indentation`},
	{"key: \"a\" b\n", `1:10: this does not go on with the map that begins at 1:1; mend the indentation or the quotes`},
	{"key: 'a'b\n", `1:9: this does not go on with the map that begins at 1:1; mend the indentation or the quotes`},
	{"key: [a] b\n", `1:10: this does not go on with the map that begins at 1:1; mend the indentation or the quotes`},
	{"key:\n- a\n  - b: c: d\n", `3:6: found ":" where no key can stand; quote the text that has it, or mend the indentation`},
	{"a: b\n  c\n  d: e\n", `3:4: found ":" where no key can stand; quote the text that has it, or mend the indentation`},
	{"a: 1\n? a\n", `2:3: key "a" stands twice, first at 1:1; keep one`},
	{"a: \"\xff\"\n", `1:5: byte 0xff is not UTF-8; save the file as UTF-8 text`},
	{"\xff\xfea\x00", `1:1: the file is UTF-16; save it as UTF-8`},
	{"\xfe\xff\x00a", `1:1: the file is UTF-16; save it as UTF-8`},
	{"\x00a\x00b", `1:1: the file is UTF-16; save it as UTF-8`},
	{"a\x00", `1:1: the file is UTF-16; save it as UTF-8`},
	{"\x7fELF\x01", `1:5: control character U+0001; write it as "\x01" if this is text`},
	{"PK\x03\x04", `1:3: control character U+0003; write it as "\x03" if this is text`},
	{"{\"a\": 1 \"b\": 2}\n", `1:12: the map that begins at 1:1 breaks off here; want "," or "}", or quotes around text`},
	{"a: [\n  b,\n  c\nd: e\n", `4:2: the list that begins at 1:4 breaks off here; want "," or "]", or quotes around text`},
	{"a: {b: c, d: [e}\n", `1:16: the list that begins at 1:14 breaks off here; want "," or "]", or quotes around text`},
	{"a: \"é\" b\n", `1:8: this does not go on with the map that begins at 1:1; mend the indentation or the quotes`},
	{"- &a [1]\n- *a\n- *b\n", `3:3: *b repeats nothing, no &b stands before it; quote it if it is text`},
	{"{a: b, a: c}\n", `1:8: key "a" stands twice, first at 1:2; keep one`},
	{"a: b\n---\n[\n", `4:1: the file ends where a value must stand`},
	{"a: b\n...\n@\n", `3:1: a text cannot begin with @; quote it`},
	{"a: \"x\n---\ny\"\n", `1:4: the quotation mark is not closed`},
	{"a: & b\n", `1:5: a name must follow & and *; quote it if it is text`},
	{"a: * b\n", `1:5: a name must follow & and *; quote it if it is text`},
	{"a: ? b\n", `1:4: "? " cannot stand here; quote the text`},
	{"a: >x\n  b\n", `1:5: the text of | and > begins on the next line; quote it if it is no block`},
	{"a: [b]#c\n", `1:7: write a blank before #`},
	{strings.Repeat("[", 100_000), `1:501: nested deeper than 500 levels`},
	{strings.Repeat("{\"a\":", 100_000), `1:2501: nested deeper than 500 levels`},
	{strings.Repeat("- ", 100_000), `1:1001: nested deeper than 500 levels`},
	{bomb, `5:36: the aliases up to here repeat more than 100000 values`},
	{tower, `2:203: nested deeper than 500 levels`},
	{strings.Repeat("a: &a *a\n", 2), `1:7: this does not go on with the map that begins at 1:1; mend the indentation or the quotes`},
	{"[" + strings.Repeat(":,", 100_001) + "]", `1:200001: more than 200000 of , : [ ] { } stand on one line; break it into several`},
	{strings.Repeat("x", 64<<20), `1:1048577: the file has 67108864 bytes; the largest that is read has 1048576`},
	{strings.Repeat("é\n", source.MaxSize/3) + "xx", `349526:2: the file has 1048577 bytes; the largest that is read has 1048576`},
}

var jsonFaults = []fault{
	{"", `1:1: the file is empty`},
	{" \n", `1:1: the file is empty`},
	{"{", `1:2: the file ends where a key in double quotes must stand`},
	{"[", `1:2: the file ends where a value must stand`},
	{"{\"a\"", `1:5: the file ends where ":" after the key must stand`},
	{"{\"a\":", `1:6: the file ends where a value must stand`},
	{"{\"a\": 1", `1:8: the file ends where "," or "}" must stand`},
	{"[1", `1:3: the file ends where "," or "]" must stand`},
	{"[1,", `1:4: the file ends where a value must stand`},
	{"[1,]", `1:3: a comma stands after the last value; remove it`},
	{"{\"a\": 1,}\n", `1:8: a comma stands after the last value; remove it`},
	{"{\"a\": 1 \"b\": 2}", `1:9: found '"', want "," or "}"`},
	{"[1 2]", `1:4: found '2', want "," or "]"`},
	{"{a: 1}", `1:2: found 'a', want a key in double quotes`},
	{"{'a': 1}", `1:2: JSON writes text in double quotes, not in single ones`},
	{"['a']", `1:2: JSON writes text in double quotes, not in single ones`},
	{"{1: 2}", `1:2: found '1', want a key in double quotes`},
	{"{\"a\" 1}", `1:6: found '1', want ":" after the key`},
	{"{\"a\": }", `1:7: found '}', want a value`},
	{"[,1]", `1:2: found ',', want a value`},
	{"// c\n{}", `1:1: JSON has no comments; remove it`},
	{"{ /* c */ }", `1:3: JSON has no comments; remove it`},
	{"[1] # c", `1:5: more text after the end of the document`},
	{"# c\n[1]", `1:1: JSON has no comments; remove it`},
	{"[NaN]", `1:2: found "NaN", want a value: true, false, null, a number, or text in double quotes`},
	{"[Infinity]", `1:2: found "Infinity", want a value: true, false, null, a number, or text in double quotes`},
	{"[-Infinity]", `1:2: found "-Infinity", want a value: true, false, null, a number, or text in double quotes`},
	{"[True]", `1:2: found "True", want a value: true, false, null, a number, or text in double quotes`},
	{"[None]", `1:2: found "None", want a value: true, false, null, a number, or text in double quotes`},
	{"[undefined]", `1:2: found "undefined", want a value: true, false, null, a number, or text in double quotes`},
	{"[nul]", `1:2: found "nul", want a value: true, false, null, a number, or text in double quotes`},
	{"[01]", `1:2: found "01", want a value: true, false, null, a number, or text in double quotes`},
	{"[+1]", `1:2: found "+1", want a value: true, false, null, a number, or text in double quotes`},
	{"[.5]", `1:2: found ".5", want a value: true, false, null, a number, or text in double quotes`},
	{"[1.]", `1:2: found "1.", want a value: true, false, null, a number, or text in double quotes`},
	{"[0x1F]", `1:2: found "0x1F", want a value: true, false, null, a number, or text in double quotes`},
	{"[1e]", `1:2: found "1e", want a value: true, false, null, a number, or text in double quotes`},
	{"[1_000]", `1:2: found "1_000", want a value: true, false, null, a number, or text in double quotes`},
	{"[-]", `1:2: found "-", want a value: true, false, null, a number, or text in double quotes`},
	{"[1-2]", `1:2: found "1-2", want a value: true, false, null, a number, or text in double quotes`},
	{"[\"a]", `1:2: the string is not closed`},
	{"[\"a\n\"]", `1:2: the string is not closed on its line; write a line break as \n`},
	{"[\"a\tb\"]", `1:4: control character U+0009 in a string; write \u0009`},
	{"[\"a\x01b\"]", `1:4: control character U+0001 in a string; write \u0001`},
	{"[\"\\q\"]", `1:3: unknown escape; write \\ for a backslash`},
	{"[\"\\u12\"]", `1:3: \u needs four hexadecimal digits; write \\ for a backslash`},
	{"[\"\\u12g4\"]", `1:3: \u needs four hexadecimal digits; write \\ for a backslash`},
	{"[\"\\ud83d\"]", `1:3: \ud83d is half of a character; its other half must stand beside it`},
	{"[\"\\ud83d\\n\"]", `1:3: \ud83d is half of a character; its other half must stand beside it`},
	{"[\"\\ude00\\ud83d\"]", `1:3: \ude00 is half of a character; its other half must stand beside it`},
	{"[\"\\ud83d\\u0041\"]", `1:3: \ud83d is half of a character; its other half must stand beside it`},
	{"[\"\\", `1:3: the file ends in the middle of a string`},
	{"[\"\\u", `1:3: \u needs four hexadecimal digits; write \\ for a backslash`},
	{"{} {}", `1:4: more text after the end of the document`},
	{"[1]]", `1:4: more text after the end of the document`},
	{"1 2", `1:3: more text after the end of the document`},
	{"]", `1:1: found ']', want a value`},
	{"}", `1:1: found '}', want a value`},
	{"日本", `1:1: found '日', want a value`},
	{"[\"日本語\", é]", `1:9: found 'é', want a value`},
	{"{\n  \"日本\": 1,\n  \"é\" 2\n}", `3:7: found '2', want ":" after the key`},
	{"{\"a\": 1, \"b\": 2, \"a\": 3}", `1:18: key "a" stands twice, first at 1:2; keep one`},
	{"{\"日\": 1, \"日\": 2}", `1:10: key "日" stands twice, first at 1:2; keep one`},
	{"\ufeff[1,]", `1:3: a comma stands after the last value; remove it`},
	{"\ufeff", `1:1: the file is empty`},
	{"a: b\n", `1:1: found "a", want a value: true, false, null, a number, or text in double quotes`},
	{"<html>", `1:1: found '<', want a value`},
	{"[1]\x00", `1:4: the file is binary; want text in UTF-8`},
	{"\xff\xfe[\x00", `1:1: the file is UTF-16; save it as UTF-8`},
	{"[\"\xff\"]", `1:3: byte 0xff is not UTF-8; save the file as UTF-8 text`},
	{"[\"é\xc3\"]", `1:4: byte 0xc3 is not UTF-8; save the file as UTF-8 text`},
	{"[1,\r\n2,\r\n]", `2:2: a comma stands after the last value; remove it`},
	{"[1,\r2,\r]", `2:2: a comma stands after the last value; remove it`},
	{strings.Repeat("[", 100_000), `1:501: nested deeper than 500 levels`},
	{strings.Repeat("{\"a\":", 100_000), `1:2501: nested deeper than 500 levels`},
	{strings.Repeat("[", 500) + "1" + strings.Repeat("]", 499), `1:1001: the file ends where "," or "]" must stand`},
	{strings.Repeat(" ", 64<<20), `1:1048577: the file has 67108864 bytes; the largest that is read has 1048576`},
}

// last returns the last problem without its rule and the file's name.
func last(problems slipway.Problems) string {
	if len(problems) == 0 {
		return ""
	}
	p := *problems[len(problems)-1]
	p.Rule, p.File = "", ""
	return p.Error()
}

func excerpt(s string) string {
	if len(s) > 60 {
		return s[:60] + "..."
	}
	return s
}

func TestYAMLFaults(t *testing.T) {
	for _, test := range yamlFaults {
		n, problems := source.YAML("f", []byte(test.text))
		if diff := cmp.Diff(test.want, last(problems)); diff != "" {
			t.Errorf("%q mismatch (-want +got):\n%s", excerpt(test.text), diff)
		}
		if isDuplicate := strings.Contains(test.want, "stands twice"); n != nil != isDuplicate {
			t.Errorf("%q: node is %v", excerpt(test.text), n)
		}
	}
}

func TestJSONFaults(t *testing.T) {
	for _, test := range jsonFaults {
		n, problems := source.JSON("f", []byte(test.text))
		if diff := cmp.Diff(test.want, last(problems)); diff != "" {
			t.Errorf("%q mismatch (-want +got):\n%s", excerpt(test.text), diff)
		}
		if isDuplicate := strings.Contains(test.want, "stands twice"); n != nil != isDuplicate {
			t.Errorf("%q: node is %v", excerpt(test.text), n)
		}
	}
}
