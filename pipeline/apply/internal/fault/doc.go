// Package fault puts into words why a call of AWS has failed: what a person needs of an
// error of the SDK, on one line and without what may be secret.
package fault
