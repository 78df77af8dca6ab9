#!/usr/bin/env bash
# No false alarm: nginx, HAProxy, Redis and PostgreSQL at work in a network namespace of their own, under load and for more
# than a minute after it. `sockdoc check` must say nothing at warning or above. Not part of .ci/run.
#
#   apt-get install nginx-light wrk haproxy redis postgresql
#   cargo build --release && sudo tests/soak.sh [SECONDS OF LOAD, 60]
#
# SOCKDOC names another binary. Needs root: PostgreSQL runs as the user postgres.
set -euo pipefail

if [[ ${1:-} != --inside ]]; then
    [[ $EUID == 0 ]] || { echo "tests/soak.sh: run it as root" >&2; exit 2; }
    exec unshare --net "$0" --inside "${1:-60}" "${SOCKDOC:-$(dirname "$0")/../target/release/sockdoc}"
fi
seconds=$2
sockdoc=$(realpath "$3")

PATH=$PATH:/usr/sbin:$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
for program in nginx wrk haproxy redis-server redis-benchmark initdb pgbench; do
    command -v "$program" >/dev/null || { echo "tests/soak.sh: no $program; see its head" >&2; exit 2; }
done

work=$(mktemp -d)
chmod 755 "$work"
started=()
finish() {
    for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done
    wait || true
    rm -rf "$work"
}
trap finish EXIT

start() {
    "$@" >>"$work/log" 2>&1 &
    started+=($!)
}

looks=0
alarms=0
look() {
    looks=$((looks + 1))
    local status=0
    "$sockdoc" check --for 2s --fail-on warning >"$work/look" 2>&1 || status=$?
    ((status == 0)) && return
    alarms=$((alarms + 1))
    printf '\n-- %s, after %s s: exit %s\n' "$1" "$SECONDS" "$status"
    cat "$work/look"
}

ip link set lo up

cat >"$work/nginx.conf" <<CONF
daemon off; pid $work/nginx.pid; error_log $work/nginx.log; worker_processes 2;
events { worker_connections 4096; }
http {
    access_log off; client_body_temp_path $work/a; proxy_temp_path $work/b; fastcgi_temp_path $work/c;
    uwsgi_temp_path $work/d; scgi_temp_path $work/e;
    server { listen 8080; location / { return 200 "hello\n"; } }
    server { listen 8081; keepalive_timeout 0; location / { return 200 "hello\n"; } }
}
CONF
cat >"$work/haproxy.cfg" <<CONF
global
    maxconn 2000
defaults
    mode http
    timeout connect 5s
    timeout client 30s
    timeout server 30s
frontend in
    bind 127.0.0.1:8000
    default_backend out
backend out
    server one 127.0.0.1:8080
CONF

look "a namespace with nothing in it"

start nginx -c "$work/nginx.conf"
start haproxy -db -f "$work/haproxy.cfg"
start redis-server --port 6379 --save '' --dir "$work"
mkdir "$work/data"
chown postgres "$work/data"
runuser -u postgres -- "$(command -v initdb)" -D "$work/data" -A trust >"$work/log" 2>&1
start runuser -u postgres -- "$(command -v postgres)" -D "$work/data" -k "$work/data" -h 127.0.0.1
until runuser -u postgres -- psql -h 127.0.0.1 -c 'select 1' >/dev/null 2>&1; do sleep 0.2; done
runuser -u postgres -- "$(command -v pgbench)" -h 127.0.0.1 -i -q postgres >>"$work/log" 2>&1

for port in 8080 8081 8000 6379 5432; do
    tries=0
    until (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
        tries=$((tries + 1))
        ((tries < 50)) || { echo "tests/soak.sh: nothing listens at $port" >&2; cat "$work/log" >&2; exit 2; }
        sleep 0.2
    done
done

look "all started, nobody there"

load() {
    # Again and again, for as long as the load lasts.
    local end=$((SECONDS + seconds))
    while ((SECONDS < end)); do "$@" >>"$work/log" 2>&1 || sleep 0.2; done
}
loads=()
begin() {
    load "$@" &
    loads+=($!)
}
begin wrk -t1 -c100 -d5s http://127.0.0.1:8080/
begin wrk -t1 -c20 -d5s http://127.0.0.1:8081/
begin wrk -t1 -c50 -d5s -H 'Connection: close' http://127.0.0.1:8000/
begin redis-benchmark -q -c 50 -n 20000
begin runuser -u postgres -- "$(command -v pgbench)" -h 127.0.0.1 -c 10 -T 5 postgres
begin runuser -u postgres -- "$(command -v pgbench)" -h 127.0.0.1 -C -c 4 -T 5 postgres

end=$((SECONDS + seconds))
while ((SECONDS < end)); do
    look "under load"
    sleep 1
done
wait "${loads[@]}"
echo "after the load: $("$sockdoc" count time-wait) TIME_WAIT"
end=$((SECONDS + 80))
while ((SECONDS < end)); do
    look "after the load"
    sleep 8
done

printf '%s looks, %s with an alarm\n' "$looks" "$alarms"
((alarms == 0))
