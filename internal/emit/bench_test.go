package emit_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/seed-b1f00840/slipway/internal/emit"
)

// resource is what a model has in its structs: short names, short values.
type resource struct {
	id, kind, cidr, zone, vpc string
	size                      int64
	tags                      []tag
}

type tag struct{ key, value string }

func resources() []resource {
	all := make([]resource, 40)
	for i := range all {
		all[i] = resource{
			id: "PublicSubnet" + string(rune('A'+i%26)), kind: "AWS::EC2::Subnet", cidr: "10.0.12.0/24", zone: "eu-west-1a", vpc: "${AWS::StackName}-vpc", size: int64(i),
			tags: []tag{{"Name", "${AWS::StackName}-public"}, {"Owner", "platform team"}, {"arn", "arn:aws:iam::aws:policy/AdministratorAccess"}, {"on", "yes"}},
		}
	}
	return all
}

// appendAll writes as a model writes itself.
func appendAll(w emit.Writer, all []resource) {
	w.BeginMap()
	w.Name("AWSTemplateFormatVersion")
	w.String("2010-09-09")
	w.Name("Resources")
	w.BeginMap()
	for i := range all {
		r := &all[i]
		w.Key(r.id)
		w.BeginMap()
		w.Name("Type")
		w.String(r.kind)
		w.Name("Properties")
		w.BeginMap()
		w.Name("CidrBlock")
		w.String(r.cidr)
		w.Name("AvailabilityZone")
		w.String(r.zone)
		w.Name("MapPublicIpOnLaunch")
		w.Bool(true)
		w.Name("Size")
		w.Int(r.size)
		w.Name("VpcId")
		w.String(r.vpc)
		w.Name("Tags")
		w.BeginList()
		for j := range r.tags {
			w.BeginMap()
			w.Name("Key")
			w.String(r.tags[j].key)
			w.Name("Value")
			w.String(r.tags[j].value)
			w.EndMap()
		}
		w.EndList()
		w.EndMap()
		w.EndMap()
	}
	w.EndMap()
	w.EndMap()
}

func perByte(b *testing.B, n int) {
	b.SetBytes(int64(n))
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/B")
}

func BenchmarkYAML(b *testing.B) {
	all, buf := resources(), []byte(nil)
	b.ReportAllocs()
	for b.Loop() {
		w := emit.YAML{Buf: buf[:0]}
		appendAll(&w, all)
		buf = w.Buf
	}
	perByte(b, len(buf))
}

func BenchmarkJSON(b *testing.B) {
	all, buf := resources(), []byte(nil)
	b.ReportAllocs()
	for b.Loop() {
		w := emit.JSON{Buf: buf[:0]}
		appendAll(&w, all)
		buf = w.Buf
	}
	perByte(b, len(buf))
}

// The peers write the same document from what their libraries want.
func BenchmarkPeers(b *testing.B) {
	var w emit.JSON
	appendAll(&w, resources())
	var v any
	if err := json.Unmarshal(w.Buf, &v); err != nil {
		b.Fatal(err)
	}
	b.Run("yaml", func(b *testing.B) {
		n := 0
		b.ReportAllocs()
		for b.Loop() {
			out, err := yaml.Dump(v)
			if err != nil {
				b.Fatal(err)
			}
			n = len(out)
		}
		perByte(b, n)
	})
	b.Run("json", func(b *testing.B) {
		var buf bytes.Buffer
		b.ReportAllocs()
		for b.Loop() {
			buf.Reset()
			enc := json.NewEncoder(&buf)
			enc.SetIndent("", "  ")
			if err := enc.Encode(v); err != nil {
				b.Fatal(err)
			}
		}
		perByte(b, buf.Len())
	})
	b.Run("any", func(b *testing.B) {
		var w emit.YAML
		b.ReportAllocs()
		for b.Loop() {
			w = emit.YAML{Buf: w.Buf[:0]}
			if err := emit.Any(&w, v); err != nil {
				b.Fatal(err)
			}
		}
		perByte(b, len(w.Buf))
	})
}

func BenchmarkLiteral(b *testing.B) {
	text := "set -eu\naws ecr get-login-password --region \"$AWS_DEFAULT_REGION\" | docker login --username AWS --password-stdin \"$URI\"\ndocker build -t \"$URI:latest\" .\n"
	var buf []byte
	b.ReportAllocs()
	for b.Loop() {
		buf = emit.AppendYAMLString(buf[:0], text, 3)
	}
	perByte(b, len(buf))
}
