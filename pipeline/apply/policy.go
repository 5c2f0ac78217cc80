package apply

import (
	"context"
	"encoding/json"
	"path"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
)

// A stackPolicy says which updates of a stack's resources are allowed.
// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/protect-stack-resources.html
type stackPolicy struct {
	Statement []policyStatement
}

type policyStatement struct {
	Effect      string
	Action      texts
	NotAction   texts
	Resource    texts
	NotResource texts
	Condition   map[string]map[string]texts
}

// texts is a text or a list of texts.
type texts []string

func (t *texts) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*t = texts{one}
		return nil
	}
	return json.Unmarshal(data, (*[]string)(t))
}

// stackPolicy returns the policy of a stack, or nil when it has none that can be read:
// CloudFormation has the last word.
func (a *Applier) stackPolicy(ctx context.Context, stack string) (*stackPolicy, error) {
	out, err := do(ctx, a, call{op: "cloudformation:GetStackPolicy", on: "stack " + stack},
		a.clients.CloudFormation.GetStackPolicy, &cloudformation.GetStackPolicyInput{StackName: &stack})
	if err != nil || aws.ToString(out.StackPolicyBody) == "" {
		return nil, err
	}
	var p stackPolicy
	if json.Unmarshal([]byte(*out.StackPolicyBody), &p) != nil {
		return nil, nil
	}
	return &p, nil
}

// denies returns why a change is not allowed, or nothing. A denial counts more than an
// allowance, and what nothing allows is denied.
func (p *stackPolicy) denies(c Change) string {
	action := map[Action]string{Update: "Update:Modify", Replace: "Update:Replace", Delete: "Update:Delete"}[c.Action]
	if action == "" {
		return ""
	}
	if c.Action == Replace && c.Maybe {
		return "" // it is not certain
	}
	allowed := false
	for _, s := range p.Statement {
		switch {
		case !s.fits(action, c):
		case s.Effect == "Deny":
			return "it denies " + action
		case s.Effect == "Allow":
			allowed = true
		}
	}
	if allowed {
		return ""
	}
	return "it allows no " + action
}

func (s *policyStatement) fits(action string, c Change) bool {
	if s.Action != nil && !s.Action.match(action) || s.NotAction != nil && s.NotAction.match(action) {
		return false
	}
	resource := "LogicalResourceId/" + c.Resource
	if s.Resource != nil && !s.Resource.match(resource) || s.NotResource != nil && s.NotResource.match(resource) {
		return false
	}
	for operator, keys := range s.Condition {
		for key, values := range keys {
			if key != "ResourceType" {
				if s.Effect == "Deny" {
					return false // unknown here
				}
				continue
			}
			fits := false
			switch operator {
			case "StringEquals":
				fits = slices.Contains(values, c.Type)
			case "StringLike":
				fits = values.match(c.Type)
			case "StringNotEquals":
				fits = !slices.Contains(values, c.Type)
			case "StringNotLike":
				fits = !values.match(c.Type)
			default: // unknown here: a denial is left to CloudFormation
				fits = s.Effect == "Allow"
			}
			if !fits {
				return false
			}
		}
	}
	return true
}

// match reports whether one of the patterns fits; * stands for anything.
func (t texts) match(text string) bool {
	return slices.ContainsFunc(t, func(pattern string) bool {
		ok, _ := path.Match(strings.ReplaceAll(pattern, "/", "\x01"), strings.ReplaceAll(text, "/", "\x01"))
		return ok
	})
}
