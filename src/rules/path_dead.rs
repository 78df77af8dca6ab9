//! Peers that no longer acknowledge anything.
//!
//! Detected: six or more retransmission timeouts in a row on open connections, which takes 12 s or more, because the
//! timeout doubles from 0.2 s. A single client is not reported: laptops sleep and phones leave their network (knowledge:
//! E, catalogue). A single service that has not answered a program of this host for 50 s is a notice. If a listener of this
//! host dropped the end of the handshake, the path is not at fault; nor is it where this host's own firewall or routes keep
//! the packets: the kernel then has nothing on its way and tries by the probe timer, though the peer's window has room. A
//! path that loses full-size packets only is reported as that ([`large`]).

mod large;
mod life;
mod unanswered;

use self::{
    life::{Life, PeersHeard},
    unanswered::{SHARE, SOCKETS, compare_sizes, figures, noticeable, unacknowledged},
};
use super::{accept, connections, hint, prelude::*, sysctl};
use crate::model::{incident::Flow, tcp_info};

/// 0.2 + 0.4 + … s: nothing was acknowledged for 12 s and more.
pub(super) const RETRANS: Threshold = Threshold::count("retrans", 6.0);
/// Nothing was acknowledged for 50 s and more.
const LOST: Threshold = Threshold::count("lost", 8.0);
/// For a peer with this number of connections, losing most of them is critical.
const MANY: Threshold = Threshold::count("many", 10.0);
/// Services that do not answer, each reported: with more, the program is a crawler or a mail server, some of whose peers
/// are always gone.
const SERVICES: Threshold = Threshold::count("services", 3.0);
/// The evidence that the peer answers other connections.
const OTHERS: &str = "others_answered";
/// The part of a peer's connections that counts as most.
const MOST: f64 = 0.5;
/// RFC 1122 asks for at least this time before giving up (R2; `ip-sysctl.rst`, tcp_retries2).
const FLOOR_SECONDS: u64 = 100;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "path-dead",
    severities: &[Severity::Critical, Severity::Warning, Severity::Notice],
    thresholds: &[RETRANS, LOST, SOCKETS, SHARE, MANY, SERVICES],
    needs: &[Need::Tcp, Need::Timers(&[State::ESTABLISHED, State::CLOSE_WAIT])],
    relations: &[
        Relation::causes("keepalive-failing", SharedBy::Peer),
        Relation::causes("fin-wait1-orphans", SharedBy::Peer),
        Relation::causes("last-ack-stuck", SharedBy::Peer),
        Relation::causes("loss-high", SharedBy::Connection),
        Relation::same_fault("syn-sent-stuck", SharedBy::Peer).where_(is_silent),
    ],
    evaluate: Evaluate::Many(evaluate),
};

fn evaluate(input: &RuleInput<'_>) -> Vec<Finding> {
    let cut_off = accept::cut_off(input);
    let known: BTreeSet<Flow> = sorted::set(cut_off.iter().map(|seen| seen.flow()));
    let is_path = |seen: &&Seen| is_dead(seen, input.limit(&RETRANS)) && !known.contains(&seen.flow());
    let stuck: Vec<&Seen> = open(input).filter(is_path).collect();
    let heard = life::heard(input, &stuck);
    let is_large = |address: IpAddr, all: &[&Seen]| large::is_lost(input, &heard, address, all);
    let (crowds, single): (Vec<_>, Vec<_>) = connections::by_peer(stuck.into_iter())
        .into_iter()
        .partition(|(_, all)| all.len() as f64 >= input.limit(&SOCKETS));
    let of_peer = |severity, address, all: &[&Seen]| match is_large(address, all) {
        true => large::peer(input, severity, &heard, address, all),
        false => peer(input, severity, &heard, address, all),
    };
    let crowd = |(address, all): &(IpAddr, Vec<&Seen>)| {
        let severity = if is_large(*address, all) { Severity::Warning } else { severity(input, *address, all) };
        of_peer(severity, *address, all)
    };
    let mut findings: Vec<Finding> = crowds.iter().map(crowd).collect();
    let (large, mut single): (Vec<_>, Vec<_>) = single.into_iter().partition(|(address, all)| is_large(*address, all));
    match large::many_peers(input, &heard, &large) {
        Some(finding) => findings.push(finding),
        None => single.extend(large),
    }
    match many_peers(input, &single) {
        Some(many) => findings.push(many),
        None => {
            let few = few_services(input, &single);
            findings.extend(few.iter().map(|(address, all)| of_peer(Severity::Notice, *address, all)));
        }
    }
    let mut services: BTreeMap<(IpAddr, u16), Vec<&Seen>> = BTreeMap::new();
    for seen in cut_off {
        services.entry((seen.socket.peer, seen.socket.peer_port)).or_default().push(seen);
    }
    services.retain(|_, all| all.len() as f64 >= input.limit(&SOCKETS));
    findings.extend(services.iter().map(|(&(address, port), all)| unknown_here(input, address, port, all)));
    let kept = connections::by_peer(open(input).filter(|seen| seen.fails_to_send() && has_tried(input, seen)));
    let crowds = kept.iter().filter(|(_, all)| all.len() as f64 >= input.limit(&SOCKETS));
    findings.extend(crowds.map(|(address, all)| kept_here(input, *address, all)));
    findings
}

