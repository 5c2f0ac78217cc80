package apply

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	cfntypes "github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/pipeline/apply/internal/stackdiff"
)

// holds are the types whose resources hold data, or carry what others stand on, with
// what is lost when one is deleted or another takes its place.
var holds = map[string]string{
	"AWS::ECR::Repository":                 "its images",
	"AWS::ECR::PublicRepository":           "its images",
	"AWS::S3::Bucket":                      "its objects",
	"AWS::Logs::LogGroup":                  "its log",
	"AWS::ECS::Cluster":                    "what runs in it",
	"AWS::EC2::VPC":                        "everything in this network",
	"AWS::EC2::Subnet":                     "everything in this subnet",
	"AWS::CodeCommit::Repository":          "its commits",
	"AWS::CodeArtifact::Repository":        "its packages",
	"AWS::EFS::FileSystem":                 "its files",
	"AWS::FSx::FileSystem":                 "its files",
	"AWS::RDS::DBInstance":                 "its data",
	"AWS::RDS::DBCluster":                  "its data",
	"AWS::Neptune::DBCluster":              "its data",
	"AWS::DocDB::DBCluster":                "its data",
	"AWS::Redshift::Cluster":               "its data",
	"AWS::DynamoDB::Table":                 "its items",
	"AWS::DynamoDB::GlobalTable":           "its items",
	"AWS::ElastiCache::CacheCluster":       "what it holds",
	"AWS::ElastiCache::ReplicationGroup":   "what it holds",
	"AWS::MemoryDB::Cluster":               "what it holds",
	"AWS::MSK::Cluster":                    "what is in it",
	"AWS::RDS::GlobalCluster":              "its data",
	"AWS::Backup::BackupVault":             "its backups",
	"AWS::Elasticsearch::Domain":           "its indexes",
	"AWS::EC2::Instance":                   "its instance volumes",
	"AWS::OpenSearchService::Domain":       "its indexes",
	"AWS::Kinesis::Stream":                 "what is in it",
	"AWS::SQS::Queue":                      "its messages",
	"AWS::EC2::Volume":                     "its data",
	"AWS::SecretsManager::Secret":          "the secret",
	"AWS::KMS::Key":                        "what is encrypted with it",
	"AWS::Cognito::UserPool":               "its users",
	"AWS::CloudFormation::Stack":           "all that is in the nested stack",
	"AWS::Route53::HostedZone":             "its records",
	"AWS::CertificateManager::Certificate": "the certificate",
}

// nameProperties are where a type has its own name, which keeps a replacement from
// standing beside the old resource.
var nameProperties = map[string]string{
	"AWS::ECR::Repository": "RepositoryName", "AWS::S3::Bucket": "BucketName", "AWS::Logs::LogGroup": "LogGroupName",
	"AWS::ECS::Cluster": "ClusterName", "AWS::ECS::Service": "ServiceName", "AWS::IAM::Role": "RoleName",
	"AWS::IAM::ManagedPolicy": "ManagedPolicyName", "AWS::CodeBuild::Project": "Name", "AWS::CodePipeline::Pipeline": "Name",
	"AWS::Events::Rule": "Name", "AWS::SSM::Parameter": "Name", "AWS::EC2::SecurityGroup": "GroupName",
	"AWS::ElasticLoadBalancingV2::LoadBalancer": "Name", "AWS::ElasticLoadBalancingV2::TargetGroup": "Name",
	"AWS::CodeCommit::Repository": "RepositoryName", "AWS::CodeDeploy::Application": "ApplicationName",
	"AWS::DynamoDB::Table": "TableName", "AWS::SQS::Queue": "QueueName", "AWS::SNS::Topic": "TopicName",
	"AWS::Lambda::Function": "FunctionName", "AWS::SecretsManager::Secret": "Name",
}

// additions are the changes of a stack that does not exist.
func (w *stackWork) additions(step *Step) {
	for _, r := range w.item.template.Resources {
		step.Changes = append(step.Changes, Change{Action: Create, Resource: r.ID, Type: r.Type})
	}
}

// stackChanges are the changes of a stack as the templates tell them.
func (w *stackWork) stackChanges(step *Step, diff []stackdiff.Change) {
	for _, d := range diff {
		c := Change{Resource: d.ID, Type: d.Type}
		switch d.Action {
		case stackdiff.Add:
			c.Action = Create
		case stackdiff.Remove:
			c.Action = Delete
		default:
			c.Action = Update
			if d.Replacement != stackdiff.Never {
				c.Action, c.Maybe = Replace, d.Replacement == stackdiff.Maybe
			}
		}
		for _, prop := range d.Properties {
			s := w.secrecyOf(prop.Cause, secrecyAt(w.item.template.Resource(d.ID), prop.Path))
			c.Properties = append(c.Properties, Property{
				Path: joinPath("Properties", prop.Path), Before: w.item.cover(valueText(prop.Before, s)), After: w.item.cover(valueText(prop.After, s)),
				Cause: prop.Cause, Replaces: [...]string{"", "maybe", "always"}[prop.Replacement],
			})
		}
		if d.Retyped() {
			step.block("%s has another type, which CloudFormation refuses for a resource that stands; give it another logical id", d.ID)
		}
		for _, attribute := range d.Attributes {
			c.Properties = append(c.Properties, Property{Path: attribute})
		}
		w.judge(step, &c, d.Retained)
		step.Changes = append(step.Changes, c)
	}
}

