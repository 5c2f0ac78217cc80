package cfn

func (w *writer) template(t *Template) {
	w.beginMap()
	section := func(name string) {
		w.blank()
		w.name(name)
	}
	text := func(name, s string) {
		if s != "" {
			section(name)
			w.string(s)
		}
	}
	object := func(name string, o Object) {
		if len(o) > 0 {
			section(name)
			w.object(o)
		}
	}
	text("AWSTemplateFormatVersion", t.FormatVersion)
	text("Description", t.Description)
	if t.Transform != nil {
		section("Transform")
		w.value(t.Transform)
	}
	object("Metadata", t.Metadata)
	if len(t.Parameters) > 0 {
		section("Parameters")
		w.parameters(t.Parameters)
	}
	object("Rules", t.Rules)
	object("Mappings", t.Mappings)
	object("Conditions", t.Conditions)
	if len(t.Resources) > 0 {
		section("Resources")
		w.resources(t.Resources)
	}
	object("Hooks", t.Hooks)
	if len(t.Outputs) > 0 {
		section("Outputs")
		w.outputs(t.Outputs)
	}
	for i := range t.Extra {
		w.blank()
		w.members(t.Extra[i : i+1])
	}
	w.endMap()
}

func (w *writer) parameters(ps []*Parameter) {
	w.beginMap()
	for _, p := range ps {
		if p == nil {
			w.failed = true
			continue
		}
		w.key(p.Name)
		if p.Raw != nil {
			w.value(p.Raw)
			continue
		}
		w.beginMap()
		w.attribute("Type", p.Type)
		w.attribute("Description", p.Description)
		w.optional("Default", p.Default)
		if p.AllowedValues != nil {
			w.name("AllowedValues")
			w.list(p.AllowedValues)
		}
		w.attribute("AllowedPattern", p.AllowedPattern)
		w.optional("MinLength", p.MinLength)
		w.optional("MaxLength", p.MaxLength)
		w.optional("MinValue", p.MinValue)
		w.optional("MaxValue", p.MaxValue)
		w.optional("NoEcho", p.NoEcho)
		w.attribute("ConstraintDescription", p.ConstraintDescription)
		w.members(p.Extra)
		w.endMap()
	}
	w.endMap()
}

func (w *writer) resources(rs []*Resource) {
	w.beginMap()
	for i, r := range rs {
		if r == nil {
			w.failed = true
			continue
		}
		if i > 0 {
			w.blank()
		}
		w.key(r.ID)
		if r.Raw != nil {
			w.value(r.Raw)
			continue
		}
		w.beginMap()
		w.attribute("Type", r.Type)
		w.attribute("Condition", r.Condition)
		if r.DependsOn != nil {
			w.dependsOn(r.DependsOn)
		}
		w.optional("DeletionPolicy", r.DeletionPolicy)
		w.optional("UpdateReplacePolicy", r.UpdateReplacePolicy)
		w.optional("CreationPolicy", r.CreationPolicy)
		w.optional("UpdatePolicy", r.UpdatePolicy)
		w.optional("Metadata", r.Metadata)
		if r.Properties != nil {
			w.name("Properties")
			w.object(r.Properties)
		}
		w.members(r.Extra)
		w.endMap()
	}
	w.endMap()
}

func (w *writer) dependsOn(ids []string) {
	w.name("DependsOn")
	if len(ids) == 1 {
		w.string(ids[0])
		return
	}
	w.beginList()
	for _, id := range ids {
		w.string(id)
	}
	w.endList()
}

func (w *writer) outputs(os []*Output) {
	w.beginMap()
	for _, o := range os {
		if o == nil {
			w.failed = true
			continue
		}
		w.key(o.Name)
		if o.Raw != nil {
			w.value(o.Raw)
			continue
		}
		w.beginMap()
		w.attribute("Description", o.Description)
		w.attribute("Condition", o.Condition)
		w.optional("Value", o.Value)
		if o.Export != nil {
			w.name("Export")
			w.beginMap()
			w.name("Name")
			w.value(o.Export)
			w.endMap()
		}
		w.members(o.Extra)
		w.endMap()
	}
	w.endMap()
}

func (w *writer) attribute(name, s string) {
	if s != "" {
		w.name(name)
		w.string(s)
	}
}

func (w *writer) optional(name string, v Value) {
	if v != nil {
		w.name(name)
		w.value(v)
	}
}
