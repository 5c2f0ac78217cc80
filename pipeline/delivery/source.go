package delivery

import (
	"cmp"
	"strings"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/pipeline"
)

// A source is the pipeline's source action, with what it needs around it.
type source struct {
	provider   pipeline.Provider
	output     string     // name of its artifact
	statements cfn.List   // of the pipeline's role
	events     cfn.Object // pattern of the events that start the pipeline; nil when it needs no rule
}

// source completes the source action. An unknown provider is returned as it is;
// check refuses it.
func (p *plan) source() source {
	switch s := p.Source.(type) {
	case pipeline.CodeCommitSource:
		return p.codeCommit(s)
	case pipeline.ConnectionSource:
		s.Name, s.Output = cmp.Or(s.Name, "Source"), cmp.Or(s.Output, sourceArtifact)
		return source{provider: s, output: s.Output,
			statements: p.list(p.useConnection(s))}
	case pipeline.S3Source:
		return p.bucketSource(s)
	}
	return source{provider: p.Source}
}

// codeCommit is started by an event, not by polling.
// Source: https://docs.aws.amazon.com/codepipeline/latest/userguide/triggering.html
func (p *plan) codeCommit(s pipeline.CodeCommitSource) source {
	s.Name, s.Output = cmp.Or(s.Name, "Source"), cmp.Or(s.Output, sourceArtifact)
	repository := arn("codecommit", s.Repository)
	out := source{provider: s, output: s.Output, statements: p.list(
		p.statement(readCodeCommit, repository, nil),
	)}
	if !s.Poll {
		out.events = p.object(
			cfn.Prop("source", p.list(cfn.String("aws.codecommit"))),
			cfn.Prop("detail-type", p.list(cfn.String("CodeCommit Repository State Change"))),
			cfn.Prop("resources", p.list(repository)),
			cfn.Prop("detail", p.object(
				cfn.Prop("event", p.list(cfn.String("referenceCreated"), cfn.String("referenceUpdated"))),
				cfn.Prop("referenceType", p.list(cfn.String("branch"))),
				cfn.Prop("referenceName", p.list(cfn.String(s.Branch))),
			)),
		)
	}
	return out
}

// bucketSource is started by an event; the bucket must send its events to
// EventBridge.
func (p *plan) bucketSource(s pipeline.S3Source) source {
	s.Name, s.Output = cmp.Or(s.Name, "Source"), cmp.Or(s.Output, sourceArtifact)
	bucket := cfn.Sub("arn:${AWS::Partition}:s3:::" + pseudo(s.Bucket))
	out := source{provider: s, output: s.Output, statements: p.list(
		p.statement(bucketActions, bucket, nil),
		p.statement(readObject, bucket+cfn.Sub("/"+s.Key), nil),
	)}
	if !s.Poll {
		out.events = p.object(
			cfn.Prop("source", p.list(cfn.String("aws.s3"))),
			cfn.Prop("detail-type", p.list(cfn.String("Object Created"))),
			cfn.Prop("detail", p.object(
				cfn.Prop("bucket", p.object(cfn.Prop("name", p.list(text(s.Bucket))))),
				cfn.Prop("object", p.object(cfn.Prop("key", p.list(cfn.String(s.Key))))),
			)),
		)
	}
	return out
}

// useConnection lets a role use the connection of s. Service, action and ARN have
// a new name and an old one, of which either may be asked for.
func (p *plan) useConnection(s pipeline.ConnectionSource) cfn.Object {
	const renamed, former = ":codeconnections:", ":codestar-connections:"
	resource := text(s.ConnectionARN)
	switch {
	case strings.Contains(s.ConnectionARN, renamed):
		resource = p.list(resource, text(strings.Replace(s.ConnectionARN, renamed, former, 1)))
	case strings.Contains(s.ConnectionARN, former):
		resource = p.list(text(strings.Replace(s.ConnectionARN, former, renamed, 1)), resource)
	}
	return p.statement(connect, resource, nil)
}

// start returns the rule that starts the pipeline when the source changes, and
// its role; nothing where the source needs none.
func (p *plan) start() []*cfn.Resource {
	events := p.from.events
	if events == nil {
		return nil
	}
	target := arn("codepipeline", p.Pipeline.Name)
	role := p.role("StartRole", p.Roles.Start, p.trust("events.amazonaws.com", nil), p.list(
		p.statement(cfn.String("codepipeline:StartPipelineExecution"), target, nil),
	))
	rule := &cfn.Resource{ID: "StartRule", Type: "AWS::Events::Rule", Properties: p.object(
		cfn.Prop("Description", cfn.String("Start the pipeline "+p.Pipeline.Name+" when its source changes")),
		cfn.Prop("EventPattern", events),
		cfn.Prop("State", cfn.String("ENABLED")),
		cfn.Prop("Targets", p.list(p.object(
			cfn.Prop("Id", cfn.String("Pipeline")),
			cfn.Prop("Arn", target),
			cfn.Prop("RoleArn", cfn.Att("StartRole", "Arn")),
		))),
	)}
	return []*cfn.Resource{role, rule}
}
