package main

import (
	"embed"
	"fmt"
	"maps"
	"slices"
	"strings"
)

//go:embed docs/*.txt
var docFiles embed.FS

// docs are the documentation of types (by name) and fields (Type.jsonName).
type docs struct {
	pkg   string
	texts map[string]string
	used  map[string]bool
}

// loadDocs reads docs/pkg.txt: "Key: text" on one line or several, of which the
// later ones are indented. Lines that begin with # and empty ones are passed over.
func loadDocs(pkg string) (docs, error) {
	d := docs{pkg: pkg, texts: make(map[string]string), used: make(map[string]bool)}
	data, err := docFiles.ReadFile("docs/" + pkg + ".txt")
	if err != nil {
		return d, err
	}
	last := ""
	for line := range strings.Lines(string(data)) {
		switch {
		case strings.TrimSpace(line) == "", line[0] == '#':
		case line[0] == ' ' && last != "":
			d.texts[last] += " " + strings.TrimSpace(line)
		default:
			key, text, ok := strings.Cut(line, ":")
			if _, twice := d.texts[key]; twice || !ok {
				return d, fmt.Errorf("docs/%s.txt: no key, or one that stands twice: %q", pkg, line)
			}
			d.texts[key], last = strings.TrimSpace(text), key
		}
	}
	return d, nil
}

func (d docs) get(key string) (string, bool) {
	text, ok := d.texts[key]
	d.used[key] = true
	return text, ok && text != ""
}

// unused returns an error for each entry that nothing asked for.
func (d docs) unused() []error {
	var errs []error
	for _, key := range slices.Sorted(maps.Keys(d.texts)) {
		if !d.used[key] {
			errs = append(errs, fmt.Errorf("docs/%s.txt documents %s, which is not there", d.pkg, key))
		}
	}
	return errs
}
