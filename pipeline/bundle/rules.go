package bundle

import (
	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/check"
)

// pathRule is what every path of a bundle must obey.
var pathRule = slipway.Rule{
	Name: "bundle/path",
	Doc:  "An artifact's path is relative, stays inside the bundle's directory and is its own.",
}

// readRule is what [Load] reports.
var readRule = slipway.Rule{
	Name: "bundle/readable",
	Doc:  "The directories of a repository, and the files that are artifacts by their name, can be read.",
}

// Rules returns the rules of a bundle as a whole.
func Rules() []slipway.Rule {
	return append([]slipway.Rule{pathRule, readRule, driftRule}, check.Rules(across[:])...)
}

// driftRule is what [Drift] reports.
var driftRule = slipway.Rule{
	Name: "bundle/drift",
	Doc:  "The files that are checked in are what the Go value renders.",
}
