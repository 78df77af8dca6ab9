//! Long runs of arbitrary input against every reader of bytes from outside: none panics, all of them end.
//!
//! `cargo test --profile checked --test fuzz -- --ignored` runs each for `SOCKDOC_FUZZ_SECONDS` (60 by default). Inputs are
//! valid ones, changed piece by piece; a panic prints the seed, which `SOCKDOC_FUZZ_SEED` brings back. The same readers
//! are fuzzed by coverage in `tests/fuzz/`.

#![allow(
    clippy::unwrap_used,
    reason = "test code; clippy knows it by #[test], which the functions that tests share do not have"
)]

use std::{
    fs,
    io::{Read, Write},
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use lz4_flex::frame::FrameDecoder;

#[path = "fuzz/readers.rs"]
mod readers;

/// SplitMix64: small, and the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }

    /// Changes, repeats, removes, swaps pieces, or puts in a number that is often wrong.
    fn spoil(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..=self.below(6) {
            if bytes.is_empty() {
                bytes.push(self.next() as u8);
                continue;
            }
            let (at, length) = (self.below(bytes.len()), 1 + self.below(24));
            let end = (at + length).min(bytes.len());
            match self.below(7) {
                0 => bytes[at] = self.next() as u8,
                1 => bytes[at] ^= 1 << self.below(8),
                2 => drop(bytes.drain(at..end)),
                3 => {
                    let piece = bytes[at..end].to_vec();
                    let to = self.below(bytes.len());
                    bytes.splice(to..to, piece);
                }
                4 => bytes.truncate(at),
                5 => {
                    const ODD: [u32; 8] = [0, 1, 3, 15, 16, 0x7fff_ffff, 0xffff_ffff, 0x0001_0000];
                    let number = ODD[self.below(ODD.len())].to_ne_bytes();
                    let end = (at + 4).min(bytes.len());
                    bytes.splice(at..end, number);
                }
                _ => bytes[at..end].fill(self.next() as u8),
            }
        }
    }
}

/// Runs one reader on spoiled input until its time is over; with `SOCKDOC_FUZZ_SEEDS` only leaves the valid input in that
/// folder. With `SOCKDOC_FUZZ_CORPUS` what coverage found, a folder for each reader, is spoiled as well.
fn run(name: &str, seeds: &[Vec<u8>], read: impl Fn(&[u8])) {
    if let Some(folder) = std::env::var_os("SOCKDOC_FUZZ_SEEDS") {
        let folder = Path::new(&folder).join(name);
        fs::create_dir_all(&folder).unwrap();
        for (number, seed) in seeds.iter().enumerate() {
            fs::write(folder.join(number.to_string()), seed).unwrap();
        }
        return;
    }
    let corpus = std::env::var_os("SOCKDOC_FUZZ_CORPUS").map(|folder| Path::new(&folder).join(name));
    let found = corpus.into_iter().flat_map(|folder| fs::read_dir(folder).unwrap());
    let seeds: Vec<Vec<u8>> =
        seeds.iter().cloned().chain(found.map(|file| fs::read(file.unwrap().path()).unwrap())).collect();
    let number = |variable: &str| std::env::var(variable).ok().and_then(|text| text.parse::<u64>().ok());
    let limit = Duration::from_secs(number("SOCKDOC_FUZZ_SECONDS").unwrap_or(60));
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos() as u64;
    let mut seed = number("SOCKDOC_FUZZ_SEED").unwrap_or_else(now);
    let (started, mut runs, mut slowest) = (Instant::now(), 0_u64, Duration::ZERO);
    while started.elapsed() < limit {
        let mut random = Random(seed);
        let mut bytes = seeds[random.below(seeds.len())].clone();
        random.spoil(&mut bytes);
        let one = Instant::now();
        let ended = catch_unwind(AssertUnwindSafe(|| read(&bytes)));
        slowest = slowest.max(one.elapsed());
        assert!(ended.is_ok(), "{name}: SOCKDOC_FUZZ_SEED={seed}");
        assert!(one.elapsed() < Duration::from_secs(20), "{name}: too slow: SOCKDOC_FUZZ_SEED={seed}");
        runs += 1;
        seed = seed.wrapping_add(0x1234_5677);
    }
    let _ = writeln!(std::io::stderr(), "{name}: {runs} runs in {:?}, the slowest {slowest:?}", started.elapsed());
}