/// Whether the peer answers nothing: if it answers others, attempts to connect fail for a reason of their own.
fn is_silent(dead: &Finding, _: &Finding) -> bool {
    dead.evidence.iter().all(|one| one.name != OTHERS)
}

/// Whether it has tried to send as often as a dead connection.
fn has_tried(input: &RuleInput<'_>, seen: &Seen) -> bool {
    seen.info(&tcp_info::BACKOFF).is_some_and(|tries| tries as f64 >= input.limit(&RETRANS))
}

/// Connections whose packets do not leave this host.
fn kept_here(input: &RuleInput<'_>, address: IpAddr, all: &[&Seen]) -> Finding {
    let subject = connections::destination(input, address, None, all);
    let title = Sentence::plain("title-kept").time("age", unacknowledged(all).unwrap_or_default());
    let window = all.iter().filter_map(|seen| seen.info(&tcp_info::SND_WND)).min().unwrap_or(0);
    let route = Sentence::plain("fix-kept-route").address("peer", address);
    let inspect = |text: Sentence| Remedy::new(RemedyKind::Operate, text).inspect();
    let finding = input
        .finding(Severity::Warning, subject)
        .title(title.count("count", all.len() as u64))
        .why(Sentence::plain("why-kept").address("peer", address))
        .proof(Sentence::plain("proof-kept").bytes("window", window))
        .evidence("peer_window_bytes", Figure::Bytes(window), "tcp_info.snd_wnd")
        .remedy(inspect(Sentence::plain("fix-kept")).command("nft list ruleset").needs("needs-root"))
        .remedy(inspect(route).command(ShellCommand::new("ip route get ").then(address)));
    figures(finding, all)
}

/// Clients of a listener of this host that believe they are connected to it.
fn unknown_here(input: &RuleInput<'_>, address: IpAddr, port: u16, all: &[&Seen]) -> Finding {
    let subject = connections::destination(input, address, Some(port), all);
    let title = Sentence::plain("title-here").time("age", unacknowledged(all).unwrap_or_default());
    let show = ShellCommand::new("sockdoc list state listening sport = :").then(port).then(" -p");
    let inspect = Remedy::new(RemedyKind::Operate, "fix-here").inspect().command(show);
    let finding = input
        .finding(Severity::Warning, subject)
        .title(title.count("count", all.len() as u64))
        .why(Sentence::plain("why-here").with("peer", Word::Endpoint(address, port)))
        .confidence(Confidence::Likely)
        .remedy(inspect);
    figures(finding, all)
}

/// Connections a program here holds and may still send on.
fn open<'a>(input: &RuleInput<'a>) -> impl Iterator<Item = &'a Seen> {
    let states = [State::ESTABLISHED, State::CLOSE_WAIT].map(|state| input.sockets(state));
    states.into_iter().flatten().filter(|seen| seen.kind() == Kind::Full)
}

fn is_dead(seen: &Seen, retrans: f64) -> bool {
    seen.socket.timer == Timer::Retransmit && f64::from(seen.socket.retrans) >= retrans
}

