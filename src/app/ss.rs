//! `ss`: from its options to the rows of `list`, in its output.

use std::collections::BTreeMap;

use super::{prelude::*, program::tell, run::FAILED};
use crate::{
    cli::{
        list::{ListOptions, Show},
        ss::{SsError, SsOptions, SsSockets, families_of},
    },
    collect::{names::HostNames, services::ServiceNames, snapshot},
    filter::{
        self,
        error::Problem,
        ss::{SsFilter, parse},
        tables,
    },
    model::family::{Family, Netid},
    render::{
        format::Compat,
        list::{PortNames, ss::summary},
    },
    source::dump::DumpSource,
    system::files,
};

const NAME: &str = "ss";

/// A command line that is not understood.
const MISUSED: u8 = 255;

/// Exit status for an unsupported request.
const REFUSED: u8 = 1;

/// The order in which the tables are walked.
const ORDER: [Protocol; 12] = [
    Protocol::Netlink,
    Protocol::Packet,
    Protocol::Unix,
    Protocol::Raw,
    Protocol::Udp,
    Protocol::Tcp,
    Protocol::Dccp,
    Protocol::Sctp,
    Protocol::Vsock,
    Protocol::Tipc,
    Protocol::Xdp,
    Protocol::Mptcp,
];

impl Task for SsOptions {
    fn run(&self, mut run: Run) -> anyhow::Result<u8> {
        match self {
            SsOptions::Version => {
                let version = env!("CARGO_PKG_VERSION");
                print(|out| writeln!(out, "{NAME} utility, sockdoc {version} (iproute2-6.1.0)")).map(|()| DONE)
            }
            SsOptions::Wrong(error) => {
                tell(NAME, &run.about(error));
                Ok(MISUSED)
            }
            SsOptions::Sockets(sockets) => {
                run.options.netns = sockets.netns.clone();
                match run.ss(sockets) {
                    // An error on stdout is reported by the program.
                    Err(error) if !error.is::<io::Error>() => {
                        tell(NAME, &format!("{error:#}"));
                        Ok(if sockets.kill { FAILED } else { REFUSED })
                    }
                    done => done,
                }
            }
        }
    }
}

impl Run {
    fn about(&self, error: &SsError) -> String {
        let word = |word: &String| [("word", words(visible(word.as_bytes(), self.screen.unicode)))];
        match error {
            SsError::Option(misread) => misread.text(&self.words, self.screen.unicode),
            SsError::Family(name) => self.words.say(messages::ERROR_UNKNOWN_FAMILY, &word(name)),
            SsError::Table(name) => self.words.say(messages::ERROR_UNKNOWN_QUERY, &word(name)),
            SsError::State(name) => self.words.say(messages::ERROR_UNKNOWN_STATE, &word(name)),
            SsError::NoState => self.words.text(messages::ERROR_NO_STATE),
            SsError::FilterTwice => self.words.say(messages::ERROR_TWICE, &[("option", words("-F"))]),
        }
    }

    fn ss(&mut self, sockets: &SsSockets) -> anyhow::Result<u8> {
        let show = sockets.show;
        if sockets.kill {
            let modes = [("-D", sockets.diag_file.is_some()), ("-s", sockets.summary), ("-E", sockets.events)];
            self.refuse_unconfirmed(sockets.yes, &sockets.filter, &modes)?;
        }
        if show.contexts && !collect::host::has_contexts(&*self.input.source()) {
            return Err(anyhow!(self.words.text(messages::ERROR_NO_CONTEXTS)));
        }
        if sockets.summary {
            self.summary_of_ss()?;
            if sockets.summary_alone {
                return Ok(DONE);
            }
        }
        if sockets.tables.is_empty() {
            tell(NAME, &self.words.text(messages::SS_NO_TABLES));
            return Ok(DONE);
        }
        let mut scope = if sockets.kill { self.scope_of_kill()? } else { self.scope()? };
        if let Some(path) = &sockets.diag_file {
            if !sockets.tables.contains(&Netid::Tcp) {
                tell(NAME, &self.words.text(messages::ERROR_FROM_TCP));
                return Ok(DONE);
            }
            let path = if path.starts_with('-') { "-" } else { path };
            // A file of somebody else stays, though this user could put another in its place.
            self.options.force = files::is_own(path);
            let needs = Needs::MEMORY.when(show.memory)
                | (Needs::INFO | Needs::CONGESTION).when(show.info)
                | Needs::TOS.when(show.tos);
            self.copy_dump(&mut scope, path, sockets.states, needs, &sockets.families_walked(None))?;
            return Ok(DONE);
        }
        let file = match sockets.filter_file.as_deref().map(|path| (path, files::read(path))) {
            None => Vec::new(),
            Some((_, Ok(text))) => text,
            Some((path, Err(error))) => {
                tell(NAME, &format!("{:#}", self.about_file(path, &error)));
                return Ok(MISUSED);
            }
        };
        let names = self.input.source();
        let names = HostNames::new(&*names, None, true);
        let parsed = parse(&sockets.filter, &String::from_utf8_lossy(&file), sockets.preferred, &names);
        let SsFilter { filter, family } = match parsed {
            Ok(parsed) => parsed,
            Err((problem, word)) => {
                tell(NAME, &self.about_word(problem, &word));
                let is_misused = matches!(
                    problem,
                    Problem::UnexpectedEnd | Problem::Unexpected | Problem::Unclosed | Problem::Unopened
                );
                return Ok(if is_misused { MISUSED } else { REFUSED });
            }
        };
        // A dump without `-i` leaves these out; the kernel's messages about ended sockets always have them.
        let show = Show { info: show.info || sockets.events && show.memory, ..show };
        let options = ListOptions {
            families: sockets.families_walked(family),
            states: Some(sockets.states),
            show: Show { service_names: !show.numeric, ..show },
            compat: Some(Compat::Ss),
            ..ListOptions::default()
        };
        let mut plan = self.planned(&options, filter)?;
        plan.netids = sockets.tables_walked(family);
        plan.protocols = ORDER.into_iter().filter(|one| plan.netids.iter().any(|of| of.protocol() == *one)).collect();
        // It knows no names of peers.
        plan.needs -= Needs::UNIX_PEERS;
        plan.several = sockets.tables.len() > 1;
        plan.one_state = sockets.states.is_single();
        plan.tcp_dump = self.tcpdiag_file.as_deref().map(first_dump);
        let ports = (!show.numeric).then(|| PortWords::read(self));
        let name_of = |netid, port| ports.as_ref()?.name(netid, port);
        if sockets.events {
            let is_followed = self.follow_listed(&plan, &mut scope, ports.is_some().then_some(&name_of))?;
            return Ok(if is_followed { DONE } else { MISUSED });
        }
        let names: Option<&PortNames<'_>> = ports.is_some().then_some(&name_of);
        match sockets.kill {
            true => self.write_killed(&mut plan, &mut scope, names, &filter::join(&sockets.filter)),
            false => self.write_list(&plan, &mut scope, names, None).map(|_| DONE),
        }
    }

