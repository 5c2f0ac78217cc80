package main

import (
	"bytes"
	"embed"
	"fmt"
	"go/format"
	"strings"
	"text/template"
)

//go:embed templates/*.tmpl
var templateFiles embed.FS

// render returns the files of a package.
func (m *model) render() ([]file, error) {
	funcs := template.FuncMap{
		"comment": func(indent, text string) string {
			return indent + "// " + strings.ReplaceAll(text, "\n", "\n"+indent+"// ")
		},
		"reader":   reader,
		"sender":   m.sender,
		"receiver": m.receiver,
	}
	tmpl, err := template.New("").Funcs(funcs).ParseFS(templateFiles, "templates/*.tmpl")
	if err != nil {
		return nil, err
	}
	var files []file
	for _, out := range []struct{ template, name string }{
		{"types", m.Package + "/types_gen.go"},
		{"enums", m.Package + "/enums_gen.go"},
		{"decode", m.Package + "/decode_gen.go"},
		{"write", m.Package + "/write_gen.go"},
		{"convert", "pipeline/apply/convert_" + m.Package + "_gen.go"},
	} {
		var buf bytes.Buffer
		if err := tmpl.ExecuteTemplate(&buf, out.template+".go.tmpl", m); err != nil {
			return nil, err
		}
		data, err := format.Source(buf.Bytes())
		if err != nil {
			return nil, fmt.Errorf("%s: %w\n%s", out.name, err, buf.Bytes())
		}
		files = append(files, file{out.name, data})
	}
	return files, nil
}

// reader returns the call that reads f from m.Value.
func reader(f *field) string {
	call := func(fn string, args ...string) string {
		return "source." + fn + "(d, &t." + f.Name + ", " + strings.Join(append([]string{"m.Value"}, args...), ", ") + ")"
	}
	switch f.Kind {
	case kindText:
		return call("ReadText")
	case kindMayEmpty:
		return call("ReadTextPointer")
	case kindMustInt:
		return call("ReadInt")
	case kindMustBool:
		return call("ReadBool")
	case kindInt:
		return call("ReadPointer", "source.ReadInt")
	case kindBool:
		return call("ReadPointer", "source.ReadBool")
	case kindStruct:
		return call("ReadPointer", "decode"+f.Of)
	case kindList:
		return call("ReadSlice", elemReader(f))
	case kindMap:
		return call("ReadMap", elemReader(f))
	}
	panic("unknown kind " + f.Kind)
}

func elemReader(f *field) string {
	switch f.Elem {
	case kindStruct:
		return "decode" + f.Of
	case kindMustInt:
		return "source.ReadInt"
	}
	return "source.ReadAnyText"
}
