package applytest

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

var callerOperations = []operation{
	reads("sts:GetCallerIdentity", "", (*Cloud).getCallerIdentity),
	reads("logs:GetLogEvents", "LogGroupName", (*Cloud).getLogEvents),
}

// caller is the ARN of whoever calls.
func (c *Cloud) caller() string { return c.arn("iam", "user/developer") }

func (c *Cloud) getCallerIdentity(*sts.GetCallerIdentityInput) (*sts.GetCallerIdentityOutput, error) {
	return &sts.GetCallerIdentityOutput{
		Account: &c.opts.Account, Arn: aws.String(c.caller()), UserId: aws.String("AIDACKCEVSQ6C2EXAMPLE"),
	}, nil
}

// A logGroup is one of CloudWatch Logs.
type logGroup struct {
	name    string
	streams []*logStream
}

// A logStream is what one build or one container has printed.
type logStream struct {
	name  string
	lines []logLine
}

type logLine struct {
	at   time.Time
	text string
}

// writeLog adds lines to a stream of a group that there is.
func (c *Cloud) writeLog(group, stream string, lines []string) {
	g := c.data.logGroup(group)
	if g == nil {
		return
	}
	s := find(g.streams, func(s *logStream) bool { return s.name == stream })
	if s == nil {
		s = &logStream{name: stream}
		g.streams = append(g.streams, s)
	}
	for _, text := range lines {
		s.lines = append(s.lines, logLine{c.now, text})
	}
}

// getLogEvents pages as the service does: the token of an end is the one that was given.
func (c *Cloud) getLogEvents(in *cloudwatchlogs.GetLogEventsInput) (*cloudwatchlogs.GetLogEventsOutput, error) {
	name := aws.ToString(in.LogGroupName)
	if name == "" {
		_, name, _ = strings.Cut(strings.TrimSuffix(aws.ToString(in.LogGroupIdentifier), ":*"), ":log-group:")
	}
	g := c.data.logGroup(name)
	if g == nil {
		return nil, refuse("ResourceNotFoundException", "The specified log group does not exist.")
	}
	s := find(g.streams, func(s *logStream) bool { return s.name == aws.ToString(in.LogStreamName) })
	if s == nil {
		return nil, refuse("ResourceNotFoundException", "The specified log stream does not exist.")
	}
	lines := slices.DeleteFunc(slices.Clone(s.lines), func(l logLine) bool {
		at := l.at.UnixMilli()
		return in.StartTime != nil && at < *in.StartTime || in.EndTime != nil && at >= *in.EndTime
	})
	from, to := logWindow(in, len(lines))
	out := &cloudwatchlogs.GetLogEventsOutput{
		NextForwardToken: aws.String("f/" + strconv.Itoa(to)), NextBackwardToken: aws.String("b/" + strconv.Itoa(from)),
	}
	for _, l := range lines[from:to] {
		at := aws.Int64(l.at.UnixMilli())
		out.Events = append(out.Events, types.OutputLogEvent{Message: &l.text, Timestamp: at, IngestionTime: at})
	}
	return out, nil
}

// logWindow returns which of n lines a call gets.
func logWindow(in *cloudwatchlogs.GetLogEventsInput, n int) (from, to int) {
	size := pageSize(in.Limit, 10000)
	direction, at, _ := strings.Cut(aws.ToString(in.NextToken), "/")
	mark, _ := strconv.Atoi(at) // 0 without a token
	mark = min(max(mark, 0), n)
	switch {
	case direction == "f":
		return mark, min(mark+size, n)
	case direction == "b":
		return max(mark-size, 0), mark
	case aws.ToBool(in.StartFromHead):
		return 0, min(size, n)
	}
	return max(n-size, 0), n
}