fn recordings() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/recordings");
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths.filter(|path| path.is_file()).map(|path| fs::read(path).unwrap()).collect()
}

/// The frames of a recording, their content as it is.
fn frames(file: &[u8]) -> Vec<Vec<u8>> {
    let (mut rest, mut found) = (file, Vec::new());
    while !rest.is_empty() {
        let (mut raw, mut decoder) = (Vec::new(), FrameDecoder::new(rest));
        decoder.read_to_end(&mut raw).unwrap();
        found.push(raw);
        rest = decoder.into_inner();
    }
    found
}

#[test]
#[ignore = "long"]
fn the_container_of_a_recording() {
    run("container", &recordings(), readers::container);
}

#[test]
#[ignore = "long"]
fn the_answers_in_a_recording() {
    let seeds: Vec<Vec<u8>> = recordings().iter().flat_map(|file| frames(file)).filter(|raw| raw.len() > 200).collect();
    run("answers", &seeds, readers::answers);
}

#[test]
#[ignore = "long"]
fn a_raw_dump() {
    // The datagrams of the recordings, one message after the other.
    let mut seeds: Vec<Vec<u8>> = Vec::new();
    for raw in recordings().iter().flat_map(|file| frames(file)) {
        let is_inet = |at: usize| raw.get(at + 4..at + 6) == Some(&[20, 0]) && matches!(raw.get(at + 16), Some(2 | 10));
        let length = |at: usize| u32::from_ne_bytes(raw[at..at + 4].try_into().unwrap()) as usize;
        let starts = (0..raw.len().saturating_sub(90)).filter(|&at| is_inet(at) && (88..2000).contains(&length(at)));
        let dump: Vec<u8> = starts.filter_map(|at| raw.get(at..at + length(at))).take(50).flatten().copied().collect();
        seeds.extend((!dump.is_empty()).then_some(dump));
    }
    assert!(!seeds.is_empty());
    run("dump", &seeds, readers::dump);
}

#[test]
#[ignore = "long"]
fn a_text() {
    let seeds = [
        "State Recv-Q Send-Q Local Address:Port Peer Address:Port\nLISTEN 0 128 0.0.0.0:22 0.0.0.0:*\nESTAB 0 36 [::ffff:10.0.0.5]:22 [2001:db8::7]:51234\n\t cubic rto:204\n",
        "Netid State Recv-Q Send-Q Local Address:Port Peer Address:Port\nudp UNCONN 0 0 127.0.0.53%lo:53 0.0.0.0:*\ntcp CLOSE-WAIT 1 0 *:80 *:*\nu_str LISTEN 6 5 /run/a b.sock 20 * 0 users:((\"php-fpm\",pid=9,fd=8))\nu_dgr UNCONN 0 0 @hidden 50 * 0\n",
        "State Recv-Q Send-Q Local Address:Port Peer Address:Port Process\nCLOSE-WAIT 0 0 10.0.0.5:41234 10.0.3.7:5432 users:((\"a b\",pid=4321,fd=31),(\"c\",4322,31)) timer:(keepalive,1min23sec,2) uid:1000 ino:20731 sk:a01 cgroup:/system.slice/x.service -->\n\t skmem:(r0,rb131072,t0,tb87040,f0,w0,o0,bl0,d2) ts sack cubic wscale:7,7 rto:204 rtt:1.5/0.75 mss:1448 cwnd:10 bytes_acked:101 send 77226667bps lastack:600000 pacing_rate 1.5Mbps/3Mbps delivery_rate 1.2Mbps app_limited busy:120ms rwnd_limited:30ms(25.0%) retrans:1/3 snd_wnd:64000 rcv_wnd:65536\n",
        "Active Internet connections\nProto Recv-Q Send-Q Local Address Foreign Address State User Inode PID/Program name Timer\ntcp6 0 0 :::80 :::* LISTEN 0 20731 12/nginx: master off (0.00/0/0)\nudp 0 0 0.0.0.0:68 0.0.0.0:* 0 1 -\nunix  2      [ ACC ]     STREAM     LISTENING     12345    77/systemd           /run/x.sock\n",
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n   0: 0100007F:1F90 00000000:0000 0A 00000000:00000003 00:00000000 00000000  1000        0 12345 1 0\nNum       RefCount Protocol Flags    Type St Inode Path\n0: 00000002 00000000 00010000 0001 01 20731 /run/a b\n",
    ];
    let pastes = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/pastes")).unwrap();
    let pastes = pastes.map(|file| fs::read(file.unwrap().path()).unwrap());
    let seeds: Vec<Vec<u8>> = seeds.iter().map(|text| text.as_bytes().to_vec()).chain(pastes).collect();
    run("text", &seeds, readers::text);
}

