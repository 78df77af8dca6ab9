//! Much that waits for a program, in a source that does not show for how long: a text without `tcp_info`, or `/proc/net`.
//!
//! Detected: ten or more open connections of one program with 256 KiB or more unread, or 50 or more connections that wait to
//! be accepted where the limit of the queue is unknown, or a UDP socket of a pasted text whose receive buffer is half full,
//! or data for a service whose window is closed: the persist timer still runs for 12 s or more, and because the kernel
//! doubles it, the wait before was about as long. A program that reads and accepts leaves all near zero. They are a fault if
//! they stay or grow: only a second sample shows it. Where ages, limits and counters are known, program-hung,
//! unread-requests, peer-zero-window, accept-queue-full and udp-drops apply.

use std::time::Duration;

use super::{accept, close_wait_many, connections, prelude::*};

/// Connections with unread data: fewer may be downloads that the program takes up slowly.
const SOCKETS: Threshold = Threshold::count("sockets", 10.0);
/// Bytes that they hold together.
const BYTES: Threshold = Threshold::bytes("bytes", 262_144.0);
/// Connections that are not accepted yet: few programs keep this number waiting.
const QUEUE: Threshold = Threshold::count("queue", 50.0);
/// The part of the receive buffer that datagrams fill.
const DATAGRAMS: Threshold = Threshold::ratio("datagrams", 0.50);
/// What is left of the persist timer of a connection: six doublings of the first probe's 0.2 s.
const WINDOW: Threshold = Threshold::seconds("window", 12.0);
/// Probes without an answer: one may be lost, three are not.
const SILENT: u8 = 3;
/// Bytes of the receive buffer of a socket whose program did not set one (`net.core.rmem_default`), where a text does not
/// show its size.
const BUFFER: u64 = 212_992;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "queues-many",
    severities: &[Severity::Warning],
    thresholds: &[SOCKETS, BYTES, QUEUE, DATAGRAMS, WINDOW],
    needs: &[Need::TcpOrUdp],
    relations: &[],
    evaluate: Evaluate::Many(evaluate),
};

fn evaluate(input: &RuleInput<'_>) -> Vec<Finding> {
    let listeners = input.now().listeners.iter().filter(|listener| listener.limit.is_none());
    let long = listeners.filter(|listener| f64::from(listener.queue) >= input.limit(&QUEUE));
    // close-wait-many names the queue of the clients that gave up.
    let long = long.filter(|listener| {
        let gave_up = input.sockets(State::CLOSE_WAIT).map(|seen| (seen.socket.local, seen.socket.local_port));
        let gave_up = gave_up.filter(|&(address, port)| listener.takes(address, port)).count();
        (gave_up as f64) < close_wait_many::LEAST.default
    });
    let mut found: Vec<Finding> = long.map(|listener| not_accepted(input, listener)).collect();
    if Need::Details(&[State::ESTABLISHED]).missing(input.snapshot).is_some() {
        let unread = input.sockets(State::ESTABLISHED).filter(|seen| seen.socket.rqueue > 0);
        found.extend(input.by_subject(unread).into_iter().filter_map(|(whose, all)| not_read(input, whose, &all)));
        found.extend(windows_closed(input));
    }
    if input.snapshot.blanks.host {
        found.extend(input.now().udp.iter().flatten().filter_map(|seen| datagrams_not_read(input, seen)));
    }
    found
}

/// Services that do not read what programs of this host send. A client that reads slowly is not news: peer-zero-window.
fn windows_closed(input: &RuleInput<'_>) -> Vec<Finding> {
    let open = [State::ESTABLISHED, State::CLOSE_WAIT].into_iter().flat_map(|state| input.sockets(state));
    let is_closed = |seen: &&Seen| {
        seen.waits_for_window() && left(seen) >= input.time(&WINDOW) && connections::is_to_service(input, seen)
    };
    let mut services: BTreeMap<(IpAddr, u16), Vec<&Seen>> = BTreeMap::new();
    for seen in open.filter(is_closed) {
        services.entry((seen.socket.peer, seen.socket.peer_port)).or_default().push(seen);
    }
    services.into_iter().map(|((address, port), all)| window_closed(input, address, port, &all)).collect()
}

