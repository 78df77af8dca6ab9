#!/usr/bin/env bash
# tests/systemd.sh BINARY: starts the units of pkg/systemd under a systemd of their own, with their hardening in force: the
# socket activates the endpoint, which answers and is activated again after a stop; the timer writes its file; the recorder
# writes a recording of a planted fault.
#
# Run as root. systemd is process 1 of new namespaces, on an overlay of this machine's root whose changes are lost; it starts
# these units and the journal, nothing of the machine. .ci/run does not do this: it needs cgroup v2 and overlayfs, which few
# CI containers have.
set -euo pipefail
cd "$(dirname "$0")/.."
binary=$(realpath "${1:?usage: tests/systemd.sh BINARY}")

if [ "${2-}" != inside ]; then
    work=$(mktemp -d)
    mkdir "$work"/{said,tree}
    trap 'rm -rf "$work"' EXIT
    timeout --kill-after=10 500 unshare --pid --mount --net --uts --ipc --cgroup --fork --kill-child \
        bash tests/systemd.sh "$binary" inside "$work" || true
    cat "$work/said/out"
    grep -qx 'systemd: all units work' "$work/said/out"
    exit
fi

# Process 1 of the new namespaces: a root on an overlay, then systemd.
work=$3
mount --make-rprivate /
tree=$work/tree
mount -t tmpfs tmpfs "$tree"
mkdir "$tree"/{upper,work,root}
root=$tree/root
mount -t overlay overlay -o "lowerdir=/,upperdir=$tree/upper,workdir=$tree/work" "$root"
mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys"
for folder in run tmp; do mount -t tmpfs tmpfs "$root/$folder"; done
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for node in null zero full random urandom tty; do touch "$root/dev/$node"; mount --bind "/dev/$node" "$root/dev/$node"; done
mkdir "$root"/dev/{pts,shm}
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
ip link set lo up

rm -rf "$root"/etc/systemd/system/* "$root"/lib/systemd/system/*.wants
echo 0123456789abcdef0123456789abcdef >"$root/etc/machine-id"
cp "$binary" "$root/usr/bin/sockdoc"
cp pkg/systemd/* "$root/lib/systemd/system/"
# The user and the folder of Debian's node_exporter.
grep -q ^prometheus: "$root/etc/passwd" || echo 'prometheus:x:979:979::/:/usr/sbin/nologin' >>"$root/etc/passwd"
mkdir -p "$root/var/lib/prometheus/node-exporter"
chown "$(chroot "$root" id -u prometheus)" "$root/var/lib/prometheus/node-exporter"
rm -f "$root/var/lib/prometheus/node-exporter/sockdoc.prom"
cat >"$root/etc/systemd/system/try.service" <<'UNIT'
[Unit]
DefaultDependencies=no
After=basic.target dbus.socket
[Service]
Type=oneshot
ExecStart=/bin/bash /try.sh
StandardOutput=file:/said/out
StandardError=file:/said/out
UNIT
printf '[Unit]\nRequires=sysinit.target dbus.socket try.service\n' >"$root/etc/systemd/system/try.target"
cat >"$root/try.sh" <<'TRY'
fail() { echo "systemd: $*"; journalctl --no-pager -o cat -u 'sockdoc*' | tail -40; end; }
end() { systemctl --force --force poweroff; sleep 60; }
until_true() { for _ in $(seq 120); do "$@" && return; sleep 0.5; done; return 1; }
drop_in() { mkdir -p "/run/systemd/system/$1.d"; printf '%s\n' "${@:2}" >"/run/systemd/system/$1.d/test.conf"; systemctl daemon-reload; }
scrape() { curl -sf -m 60 http://127.0.0.1:9977/metrics; }
has_recording() { compgen -G '/var/lib/sockdoc-recorder/*.sockdoc' >/dev/null; }
systemctl --version | sed -n 1p

systemctl start sockdoc-metrics.socket || fail "the socket does not start"
[ "$(systemctl is-active sockdoc-metrics.service)" = inactive ] || fail "the endpoint runs before anybody asks"
grep -qx 'sockdoc_collect_success 1' <<<"$(scrape)" || fail "the endpoint does not answer"
pid=$(systemctl show -P MainPID sockdoc-metrics.service)
for one in $pid $(cat /proc/"$pid"/task/*/children); do
    grep -qx $'CapBnd:\t0000000000000000' "/proc/$one/status" || fail "the endpoint has capabilities"
    grep -qx $'Seccomp:\t2' "/proc/$one/status" || fail "the endpoint has no filter of system calls"
    grep -qx $'Uid:\t0\t0\t0\t0' "/proc/$one/status" && fail "the endpoint is root"
done
systemctl stop sockdoc-metrics.service
[ "$(systemctl show -P Result sockdoc-metrics.service)" = success ] || fail "the endpoint does not stop cleanly"
scrape >/dev/null || fail "the socket does not activate the endpoint again"
echo "systemd: metrics"

drop_in sockdoc-textfile.timer '[Timer]' OnBootSec= OnUnitActiveSec= OnActiveSec=1s OnUnitActiveSec=2s AccuracySec=100ms
systemctl start sockdoc-textfile.timer || fail "the timer does not start"
until_true test -s /var/lib/prometheus/node-exporter/sockdoc.prom || fail "the timer writes no file"
[ "$(stat -c '%U %a' /var/lib/prometheus/node-exporter/sockdoc.prom)" = "prometheus 644" ] || fail "owner or mode of the file"
echo "systemd: textfile"

python3 - <<'FAULT' &
import socket, time
listener = socket.socket()
listener.bind(("127.0.0.1", 7777))
listener.listen(0)
clients = [socket.socket() for _ in range(6)]
for client in clients:
    client.setblocking(False)
    client.connect_ex(("127.0.0.1", 7777))
time.sleep(600)
FAULT
line=$(sed -n 's/^ExecStart=//p' /lib/systemd/system/sockdoc-recorder.service)
drop_in sockdoc-recorder.service '[Service]' ExecStart= "ExecStart=${line/--every 10s/--every 1s}"
systemctl start sockdoc-recorder || fail "the recorder does not start"
until_true has_recording || fail "the recorder writes nothing"
[ "$(stat -c %a /var/lib/sockdoc-recorder)" = 700 ] || fail "the folder of recordings is open"
systemctl stop sockdoc-recorder
[ "$(systemctl show -P Result sockdoc-recorder)" = success ] || fail "the recorder does not stop cleanly"
sockdoc record --list /var/lib/sockdoc-recorder
sockdoc check --from "$(compgen -G '/var/lib/sockdoc-recorder/*.sockdoc' | sed -n 1p)" | grep 'accept-queue-full  python3' ||
    fail "the recording does not name the fault and its owner"
echo "systemd: recorder"
echo "systemd: all units work"
end
TRY
# The only way out of this root.
mkdir "$root/said" "$root/.old"
mount --bind "$work/said" "$root/said"
cd "$root"
pivot_root . .old
umount -l /.old
exec /lib/systemd/systemd --system --unit=try.target --log-target=journal </dev/null
