module github.com/seed-b1f00840/slipway/internal/oracle/goformation

go 1.26.0

require (
	github.com/awslabs/goformation/v7 v7.14.9
	github.com/google/go-cmp v0.7.0
	github.com/seed-b1f00840/slipway v0.0.0
)

require (
	go.yaml.in/yaml/v4 v4.0.0 // indirect
	gopkg.in/yaml.v3 v3.0.1 // indirect
)

replace github.com/seed-b1f00840/slipway => ../../..
