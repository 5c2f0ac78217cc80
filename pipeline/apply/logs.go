package apply

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/seed-b1f00840/slipway/pipeline/apply/internal/fault"
	"github.com/seed-b1f00840/slipway/taskdef"
)

// logLines is how many of the last lines of an output are shown, and maxLine how many
// bytes of one.
const (
	logLines = 12
	maxLine  = 300
)

// lastLines returns the last lines of a log stream, or nothing where it cannot be read:
// it only explains what has failed already.
func (a *Applier) lastLines(ctx context.Context, group, stream string) []string {
	if group == "" || stream == "" {
		return nil
	}
	out, err := do(ctx, a, call{op: "logs:GetLogEvents", on: group + ":" + stream}, a.clients.Logs.GetLogEvents, &cloudwatchlogs.GetLogEventsInput{
		LogGroupName: &group, LogStreamName: &stream, Limit: aws.Int32(logLines), StartFromHead: aws.Bool(false),
	})
	if err != nil {
		return []string{"the output cannot be read: " + fault.Reason(err)}
	}
	var lines []string
	for _, e := range out.Events {
		for line := range strings.Lines(aws.ToString(e.Message)) {
			if line = plain(strings.TrimRight(line, "\r\n ")); line != "" {
				lines = append(lines, line)
			}
		}
	}
	return lines[max(0, len(lines)-logLines):]
}

// plain returns a line of output without secrets and what a terminal would act on, cut.
func plain(line string) string {
	line = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, fault.Redact(line))
	if len(line) > maxLine {
		line = strings.ToValidUTF8(line[:maxLine], "") + "…"
	}
	return line
}

// taskLog returns the last output of the container for which a task has stopped, when
// that goes to CloudWatch Logs.
func (w *serviceWatch) taskLog(ctx context.Context, t *ecstypes.Task) []string {
	r, err := w.describeRevision(ctx, aws.ToString(t.TaskDefinitionArn))
	if err != nil || r == nil {
		return nil
	}
	for _, c := range t.Containers {
		if aws.ToInt32(c.ExitCode) == 0 && len(t.Containers) > 1 {
			continue
		}
		if group, stream := streamOf(r.definition, aws.ToString(c.Name), taskID(t)); group != "" {
			return w.lastLines(ctx, group, stream)
		}
	}
	return nil
}

// streamOf returns where the log driver awslogs writes the output of a container.
// Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specify-log-config.html
func streamOf(d *taskdef.Definition, container, task string) (group, stream string) {
	for i := range d.ContainerDefinitions {
		c := &d.ContainerDefinitions[i]
		if l := c.LogConfiguration; c.Name == container && l != nil && l.LogDriver == taskdef.LogDriverAwslogs {
			return l.Options["awslogs-group"], l.Options["awslogs-stream-prefix"] + "/" + container + "/" + task
		}
	}
	return "", ""
}