/// How severe several dead connections to one peer are.
fn severity(input: &RuleInput<'_>, address: IpAddr, all: &[&Seen]) -> Severity {
    let lost = all.iter().filter(|seen| is_dead(seen, input.limit(&LOST))).count() as f64;
    let total = open(input).filter(|seen| seen.socket.peer == address).count() as f64;
    // How many a peer has in all is known only where all were read.
    let is_most = input.now().all_established && total >= input.limit(&MANY) && lost > MOST * total;
    if is_most { Severity::Critical } else { Severity::Warning }
}

/// Services that have not answered a program of this host for long; none of them if they are many.
fn few_services<'a>(input: &RuleInput<'_>, single: &[(IpAddr, Vec<&'a Seen>)]) -> Vec<(IpAddr, Vec<&'a Seen>)> {
    let lost = single.iter().flat_map(|(_, all)| all.iter().copied()).filter(|seen| is_dead(seen, input.limit(&LOST)));
    let peers = connections::by_peer(lost.filter(|seen| connections::is_to_service(input, seen)));
    if peers.len() as f64 > input.limit(&SERVICES) { Vec::new() } else { peers.into_iter().collect() }
}

/// Dead connections to one peer.
fn peer(input: &RuleInput<'_>, severity: Severity, heard: &PeersHeard, address: IpAddr, all: &[&Seen]) -> Finding {
    let total = open(input).filter(|seen| seen.socket.peer == address).count() as u64;
    let subject = connections::destination(input, address, None, all);
    let count = all.len() as u64;
    let life = Life::of(input, heard, address, all);
    let title = match unacknowledged(all) {
        Some(age) if life == Life::Sends => Sentence::plain("title-unacknowledged").time("age", age),
        Some(age) => Sentence::plain("title").time("age", age),
        None => Sentence::plain("title-count"),
    };
    let mut finding = input.finding(severity, subject).title(title.count("count", count));
    let (why, fix) = match life {
        Life::Silent => ("why", "fix"),
        Life::Sends => ("why-one-way", "fix-one-way"),
        Life::Answers(_) => ("why-others", "fix-others"),
    };
    finding = finding.why(Sentence::plain(why).address("peer", address));
    if let Life::Answers(last) = life {
        finding = finding.evidence(OTHERS, Figure::Time(last), "tcp_info.last_ack_recv, idiag_expires of TIME_WAIT");
    }
    if input.now().all_established {
        finding = finding.proof(Sentence::plain("proof-total").count("count", count).count("total", total)).evidence(
            "connections",
            Figure::Count(total),
            "idiag_state",
        );
    }
    let inspect = Remedy::new(RemedyKind::Operate, Sentence::plain(fix).address("peer", address));
    let dead = ShellCommand::new("sockdoc kill timer = on retrans ge ").then(input.limit(&RETRANS) as u64);
    let destroy = connections::destroy(dead.then(" dst ").then(address));
    let finding = finding
        .remedy(destroy)
        .remedy(inspect.command(ShellCommand::new("ip route get ").then(address)))
        .remedy(compare_sizes(address, all));
    complete(input, finding, all)
}

/// A noticeable part of all connections, each to another peer.
fn many_peers(input: &RuleInput<'_>, peers: &[(IpAddr, Vec<&Seen>)]) -> Option<Finding> {
    let all: Vec<&Seen> = peers.iter().flat_map(|(_, all)| all.iter().copied()).collect();
    let (count, part) = noticeable(input, &all)?;
    let peers = peers.len() as u64;
    let finding = input
        .finding(Severity::Warning, Subject::Host)
        .title("title-many")
        .count("count", count.round() as u64)
        .ratio("part", part)
        .count("peers", peers)
        .evidence("part_of_connections", Figure::Ratio(part), "idiag_retrans")
        .evidence("peers", Figure::Count(peers), "idiag_dst")
        .remedy(Remedy::new(RemedyKind::Operate, "fix-many").command("ip -s link"));
    Some(complete(input, finding, &all))
}

fn complete(input: &RuleInput<'_>, finding: Finding, all: &[&Seen]) -> Finding {
    let mut finding = figures(finding, all);
    if let Some(retries) = input.sysctl("net.ipv4.tcp_retries2") {
        let limit = Sentence::plain("limit")
            .time("time", connections::gives_up_after(input, retries))
            .number("retries", retries);
        finding = finding.limit(Some(limit));
    }
    let runtime = finding.subject.runtime();
    let code = Sentence::plain("fix-timeout").with("hint", hint::give_up(runtime).part());
    finding.remedy(Remedy::new(RemedyKind::Code, code)).remedy(give_up_sooner(input)).myth("myth")
}

/// The fewest retries that still wait as long as the RFC asks for; with the kernel's own limits that is 8.
fn give_up_sooner(input: &RuleInput<'_>) -> Option<Remedy> {
    let is_long = |&retries: &u64| connections::gives_up_after(input, retries).as_secs() >= FLOOR_SECONDS;
    let retries = (1..=15).find(is_long)?;
    let text = Sentence::plain("sooner").time("time", connections::gives_up_after(input, retries));
    let remedy = sysctl::lower(input, "net.ipv4.tcp_retries2", retries, text)?;
    Some(remedy.risk("sooner-risk"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{
        super::fixture::{findings, listener, severities, snapshot, socket, ten, with_info},
        *,
    };
    use crate::model::snapshot::Snapshot;

    fn dead(number: u32, peer: u8, retrans: u8) -> Seen {
        let mut seen = with_info(socket(State::ESTABLISHED, number), &tcp_info::LAST_ACK_RECV, 13_000);
        (seen.socket.peer, seen.socket.timer, seen.socket.retrans) = (ten(peer), Timer::Retransmit, retrans);
        seen.socket.wqueue = 100;
        seen
    }

    fn host(dead: impl IntoIterator<Item = Seen>, healthy: u32) -> Snapshot {
        let mut snapshot = snapshot();
        snapshot.before = None;
        snapshot.now.add(dead);
        let fine = (1..=healthy).map(|number| {
            let mut seen = socket(State::ESTABLISHED, 10_000 + number);
            seen.socket.peer = ten(99);
            seen
        });
        snapshot.now.add(fine);
        snapshot
    }

    #[test]
    fn three_to_one_peer_are_a_warning() {
        assert_eq!(severities(&RULE, &host((1..=3).map(|n| dead(n, 7, 6)), 1_000)), [Severity::Warning]);
        assert_eq!(severities(&RULE, &host((1..=3).map(|n| dead(n, 7, 5)), 1_000)), []);
        assert_eq!(severities(&RULE, &host((1..=2).map(|n| dead(n, 7, 6)), 1_000)), []);
    }

    #[test]
    fn a_peer_that_answers_other_connections_or_sends_itself_is_not_off() {
        let silent_for = |age: u64| {
            (1..=3).map(move |n| {
                let seen = with_info(dead(n, 7, 6), &tcp_info::RTO, 25_600_000);
                with_info(seen, &tcp_info::LAST_ACK_RECV, age)
            })
        };
        let found = |own: u64, other: u64| {
            let mut snapshot = host(silent_for(own), 0);
            let mut fine = with_info(socket(State::ESTABLISHED, 9), &tcp_info::LAST_ACK_RECV, other);
            fine.socket.peer = ten(7);
            snapshot.now.add([fine]);
            let found = findings(&RULE, &snapshot).remove(0);
            let why = found.why.as_ref().map(|why| why.id).unwrap_or_default();
            (is_silent(&found, &found), why)
        };
        assert_eq!(found(60_000, 59_000), (true, "why"));
        assert_eq!(found(60_000, 1_000), (false, "why-others"));
        assert_eq!(found(1_000, 59_000), (true, "why-one-way"));
    }

    #[test]
    fn single_clients_are_not_reported_until_they_are_many() {
        let each_another = |count: u32| {
            (1..=count).map(|n| {
                let mut seen = dead(n, n as u8, 9);
                seen.socket.local_port = 8080;
                seen
            })
        };
        let host = |dead, healthy| {
            let mut snapshot = host(dead, healthy);
            snapshot.now.listeners = vec![listener(8080, 7)];
            snapshot
        };
        assert_eq!(severities(&RULE, &host(each_another(1), 1)), []);
        assert_eq!(severities(&RULE, &host(each_another(2), 10)), []);
        assert_eq!(severities(&RULE, &host(each_another(9), 892)), []);
        let found = findings(&RULE, &host(each_another(9), 891));
        assert_eq!((found.len(), found[0].severity, &found[0].subject), (1, Severity::Warning, &Subject::Host));
    }

    #[test]
    fn a_service_that_does_not_answer_for_long_is_a_notice() {
        let each_another = |count: u32, retrans: u8| (1..=count).map(move |n| dead(n, n as u8, retrans));
        assert_eq!(severities(&RULE, &host(each_another(1, 8), 1_000)), [Severity::Notice]);
        assert_eq!(severities(&RULE, &host(each_another(1, 7), 1_000)), []);
        assert_eq!(severities(&RULE, &host(each_another(3, 8), 1_000)), [Severity::Notice; 3]);
        assert_eq!(severities(&RULE, &host(each_another(4, 8), 1_000)), [], "a crawler");
        // Whether 443 listens here is unknown.
        let mut text = host(each_another(1, 8), 0);
        text.blanks.states = crate::model::state::StateSet::ALL;
        let ends = |snapshot: &mut Snapshot, local, peer| {
            snapshot
                .now
                .sockets
                .iter_mut()
                .for_each(|seen| (seen.socket.local_port, seen.socket.peer_port) = (local, peer));
        };
        ends(&mut text, 40_000, 443);
        assert_eq!(severities(&RULE, &text), [Severity::Notice]);
        ends(&mut text, 443, 40_000);
        assert_eq!(severities(&RULE, &text), []);
    }

    #[test]
    fn most_of_the_connections_of_a_peer_with_many_is_critical() {
        let most = |lost: u32| host((1..=10).map(move |n| dead(n, 7, if n <= lost { 8 } else { 7 })), 0);
        assert_eq!(severities(&RULE, &most(6)), [Severity::Critical]);
        assert_eq!(severities(&RULE, &most(5)), [Severity::Warning]);
        let mut unknown = most(10);
        unknown.now.all_established = false;
        assert_eq!(severities(&RULE, &unknown), [Severity::Warning]);
        assert_eq!(severities(&RULE, &host((1..=9).map(|n| dead(n, 7, 8)), 0)), [Severity::Warning]);
    }

    #[test]
    fn data_in_flight_and_closed_windows_are_none() {
        for timer in [Timer::Persist, Timer::Keepalive, Timer::None] {
            let other = (1..=9).map(|n| {
                let mut seen = dead(n, 7, 9);
                seen.socket.timer = timer;
                seen
            });
            assert_eq!(severities(&RULE, &host(other, 0)), []);
        }
        let orphans = (1..=9).map(|n| {
            let mut seen = dead(n, 7, 9);
            (seen.socket.state, seen.socket.inode) = (State::FIN_WAIT1, 0);
            seen
        });
        assert_eq!(severities(&RULE, &host(orphans, 0)), []);
    }

    #[test]
    fn the_kernel_is_asked_to_give_up_sooner_only_where_it_waits_long() {
        let mut snapshot = host((1..=3).map(|n| dead(n, 7, 6)), 0);
        let commands = |snapshot: &Snapshot| -> Vec<ShellCommand> {
            let remedies = findings(&RULE, snapshot).remove(0).remedies;
            let commands: Vec<ShellCommand> = remedies.into_iter().filter_map(|remedy| remedy.command).collect();
            assert_eq!(*commands[0], *"sockdoc kill timer = on retrans ge 6 dst 10.0.0.7");
            commands[1..].to_vec()
        };
        assert_eq!(commands(&snapshot), ["ip route get 10.0.0.7", "sysctl -w net.ipv4.tcp_retries2=8"]);
        for retries in ["8", "5"] {
            snapshot.sysctls.insert("net.ipv4.tcp_retries2".to_owned(), retries.to_owned());
            assert_eq!(commands(&snapshot), ["ip route get 10.0.0.7"]);
        }
        // A lower limit of the timeout needs more retries for the same time.
        snapshot.sysctls.insert("net.ipv4.tcp_retries2".to_owned(), "15".to_owned());
        snapshot.sysctls.insert("net.ipv4.tcp_rto_max_ms".to_owned(), "10000".to_owned());
        assert_eq!(commands(&snapshot).last().map(|command| &**command), Some("sysctl -w net.ipv4.tcp_retries2=14"));
    }

    #[test]
    fn the_time_to_the_end_is_reported() {
        let found = findings(&RULE, &host((1..=3).map(|n| dead(n, 7, 6)), 0)).remove(0);
        let limit = found.limit.unwrap();
        assert!(limit.values.contains(&("time", Word::Time(Duration::from_millis(924_600)))));
    }
}
