#!/usr/bin/env bash
# Installs the npm packages of package-lock.json beside this script, which are tools, and of web/elements, of which
# parts are shipped; a second run does nothing.
set -euo pipefail
cd "$(dirname "$0")"

for folder in . ../../web/elements; do
    # npm writes this file when an install is complete.
    if ! test "$folder/node_modules/.package-lock.json" -nt "$folder/package-lock.json"; then
        (cd "$folder" && npm ci --no-progress </dev/null)
        touch "$folder/node_modules/.package-lock.json"
    fi
done

# Browser tests import packages from anywhere in the tree, and Node looks for them upwards only.
if ! test -e ../../node_modules; then
    ln -sfn xtask/setup/node_modules ../../node_modules
fi
