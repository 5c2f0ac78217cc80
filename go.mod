module github.com/seed-b1f00840/slipway

go 1.26.0

require go.yaml.in/yaml/v4 v4.0.0

require (
	github.com/google/go-cmp v0.7.0
	mvdan.cc/sh/v3 v3.14.1
)

require (
	golang.org/x/sys v0.47.0 // indirect
	golang.org/x/term v0.45.0 // indirect
)

require (
	github.com/rogpeppe/go-internal v1.16.0
	golang.org/x/tools v0.38.0 // indirect
)
