// Command rules writes docs/rules.md, the page of everything that slipway checks,
// from the tables of the rules themselves.
package main

import (
	"bytes"
	_ "embed"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"
	"text/template"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/pipeline/cli"
)

//go:generate go run .

// name is the page, from this folder.
var name = filepath.Join("..", "..", "..", "docs", "rules.md")

//go:embed rules.md.tmpl
var text string

func main() {
	log.SetFlags(0)
	log.SetPrefix("rules: ")
	page, err := render(cli.Rules())
	if err != nil {
		log.Fatal(err)
	}
	if old, err := os.ReadFile(name); err == nil && bytes.Equal(old, page) {
		return
	}
	if err := os.WriteFile(name, page, 0o644); err != nil {
		log.Fatal(err)
	}
}

// A group is the rules of one kind of file.
type group struct {
	Name  string // before the slash of its rules
	Title string
	Rules []slipway.Rule
}

// titles are what the groups are about, in the order of the page.
var titles = []group{
	{Name: "file", Title: "Every file"},
	{Name: "buildspec", Title: "buildspec.yml"},
	{Name: "taskdef", Title: "The task definition"},
	{Name: "cfn", Title: "CloudFormation templates"},
	{Name: "pipeline", Title: "The pipeline"},
	{Name: "handover", Title: "What a build hands to a deployment"},
	{Name: "bundle", Title: "How the files fit together"},
	{Name: "delivery", Title: "Go values"},
	{Name: "cli", Title: "What files say about slipway"},
}

// render returns the page of the rules.
func render(rules []slipway.Rule) ([]byte, error) {
	groups, err := groups(rules)
	if err != nil {
		return nil, err
	}
	page, err := template.New("rules").Funcs(template.FuncMap{"anchor": anchor}).Parse(text)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = page.Execute(&b, map[string]any{"Groups": groups, "Count": len(rules)})
	return b.Bytes(), err
}

// groups returns the rules by what is before their slash.
func groups(rules []slipway.Rule) ([]group, error) {
	index := make(map[string]int)
	out := make([]group, len(titles))
	for i, g := range titles {
		index[g.Name], out[i] = i, g
	}
	for _, r := range rules {
		name, _, _ := strings.Cut(r.Name, "/")
		i, ok := index[name]
		if !ok {
			return nil, fmt.Errorf("rule %s: no group %s in the table of titles", r.Name, name)
		}
		out[i].Rules = append(out[i].Rules, r)
	}
	return out, nil
}

// anchor returns the fragment of a rule's heading, which [cli.RuleURL] ends with.
func anchor(name string) string {
	_, fragment, _ := strings.Cut(cli.RuleURL(name), "#")
	return fragment
}
