//! Datagrams lost because the receive buffer was full, or because there was no memory for them.
//!
//! Seen: the socket's own count of drops and the namespace's `RcvbufErrors` rise together. The socket's count alone may
//! come from a socket filter or a wrong checksum; 50 drops of a filter left `RcvbufErrors` at 0 (knowledge: G,
//! catalogue), and raised `InErrors`. Where the memory limit of the cgroup or `udp_mem` refuses a datagram, `MemErrors`
//! rises in its place; Linux 6.18 raises no counter but the socket's.

use super::{connections, hint, prelude::*, sysctl, tcp_memory::PAGE};
use crate::model::family::Family;

/// The limit of all UDP sockets of the host, in pages: low, pressure, high.
const UDP_MEM: &str = "net.ipv4.udp_mem";
/// The proposed buffer is this many times the present one.
const TIMES: u64 = 4;
/// Datagrams that may be dropped between the reading of the counters and that of the sockets.
const FEW: u64 = 10;
/// The part of the third value of `udp_mem` from which the host has no memory for datagrams.
const FULL: f64 = 0.90;
/// `setsockopt` doubles its value, for the kernel's overhead (`sock_setsockopt`, SO_RCVBUF).
const DOUBLED: u64 = 2;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "udp-drops",
    severities: &[Severity::Warning, Severity::Notice],
    thresholds: &[],
    needs: &[Need::Udp],
    relations: &[],
    evaluate: Evaluate::Many(evaluate),
};

/// A socket with its drops.
struct Loss<'a> {
    seen: &'a Seen,
    /// Since the socket was made.
    all: u64,
    /// Between the two samples.
    rise: u64,
}

fn evaluate(input: &RuleInput<'_>) -> Vec<Finding> {
    let losses = input.now().udp.iter().flatten().filter_map(|seen| loss(input, seen));
    let mut receivers: BTreeMap<(IpAddr, u16), Vec<Loss<'_>>> = BTreeMap::new();
    let mut connected: BTreeMap<Subject, Vec<Loss<'_>>> = BTreeMap::new();
    for loss in losses {
        let socket = &loss.seen.socket;
        if socket.peer_port == 0 {
            receivers.entry((socket.local, socket.local_port)).or_default().push(loss);
        } else {
            connected.entry(input.subject(loss.seen)).or_default().push(loss);
        }
    }
    let receivers = receivers.into_iter().filter_map(|((address, port), all)| {
        let sockets: Vec<&Seen> = all.iter().map(|loss| loss.seen).collect();
        let program = connections::program(input, &sockets);
        judge(input, Subject::Listener { address, port, path: None, program }, &all)
    });
    let connected = connected.into_iter().filter_map(|(subject, all)| judge(input, subject, &all));
    receivers.chain(connected).collect()
}

fn loss<'a>(input: &RuleInput<'_>, seen: &'a Seen) -> Option<Loss<'a>> {
    let all = u64::from(drops(seen)?);
    let rise = match input.before().and_then(|(before, _)| before.udp.as_ref()) {
        // One that reported nothing at the first sample had dropped nothing.
        Some(before) => {
            // Read from /proc/net/udp it has no cookie.
            let identity = |seen: &Seen| (seen.socket.cookie, seen.socket.inode);
            let earlier = before.iter().find(|earlier| identity(earlier) == identity(seen));
            all.saturating_sub(earlier.and_then(drops).map_or(0, u64::from))
        }
        None => 0,
    };
    (all > 0).then_some(Loss { seen, all, rise })
}

fn drops(seen: &Seen) -> Option<u32> {
    seen.memory?.drops
}

/// Why datagrams were lost.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cause {
    /// The receive buffer was full.
    Buffer,
    /// The cgroup, or UDP on this host, had no memory left for them.
    Memory,
}

