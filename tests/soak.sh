#!/usr/bin/env bash
# Real servers, healthy and broken (tests/peers.rs): installs missing ones from Debian, runs every case, and prints the
# table of docs/soak.md with how each went. No server is started on the machine itself.
#
#   tests/soak.sh [SECONDS FOR WHICH EACH HEALTHY ONE IS WATCHED, 10]
#   tests/soak.sh --install      only installs
set -euo pipefail
cd "$(dirname "$0")/.."
PATH=$PATH:/usr/sbin:/sbin

missing=()
while read -r program package; do
    command -v "$program" >/dev/null || ls /usr/lib/postgresql/*/bin/"$program" >/dev/null 2>&1 || missing+=("$package")
done <<'NEEDED'
nginx nginx-light
wrk wrk
haproxy haproxy
redis-server redis-server
redis-benchmark redis-tools
postgres postgresql
pgbench postgresql
sshd openssh-server
ssh openssh-client
javac default-jdk-headless
prometheus prometheus
promtool prometheus
prometheus-node-exporter prometheus-node-exporter
systemd-analyze systemd
systemd-socket-activate systemd
strace strace
jq jq
node nodejs
npm npm
NEEDED
for package in psycopg-pool redis; do
    /usr/bin/python3 -c "import ${package//-/_}" 2>/dev/null || missing+=("python3-$package")
done
if [ ${#missing[@]} != 0 ]; then
    # Debian starts a server that it installs, unless this says no.
    policy=/usr/sbin/policy-rc.d
    if [ ! -e $policy ]; then
        trap 'rm -f "$policy"' EXIT
        printf '#!/bin/sh\nexit 101\n' >$policy
        chmod +x $policy
    fi
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

while read -r module package; do
    python3 -c "import $module" 2>/dev/null || python3 -m pip install --quiet "$package" 2>/dev/null ||
        python3 -m pip install --quiet --break-system-packages "$package"
done <<'NEEDED'
prometheus_client prometheus_client
kubernetes_validate kubernetes-validate
ansible ansible-core
NEEDED
[ -d target/npm/node_modules/@kubernetes-models/prometheus-operator ] ||
    npm install --silent --prefix target/npm @kubernetes-models/prometheus-operator >/dev/null

[ "${1:-}" != --install ] || exit 0

log=target/soak.log
status=0
SOCKDOC_REQUIRE_PEERS=1 SOCKDOC_REQUIRE_LAB=1 SOCKDOC_SOAK=${1:-10} cargo test --locked --test peers 2>&1 | tee "$log" || status=$?

printf '\n%s s for each healthy server:\n' "${1:-10}"
awk -F ' *[|] *' '
    FILENAME ~ /log$/ { if (/^test .* \.\.\. /) { how = $0; sub(/.*\.\.\. /, "", how); sub(/^test /, ""); sub(/ *\.\.\. .*/, ""); went[$0] = how } next }
    /^[|]/ && !/^[|]-/ { name = $2 ": " $3 ": " $4; printf "%-7s %-11s %-8s %-24s %s\n", $2 == "server" ? "result" : went[name], $2, $3, $5, $4 }
' "$log" docs/soak.md
exit "$status"
