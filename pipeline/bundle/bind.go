package bundle

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/pipeline"
	"github.com/seed-b1f00840/slipway/taskdef"
)

// A Target is the account and region that a bundle is applied to.
type Target struct {
	Account   string `json:"account"`   // 12 digits
	Region    string `json:"region"`    // such as eu-central-1
	Partition string `json:"partition"` // aws, aws-cn, aws-us-gov, ...; empty follows from the region
	URLSuffix string `json:"urlSuffix"` // of service hosts, such as amazonaws.com; empty follows from the partition
}

// Placeholders that stand in task definitions and pipelines for what only a
// [Target] knows.
const (
	Account   = "${AWS_ACCOUNT_ID}"
	Region    = "${AWS_REGION}"
	Partition = "${AWS_PARTITION}"
	URLSuffix = "${AWS_URL_SUFFIX}"
)

// partitions are told by the beginning of a region's name.
// Source: https://docs.aws.amazon.com/general/latest/gr/rande.html
var partitions = []struct{ region, partition, suffix string }{
	{"cn-", "aws-cn", "amazonaws.com.cn"},
	{"us-gov-", "aws-us-gov", "amazonaws.com"},
	{"eusc-", "aws-eusc", "amazonaws.eu"},
	{"us-iso-", "aws-iso", "c2s.ic.gov"},
	{"us-isob-", "aws-iso-b", "sc2s.sgov.gov"},
	{"eu-isoe-", "aws-iso-e", "cloud.adc-e.uk"},
	{"us-isof-", "aws-iso-f", "csp.hci.ic.gov"},
	{"", "aws", "amazonaws.com"},
}

// Complete returns the target with the fields that follow from others. It is an
// error when it is not well-formed.
func (t Target) Complete() (Target, error) {
	for _, p := range partitions {
		if strings.HasPrefix(t.Region, p.region) {
			t.Partition = cmp.Or(t.Partition, p.partition)
			t.URLSuffix = cmp.Or(t.URLSuffix, p.suffix)
			break
		}
	}
	var problems slipway.Problems
	for _, f := range [...]struct {
		path, value, others string // the characters beside digits
		ok                  bool
		want                string
	}{
		{"Target.Account", t.Account, "", len(t.Account) == 12, "an account id has 12 digits"},
		{"Target.Region", t.Region, letters + "-", strings.Count(t.Region, "-") >= 2, "a region looks like eu-central-1"},
		{"Target.Partition", t.Partition, letters + "-", strings.HasPrefix(t.Partition, "aws"), "a partition looks like aws or aws-cn"},
		{"Target.URLSuffix", t.URLSuffix, letters + "-.", strings.Contains(t.URLSuffix, "."), "want a host name such as amazonaws.com"},
	} {
		if !f.ok || strings.Trim(f.value, "0123456789"+f.others) != "" {
			problems = append(problems, &slipway.Problem{Path: f.path, Message: fmt.Sprintf("found %q, %s", f.value, f.want)})
		}
	}
	return t, problems.Err()
}

const letters = "abcdefghijklmnopqrstuvwxyz"

// Bind returns a bundle in which the placeholders of task definitions and
// pipelines have the values of target. Templates have pseudo parameters and
// buildspecs shell variables for the same purpose: both stay as they are, and so
// do the commands of containers, whose shell has ${AWS_REGION} of its own. It is
// an error when the target is not well-formed, and when another placeholder
// that begins with ${AWS_ is left. The receiver does not change.
func (b *Bundle) Bind(target Target) (*Bundle, error) {
	target, err := target.Complete()
	if err != nil {
		return nil, err
	}
	replace := strings.NewReplacer(Account, target.Account, Region, target.Region,
		Partition, target.Partition, URLSuffix, target.URLSuffix)
	bound := &Bundle{Artifacts: slices.Clone(b.Artifacts), Tree: b.Tree, Ignore: b.Ignore}
	var problems slipway.Problems
	for i, a := range b.Artifacts {
		model, err := bind(a, replace)
		if err != nil {
			problems = append(problems, asProblems(a.Path, err)...)
		}
		bound.Artifacts[i].Model = model
	}
	if len(problems) > 0 {
		return nil, problems.Sorted()
	}
	return bound, nil
}

func bind(a Artifact, replace *strings.Replacer) (Model, error) {
	switch m := a.Model.(type) {
	case *taskdef.Definition:
		return bindTask(a.Path, m, replace)
	case *pipeline.Definition:
		data, err := bindText(a, replace)
		if err != nil {
			return nil, err
		}
		return asModel(pipeline.ParseLax(a.Path, data))
	}
	return a.Model, nil
}

// bindText renders an artifact and replaces the placeholders in the text: their
// values hold no character that JSON would escape.
func bindText(a Artifact, replace *strings.Replacer) ([]byte, error) {
	data, err := a.Model.AppendText(nil)
	if err != nil {
		return nil, err
	}
	text := replace.Replace(string(data))
	if _, rest, found := strings.Cut(text, "${AWS_"); found {
		name, _, _ := strings.Cut(rest, "}")
		return nil, fmt.Errorf("${AWS_%s} is no placeholder; there are %s, %s, %s and %s", name, Account, Region, Partition, URLSuffix)
	}
	return []byte(text), nil
}

// bindTask binds a task definition but for the commands of its containers.
func bindTask(path string, d *taskdef.Definition, replace *strings.Replacer) (Model, error) {
	plain := *d
	plain.ContainerDefinitions = make([]taskdef.Container, len(d.ContainerDefinitions))
	for i, c := range d.ContainerDefinitions {
		c.Command, c.EntryPoint, c.HealthCheck = nil, nil, nil
		plain.ContainerDefinitions[i] = c
	}
	data, err := bindText(Artifact{Path: path, Model: &plain}, replace)
	if err != nil {
		return nil, err
	}
	bound, err := taskdef.ParseLax(path, data)
	if err != nil {
		return nil, err
	}
	for i, c := range d.ContainerDefinitions {
		to := &bound.ContainerDefinitions[i]
		to.Command, to.EntryPoint, to.HealthCheck = c.Command, c.EntryPoint, c.HealthCheck
	}
	return bound, nil
}
