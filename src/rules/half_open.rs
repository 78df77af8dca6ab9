//! Half-open handshakes (`SYN_RECV`) by the service whose clients they are.

use super::{accept::Service, prelude::*, sysctl};

/// Answers to a SYN that are enough: 15 s.
const RETRIES: u64 = 3;
/// The setting that answers SYNs though the queue is full.
pub const SYNCOOKIES: &str = "net.ipv4.tcp_syncookies";

/// The half-open handshakes of one service.
#[derive(Clone, Debug)]
pub struct HalfOpen<'a> {
    /// The service.
    pub service: Service<'a>,
    /// Those that were kept.
    pub seen: Vec<&'a Seen>,
    /// How many there are; estimated where not all were kept.
    pub count: u64,
    /// How many there may be; one more fits. `None` if the limit of a listener is unknown.
    pub limit: Option<u64>,
}

impl HalfOpen<'_> {
    /// The most times the answer to a SYN was sent again.
    pub fn most_retrans(&self) -> u8 {
        self.seen.iter().map(|seen| seen.socket.retrans).max().unwrap_or(0)
    }

    /// How many of those kept had their answer sent again.
    pub fn resent(&self) -> u64 {
        self.seen.iter().filter(|seen| seen.socket.retrans > 0).count() as u64
    }

    /// The clients' addresses.
    pub fn remotes(&self) -> BTreeSet<IpAddr> {
        sorted::set(self.seen.iter().map(|seen| seen.socket.peer))
    }

    /// Whether no more fit.
    pub fn is_full(&self) -> bool {
        self.limit.is_some_and(|limit| self.count >= limit)
    }
}

/// The half-open handshakes of every service that has some.
pub fn all<'a>(input: &RuleInput<'a>) -> Vec<HalfOpen<'a>> {
    let mut ends: BTreeMap<(IpAddr, u16, bool), Vec<&Seen>> = BTreeMap::new();
    let mut kept = 0_u64;
    for seen in input.sockets(State::SYN_RECV).filter(|seen| seen.kind() == Kind::RequestSock) {
        let socket = &seen.socket;
        ends.entry((socket.local, socket.local_port, socket.mapped)).or_default().push(seen);
        kept += 1;
    }
    if kept == 0 {
        return Vec::new();
    }
    let beyond = input.now().beyond.get(&State::SYN_RECV).copied().unwrap_or(0);
    let scale = (kept + beyond) as f64 / kept as f64;
    let mut of_service: BTreeMap<usize, Vec<&Seen>> = BTreeMap::new();
    let services = Service::all(input);
    for ((address, port, is_mapped), seen) in ends {
        let fit = |service: &Service<'_>| fit(service.fullest, address, port, is_mapped);
        let ranked = services.iter().enumerate().filter_map(|(place, service)| Some((fit(service)?, place)));
        if let Some((_, place)) = ranked.min() {
            of_service.entry(place).or_default().extend(seen);
        }
    }
    let half_open = |(place, seen): (usize, Vec<&'a Seen>)| {
        let count = (seen.len() as f64 * scale).round() as u64;
        let service = services.get(place)?.clone();
        let limit = limit(input, &service).map(|limit| limit.max(1));
        Some(HalfOpen { service, seen, count, limit })
    };
    of_service.into_iter().filter_map(half_open).collect()
}

/// How many half-open handshakes a service may have: the backlog of its listeners. Only without SYN cookies does
/// `tcp_max_syn_backlog` count, three quarters of it (`tcp_conn_request`): with 16 of it 13 fit.
fn limit(input: &RuleInput<'_>, service: &Service<'_>) -> Option<u64> {
    let most = input
        .sysctl("net.ipv4.tcp_max_syn_backlog")
        .filter(|_| input.sysctl(SYNCOOKIES) == Some(0))
        .map_or(u64::MAX, |most| most - most / 4);
    service.listeners.iter().map(|listener| Some(u64::from(listener.limit?).min(most))).sum()
}

/// How closely a listener fits a local end, the closest first: its own address, any of its family, any at all.
fn fit(listener: &Listener, address: IpAddr, port: u16, is_mapped: bool) -> Option<u8> {
    if !listener.takes(address, port) {
        return None;
    }
    let is_any = listener.address.is_unspecified();
    match (is_any, listener.address.is_ipv4() == (address.is_ipv4() && !is_mapped)) {
        (false, _) => Some(0),
        (true, true) => Some(1),
        // `::` takes IPv4 too; 0.0.0.0 takes no IPv6.
        (true, false) => (!listener.address.is_ipv4()).then_some(2),
    }
}

/// The one service whose half-open queue is full, else the host: the counters are those of the namespace.
pub fn culprit<'a>(input: &RuleInput<'a>) -> (Subject, Option<Service<'a>>) {
    let mut full = all(input).into_iter().filter(HalfOpen::is_full);
    match (full.next(), full.next()) {
        (Some(one), None) => (one.service.subject(input), Some(one.service)),
        _ => (Subject::Host, None),
    }
}

/// SYN cookies, where they are off.
pub fn cookies(input: &RuleInput<'_>) -> Option<Remedy> {
    sysctl::raise(input, SYNCOOKIES, 1, "half-open-cookies")
}

/// Giving a handshake up earlier: it makes room, and turns lossy clients away.
pub fn fewer_answers(input: &RuleInput<'_>) -> Option<Remedy> {
    let text = Sentence::plain("half-open-retries");
    let remedy = sysctl::lower(input, "net.ipv4.tcp_synack_retries", RETRIES, text)?;
    Some(remedy.risk("half-open-retries-risk"))
}