func joinPath(base, path string) string {
	if path == "" || path[0] == '[' {
		return base + path
	}
	return base + "." + path
}

// changesOf adds to a step the changes of a stack as a change set tells them.
func (w *stackWork) changesOf(set *changeSet, step *Step) {
	for _, change := range set.changes {
		r := change.ResourceChange
		if r == nil {
			continue
		}
		c := Change{Resource: aws.ToString(r.LogicalResourceId), Type: aws.ToString(r.ResourceType), Physical: aws.ToString(r.PhysicalResourceId)}
		switch r.Action {
		case cfntypes.ChangeActionAdd, cfntypes.ChangeActionImport:
			c.Action = Create
		case cfntypes.ChangeActionRemove:
			c.Action = Delete
		default:
			c.Action = Update
			if r.Replacement == cfntypes.ReplacementTrue || r.Replacement == cfntypes.ReplacementConditional {
				c.Action, c.Maybe = Replace, r.Replacement == cfntypes.ReplacementConditional
			}
			c.Properties = w.details(r, w.item.template.Resource(c.Resource))
			if c.Type == "AWS::CloudFormation::Stack" && isAutomatic(r) {
				step.Notes = append(step.Notes, c.Resource+" is a nested stack, which CloudFormation looks through with every update: its template and parameters are the same")
				step.Changes = append(step.Changes, c)
				continue
			}
		}
		retained := r.PolicyAction == cfntypes.PolicyActionRetain || r.PolicyAction == cfntypes.PolicyActionReplaceAndRetain
		w.judge(step, &c, retained)
		step.Changes = append(step.Changes, c)
	}
	// The order of the template, which does not depend on that of the answer.
	rank := make(map[string]int)
	for i, r := range w.item.template.Resources {
		rank[r.ID] = i + 1
	}
	at := func(c Change) int {
		if n := rank[c.Resource]; n > 0 {
			return n
		}
		return len(rank) + 1
	}
	slices.SortStableFunc(step.Changes, func(a, b Change) int { return cmp.Or(cmp.Compare(at(a), at(b)), cmp.Compare(a.Resource, b.Resource)) })
}

// isAutomatic reports whether a nested stack stands in a change set only because every
// update looks through it.
// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChangeDetail.html
func isAutomatic(r *cfntypes.ResourceChange) bool {
	return len(r.Details) > 0 && !slices.ContainsFunc(r.Details, func(d cfntypes.ResourceChangeDetail) bool { return d.ChangeSource != cfntypes.ChangeSourceAutomatic })
}

// details are the properties of a change set's modified resource. CloudFormation tells
// some of them twice: as what is known, and as what may follow from another change.
func (w *stackWork) details(r *cfntypes.ResourceChange, resource *cfn.Resource) []Property {
	var list []Property
	seen := make(map[string]int)
	for _, d := range r.Details {
		if d.Target == nil {
			continue
		}
		for _, prop := range w.detail(d, resource) {
			if i, ok := seen[prop.Path]; ok {
				merge(&list[i], prop)
				continue
			}
			seen[prop.Path] = len(list)
			list = append(list, prop)
		}
	}
	slices.SortStableFunc(list, func(a, b Property) int { return cmp.Compare(a.Path, b.Path) })
	return list
}

// knownLater stands in a change set for a value that another change gives.
const knownLater = "{{changeSet:KNOWN_AFTER_APPLY}}"

// detail is what one detail says: a property, or the parts of it that differ.
func (w *stackWork) detail(d cfntypes.ResourceChangeDetail, resource *cfn.Resource) []Property {
	t := d.Target
	prop := Property{Path: string(t.Attribute), Cause: aws.ToString(d.CausingEntity)}
	switch {
	case t.Path != nil:
		prop.Path = ourPath(*t.Path)
	case t.Name != nil:
		prop.Path += "." + *t.Name
	}
	switch t.RequiresRecreation {
	case cfntypes.RequiresRecreationAlways:
		prop.Replaces = "always"
	case cfntypes.RequiresRecreationConditionally:
		prop.Replaces = "maybe"
	}
	before, after := aws.ToString(t.BeforeValue), strings.ReplaceAll(aws.ToString(t.AfterValue), knownLater, "(known later)")
	s := w.secrecyOf(prop.Cause, secrecyAt(resource, strings.TrimPrefix(prop.Path, "Properties.")))
	parts := inside(before, after, s)
	if len(parts) == 0 {
		prop.Before, prop.After = w.item.cover(showText(before, s)), w.item.cover(showText(after, s))
		return []Property{prop}
	}
	list := make([]Property, len(parts))
	for i, part := range parts {
		list[i] = prop
		list[i].Path = joinPath(prop.Path, part.Path)
		list[i].Before, list[i].After = w.item.cover(part.Before), w.item.cover(part.After)
		if secrecyAt(resource, strings.TrimPrefix(list[i].Path, "Properties.")) == closed { // by its name in the template
			list[i].Before, list[i].After = showText(part.Before, closed), showText(part.After, closed)
		}
	}
	return list
}