#[test]
#[ignore = "long"]
fn a_filter() {
    let seeds = [
        "state established and ( dport = :443 or sport gt :1024 ) and not src 10.0.0.0/8",
        "close-wait time-wait and recvq > 10k",
        "exclude syn-sent dst [2001:db8::1]:443 dev eth0 fwmark = 0x1/0xff cgroup /a/b autobound",
        "pid = 4321 or proc = nginx* and unit = a.service and age > 10m and rtt > 100ms and keepalive = off",
        "((((sport = :ssh))))",
    ];
    let seeds: Vec<Vec<u8>> = seeds.iter().map(|text| text.as_bytes().to_vec()).collect();
    run("filter", &seeds, readers::filter);
}

#[test]
#[ignore = "long"]
fn the_types_of_a_kernel() {
    // A structure `a` with a nameless union that has a bit field `c`, a function and a definition.
    let types: [u32; 21] = [
        1,
        4 << 24 | 2,
        16,
        3,
        0,
        0,
        0,
        2,
        64,
        0,
        5 << 24 | 1 << 31 | 1,
        8,
        5,
        0,
        3 << 24 | 32,
        7,
        12 << 24,
        0,
        1,
        8 << 24,
        1,
    ];
    let head: [u32; 6] = [0x0001_eb9f, 24, 0, 84, 84, 9];
    let mut seed: Vec<u8> = head.iter().chain(&types).flat_map(|number| number.to_ne_bytes()).collect();
    seed.extend(b"\0a\0b\0c\0f\0");
    run("types", &[seed], readers::types);
}

/// Seeds of text.
fn texts(seeds: &[&str]) -> Vec<Vec<u8>> {
    seeds.iter().map(|text| text.as_bytes().to_vec()).collect()
}

#[test]
#[ignore = "long"]
fn the_head_of_a_request() {
    let seeds = [
        "GET /metrics HTTP/1.1\r\nHost: localhost:9977\r\nAccept: application/openmetrics-text;version=1.0.0,text/plain;q=0.5,*/*;q=0.1\r\nX-Prometheus-Scrape-Timeout-Seconds: 10\r\n\r\n",
        "HEAD http://[::1]:9977/-/healthy?x=1#y HTTP/1.0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nHost: b\r\nContent-Length: 5\r\n\r\nabcde",
    ];
    run("http", &texts(&seeds), readers::http);
}

#[test]
#[ignore = "long"]
fn keys() {
    let seeds =
        ["q/dport = :443\r\x1b[A\x1bOB\x1b[5~\x1b[1;5C\x7f中\x1b[H\x01\x1b[99z", "\x1b[<0;10;20M\x1b]0;title\x07\x1b"];
    run("keys", &texts(&seeds), readers::keys);
}

