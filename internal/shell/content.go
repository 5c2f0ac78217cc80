package shell

import (
	"errors"
	"fmt"
)

// ErrUnknown says that nothing can be told, because of parts that are unknown.
var ErrUnknown = errors.New("depends on what only a run can tell")

// An Image is an entry of imagedefinitions.json, or the one of imageDetail.json,
// which has no Name.
type Image struct {
	Name, URI Text
}

// ImageDefinitions reads the content of imagedefinitions.json. The error is
// [ErrUnknown], or says why the deploy action must refuse every file of this form,
// whatever the unknown parts are. Unknown parts are taken to hold no quotes.
func ImageDefinitions(content Text) ([]Image, error) {
	v, err := parseJSON(content)
	switch {
	case err == ErrUnknown:
		return nil, err
	case err != nil:
		return nil, fmt.Errorf("it is no JSON: %w", err)
	case v.kind != jsonArray:
		return nil, fmt.Errorf("it is %s, want an array of objects with name and imageUri", v.kind)
	}
	images := make([]Image, 0, len(v.items))
	for i, item := range v.items {
		if item.kind != jsonObject {
			return nil, fmt.Errorf("item %d is %s, want an object with name and imageUri", i, item.kind)
		}
		name, err := item.textMember("name")
		if err != nil {
			return nil, itemError(i, err)
		}
		uri, err := item.textMember("imageUri")
		if err != nil {
			return nil, itemError(i, err)
		}
		images = append(images, Image{name, uri})
	}
	return images, nil
}

func itemError(i int, err error) error {
	if err == ErrUnknown {
		return err
	}
	return fmt.Errorf("item %d %w", i, err)
}

// ImageDetail reads the content of imageDetail.json. The error is as that of
// [ImageDefinitions].
func ImageDetail(content Text) (Image, error) {
	v, err := parseJSON(content)
	switch {
	case err == ErrUnknown:
		return Image{}, err
	case err != nil:
		return Image{}, fmt.Errorf("it is no JSON: %w", err)
	case v.kind != jsonObject:
		return Image{}, fmt.Errorf("it is %s, want an object with ImageURI", v.kind)
	}
	uri, err := v.textMember("ImageURI")
	if err == ErrUnknown {
		return Image{}, err
	} else if err != nil {
		return Image{}, fmt.Errorf("it %w", err)
	}
	return Image{URI: uri}, nil
}

// textMember returns a member that must be there and be a text.
func (v value) textMember(name string) (Text, error) {
	m, there := v.get(name)
	switch {
	case there == Maybe:
		return Text{}, ErrUnknown
	case there == No:
		for _, m := range v.members {
			if s, ok := m.name.Known(); ok && equalFold(s, name) {
				return Text{}, fmt.Errorf("has %s instead of %s", s, name)
			}
		}
		return Text{}, fmt.Errorf("has no %s", name)
	case m.kind != jsonString:
		return Text{}, fmt.Errorf("has %s as %s, want a text", m.kind, name)
	}
	return m.text, nil
}

// CheckJSON says whether a text is JSON: nil, [ErrUnknown], or why it cannot be,
// whatever its unknown parts are.
func CheckJSON(content Text) error {
	_, err := parseJSON(content)
	return err
}