fn window_closed(input: &RuleInput<'_>, address: IpAddr, port: u16, all: &[&Seen]) -> Finding {
    let subject = connections::destination(input, address, Some(port), all);
    let (count, bytes) = (all.len() as u64, all.iter().map(|seen| u64::from(seen.socket.wqueue)).sum());
    let longest = all.iter().map(|seen| left(seen)).max().unwrap_or_default();
    let show = ShellCommand::new("ss -tino dst ").then(address);
    // The peer's kernel answers every probe as long as it runs.
    let probes = all.iter().map(|seen| seen.socket.retrans).max().unwrap_or(0);
    let (why, fix) =
        if probes >= SILENT { ("why-window-silent", "fix-window-silent") } else { ("why-window", "fix-window") };
    let title = Sentence::plain("title-window").bytes("bytes", bytes).count("count", count).time("age", longest);
    input
        .finding(Severity::Warning, subject)
        .title(title)
        .why(Sentence::plain(why).with("peer", Word::Endpoint(address, port)))
        .evidence("sockets", Figure::Count(count), "idiag_timer 4")
        .evidence("send_queue_bytes", Figure::Bytes(bytes), "idiag_wqueue")
        .evidence("timer_left", Figure::Time(longest), "idiag_expires")
        .confidence(Confidence::Inferred)
        .counts(all.iter().copied())
        .about(connections::inodes(all), count)
        .remedy(Remedy::new(RemedyKind::Operate, "inspect-window").inspect().command(show))
        .remedy(Remedy::new(RemedyKind::Operate, Sentence::plain(fix).with("peer", Word::Endpoint(address, port))))
        .myth("myth-window")
}

/// The time until the timer fires.
fn left(seen: &Seen) -> Duration {
    Duration::from_millis(seen.socket.expires_ms.into())
}

fn datagrams_not_read(input: &RuleInput<'_>, seen: &Seen) -> Option<Finding> {
    let socket = &seen.socket;
    let shown = seen.memory.map(|memory| u64::from(memory.rcvbuf)).filter(|&size| size > 0);
    let (queue, buffer) = (u64::from(socket.rqueue), shown.unwrap_or(BUFFER));
    if (queue as f64) < input.limit(&DATAGRAMS) * buffer as f64 {
        return None;
    }
    let program = connections::program(input, &[seen]);
    let subject = Subject::Listener { address: socket.local, port: socket.local_port, path: None, program };
    let show = ShellCommand::new("ss -uanmp sport = :").then(socket.local_port);
    let drops = seen.memory.and_then(|memory| memory.drops).filter(|&drops| drops > 0);
    let why = if shown.is_some() { "why-datagrams" } else { "why-datagrams-default" };
    let mut finding = input
        .finding(Severity::Warning, subject.clone())
        .title(Sentence::plain("title-datagrams").bytes("bytes", queue))
        .why(Sentence::plain(why).with("program", subject.program_word()).bytes("buffer", buffer))
        .evidence("recv_queue_bytes", Figure::Bytes(queue), "idiag_rqueue")
        .about(vec![socket.inode], 1);
    if let Some(size) = shown {
        finding = finding.evidence("receive_buffer_bytes", Figure::Bytes(size), "skmem.rcvbuf");
    }
    if let Some(drops) = drops {
        finding = finding.proof(Sentence::plain("proof-datagrams").count("count", drops.into()));
        finding = finding.evidence("drops", Figure::Count(drops.into()), "skmem.drops");
    }
    Some(
        finding
            .confidence(Confidence::Inferred)
            .remedy(Remedy::new(RemedyKind::Operate, "inspect-datagrams").inspect().command(show))
            .remedy(Remedy::new(RemedyKind::Code, "fix"))
            .myth("myth"),
    )
}

fn not_accepted(input: &RuleInput<'_>, listener: &Listener) -> Finding {
    let subject = input.listener_subject(listener);
    let show = ShellCommand::new("ss -ltnp sport = :").then(listener.port);
    let finding = input
        .finding(Severity::Warning, subject.clone())
        .title("title-queue")
        .count("count", listener.queue.into())
        .why(Sentence::plain("why-queue").with("program", subject.program_word()))
        .about(vec![listener.inode], listener.queue.into())
        .remedy(Remedy::new(RemedyKind::Operate, "inspect-queue").inspect().command(show))
        .remedy(Remedy::new(RemedyKind::Code, "fix-queue"));
    accept::queue(finding.confidence(Confidence::Inferred), listener)
}

