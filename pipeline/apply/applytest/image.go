package applytest

import (
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"
)

var imageOperations = []operation{
	reads("ecr:ListImages", "RepositoryName", (*Cloud).listImages),
	writes("ecr:BatchDeleteImage", "RepositoryName", (*Cloud).batchDeleteImage),
}

// A repository is one of ECR.
type repository struct {
	name      string
	stack     string // id of the stack that made it
	immutable bool   // its tags
	images    []*image
}

// An image is one of a repository.
type image struct {
	digest string
	tags   []string
	pushed time.Time
}

func (r *repository) byTag(tag string) *image {
	return find(r.images, func(i *image) bool { return slices.Contains(i.tags, tag) })
}

func (r *repository) byDigest(digest string) *image {
	return find(r.images, func(i *image) bool { return i.digest == digest })
}

// push pushes an image. It reports whether the repository takes it: one that refuses to
// move tags does not take a tag twice.
func (c *Cloud) push(r *repository, tag string) bool {
	if old := r.byTag(tag); old != nil {
		if r.immutable {
			return false
		}
		old.tags = slices.DeleteFunc(old.tags, func(t string) bool { return t == tag })
	}
	digest := "sha256:" + c.hex("image", r.name+":"+tag, 64)
	r.images = append(r.images, &image{digest: digest, tags: []string{tag}, pushed: c.now})
	return true
}

// PushImage puts an image into a repository, as docker push does. It panics when there is
// no such repository.
func (c *Cloud) PushImage(repository, tag string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	r := c.data.repository(repository)
	if r == nil {
		panic("applytest: there is no image repository " + repository + " now: a stack has to make it first")
	}
	if !c.push(r, tag) {
		panic("applytest: the repository " + repository + " has the tag " + tag + " and does not move tags")
	}
}

func (c *Cloud) findRepository(name *string) (*repository, error) {
	r := c.data.repository(aws.ToString(name))
	if r == nil {
		return nil, refuse("RepositoryNotFoundException", "The repository with name '%s' does not exist in the registry with id '%s'",
			aws.ToString(name), c.opts.Account)
	}
	return r, nil
}

func (c *Cloud) listImages(in *ecr.ListImagesInput) (*ecr.ListImagesOutput, error) {
	r, err := c.findRepository(in.RepositoryName)
	if err != nil {
		return nil, err
	}
	var all []types.ImageIdentifier
	for _, i := range r.images {
		tagged := in.Filter == nil || in.Filter.TagStatus != types.TagStatusUntagged
		untagged := in.Filter == nil || in.Filter.TagStatus != types.TagStatusTagged
		for _, tag := range i.tags {
			if tagged {
				all = append(all, types.ImageIdentifier{ImageDigest: &i.digest, ImageTag: &tag})
			}
		}
		if len(i.tags) == 0 && untagged {
			all = append(all, types.ImageIdentifier{ImageDigest: &i.digest})
		}
	}
	ids, next, err := page(all, in.NextToken, pageSize(in.MaxResults, 100))
	return &ecr.ListImagesOutput{ImageIds: ids, NextToken: next}, err
}

func (c *Cloud) batchDeleteImage(in *ecr.BatchDeleteImageInput) (*ecr.BatchDeleteImageOutput, error) {
	r, err := c.findRepository(in.RepositoryName)
	if err != nil {
		return nil, err
	}
	if len(in.ImageIds) == 0 || len(in.ImageIds) > 100 {
		return nil, refuse("InvalidParameterException", "Invalid parameter at 'imageIds' failed to satisfy constraint: "+
			"'Member must have length less than or equal to 100'")
	}
	out := &ecr.BatchDeleteImageOutput{}
	for _, id := range in.ImageIds {
		var found *image
		switch {
		case id.ImageDigest != nil:
			found = r.byDigest(*id.ImageDigest)
		case id.ImageTag != nil:
			found = r.byTag(*id.ImageTag)
		}
		if found == nil {
			out.Failures = append(out.Failures, types.ImageFailure{
				ImageId: &id, FailureCode: types.ImageFailureCodeImageNotFound, FailureReason: aws.String("Requested image not found"),
			})
			continue
		}
		// A tag alone is taken away; the image goes with its last one.
		if id.ImageDigest == nil {
			found.tags = slices.DeleteFunc(found.tags, func(tag string) bool { return tag == *id.ImageTag })
		}
		if id.ImageDigest != nil || len(found.tags) == 0 {
			r.images = slices.DeleteFunc(r.images, func(i *image) bool { return i == found })
		}
		out.ImageIds = append(out.ImageIds, types.ImageIdentifier{ImageDigest: &found.digest, ImageTag: id.ImageTag})
	}
	return out, nil
}
