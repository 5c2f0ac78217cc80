package shell

import (
	"io/fs"
	"path"
	"strings"
)

// filer follows the programs that write files.
func (p *process) filer() (Text, bool) {
	switch p.name {
	case "tee":
		return p.tee(), true
	case "cp", "install":
		p.copy(false)
	case "mv":
		p.copy(true)
	case "rm", "rmdir", "unlink":
		p.remove()
	case "touch":
		p.touch()
	case "mkdir":
		p.mkdir()
	case "ln":
		p.link()
	case "curl", "wget":
		return p.download(), true
	case "tar", "unzip", "gunzip", "bunzip2", "unxz", "7z", "rsync":
		p.unpack()
	case "dd":
		for _, f := range p.args {
			if name, ok := strings.CutPrefix(f.text.Prefix(), "of="); ok {
				p.write(Text{withFirst(f.text.parts, name)}.clean(), Variable(""), false, "dd")
			}
		}
	case "find":
		p.find()
		return p.unknown(), true
	case "yq":
		if _, options := p.split(" "); has(options, "-i", "--inplace", "--in-place") && len(p.args) > 0 {
			p.write(p.args[len(p.args)-1].text, Variable(""), false, "yq")
		}
		return p.unknown(), true
	case "truncate":
		operands, _ := p.split(" -s --size ")
		for _, f := range operands {
			p.write(f.text, Variable(""), false, "truncate")
		}
	default:
		return Text{}, false
	}
	return Text{}, true
}

// cat prints files and its input.
func (p *process) cat() Text {
	operands, options := p.split(" ")
	if len(options) > 0 {
		return p.unknown()
	}
	if len(operands) == 0 {
		return p.in
	}
	var b builder
	for _, f := range operands {
		switch {
		case f.glob || f.loose && f.text.single() != nil:
			return p.unknown()
		case f.text.is("-"):
			b.text(p.in)
		default:
			t := p.read(f.text)
			if u := t.single(); u != nil && u.Name == "" && u.Command == "" && len(u.Candidates) == 0 {
				u.Command = p.what()
			}
			b.text(t)
		}
	}
	return b.done()
}

func (p *process) tee() Text {
	operands, options := p.split(" ")
	for _, f := range operands {
		p.write(f.text, p.in, has(options, "-a", "--append"), "tee")
	}
	return p.in
}

// isDir reports whether a path is seen to be a directory.
func (p *process) isDir(t Text) bool {
	if p.resolve(t).is("") || t.hasSuffix("/") || t.hasSuffix("/.") || t.is("..") || t.hasSuffix("/..") {
		return true
	}
	name, ok := p.resolve(t).Known()
	if !ok {
		return false
	}
	if p.made[name] {
		return true
	}
	if p.machine.script.Repository == nil || !fs.ValidPath(name) {
		return false
	}
	info, err := fs.Stat(p.machine.script.Repository, name)
	return err == nil && info.IsDir()
}

// copy follows cp and mv.
func (p *process) copy(move bool) {
	operands, options := p.split(" -t --target-directory -m -o -g -S ")
	var into Text
	toDir := false
	for _, o := range options {
		if o.name == "-t" || o.name == "--target-directory" {
			into, toDir = o.value, true
		}
	}
	if !toDir {
		if len(operands) < 2 {
			p.effect(Effect{What: p.what(), Files: Maybe})
			return
		}
		into = operands[len(operands)-1].text
		operands = operands[:len(operands)-1]
		toDir = len(operands) > 1 || p.isDir(into)
	}
	deep := move || has(options, "-r", "-R", "-a", "--recursive", "--archive")
	for _, f := range operands {
		if f.glob || f.loose && f.text.single() != nil {
			p.effect(Effect{What: p.what(), Files: Maybe, dirs: []Text{p.resolve(into)}})
			continue
		}
		p.copyOne(f.text, into, toDir, deep, move)
	}
}

func (p *process) copyOne(from, into Text, toDir, deep, move bool) {
	source := p.resolve(from)
	name := path.Base("/" + source.Suffix())
	switch {
	case deep && p.maybeDir(source):
		p.effect(Effect{What: p.what(), Files: Maybe, dirs: []Text{p.resolve(into)}})
		return
	case toDir && !strings.Contains("/"+source.Suffix(), "/") || toDir && len(source.parts) > 0 && source.Suffix() == "":
		p.effect(Effect{What: p.what(), Files: Maybe, dirs: []Text{p.resolve(into)}})
		return
	case toDir && len(source.parts) > 1 && strings.IndexByte(source.Suffix(), '/') < 0:
		p.effect(Effect{What: p.what(), Files: Maybe, dirs: []Text{p.resolve(into)}})
		return
	}
	content := p.read(from)
	if move {
		p.drop(source)
	}
	if toDir {
		p.write(concat(into, Literal("/"+name)), content, false, p.name)
		return
	}
	p.write(into, content, false, p.name)
	if path.Ext(name) != "" && path.Ext(into.Suffix()) == "" {
		// It may be a directory, in which the file has its old name.
		p.effect(Effect{What: p.what(), Files: Maybe, dirs: []Text{p.resolve(into)}})
	}
}

// maybeDir reports whether a source is not seen to be a plain file.
func (p *process) maybeDir(source Text) bool {
	name, ok := source.Known()
	if !ok {
		return false
	}
	if _, ok := p.file(name); ok {
		return false
	}
	if _, ok := p.repositoryFile(name); ok {
		return false
	}
	return path.Ext(name) == "" || p.isDir(Literal("/"+name)) || p.made[name]
}

