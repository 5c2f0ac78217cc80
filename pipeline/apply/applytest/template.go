package applytest

import (
	"net/url"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/cfn"
)

// The largest templates, in bytes.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
const (
	maxTemplateBody   = 51200
	maxTemplateObject = 1 << 20
)

// templateText returns the text of the template of a change set.
func (c *Cloud) templateText(in *cloudformation.CreateChangeSetInput, s *stack) (string, error) {
	previous := aws.ToBool(in.UsePreviousTemplate)
	switch {
	case previous && s != nil && s.template != nil:
		return s.body, nil
	case in.TemplateBody == nil && in.TemplateURL == nil || in.TemplateBody != nil && in.TemplateURL != nil || previous:
		return "", invalid("Either Template URL or Template Body must be specified.")
	case in.TemplateURL != nil:
		return c.templateAt(*in.TemplateURL)
	case len(*in.TemplateBody) > maxTemplateBody:
		return "", invalid("1 validation error detected: Value '%s' at 'templateBody' failed to satisfy constraint: "+
			"Member must have length less than or equal to %d", *in.TemplateBody, maxTemplateBody)
	}
	return *in.TemplateBody, nil
}

// templateAt reads a template from a bucket, by the address of an object in either form:
// https://bucket.s3.region.amazonaws.com/key and https://s3.region.amazonaws.com/bucket/key.
func (c *Cloud) templateAt(address string) (string, error) {
	const unsupported = "TemplateURL must be a supported URL."
	u, err := url.Parse(address)
	switch {
	case err == nil && u.Scheme == "s3":
		return "", invalid("S3 error: Domain name specified in %s is not a valid S3 domain", u.Host)
	case err != nil || u.Scheme != "https" && u.Scheme != "http":
		return "", invalid(unsupported)
	}
	path := strings.TrimPrefix(u.Path, "/")
	name, host, found := strings.Cut(u.Host, ".s3")
	if !found {
		host, found = strings.CutPrefix(u.Host, "s3")
		name, path, _ = strings.Cut(path, "/")
	}
	if !found || !strings.HasSuffix(host, c.suffix()) {
		return "", invalid(unsupported)
	}
	const more = "\nFor more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"
	b := c.data.bucket(name)
	if b == nil {
		return "", invalid("S3 error: The specified bucket does not exist%s", more)
	}
	o := b.current(path)
	if o == nil {
		return "", invalid("S3 error: The specified key does not exist.%s", more)
	}
	if len(o.data) > maxTemplateObject {
		return "", invalid("Template may not exceed %d bytes in size.", maxTemplateObject)
	}
	return string(o.data), nil
}

// parseTemplate reads a template, and refuses what CloudFormation refuses when it is given one.
func parseTemplate(body string) (*cfn.Template, error) {
	t, err := cfn.ParseLax("template", []byte(body))
	if err != nil {
		kind := "YAML"
		if strings.HasPrefix(strings.TrimSpace(body), "{") {
			kind = "JSON"
		}
		return nil, invalid("Template format error: %s not well-formed.%s", kind, placeOf(err))
	}
	if len(t.Resources) == 0 {
		return nil, invalid("Template format error: At least one Resources member must be defined.")
	}
	for _, r := range t.Resources {
		switch {
		case !alphanumeric(r.ID):
			return nil, invalid("Template format error: Resource name %s is non alphanumeric.", r.ID)
		case r.Type == "":
			return nil, invalid("Template format error: [/Resources/%s] Every Resources object must contain a Type member.", r.ID)
		}
	}
	for _, p := range t.Parameters {
		if !alphanumeric(p.Name) {
			return nil, invalid("Template format error: Parameter name %s is non alphanumeric.", p.Name)
		}
	}
	return t, checkReferences(t)
}

// placeOf returns where an error of the parser is, as CloudFormation writes it.
func placeOf(err error) string {
	problems, _ := err.(slipway.Problems)
	if len(problems) == 0 || !problems[0].Pos.IsValid() {
		return ""
	}
	return " (line " + itoa(problems[0].Pos.Line) + ", column " + itoa(problems[0].Pos.Column) + ")"
}

func alphanumeric(name string) bool {
	return name != "" && !strings.ContainsFunc(name, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
}

// checkReferences refuses names that lead nowhere, and circles.
func checkReferences(t *cfn.Template) error {
	missing := func(v cfn.Value) (names []string) {
		for _, r := range referencesIn(v) {
			if !strings.HasPrefix(r.id, "AWS::") && !isName(t, r.id) {
				names = append(names, r.id)
			}
		}
		return names
	}
	var lost []string
	for _, r := range t.Resources {
		lost = append(lost, missing(r.Properties)...)
		for _, id := range r.DependsOn {
			if t.Resource(id) == nil {
				lost = append(lost, id)
			}
		}
	}
	if lost = sorted(lost); len(lost) > 0 {
		return invalid("Template format error: Unresolved resource dependencies [%s] in the Resources block of the template",
			strings.Join(lost, ", "))
	}
	for _, o := range t.Outputs {
		lost = append(lost, missing(o.Value)...)
		if len(referencesTo(t, o.Export)) > 0 {
			return invalid("Template format error: Output %s is malformed.  The Name field of Export must not depend on any "+
				"resources, imported values, or Fn::GetAZs.", o.Name)
		}
	}
	if lost = sorted(lost); len(lost) > 0 {
		return invalid("Unresolved resource dependencies [%s] in the Outputs block of the template", strings.Join(lost, ", "))
	}
	if circle := circleIn(t); len(circle) > 0 {
		return invalid("Circular dependency between resources: [%s]", strings.Join(circle, ", "))
	}
	return nil
}

func sorted(names []string) []string {
	slices.Sort(names)
	return slices.Compact(names)
}

// isName reports whether a template has a parameter or a resource of that name.
func isName(t *cfn.Template, name string) bool {
	return t.Resource(name) != nil || slices.ContainsFunc(t.Parameters, func(p *cfn.Parameter) bool { return p.Name == name })
}

// requiredCapabilities returns what a template wants to be acknowledged.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html
func requiredCapabilities(t *cfn.Template, given []types.Capability) error {
	need := types.Capability("")
	names := map[string]string{
		"AWS::IAM::Role": "RoleName", "AWS::IAM::ManagedPolicy": "ManagedPolicyName", "AWS::IAM::User": "UserName",
		"AWS::IAM::Group": "GroupName", "AWS::IAM::InstanceProfile": "InstanceProfileName",
	}
	for _, r := range t.Resources {
		switch name := names[r.Type]; {
		case name != "" && r.Properties.Get(name) != nil:
			need = types.CapabilityCapabilityNamedIam
		case strings.HasPrefix(r.Type, "AWS::IAM::") && need == "":
			need = types.CapabilityCapabilityIam
		}
	}
	named := slices.Contains(given, types.CapabilityCapabilityNamedIam)
	switch {
	case t.Transform != nil && !slices.Contains(given, types.CapabilityCapabilityAutoExpand):
		need = types.CapabilityCapabilityAutoExpand
	case need == "" || named || need == types.CapabilityCapabilityIam && slices.Contains(given, types.CapabilityCapabilityIam):
		return nil
	}
	return refuse("InsufficientCapabilitiesException", "Requires capabilities : [%s]", need)
}
