package bundle

import (
	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/internal/check"
	"github.com/seed-b1f00840/slipway/pipeline"
)

var customActionRule = check.Rule[*view]{
	Rule: slipway.Rule{
		Name: "bundle/custom-action", Source: "https://docs.aws.amazon.com/codepipeline/latest/userguide/actions-create-custom-action.html", Severity: slipway.Info,
		Doc: "A custom action type that a pipeline uses is registered in its account and region first.",
	},
	Check: func(v *view, r *check.Report) {
		for _, p := range v.Pipelines {
			for i := range p.Model.Stages {
				for j := range p.Model.Stages[i].Actions {
					checkCustomAction(v, p, i, j, r)
				}
			}
		}
	},
}

// checkCustomAction tells of a custom action that no template registers. Where a
// template registers others of the provider it is a warning: the category or the
// version is likely a slip.
func checkCustomAction(v *view, p *Part[*pipeline.Definition], stage, action int, r *check.Report) {
	t := p.Model.Stages[stage].Actions[action].ActionTypeID
	if t == nil || t.Owner != pipeline.ActionOwnerCustom || !IsKnown(t.Provider) || !IsKnown(t.Version) || !IsKnown(string(t.Category)) {
		return
	}
	var like []slipway.Place
	for _, template := range v.Templates {
		for _, res := range template.Model.Resources {
			if res.Type != "AWS::CodePipeline::CustomActionType" {
				continue
			}
			provider, okP := scalarText(res.Properties.Get("Provider"))
			category, okC := scalarText(res.Properties.Get("Category"))
			version, okV := scalarText(res.Properties.Get("Version"))
			if !okP || !okC || !okV || provider == t.Provider && category == string(t.Category) && version == t.Version {
				return
			}
			if provider == t.Provider || category == string(t.Category) {
				where := slipway.Path("Resources", res.ID)
				like = append(like, template.Place(where, "registers "+category+", "+provider+", version "+version))
			}
		}
	}
	where := slipway.Path("stages", stage, "actions", action, "actionTypeId")
	f := addf(r, p, where, "no template registers the custom action type %s, %s, version %s; it must be there, in the same region, before the pipeline is created",
		t.Category, t.Provider, t.Version)
	if len(like) > 0 {
		f.Severity = slipway.Warning
		relate(f, like...)
	}
}

// scalarText returns a literal text, also a number or a boolean as its author wrote it.
func scalarText(v cfn.Value) (string, bool) {
	switch v := v.(type) {
	case cfn.String:
		return string(v), true
	case cfn.Number:
		return string(v), true
	case cfn.Bool:
		if v {
			return "true", true
		}
		return "false", true
	}
	return "", false
}

// propertyObject returns a property of a resource that is a map, or nil.
func propertyObject(res *cfn.Resource, name string) cfn.Object {
	if res == nil {
		return nil
	}
	object, _ := res.Properties.Get(name).(cfn.Object)
	return object
}

// elements returns the elements of a list, or the value alone where there is none.
func elements(v cfn.Value) []cfn.Value {
	switch v := v.(type) {
	case nil:
		return nil
	case cfn.List:
		return v
	}
	return []cfn.Value{v}
}
