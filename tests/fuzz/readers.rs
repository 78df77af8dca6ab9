//! What is fuzzed: every reader of bytes from outside, each with all that a run asks of what it read. None may panic.

use std::io::Write;

use lz4_flex::frame::{FrameEncoder, FrameInfo};
use sockdoc::{
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
    filter::{Filter, names::Names},
    model::{
        family::Protocol,
        state::{State, StateSet},
    },
    rules::{self, RULES, Settings},
    source::{
        Source,
        bpf::btf::{self, Wanted},
        dump::DumpSource,
    },
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

/// The answers in a recording, within whole frames, so that what is damaged reaches those who read it.
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

/// An expression: what it means to the kernel, and what it needs to know.
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
