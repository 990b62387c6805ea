.PHONY: run test
run: ## a working department on this machine
	go run ./cmd/tasuki demo

test: ## everything that has to hold
	go vet ./...
	go test ./...
