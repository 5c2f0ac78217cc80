package applytest

import (
	"crypto/md5"
	"encoding/hex"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

var objectOperations = []operation{
	reads("s3:ListObjectVersions", "Bucket", (*Cloud).listObjectVersions),
	writes("s3:PutObject", "Bucket", (*Cloud).putObject),
	writes("s3:DeleteObject", "Bucket", (*Cloud).deleteObject),
	writes("s3:DeleteObjects", "Bucket", (*Cloud).deleteObjects),
}

// A bucket is one of S3.
type bucket struct {
	name      string
	versioned bool
	versions  []*objectVersion // in the order in which they came
}

// An objectVersion is a version of an object, or the mark that it was deleted.
type objectVersion struct {
	key, id  string // id is null in a bucket without versions
	data     []byte
	modified time.Time
	deletion bool
}

// current returns the present version of an object, or nil.
func (b *bucket) current(key string) *objectVersion {
	for _, v := range slices.Backward(b.versions) {
		if v.key == key {
			if v.deletion {
				return nil
			}
			return v
		}
	}
	return nil
}

// put writes an object.
func (c *Cloud) put(b *bucket, key string, data []byte) *objectVersion {
	v := &objectVersion{key: key, id: "null", data: data, modified: c.now}
	if b.versioned {
		v.id = c.letters("version", b.name+"/"+key, 32, false)
	} else {
		b.drop(key, "null")
	}
	b.versions = append(b.versions, v)
	return v
}

// drop removes a version, and returns it, or nil.
func (b *bucket) drop(key, id string) *objectVersion {
	v := find(b.versions, func(v *objectVersion) bool { return v.key == key && v.id == id })
	b.versions = slices.DeleteFunc(b.versions, func(other *objectVersion) bool { return other == v })
	return v
}

// remove deletes an object, or a version of it; it returns the version that it made or removed.
func (c *Cloud) remove(b *bucket, key string, version *string) *objectVersion {
	switch {
	case version != nil:
		return b.drop(key, *version)
	case !b.versioned:
		b.drop(key, "null")
		return nil
	}
	v := &objectVersion{key: key, id: c.letters("version", b.name+"/"+key, 32, false), modified: c.now, deletion: true}
	b.versions = append(b.versions, v)
	return v
}

// findBucket returns the bucket that a call names. Owner is the account to which the
// caller wants it to belong.
func (c *Cloud) findBucket(name, owner *string) (*bucket, error) {
	b := c.data.bucket(aws.ToString(name))
	switch {
	case b == nil:
		return nil, &refusal{code: "NoSuchBucket", message: "The specified bucket does not exist", status: http.StatusNotFound}
	case owner != nil && *owner != c.opts.Account:
		return nil, &refusal{code: "AccessDenied", message: "Access Denied", status: http.StatusForbidden}
	}
	return b, nil
}

func (v *objectVersion) etag() *string {
	sum := md5.Sum(v.data)
	return aws.String(`"` + hex.EncodeToString(sum[:]) + `"`)
}

// versionID is how S3 shows the id of a version in an answer about one object.
func (b *bucket) versionID(v *objectVersion) *string {
	if v == nil || !b.versioned {
		return nil
	}
	return &v.id
}

func (c *Cloud) putObject(in *s3.PutObjectInput) (*s3.PutObjectOutput, error) {
	b, err := c.findBucket(in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	var data []byte
	if in.Body != nil {
		if data, err = io.ReadAll(in.Body); err != nil {
			return nil, err
		}
	}
	v := c.put(b, aws.ToString(in.Key), data)
	return &s3.PutObjectOutput{ETag: v.etag(), VersionId: b.versionID(v), ServerSideEncryption: types.ServerSideEncryptionAes256}, nil
}

func (c *Cloud) deleteObject(in *s3.DeleteObjectInput) (*s3.DeleteObjectOutput, error) {
	b, err := c.findBucket(in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	out := &s3.DeleteObjectOutput{}
	if v := c.remove(b, aws.ToString(in.Key), in.VersionId); v != nil {
		out.VersionId = b.versionID(v)
		if v.deletion {
			out.DeleteMarker = aws.Bool(true)
		}
	}
	return out, nil
}

// most is how many objects one call is about at most.
const most = 1000

func (c *Cloud) deleteObjects(in *s3.DeleteObjectsInput) (*s3.DeleteObjectsOutput, error) {
	b, err := c.findBucket(in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	if n := len(in.Delete.Objects); n == 0 || n > most {
		return nil, refuse("MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema")
	}
	out := &s3.DeleteObjectsOutput{}
	for _, o := range in.Delete.Objects {
		v := c.remove(b, aws.ToString(o.Key), o.VersionId)
		deleted := types.DeletedObject{Key: o.Key, VersionId: o.VersionId}
		if v != nil && v.deletion {
			deleted.DeleteMarker, deleted.DeleteMarkerVersionId = aws.Bool(true), &v.id
		}
		if !aws.ToBool(in.Delete.Quiet) {
			out.Deleted = append(out.Deleted, deleted)
		}
	}
	return out, nil
}

// listed returns the versions of a bucket as S3 lists them: by key, the newest first.
func (b *bucket) listed(prefix string) []*objectVersion {
	var list []*objectVersion
	for _, v := range slices.Backward(b.versions) {
		if strings.HasPrefix(v.key, prefix) {
			list = append(list, v)
		}
	}
	slices.SortStableFunc(list, func(a, b *objectVersion) int { return strings.Compare(a.key, b.key) })
	return list
}

func (c *Cloud) listObjectVersions(in *s3.ListObjectVersionsInput) (*s3.ListObjectVersionsOutput, error) {
	b, err := c.findBucket(in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	list := b.listed(aws.ToString(in.Prefix))
	if in.KeyMarker != nil {
		at := slices.IndexFunc(list, func(v *objectVersion) bool {
			return in.VersionIdMarker != nil && v.key == *in.KeyMarker && v.id == *in.VersionIdMarker
		})
		if at < 0 { // the marked version is gone, or only a key was marked
			at = slices.IndexFunc(list, func(v *objectVersion) bool {
				return v.key > *in.KeyMarker || in.VersionIdMarker != nil && v.key == *in.KeyMarker
			}) - 1
			if at < -1 {
				at = len(list) - 1
			}
		}
		list = list[at+1:]
	}
	out := &s3.ListObjectVersionsOutput{
		Name: in.Bucket, Prefix: in.Prefix, KeyMarker: in.KeyMarker, VersionIdMarker: in.VersionIdMarker,
		MaxKeys: aws.Int32(int32(pageSize(in.MaxKeys, most))), IsTruncated: aws.Bool(false),
	}
	if size := int(*out.MaxKeys); len(list) > size {
		list = list[:size]
		last := list[size-1]
		out.IsTruncated, out.NextKeyMarker, out.NextVersionIdMarker = aws.Bool(true), &last.key, &last.id
	}
	for _, v := range list {
		latest := aws.Bool(v == newest(b, v.key))
		if v.deletion {
			out.DeleteMarkers = append(out.DeleteMarkers, types.DeleteMarkerEntry{
				Key: &v.key, VersionId: &v.id, IsLatest: latest, LastModified: &v.modified,
			})
			continue
		}
		out.Versions = append(out.Versions, types.ObjectVersion{
			Key: &v.key, VersionId: &v.id, IsLatest: latest, LastModified: &v.modified, ETag: v.etag(),
			Size: aws.Int64(int64(len(v.data))), StorageClass: types.ObjectVersionStorageClassStandard,
		})
	}
	return out, nil
}

func newest(b *bucket, key string) *objectVersion {
	for _, v := range slices.Backward(b.versions) {
		if v.key == key {
			return v
		}
	}
	return nil
}
