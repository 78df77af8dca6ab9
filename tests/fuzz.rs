//! Long runs of arbitrary input against every reader of bytes from outside: none panics, all of them end.
//!
//! `cargo test --release --test fuzz -- --ignored` runs each for `SOCKDOC_FUZZ_SECONDS` (60 by default). Input is made by
//! changing what is valid, piece by piece; a panic prints the seed, which `SOCKDOC_FUZZ_SEED` brings back.

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

use lz4_flex::frame::{FrameDecoder, FrameEncoder, FrameInfo};
use sockdoc::{
    archive::{Archive, Replay, import},
    collect::{
        entries::{Ask, entries},
        snapshot::{Depth, snapshot},
    },
    filter::{Filter, names::Names},
    model::{family::Protocol, state::StateSet},
    source::{Source, held::tcp::TcpDump},
};

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

/// Runs one reader on spoiled input until its time is over.
fn run(name: &str, seeds: &[Vec<u8>], read: impl Fn(&[u8])) {
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

fn framed(raw: &[u8]) -> Vec<u8> {
    let info = FrameInfo::new().content_checksum(true).content_size(Some(raw.len() as u64));
    let mut encoder = FrameEncoder::with_frame_info(info, Vec::new());
    encoder.write_all(raw).unwrap();
    encoder.finish().unwrap()
}

/// Everything that a run asks.
fn look(source: &mut dyn Source) {
    let depth = Depth { deep: true, descriptors: true, bound_inactive: true };
    let _ = snapshot(source, &depth, None);
    for protocol in Protocol::ALL {
        let _ = entries(source, protocol, &Ask::states(StateSet::ALL), &mut |_| {});
    }
}

#[test]
#[ignore = "long"]
fn the_container_of_a_recording() {
    run("container", &recordings(), |bytes| {
        if let Ok(archive) = Archive::read(bytes.to_vec()) {
            look(&mut Replay::new(&archive, ""));
        }
    });
}

#[test]
#[ignore = "long"]
fn the_answers_in_a_recording() {
    // Within whole frames, so that what is damaged reaches those who read it.
    let seeds: Vec<Vec<u8>> = recordings().iter().flat_map(|file| frames(file)).filter(|raw| raw.len() > 200).collect();
    let head = framed(
        b"{\"recording\":1,\"tool\":\"\",\"redacted\":false,\"netns\":null,\"deep\":true,\"bound_inactive\":true}\n",
    );
    run("answers", &seeds, |bytes| {
        // Lines that broke are left out, and the bytes after those that did not are as many as they say.
        let (mut rest, mut kept, mut answers) = (bytes, Vec::new(), 0_u64);
        while let Some(end) = rest.iter().position(|&byte| byte == b'\n') {
            let line = &rest[..end];
            rest = &rest[end + 1..];
            let Ok(mut line) = serde_json::from_slice::<serde_json::Value>(line) else { continue };
            let Some(length) = line["bytes"].as_u64() else { continue };
            let body = &rest[..rest.len().min(length as usize)];
            line["bytes"] = body.len().into();
            line["more"] = false.into();
            kept.extend([line.to_string().as_bytes(), b"\n", body, b"\n"].concat());
            rest = &rest[body.len()..];
            answers += 1;
        }
        let end = format!("{{\"answers\":{answers},\"samples\":2}}\n");
        let file = [head.clone(), framed(&kept), framed(end.as_bytes())].concat();
        if let Ok(archive) = Archive::read(file) {
            look(&mut Replay::new(&archive, ""));
        }
    });
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
    run("dump", &seeds, |bytes| {
        if let Ok(mut dump) = TcpDump::of_bytes(bytes) {
            look(&mut dump);
        }
    });
}

#[test]
#[ignore = "long"]
fn a_text() {
    let seeds = [
        "State Recv-Q Send-Q Local Address:Port Peer Address:Port\nLISTEN 0 128 0.0.0.0:22 0.0.0.0:*\nESTAB 0 36 [::ffff:10.0.0.5]:22 [2001:db8::7]:51234\n\t cubic rto:204\n",
        "Netid State Recv-Q Send-Q Local Address:Port Peer Address:Port\nudp UNCONN 0 0 127.0.0.53%lo:53 0.0.0.0:*\ntcp CLOSE-WAIT 1 0 *:80 *:*\n",
        "Active Internet connections\nProto Recv-Q Send-Q Local Address Foreign Address State\ntcp6 0 0 :::80 :::* LISTEN\nudp 0 0 0.0.0.0:68 0.0.0.0:*\n",
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n   0: 0100007F:1F90 00000000:0000 0A 00000000:00000003 00:00000000 00000000  1000        0 12345 1 0\n",
    ];
    let seeds: Vec<Vec<u8>> = seeds.iter().map(|text| text.as_bytes().to_vec()).collect();
    run("text", &seeds, |bytes| {
        if let Ok(mut text) = import::read(bytes) {
            look(&mut text.told);
        }
    });
}

/// A host on which every name is known.
struct Everything;

impl Names for Everything {
    fn service(&self, _: &str) -> Option<u16> {
        Some(80)
    }

    fn interface(&self, _: &str) -> Option<u32> {
        Some(1)
    }

    fn user(&self, _: &str) -> Option<u32> {
        Some(0)
    }

    fn cgroup(&self, _: &str) -> Option<u64> {
        Some(1)
    }

    fn host(&self, _: &str) -> Option<Vec<std::net::IpAddr>> {
        None
    }

    fn has_unit(&self, _: &str) -> bool {
        true
    }

    fn has_container(&self, _: &str) -> bool {
        true
    }

    fn has_netns(&self, _: &str) -> bool {
        true
    }

    fn has_program(&self, _: &str) -> bool {
        true
    }
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
    run("filter", &seeds, |bytes| {
        if let Ok(filter) = Filter::parse(&String::from_utf8_lossy(bytes), &Everything) {
            let _ = (filter.bytecode(), filter.needs());
        }
    });
}
