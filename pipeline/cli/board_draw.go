package cli

import (
	"fmt"
	"strings"
	"time"

	"github.com/seed-b1f00840/slipway/pipeline/apply"
)

// spinner are the pictures of what goes on.
var spinner = [...]string{"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"}

// rows draws the board: how far it has come, and for each work what it is at. It takes
// at most as many rows as there are, of which each fits between the edges. Turn counts
// the drawings.
func (b *board) rows(now time.Time, columns, rows, turn int) []row {
	bar := b.progress(now, columns)
	if bar == nil {
		return b.preparing(now, columns, rows, turn)
	}
	active := 0
	for _, w := range b.works {
		if !w.ended {
			active++
		}
	}
	out := []row{bar}
	each := max((rows-2)/max(active, 1), 1)
	for _, w := range b.works {
		if !w.ended && len(out) < rows-1 {
			out = append(out, w.rows(now, columns, each, turn)...)
		}
	}
	return out
}

// preparing draws a board whose works have no steps yet.
func (b *board) preparing(now time.Time, columns, rows, turn int) []row {
	out := []row{beside(row{{"36", spinner[turn%len(spinner)] + " "}, {"", b.title}}, elapsed(now.Sub(b.begin)), columns)}
	for _, w := range b.works {
		if !w.ended {
			out = append(out, w.waits(now, columns)...)
		}
	}
	return out[:min(len(out), rows)]
}

// progress draws the bar of all works, or nothing when none has steps.
func (b *board) progress(now time.Time, most int) row {
	var done, all float64
	steps, ended := 0, 0
	for _, w := range b.works {
		d, a := w.progress()
		done, all = done+d, all+a
		steps, ended = steps+len(w.steps), ended+w.done
	}
	if steps == 0 {
		return nil
	}
	part := done / all
	of, time := countOf(steps, "step", "steps"), short(now.Sub(b.begin))
	right := row{{"1", fmt.Sprintf("%d%%", int(100*part))}, {"2", fmt.Sprintf("  %d of %s  %s", ended, of, time)}}
	length := min(most-right.columns()-5, 32)
	if length < 4 {
		return row{{"1", fmt.Sprintf("  %d%%", int(100*part))}, {"2", "  " + time}}
	}
	full := int(part * float64(length))
	return append(row{{"", "  "}, {"32", strings.Repeat("━", full)}, {"2", strings.Repeat("╌", length-full)}, {"", " "}}, right...)
}

// rows draws what a work is at, in at most that many rows.
func (w *work) rows(now time.Time, columns, most, turn int) []row {
	if w.step == nil {
		return w.waits(now, columns)
	}
	j := w.step
	head := row{{"36", spinner[turn%len(spinner)] + " "}, {"1", w.prefix()}, {"", escape(j.step.Headline())}}
	if j.step.Subject.Kind == apply.StackSubject && len(j.step.Changes) > 0 {
		head = append(head, span{"2", fmt.Sprintf("  %d of %d", min(len(j.finished), len(j.step.Changes)), len(j.step.Changes))})
	}
	right := elapsed(now.Sub(j.since))
	if j.back {
		right = append(row{{"1;33", "rolling back  "}}, right...)
	}
	out := []row{beside(head, right, columns)}
	more := w.waits(now, columns)
	if d := w.deployment; d != nil {
		more = append(more, deploymentRow(d).cut(columns))
	}
	if w.said != "" {
		more = append(more, words("2", "    "+w.said).cut(columns))
	}
	out = append(out, j.rows(now, columns, max(most-1-len(more), 1))...)
	out = append(out, more...)
	return out[:min(len(out), max(most, 1))]
}

// rows draws what a job works on, in at most that many rows.
func (j *job) rows(now time.Time, columns, most int) (out []row) {
	for i, f := range j.flight {
		if i == most-1 && len(j.flight) > most {
			return append(out, words("2", fmt.Sprintf("    and %d more", len(j.flight)-i)))
		}
		out = append(out, f.row(now, columns))
	}
	return out
}

