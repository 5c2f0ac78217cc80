package taskdef

import (
	"strings"

	"github.com/seed-b1f00840/slipway"
)

func checkFamily(d *Definition, r *report) {
	switch {
	case lacks(d.Family, d.Extra, "family"):
		r.Addf("family", "missing; a task definition has a family")
	case d.Family != "" && !isPlaceholder(d.Family) && !isName(d.Family, 255):
		r.Addf("family", "found %q, allowed are 1 to 255 letters, digits, hyphens and underscores", d.Family)
	}
}

// isName reports whether s is 1 to limit letters of ASCII, digits, hyphens and
// underscores.
func isName(s string, limit int) bool {
	if s == "" || len(s) > limit {
		return false
	}
	for i := range len(s) {
		if c := s[i]; !isAlnum(c) && c != '-' && c != '_' {
			return false
		}
	}
	return true
}

func isAlnum(c byte) bool { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'z' }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func checkContainers(d *Definition, r *report) {
	n := len(d.ContainerDefinitions)
	switch {
	case n == 0 && !hides(d.Extra, "containerDefinitions"):
		r.Addf("containerDefinitions", "missing; a task definition has 1 to 10 containers")
	case n > 10:
		r.Addf("containerDefinitions", "found %d containers, at most 10 are allowed", n)
	}
	for i := range d.ContainerDefinitions {
		c := &d.ContainerDefinitions[i]
		if c.isEssential() || hides(c.Extra, "essential") {
			return
		}
	}
	if n > 0 {
		r.Addf("containerDefinitions", "no container is essential; at least one must be, or the task has nothing to run for")
	}
}

func checkContainerNames(d *Definition, r *report) {
	for i := range d.ContainerDefinitions {
		c := &d.ContainerDefinitions[i]
		switch {
		case lacks(c.Name, c.Extra, "name"):
			r.Addf(container(i, "name"), "missing; a container has a name")
			continue
		case c.Name == "" || isPlaceholder(c.Name):
			continue
		case !isName(c.Name, 255):
			r.Addf(container(i, "name"), "found %q, allowed are 1 to 255 letters, digits, hyphens and underscores", c.Name)
		}
		for j := range d.ContainerDefinitions[:i] {
			if d.ContainerDefinitions[j].Name != c.Name {
				continue
			}
			p := r.Addf(container(i, "name"), "%q is also the name of container %d; names are unique in a task", c.Name, j+1)
			p.Related = []slipway.Place{related(d, container(j, "name"), "the other one")}
			break
		}
	}
}

// related returns a place in the same file.
func related(d *Definition, path, message string) slipway.Place {
	p := slipway.Place{Pos: d.Source.Position(path), Path: path, Message: message}
	if d.Source != nil {
		p.File = d.Source.File
	}
	return p
}

func checkImages(d *Definition, r *report) {
	for i := range d.ContainerDefinitions {
		c := &d.ContainerDefinitions[i]
		path := "image"
		switch name, _, _ := strings.Cut(c.Image, "@"); {
		case lacks(c.Image, c.Extra, path):
			r.Addf(container(i, path), "missing; a container has an image")
		case c.Image == "" || isPlaceholder(c.Image):
		case !isImage(c.Image):
			r.Addf(container(i, path), "found %q, allowed are letters, digits and - _ : . / # @", c.Image)
		case len(name) > 255:
			r.Addf(container(i, path), "the image's name has %d characters, at most 255 are allowed", len(name))
		}
	}
}

func isImage(s string) bool {
	for i := range len(s) {
		if c := s[i]; !isAlnum(c) && strings.IndexByte("-_:./#@", c) < 0 {
			return false
		}
	}
	return true
}

func checkCredentialSpecs(d *Definition, r *report) {
	for i := range d.ContainerDefinitions {
		specs := d.ContainerDefinitions[i].CredentialSpecs
		if len(specs) > 1 {
			r.Addf(container(i, "credentialSpecs"), "found %d credential specs, at most 1 is allowed", len(specs))
		}
		for j, spec := range specs {
			if !strings.HasPrefix(spec, "credentialspec:") && !strings.HasPrefix(spec, "credentialspecdomainless:") && !isPlaceholder(spec) {
				r.Addf(container(i, "credentialSpecs", j), "found %q, want credentialspec:ARN or credentialspecdomainless:ARN", spec)
			}
		}
	}
}

func checkProxy(d *Definition, r *report) {
	p := d.ProxyConfiguration
	if p == nil {
		return
	}
	if p.ContainerName != "" && !isPlaceholder(p.ContainerName) && !d.mayHave(p.ContainerName) {
		r.Addf("proxyConfiguration.containerName", "there is no container %q", p.ContainerName)
	}
	if d.NetworkMode != NetworkModeAwsvpc && !isPlaceholder(string(d.NetworkMode)) && !hides(d.Extra, "networkMode") {
		r.Addf("proxyConfiguration", "a proxy needs the network mode awsvpc")
	}
}

// mayHave reports whether there is a container of that name, or one whose name is
// not known.
func (d *Definition) mayHave(name string) bool {
	if hides(d.Extra, "containerDefinitions") {
		return true
	}
	for i := range d.ContainerDefinitions {
		c := &d.ContainerDefinitions[i]
		if c.Name == name || isPlaceholder(c.Name) || hides(c.Extra, "name") {
			return true
		}
	}
	return false
}
