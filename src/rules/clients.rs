//! Clients that hold connections of a service and ask nothing, where nearly all of them come from one other place: a
//! checker that never closes, or slow clients (slowloris). The program waits for them, not they for it.
//!
//! Detected: accepted five seconds ago or more, the program has never sent anything, and the client has sent nothing or
//! only pieces, one after the other. A proxy that waits for the program has sent its request at once.

use super::{connections, prelude::*};
use crate::model::tcp_info::{BYTES_RECEIVED, BYTES_SENT, DATA_SEGS_IN, LAST_DATA_RECV, LAST_DATA_SENT};

/// Most clients ask sooner.
const AGE: Duration = Duration::from_secs(5);
/// Pieces of a request, from this number on; a request is one segment or two.
const PIECES: u64 = 3;
/// The last piece came so long after the first.
const APART: Duration = Duration::from_secs(2);
/// Fewer are chance.
const LEAST: usize = 10;
/// The part of the accepted connections that are such.
const MOST: f64 = 0.8;

/// The clients from one place.
pub(super) struct SilentClients<'a> {
    all: Vec<&'a Seen>,
    /// How many connections were accepted.
    accepted: u64,
}

impl<'a> SilentClients<'a> {
    /// Those of some listeners; `None` unless they are most of the connections that these accepted.
    pub(super) fn of(input: &RuleInput<'a>, listeners: &[&Listener]) -> Option<SilentClients<'a>> {
        let takes = |seen: &&Seen| listeners.iter().any(|one| one.takes(seen.socket.local, seen.socket.local_port));
        let accepted: Vec<&Seen> =
            input.sockets(State::ESTABLISHED).filter(|seen| seen.kind() == Kind::Full).filter(takes).collect();
        if !input.now().all_established || accepted.len() < LEAST {
            return None;
        }
        let silent = connections::by_peer(accepted.iter().copied().filter(|seen| is_silent(seen)));
        let all = silent.into_values().max_by_key(Vec::len)?;
        let is_most = all.len() >= LEAST && all.len() as f64 >= MOST * accepted.len() as f64;
        is_most.then_some(SilentClients { all, accepted: accepted.len() as u64 })
    }

    /// Adds who they are, and who must close them.
    pub(super) fn tell(&self, input: &RuleInput<'_>, mut finding: Finding) -> Finding {
        let Some(first) = self.all.first() else { return finding };
        let (Seen { socket, .. }, count) = (first, self.count());
        // Whose they are on this host is known once the owner of their other end is.
        let other = input.peer_here(first).map(|other| other.socket.inode);
        finding.inodes.extend(other.filter(|_| !input.knows_owners()));
        let proof = Sentence::plain("clients-silent").count("count", count).count("total", self.accepted);
        let fix = match other.and_then(|inode| input.program(inode)) {
            Some(program) => {
                Sentence::plain("clients-close-here").outside("program", program.name).number("pid", program.pid.into())
            }
            None => {
                Sentence::plain("clients-close").address("peer", socket.peer).number("port", socket.local_port.into())
            }
        };
        finding.remedies.insert(0, Remedy::new(RemedyKind::Operate, fix));
        finding.proof.insert(0, proof.address("peer", socket.peer));
        finding.evidence(
            "clients_silent",
            Figure::Count(count),
            "tcp_info.bytes_sent, tcp_info.bytes_received, tcp_info.data_segs_in",
        )
    }

    /// The same for a program that accepts no one else: all its workers wait for them.
    pub(super) fn tell_workers(&self, input: &RuleInput<'_>, finding: Finding) -> Finding {
        let mut finding = self.tell(input, finding);
        finding.remedies.insert(0, Remedy::new(RemedyKind::Config, "clients-limit"));
        let end = self.end();
        finding.remedies.splice(0..0, end);
        match self.all.first() {
            Some(Seen { socket, .. }) => finding.why(Sentence::plain("clients-why").address("peer", socket.peer)),
            None => finding,
        }
    }

    /// How many they are.
    fn count(&self) -> u64 {
        self.all.len() as u64
    }

    /// Ends them at once.
    fn end(&self) -> Option<Remedy> {
        let Seen { socket, .. } = self.all.first()?;
        let text = Sentence::plain("clients-end").address("peer", socket.peer);
        let command = ShellCommand::new("sockdoc kill dst ").then(socket.peer).then(" sport = :");
        let remedy = Remedy::new(RemedyKind::Operate, text).first_aid().command(command.then(socket.local_port));
        Some(remedy.risk("clients-end-risk").needs("needs-root"))
    }
}

/// Whether the program waits for the request of this client.
fn is_silent(seen: &Seen) -> bool {
    let has_asked_nothing = || seen.info(&BYTES_RECEIVED) == Some(0);
    let sends_pieces = |age: Duration| {
        let last = seen.since(&LAST_DATA_RECV).is_some_and(|last| last + APART <= age);
        seen.socket.rqueue == 0 && seen.info(&DATA_SEGS_IN) >= Some(PIECES) && last
    };
    // The program has sent nothing: the time runs from the handshake.
    let age = seen.since(&LAST_DATA_SENT).filter(|&age| seen.info(&BYTES_SENT) == Some(0) && age >= AGE);
    age.is_some_and(|age| has_asked_nothing() || sends_pieces(age))
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            RuleInputs, Settings,
            fixture::{listener, snapshot, socket, with_info},
        },
        *,
    };

    /// Of this many accepted connections, whether some are silent: by sent and received bytes, segments, and the times
    /// since data was sent and received.
    fn count(number: u32, [sent, received, segments, age, last]: [u64; 5], peers: u8) -> Option<u64> {
        let mut snapshot = snapshot();
        snapshot.now.all_established = true;
        snapshot.now.listeners.push(listener(80, 9_999));
        snapshot.now.add((1..=number).map(|number| {
            let mut seen = socket(State::ESTABLISHED, number);
            let fields = [&BYTES_SENT, &BYTES_RECEIVED, &DATA_SEGS_IN, &LAST_DATA_SENT, &LAST_DATA_RECV];
            for (field, value) in fields.into_iter().zip([sent, received, segments, age, last]) {
                seen = with_info(seen, field, value);
            }
            seen.socket.local_port = 80;
            seen.socket.peer = IpAddr::from([10, 9, 0, (number % u32::from(peers)) as u8]);
            seen
        }));
        let settings = Settings::default();
        let inputs = RuleInputs::new(&snapshot, &settings);
        let listeners: Vec<&Listener> = snapshot.now.listeners.iter().collect();
        SilentClients::of(&inputs.of("accept-queue-high"), &listeners).map(|silent| silent.count())
    }

    #[test]
    fn clients_of_one_place_that_ask_nothing_are_silent() {
        assert_eq!(count(10, [0, 0, 0, 5_000, 5_000], 1), Some(10));
        assert_eq!(count(10, [0, 0, 0, 4_999, 4_999], 1), None, "they have just come");
        assert_eq!(count(9, [0, 0, 0, 5_000, 5_000], 1), None, "they are few");
        assert_eq!(count(20, [0, 0, 0, 5_000, 5_000], 2), None, "they come from two places");
        assert_eq!(count(10, [1, 0, 0, 5_000, 5_000], 1), None, "the program speaks first");
    }

    #[test]
    fn a_request_in_pieces_is_slow_and_a_whole_one_waits_for_the_program() {
        assert_eq!(count(10, [0, 8, 8, 15_000, 1_000], 1), Some(10));
        assert_eq!(count(10, [0, 800, 1, 15_000, 1_000], 1), None, "one segment is a request");
        assert_eq!(count(10, [0, 4_000, 3, 15_000, 14_900], 1), None, "it came at once");
    }
}
