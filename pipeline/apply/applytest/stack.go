package applytest

import (
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/seed-b1f00840/slipway/cfn"
)

// formation is what CloudFormation knows.
type formation struct {
	stacks   []*stack // in the order of their creation, the deleted ones too
	breakage []*resourceFault
}

// A stack is one of CloudFormation's, living or deleted.
type stack struct {
	name, id string
	status   types.StackStatus
	reason   string

	created, updated, deleted time.Time // zero for not yet
	protected                 bool      // against deletion
	role                      string    // with which CloudFormation works; empty for the caller's rights
	policy                    string    // JSON; empty for none
	changeSet                 string    // id of the one that was executed last

	stackContent
	resources []*resource // in the order of their template
	events    []types.StackEvent
	sets      []*changeSet
	running   *operationRun // nil when nothing happens
	// interrupted is the update whose rollback has failed, nil for none.
	interrupted *operationRun
}

// stackContent is what an update brings, and a rollback brings back.
type stackContent struct {
	body         string // of the template, as it was given; empty before the first execution
	template     *cfn.Template
	parameters   []parameter
	tags         []types.Tag
	capabilities []types.Capability
	outputs      []types.Output
	imports      []string // names of exports
}

// A parameter is one of a template, with its value.
type parameter struct {
	name, value string
	resolved    string // of a type AWS::SSM::Parameter::Value
	secret      bool   // NoEcho
}

// A resource is one of a stack.
type resource struct {
	id, typ    string
	physical   string
	status     types.ResourceStatus
	reason     string
	updated    time.Time
	properties cfn.Object // evaluated
	attributes cfn.Object // what GetAtt gives
	metadata   cfn.Value
	policy     string // DeletionPolicy
	replaced   string // UpdateReplacePolicy
	after      []string
}

// gone reports whether the stack is a record only.
func (s *stack) gone() bool { return s.status == types.StackStatusDeleteComplete }

// busy reports whether an operation goes on.
func (s *stack) busy() bool {
	return strings.HasSuffix(string(s.status), "_IN_PROGRESS") && s.status != types.StackStatusReviewInProgress
}

// resource returns the resource of that logical id, or nil.
func (s *stack) resource(id string) *resource {
	for _, r := range s.resources {
		if r.id == id {
			return r
		}
	}
	return nil
}

// stackNamed returns the living stack of that name, or any of that id, or nil.
func (c *Cloud) stackNamed(name string) *stack {
	for _, s := range c.cfn.stacks {
		if s.id == name || s.name == name && !s.gone() {
			return s
		}
	}
	return nil
}

// livingStack is stackNamed for what a script is about: it panics when there is none.
func (c *Cloud) livingStack(name string) *stack {
	s := c.stackNamed(name)
	if s == nil || s.gone() {
		panic("applytest: there is no stack " + name + " now; the stacks are " + strings.Join(c.stackNames(), ", "))
	}
	return s
}

// stackNames returns the names of the living stacks.
func (c *Cloud) stackNames() []string {
	var names []string
	for _, s := range c.cfn.stacks {
		if !s.gone() {
			names = append(names, s.name)
		}
	}
	return names
}

// newStack makes the record of a stack.
func (c *Cloud) newStack(name string) *stack {
	id := c.arn("cloudformation", "stack/"+name+"/"+c.uuid("stack", name))
	s := &stack{name: name, id: id, created: c.now}
	c.cfn.stacks = append(c.cfn.stacks, s)
	return s
}

// set changes the status of a stack, and tells so in an event.
func (c *Cloud) set(s *stack, status types.StackStatus, reason, token string) {
	s.status, s.reason = status, reason
	id := c.uuid("event", s.name)
	c.tellEvent(s, types.StackEvent{
		EventId: &id, LogicalResourceId: &s.name, PhysicalResourceId: &s.id,
		ResourceType: aws.String("AWS::CloudFormation::Stack"), ResourceStatus: types.ResourceStatus(status),
	}, reason, token)
}

// setResource changes the status of a resource, and tells so in an event.
func (c *Cloud) setResource(s *stack, r *resource, status types.ResourceStatus, reason, token string) {
	r.status, r.reason, r.updated = status, reason, c.now
	id := strings.Join([]string{r.id, string(status), c.now.Format("2006-01-02T15:04:05.000Z")}, "-")
	c.tellEvent(s, types.StackEvent{
		EventId: &id, LogicalResourceId: aws.String(r.id), PhysicalResourceId: aws.String(r.physical),
		ResourceType: aws.String(r.typ), ResourceStatus: status, ResourceProperties: aws.String(propertiesText(r)),
	}, reason, token)
}

func (c *Cloud) tellEvent(s *stack, e types.StackEvent, reason, token string) {
	e.StackId, e.StackName, e.Timestamp = &s.id, &s.name, aws.Time(c.now)
	e.ResourceStatusReason = optional(reason)
	e.ClientRequestToken = optional(token)
	s.events = append(s.events, e)
}

// optional returns nil for the empty text.
func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// importers returns the names of the living stacks that import an export.
func (c *Cloud) importers(export string) []string {
	var names []string
	for _, s := range c.cfn.stacks {
		if !s.gone() && slices.Contains(s.imports, export) {
			names = append(names, s.name)
		}
	}
	return names
}

// exported returns an output that a living stack exports, with the stack, or nil.
func (c *Cloud) exported(name string) (*types.Output, *stack) {
	for _, s := range c.cfn.stacks {
		for i := range s.outputs {
			if o := &s.outputs[i]; !s.gone() && aws.ToString(o.ExportName) == name {
				return o, s
			}
		}
	}
	return nil, nil
}

// workAs notes the role with which CloudFormation works from now on. Without one it keeps
// the one that it has:
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html
func (s *stack) workAs(role *string) {
	if name := aws.ToString(role); name != "" {
		s.role = name
	}
}
