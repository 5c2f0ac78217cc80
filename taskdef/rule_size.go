package taskdef

import (
	"fmt"
	"strings"
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

// has reports whether Fargate has that much memory, in MiB, in the row.
func (f *fargateRow) has(memory int) bool {
	for _, m := range f.list {
		if m == memory {
			return true
		}
	}
	return f.step > 0 && f.least <= memory && memory <= f.most && (memory-f.least)%f.step == 0
}

// String returns the memory of the row, for messages.
func (f *fargateRow) String() string {
	if f.step > 0 {
		return fmt.Sprintf("%d to %d in steps of %d", f.least, f.most, f.step)
	}
	return strings.Trim(strings.ReplaceAll(fmt.Sprint(f.list), " ", ", "), "[]")
}

// checkFargateSize applies where Fargate is among the compatibilities, even beside
// EC2: ECS then refuses what Fargate cannot run. What of cpu and memory is not known
// is passed over.
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

// checkTaskSize looks at the form of cpu and memory, which is the same everywhere,
// and at the range that EC2 has for cpu; on Windows ECS ignores both.
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
