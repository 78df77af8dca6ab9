//! The fuzzed code: every reader of bytes from outside, each with all operations of a run on the result. None may
//! panic.

use std::io::Write;

use lz4_flex::frame::{FrameEncoder, FrameInfo};
use sockdoc::{
    ReachTarget,
    archive::{
        Recording, Replayer,
        import::{self, Reading},
    },
    collect::{
        entries::entries,
        query::DumpQuery,
        series::{Baseline, Series},
        snapshot::Depth,
    },
    fault_of_configuration,
    filter::{Filter, names::Names},
    live::keys::KeyReader,
    model::{
        entry::Entry,
        family::{Netid, Protocol},
        needs::Needs,
        shell::ShellCommand,
        state::{State, StateSet},
        tcp_info,
    },
    rules::{self, RULES, Settings},
    serve::{address, http},
    source::{
        Source,
        bpf::{
            btf::{self, Wanted},
            iterate::{HeldSocket, read_held_sockets, read_processes},
        },
        dump::DumpSource,
    },
    text::escape::visible,
    wire,
};

/// Everything that a run asks.
fn look(source: &mut dyn Source) {
    let depth = Depth { deep: true, descriptors: true, bound_inactive: true, usage: true };
    let mut series = Series::new(depth, None, Baseline::First);
    series.next(source);
    let (seen, _) = series.next(source);
    let _ = rules::examine(seen, RULES, &Settings::default());
    for protocol in Protocol::ALL {
        let _ = entries(source, protocol, &DumpQuery::states(StateSet::ALL), &mut |_| {});
    }
}

/// The container of a recording.
pub(crate) fn container(bytes: &[u8]) {
    if let Ok(archive) = Recording::read(bytes.to_vec()) {
        look(&mut Replayer::new(&archive, ""));
    }
}

/// A frame with its length and checksum.
fn framed(raw: &[u8]) -> Vec<u8> {
    let info = FrameInfo::new().content_checksum(true).content_size(Some(raw.len() as u64));
    let mut encoder = FrameEncoder::with_frame_info(info, Vec::new());
    // Writing to memory cannot fail.
    let _ = encoder.write_all(raw);
    encoder.finish().unwrap_or_default()
}

/// The answers in a recording, within whole frames, so that damage reaches their readers.
pub(crate) fn answers(bytes: &[u8]) {
    const HEAD: &[u8] =
        b"{\"recording\":1,\"tool\":\"\",\"redacted\":false,\"netns\":null,\"deep\":true,\"bound_inactive\":true}\n";
    // Lines that broke are left out, and the bytes after those that did not are as many as they say.
    let (mut rest, mut kept, mut answers) = (bytes, Vec::new(), 0_u64);
    while let Some(end) = rest.iter().position(|&byte| byte == b'\n') {
        let (line, after) = rest.split_at(end);
        rest = &after[1..];
        let Ok(mut line) = serde_json::from_slice::<serde_json::Value>(line) else { continue };
        let Some(length) = line.get("bytes").and_then(serde_json::Value::as_u64) else { continue };
        let (body, after) = rest.split_at(rest.len().min(usize::try_from(length).unwrap_or(usize::MAX)));
        line["bytes"] = body.len().into();
        line["more"] = false.into();
        kept.extend([line.to_string().as_bytes(), b"\n", body, b"\n"].concat());
        rest = after;
        answers += 1;
    }
    let end = format!("{{\"answers\":{answers},\"samples\":2}}\n");
    container(&[framed(HEAD), framed(&kept), framed(end.as_bytes())].concat());
}

/// A raw dump, as `ss -D` writes it.
pub(crate) fn dump(bytes: &[u8]) {
    if let Ok(dump) = DumpSource::of_bytes(bytes) {
        look(&mut &dump);
    }
}

/// Text of other tools.
pub(crate) fn text(bytes: &[u8]) {
    let services = |name: &str| (name == "ssh").then_some(22);
    for (capture, state) in [(None, None), (Some(1), Some(State::CLOSE_WAIT))] {
        if let Ok(text) = import::read(bytes, &Reading { services: &services, capture, state }) {
            look(&mut &text.source);
        }
    }
}

