package cli

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/pipeline/apply"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
)

var start = time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)

// at is what happens so many seconds after the beginning.
type at struct {
	second int
	work   int
	event  apply.Event
}

var (
	networkStep = step(apply.StackSubject, "shop-network", apply.Create, "VPC", "Gateway", "Subnet1", "Subnet2", "Routes", "Group")
	serviceStep = step(apply.StackSubject, "shop-service", apply.Update, "Service")
	firstStep   = step(apply.ExecutionSubject, "shop", apply.Await)
	countStep   = step(apply.CountSubject, "shop/shop", apply.Update)
	idleStep    = step(apply.StackSubject, "shop-platform", apply.Nothing)
)

func step(kind apply.SubjectKind, name string, action apply.Action, resources ...string) *apply.Step {
	s := &apply.Step{Subject: apply.Subject{Kind: kind, Name: name}, Action: action}
	for _, r := range resources {
		s.Changes = append(s.Changes, apply.Change{Action: action, Resource: r, Type: "AWS::EC2::Thing"})
	}
	return s
}

func begins(number, of int, s *apply.Step) apply.Event {
	return apply.StepStarted{Number: number, Of: of, Action: s.Action, Subject: s.Subject, Step: s}
}

func ends(number, of int, s *apply.Step, elapsed time.Duration, err error) apply.Event {
	return apply.StepEnded{Number: number, Of: of, Action: s.Action, Subject: s.Subject, Step: s, Elapsed: elapsed, Err: err}
}

func resource(stack, name, status, reason string) apply.Event {
	return apply.StackEvent{Stack: stack, Resource: name, Type: "AWS::EC2::Thing", Status: status, Reason: reason}
}

func action(name, status, summary string) apply.Event {
	return apply.ActionChanged{Pipeline: "shop", Stage: name, Action: name, Status: status, Summary: summary}
}

// boards are what happens on the boards whose pictures are in testdata/board.txtar.
var boards = []struct {
	name  string
	title string
	works [][]*apply.Step
	now   int // seconds after the beginning
	after []at
}{
	{name: "planning", title: "planning", works: [][]*apply.Step{nil}, now: 65, after: []at{
		{5, 0, apply.Waiting{For: "stack shop-network, which is in UPDATE_IN_PROGRESS", Upto: time.Hour}},
	}},
	{name: "network", works: [][]*apply.Step{{networkStep, idleStep, serviceStep}}, now: 75, after: []at{
		{0, 0, begins(1, 2, networkStep)},
		{1, 0, resource("shop-network", "shop-network", "CREATE_IN_PROGRESS", "User Initiated")},
		{2, 0, resource("shop-network", "VPC", "CREATE_IN_PROGRESS", "")},
		{3, 0, resource("shop-network", "Gateway", "CREATE_IN_PROGRESS", "")},
		{4, 0, resource("shop-network", "VPC", "CREATE_IN_PROGRESS", "Resource creation Initiated")},
		{9, 0, resource("shop-network", "VPC", "CREATE_COMPLETE", "")},
		{9, 0, resource("shop-network", "Subnet1", "CREATE_IN_PROGRESS", "")},
		{9, 0, resource("shop-network", "Subnet2", "CREATE_IN_PROGRESS", "")},
		{15, 0, resource("shop-network", "Routes", "CREATE_IN_PROGRESS", "")},
		{16, 0, resource("shop-network", "Group", "CREATE_IN_PROGRESS", "")},
		{70, 0, apply.Retrying{Call: "cloudformation:DescribeStackEvents", Reason: "Throttling: Rate exceeded", Pause: 8 * time.Second}},
	}},
	{name: "rollback", works: [][]*apply.Step{{networkStep, serviceStep}}, now: 20, after: []at{
		{0, 0, begins(1, 2, networkStep)},
		{2, 0, resource("shop-network", "VPC", "CREATE_IN_PROGRESS", "")},
		{3, 0, resource("shop-network", "Group", "CREATE_IN_PROGRESS", "")},
		{9, 0, resource("shop-network", "VPC", "CREATE_COMPLETE", "")},
		{9, 0, resource("shop-network", "Group", "CREATE_FAILED", "the group \x1b[2J exists")},
		{9, 0, resource("shop-network", "Routes", "CREATE_FAILED", "Resource creation cancelled")},
		{10, 0, resource("shop-network", "shop-network", "ROLLBACK_IN_PROGRESS", "The following resource(s) failed to create: [Group].")},
		{11, 0, resource("shop-network", "VPC", "DELETE_IN_PROGRESS", "")},
	}},
	{name: "failed", works: [][]*apply.Step{{networkStep, serviceStep}}, now: 20, after: []at{
		{0, 0, begins(1, 2, networkStep)},
		{12, 0, ends(1, 2, networkStep, 12*time.Second, errors.New("no"))},
	}},
	{name: "source", works: [][]*apply.Step{{networkStep, firstStep}}, now: 620, after: []at{
		{0, 0, begins(1, 2, networkStep)},
		{90, 0, ends(1, 2, networkStep, 90*time.Second, nil)},
		{90, 0, begins(2, 2, firstStep)},
		{91, 0, action("Source", "InProgress", "")},
		{95, 0, action("Source", "Failed", "no branch named main")},
		{95, 0, apply.Waiting{Wait: apply.WaitSource, For: "a push to the source of pipeline shop, which then goes on by itself (no branch named main)", Upto: 30 * time.Minute, Link: "https://console.aws.amazon.com/"}},
	}},
	{name: "build", works: [][]*apply.Step{{firstStep}}, now: 20, after: []at{
		{0, 0, begins(1, 1, firstStep)},
		{1, 0, action("Build", "InProgress", "")},
		{12, 0, apply.ActionChanged{Pipeline: "shop", Stage: "Build", Action: "Build", Status: "Failed", Summary: "make: exit status 2", Link: "https://console.aws.amazon.com/codesuite/"}},
		{12, 0, apply.Note{Text: "the action has failed"}},
	}},
	{name: "long names", works: [][]*apply.Step{{networkStep}}, now: 20, after: []at{
		{0, 0, begins(1, 1, networkStep)},
		{1, 0, resource("shop-network", "PublicSubnetAssociation", "DELETE_IN_PROGRESS", "")},
		{2, 0, resource("shop-network", "PublicSubnet1RouteTableAssociationOfTheShop", "CREATE_IN_PROGRESS", "")},
	}},
	{name: "cut off", works: [][]*apply.Step{{networkStep}, {countStep}}, now: 20, after: []at{
		{0, 0, begins(1, 1, networkStep)},
		{12, 0, ends(1, 1, networkStep, 12*time.Second, &apply.Error{Err: errInterrupted})},
		{12, 1, ends(1, 1, countStep, 12*time.Second, &apply.Error{Err: errOverdue})},
	}},
	{name: "delivery", works: [][]*apply.Step{{firstStep}}, now: 100, after: []at{
		{0, 0, begins(1, 1, firstStep)},
		{1, 0, action("Source", "InProgress", "")},
		{5, 0, action("Source", "Failed", "no branch named main")},
		{9, 0, action("Source", "InProgress", "")},
		{12, 0, action("Source", "Succeeded", "")},
		{12, 0, action("Build", "InProgress", "")},
	}},
	{name: "deployment", works: [][]*apply.Step{{firstStep, countStep}}, now: 130, after: []at{
		{0, 0, begins(1, 2, firstStep)},
		{100, 0, ends(1, 2, firstStep, 100*time.Second, nil)},
		{100, 0, begins(2, 2, countStep)},
		{101, 0, apply.DeploymentChanged{Service: "shop", TaskDefinition: "shop:2", Desired: 3, Running: 1, Pending: 1, Failed: 1, Rollout: "IN_PROGRESS"}},
		{104, 0, apply.ServiceEvent{Service: "shop", Text: "(service shop) has started 1 tasks: (task 0123)."}},
		{110, 0, apply.TaskStopped{Service: "shop", Task: "0123", Reason: "Essential container in task exited; container shop: exit code 1"}},
	}},
	{name: "several", works: [][]*apply.Step{{networkStep, serviceStep}, {firstStep}, {serviceStep}}, now: 3700, after: []at{
		{0, 0, begins(1, 2, networkStep)},
		{0, 1, begins(1, 1, firstStep)},
		{0, 2, begins(1, 1, serviceStep)},
		{2, 0, resource("shop-network", "VPC", "CREATE_IN_PROGRESS", "")},
		{3, 1, action("Source", "InProgress", "")},
		{9, 2, ends(1, 1, serviceStep, 9*time.Second, nil)},
	}},
}

