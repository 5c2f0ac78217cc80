package buildspec

import (
	"strings"

	"github.com/seed-b1f00840/slipway/internal/shell"
	"mvdan.cc/sh/v3/syntax"
)

// parseShell returns the statements of a command, or nil when it is not in the
// language of a shell that is known, as one for PowerShell may not be.
func parseShell(text string) []*syntax.Stmt {
	stmts, err := shell.Parse(text, false)
	if err != nil {
		return nil
	}
	return stmts
}

// lastingChange returns what the last statement of a command changes in the
// shell itself, such as "the change of directory", or "".
func lastingChange(text string) string {
	stmts := parseShell(text)
	if len(stmts) == 0 {
		return ""
	}
	last := stmts[len(stmts)-1]
	if d, ok := last.Cmd.(*syntax.DeclClause); ok && d.Variant.Value == "export" && !last.Background {
		return "the export"
	}
	call, ok := last.Cmd.(*syntax.CallExpr)
	if !ok || last.Background {
		return ""
	}
	if len(call.Args) == 0 {
		if len(call.Assigns) > 0 {
			return "the assignment"
		}
		return ""
	}
	switch call.Args[0].Lit() {
	case "cd":
		return "the change of directory"
	case "export":
		return "the export"
	}
	return ""
}

// assigned calls add with the name of every variable that a command is seen to
// set: by an assignment, export, read, for, or ${NAME:=text}.
func assigned(text string, add func(name string)) {
	for _, stmt := range parseShell(text) {
		syntax.Walk(stmt, func(n syntax.Node) bool {
			switch n := n.(type) {
			case *syntax.CallExpr:
				for _, a := range n.Assigns {
					add(a.Name.Value)
				}
				if len(n.Args) > 0 {
					names(n.Args, add)
				}
			case *syntax.DeclClause:
				for _, a := range n.Args {
					if a.Name != nil {
						add(a.Name.Value)
					}
				}
			case *syntax.WordIter:
				add(n.Name.Value)
			case *syntax.ParamExp:
				if n.Param != nil && n.Exp != nil {
					add(n.Param.Value)
				}
			}
			return true
		})
	}
}

// names calls add with the names that export, readonly and read set.
func names(args []*syntax.Word, add func(name string)) {
	switch args[0].Lit() {
	case "export", "readonly", "read":
		for _, w := range args[1:] {
			if len(w.Parts) > 0 {
				if lit, ok := w.Parts[0].(*syntax.Lit); ok {
					name, _, _ := strings.Cut(lit.Value, "=")
					add(name)
				}
			}
		}
	}
}

// writesImage returns what a command is seen to do with an image that a later
// stage relies on: "docker push", or the file for the deploy action that it
// writes. Otherwise it returns "".
func writesImage(text string) string {
	if !strings.Contains(text, "push") && !strings.Contains(text, ".json") {
		return "" // most commands need no parser
	}
	found := ""
	for _, stmt := range parseShell(text) {
		syntax.Walk(stmt, func(n syntax.Node) bool {
			switch n := n.(type) {
			case *syntax.CallExpr:
				if len(n.Args) > 1 && n.Args[0].Lit() == "docker" && n.Args[1].Lit() == "push" {
					found = "docker push"
				}
			case *syntax.Redirect:
				name := n.Word.Lit()
				if i := strings.LastIndexByte(name, '/'); i >= 0 {
					name = name[i+1:]
				}
				if n.Op == syntax.RdrOut && (name == "imagedefinitions.json" || name == "imageDetail.json") {
					found = name
				}
			}
			return found == ""
		})
	}
	return found
}
