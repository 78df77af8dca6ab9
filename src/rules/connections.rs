//! Helpers for rules about open connections: the side that connected, the program, whether the peer is on this host,
//! and when the kernel gives up.

use super::prelude::*;
use crate::model::group::Direction;

/// Processes named in the evidence.
const NAMED: usize = 5;
/// `TCP_RTO_MIN`: the model of the timeouts begins with it for every round trip time.
const RTO_MIN: Duration = Duration::from_millis(200);
/// `TCP_RTO_MAX_SEC`, where `tcp_rto_max_ms` does not say otherwise (Linux 6.15).
const RTO_MAX_MS: u64 = 120_000;

/// The side that connected: from the kernel's counters, otherwise from whether the local port listens.
pub fn direction(input: &RuleInput<'_>, seen: &Seen) -> Direction {
    let socket = &seen.socket;
    seen.direction().unwrap_or_else(|| match input.listener(socket.local, socket.local_port) {
        Some(_) => Direction::Inbound,
        None => Direction::Outbound,
    })
}

/// Whether a program of this host connected to a service, as far as the source shows.
pub fn is_to_service(input: &RuleInput<'_>, seen: &Seen) -> bool {
    // Without its listeners a text does not show who connected; a client's port is then most likely the higher one.
    let knows_listeners = !input.snapshot.blanks.states.contains(State::LISTEN);
    direction(input, seen) == Direction::Outbound && (knows_listeners || seen.socket.peer_port < seen.socket.local_port)
}

/// How many sockets one record of a state represents, if there were more than the snapshot keeps.
pub fn scale(input: &RuleInput<'_>, state: State) -> f64 {
    let kept = input.sockets(state).count() as f64;
    let beyond = input.now().beyond.get(&state).copied().unwrap_or(0) as f64;
    if kept > 0.0 { (kept + beyond) / kept } else { 1.0 }
}

/// The fraction (0 to 1) of all `ESTABLISHED` sockets.
pub fn part_of_established(input: &RuleInput<'_>, sockets: f64) -> f64 {
    sockets / input.count(State::ESTABLISHED).max(1) as f64
}

/// This host's addresses, as far as its sockets tell.
pub fn own_addresses(input: &RuleInput<'_>) -> BTreeSet<IpAddr> {
    let now = input.now();
    let local = now.sockets.iter().map(|seen| seen.socket.local);
    let listening = now.listeners.iter().map(|listener| listener.address).filter(|address| !address.is_unspecified());
    sorted::set(local.chain(listening))
}

/// The first program that can be named among the holders of sockets.
pub fn program(input: &RuleInput<'_>, sockets: &[&Seen]) -> Option<Program> {
    sockets.iter().find_map(|seen| input.program(seen.socket.inode))
}

/// Somewhere this host is connected to, with the program here.
pub fn destination(input: &RuleInput<'_>, address: IpAddr, port: Option<u16>, sockets: &[&Seen]) -> Subject {
    Subject::Destination { source: None, address, port, program: program(input, sockets) }
}

/// The remedy for the administrator of the other end: the program there, if it is on this host.
pub fn ask_peer(here: Option<&Program>, peer: Word) -> Remedy {
    let text = match here {
        Some(program) => {
            Sentence::plain("fix-here").outside("program", program.name.clone()).number("pid", program.pid.into())
        }
        None => Sentence::plain("fix").with("peer", peer),
    };
    Remedy::new(RemedyKind::Operate, text)
}

/// Destroys connections that no answer will end, so that their program gets an error at once. The command ends with a
/// filter; it shows the consequences and acts once the number is typed.
pub fn destroy(filter: ShellCommand) -> Remedy {
    Remedy::new(RemedyKind::Operate, "destroy").first_aid().command(filter).risk("destroy-risk").needs("needs-root")
}

/// The command that shows where the threads of a process wait.
pub fn stacks(pid: u32) -> ShellCommand {
    ShellCommand::new("cat /proc/").then(pid).then("/task/*/wchan /proc/").then(pid).then("/task/*/stack")
}

/// Lets stopped processes go on.
pub fn go_on(pids: &[u32]) -> ShellCommand {
    pids.iter().fold(ShellCommand::new("kill -CONT"), |command, &pid| command.then(" ").then(pid))
}

/// With the processes of a service that hold most of these sockets, if there are several.
pub fn with_workers(input: &RuleInput<'_>, finding: Finding, sockets: &[&Seen]) -> Finding {
    by_process(finding, &input.workers(sockets))
}

/// Adds the first of these processes and, if there are several, the count of each.
pub fn by_process(finding: Finding, workers: &[(u32, u64)]) -> Finding {
    if workers.len() < 2 {
        return finding;
    }
    let some: Vec<String> = workers.iter().take(NAMED).map(|(pid, count)| format!("{pid} ({count})")).collect();
    let proof = Sentence::plain(if workers.len() > NAMED { "workers-most" } else { "workers" });
    let evidence = Figure::Text(some.join(", "));
    let list = some.into_iter().map(Word::Outside).collect();
    finding.proof(proof.with("list", Word::List(list))).evidence("by_process", evidence, "/proc/PID/fd")
}

