#!/usr/bin/env bash
# sudo tests/anywhere.sh [ROUNDS [ARGUMENTS OF cargo test]]
#
# All tests, five times in a row unless ROUNDS says otherwise, on a host that is full of what is not theirs: two busy
# loops, ten named network namespaces, a bridge like Docker's, 5,000 sleeping processes, 10,000 sockets on the loopback.
# All requirements of the lab must be present (SOCKDOC_REQUIRE_LAB=1). Says which tests failed, and how often; exit
# status 1 then. The host is as before when it ends. Needs root, iproute2 and python3. The logs stay in
# target/anywhere/.
set -euo pipefail
cd "$(dirname "$0")/.."

rounds=${1:-5}
shift || true
name=sdtest
logs=target/anywhere
groups=() namespaces=()

if [ "$(id -u)" != 0 ]; then
    echo "tests/anywhere.sh: needs root, for named namespaces and a bridge" >&2
    exit 2
fi

clean() {
    trap - EXIT
    for group in "${groups[@]}"; do kill -KILL -- "-$group" 2>/dev/null || true; done
    ip link delete "${name}0" 2>/dev/null || true
    for namespace in "${namespaces[@]}"; do ip netns delete "$namespace" 2>/dev/null || true; done
}
trap clean EXIT
trap 'exit 130' INT TERM HUP

# Starts a command as the leader of a process group, which ends with this script. Not of a session: the scheduler
# gives each session the same share (sched_autogroup), so two busy loops would leave the tests a third of each processor.
keep() {
    set -m
    "$@" </dev/null >/dev/null &
    groups+=($!)
    set +m
}

echo "== build"
# Optimized a little, apart from the other builds: a round takes half as long.
export CARGO_TARGET_DIR=$PWD/target/anywhere/build CARGO_PROFILE_DEV_OPT_LEVEL=1 CARGO_PROFILE_DEV_DEBUG=line-tables-only
cargo test --locked --no-run "$@"

echo "== a crowded host"
for number in $(seq 10); do
    namespaces+=("$name-$number")
    ip netns add "$name-$number"
done
ip link add "${name}0" type bridge
ip addr add 10.213.0.1/24 dev "${name}0"
ip link set "${name}0" up
ip link add "${name}1" master "${name}0" type veth peer name eth0 netns "$name-1"
ip link set "${name}1" up
ip -n "$name-1" addr add 10.213.0.2/24 dev eth0
ip -n "$name-1" link set eth0 up
ip -n "$name-1" link set lo up

# Both ends of 500 connections for each process, which so comes near its usual limit of 1,024 descriptors.
for _ in $(seq 10); do
    keep python3 -c '
import socket, time
listener = socket.create_server(("127.0.0.1", 0), backlog=64)
held = []
for _ in range(500):
    held.append(socket.create_connection(listener.getsockname()))
    held.append(listener.accept()[0])
time.sleep(1e6)'
done
# The shell says of each one that it was killed, at the end.
keep bash -c 'exec 2>/dev/null; for _ in $(seq 5000); do sleep 1000000 & done; wait'
keep bash -c 'while :; do :; done'
keep bash -c 'while :; do :; done'
until [ "$(pgrep -cx sleep)" -ge 5000 ] && [ "$(wc -l </proc/net/tcp)" -ge 10000 ]; do sleep 0.5; done

mkdir -p "$logs"
rm -f "$logs"/*.log
failed=0
for round in $(seq "$rounds"); do
    log=$logs/$round.log
    status=0
    began=$SECONDS
    SOCKDOC_REQUIRE_LAB=1 cargo test --locked --no-fail-fast "$@" >"$log" 2>&1 || status=$?
    echo "== round $round of $rounds, $(((SECONDS - began) / 60)) min: $(grep -c '^test .*\.\.\. ok$' "$log") passed, status $status"
    grep -E '^test .*FAILED$|^test result: FAILED|^error: (could not|test failed)' "$log" | sort | uniq || true
    [ "$status" = 0 ] || failed=$((failed + 1))
done

if [ "$failed" != 0 ]; then
    echo "== failed in $failed of $rounds rounds; each test, and how often"
    cat "$logs"/*.log | sed -En 's/^test (.*[^ ]) +\.\.\. FAILED$/\1/p' | sort | uniq -c | sort -rn
    exit 1
fi
echo "== all passed in all of $rounds rounds"
