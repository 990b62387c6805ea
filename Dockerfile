ARG GO_IMAGE=golang:1.26-bookworm
ARG RUN_IMAGE=gcr.io/distroless/static-debian12
FROM ${GO_IMAGE} AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o /tasuki ./cmd/tasuki && mkdir /data

FROM ${RUN_IMAGE}
COPY --from=build /tasuki /tasuki
COPY --from=build --chown=65532:65532 /data /data
USER 65532:65532
ENV TASUKI_LISTEN=0.0.0.0:8080 TASUKI_DATA_DIR=/data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=15s CMD ["/tasuki", "healthcheck"]
ENTRYPOINT ["/tasuki"]
CMD ["serve"]