/// The cause of the drops and its count, by the counters of the namespace; `None` for drops of a filter or a checksum.
fn cause(all: &[Loss<'_>], dropped: u64, count: impl Fn(&str) -> Option<u64>) -> Option<(Cause, u64)> {
    if dropped == 0 {
        return None;
    }
    // A dual-stack socket takes IPv4 too, under IPv4's counter.
    let has_v6 = all.iter().any(|loss| loss.seen.socket.family == Family::Inet6);
    let sum = |name: &str| {
        let v6 = if has_v6 { count(&format!("Udp6{name}")) } else { None };
        count(&format!("Udp{name}")).into_iter().chain(v6).reduce(u64::saturating_add)
    };
    let buffer = sum("RcvbufErrors").unwrap_or(0);
    // A filter, a checksum and a full buffer are all among the errors; without those of IPv6 some would seem uncounted.
    let is_known = !has_v6 || count("Udp6InErrors").is_some();
    let uncounted = sum("InErrors").filter(|_| is_known).map_or(0, |errors| dropped.saturating_sub(errors));
    let uncounted = if uncounted >= FEW && uncounted * 2 >= dropped { uncounted } else { 0 };
    let memory = sum("MemErrors").unwrap_or(0).max(uncounted);
    match buffer.max(memory) {
        0 => None,
        most if most == buffer => Some((Cause::Buffer, buffer)),
        _ => Some((Cause::Memory, memory)),
    }
}

fn judge(input: &RuleInput<'_>, subject: Subject, all: &[Loss<'_>]) -> Option<Finding> {
    let (risen, since): (u64, u64) = (all.iter().map(|loss| loss.rise).sum(), all.iter().map(|loss| loss.all).sum());
    let lately = cause(all, risen, |name| input.rise(name));
    let (severity, dropped, (cause, errors)) = match lately {
        Some(cause) => (Severity::Warning, risen, cause),
        None => (Severity::Notice, since, cause(all, since, |name| input.counter(name))?),
    };
    let count = dropped.min(errors);
    let worst = all.iter().max_by_key(|loss| (loss.rise, loss.all))?.seen;
    let queue = u64::from(worst.socket.rqueue);
    // /proc/net/udp does not show the size of the buffer.
    let buffer = Some(u64::from(worst.memory?.rcvbuf)).filter(|&buffer| buffer > 0);
    let (now, since, why, counters) = match cause {
        Cause::Buffer => ("title-now", "title", "why", "UdpRcvbufErrors, Udp6RcvbufErrors"),
        Cause::Memory => ("title-memory-now", "title-memory", "why-memory", "UdpMemErrors, Udp6MemErrors, skmem.drops"),
    };
    let title = match (lately, input.before()) {
        (Some(_), Some((_, between))) => Sentence::plain(now).time("time", between),
        _ => Sentence::plain(since),
    };
    let figure = if cause == Cause::Buffer { "receive_buffer_errors" } else { "memory_errors" };
    let mut finding = input
        .finding(severity, subject.clone())
        .title(title.count("count", count))
        .why(Sentence::plain(why).with("program", subject.program_word()))
        .evidence("drops", Figure::Count(dropped), if buffer.is_some() { "skmem.drops" } else { "/proc/net/udp" })
        .evidence(figure, Figure::Count(errors), counters)
        .evidence("recv_queue_bytes", Figure::Bytes(queue), "idiag_rqueue")
        .about(all.iter().map(|loss| loss.seen.socket.inode).collect(), count);
    if dropped > errors {
        // A part of it came from a filter or from wrong checksums.
        finding = finding.confidence(Confidence::Likely);
    }
    if let Some(buffer) = buffer {
        let proof = if cause == Cause::Buffer { "proof" } else { "proof-memory" };
        finding = finding.proof(Sentence::plain(proof).bytes("queue", queue).bytes("buffer", buffer)).evidence(
            "receive_buffer_bytes",
            Figure::Bytes(buffer),
            "skmem.rcvbuf",
        );
    }
    let faster = Sentence::plain("fix").with("hint", hint::datagrams(subject.runtime()).part());
    let finding = finding.remedy(Remedy::new(RemedyKind::Code, faster));
    Some(match (cause, buffer) {
        (Cause::Memory, _) => more_memory(input, finding, &subject),
        (Cause::Buffer, Some(buffer)) => larger_buffer(input, finding, buffer),
        (Cause::Buffer, None) => finding.myth("myth"),
    })
}

fn larger_buffer(input: &RuleInput<'_>, finding: Finding, buffer: u64) -> Finding {
    let size = buffer.saturating_mul(TIMES) / DOUBLED;
    let larger = Sentence::plain("fix-buffer").number("size", size).bytes("buffer", buffer);
    let is_default = input.sysctl("net.core.rmem_default") == Some(buffer);
    let raise =
        |name, proposed, text| sysctl::raise(input, name, proposed, text).map(|remedy| remedy.risk("raise-risk"));
    let default = is_default.then(|| raise("net.core.rmem_default", buffer.saturating_mul(TIMES), "raise-default"));
    finding
        .remedy(Remedy::new(RemedyKind::Code, larger).verify("nstat -az UdpRcvbufErrors Udp6RcvbufErrors"))
        .remedy(raise("net.core.rmem_max", size, "raise"))
        .remedy(default.flatten())
        .myth("myth")
}

/// The remedy for lack of memory: `udp_mem` if the host is near it, else a higher limit of the cgroup.
fn more_memory(input: &RuleInput<'_>, mut finding: Finding, subject: &Subject) -> Finding {
    let used = input.now().sockstat.and_then(|sockstat| sockstat.udp_pages);
    let limits = sysctl::numbers(input, UDP_MEM);
    let is_full = used.zip(limits.last()).is_some_and(|(used, &most)| used as f64 >= FULL * most as f64);
    if let Some(used) = used {
        finding = finding.evidence("udp_memory", Figure::Bytes(used.saturating_mul(PAGE)), "/proc/net/sockstat");
    }
    if is_full {
        let raise = sysctl::half_more(input, UDP_MEM, "raise-udp-mem");
        let raise = raise.map(|remedy| remedy.risk("raise-risk").verify("grep UDP: /proc/net/sockstat"));
        return finding.remedy(raise).myth("myth-memory");
    }
    let inspect = subject.program().map(|program| {
        let folder = ShellCommand::new("cd \"/sys/fs/cgroup$(sed -n s/^0:://p /proc/").then(program.pid);
        let command = folder.then("/cgroup)\" && grep -H . memory.max memory.current memory.events");
        Remedy::new(RemedyKind::Operate, "find-memory").inspect().command(command)
    });
    finding.remedy(Remedy::new(RemedyKind::Config, "fix-memory")).remedy(inspect).myth("myth-memory")
}

#[cfg(test)]
mod tests;
