package cfn

func (w *writer) template(dst []byte, t *Template) []byte {
	start := len(dst)
	if w.json {
		dst = append(dst, '{')
	}
	dst = w.head(dst, t, start)
	dst = w.objectSection(dst, "Rules", t.Rules, start)
	dst = w.objectSection(dst, "Mappings", t.Mappings, start)
	dst = w.objectSection(dst, "Conditions", t.Conditions, start)
	if len(t.Resources) > 0 {
		dst = w.resources(w.section(dst, "Resources", start), t.Resources)
	}
	dst = w.objectSection(dst, "Hooks", t.Hooks, start)
	if len(t.Outputs) > 0 {
		dst = w.outputs(w.section(dst, "Outputs", start), t.Outputs)
	}
	for _, m := range t.Extra {
		dst = w.key(w.blank(dst, start), m.Key, 1, false)
		dst = w.value(dst, m.Value, 1, false)
	}
	switch {
	case !w.json && len(dst) == start:
		return append(dst, "{}\n"...)
	case !w.json:
		return dst
	case len(dst) == start+1:
		return append(dst, "}\n"...)
	}
	return append(dst, "\n}\n"...)
}

// head appends the sections that stand before the rules.
func (w *writer) head(dst []byte, t *Template, start int) []byte {
	if t.FormatVersion != "" {
		dst = w.string(w.section(dst, "AWSTemplateFormatVersion", start), t.FormatVersion, 1)
	}
	if t.Description != "" {
		dst = w.string(w.section(dst, "Description", start), t.Description, 1)
	}
	if t.Transform != nil {
		dst = w.value(w.section(dst, "Transform", start), t.Transform, 1, false)
	}
	dst = w.objectSection(dst, "Metadata", t.Metadata, start)
	if len(t.Parameters) > 0 {
		dst = w.parameters(w.section(dst, "Parameters", start), t.Parameters)
	}
	return dst
}

func (w *writer) section(dst []byte, name string, start int) []byte {
	return w.name(w.blank(dst, start), name, 1, false)
}

func (w *writer) objectSection(dst []byte, name string, o Object, start int) []byte {
	if len(o) == 0 {
		return dst
	}
	return w.object(w.section(dst, name, start), o, 1, false)
}

// blank appends an empty line in YAML, but none at the start and none where one
// is already, as after a text that ends with some of its own: another one would
// become part of that text.
func (w *writer) blank(dst []byte, start int) []byte {
	if n := len(dst); !w.json && n-start > 1 && dst[n-2] != '\n' {
		return append(dst, '\n')
	}
	return dst
}

func (w *writer) parameters(dst []byte, ps []*Parameter) []byte {
	dst = w.beginMap(dst, false)
	for _, p := range ps {
		switch {
		case p == nil:
			w.failed = true
		case p.Raw != nil:
			dst = w.value(w.key(dst, p.Name, 2, false), p.Raw, 2, false)
		default:
			dst = w.parameter(w.key(dst, p.Name, 2, false), p)
		}
	}
	return w.endMap(dst, 1)
}

func (w *writer) parameter(dst []byte, p *Parameter) []byte {
	dst = w.beginMap(dst, false)
	start := len(dst)
	dst = w.attribute(dst, "Type", p.Type)
	dst = w.attribute(dst, "Description", p.Description)
	dst = w.optional(dst, "Default", p.Default, 3)
	if p.AllowedValues != nil {
		dst = w.list(w.name(dst, "AllowedValues", 3, false), p.AllowedValues, 3, false)
	}
	dst = w.attribute(dst, "AllowedPattern", p.AllowedPattern)
	dst = w.optional(dst, "MinLength", p.MinLength, 3)
	dst = w.optional(dst, "MaxLength", p.MaxLength, 3)
	dst = w.optional(dst, "MinValue", p.MinValue, 3)
	dst = w.optional(dst, "MaxValue", p.MaxValue, 3)
	dst = w.optional(dst, "NoEcho", p.NoEcho, 3)
	dst = w.attribute(dst, "ConstraintDescription", p.ConstraintDescription)
	return w.endEntry(dst, p.Extra, start)
}

