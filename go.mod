module github.com/seed-b1f00840/slipway

go 1.26.0

require go.yaml.in/yaml/v4 v4.0.0

require github.com/google/go-cmp v0.7.0
