package scalar_test

import (
	"testing"
	"unicode/utf8"

	"github.com/seed-b1f00840/slipway/internal/scalar"
	"github.com/seed-b1f00840/slipway/internal/scalar/scalartest"
)

func TestIsPlain(t *testing.T) {
	for _, s := range scalartest.Bare() {
		if !scalar.IsPlain(s) {
			t.Errorf("IsPlain(%q) = false: it needs no quotes", s)
		}
	}
	for _, s := range []string{
		"", "yes", "Y", "n", "oN", "~", "=", "<<", "null", "12:30", "0123", "0o17", "1e3", "1_000", "80,443", ".5", "-.inf", "2001-01-01", "2001-1-1 1:2:3",
		"-", "- a", "---", "--- a", "...", "? a", "?a", ":a", ",a", "[a", "{a", "#a", "&a", "*a", "!a", "|a", ">a", "'a", `"a`, "%a", "@a", "`a", "]", "}",
		"a: b", "a:", "a #b", "a\tb", "a\n", " a", "a ", "a\x7f", "a\u0085", "a\u2028", "\ufeffa", "\ufffe", "\U0001ffff", "a\xff", "\xc3",
	} {
		if scalar.IsPlain(s) {
			t.Errorf("IsPlain(%q) = true: it needs quotes", s)
		}
	}
}

// A pair that ends a plain scalar is found wherever it stands.
func TestIsPlainEverywhere(t *testing.T) {
	const letters = "abcdefghijklmnopqrstuvwxyzabcdefghijkl"
	for n := range len(letters) {
		for i := 1; i < n; i++ {
			for _, bad := range []string{": ", " #", "\t", "\x1f", "\x7f", "\u0085", "\xff", "é: ", "é #"} {
				if s := letters[:i] + bad + letters[i:n]; scalar.IsPlain(s) {
					t.Errorf("IsPlain(%q) = true", s)
				}
			}
			for _, good := range []string{":", "#", " ", " :", "# ", "::", "!", "~", "é", "é:", "\U0001f600#"} {
				if s := letters[:i] + good + letters[i:n]; !scalar.IsPlain(s) {
					t.Errorf("IsPlain(%q) = false", s)
				}
			}
		}
	}
}

func TestClean(t *testing.T) {
	const letters = "abcdefgh ~!jklmnopqrstu"
	for n := range len(letters) {
		if got := scalar.Clean(letters[:n]); got != n {
			t.Errorf("Clean(%q) = %d, want %d", letters[:n], got, n)
		}
		for i := range n {
			for _, bad := range []string{`"`, `\`, "\x00", "\x1f", "\x7f", "\x80", "\xff", "é"} {
				s := letters[:i] + bad + letters[i:n]
				if got := scalar.Clean(s); got != i {
					t.Errorf("Clean(%q) = %d, want %d", s, got, i)
				}
			}
		}
	}
}

func TestResolve(t *testing.T) {
	for want, texts := range map[scalar.Class][]string{
		scalar.Null:   {"", "~", "null", "Null", "NULL"},
		scalar.Bool:   {"yes", "Yes", "YES", "no", "true", "True", "TRUE", "false", "on", "On", "off", "OFF"},
		scalar.Number: {"0", "-1", "+1", "0123", "0x1F", "0b101", "1_000", "12:30", "190:20:30.15", "1.", "1.5", ".5", "1.5e+3", "-.inf", "+.INF", ".NaN", "0_", "0:30."},
		scalar.String: {"y", "Y", "n", "nULL", "tRUE", "0o17", "08", "1e3", "1e+3", "1.5e3", "-.5", "1:60", "0:30", "-.nan", "2001-01-01", "=", "<<", "1,000", "a", ".", "+", "-", "é", "0X1F", "._5"},
	} {
		for _, s := range texts {
			if got := scalar.Resolve(s); got != want {
				t.Errorf("Resolve(%q) = %v, want %v", s, got, want)
			}
		}
	}
}

// What is plain is a string to PyYAML.
func TestPlainIsString(t *testing.T) {
	hard := scalartest.Hard()
	if len(hard) < 300 {
		t.Errorf("%d hard strings, want 300", len(hard))
	}
	for _, s := range append(hard, scalartest.Bare()...) {
		if !utf8.ValidString(s) {
			t.Errorf("%q is not UTF-8", s)
		}
		if scalar.IsPlain(s) && scalar.Resolve(s) != scalar.String {
			t.Errorf("%q is plain and a %v", s, scalar.Resolve(s))
		}
	}
}

var plain bool

func BenchmarkIsPlain(b *testing.B) {
	for _, bench := range []struct{ name, text string }{
		{"short", "awsvpc"},
		{"key", "ContainerDefinitions"},
		{"word", "NetworkMode"},
		{"cidr", "10.0.0.0/16"},
		{"arn", "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"},
		{"command", "aws ecr get-login-password --region $AWS_DEFAULT_REGION | docker login --username AWS --password-stdin $URI"},
		{"unicode", "最初の手順: アプリケーションをビルドする"[:15] + "アプリケーション"},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.SetBytes(int64(len(bench.text)))
			b.ReportAllocs()
			for b.Loop() {
				plain = scalar.IsPlain(bench.text)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(bench.text)), "ns/B")
		})
	}
}

func TestIsBare(t *testing.T) {
	for _, r := range []rune{' ', '~', 0xa0, 0xd7ff, 0x2027, 0x202a, 0xfdcf, 0xfdf0, 0xfefe, 0xff00, 0xfffd, 0x10000, 0x1fffd, 0x10fffd} {
		if !scalar.IsBare(r) {
			t.Errorf("IsBare(%U) = false", r)
		}
	}
	for _, r := range []rune{0, '\t', '\n', 0x1f, 0x7f, 0x80, 0x85, 0x9f, 0x2028, 0x2029, 0xfdd0, 0xfdef, 0xfeff, 0xfffe, 0xffff, 0x1fffe, 0x10ffff} {
		if scalar.IsBare(r) {
			t.Errorf("IsBare(%U) = true", r)
		}
	}
}

func TestJSONNumbers(t *testing.T) {
	for s, want := range map[string]string{ // what YAML writes; empty: no number of JSON
		"0": "0", "-1": "-1", "1.50": "1.50", "1e3": "1.0e+3", "1E-3": "1.0e-3", "-0.5e+10": "-0.5e+10", "12345678901234567890": "12345678901234567890",
		"": "", "-": "", "01": "", "+1": "", ".5": "", "1.": "", "1e": "", "1e+": "", "1_0": "", "0x1": "", "NaN": "", "1,0": "", "1 ": "", "--1": "",
	} {
		if ok := scalar.IsJSONNumber(s); ok != (want != "") {
			t.Errorf("IsJSONNumber(%q) = %t", s, ok)
		} else if ok && scalar.YAMLNumber(s) != want {
			t.Errorf("YAMLNumber(%q) = %q, want %q", s, scalar.YAMLNumber(s), want)
		}
	}
}
