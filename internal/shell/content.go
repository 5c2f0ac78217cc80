package shell

import "errors"

// ErrUnknown says that nothing can be told, because of parts that are unknown.
var ErrUnknown = errors.New("depends on what only a run can tell")

// An Image is an entry of imagedefinitions.json, or the one of imageDetail.json,
// which has no Name.
type Image struct {
	Name, URI Text
}

// ImageDefinitions reads the content of imagedefinitions.json. The error is
// [ErrUnknown], or says why the deploy action must refuse every file of this form,
// whatever the unknown parts are.
func ImageDefinitions(content Text) ([]Image, error) { return nil, ErrUnknown }

// ImageDetail reads the content of imageDetail.json. The error is as that of
// [ImageDefinitions].
func ImageDetail(content Text) (Image, error) { return Image{}, ErrUnknown }

// CheckJSON says whether a text is JSON: nil, [ErrUnknown], or why it cannot be,
// whatever its unknown parts are.
func CheckJSON(content Text) error { return ErrUnknown }
