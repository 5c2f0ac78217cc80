package source_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/seed-b1f00840/slipway/internal/source"
)

// template returns a file of about size bytes such as people write, in YAML or in
// JSON.
func template(size int, begin, resource, end string) []byte {
	b := []byte(begin)
	for i := 0; len(b) < size; i++ {
		b = fmt.Appendf(b, resource, i)
	}
	return append(b, end...)
}

func yamlTemplate(size int) []byte {
	return template(size, "Resources:\n", `  Subnet%d:
    Type: AWS::EC2::Subnet
    Properties:
      CidrBlock: 10.0.0.0/24
      VpcId: !Ref VPC
      MapPublicIpOnLaunch: true
      Tags:
        - Key: Name
          Value: !Sub "${AWS::StackName}-public" # for people
`, "")
}

func jsonTemplate(size int) []byte {
	return template(size, `{"Resources": {`, `
  "Subnet%d": {
    "Type": "AWS::EC2::Subnet",
    "Properties": {
      "CidrBlock": "10.0.0.0/24",
      "VpcId": {"Ref": "VPC"},
      "MapPublicIpOnLaunch": true,
      "Tags": [{"Key": "Name", "Value": {"Fn::Sub": "${AWS::StackName}-public"}}]
    }
  },`, `"Last": {}}}`)
}

func benchmark(b *testing.B, data []byte, read func()) {
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		read()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(data)), "ns/B")
}

var sizes = []int{16 << 10, 128 << 10, 1000 << 10}

func BenchmarkYAML(b *testing.B) {
	for _, size := range sizes {
		data := yamlTemplate(size)
		b.Run(fmt.Sprintf("%dKiB", size>>10), func(b *testing.B) {
			benchmark(b, data, func() { source.YAML("f", data) })
		})
	}
	for _, h := range []struct{ before, unit, after string }{{"", "-\n", ""}, {"", "a: #\n", ""}, {"", `"`, ""}, {"[", `"a":b,`, "]"}} {
		data := fill(h.before, h.unit, h.after, 1000<<10)
		b.Run("worst/"+strings.TrimSpace(h.unit), func(b *testing.B) {
			benchmark(b, data, func() { source.YAML("f", data) })
		})
	}
}

func BenchmarkJSON(b *testing.B) {
	for _, size := range sizes {
		data := jsonTemplate(size)
		b.Run(fmt.Sprintf("%dKiB", size>>10), func(b *testing.B) {
			benchmark(b, data, func() { source.JSON("f", data) })
		})
	}
}

// The peers read the same into what they have, without places for JSON.
func BenchmarkPeers(b *testing.B) {
	data := yamlTemplate(128 << 10)
	b.Run("yaml", func(b *testing.B) {
		benchmark(b, data, func() {
			var n yaml.Node
			if err := yaml.Load(data, &n); err != nil {
				b.Fatal(err)
			}
		})
	})
	data2 := jsonTemplate(128 << 10)
	b.Run("json", func(b *testing.B) {
		benchmark(b, data2, func() {
			dec := json.NewDecoder(bytes.NewReader(data2))
			dec.UseNumber()
			var v any
			if err := dec.Decode(&v); err != nil {
				b.Fatal(err)
			}
		})
	})
}
