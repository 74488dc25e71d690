#!/usr/bin/env bash
# Serves the examples on a port of this machine until Ctrl-C. Publishes only what has changed since the last run.
#
# usage: demo.sh    (after `make build`; VITRINE_CACHE and DEMO_LISTEN may be set)
set -euo pipefail
cd "$(dirname "$0")/../.."

cache=${VITRINE_CACHE:-$PWD/.cache}
listen=${DEMO_LISTEN:-127.0.0.1:7860}
server=http://$listen
data=$cache/demo
token_file=$data/admin-token
published=$data/published

mkdir -p "$published"
if ! test -s "$token_file"; then
    (umask 077 && head -c 32 /dev/urandom | base64 | tr -d '+/=\n' >"$token_file")
fi
# By the environment, because arguments can be read by every user of the machine.
VITRINE_ADMIN_TOKEN=$(<"$token_file")
VITRINE_TOKEN=$VITRINE_ADMIN_TOKEN
export VITRINE_ADMIN_TOKEN VITRINE_TOKEN

answers() { curl -fsS --max-time 5 -o /dev/null "$1" 2>/dev/null; }

server_pid=
stop() {
    if test -n "$server_pid"; then
        kill "$server_pid" 2>/dev/null || true
        wait "$server_pid" 2>/dev/null || true
    fi
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

if answers "$server/healthz"; then
    echo "a server already answers on $server"
else
    bin/vitrine serve --data "$data/server" --listen "$listen" >"$data/server.log" 2>&1 &
    server_pid=$!
    for ((tries = 0; ; tries++)); do
        if answers "$server/readyz"; then break; fi
        if ! kill -0 "$server_pid" 2>/dev/null || ((tries > 300)); then
            echo "the server did not start; the end of $data/server.log:" >&2
            tail -n 20 "$data/server.log" >&2
            exit 1
        fi
        sleep 0.1
    done
fi

python3 examples/stage.py >"$data/bundles.txt"
while read -r name digest folder; do
    stamp=$published/$name
    if test -e "$stamp" && test "$(<"$stamp")" = "$digest" && answers "$server/api/v1/spaces/demo/$name"; then
        continue
    fi
    bin/vitrine publish "$folder" --to "demo/$name" --server "$server" </dev/null
    echo "$digest" >"$stamp"
done <"$data/bundles.txt"

echo
echo "Vitrine is at $server"
while read -r name _; do
    echo "  $server/spaces/demo/$name"
done <"$data/bundles.txt"
echo "The admin token is in $token_file, the server's log in $data/server.log."

if test -n "$server_pid"; then
    echo "Ctrl-C stops it."
    wait "$server_pid"
fi
