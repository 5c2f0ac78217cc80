// Command goformation reads CloudFormation templates with goformation, an outside
// judge, and prints the logical id and the type of every resource that it
// understood, sorted by id:
//
//	go run . network.yml
//
// It is a module of its own because the package compiles all of AWS, which takes
// a minute: nothing that people wait for may import it.
package main

import (
	"fmt"
	"os"
	"slices"

	"github.com/awslabs/goformation/v7"
)

func main() {
	for _, file := range os.Args[1:] {
		lines, err := resources(file)
		if err != nil {
			fmt.Fprintf(os.Stderr, "goformation: %s: %v\n", file, err)
			os.Exit(1)
		}
		for _, line := range lines {
			fmt.Print(line)
		}
	}
}

// resources returns "id type" lines, sorted.
func resources(file string) ([]string, error) {
	template, err := goformation.Open(file)
	if err != nil {
		return nil, err
	}
	var lines []string
	for id, r := range template.Resources {
		lines = append(lines, fmt.Sprintln(id, r.AWSCloudFormationType()))
	}
	slices.Sort(lines)
	return lines, nil
}
