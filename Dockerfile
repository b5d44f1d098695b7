# The image: one binary, the shared libraries it asks for, CA certificates. No shell, no package manager.
#
#   docker build -t model-monitor .                                             compiles inside
#   docker build -t model-monitor --build-arg BINARY=target/image/model-monitor .   takes a binary made before
#
# A binary made before must have been linked against a C library no newer than the builder's.
ARG BUILDER=rust:1.95-bookworm

FROM ${BUILDER} AS build
ARG BINARY=
WORKDIR /source
COPY . .
RUN if [ -z "$BINARY" ]; then cargo build --locked --profile dist --bin model-monitor; fi
# What the image holds, laid out under /image. Names are resolved by the C library itself (2.34 and later).
RUN set -eu; \
    mkdir -p /image/etc/ssl/certs /image/tmp; \
    chmod 1777 /image/tmp; \
    cp "${BINARY:-target/dist/model-monitor}" /image/model-monitor; \
    chmod 755 /image/model-monitor; \
    cp /etc/ssl/certs/ca-certificates.crt /image/etc/ssl/certs/; \
    printf 'hosts: files dns\n' > /image/etc/nsswitch.conf; \
    if ldd /image/model-monitor | grep 'not found'; then exit 1; fi; \
    for library in $(ldd /image/model-monitor | grep -o '/[^ ]*'); do \
        mkdir -p "/image$(dirname "$library")"; \
        cp -L "$library" "/image$library"; \
    done

FROM scratch
LABEL org.opencontainers.image.title="model-monitor" \
      org.opencontainers.image.description="Open replacement for Amazon SageMaker Model Monitor's containers" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /image/ /
# Root, as SageMaker mounts /opt/ml for root.
USER 0:0
ENTRYPOINT ["/model-monitor"]
