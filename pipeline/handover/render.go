package handover

import (
	"fmt"

	"github.com/seed-b1f00840/slipway/internal/emit"
)

// A writer writes the models. It keeps the first error.
type writer struct {
	emit.Writer
	err error
}

func (w *writer) text(key, value string) {
	if value != "" {
		w.Name(key)
		w.String(value)
	}
}

func (w *writer) number(key string, value int) {
	if value != 0 {
		w.Name(key)
		w.Int(int64(value))
	}
}

func (w *writer) texts(key string, values []string) {
	if values == nil {
		return
	}
	w.Name(key)
	w.BeginList()
	for _, v := range values {
		w.String(v)
	}
	w.EndList()
}

// extra writes the members that have no field, after the others.
func (w *writer) extra(extra map[string]any) {
	if len(extra) == 0 {
		return
	}
	if err := emit.Members(w.Writer, extra); err != nil && w.err == nil {
		w.err = fmt.Errorf("handover: %w", err)
	}
}

// AppendText appends the file. On an error it returns dst as it was.
func (d *ImageDefinitions) AppendText(dst []byte) ([]byte, error) {
	j := &emit.JSON{Buf: dst}
	w := writer{Writer: j}
	w.BeginList()
	for _, image := range d.Images {
		w.BeginMap()
		w.text("name", image.Name)
		w.text("imageUri", image.ImageURI)
		w.extra(image.Extra)
		w.EndMap()
	}
	w.EndList()
	if w.err != nil {
		return dst, w.err
	}
	return j.Buf, nil
}

// Render returns the file.
func (d *ImageDefinitions) Render() ([]byte, error) { return emit.Render(d) }

// AppendText appends the file. On an error it returns dst as it was.
func (d *ImageDetail) AppendText(dst []byte) ([]byte, error) {
	j := &emit.JSON{Buf: dst}
	w := writer{Writer: j}
	w.BeginMap()
	w.text("ImageURI", d.ImageURI)
	w.text("ImageSizeInBytes", d.ImageSizeInBytes)
	w.text("ImageDigest", d.ImageDigest)
	w.text("Version", d.Version)
	w.text("ImagePushedAt", d.ImagePushedAt)
	w.text("RegistryId", d.RegistryID)
	w.text("RepositoryName", d.RepositoryName)
	w.texts("ImageTags", d.ImageTags)
	w.extra(d.Extra)
	w.EndMap()
	if w.err != nil {
		return dst, w.err
	}
	return j.Buf, nil
}

// Render returns the file.
func (d *ImageDetail) Render() ([]byte, error) { return emit.Render(d) }

// AppendText appends the file in YAML. On an error it returns dst as it was.
func (a *AppSpec) AppendText(dst []byte) ([]byte, error) {
	y := &emit.YAML{Buf: dst}
	w := writer{Writer: y}
	w.appSpec(a)
	if w.err != nil {
		return dst, w.err
	}
	return y.Buf, nil
}

// Render returns the file in YAML.
func (a *AppSpec) Render() ([]byte, error) { return emit.Render(a) }

// RenderJSON returns the file in JSON.
func (a *AppSpec) RenderJSON() ([]byte, error) {
	j := new(emit.JSON)
	w := writer{Writer: j}
	w.appSpec(a)
	return j.Buf, w.err
}

func (w *writer) appSpec(a *AppSpec) {
	w.BeginMap()
	if _, ok := a.Extra["version"]; !ok {
		w.Name("version")
		if a.Version == "" || a.Version == "0.0" {
			w.Scalar("0.0")
		} else {
			w.String(a.Version)
		}
	}
	if a.Resources != nil {
		w.Name("Resources")
		w.BeginList()
		for i := range a.Resources {
			w.resource(&a.Resources[i])
		}
		w.EndList()
	}
	if a.Hooks != nil {
		w.Name("Hooks")
		w.BeginList()
		for _, h := range a.Hooks {
			w.BeginMap()
			w.Key(h.Event)
			w.String(h.Function)
			w.EndMap()
		}
		w.EndList()
	}
	w.extra(a.Extra)
	w.EndMap()
}

func (w *writer) resource(r *Resource) {
	w.BeginMap()
	w.Key(r.Name)
	w.BeginMap()
	w.text("Type", r.Type)
	if _, ok := r.Extra["Properties"]; !ok {
		w.Name("Properties")
		w.properties(&r.Properties)
	}
	w.extra(r.Extra)
	w.EndMap()
	w.EndMap()
}

func (w *writer) properties(p *Properties) {
	w.BeginMap()
	w.text("TaskDefinition", p.TaskDefinition)
	if l := p.LoadBalancerInfo; l != nil {
		w.Name("LoadBalancerInfo")
		w.BeginMap()
		w.text("ContainerName", l.ContainerName)
		w.number("ContainerPort", l.ContainerPort)
		w.extra(l.Extra)
		w.EndMap()
	}
	w.text("PlatformVersion", p.PlatformVersion)
	if n := p.NetworkConfiguration; n != nil {
		w.Name("NetworkConfiguration")
		w.BeginMap()
		w.Name("AwsvpcConfiguration")
		w.BeginMap()
		w.texts("Subnets", n.Subnets)
		w.texts("SecurityGroups", n.SecurityGroups)
		w.text("AssignPublicIp", n.AssignPublicIP)
		w.extra(n.Extra)
		w.EndMap()
		w.EndMap()
	}
	if p.CapacityProviderStrategy != nil {
		w.Name("CapacityProviderStrategy")
		w.BeginList()
		for _, c := range p.CapacityProviderStrategy {
			w.BeginMap()
			w.text("CapacityProvider", c.Name)
			w.number("Base", c.Base)
			w.number("Weight", c.Weight)
			w.extra(c.Extra)
			w.EndMap()
		}
		w.EndList()
	}
	w.extra(p.Extra)
	w.EndMap()
}
