package bundle

import "github.com/seed-b1f00840/slipway/internal/source"

// A Status says what is known of a [Field].
type Status uint8

const (
	// Absent marks what does not stand there: AWS's default applies.
	Absent Status = iota
	// Known marks a literal value.
	Known
	// Unknown marks what only the stack knows: a parameter, a condition, an import.
	Unknown
)

// A Field is a property of a resource of a template. The zero value is absent.
//
// The text of an unknown string is its symbol: ${Name} for a reference, with
// placeholders such as [Account] for pseudo parameters. Within one template equal
// symbols stand for equal values, unless they are empty.
type Field[T any] struct {
	Value  T // zero when it is absent; when it is unknown see above
	Status Status
}

// Known reports whether the value is a literal.
func (f Field[T]) Known() bool { return f.Status == Known }

// Get returns the value and whether it is known; an absent one is known to be def.
func (f Field[T]) Get(def T) (T, bool) {
	if f.Status == Absent {
		return def, true
	}
	return f.Value, f.Status == Known
}

// IsKnown reports whether a text of a model says all of what AWS will read: it is
// not empty and holds no placeholder, as those of [Account] and [Region], of
// variables and of references are. It errs on the side of no.
func IsKnown(text string) bool { return text != "" && !source.IsPlaceholder(text) }
