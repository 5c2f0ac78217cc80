//go:build !race

// Package race tells tests whether the race detector is on, under which a
// sync.Pool drops some of what it is given, so that allocations do not count.
package race

// Enabled reports whether the race detector is on.
const Enabled = false
