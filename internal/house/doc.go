// Package house holds tests of the house as a whole: which package may know which,
// and what it costs a program to import them. It has no code of its own.
package house
