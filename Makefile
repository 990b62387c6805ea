.PHONY: run test lint build

run: ## a working department on this machine
	go run ./cmd/tasuki demo

test: ## everything that has to hold, on both databases; installs what is missing
	bash .ci/test

lint:
	go vet ./...
	go run honnef.co/go/tools/cmd/staticcheck@v0.8.2 ./...

build: ## one static binary
	CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=$$(git describe --always --dirty)" -o bin/tasuki ./cmd/tasuki
