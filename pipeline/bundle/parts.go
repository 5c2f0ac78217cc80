package bundle

import (
	"slices"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/buildspec"
	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/pipeline/handover"
	"github.com/seed-b1f00840/slipway/taskdef"
)

// Parts returns all that the bundle holds, also what stands in its templates. Each
// call makes them anew, so that parts of two calls are not the same.
func (b *Bundle) Parts() *Parts {
	ps := new(Parts)
	for i := range b.Artifacts {
		switch a := &b.Artifacts[i]; m := a.Model.(type) {
		case *cfn.Template:
			ps.Templates = append(ps.Templates, whole(a.Path, m, m.Source))
			h := host{file: a.Path, template: m, text: a.text}
			for _, r := range m.Resources {
				if r != nil && r.Raw == nil {
					ps.resource(&h, r)
				}
			}
		case *taskdef.Definition:
			ps.Tasks = append(ps.Tasks, whole(a.Path, m, m.Source))
		case *buildspec.Spec:
			ps.Buildspecs = append(ps.Buildspecs, whole(a.Path, m, m.Source))
		case *pipeline.Definition:
			ps.Pipelines = append(ps.Pipelines, whole(a.Path, m, m.Source))
		case *handover.ImageDefinitions:
			ps.Images = append(ps.Images, whole(a.Path, m, m.Source))
		case *handover.ImageDetail:
			ps.Details = append(ps.Details, whole(a.Path, m, m.Source))
		case *handover.AppSpec:
			ps.AppSpecs = append(ps.AppSpecs, whole(a.Path, m, m.Source))
		}
	}
	return ps
}

// whole is the part that is a whole file.
func whole[M any](file string, model M, source *slipway.Source) *Part[M] {
	return &Part[M]{File: file, Model: model, locate: source.Position}
}

// resource adds the part that a resource is.
func (ps *Parts) resource(h *host, r *cfn.Resource) {
	switch r.Type {
	case "AWS::ECS::TaskDefinition":
		if p := h.task(r); p != nil {
			ps.Tasks = append(ps.Tasks, p)
		}
	case "AWS::CodePipeline::Pipeline":
		if p := h.pipeline(r); p != nil {
			ps.Pipelines = append(ps.Pipelines, p)
		}
	case "AWS::CodeBuild::Project":
		p := h.project(r)
		ps.Projects = append(ps.Projects, p)
		if p.Model.Inline != nil {
			ps.Buildspecs = append(ps.Buildspecs, p.Model.Inline)
		}
	case "AWS::ECS::Service":
		ps.Services = append(ps.Services, h.service(r))
	case "AWS::ElasticLoadBalancingV2::TargetGroup":
		ps.Targets = append(ps.Targets, h.target(r))
	case "AWS::ElasticLoadBalancingV2::Listener", "AWS::ElasticLoadBalancingV2::ListenerRule":
		ps.Listeners = append(ps.Listeners, h.listener(r))
	case "AWS::CodeDeploy::DeploymentGroup":
		ps.Deployments = append(ps.Deployments, h.deployment(r))
	}
}

// Check returns the problems of every part by itself, sorted.
func (ps *Parts) Check() slipway.Problems {
	all := slices.Concat(
		checkAll(ps.Templates), checkAll(ps.Tasks), checkAll(ps.Buildspecs), checkAll(ps.Pipelines),
		checkAll(ps.Images), checkAll(ps.Details), checkAll(ps.AppSpecs),
	)
	for _, p := range ps.Projects {
		all = append(all, p.Model.unreadable...)
	}
	return all.Sorted()
}

func checkAll[M any](parts []*Part[M]) (all slipway.Problems) {
	for _, p := range parts {
		all = append(all, p.Check()...)
	}
	return all
}