#[test]
#[ignore = "long"]
fn the_record_of_a_socket() {
    // The ends of a connection in use, `tcp_info`, the name of the congestion control, memory, the cgroup and the mark.
    let mut record = [&[2, 1, 0, 0, 0x1f, 0x90, 0xc3, 0x50, 127, 0, 0, 1][..], &[0; 60]].concat();
    for (kind, length) in [(2, 280), (4, 6), (7, 36), (21, 8), (15, 4), (18, 4), (16, 4), (8, 1), (17, 24)] {
        record.extend([&(4 + length as u16).to_ne_bytes()[..], &[kind, 0], &vec![b'c'; length]].concat());
        record.resize(record.len().next_multiple_of(4), 0);
    }
    let ended =
        [&(record.len() as u32 + 16).to_ne_bytes()[..], &[20, 0], &[0; 10], &record, &[5, 0, 10, 0, 6, 0, 0, 0]]
            .concat();
    run("record", &[record, ended], readers::record);
}

#[test]
#[ignore = "long"]
fn the_answers_to_reach() {
    let address = [
        &[9][..],
        b"db.example\xc0\x0c\0\x01\0\x01\0\0\0\x09\0\x04\x0a\0\0\x05\x02ab\xc0\x0c\0\x1c\0\x01\0\0\0\x09\0\x10",
        &[1; 16],
    ]
    .concat();
    let route = [
        &[60, 0, 0, 0, 24, 0][..],
        &[0; 10],
        &[2, 32, 0, 0, 254, 3, 0, 1, 0, 0, 0, 0],
        &[8, 0, 4, 0, 2, 0, 0, 0],
        &[8, 0, 5, 0, 10, 0, 0, 1],
        &[8, 0, 7, 0, 10, 0, 0, 2],
    ]
    .concat();
    let neighbour = [&[44, 0, 0, 0, 28, 0][..], &[0; 10], &[2, 0, 0, 0, 2, 0, 0, 0, 0x20, 0, 0, 1]].concat();
    run("replies", &[address, route, neighbour], readers::replies);
}

#[test]
#[ignore = "long"]
fn what_bpf_programs_write() {
    let held: Vec<u8> =
        [20_731_u32, 4321, 4321, 5, 0xf000_0001].repeat(3).iter().flat_map(|word| word.to_ne_bytes()).collect();
    let process: Vec<u8> = [[4321, 0xf000_0001, 256, 0].as_slice(), &[0xff; 32]]
        .concat()
        .iter()
        .flat_map(|word: &u32| word.to_ne_bytes())
        .collect();
    run("bpf", &[held, process], readers::bpf);
}

#[test]
#[ignore = "long"]
fn a_name() {
    let seeds = ["nginx.service", "a'b$(c)\\x1b[2J`d`\n", "-rf /run/\u{202e}x\u{200b}中 ~", "\\x41\\u{41}\\\\"];
    run("name", &texts(&seeds), readers::name);
}

#[test]
#[ignore = "long"]
fn an_address() {
    let seeds = [
        "127.0.0.1:9977",
        "[::1%lo]:https",
        "unix:/run/x",
        "https://u@db.example:443/a?b#c",
        "db 5432",
        "postgresql+psycopg://[fe80::1%2]",
        "*:ssh",
        "::ffff:10.0.0.1:80",
        "10.0.0.5%eth0:68",
        "5432",
        ":::22",
    ];
    run("address", &texts(&seeds), readers::address);
}

#[test]
#[ignore = "long"]
fn a_configuration_file() {
    let seeds = [
        "ignore = [\"time-wait-client\"]\nfail-on = \"critical\"\nfail-on-unchecked = true\n\n[close-wait-leak]\nage = \"5m\"\ncount = 10\n",
        "[fd-near-limit]\nratio = 0.8\n[udp-drops]\nx = 1e9 # why\n'a b'.\"c\" = [1, {d = 2026-11-29T00:00:00Z}]\n",
    ];
    run("config", &texts(&seeds), readers::config);
}
