#!/usr/bin/env bash
# Installs the real clients that `host/tests/clients` calls the server with, each set in an environment of its own under
# the cache; a second run does nothing.
#
# usage: clients.sh    (VITRINE_CACHE may be set)
set -euo pipefail
shopt -s nullglob
cd "$(dirname "$0")/../.."

cache=${VITRINE_CACHE:-$PWD/.cache}
clients=$cache/clients
mkdir -p "$clients"

# Installs a lock file's packages in seconds where pip takes minutes.
uv=$clients/uv/bin/uv
if ! test -x "$uv" || ! "$uv" --version | grep -qF " $(sed 's/uv==//' xtask/setup/uv.txt)"; then
    python3 -m venv --clear "$clients/uv"
    "$clients/uv/bin/python" -m pip install --quiet --disable-pip-version-check -r xtask/setup/uv.txt </dev/null
fi

# environment NAME LOCK-FILE: brings the environment to what the lock file says.
environment() {
    local folder=$clients/$1 lock=$2
    if ! cmp -s "$lock" "$folder/installed.txt"; then
        "$uv" venv --quiet --clear --python python3 "$folder"
        "$uv" pip install --quiet --python "$folder/bin/python" --requirements "$lock" </dev/null
        cp "$lock" "$folder/installed.txt"
    fi
}

for lock in host/tests/clients/*/requirements*.txt; do
    name=$(basename "$(dirname "$lock")")
    version=$(basename "$lock" .txt)
    environment "$name${version#requirements}" "$lock"
done

# Each lock file of npm beside its scripts, which import from the folder above them.
for lock in host/tests/clients/*/package-lock.json; do
    folder=$(dirname "$lock")
    if ! test "$folder/node_modules/.package-lock.json" -nt "$lock"; then
        npm ci --no-progress --prefix "$folder" </dev/null
        touch "$folder/node_modules/.package-lock.json"
    fi
done
