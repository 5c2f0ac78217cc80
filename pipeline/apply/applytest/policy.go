package applytest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// A stackPolicy says what an update may do.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/protect-stack-resources.html
type stackPolicy struct {
	Statement []struct {
		Effect      string
		Action      texts
		NotAction   texts
		Resource    texts
		NotResource texts
		Condition   struct {
			StringEquals, StringLike struct{ ResourceType texts }
		}
	}
}

// texts is a text or a list of them.
type texts []string

func (t *texts) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*t = texts{one}
		return nil
	}
	return json.Unmarshal(data, (*[]string)(t))
}

// fit reports whether one of the patterns fits: * is any text, ? any character.
func (t texts) fit(name string) bool {
	return slices.ContainsFunc(t, func(pattern string) bool { return wild(pattern, name) })
}

func wild(pattern, name string) bool {
	before, after, found := strings.Cut(pattern, "*")
	if len(name) < len(before) || !same(before, name[:len(before)]) {
		return false
	}
	if !found {
		return len(name) == len(before)
	}
	for i := len(before); i <= len(name); i++ {
		if wild(after, name[i:]) {
			return true
		}
	}
	return false
}

func same(pattern, text string) bool {
	for i := range len(pattern) {
		if pattern[i] != '?' && pattern[i] != text[i] {
			return false
		}
	}
	return true
}

// denial returns why a policy does not allow an action, or nothing. What no statement
// allows is denied.
func denial(policy, action string, r *resource) string {
	if policy == "" {
		return ""
	}
	var p stackPolicy
	if err := json.Unmarshal([]byte(policy), &p); err != nil {
		return ""
	}
	name, allowed := "LogicalResourceId/"+r.id, false
	for i, st := range p.Statement {
		about := st.Resource.fit(name) || len(st.NotResource) > 0 && !st.NotResource.fit(name)
		of := append(st.Condition.StringEquals.ResourceType, st.Condition.StringLike.ResourceType...)
		does := st.Action.fit(action) || len(st.NotAction) > 0 && !st.NotAction.fit(action)
		if !about || !does || len(of) > 0 && !of.fit(r.typ) {
			continue
		}
		if st.Effect == "Deny" {
			return fmt.Sprintf("Action denied by stack policy: Statement [#%d] does not allow [%s] for resource [%s]", i+1, action, name)
		}
		allowed = true
	}
	if allowed {
		return ""
	}
	return fmt.Sprintf("Action not allowed by stack policy: no statement allows [%s] for resource [%s]", action, name)
}