// drop removes a file.
func (p *process) drop(name Text) {
	_, ok := name.Known()
	p.seq++
	f := File{Place: p.here(), Name: name, By: p.name, Removed: true, Exists: No, seq: p.seq}
	if !f.Sure {
		f.Exists = Maybe
	}
	p.report.Writes = append(p.report.Writes, f)
	if ok {
		f.Exists = No
		p.setFile(f)
	}
}

func (p *process) remove() {
	operands, options := p.split(" ")
	for _, f := range operands {
		name := p.resolve(f.text)
		if f.glob || f.loose && f.text.single() != nil {
			p.removeGlob(name, f.glob)
			continue
		}
		if has(options, "-r", "-R", "--recursive") {
			p.removeUnder(name)
		}
		p.drop(name)
	}
}

func (p *process) removeUnder(dir Text) {
	d, ok := dir.Known()
	if !ok {
		return
	}
	for _, name := range p.names() {
		if d == "" || strings.HasPrefix(name, d+"/") {
			p.drop(Literal(name))
		}
	}
}

// removeGlob makes it unknown whether the files are there that a pattern may match.
func (p *process) removeGlob(pattern Text, glob bool) {
	pat, ok := pattern.Known()
	for _, name := range p.names() {
		if ok && glob {
			if match, err := path.Match(pat, name); err == nil && !match {
				continue
			}
		}
		if f, ok := p.file(name); ok && f.Exists == Yes {
			f.Exists = Maybe
			p.setFile(f)
		}
	}
}

func (p *process) touch() {
	operands, _ := p.split(" -d -t -r ")
	for _, f := range operands {
		content := Text{}
		if name, ok := p.resolve(f.text).Known(); ok {
			if old := p.oldFile(name); old.Exists != No {
				content = p.read(f.text)
			} else if p.machine.script.Repository == nil {
				content = Variable("")
			}
		}
		p.write(f.text, content, false, p.name)
	}
}

func (p *process) mkdir() {
	operands, _ := p.split(" -m ")
	for _, f := range operands {
		if name, ok := p.resolve(f.text).Known(); ok {
			if p.made == nil {
				p.made = map[string]bool{}
			}
			p.made[name] = true
		}
	}
}

func (p *process) link() {
	operands, _ := p.split(" -t ")
	switch {
	case len(operands) == 2 && !p.isDir(operands[1].text):
		p.write(operands[1].text, Variable(""), false, p.name)
	default:
		p.effect(Effect{What: p.what(), Files: Unlikely})
	}
}

// download follows curl and wget.
func (p *process) download() Text {
	valued := " -o --output -H --header -d --data -X --request -u --user -A -F --form -b -c -e -m --max-time --retry --connect-timeout -w --cacert --cert --key --data-binary --url --output-dir "
	out := "-o"
	if p.name == "wget" {
		valued = " -O -o -P -t -T --header --output-document --timeout --tries --directory-prefix -U "
		out = "-O"
	}
	operands, options := p.split(valued)
	named := false
	for i, o := range options {
		value := o.value
		if o.name == out || o.name == "--output" || o.name == "--output-document" {
			named = true
		} else if len(o.name) > 2 && o.name[1] != '-' && strings.HasSuffix(o.name, out[1:]) && i >= 0 && len(operands) > 0 {
			// -sSLo FILE: the name is the first operand that is no address.
			for _, f := range operands {
				if !strings.Contains(f.text.String(), "://") {
					value, named = f.text, true
					break
				}
			}
		} else {
			continue
		}
		if named && !value.is("-") {
			p.write(value, Variable(""), false, p.name)
		}
	}
	if named {
		return p.unknown()
	}
	if p.name == "wget" || has(options, "-O", "--remote-name") {
		for _, f := range operands {
			p.write(Literal(path.Base("/"+f.text.Suffix())), Variable(""), false, p.name)
			if len(f.text.parts) > 1 && strings.IndexByte(f.text.Suffix(), '/') < 0 {
				p.effect(Effect{What: p.what(), Files: Maybe})
			}
		}
		return Text{}
	}
	return p.unknown()
}

// unpack follows what makes many files out of one.
func (p *process) unpack() {
	dirs := []Text(nil)
	for i, f := range p.args {
		if s, _ := f.text.Known(); (s == "-d" || s == "-C" || s == "--directory") && i+1 < len(p.args) {
			dirs = []Text{p.resolve(p.args[i+1].text)}
		}
	}
	files := Maybe
	if p.name == "tar" && len(p.args) > 0 && (strings.HasPrefix(p.arg(0), "-c") || strings.HasPrefix(p.arg(0), "c") || strings.HasPrefix(p.arg(0), "t") || strings.HasPrefix(p.arg(0), "-t")) {
		files, dirs = Unlikely, nil
	}
	p.effect(Effect{What: p.what(), Files: files, dirs: dirs})
}

func (p *process) find() {
	for i := range p.args {
		switch p.arg(i) {
		case "-exec", "-execdir", "-ok":
			if name := path.Base(p.arg(i + 1)); name == "rm" {
				p.removeGlob(Text{}, false)
			} else if e := p.effectOf(name); e != No {
				p.effect(Effect{What: p.what(), Files: e})
			}
		case "-delete", "-fprint", "-fprintf", "-fls":
			p.removeGlob(Text{}, false)
			p.effect(Effect{What: p.what(), Files: Unlikely})
		}
	}
}
