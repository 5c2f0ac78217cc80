package applytest

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

// A Phase is a time in the life of a resource.
type Phase uint8

// The phases in which a resource can be made to fail.
const (
	OnCreate   Phase = iota // when it is created
	OnUpdate                // when it is updated, or replaced
	OnDelete                // when it is deleted: with its stack, in a rollback or in a clean-up
	OnRollback              // when an update of it is undone
)

// A ResourceFault makes a resource of a stack fail.
type ResourceFault struct {
	Stack    string // name; the stack need not be there yet
	Resource string // logical id
	On       Phase
	Reason   string // that the event tells; empty is "Internal Failure"
	Times    int    // how often; 0 is once, -1 always
}

type resourceFault struct {
	ResourceFault
	used int
}

// FailResource scripts the failure of a resource: on creation it leads to
// ROLLBACK_COMPLETE, on deletion during that to ROLLBACK_FAILED, on update to
// UPDATE_ROLLBACK_COMPLETE, on rollback to UPDATE_ROLLBACK_FAILED, on deletion to
// DELETE_FAILED.
func (c *Cloud) FailResource(f ResourceFault) {
	if f.Stack == "" || f.Resource == "" {
		panic("applytest: a ResourceFault needs a Stack and a Resource")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if s := c.stackNamed(f.Stack); s != nil && s.template != nil && s.template.Resource(f.Resource) == nil && f.On == OnDelete {
		panic("applytest: the stack " + f.Stack + " has no resource " + f.Resource)
	}
	c.cfn.breakage = append(c.cfn.breakage, &resourceFault{ResourceFault: f})
}

// breaks returns why a resource fails, or nothing.
func (c *Cloud) breaks(s *stack, id string, on Phase) string {
	for _, f := range c.cfn.breakage {
		if f.Stack != s.name || f.Resource != id || f.On != on || f.Times >= 0 && f.used >= max(f.Times, 1) {
			continue
		}
		f.used++
		if f.Reason == "" {
			return "Internal Failure"
		}
		return f.Reason
	}
	return ""
}

// UnfiredResourceFaults returns those that have made nothing fail, for a test to see that
// it has tested what it wanted.
func (c *Cloud) UnfiredResourceFaults() []ResourceFault {
	c.mu.Lock()
	defer c.mu.Unlock()
	var out []ResourceFault
	for _, f := range c.cfn.breakage {
		if f.used == 0 {
			out = append(out, f.ResourceFault)
		}
	}
	return out
}

// Occupy lets somebody else update a stack for a while: it is UPDATE_IN_PROGRESS, and then
// UPDATE_COMPLETE without any change. It panics when there is no such stack, or it is busy.
func (c *Cloud) Occupy(stack string, d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.livingStack(stack)
	if s.busy() || s.status == types.StackStatusReviewInProgress {
		panic("applytest: the stack " + stack + " is " + string(s.status) + ": nobody else can update it")
	}
	c.set(s, types.StackStatusUpdateInProgress, "User Initiated", "")
	c.after(d, func() {
		c.set(s, types.StackStatusUpdateCompleteCleanupInProgress, "", "")
		c.set(s, types.StackStatusUpdateComplete, "", "")
	})
}

// Protect sets the termination protection of a stack. It panics when there is no such stack.
func (c *Cloud) Protect(stack string, on bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.livingStack(stack).protected = on
}

// SetStackPolicy sets the policy of a stack; empty removes it. It panics when there is no
// such stack, or the policy is no JSON.
func (c *Cloud) SetStackPolicy(stack, policy string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if policy != "" && json.Unmarshal([]byte(policy), &stackPolicy{}) != nil {
		panic("applytest: the policy of the stack " + stack + " is no JSON of a stack policy: " + policy)
	}
	c.livingStack(stack).policy = strings.TrimSpace(policy)
}

// Scale lets somebody set the number of tasks of a service. It panics when there is no
// such service.
func (c *Cloud) Scale(cluster, service string, n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	cl := c.clusterNamed(cluster)
	if cl == nil || cl.service(service) == nil {
		panic("applytest: there is no service " + service + " in a cluster " + cluster + " now")
	}
	svc := cl.service(service)
	spec := svc.spec
	spec.DesiredCount = int32(n)
	svc.update(spec, false)
}
