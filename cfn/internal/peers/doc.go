// Package peers measures cfn beside goformation, on the same template in the same
// run:
//
//	cd cfn/internal/peers && go test -bench . -count 6
//
// It is a module of its own because goformation's package cloudformation compiles
// every resource type of AWS, for minutes, and nothing else needs that.
package peers
