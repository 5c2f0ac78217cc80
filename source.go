package slipway

// A Source tells where the parts of a parsed value stood in their file. Every
// model has one in its field Source: Parse sets it, and it is nil in a value
// that was built in Go. It plays no part in equality.
type Source struct {
	File  string   // the name that was given to Parse
	Notes Problems // what Parse noticed and could live with, such as a member it dropped

	// Locate returns the position of the value at a path (see [Path]), or of the
	// nearest value around it that has one. Nil means that no position is known.
	Locate func(path string) Position
}

// Position returns where the value at path stood, or the zero value when that is
// unknown. A nil Source knows nothing.
func (s *Source) Position(path string) Position {
	if s == nil || s.Locate == nil {
		return Position{}
	}
	return s.Locate(path)
}

// Equal reports true: where a value came from is no part of what it is. Its
// presence makes go-cmp pass over the field.
func (s *Source) Equal(*Source) bool { return true }