/// The inodes of sockets.
pub fn inodes(sockets: &[&Seen]) -> Vec<u32> {
    sockets.iter().map(|seen| seen.socket.inode).collect()
}

/// Sockets by the address of their peer.
pub fn by_peer<'a>(sockets: impl Iterator<Item = &'a Seen>) -> BTreeMap<IpAddr, Vec<&'a Seen>> {
    let mut peers: BTreeMap<IpAddr, Vec<&Seen>> = BTreeMap::new();
    for seen in sockets {
        peers.entry(seen.socket.peer).or_default().push(seen);
    }
    peers
}

/// Sockets to peers that no longer answer.
#[derive(Clone, Copy, Debug)]
pub struct Unanswered {
    /// How many.
    pub count: u64,
    /// The peer that most of them lead to.
    pub peer: IpAddr,
    /// How many lead to it.
    pub of_peer: u64,
}

impl Unanswered {
    /// Counts them; `None` of no socket.
    pub fn of(sockets: &[&Seen]) -> Option<Unanswered> {
        let peers = by_peer(sockets.iter().copied()).into_iter().map(|(peer, all)| (peer, all.len() as u64));
        let (peer, of_peer) = peers.max_by_key(|(_, count)| *count)?;
        Some(Unanswered { count: sockets.len() as u64, peer, of_peer })
    }

    /// Whether they exceed the usual noise: at least this many, and a share of the open connections or several to one
    /// peer.
    pub fn is_many(&self, input: &RuleInput<'_>, least: &Threshold, share: &Threshold, one_peer: &Threshold) -> bool {
        let count = self.count as f64;
        let open = input.count(State::ESTABLISHED) as f64;
        count >= input.limit(least)
            && (count >= input.limit(share) * open || self.of_peer as f64 >= input.limit(one_peer))
    }

    /// The peer, where half of them and several lead to it; else the host.
    pub fn subject(&self, input: &RuleInput<'_>, one_peer: &Threshold) -> Subject {
        if self.of_peer * 2 >= self.count && self.of_peer as f64 >= input.limit(one_peer) {
            Subject::Destination { source: None, address: self.peer, port: None, program: None }
        } else {
            Subject::Host
        }
    }
}

/// The listener that accepted the sockets; inferred from the port if it is gone.
pub fn listener(input: &RuleInput<'_>, sockets: &[&Seen]) -> Option<Subject> {
    let socket = &sockets.first()?.socket;
    Some(match input.listener(socket.local, socket.local_port) {
        Some(listener) => input.listener_subject(listener),
        None => Subject::Listener {
            address: socket.local,
            port: socket.local_port,
            path: None,
            program: program(input, sockets),
        },
    })
}

/// The minimum time until the kernel gives up unacknowledged data after this many retries (`tcp_model_timeout` in
/// `net/ipv4/tcp_timer.c`): the timeout doubles up to its limit.
pub fn gives_up_after(input: &RuleInput<'_>, retries: u64) -> Duration {
    let most = Duration::from_millis(input.sysctl("net.ipv4.tcp_rto_max_ms").unwrap_or(RTO_MAX_MS)).max(RTO_MIN);
    let doublings = (most.as_millis() / RTO_MIN.as_millis()).clamp(1, 1 << 20).ilog2();
    let boundary = u32::try_from(retries).unwrap_or(u32::MAX);
    let (doubled, linear) = (boundary.min(doublings), boundary.saturating_sub(doublings));
    let linear = most.saturating_mul(linear);
    RTO_MIN.saturating_mul((2u32 << doubled) - 1).saturating_add(linear)
}

#[cfg(test)]
mod tests {
    use super::{
        super::{RuleInputs, Settings, fixture::snapshot},
        *,
    };

    #[test]
    fn the_kernel_gives_up_when_its_own_documentation_says() {
        let mut snapshot = snapshot();
        let settings = Settings::default();
        let after =
            |snapshot: &_, retries| gives_up_after(&RuleInputs::new(snapshot, &settings).of("path-dead"), retries);
        assert_eq!(after(&snapshot, 15), Duration::from_millis(924_600));
        assert_eq!(after(&snapshot, 8), Duration::from_millis(102_200));
        snapshot.sysctls.insert("net.ipv4.tcp_rto_max_ms".to_owned(), "10000".to_owned());
        assert_eq!(after(&snapshot, 5), Duration::from_millis(12_600));
        assert_eq!(after(&snapshot, 6), Duration::from_millis(22_600));
        assert!(after(&snapshot, u64::MAX) > Duration::from_secs(9_000));
    }
}
