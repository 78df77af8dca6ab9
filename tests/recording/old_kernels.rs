//! Dumps of kernels below 5.10, which no package source has any more. Generated, not recorded: the messages are laid out as
//! those kernels' headers say (`inet_diag.h`, `tcp.h`, `sock_diag.h`), with the attributes of `inet_sk_diag_fill` of that
//! release and none that came later (`ULP_INFO` 5.3, `CGROUP_ID` 5.8, `SOCKOPT` 5.10).

use serde_json::Value;

use super::{json, sockdoc};

/// The layout of a socket in a release.
struct Layout {
    release: &'static str,
    /// Bytes of `struct tcp_info`.
    tcp_info: usize,
    /// Words of `INET_DIAG_SKMEMINFO`; the ninth is the drops.
    memory: usize,
    /// Whether `INET_DIAG_CLASS_ID` is there.
    has_class: bool,
}

const LAYOUTS: [Layout; 4] = [
    Layout { release: "3.10", tcp_info: 104, memory: 8, has_class: false },
    Layout { release: "4.9", tcp_info: 168, memory: 9, has_class: false },
    Layout { release: "4.14", tcp_info: 192, memory: 9, has_class: true },
    Layout { release: "4.18", tcp_info: 200, memory: 9, has_class: true },
];

/// Fields of `tcp_info` with the place of their first byte, and the same in JSON.
const FIGURES: [(usize, &str, usize); 6] = [
    (68, "rtt_us", 4),
    (100, "total_retrans", 4),
    (120, "acked_bytes", 8),
    (148, "min_rtt_us", 4),
    (176, "rwnd_limited_us", 8),
    (192, "delivered", 4),
];
/// Those that came with 4.19 and later.
const LATER: [&str; 5] = ["sent_bytes", "retrans_bytes", "dsack_dups", "rcv_ooopack", "snd_wnd_bytes"];

const ESTABLISHED: u8 = 1;
const CLOSE_WAIT: u8 = 8;
const LISTEN: u8 = 10;

fn attribute(into: &mut Vec<u8>, kind: u16, payload: &[u8]) {
    into.extend((4 + payload.len() as u16).to_ne_bytes());
    into.extend(kind.to_ne_bytes());
    into.extend(payload);
    into.resize(into.len().next_multiple_of(4), 0);
}

/// A netlink message of `NLM_F_MULTI`.
fn message(into: &mut Vec<u8>, kind: u16, payload: &[u8]) {
    into.extend((16 + payload.len() as u32).to_ne_bytes());
    into.extend(kind.to_ne_bytes());
    into.extend(2u16.to_ne_bytes());
    into.extend([0; 8]);
    into.extend(payload);
}

/// `struct inet_diag_msg` and the attributes of an IPv4 socket with that number.
fn socket(layout: &Layout, state: u8, number: u16) -> Vec<u8> {
    let mut payload = vec![2, state, 0, 0];
    let peer_port: u16 = if state == LISTEN { 0 } else { 40_000 + number };
    payload.extend([8080u16.to_be_bytes(), peer_port.to_be_bytes()].concat());
    for last in [1, 2] {
        payload.extend([10, 0, 0, if state == LISTEN { 0 } else { last }]);
        payload.extend([0; 12]);
    }
    // Interface, cookie (two words), expires, queues, uid, inode.
    let queue = if state == LISTEN { 128 } else { 0 };
    for word in [0, u32::from(number) + 1, 0, 0, 0, queue, 1000, 7000 + u32::from(number)] {
        payload.extend(word.to_ne_bytes());
    }
    let mut info = vec![0; layout.tcp_info];
    info[0] = state;
    for (place, _, size) in FIGURES {
        if place + size <= layout.tcp_info {
            info[place..place + 2].copy_from_slice(&(place as u16).to_ne_bytes());
        }
    }
    // Nothing was sent and nothing came for two hours: tcpi_last_data_sent, last_data_recv, last_ack_recv.
    for place in [44, 52, 56] {
        info[place..place + 4].copy_from_slice(&7_200_000u32.to_ne_bytes());
    }
    let memory: Vec<u8> = (0..layout.memory as u32).flat_map(|word| (word * 100).to_ne_bytes()).collect();
    attribute(&mut payload, 8, &[0]);
    attribute(&mut payload, 5, &[0]);
    if layout.has_class {
        attribute(&mut payload, 17, &[0; 4]);
    }
    attribute(&mut payload, 1, &[0; 16]);
    attribute(&mut payload, 7, &memory);
    attribute(&mut payload, 2, &info);
    attribute(&mut payload, 4, b"cubic\0");
    payload
}

/// A listener, three connections, and 60 that were never closed.
fn dump(layout: &Layout) -> Vec<u8> {
    let mut bytes = vec![];
    let states = [&[LISTEN][..], &[ESTABLISHED; 3], &[CLOSE_WAIT; 60]].concat();
    for (number, &state) in states.iter().enumerate() {
        message(&mut bytes, 20, &socket(layout, state, number as u16));
    }
    message(&mut bytes, 3, &[0; 4]);
    bytes
}

#[test]
fn sockets_are_counted_and_listed_with_what_the_release_tells() {
    for layout in &LAYOUTS {
        let dump = dump(layout);
        let release = layout.release;
        for (state, count) in [("listen", 1), ("established", 3), ("close-wait", 60)] {
            assert_eq!(json(&["count", "--json", state, "--from", "-"], &dump)["sockets"], count, "{release}");
        }
        let listed = json(&["list", "-taiem", "--json", "--from", "-"], &dump);
        let rows = listed["sockets"].as_array().unwrap();
        assert_eq!(rows.len(), 64, "{release}");
        let row = rows.iter().find(|row| row["state"] == "ESTABLISHED").unwrap();
        assert_eq!((&row["cgroup"], &row["uid"]), (&Value::Null, &1000.into()), "{release}");
        let info = &row["tcp_info"];
        for (place, name, size) in FIGURES {
            let told = (place + size <= layout.tcp_info).then_some(place);
            assert_eq!(info[name].as_u64(), told.map(|value| value as u64), "{release}: {name}");
        }
        // Fields that the kernel lacks are absent, never 0.
        assert!(LATER.iter().all(|name| info[name].is_null()), "{release}: {info:#}");
        let text = sockdoc(&["list", "-taiem", "--from", "-"], &dump);
        assert!(text.code == Some(0) && text.stdout.contains("cubic"), "{release}: {}", text.stderr);
    }
}

#[test]
fn the_rules_find_a_leak_without_what_came_later() {
    for layout in &LAYOUTS {
        let checked = json(&["check", "--json", "--from", "-"], &dump(layout));
        let found = checked["findings"].as_array().unwrap();
        let is_leak = |one: &&Value| one["rule"].as_str().unwrap().starts_with("close-wait-");
        assert_eq!(found.iter().filter(is_leak).count(), 1, "{}: {found:#?}", layout.release);
    }
}

#[test]
fn a_dump_that_ends_within_a_message_is_refused_or_read_up_to_there() {
    for layout in &LAYOUTS {
        let dump = dump(layout);
        for end in (0..420).step_by(13).chain(dump.len() - 24..dump.len()) {
            let code = sockdoc(&["count", "--from", "-"], &dump[..end]).code;
            assert!(matches!(code, Some(0 | 2)), "{}: {end}: {code:?}", layout.release);
        }
    }
}
