package taskdef

import (
	"fmt"
	"strings"

	"github.com/seed-b1f00840/slipway"
)

// An enumValue is a value of one of the generated string types.
type enumValue[T any] interface {
	~string
	IsKnown() bool
	Values() []T
}

// known reports a value that the API does not have, at the path of elem.
func known[T enumValue[T]](r *report, v T, elem ...any) *slipway.Problem {
	if v == "" || v.IsKnown() || isPlaceholder(string(v)) {
		return nil
	}
	all := make([]string, 0, 16)
	for _, one := range v.Values() {
		if strings.EqualFold(string(one), string(v)) {
			return r.Addf(slipway.Path(elem...), "found %q, want %s; letter case counts", string(v), one)
		}
		all = append(all, string(one))
	}
	return r.Addf(slipway.Path(elem...), "found %q, allowed %s", string(v), oneOf(all))
}

// oneOf joins values to the end of a sentence: "is a", or "are a, b and c".
func oneOf(values []string) string {
	if len(values) == 1 {
		return "is " + values[0]
	}
	return fmt.Sprintf("are %s and %s", strings.Join(values[:len(values)-1], ", "), values[len(values)-1])
}

// checkEnums compares with the values that the SDK knew when the types were generated.
func checkEnums(d *Definition, r *report) {
	for i, v := range d.RequiresCompatibilities {
		if !v.IsKnown() {
			known(r, v, "requiresCompatibilities", i)
		}
	}
	if !d.NetworkMode.IsKnown() {
		known(r, d.NetworkMode, "networkMode")
	}
	if d.IPCMode != "" {
		known(r, d.IPCMode, "ipcMode")
	}
	if d.PIDMode != "" {
		known(r, d.PIDMode, "pidMode")
	}
	if p := d.RuntimePlatform; p != nil {
		known(r, p.OperatingSystemFamily, "runtimePlatform", "operatingSystemFamily")
		known(r, p.CPUArchitecture, "runtimePlatform", "cpuArchitecture")
	}
	if p := d.ProxyConfiguration; p != nil {
		known(r, p.Type, "proxyConfiguration", "type")
	}
	for i := range d.PlacementConstraints {
		known(r, d.PlacementConstraints[i].Type, "placementConstraints", i, "type")
	}
	for i := range d.ContainerDefinitions {
		enumsOfContainer(&d.ContainerDefinitions[i], r, i)
	}
	for i := range d.Volumes {
		enumsOfVolume(&d.Volumes[i], r, i)
	}
}

// enumsOfContainer looks at the enumerations of one container.
func enumsOfContainer(c *Container, r *report, i int) {
	const list = "containerDefinitions"
	if c.VersionConsistency != "" {
		known(r, c.VersionConsistency, list, i, "versionConsistency")
	}
	for j := range c.DependsOn {
		known(r, c.DependsOn[j].Condition, list, i, "dependsOn", j, "condition")
	}
	for j := range c.EnvironmentFiles {
		known(r, c.EnvironmentFiles[j].Type, list, i, "environmentFiles", j, "type")
	}
	if l := c.LogConfiguration; l != nil && !l.LogDriver.IsKnown() {
		known(r, l.LogDriver, list, i, "logConfiguration", "logDriver")
	}
	if f := c.FirelensConfiguration; f != nil {
		known(r, f.Type, list, i, "firelensConfiguration", "type")
	}
	for j := range c.PortMappings {
		m := &c.PortMappings[j]
		if m.Protocol != "" && !m.Protocol.IsKnown() {
			// One document says that ECS takes any other protocol for tcp.
			if p := known(r, m.Protocol, list, i, "portMappings", j, "protocol"); p != nil {
				p.Severity = slipway.Warning
			}
		}
		if m.AppProtocol != "" {
			known(r, m.AppProtocol, list, i, "portMappings", j, "appProtocol")
		}
	}
	for j := range c.ResourceRequirements {
		known(r, c.ResourceRequirements[j].Type, list, i, "resourceRequirements", j, "type")
	}
	for j := range c.Ulimits {
		known(r, c.Ulimits[j].Name, list, i, "ulimits", j, "name")
	}
	if c.LinuxParameters == nil {
		return
	}
	for j := range c.LinuxParameters.Devices {
		for k, v := range c.LinuxParameters.Devices[j].Permissions {
			known(r, v, list, i, "linuxParameters", "devices", j, "permissions", k)
		}
	}
}

// enumsOfVolume looks at the enumerations of one volume.
func enumsOfVolume(v *Volume, r *report, i int) {
	if x := v.EFSVolumeConfiguration; x != nil {
		known(r, x.TransitEncryption, "volumes", i, "efsVolumeConfiguration", "transitEncryption")
		if a := x.AuthorizationConfig; a != nil {
			known(r, a.IAM, "volumes", i, "efsVolumeConfiguration", "authorizationConfig", "iam")
		}
	}
	if x := v.DockerVolumeConfiguration; x != nil {
		known(r, x.Scope, "volumes", i, "dockerVolumeConfiguration", "scope")
	}
}
