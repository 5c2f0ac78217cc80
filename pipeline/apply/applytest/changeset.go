package applytest

import (
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

var changeSetOperations = []operation{
	writes("cloudformation:CreateChangeSet", "StackName", (*Cloud).createChangeSet),
	reads("cloudformation:DescribeChangeSet", "ChangeSetName", (*Cloud).describeChangeSet),
	reads("cloudformation:ListChangeSets", "StackName", (*Cloud).listChangeSets),
	writes("cloudformation:ExecuteChangeSet", "ChangeSetName", (*Cloud).executeChangeSet),
	writes("cloudformation:DeleteChangeSet", "ChangeSetName", (*Cloud).deleteChangeSet),
}

// A changeSet is one of a stack.
type changeSet struct {
	name, id    string
	description string
	stack       *stack
	create      bool // the stack, rather than update it
	created     time.Time
	status      types.ChangeSetStatus
	reason      string
	execution   types.ExecutionStatus
	content     stackContent
	onFailure   types.OnStackFailure
	token       string         // that created it
	role        string         // for the stack; empty for what it has
	executedBy  string         // token of the execution
	changes     []types.Change // with the values of properties
	warning     string         // why values are missing in them
	unchecked   bool           // it was asked for without validation
	findings    []finding      // of the validation
}

const noChanges = "The submitted information didn't contain changes. Submit different information to create a change set."

// How long it takes until a change set is begun, and until it is there.
const (
	changeSetBegins = time.Second
	changeSetTakes  = 3 * time.Second
)

var (
	stackName     = pattern(`^([a-zA-Z][-a-zA-Z0-9]{0,127}|arn:[-a-zA-Z0-9:/._+]*)$`)
	changeSetName = pattern(`^[a-zA-Z][-a-zA-Z0-9]{0,127}$`)
)

func (c *Cloud) createChangeSet(in *cloudformation.CreateChangeSetInput) (*cloudformation.CreateChangeSetOutput, error) {
	name, of := aws.ToString(in.ChangeSetName), aws.ToString(in.StackName)
	switch {
	case !stackName().MatchString(of):
		return nil, invalid("1 validation error detected: Value '%s' at 'stackName' failed to satisfy constraint: "+
			"Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*|arn:[-a-zA-Z0-9:/._+]*", of)
	case !changeSetName().MatchString(name):
		return nil, invalid("1 validation error detected: Value '%s' at 'changeSetName' failed to satisfy constraint: "+
			"Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*", name)
	}
	create := in.ChangeSetType == types.ChangeSetTypeCreate
	s := c.stackNamed(of)
	if err := changeable(s, of, name, create); err != nil {
		return nil, err
	}
	content, err := c.newContent(in, s)
	if err != nil {
		return nil, err
	}
	if old := setNamed(s, name); old != nil && !old.done() {
		if old.token != "" && old.token == aws.ToString(in.ClientToken) {
			return &cloudformation.CreateChangeSetOutput{Id: &old.id, StackId: &s.id}, nil
		}
		attribute := "Template"
		if in.ClientToken != nil {
			attribute = "ClientToken"
		}
		return nil, refuse("AlreadyExistsException",
			"ChangeSet %s cannot be created due to a mismatch with existing attribute %s", name, attribute)
	}
	if s == nil {
		s = c.newStack(of)
		c.set(s, types.StackStatusReviewInProgress, "User Initiated", "")
	}
	set := &changeSet{
		name: name, id: c.arn("cloudformation", "changeSet/"+name+"/"+c.uuid("change set", s.name+"/"+name)), stack: s,
		create: create, created: c.now, content: *content, description: aws.ToString(in.Description),
		status: types.ChangeSetStatusCreatePending, execution: types.ExecutionStatusUnavailable,
		onFailure: in.OnStackFailure, role: aws.ToString(in.RoleARN), token: aws.ToString(in.ClientToken), unchecked: aws.ToBool(in.DisableValidation),
	}
	s.sets = append(s.sets, set)
	c.after(changeSetBegins, func() { set.status = types.ChangeSetStatusCreateInProgress })
	c.after(changeSetTakes, func() { c.completeChangeSet(set) })
	return &cloudformation.CreateChangeSetOutput{Id: &set.id, StackId: &s.id}, nil
}

// changeable refuses a change set for a stack that cannot have one.
func changeable(s *stack, of, name string, create bool) error {
	if create {
		if s != nil && s.status != types.StackStatusReviewInProgress {
			return invalid("Stack [%s] already exists and cannot be created again with the changeSet [%s].", of, name)
		}
		return nil
	}
	if s == nil {
		return invalid("Stack [%s] does not exist", of)
	}
	switch s.status {
	case types.StackStatusCreateComplete, types.StackStatusUpdateComplete, types.StackStatusUpdateRollbackComplete,
		types.StackStatusImportComplete, types.StackStatusImportRollbackComplete, types.StackStatusUpdateFailed,
		types.StackStatusCreateFailed:
		return nil
	}
	return notUpdatable(s)
}

func notUpdatable(s *stack) error {
	return invalid("Stack:%s is in %s state and can not be updated.", s.id, s.status)
}

// newContent reads what a change set brings.
func (c *Cloud) newContent(in *cloudformation.CreateChangeSetInput, s *stack) (*stackContent, error) {
	body, err := c.templateText(in, s)
	if err != nil {
		return nil, err
	}
	t, err := parseTemplate(body)
	if err != nil {
		return nil, err
	}
	var before []parameter
	tags := in.Tags
	if s != nil {
		before = s.parameters
		if tags == nil {
			tags = s.tags
		}
	}
	parameters, err := c.parametersOf(t, in.Parameters, before)
	if err != nil {
		return nil, err
	}
	if err := requiredCapabilities(t, in.Capabilities); err != nil {
		return nil, err
	}
	return &stackContent{body: body, template: t, parameters: parameters, tags: tags, capabilities: in.Capabilities}, nil
}

// completeChangeSet computes what a change set changes.
func (c *Cloud) completeChangeSet(set *changeSet) {
	s := set.stack
	if !slices.Contains(s.sets, set) || s.gone() {
		return // deleted meanwhile
	}
	var err error
	if set.changes, set.warning, err = c.changesOf(s, &set.content); err != nil {
		set.status, set.reason = types.ChangeSetStatusFailed, err.Error()
		return
	}
	if !set.create && len(set.changes) == 0 && !c.otherChanges(s, &set.content) {
		set.status, set.reason = types.ChangeSetStatusFailed, noChanges
		return
	}
	if set.findings = c.takenNames(set); len(set.findings) > 0 && !set.unchecked {
		set.status, set.reason = types.ChangeSetStatusFailed, nameConflict
		return
	}
	set.status, set.execution = types.ChangeSetStatusCreateComplete, types.ExecutionStatusAvailable
}

// setNamed returns the change set of a stack that has the name or the id, or nil. Of those
// of one name, it is the one that has not been executed.
func setNamed(s *stack, name string) *changeSet {
	if s == nil {
		return nil
	}
	var executed *changeSet
	for _, set := range s.sets {
		switch {
		case set.id == name:
			return set
		case set.name == name && set.done():
			executed = set
		case set.name == name:
			return set
		}
	}
	return executed
}

// done reports whether a change set has been executed: its name is free again.
func (set *changeSet) done() bool {
	return set.execution == types.ExecutionStatusExecuteComplete || set.execution == types.ExecutionStatusExecuteFailed
}

// findChangeSet returns the change set that a call names.
func (c *Cloud) findChangeSet(of, name *string) (*changeSet, error) {
	id := aws.ToString(name)
	if strings.HasPrefix(id, "arn:") {
		for _, s := range c.cfn.stacks {
			if set := setNamed(s, id); set != nil {
				return set, nil
			}
		}
		return nil, changeSetNotFound(id)
	}
	if of == nil {
		return nil, invalid("StackName must be specified if ChangeSetName is not specified as an ARN.")
	}
	s := c.stackNamed(*of)
	if s == nil {
		return nil, invalid("Stack [%s] does not exist", *of)
	}
	if set := setNamed(s, id); set != nil {
		return set, nil
	}
	return nil, changeSetNotFound(id)
}

func changeSetNotFound(name string) error {
	return &refusal{code: "ChangeSetNotFound", message: "ChangeSet [" + name + "] does not exist", status: 404}
}
