#!/bin/sh
# check-hosts.sh HOST...: the worst findings of many hosts, one line each, without Prometheus.
#
# Runs "sockdoc check --json" over ssh on eight hosts at once and prints host, severity, rule and title, worst first. A host
# that cannot be asked has a line, too. Needs ssh and jq here, sockdoc there.
set -u
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export folder
printf '%s\n' "$@" | xargs -P 8 -I {} sh -c '
    ssh -o BatchMode=yes -o ConnectTimeout=10 -- "$1" sockdoc check --json >"$folder/$1" 2>/dev/null
    # 1 says that something was found.
    [ $? -le 1 ] && [ -s "$folder/$1" ] || echo null >"$folder/$1"
' sh {}
for host in "$@"; do
    jq -r --arg host "$host" '
        if .findings == null then [0, $host, "unreachable", "-", "-"]
        else (.findings[] | [({critical: 1, warning: 2, notice: 3}[.severity] // 4), $host, .severity, .rule, .title]) end
        | @tsv' "$folder/$host"
done | sort -n | cut -f 2-
