#!/usr/bin/env bash
# Fuzzes each target for some time; fails on the first finding and says how to look at it.
#   host/fuzz/run.sh [SECONDS [TARGET…]]
set -euo pipefail
cd "$(dirname "$0")"

seconds=${1:-60}
targets=("${@:2}")
if ((${#targets[@]} == 0)); then targets=(bundle manifest multipart values onnx); fi

# A version that is known to work with a stable compiler: without a sanitizer, coverage needs no nightly.
version=0.13.2
if [[ $(cargo fuzz --version 2>/dev/null) != *" $version" ]]; then
    cargo install --locked "cargo-fuzz@$version" </dev/null
fi

# Without `-O` every dependency would check its own debug assertions; `Cargo.toml` turns ours on.
build=(--fuzz-dir . -O --sanitizer none --codegen-units 16)
cargo fuzz build "${build[@]}"
for target in "${targets[@]}"; do
    mkdir -p "corpus/$target" "artifacts/$target"
    echo "fuzzing $target for $seconds s" >&2
    # The longest run stays well under the time limit, so a slow input is a finding and not the machine's mood.
    if ! cargo fuzz run "${build[@]}" "$target" "corpus/$target" "seeds/$target" -- \
        "-dict=words/$target.dict" "-max_total_time=$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=16384 \
        -print_final_stats=1 </dev/null; then
        echo "$target: a promise is broken, see the panic above; the input is in host/fuzz/artifacts/$target." >&2
        echo "Once mended, keep it as host/fuzz/seeds/$target/NAME and write a test that names the mistake." >&2
        exit 1
    fi
done
