package bundle

import (
	"slices"
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/check"
	"github.com/seed-b1f00840/slipway/internal/shell"
)

var latestImageRule = check.Rule[*view]{
	Rule: slipway.Rule{
		Name: "bundle/latest-image", Source: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html", Severity: slipway.Warning,
		Doc: "A build hands on the image that it has pushed by a tag of its own, not by latest, which the next build moves.",
	},
	Check: func(v *view, r *check.Report) {
		for b, file := range v.handovers() {
			for _, w := range b.definitions(file) {
				for _, image := range w.images {
					checkTag(b, w.File, image, r)
				}
			}
		}
	},
}

// handovers yields each build with each definition file that it may write.
func (v *view) handovers() func(yield func(*build, string) bool) {
	return func(yield func(*build, string) bool) {
		for i := range v.groups {
			g := &v.groups[i]
			files := append(make([]string, 0, 4), imageDefinitionsFile, imageDetailFile)
			for j := range g.Deploys {
				if name, ok := g.Deploys[j].fileName(); ok && !slices.Contains(files, name) {
					files = append(files, name)
				}
			}
			for j := range g.builds {
				for _, file := range files {
					if g.builds[j].Buildspec != nil && !yield(&g.builds[j], file) {
						return
					}
				}
			}
		}
	}
}

func checkTag(b *build, w shell.File, image shell.Image, r *check.Report) {
	if !isLatest(image.URI) {
		return
	}
	p := addf(r, b.Buildspec, w.Place.Path, "%s is handed on as %s: what runs is whatever latest is when a task starts, and going back to an earlier revision changes nothing; write a tag of this build's own",
		baseName(w.Name), image.URI)
	for _, d := range b.commands().Docker {
		if d.Verb != "push" {
			continue
		}
		for _, pushed := range d.Images {
			if !isLatest(pushed) {
				relate(p, b.Buildspec.Place(d.Place.Path, "pushes "+pushed.String()))
			}
		}
	}
}

// isLatest reports whether an image is the one tagged latest, by name or because
// it has neither tag nor digest.
func isLatest(image shell.Text) bool {
	if s, ok := image.Known(); ok {
		last := s[strings.LastIndexByte(s, '/')+1:]
		return s != "" && (strings.HasSuffix(last, ":latest") || !strings.ContainsAny(last, ":@"))
	}
	return strings.HasSuffix(image.Suffix(), ":latest")
}

var pushedImageRule = check.Rule[*view]{
	Rule: slipway.Rule{
		Name: "bundle/pushed-image", Source: fileReference, Severity: slipway.Warning,
		Doc: "The image that a build hands on is one that it pushes.",
	},
	Check: func(v *view, r *check.Report) {
		for b, file := range v.handovers() {
			if len(b.definitions(file)) == 0 {
				continue
			}
			pushed, places, ok := pushes(b, b.commands())
			if !ok || len(pushed) == 0 {
				continue
			}
			for _, w := range b.definitions(file) {
				for _, image := range w.images {
					if slices.ContainsFunc(pushed, func(p shell.Text) bool { return mayBe(p, image.URI) }) {
						continue
					}
					p := addf(r, b.Buildspec, w.Place.Path, "%s names the image %s, which this build does not push; name the one that it pushes", file, image.URI)
					relate(p, places...)
				}
			}
		}
	},
}

// pushes returns the images that a build pushes; ok is false where there may be more.
func pushes(b *build, report *shell.Report) (images []shell.Text, places []slipway.Place, ok bool) {
	for _, e := range report.Effects {
		if e.Docker == shell.Maybe {
			return nil, nil, false
		}
	}
	for _, d := range report.Docker {
		switch {
		case d.Verb == "" || d.Verb == "compose" || d.Verb == "bake" || d.Tool != "docker" && d.Tool != "podman":
			return nil, nil, false
		case d.Verb == "push" || d.Verb == "build" && d.Push:
			if len(d.Images) == 0 {
				return nil, nil, false
			}
			images = append(images, d.Images...)
			places = append(places, b.Buildspec.Place(d.Place.Path, "pushes "+textList(d.Images)))
		}
	}
	return images, places, true
}

func textList(texts []shell.Text) string {
	list := make([]string, len(texts))
	for i, t := range texts {
		list[i] = t.String()
	}
	return strings.Join(list, ", ")
}

// mayBe reports whether an image that is pushed can be the one that is named. A
// push without a tag may be one of all tags.
func mayBe(pushed, named shell.Text) bool {
	if !isTagged(pushed) {
		return true
	}
	if answer := pushed.Equal(named); answer != shell.Maybe {
		return answer == shell.Yes
	}
	known, unknown := weigh(pushed)
	otherKnown, otherUnknown := weigh(named)
	// Texts of the same unknown parts, with known ones of another length, differ.
	return !slices.Equal(unknown, otherUnknown) || known == otherKnown
}

// isTagged reports whether an image has a tag or a digest, as far as that is known.
func isTagged(image shell.Text) bool {
	for _, p := range image.Parts() {
		if strings.ContainsAny(p.Literal[strings.LastIndexByte(p.Literal, '/')+1:], ":@") {
			return true
		}
	}
	return false
}

// weigh returns the length of the known parts of a text, and its unknown ones.
func weigh(t shell.Text) (known int, unknown []*shell.Unknown) {
	for _, p := range t.Parts() {
		known += len(p.Literal)
		if p.Unknown != nil {
			unknown = append(unknown, p.Unknown)
		}
	}
	return known, unknown
}
