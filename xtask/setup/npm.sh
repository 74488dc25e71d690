#!/usr/bin/env bash
# Installs the npm tools of package-lock.json beside this script; a second run does nothing.
set -euo pipefail
cd "$(dirname "$0")"

# npm writes this file when an install is complete.
if ! test node_modules/.package-lock.json -nt package-lock.json; then
    npm ci --no-progress </dev/null
    touch node_modules/.package-lock.json
fi

# Browser tests import packages from anywhere in the tree, and Node looks for them upwards only.
if ! test -e ../../node_modules; then
    ln -sfn xtask/setup/node_modules ../../node_modules
fi
