#!/usr/bin/env bash
# Installs what the build, the demo and the tests need and this machine lacks. Debian 12; a second run does nothing.
set -euo pipefail

packages=()
need() { # need COMMAND PACKAGE…
    local command=$1
    shift
    command -v "$command" >/dev/null || packages+=("$@")
}

if ! command -v cargo >/dev/null; then
    echo "cargo is missing: install stable Rust with rustup first (https://rustup.rs)" >&2
    exit 1
fi
need cc build-essential
# For the fuzzer's own code.
need c++ build-essential
need curl curl
need node nodejs npm
need npm npm
need python3 python3
# Debian splits the virtual environments off Python; a Python of one's own has them.
python3 -c 'import venv, ensurepip' 2>/dev/null || packages+=(python3-venv)
need chromium chromium
# Load for the benchmarks.
need wrk wrk

# A compiler for the sandbox and the browser: rustup's target, or where it cannot be downloaded Debian's own.
target=wasm32-unknown-unknown
if ! { command -v rustup >/dev/null && rustup target list --installed | grep -qx "$target"; } \
    && ! { test -x /usr/bin/rustc && test -d /usr/lib/rustlib/src && command -v wasm-ld-22 >/dev/null; }; then
    if ! { command -v rustup >/dev/null && timeout 120 rustup target add "$target" </dev/null; }; then
        echo "rustup has no $target here: taking Debian's compiler for it" >&2
        packages+=(rustc-web cargo-web rust-web-src lld-22)
    fi
fi

if ((${#packages[@]})); then
    echo "installing ${packages[*]}" >&2
    root=()
    if ((EUID != 0)); then root=(sudo); fi
    "${root[@]}" apt-get -q update </dev/null
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qy install --no-install-recommends "${packages[@]}" </dev/null
fi
