package apply

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	cfntypes "github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/seed-b1f00840/slipway/pipeline/apply/internal/fault"
)

// maxInlineTemplate is how many bytes of a template a call can carry.
// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
const maxInlineTemplate = 51_200

// A changeSet is a change set of CloudFormation.
type changeSet struct {
	name    string
	id      string // ARN
	stackID string
	changes []cfntypes.Change
	used    bool // it was executed: there is nothing to remove
}

// touches reports whether a change set works on a resource that stands.
func (s *changeSet) touches(id string) bool {
	return slices.ContainsFunc(s.changes, func(c cfntypes.Change) bool {
		r := c.ResourceChange
		return r != nil && aws.ToString(r.LogicalResourceId) == id && r.Action != cfntypes.ChangeActionAdd && r.Action != cfntypes.ChangeActionRemove
	})
}

// errSetLost is why a change set cannot be used: somebody else, who has made the same one,
// has removed or executed it.
var errSetLost = errors.New("the change set is gone")

// errNoExport is why a change set cannot be made yet: what it imports is not there.
var errNoExport = errors.New("what it imports is not exported yet")

// A submission is what a change set is made of.
type submission struct {
	item       *stackItem
	create     bool // the stack does not exist
	body       []byte
	previous   bool // the template that the stack has, in place of body
	parameters []cfntypes.Parameter
	tags       []cfntypes.Tag // nil keeps those of the stack
	role       *string        // that CloudFormation takes; nil keeps what the stack has
	bucket     string         // for a large template; empty when there is none
	account    string         // of the bucket
	host       string         // region.suffix of S3
}

// name returns a name that is the same for the same submission of the same caller, so
// that one which was interrupted is found again.
func (s *submission) name(caller string) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%s\n%t\n%t\n%d\n%s\n", caller, aws.ToString(s.role), s.create, s.previous, len(s.body), s.body)
	for _, p := range s.parameters {
		fmt.Fprintf(h, "%q=%q %t\n", aws.ToString(p.ParameterKey), aws.ToString(p.ParameterValue), aws.ToBool(p.UsePreviousValue))
	}
	for _, t := range s.tags {
		fmt.Fprintf(h, "%q:%q\n", aws.ToString(t.Key), aws.ToString(t.Value))
	}
	return changeSetPrefix + hex.EncodeToString(h.Sum(nil))[:24]
}

// changeSetPrefix begins the names of all change sets that are made here.
const changeSetPrefix = "slipway-"

// begin makes a change set, and does not wait for it. One of the same name that is left
// from an interrupted run is used, or made anew if it has failed.
func (a *Applier) begin(ctx context.Context, s *submission, caller string) (_ *changeSet, err error) {
	set := &changeSet{name: s.name(caller)}
	defer func() {
		if err != nil && (ctx.Err() != nil || isUnsure(err)) { // the call may have done its work
			after, cancel := afterwards(ctx)
			defer cancel()
			if old, _ := a.leftover(after, s.item.name, set.name); old != nil {
				_ = a.removeChangeSet(after, old) // the interruption is what is reported
			}
		}
	}()
	in := &cloudformation.CreateChangeSetInput{
		StackName: &s.item.name, ChangeSetName: &set.name,
		ChangeSetType: cfntypes.ChangeSetTypeUpdate, Parameters: s.parameters, Tags: s.tags, Capabilities: capabilities(s.item), RoleARN: s.role,
	}
	if s.create {
		in.ChangeSetType = cfntypes.ChangeSetTypeCreate
	}
	remove, err := a.submit(ctx, s, in)
	if err != nil {
		return nil, err
	}
	defer remove()
	for range 2 {
		out, err := do(ctx, a, call{op: "cloudformation:CreateChangeSet", on: "stack " + s.item.name}, a.clients.CloudFormation.CreateChangeSet, in)
		switch {
		case err == nil:
			set.id, set.stackID = aws.ToString(out.Id), aws.ToString(out.StackId)
			return set, nil
		case isNoExport(fault.Reason(err)):
			return nil, errNoExport
		case !hasCode(err, "AlreadyExistsException"):
			return nil, err
		}
		old, err := a.leftover(ctx, s.item.name, set.name)
		if old != nil || err != nil {
			return old, err
		}
	}
	return nil, stale("somebody else makes change sets of the same name at this moment")
}

