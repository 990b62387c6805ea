.PHONY: run test lint bench build notices

run: ## a working department on this machine
	go run ./cmd/tasuki demo

test: ## everything that has to hold, on both databases; installs what is missing
	bash .ci/test

lint: ## formatting, vet, and every check that staticcheck has, style included
	@test -z "$$(git ls-files '*.go' | xargs gofmt -l | tee /dev/stderr)" || { echo "gofmt would change the files above" >&2; exit 1; }
	go vet ./...
	go run honnef.co/go/tools/cmd/staticcheck@v0.8.2 -checks all ./...

bench: ## speed: risk, plans, the map of skills and what comes into it, search beside bleve's own match query, from write to findable, start (TASUKI_BENCH_DATA, TASUKI_BENCH_DOCS)
	go test -run '^$$' -bench . -benchtime 1x -timeout 3h ./internal/risk ./internal/plan ./internal/search ./cmd/tasuki
	go test -run '^$$' -bench . -benchtime 10x -timeout 1h ./internal/store ./internal/web

build: ## one static binary
	CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=$$(git describe --always --dirty)" -o bin/tasuki ./cmd/tasuki

notices: ## the licences of what is linked in, after a change of go.mod
	go run ./.ci/notices > notices.tmp && mv notices.tmp cmd/tasuki/notices.txt