/// An expression: its meaning for the kernel, and the data it needs.
pub(crate) fn filter(bytes: &[u8]) {
    if let Ok(filter) = Filter::parse(&String::from_utf8_lossy(bytes), &Everything) {
        let _ = (filter.bytecode(), filter.needs());
    }
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

/// The types of a kernel.
pub(crate) fn types(bytes: &[u8]) {
    let wanted = [
        Wanted::Function("f"),
        Wanted::Definition("a"),
        Wanted::Member("a", "b"),
        Wanted::Member("a", "c"),
        Wanted::Member("sock", "x"),
    ];
    for one in wanted {
        let _ = btf::find(bytes, &[one]);
    }
}

/// The head of a request, split arbitrarily: later parts do not change the result of earlier ones.
pub(crate) fn http(bytes: &[u8]) {
    for is_loopback in [true, false] {
        let whole = http::read(bytes, is_loopback);
        let answer = whole.as_ref().and_then(http::answer_to);
        assert!(answer.is_none_or(|answer| answer.after(0).starts_with(b"HTTP/1.1 ")));
        let first = bytes.get(..bytes.len() / 2).and_then(|half| http::read(half, is_loopback));
        assert!(first.is_none() || first == whole, "{first:?}, then {whole:?}");
    }
}

/// Keys, which are the same for every split.
pub(crate) fn keys(bytes: &[u8]) {
    let (mut whole, mut parts) = (KeyReader::default(), KeyReader::default());
    let keys = whole.read(bytes);
    let size = usize::from(bytes.first().copied().unwrap_or(0) % 5) + 1;
    assert_eq!(keys, bytes.chunks(size).flat_map(|part| parts.read(part)).collect::<Vec<_>>());
    assert_eq!((whole.is_waiting(), whole.rest()), (parts.is_waiting(), parts.rest()));
}

/// The kernel's record of a socket, alone and in the datagram of a socket that ended.
pub(crate) fn record(bytes: &[u8]) {
    let mut entry = Entry::blank(Netid::Tcp, 0);
    if let Some(record) = wire::inet::Record::new(bytes) {
        let _ =
            (wire::inet_detail::fill(&record, Needs::all(), &mut entry), record.socket(), wire::seen::seen(&record));
    }
    if let Some(info) = entry.detail.as_ref().and_then(|detail| detail.tcp_info.as_ref()) {
        let _ = (info.direction(entry.state, 1), tcp_info::FIELDS.iter().filter_map(|field| info.get(field)).max());
    }
    let fill = [wire::destroyed::fill, wire::unix::fill, wire::packet::fill, wire::netlink::fill, wire::vsock::fill];
    for fill in fill.into_iter().chain([wire::tipc::fill as fn(&[u8], Needs, &mut Entry) -> bool, wire::xdp::fill]) {
        let _ = fill(bytes, Needs::all(), &mut entry);
    }
}

/// The answers to the questions of `reach`: of DNS servers, and of the kernel about routes and neighbours.
pub(crate) fn replies(bytes: &[u8]) {
    let _ = (wire::route::route(bytes), wire::route::neighbour_state(bytes));
    let (name, message) =
        bytes.split_at(bytes.first().map_or(0, |&length| usize::from(length % 64) + 1).min(bytes.len()));
    if let Some(question) = wire::dns::question(7, &String::from_utf8_lossy(name.get(1..).unwrap_or_default()), false) {
        let _ = wire::dns::answer(&question, message);
        // Behind the part that repeats the question.
        let head = [0, 7, 0x81, 0x80, 0, 1, 0xff, 0xff, 0, 0, 0, 0];
        let _ = wire::dns::answer(&question, &[&head[..], question.get(12..).unwrap_or_default(), message].concat());
    }
}

/// The output of the BPF programs, split arbitrarily.
pub(crate) fn bpf(bytes: &[u8]) {
    let all = |output: &mut dyn std::io::Read| {
        let mut seen = Vec::new();
        let mut take = |held: HeldSocket| {
            let holder = held.holder;
            seen.push((holder.inode, holder.pid, holder.tid, holder.fd, held.netns));
        };
        let _ = read_held_sockets(output, &mut take);
        seen
    };
    let half = bytes.len() / 3;
    assert_eq!(all(&mut &bytes[..]), all(&mut std::io::Read::chain(&bytes[..half], &bytes[half..])));
    let _ = read_processes(&mut &bytes[..], &mut |_| {});
}

/// A name, as it is shown and as a word of a command: it is one line, and the shell reads it as it was.
pub(crate) fn name(bytes: &[u8]) {
    for unicode in [true, false] {
        let shown = visible(bytes, unicode);
        assert!(!shown.chars().any(char::is_control) && (unicode || shown.is_ascii()), "{shown:?}");
    }
    let name = String::from_utf8_lossy(bytes);
    for word in [ShellCommand::new("x ").outside(&name), ShellCommand::new("x ").operand(&name)].into_iter().flatten() {
        let word = word.strip_prefix("x ").map(|word| word.strip_prefix("-- ").unwrap_or(word)).unwrap_or_default();
        let inner = word.strip_prefix('\'').and_then(|word| word.strip_suffix('\''));
        let is_plain = !word.contains([
            ' ', '\'', '$', '`', '\\', '"', '\n', '*', '?', '[', ';', '&', '|', '<', '>', '(', ')', '#', '~', '!',
        ]);
        let is_quoted = inner
            .is_some_and(|inner| !inner.replace(r"'\''", "").contains('\'') && inner.replace(r"'\''", "'") == name);
        assert!(is_quoted || is_plain && word == name, "{word:?}");
    }
}

/// Addresses: those that people type, and those in the rows that they paste.
pub(crate) fn address(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let _ = address::parse(&text).map(|address| address.is_public());
    let services = |name: &str| (name == "ssh").then_some(22);
    let typed: Vec<String> = text.splitn(2, ' ').map(str::to_owned).collect();
    if let Ok(target) = ReachTarget::read(&typed, &services) {
        assert!(target.port != 0 && target.host.as_ref().is_none_or(|host| !host.contains(char::is_control)));
        let _ = target.address();
    }
    let row = format!("ESTAB 0 0 {text} 10.0.0.1:80\n");
    let _ = import::read(row.as_bytes(), &Reading { services: &services, capture: None, state: None });
}

/// A configuration file.
pub(crate) fn config(bytes: &[u8]) {
    let fault = fault_of_configuration(&String::from_utf8_lossy(bytes));
    assert!(fault.is_none_or(|fault| !fault.is_empty()));
}