fn not_read(input: &RuleInput<'_>, subject: Subject, all: &[&Seen]) -> Option<Finding> {
    let scale = connections::scale(input, State::ESTABLISHED);
    let count = (all.len() as f64 * scale).round() as u64;
    let kept: u64 = all.iter().map(|seen| u64::from(seen.socket.rqueue)).sum();
    let bytes = (kept as f64 * scale).round() as u64;
    if (count as f64) < input.limit(&SOCKETS) || (bytes as f64) < input.limit(&BYTES) {
        return None;
    }
    let program = subject.program_word();
    let inspect = "sockdoc check program-hung unread-requests --for 10s";
    Some(
        input
            .finding(Severity::Warning, subject)
            .count("count", count)
            .bytes("bytes", bytes)
            .why(Sentence::plain("why").with("program", program))
            .evidence("sockets", Figure::Count(count), "idiag_state")
            .evidence("recv_queue_bytes", Figure::Bytes(bytes), "idiag_rqueue")
            .confidence(Confidence::Inferred)
            .counts(all.iter().copied())
            .about(connections::inodes(all), count)
            .remedy(Remedy::new(RemedyKind::Operate, "inspect").inspect().command(inspect))
            .remedy(Remedy::new(RemedyKind::Code, "fix"))
            .myth("myth"),
    )
}

#[cfg(test)]
mod tests {
    use super::{
        super::fixture::{findings, listener, snapshot, socket},
        *,
    };
    use crate::model::snapshot::Snapshot;

    /// Connections with this number of unread bytes each, from a text.
    fn unread(count: u32, bytes: u32) -> Snapshot {
        let mut snapshot = snapshot();
        snapshot.blanks.host = true;
        snapshot.now.add((1..=count).map(|number| {
            let mut seen = socket(State::ESTABLISHED, number);
            (seen.info, seen.socket.rqueue) = (None, bytes);
            seen
        }));
        snapshot
    }

    #[test]
    fn much_unread_on_many_connections_is_one_finding() {
        let [one] = &findings(&RULE, &unread(10, 26_215))[..] else { panic!("not one") };
        assert_eq!((one.confidence, one.count_of("sockets")), (Confidence::Inferred, Some(10)));
        assert!(findings(&RULE, &unread(10, 26_214)).is_empty(), "less than 256 KiB");
        assert!(findings(&RULE, &unread(9, 1_000_000)).is_empty(), "nine");
    }

    #[test]
    fn a_window_closed_for_long_is_one_finding_of_its_service() {
        let closed = |timer, expires_ms, peer_port| {
            let mut snapshot = unread(0, 0);
            snapshot.now.listeners = vec![listener(8080, 7)];
            snapshot.now.add((1..=2).map(|number| {
                let mut seen = socket(State::ESTABLISHED, number);
                (seen.info, seen.socket.wqueue, seen.socket.timer) = (None, 5_000, timer);
                (seen.socket.expires_ms, seen.socket.peer_port) = (expires_ms, peer_port);
                seen.socket.local_port = if peer_port == 443 { 40_000 } else { 8080 };
                seen
            }));
            findings(&RULE, &snapshot)
        };
        let [one] = &closed(Timer::Persist, 12_000, 443)[..] else { panic!("not one") };
        assert_eq!((one.confidence, one.count_of("sockets")), (Confidence::Inferred, Some(2)));
        assert!(closed(Timer::Persist, 11_999, 443).is_empty(), "shorter");
        assert!(closed(Timer::Retransmit, 12_000, 443).is_empty(), "another timer");
        assert!(closed(Timer::Persist, 12_000, 40_000).is_empty(), "a client");
    }

    #[test]
    fn a_half_full_receive_buffer_of_datagrams_counts_in_a_text() {
        let waiting = |bytes: u32, buffer: Option<u32>, is_text: bool| {
            let mut snapshot = snapshot();
            snapshot.blanks.host = is_text;
            let mut seen = socket(State::CLOSE, 1);
            (seen.socket.rqueue, seen.socket.local_port) = (bytes, 514);
            let (rcvbuf, drops) = (buffer.unwrap_or(0), Some(7));
            seen.memory = buffer.map(|_| crate::model::detail::SocketMemory { rcvbuf, drops, ..Default::default() });
            (snapshot.now.tcp, snapshot.now.udp) = (None, Some(vec![seen]));
            findings(&RULE, &snapshot)
        };
        assert_eq!([106_495, 106_496].map(|bytes| waiting(bytes, None, true).len()), [0, 1]);
        assert_eq!([32_767, 32_768].map(|bytes| waiting(bytes, Some(65_536), true).len()), [0, 1]);
        assert_eq!(waiting(65_536, Some(65_536), true)[0].count_of("drops"), Some(7));
        assert!(waiting(212_992, None, false).is_empty(), "the counters of a live host decide: udp-drops");
    }

    #[test]
    fn a_long_accept_queue_counts_where_its_limit_is_unknown() {
        let queued = |queue, limit| {
            let mut snapshot = snapshot();
            snapshot.now.listeners = vec![Listener { queue, limit, ..listener(8080, 7) }];
            findings(&RULE, &snapshot).len()
        };
        assert_eq!([queued(49, None), queued(50, None), queued(50, Some(128))], [0, 1, 0]);
    }
}
