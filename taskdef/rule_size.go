package taskdef

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/seed-b1f00840/slipway/internal/emit"
)

// A fargateRow is what memory Fargate has for a number of CPU units: from least to
// most in steps, all in MiB, or those of list.
type fargateRow struct {
	cpu, least, most, step int
	list                   []int
}

// fargateSizes are the pairs of cpu and memory that Fargate has.
var fargateSizes = [...]fargateRow{
	{cpu: 256, list: []int{512, 1024, 2048}},
	{cpu: 512, least: 1024, most: 4096, step: 1024},
	{cpu: 1024, least: 2048, most: 8192, step: 1024},
	{cpu: 2048, least: 4096, most: 16384, step: 1024},
	{cpu: 4096, least: 8192, most: 30720, step: 1024},
	{cpu: 8192, least: 16384, most: 61440, step: 4096},
	{cpu: 16384, least: 32768, most: 122880, step: 8192},
	{cpu: 32768, list: []int{61440, 122880, 249856}},
}

func (f *fargateRow) has(memory int) bool {
	for _, m := range f.list {
		if m == memory {
			return true
		}
	}
	return f.step > 0 && f.least <= memory && memory <= f.most && (memory-f.least)%f.step == 0
}

func (f *fargateRow) String() string {
	if f.step > 0 {
		return fmt.Sprintf("%d to %d in steps of %d", f.least, f.most, f.step)
	}
	return strings.Trim(strings.ReplaceAll(fmt.Sprint(f.list), " ", ", "), "[]")
}

func checkFargateSize(d *Definition, r *report) {
	if !d.IsFargate() {
		return
	}
	if lacks(d.CPU, d.Extra, "cpu") {
		r.Addf("cpu", "missing; Fargate requires the cpu of the task")
	}
	if lacks(d.Memory, d.Extra, "memory") {
		r.Addf("memory", "missing; Fargate requires the memory of the task")
	}
	cpu, ok := d.CPUUnits()
	if !ok {
		return
	}
	var row *fargateRow
	for i := range fargateSizes {
		if fargateSizes[i].cpu == cpu {
			row = &fargateSizes[i]
		}
	}
	if row == nil {
		r.Addf("cpu", "found %s, Fargate allows 256, 512, 1024, 2048, 4096, 8192, 16384 and 32768", d.CPU)
		return
	}
	switch {
	case cpu == 32768:
		r.Warnf("cpu", "found %s; not all documents of AWS say that Fargate has 32 vCPU", d.CPU)
	case d.IsWindows() && (cpu < 1024 || cpu > 4096):
		r.Addf("cpu", "found %s, Fargate with Windows allows 1024, 2048 and 4096", d.CPU)
	}
	if memory, ok := d.MemoryMiB(); ok && !row.has(memory) {
		r.Addf("memory", "found %s, Fargate with cpu %d allows %s (MiB)", d.Memory, cpu, row)
	}
}

func checkTaskSize(d *Definition, r *report) {
	cpu, ok := d.CPUUnits()
	switch {
	case d.CPU == "" || isPlaceholder(d.CPU):
	case !ok:
		r.Addf("cpu", "found %q, want units (\"1024\") or vCPUs (\"1 vCPU\", \".5 vCPU\")", d.CPU)
	case strings.HasPrefix(d.CPU, "0."):
		r.Warnf("cpu", "found %q; only the form %q is documented", d.CPU, d.CPU[1:])
	case !d.IsFargate() && !d.IsWindows() && (cpu < 128 || cpu > 196608):
		r.Addf("cpu", "found %s, allowed are 128 to 196608", d.CPU)
	}
	if _, ok := d.MemoryMiB(); d.Memory != "" && !isPlaceholder(d.Memory) && !ok {
		r.Addf("memory", "found %q, want MiB (\"2048\") or GB (\"2 GB\", \"0.5 GB\")", d.Memory)
	}
}

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

func checkContainerMemory(i int, c *Container, r *report) {
	if c.Memory != nil && *c.Memory < 6 {
		r.Addf(container(i, "memory"), "found %d, want at least 6 MiB", *c.Memory)
	}
	if c.MemoryReservation != nil && *c.MemoryReservation < 6 {
		r.Addf(container(i, "memoryReservation"), "found %d, want at least 6 MiB", *c.MemoryReservation)
	}
	if c.Memory != nil && c.MemoryReservation != nil && *c.Memory < *c.MemoryReservation {
		r.Addf(container(i, "memory"), "found %d, less than memoryReservation, %d; the hard limit is above the soft one", *c.Memory, *c.MemoryReservation)
	}
}

// checkSize measures the definition without the blanks of its indentation.
func checkSize(d *Definition, r *report) {
	const limit = 64 << 10
	if n, err := emit.Len(d); err != nil || n <= limit {
		return
	}
	text, err := d.Render()
	if err != nil {
		return
	}
	var b bytes.Buffer
	if json.Compact(&b, text) == nil && b.Len() > limit {
		r.Addf("", "the definition has %d bytes, at most %d are allowed", b.Len(), limit)
	}
}
