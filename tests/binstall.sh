#!/usr/bin/env bash
# tests/binstall.sh DIST: installs the tarball of a package folder with cargo-binstall, as a user would, from a release
# server on loopback. Only the address of the repository is replaced: the names and paths are those of Cargo.toml.
#
# Needs cargo-binstall, openssl and python3, and no network. cargo-binstall takes a minute or ten to compile, so .ci/run does
# not do this: run it when the metadata of binstall or the names of the artefacts change.
set -euo pipefail
cd "$(dirname "$0")/.."
dist=$(realpath "${1:?usage: tests/binstall.sh DIST}")
work=$(mktemp -d)
server=
trap 'rm -rf "$work"; [ -z "$server" ] || kill "$server"' EXIT

version=$(sed -n '/^version = "/{s///;s/"$//p;q}' Cargo.toml)
release=$work/www/releases/download/v$version
mkdir -p "$release" "$work/crate/src" "$work/root"
cp "$dist/sockdoc-$version-"*.tar.gz "$release"

# binstall downloads by TLS alone, and its library takes no certificate that is an authority, too.
certificate() { openssl req -x509 -newkey rsa:2048 -nodes -days 2 "$@" 2>>"$work/openssl.log"; }
certificate -subj "/CN=sockdoc test" -keyout "$work/ca.key" -out "$work/ca.pem"
certificate -subj /CN=localhost -addext subjectAltName=DNS:localhost -addext basicConstraints=critical,CA:FALSE \
    -CA "$work/ca.pem" -CAkey "$work/ca.key" -keyout "$work/key.pem" -out "$work/cert.pem"
python3 - "$work" <<'PYTHON' &
import functools, http.server, ssl, sys
work = sys.argv[1]
handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=work + "/www")
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(work + "/cert.pem", work + "/key.pem")
server.socket = context.wrap_socket(server.socket, server_side=True)
open(work + "/port", "w").write(str(server.server_port) + "\n")
sys.stderr = open(work + "/requests", "w", buffering=1)
server.serve_forever()
PYTHON
server=$!
for _ in $(seq 200); do [ -s "$work/port" ] && break; sleep 0.1; done

sed "s#^repository = .*#repository = \"https://localhost:$(cat "$work/port")\"#" Cargo.toml >"$work/crate/Cargo.toml"
touch "$work/crate/src/main.rs"
cargo binstall --manifest-path "$work/crate/Cargo.toml" --root-certificates "$work/ca.pem" --root "$work/root" \
    --strategies crate-meta-data --no-track --no-confirm sockdoc

grep 'GET /releases/' "$work/requests"
installed=$("$work/root/bin/sockdoc" --version)
[ "$installed" = "sockdoc $version" ] || { echo "binstall: installed \"$installed\", expected sockdoc $version" >&2; exit 1; }
tar -xOf "$release"/sockdoc-"$version"-x86_64-unknown-linux-gnu.tar.gz --wildcards '*/sockdoc' | cmp - "$work/root/bin/sockdoc"
echo "binstall: the installed binary is that of the tarball"