// inside returns what differs between two objects or lists in JSON; nothing for other
// values.
func inside(before, after string, s secrecy) []Property {
	var b, a any
	if before == "" || after == "" || json.Unmarshal([]byte(before), &b) != nil || json.Unmarshal([]byte(after), &a) != nil {
		return nil
	}
	switch b.(type) {
	case map[string]any:
		if _, ok := a.(map[string]any); ok {
			return differencesIn(b, a, s)
		}
	case []any:
		if _, ok := a.([]any); ok {
			return differencesIn(b, a, s)
		}
	}
	return nil
}

// secrecyOf returns the secrecy of a property that changes because of something: of what a
// parameter gives that is not to be shown, nothing is.
func (w *stackWork) secrecyOf(cause string, s secrecy) secrecy {
	if p := parameter(w.item.template, cause); p != nil && isNoEcho(p) {
		return closed
	}
	return s
}

// ourPath makes Properties.Tags[0].Value of /Properties/Tags/0/Value.
func ourPath(path string) string {
	var elems []any
	for part := range strings.SplitSeq(strings.Trim(path, "/"), "/") {
		if n, err := strconv.Atoi(part); err == nil {
			elems = append(elems, n)
		} else {
			elems = append(elems, part)
		}
	}
	return slipway.Path(elems...)
}

// merge takes over what another detail of the same property knows more.
func merge(p *Property, q Property) {
	p.Before, p.After = cmp.Or(p.Before, q.Before), cmp.Or(p.After, q.After)
	if p.Cause == "" {
		p.Cause = q.Cause
	}
	if q.Replaces == "always" || p.Replaces == "" {
		p.Replaces = cmp.Or(q.Replaces, p.Replaces)
	}
}

// judge marks what a change loses, what it needs, and what must fail.
func (w *stackWork) judge(step *Step, c *Change, retained bool) {
	if c.Type == "AWS::CloudFormation::Stack" && c.Action == Update {
		c.Loss = "what its update replaces or deletes, if anything: a plan does not look into nested stacks"
		step.need(NeedsDataLoss)
	}
	if c.Action != Delete && c.Action != Replace {
		return
	}
	if what := holds[c.Type]; what != "" {
		c.Loss = what
		if retained {
			c.Loss = what + " (the old one is left behind, and no longer used)"
		}
		step.need(NeedsDataLoss)
	}
	if c.Action == Replace && !c.Maybe && w.keepsName(c) {
		step.block("%s (%s) has to be replaced and keeps its name, which CloudFormation refuses; give it another %s",
			c.Resource, c.Type, nameProperties[c.Type])
	}
}

// block notes why a step would fail, and what to do.
func (s *Step) block(format string, args ...any) {
	s.Blocked = append(s.Blocked, fmt.Sprintf(format, args...))
}

func (s *Step) need(n Permission) {
	if !slices.Contains(s.Needs, n) {
		s.Needs = append(s.Needs, n)
	}
}

// keepsName reports whether a resource with a name of its own has the same one after
// the change.
func (w *stackWork) keepsName(c *Change) bool {
	name := nameProperties[c.Type]
	r := w.item.template.Resource(c.Resource)
	if name == "" || r == nil || r.Properties.Get(name) == nil {
		return false
	}
	return !slices.ContainsFunc(c.Properties, func(p Property) bool {
		return p.Path == "Properties."+name || c.Type == "AWS::ECS::Service" && p.Path == "Properties.Cluster" // a name counts in its cluster
	})
}

// checkPolicy foresees what the stack's policy denies.
func (p *planner) checkPolicy(ctx context.Context, step *Step) error {
	w := step.work.(*stackWork)
	if step.Action != Update || conditionOf(w.live) != ready {
		return nil
	}
	policy, err := p.stackPolicy(ctx, w.item.name)
	if err != nil || policy == nil {
		return err
	}
	for _, c := range step.Changes {
		if reason := policy.denies(c); reason != "" {
			step.block("the policy of the stack does not allow to %s %s (%s); change it with aws cloudformation set-stack-policy, or leave the resource as it is",
				c.Action, c.Resource, reason)
		}
	}
	return nil
}