// leftover returns the change set of that name when it can still be executed, and
// removes it otherwise.
func (a *Applier) leftover(ctx context.Context, stack, name string) (*changeSet, error) {
	out, err := do(ctx, a, call{op: "cloudformation:DescribeChangeSet", on: "stack " + stack}, a.clients.CloudFormation.DescribeChangeSet,
		&cloudformation.DescribeChangeSetInput{StackName: &stack, ChangeSetName: &name})
	if hasCode(err, "ChangeSetNotFound", "ChangeSetNotFoundException") {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	set := &changeSet{name: name, id: aws.ToString(out.ChangeSetId), stackID: aws.ToString(out.StackId)}
	if isPending(out.Status) || out.Status == cfntypes.ChangeSetStatusCreateComplete && out.ExecutionStatus == cfntypes.ExecutionStatusAvailable {
		return set, nil
	}
	return nil, a.removeChangeSet(ctx, set)
}

func isPending(s cfntypes.ChangeSetStatus) bool {
	return s == cfntypes.ChangeSetStatusCreatePending || s == cfntypes.ChangeSetStatusCreateInProgress
}

// submit gives the template to a change set's input: in the call, or as an object of a
// bucket when it is too large. The object is to be removed by the function that is
// returned.
func (a *Applier) submit(ctx context.Context, s *submission, in *cloudformation.CreateChangeSetInput) (remove func(), err error) {
	if s.previous {
		in.UsePreviousTemplate = aws.Bool(true)
		return func() {}, nil
	}
	if len(s.body) <= maxInlineTemplate {
		in.TemplateBody = aws.String(string(s.body))
		return func() {}, nil
	}
	if s.bucket == "" {
		return nil, &Error{
			Resource: s.item.path,
			Message:  fmt.Sprintf("the template has %d bytes, and a call takes %d", len(s.body), maxInlineTemplate),
			Remedy:   "give a bucket of the region for it with --template-bucket",
		}
	}
	sum := sha256.Sum256(s.body)
	key := "slipway/" + s.item.name + "/" + hex.EncodeToString(sum[:16]) + ".template"
	on := "s3://" + s.bucket + "/" + key
	_, err = do(ctx, a, call{op: "s3:PutObject", on: on},
		func(ctx context.Context, in *s3.PutObjectInput, opts ...func(*s3.Options)) (*s3.PutObjectOutput, error) {
			in.Body = bytes.NewReader(s.body) // anew for each attempt: the one before has read it
			return a.clients.S3.PutObject(ctx, in, opts...)
		}, &s3.PutObjectInput{Bucket: &s.bucket, Key: &key, ExpectedBucketOwner: &s.account})
	remove = func() {
		ctx, cancel := afterwards(ctx)
		defer cancel()
		if err := a.removeObject(ctx, s, key); err != nil {
			a.notef("the template that was put into %s is left there: %v", on, err)
		}
	}
	if hasCode(err, "NoSuchBucket") {
		return nil, &Error{
			Resource: s.item.path, Err: err,
			Message: fmt.Sprintf("the template has %d bytes, a call takes %d, and the bucket %s for it does not exist yet", len(s.body), maxInlineTemplate, s.bucket),
			Remedy:  "give an existing bucket of the region with --template-bucket",
		}
	}
	if err != nil {
		if ctx.Err() != nil || isUnsure(err) { // it may be there
			remove()
		}
		return nil, err
	}
	in.TemplateURL = aws.String("https://" + s.bucket + ".s3." + s.host + "/" + key)
	return remove, nil
}

// removeObject deletes a template from its bucket, in all versions: an earlier run that was
// interrupted may have left some.
func (a *Applier) removeObject(ctx context.Context, s *submission, key string) error {
	on := "s3://" + s.bucket + "/" + key
	out, err := do(ctx, a, call{op: "s3:ListObjectVersions", on: s.bucket}, a.clients.S3.ListObjectVersions,
		&s3.ListObjectVersionsInput{Bucket: &s.bucket, Prefix: &key, ExpectedBucketOwner: &s.account})
	if err != nil {
		return err
	}
	for _, v := range out.Versions {
		_, err := do(ctx, a, call{op: "s3:DeleteObject", on: on}, a.clients.S3.DeleteObject,
			&s3.DeleteObjectInput{Bucket: &s.bucket, Key: v.Key, VersionId: v.VersionId, ExpectedBucketOwner: &s.account})
		if err != nil {
			return err
		}
	}
	return nil
}

// finish waits until a change set is made, and reads it. It returns nil when nothing
// would change. A change set without changes, or one that failed, is removed; one that
// comes back with an error is still there.
func (a *Applier) finish(ctx context.Context, item *stackItem, set *changeSet) (*changeSet, error) {
	limit := a.within(a.opts.Timeouts.ChangeSet, "the change set "+set.name)
	var out *cloudformation.DescribeChangeSetOutput
	for look := 0; ; look++ {
		var err error
		if out, err = a.readChangeSet(ctx, item, set); isLost(err) {
			return nil, errSetLost
		}
		if err != nil {
			return set, err
		}
		if !isPending(out.Status) {
			break
		}
		if err := a.pause(ctx, limit, look); err != nil {
			return set, err
		}
	}
	if out.Status == cfntypes.ChangeSetStatusCreateComplete {
		return set, nil
	}
	reason := aws.ToString(out.StatusReason)
	if strings.Contains(reason, "DescribeEvents") {
		reason = cmp.Or(a.findings(ctx, set), reason)
	}
	if err := a.removeChangeSet(ctx, set); err != nil {
		return set, err
	}
	switch {
	case isNoChange(reason):
		return nil, nil
	case isNoExport(reason):
		return nil, errNoExport
	}
	reason = fault.Redact(item.cover(reason))
	return nil, &Error{Resource: item.path, Message: "CloudFormation refuses the template: " + reason, Remedy: remedyOf(reason)}
}

// findings returns what the validation of a change set has found, of which its status
// only says that there is something; nothing where that cannot be read.
func (a *Applier) findings(ctx context.Context, set *changeSet) string {
	out, err := do(ctx, a, call{op: "cloudformation:DescribeEvents", on: set.name}, a.clients.CloudFormation.DescribeEvents,
		&cloudformation.DescribeEventsInput{ChangeSetName: &set.id, Filters: &cfntypes.EventFilter{FailedEvents: aws.Bool(true)}})
	if err != nil {
		return ""
	}
	var found []string
	for _, e := range out.OperationEvents {
		if reason := aws.ToString(e.ValidationStatusReason); reason != "" {
			found = append(found, fmt.Sprintf("%s (%s): %s", aws.ToString(e.LogicalResourceId), aws.ToString(e.ResourceType), strings.TrimSuffix(reason, ".")))
		}
	}
	return strings.Join(found, "; ")
}

// readChangeSet describes a change set with all its changes, which it gives to set.
func (a *Applier) readChangeSet(ctx context.Context, item *stackItem, set *changeSet) (*cloudformation.DescribeChangeSetOutput, error) {
	in := &cloudformation.DescribeChangeSetInput{ChangeSetName: &set.id, StackName: &item.name, IncludePropertyValues: aws.Bool(true)}
	set.changes = nil
	for {
		out, err := do(ctx, a, call{op: "cloudformation:DescribeChangeSet", on: "stack " + item.name}, a.clients.CloudFormation.DescribeChangeSet, in)
		if err != nil {
			return nil, err
		}
		set.changes = append(set.changes, out.Changes...)
		if in.NextToken = out.NextToken; aws.ToString(in.NextToken) == "" {
			return out, nil
		}
	}
}

// isNoChange recognises both texts in which CloudFormation says that nothing differs.
func isNoChange(reason string) bool {
	return strings.Contains(reason, "didn't contain changes") || strings.Contains(reason, "No updates are to be performed")
}

// isLost reports whether a change set, or the record of a stack that it was made for, is
// not there any more.
func isLost(err error) bool {
	return hasCode(err, "ChangeSetNotFound", "ChangeSetNotFoundException") || says(err, "ValidationError", "does not exist")
}

func isNoExport(reason string) bool { return strings.Contains(reason, "No export named") }

// removeChangeSet deletes a change set that was not used, and the empty record of a stack
// that it was made for if nothing else stands there.
func (a *Applier) removeChangeSet(ctx context.Context, set *changeSet) error {
	if set.used {
		return nil
	}
	limit := a.within(time.Minute, "the change set "+set.name)
	for look := 0; ; look++ {
		_, err := do(ctx, a, call{op: "cloudformation:DeleteChangeSet", on: set.name}, a.clients.CloudFormation.DeleteChangeSet,
			&cloudformation.DeleteChangeSetInput{ChangeSetName: &set.id, StackName: &set.stackID})
		switch {
		case hasCode(err, "InvalidChangeSetStatus", "InvalidChangeSetStatusException"): // it is still being made
			if err := a.pause(ctx, limit, look); err != nil {
				return err
			}
			continue
		case err != nil && !isLost(err):
			return err
		}
		return a.removeRecord(ctx, set.stackID, set.id)
	}
}

// removeRecord deletes a stack that is nothing but a record in REVIEW_IN_PROGRESS
// without a change set but one that was deleted.
func (a *Applier) removeRecord(ctx context.Context, id, deleted string) error {
	s, err := a.describeStack(ctx, id)
	if err != nil || conditionOf(s) != reviewed {
		return err
	}
	in := &cloudformation.ListChangeSetsInput{StackName: &id}
	for {
		sets, err := do(ctx, a, call{op: "cloudformation:ListChangeSets", on: "stack " + id}, a.clients.CloudFormation.ListChangeSets, in)
		if err != nil {
			return err
		}
		for _, other := range sets.Summaries {
			if aws.ToString(other.ChangeSetId) != deleted && !strings.HasPrefix(string(other.Status), "DELETE_") {
				return nil
			}
		}
		if in.NextToken = sets.NextToken; aws.ToString(in.NextToken) == "" {
			break
		}
	}
	_, err = do(ctx, a, call{op: "cloudformation:DeleteStack", on: "stack " + id}, a.clients.CloudFormation.DeleteStack,
		&cloudformation.DeleteStackInput{StackName: &id})
	return err
}

// stackRole is the role that CloudFormation is to take; nil keeps what a stack has.
func (a *Applier) stackRole() *string {
	if a.opts.StackRole == "" {
		return nil
	}
	return &a.opts.StackRole
}

// stackTags returns tags as CloudFormation takes them, sorted. Nil stays nil, which keeps
// those of a stack; none takes them away.
func stackTags(tags map[string]string) []cfntypes.Tag {
	if tags == nil {
		return nil
	}
	list := make([]cfntypes.Tag, 0, len(tags))
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		list = append(list, cfntypes.Tag{Key: aws.String(key), Value: aws.String(tags[key])})
	}
	return list
}
