package shell

// An Answer is how sure it is that something is so.
type Answer uint8

const (
	// No: it is certainly not so.
	No Answer = iota
	// Unlikely: only ordinary tools ran, such as npm or docker, which could do it
	// in principle and do not do it in practice.
	Unlikely
	// Maybe: it cannot be known.
	Maybe
	// Yes: it is certainly so, when no command fails.
	Yes
)

// String returns "no", "unlikely", "maybe" or "yes".
func (a Answer) String() string {
	switch a {
	case No:
		return "no"
	case Unlikely:
		return "unlikely"
	case Maybe:
		return "maybe"
	}
	return "yes"
}