// row draws a flight: where it is narrow without the kind, which says least.
func (f *flight) row(now time.Time, columns int) row {
	left := row{{"", "    " + escape(f.id)}}
	right := elapsed(now.Sub(f.since))
	if f.status != "" {
		right = append(row{{colourOf(f.status), escape(strings.TrimSuffix(f.status, "_IN_PROGRESS")) + "  "}}, right...)
	}
	if kind := escape(f.kind); kind != "" && left.columns()+columnsOf(kind)+right.columns()+4 <= columns {
		left = append(left, span{"2", "  " + kind})
	}
	return beside(left, right, columns)
}

// deploymentRow draws how far a deployment has come.
func deploymentRow(d *apply.DeploymentChanged) row {
	s := fmt.Sprintf("    %s  %d of %d running", d.TaskDefinition, d.Running, d.Desired)
	if d.Pending > 0 {
		s += fmt.Sprintf(", %d pending", d.Pending)
	}
	out := words("", s)
	if d.Failed > 0 {
		out = append(out, span{"31", fmt.Sprintf(", %d failed", d.Failed)})
	}
	return append(out, span{"2", escape("  " + d.Rollout)})
}

// waits draws what a work waits for.
func (w *work) waits(now time.Time, columns int) (out []row) {
	if e := w.waiting; e != nil {
		rest := max(e.Upto-now.Sub(e.Time), 0)
		text := fmt.Sprintf("%swaiting (%s left) for %s", w.prefixWithoutStep(), short(rest), escape(e.For))
		for _, line := range wrapped(text, columns-4, 3) {
			out = append(out, row{{"33", "    " + line}})
		}
		if e.Link != "" {
			out = append(out, words("2", "    "+e.Link).cut(columns))
		}
	}
	if e := w.retrying; e != nil {
		rest := max(e.Pause-now.Sub(e.Time), 0)
		left := row{{"", "    "}, {"33", w.prefixWithoutStep() + escape(e.Call+": "+e.Reason)}}
		out = append(out, beside(left, row{{"2", "again in " + short(rest)}}, columns))
	}
	return out
}

// wrapped breaks a text between its words into at most that many lines, of which the
// last is cut.
func wrapped(s string, columns, most int) (lines []string) {
	for _, word := range strings.Fields(s) {
		last := len(lines) - 1
		if last >= 0 && (len(lines) == most || columnsOf(lines[last])+1+columnsOf(word) <= columns) {
			lines[last] += " " + word
		} else {
			lines = append(lines, word)
		}
	}
	return lines
}

func (w *work) prefix() string {
	if w.name == "" {
		return ""
	}
	return escape(w.name) + ": "
}

// prefixWithoutStep names the work where no step does.
func (w *work) prefixWithoutStep() string {
	if w.step != nil {
		return ""
	}
	return w.prefix()
}

// ending draws a step that has ended.
func (w *work) ending(e apply.StepEnded) row {
	mark, colour, how := span{"1;32", "✓ "}, "2", ""
	switch why := cutOff(e.Err); {
	case why != "":
		mark, colour, how = span{"1;33", "! "}, "33", why+" after "
	case e.Err != nil:
		mark, colour, how = span{"1;31", "✗ "}, "31", "failed after "
	}
	return row{mark, {"1", w.prefix()}, {"", escape(e.Step.Headline())}, {colour, "  " + how + short(e.Elapsed)}}
}

// remark draws what is to be noticed of a step that goes on.
func (w *work) remark(code, mark, s string) row {
	return row{{code, "  " + mark}, {"", w.prefix() + escape(s)}}
}

// colourOf is the colour of a resource's status.
func colourOf(status string) string {
	switch {
	case strings.Contains(status, "ROLLBACK"), strings.HasPrefix(status, "UPDATE"):
		return "33"
	case strings.HasPrefix(status, "DELETE"):
		return "31"
	}
	return "32"
}

// elapsed draws for how long something has gone on.
func elapsed(d time.Duration) row { return row{{"2", short(d)}} }

// short is a time as people say it: 4s, 1m02s, 1h05m.
func short(d time.Duration) string {
	d = max(d, 0)
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%ds", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%dm%02ds", int(d.Minutes()), int(d.Seconds())%60)
	}
	return fmt.Sprintf("%dh%02dm", int(d.Hours()), int(d.Minutes())%60)
}