func (w *writer) resources(dst []byte, rs []*Resource) []byte {
	dst = w.beginMap(dst, false)
	for i, r := range rs {
		if i > 0 {
			dst = w.blank(dst, 0)
		}
		switch {
		case r == nil:
			w.failed = true
		case r.Raw != nil:
			dst = w.value(w.key(dst, r.ID, 2, false), r.Raw, 2, false)
		default:
			dst = w.resource(w.key(dst, r.ID, 2, false), r)
		}
	}
	return w.endMap(dst, 1)
}

func (w *writer) resource(dst []byte, r *Resource) []byte {
	dst = w.beginMap(dst, false)
	start := len(dst)
	dst = w.attribute(dst, "Type", r.Type)
	dst = w.attribute(dst, "Condition", r.Condition)
	if r.DependsOn != nil {
		dst = w.dependsOn(w.name(dst, "DependsOn", 3, false), r.DependsOn)
	}
	dst = w.optional(dst, "DeletionPolicy", r.DeletionPolicy, 3)
	dst = w.optional(dst, "UpdateReplacePolicy", r.UpdateReplacePolicy, 3)
	dst = w.optional(dst, "CreationPolicy", r.CreationPolicy, 3)
	dst = w.optional(dst, "UpdatePolicy", r.UpdatePolicy, 3)
	dst = w.optional(dst, "Metadata", r.Metadata, 3)
	if r.Properties != nil {
		dst = w.object(w.name(dst, "Properties", 3, false), r.Properties, 3, false)
	}
	return w.endEntry(dst, r.Extra, start)
}

func (w *writer) dependsOn(dst []byte, ids []string) []byte {
	switch len(ids) {
	case 0:
		return w.emptyList(dst)
	case 1:
		return w.string(dst, ids[0], 3)
	}
	dst = w.beginList(dst, false)
	for _, id := range ids {
		dst = w.string(w.item(dst, 4, false), id, 4)
	}
	return w.endList(dst, 3)
}

func (w *writer) outputs(dst []byte, os []*Output) []byte {
	dst = w.beginMap(dst, false)
	for _, o := range os {
		switch {
		case o == nil:
			w.failed = true
		case o.Raw != nil:
			dst = w.value(w.key(dst, o.Name, 2, false), o.Raw, 2, false)
		default:
			dst = w.output(w.key(dst, o.Name, 2, false), o)
		}
	}
	return w.endMap(dst, 1)
}

func (w *writer) output(dst []byte, o *Output) []byte {
	dst = w.beginMap(dst, false)
	start := len(dst)
	dst = w.attribute(dst, "Description", o.Description)
	dst = w.attribute(dst, "Condition", o.Condition)
	dst = w.optional(dst, "Value", o.Value, 3)
	if o.Export != nil {
		dst = w.beginMap(w.name(dst, "Export", 3, false), false)
		dst = w.value(w.name(dst, "Name", 4, false), o.Export, 4, false)
		dst = w.endMap(dst, 3)
	}
	return w.endEntry(dst, o.Extra, start)
}

// endEntry appends the last attributes of an entry that began before start.
func (w *writer) endEntry(dst []byte, extra Object, start int) []byte {
	for _, m := range extra {
		dst = w.value(w.key(dst, m.Key, 3, false), m.Value, 3, false)
	}
	if len(dst) == start {
		return w.emptyMap(dst[:start-1])
	}
	return w.endMap(dst, 2)
}

// attribute appends the attribute of an entry, unless it is empty. Like optional
// it is small enough to be inlined, as most attributes are empty.
func (w *writer) attribute(dst []byte, name, s string) []byte {
	if s == "" {
		return dst
	}
	return w.present(dst, name, s)
}

func (w *writer) present(dst []byte, name, s string) []byte {
	return w.string(w.name(dst, name, 3, false), s, 3)
}

// optional appends a member, unless it is nil.
func (w *writer) optional(dst []byte, name string, v Value, depth int) []byte {
	if v == nil {
		return dst
	}
	return w.required(dst, name, v, depth)
}

func (w *writer) required(dst []byte, name string, v Value, depth int) []byte {
	return w.value(w.name(dst, name, depth, false), v, depth, false)
}
