// Command gen writes the Go source of the models that mirror an AWS API: the types
// of packages taskdef and pipeline, how they are read and written, and how package
// apply turns them into the SDK's types and back.
//
// It takes the shapes from the types of aws-sdk-go-v2 by reflection, their names
// and order from the tables in tables.go, and their documentation from docs/. A
// field that the SDK brings anew appears by itself, as soon as docs/ has a
// sentence on it.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
)

//go:generate go run .

func main() {
	log.SetFlags(0)
	log.SetPrefix("gen: ")
	root, err := moduleRoot()
	if err != nil {
		log.Fatal(err)
	}
	if err := run(root); err != nil {
		log.Fatal(err)
	}
}

// run writes the generated files under root, each only where it would change.
func run(root string) error {
	files, err := generate(root)
	if err != nil {
		return err
	}
	for _, f := range files {
		name := filepath.Join(root, filepath.FromSlash(f.name))
		if old, err := os.ReadFile(name); err == nil && bytes.Equal(old, f.data) {
			continue
		}
		if err := os.WriteFile(name, f.data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// A file is what is generated, with its slash-separated path from the module root.
type file struct {
	name string
	data []byte
}

// generate returns all files. It reads go.mod under root for the versions of the SDK.
func generate(root string) ([]file, error) {
	versions, err := sdkVersions(filepath.Join(root, "go.mod"))
	if err != nil {
		return nil, err
	}
	var files []file
	for _, s := range subjects() {
		m, err := newModel(s)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.pkg, err)
		}
		m.SDK = s.module + " " + versions[s.module]
		fs, err := m.render()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.pkg, err)
		}
		files = append(files, fs...)
	}
	return files, nil
}

// moduleRoot returns the nearest folder upwards that has a go.mod.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("no go.mod here or above")
		}
		dir = parent
	}
}

// sdkVersions returns the versions of the modules that go.mod requires.
func sdkVersions(name string) (map[string]string, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	versions := make(map[string]string)
	for line := range bytes.Lines(data) {
		words := bytes.Fields(bytes.TrimPrefix(bytes.TrimSpace(line), []byte("require ")))
		if len(words) >= 2 && bytes.HasPrefix(words[1], []byte("v")) {
			versions[string(words[0])] = string(words[1])
		}
	}
	return versions, nil
}
