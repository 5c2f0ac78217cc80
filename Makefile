# make test is the whole truth: what CI runs, on a machine with Go and Python only.

PYTHON      ?= python3
VENV        := .venv
REQS        := internal/oracle/requirements
STATICCHECK := go tool -modfile=internal/tools/go.mod staticcheck

export SLIPWAY_ORACLES ?= require

# Modules of their own: what they import is nothing that a user should wait for,
# and the sample application is nobody's but its own.
MODULES     := internal/oracle/goformation cfn/internal/peers examples/minimal/app

.PHONY: all test race lint modules tidy generate generate-check update bench bench-build venv requirements clean
all: test

# In this order: what fails first says most.
test: venv
	go test ./...
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory modules
	go mod tidy -diff
	@$(MAKE) --no-print-directory generate-check

race: venv
	go test -race ./...

lint:
	@unformatted=$$(gofmt -s -l .); if [ -n "$$unformatted" ]; then \
		echo "gofmt -s would change:"; echo "$$unformatted"; exit 1; fi
	go vet ./...
	$(STATICCHECK) ./...

# -count=1: go test sees no change of files outside of the module.
modules:
	for dir in $(MODULES); do \
		go -C $$dir vet ./... && go -C $$dir test -count=1 ./... && go -C $$dir mod tidy -diff || exit 1; done
	go -C internal/tools mod tidy -diff

tidy:
	for dir in . internal/tools $(MODULES); do go -C $$dir mod tidy || exit 1; done

generate:
	go generate ./...

# Nothing that is checked in may differ from what the generators write. Compared with
# the tree as it was before, so that work in progress does not count.
generate-check: state = { git diff HEAD; git ls-files -oz --exclude-standard | xargs -0r sha256sum; }
generate-check:
	@if ! git rev-parse --git-dir >/dev/null 2>&1; then echo "no git checkout: generated files not compared"; exit 0; fi; \
	before=$$( $(state) ); \
	$(MAKE) --no-print-directory generate; \
	if [ "$$before" != "$$( $(state) )" ]; then git status --short; echo "go generate changed the files above: commit what it writes"; exit 1; fi

# Rewrites the golden files.
update: venv
	go test $$(git grep -l 'flag.Bool("update"' -- '*_test.go' | xargs -n1 dirname | sed 's|^|./|' | sort -u) -update

bench:
	go test -run '^$$' -bench . -benchmem ./...

# What it costs a program to import slipway: the time of a build with an empty cache
# (make test holds the size of the binary).
bench-build:
	SLIPWAY_BENCH_BUILD=1 go test ./internal/house -run '^$$' -bench ColdBuild -benchtime 3x

# The outside judges: made anew when the requirements change.
venv: $(VENV)/.made
$(VENV)/.made: $(REQS).txt
	rm -rf $(VENV)
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check \
		--require-hashes --only-binary :all: -r $(REQS).txt
	touch $@

# Resolves the requirements anew, for every Python from 3.10 on.
requirements:
	$(PYTHON) -m venv $(VENV)/uv
	$(VENV)/uv/bin/python -m pip install --quiet --disable-pip-version-check uv
	{ echo '# Resolved from requirements.in by "make requirements"; do not edit.'; \
	$(VENV)/uv/bin/uv pip compile --universal --python-version 3.10 --generate-hashes --only-binary :all: \
		--upgrade --no-emit-index-url --no-emit-find-links --no-header --no-annotate --quiet $(REQS).in; } >$(REQS).new
	mv $(REQS).new $(REQS).txt
	rm -rf $(VENV)/uv

clean:
	rm -rf $(VENV)
