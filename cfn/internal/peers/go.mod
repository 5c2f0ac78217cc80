module github.com/seed-b1f00840/slipway/cfn/internal/peers

go 1.26.0

replace github.com/seed-b1f00840/slipway => ../../..

require (
	github.com/awslabs/goformation/v7 v7.14.9
	github.com/google/go-cmp v0.7.0
	github.com/seed-b1f00840/slipway v0.0.0-00010101000000-000000000000
)

require (
	go.yaml.in/yaml/v4 v4.0.0 // indirect
	gopkg.in/yaml.v3 v3.0.1 // indirect
)
