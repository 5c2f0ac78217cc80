package taskdef

import (
	"slices"
	"strconv"
	"strings"

	"github.com/seed-b1f00840/slipway/internal/source"
)

// Container returns the container of that name, or nil. It points into the
// definition.
func (d *Definition) Container(name string) *Container {
	for i := range d.ContainerDefinitions {
		if d.ContainerDefinitions[i].Name == name {
			return &d.ContainerDefinitions[i]
		}
	}
	return nil
}

// Volume returns the volume of that name, or nil. It points into the definition.
func (d *Definition) Volume(name string) *Volume {
	for i := range d.Volumes {
		if d.Volumes[i].Name == name {
			return &d.Volumes[i]
		}
	}
	return nil
}

// IsFargate reports whether the definition asks to suit Fargate.
func (d *Definition) IsFargate() bool {
	return slices.Contains(d.RequiresCompatibilities, CompatibilityFargate)
}

// IsWindows reports whether the task runs on Windows.
func (d *Definition) IsWindows() bool {
	return d.RuntimePlatform != nil && strings.HasPrefix(string(d.RuntimePlatform.OperatingSystemFamily), "WINDOWS")
}

// CPUUnits returns the processor share of the task in units of 1/1024 vCPU. It is
// false where CPU is empty, holds a placeholder or is none of the forms "1024",
// "1 vCPU" and ".5 vCPU".
func (d *Definition) CPUUnits() (units int, ok bool) {
	return quantity(d.CPU, "vcpu")
}

// MemoryMiB returns the memory of the task in MiB. It is false where Memory is
// empty, holds a placeholder or is none of the forms "3072", "3 GB" and "0.5GB".
func (d *Definition) MemoryMiB() (mib int, ok bool) {
	return quantity(d.Memory, "gb")
}

// quantity reads a number of digits alone, or one with a unit that is 1024 times as
// large and may have a fraction.
func quantity(s, unit string) (int, bool) {
	if n, err := strconv.Atoi(s); err == nil && s[0] != '+' {
		return n, n >= 0
	}
	cut := len(s) - len(unit)
	if cut < 1 || !strings.EqualFold(s[cut:], unit) {
		return 0, false
	}
	number := strings.TrimRight(s[:cut], " ")
	for i := range len(number) {
		if c := number[i]; c != '.' && (c < '0' || c > '9') {
			return 0, false
		}
	}
	f, err := strconv.ParseFloat(number, 64)
	n := int(f * 1024)
	return n, err == nil && f < 1<<20 && float64(n) == f*1024
}

// isEssential reports whether the task stops with c.
func (c *Container) isEssential() bool { return c.Essential == nil || *c.Essential }

// isPlaceholder reports whether s holds something that is filled in later.
func isPlaceholder(s string) bool { return source.IsPlaceholder(s) }

// lacks reports whether a member is absent, or the empty string. One that is there
// with a wrong type, or as a placeholder, is in extra and does not count.
func lacks(value string, extra map[string]any, key string) bool {
	if value != "" {
		return false
	}
	v, ok := extra[key]
	return !ok || v == ""
}

// hides reports whether extra holds a member that could not be read, so that
// nothing is known about it.
func hides(extra map[string]any, key string) bool {
	v, ok := extra[key]
	return ok && v != ""
}