    /// `-s`.
    pub(super) fn summary_of_ss(&self) -> anyhow::Result<()> {
        let totals = snapshot::socket_totals(&*self.input.source());
        print(|out| summary(out, &totals))
    }
}

impl SsSockets {
    /// The families that are shown; one that the filter names is the only one.
    fn families_shown(&self, named: Option<Family>) -> Vec<Family> {
        named.map_or_else(|| self.families.clone(), |family| vec![family])
    }

    /// Which versions of IP are walked: the one that was asked for last alone.
    fn families_walked(&self, named: Option<Family>) -> Vec<Family> {
        let preferred = named.or(self.preferred);
        let shown = self.families_shown(named);
        let is_walked = |family: &Family| match preferred {
            Some(only @ (Family::Inet | Family::Inet6)) => *family == only,
            _ => true,
        };
        [Family::Inet, Family::Inet6].into_iter().filter(|family| is_walked(family) && shown.contains(family)).collect()
    }

    /// The tables that have sockets of these families. TIPC is walked in any case; of TIPC, packet and vsock sockets all
    /// types are shown.
    fn tables_walked(&self, named: Option<Family>) -> Vec<Netid> {
        let (shown, walked) = (self.families_shown(named), self.families_walked(named));
        let has_family = |table: &Netid| match families_of(*table) {
            [Family::Tipc] => true,
            [family] => shown.contains(family),
            _ => !walked.is_empty(),
        };
        let mut tables: Vec<Netid> = self.tables.iter().copied().filter(has_family).collect();
        let holds = |protocol| tables.iter().any(|table: &Netid| table.protocol() == protocol);
        let (vsock, tipc, packet) = (holds(Protocol::Vsock), holds(Protocol::Tipc), holds(Protocol::Packet));
        tables.extend([Netid::PacketRaw, Netid::PacketDatagram].iter().filter(|_| packet));
        tables.extend(vsock.then_some(Netid::VsockSeqpacket));
        tables.extend(tables::TIPC.iter().filter(|_| tipc));
        tables
    }
}

/// The first dump of a file of `-D`, which is all that `ss` reads of it; a file that cannot be read has no sockets.
fn first_dump(path: &str) -> DumpSource {
    DumpSource::first(path).unwrap_or_else(|error| {
        tell(NAME, &format!("TCPDIAG_FILE: {error}"));
        DumpSource::empty()
    })
}

/// The names of ports and, for raw sockets, of protocols.
struct PortWords {
    services: ServiceNames,
    protocols: BTreeMap<u16, String>,
    ephemeral: (u16, u16),
}

impl PortWords {
    /// The default of a kernel that does not report its range.
    const EPHEMERAL: (u16, u16) = (1024, 4999);

    fn read(run: &Run) -> PortWords {
        let source = &*run.input.source();
        PortWords {
            services: ServiceNames::read(source),
            protocols: collect::services::protocols(source),
            ephemeral: snapshot::ephemeral_range(source).unwrap_or(PortWords::EPHEMERAL),
        }
    }

    fn name(&self, netid: Netid, port: u16) -> Option<&str> {
        if netid == Netid::Raw {
            return self.protocols.get(&port).map(String::as_str);
        }
        // No name of a service is meant by a port that the kernel chose.
        let is_ephemeral = (self.ephemeral.0..=self.ephemeral.1).contains(&port);
        if is_ephemeral { None } else { self.services.name(netid, port) }
    }
}
