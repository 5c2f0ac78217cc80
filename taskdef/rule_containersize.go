package taskdef

import (
	"slices"
)

// checkContainerSizes adds up what the containers ask for. A container without a
// size of its own adds nothing. On EC2, a task without memory needs it in each
// container.
func checkContainerSizes(d *Definition, r *report) {
	taskCPU, hasCPU := d.CPUUnits()
	taskMemory, hasMemory := d.MemoryMiB()
	noTaskMemory := lacks(d.Memory, d.Extra, "memory") && !d.IsFargate() && !slices.Contains(d.RequiresCompatibilities, CompatibilityManagedInstances)
	var cpu, soft, memory int
	for i := range d.ContainerDefinitions {
		c := &d.ContainerDefinitions[i]
		if c.CPU != nil {
			cpu += *c.CPU
			if *c.CPU < 0 {
				r.Addf(container(i, "cpu"), "found %d, want 0 or more", *c.CPU)
			}
		}
		checkContainerMemory(i, c, r)
		if noTaskMemory && c.Memory == nil && c.MemoryReservation == nil && !hides(c.Extra, "memory") && !hides(c.Extra, "memoryReservation") {
			r.Addf(container(i), "neither the task nor the container says how much memory; set memory or memoryReservation")
		}
		switch {
		case c.MemoryReservation != nil:
			soft += *c.MemoryReservation
			memory += *c.MemoryReservation
		case c.Memory != nil:
			memory += *c.Memory
		}
		if hasMemory && c.Memory != nil && *c.Memory > taskMemory {
			r.Addf(container(i, "memory"), "found %d, more than the memory of the task, %d", *c.Memory, taskMemory)
		}
	}
	if hasCPU && cpu > taskCPU && !d.IsWindows() {
		r.Addf("cpu", "the containers ask for %d units, more than the cpu of the task, %d", cpu, taskCPU)
	}
	switch {
	case !hasMemory:
	case soft > taskMemory:
		r.Addf("memory", "the containers reserve %d MiB, more than the memory of the task, %d", soft, taskMemory)
	case memory > taskMemory:
		r.Warnf("memory", "the containers may use %d MiB together, more than the memory of the task, %d", memory, taskMemory)
	}
}

// checkContainerMemory looks at the two limits of one container.
func checkContainerMemory(i int, c *Container, r *report) {
	atLeast := func(key string, v *int) {
		switch {
		case v == nil || *v >= 6:
		case *v >= 4: // enough for a Docker before 20.10
			r.Warnf(container(i, key), "found %d, want at least 6 MiB", *v)
		default:
			r.Addf(container(i, key), "found %d, want at least 6 MiB", *v)
		}
	}
	atLeast("memory", c.Memory)
	atLeast("memoryReservation", c.MemoryReservation)
	if c.Memory != nil && c.MemoryReservation != nil && *c.Memory < *c.MemoryReservation {
		r.Addf(container(i, "memory"), "found %d, less than memoryReservation, %d; the hard limit is above the soft one", *c.Memory, *c.MemoryReservation)
	}
}
