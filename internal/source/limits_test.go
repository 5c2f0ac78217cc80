package source_test

import (
	"runtime"
	"strings"
	"testing"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/source"
)

// hostile are files that a parser may spend much on: before, unit many times, after.
var hostile = []struct{ before, unit, after string }{
	{"", "[", ""}, {"", "{", ""}, {"", "- ", ""}, {"", "a: ", ""}, {"", `"`, ""}, {"", "'", ""}, {"", "&a ", ""}, {"", "*a ", ""}, {"", "? ", ""}, {"", "!!", ""}, {"", "!a ", ""}, {"", "%", ""}, {"", "%a\n", ""}, {"", ": ", ""},
	{"", "k", ": v"}, {"", "k", ""}, {"", "word ", ""}, {"a: ", "word\n ", ""}, {"a: |\n", "  x\n", ""}, {"a: >\n", "\n", "  x"}, {`"`, "\n", `"`}, {`"`, `\x41`, `"`}, {"'", "a\n", "'"},
	{"", "-\n", ""}, {"", "- a\n", ""}, {"", "- - a\n", ""}, {"", "a:\n", ""}, {"", "a: b\n", ""}, {"", "? a\n", ""}, {"", "a:\n ", ""}, {"", "é: é\n", ""}, {"", "a: b\r\n", ""},
	{"[", "a,", "]"}, {"[", "0,", "0]"}, {"[", "[],", "0]"}, {"[", "{},", "0]"}, {"[", ":,", "]"}, {"[", `"a":b,`, "]"}, {"[", "a: b,", "]"}, {"{", "a,", "}"}, {"{", "a: b,", "}"}, {"[", "a,\n", "]"}, {"[", "? ", "]"}, {"{", "? ,", "}"}, {"", ",", ""},
	{"", "# c\n", ""}, {"a: b\n", "# c\n", ""}, {"", "# c\na: b\n\n", ""}, {"", "- a # c\n", ""}, {"", "a: #\n", ""}, {"", "-\n#\n", ""}, {"a", " #", ""}, {"", "---\n", ""}, {"", "\n", ""}, {"a: ", " ", "b"}, {"a:", "\t", "b"},
	{"- &a x\n", "- *a\n", ""}, {"", "- &a x\n", ""}, {"a: &a {x: y}\n", "b: {<<: *a}\n", ""}, {"a: &a [x, x, x, x]\n", "b: [*a, *a, *a, *a]\n", ""}, {"", "- !a b\n", ""}, {"", "%TAG !a! b\n", ""}, {"", "\ufeff", ""}, {"", "\u2028", ""}, {"{", `"a":1,`, `"b":2}`}, {"[", `"\u00e9",`, "1]"},
}

func fill(before, unit, after string, size int) []byte {
	return []byte(before + strings.Repeat(unit, (size-len(before)-len(after))/len(unit)) + after)
}

type reader func(string, []byte) (*source.Node, slipway.Problems)

// allocated returns how many bytes a reader allocates for data.
func allocated(read reader, data []byte) int {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	n, problems := read("f", data)
	runtime.ReadMemStats(&after)
	runtime.KeepAlive(n)
	runtime.KeepAlive(problems)
	return int(after.TotalAlloc - before.TotalAlloc)
}

// What a reader allocates grows with the file (slices grow in steps), and no faster.
func TestAllocationIsLinear(t *testing.T) {
	const small, large = 8 << 10, 64 << 10
	for name, read := range map[string]reader{"YAML": source.YAML, "JSON": source.JSON} {
		for _, h := range hostile {
			a := allocated(read, fill(h.before, h.unit, h.after, small))
			b := allocated(read, fill(h.before, h.unit, h.after, large))
			if b > 2500*large || b > 20*a+large {
				t.Errorf("%s of %q and %q ...: %d bytes for %d, %d for %d", name, h.before, h.unit, a, small, b, large)
			}
		}
	}
}

// The largest files that cost most leave less than 256 MiB behind, garbage
// included.
func TestLargest(t *testing.T) {
	for _, unit := range []string{`"`, "-\n", "a: #\n", "&a ", "é: é\n"} {
		data := fill("", unit, "", source.MaxSize)
		runtime.GC()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		n, problems := source.YAML("f", data)
		runtime.ReadMemStats(&after)
		runtime.KeepAlive(n)
		runtime.KeepAlive(problems)
		if heap := int(after.HeapAlloc) - int(before.HeapAlloc); heap > 256<<20 {
			t.Errorf("%q ...: the heap grew by %d MiB", unit, heap>>20)
		}
	}
}
