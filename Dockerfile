# Vitrine in one image: `docker build -t vitrine . && docker run -p 7860:7860 -v vitrine:/data vitrine`
# The steps are those of `make build`.

FROM node:20.20-bookworm-slim AS tools
WORKDIR /src/xtask/setup
COPY xtask/setup/package.json xtask/setup/package-lock.json xtask/setup/.npmrc ./
RUN npm ci --no-progress

FROM rust:1.95.0-slim-bookworm AS build
# A C compiler for SQLite; Node for the npm build of wasm-opt.
RUN apt-get update \
    && apt-get install -y --no-install-recommends build-essential \
    && rm -rf /var/lib/apt/lists/* \
    && rustup target add wasm32-unknown-unknown
COPY --from=tools /usr/local/bin/node /usr/local/bin/node
WORKDIR /src
COPY . .
RUN cargo fetch --locked
COPY --from=tools /src/xtask/setup/node_modules xtask/setup/node_modules
RUN cargo run --locked -p xtask -- guests \
    && cargo run --locked -p xtask -- site \
    && cargo build --locked -p host --bin vitrine \
    && install -D target/debug/vitrine /out/vitrine

FROM debian:bookworm-slim
RUN useradd --system --uid 10001 --home-dir /data --create-home vitrine
COPY --from=build /out/vitrine /usr/local/bin/vitrine
USER vitrine
VOLUME /data
EXPOSE 7860
ENV VITRINE_DATA=/data VITRINE_LISTEN=0.0.0.0:7860
# The image holds no HTTP client; bash can open the connection itself.
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["bash", "-c", \
    "exec 3<>/dev/tcp/127.0.0.1/7860 && printf 'GET /healthz HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && head -1 <&3 | grep -q ' 200 '"]
ENTRYPOINT ["vitrine"]
CMD ["serve"]