var names = []string{"shop", "cart", "till"}

// picture lets everything happen and draws the board. What stays is above it.
func picture(t *testing.T, n, columns, rows int) []byte {
	t.Helper()
	c := boards[n]
	b := &board{title: c.title, begin: start}
	definition := &pipeline.Definition{Name: "shop", Stages: []pipeline.Stage{
		{Actions: make([]pipeline.Action, 1)}, {Actions: make([]pipeline.Action, 1)}, {Actions: make([]pipeline.Action, 1)},
	}}
	for i, steps := range c.works {
		name := ""
		if len(c.works) > 1 {
			name = names[i]
		}
		b.works = append(b.works, newWork(name, &bundle.Bundle{Artifacts: []bundle.Artifact{{Model: definition}}}, steps))
	}
	var out bytes.Buffer
	for _, a := range c.after {
		for _, r := range b.works[a.work].event(a.event, start.Add(time.Duration(a.second)*time.Second)) {
			fmt.Fprintf(&out, "%s\n", r.paint(false))
		}
	}
	for i, w := range b.works {
		w.ended = w.done == len(c.works[i]) && w.done > 0
	}
	out.WriteString("--------\n")
	drawn := b.rows(start.Add(time.Duration(c.now)*time.Second), columns, rows, 3)
	if len(drawn) > rows {
		t.Errorf("%s: %d rows at %dx%d", c.name, len(drawn), columns, rows)
	}
	for _, r := range drawn {
		r = r.cut(columns)
		if r.columns() > columns {
			t.Errorf("%s: a row of %d columns at %dx%d", c.name, r.columns(), columns, rows)
		}
		fmt.Fprintf(&out, "%s\n", r.paint(false))
	}
	return out.Bytes()
}

// TestBoard holds the pictures of boards on wide, narrow and tiny terminals.
func TestBoard(t *testing.T) {
	got := new(txtar.Archive)
	for n, c := range boards {
		for _, size := range [][2]int{{100, 20}, {44, 8}, {20, 4}} {
			got.Files = append(got.Files, txtar.File{Name: fmt.Sprintf("%s %dx%d", c.name, size[0], size[1]), Data: picture(t, n, size[0], size[1])})
		}
	}
	golden(t, filepath.Join("testdata", "board.txtar"), txtar.Format(got))
}

// A terminal may be of any size.
func TestBoardFits(t *testing.T) {
	for n := range boards {
		for columns := 1; columns < 130; columns += 3 {
			for rows := 1; rows < 14; rows += 2 {
				picture(t, n, columns, rows)
			}
		}
	}
}

// golden compares with a file, or writes it with -update.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	if flag.Lookup("update").Value.String() == "true" {
		if err := os.WriteFile(name, got, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s: mismatch (-want +got)\n%s", name, diff)
	}
}
