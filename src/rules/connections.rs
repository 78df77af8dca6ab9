//! What rules about open connections ask: who connected, which program, whether the peer lives on this host, and when
//! the kernel gives up.

use std::{collections::BTreeSet, net::IpAddr, time::Duration};

use super::prelude::*;
use crate::model::group::Direction;

/// `TCP_RTO_MIN`: the model of the timeouts begins with it, whatever the round trip is.
const RTO_MIN: Duration = Duration::from_millis(200);
/// `TCP_RTO_MAX_SEC`, where `tcp_rto_max_ms` does not say otherwise (Linux 6.15).
const RTO_MAX_MS: u64 = 120_000;

/// Who connected: the kernel's own count, else whether the local port listens.
pub fn direction(input: &RuleInput<'_>, seen: &Seen) -> Direction {
    let socket = &seen.socket;
    seen.direction().unwrap_or_else(|| match input.listener(socket.local, socket.local_port) {
        Some(_) => Direction::Inbound,
        None => Direction::Outbound,
    })
}

/// How many sockets one record of a state stands for, where there were more than are kept.
pub fn scale(input: &RuleInput<'_>, state: State) -> f64 {
    let kept = input.sockets(state).count() as f64;
    let beyond = input.now().beyond.get(&state).copied().unwrap_or(0) as f64;
    if kept > 0.0 { (kept + beyond) / kept } else { 1.0 }
}

/// The part that so many sockets are of all that are `ESTABLISHED`.
pub fn part_of_established(input: &RuleInput<'_>, sockets: f64) -> f64 {
    sockets / input.count(State::ESTABLISHED).max(1) as f64
}

/// This host's addresses, as far as its sockets tell.
pub fn own_addresses(input: &RuleInput<'_>) -> BTreeSet<IpAddr> {
    let now = input.now();
    let local = now.sockets.iter().map(|seen| seen.socket.local);
    let listening = now.listeners.iter().map(|listener| listener.address).filter(|address| !address.is_unspecified());
    local.chain(listening).collect()
}

/// The first program that can be named among the holders of sockets.
pub fn program(input: &RuleInput<'_>, sockets: &[&Seen]) -> Option<Program> {
    sockets.iter().find_map(|seen| input.program(seen.socket.inode))
}

/// Somewhere this host is connected to, with the program here.
pub fn destination(input: &RuleInput<'_>, address: IpAddr, port: Option<u16>, sockets: &[&Seen]) -> Subject {
    Subject::Destination { source: None, address, port, program: program(input, sockets) }
}

/// The listener that sockets came to; told from the port where it is gone.
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

/// The program's name, or words for one that cannot be seen.
pub fn program_word(subject: &Subject) -> Word {
    match subject.program() {
        Some(program) => Word::Outside(program.name.clone()),
        None => Sentence::plain("some-program").part(),
    }
}

/// After how long the kernel gives up data that nobody acknowledges, at least, with so many retries
/// (`tcp_model_timeout` in `net/ipv4/tcp_timer.c`): the timeout doubles up to its limit.
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
        super::{Settings, fixture::snapshot},
        *,
    };

    #[test]
    fn the_kernel_gives_up_when_its_own_documentation_says() {
        let mut snapshot = snapshot();
        let settings = Settings::default();
        let after = |snapshot: &_, retries| {
            gives_up_after(&RuleInput { snapshot, rule: "path-dead", settings: &settings }, retries)
        };
        assert_eq!(after(&snapshot, 15), Duration::from_millis(924_600));
        assert_eq!(after(&snapshot, 8), Duration::from_millis(102_200));
        snapshot.sysctls.insert("net.ipv4.tcp_rto_max_ms".to_owned(), "10000".to_owned());
        assert_eq!(after(&snapshot, 5), Duration::from_millis(12_600));
        assert_eq!(after(&snapshot, 6), Duration::from_millis(22_600));
        assert!(after(&snapshot, u64::MAX) > Duration::from_secs(9_000));
    }
}
