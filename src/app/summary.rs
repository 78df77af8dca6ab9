//! `list -s`: how many sockets of each kind there are, in this namespace by the dump itself.
//!
//! `ss -s` subtracts this namespace's sockets from the whole host's to get its "closed", which is right only where there
//! is one namespace (`net/ipv4/proc.c`: `orphan`, `alloc` and `mem` are the host's, `inuse` and `tw` the namespace's).
//! Here every figure says whose it is.

use super::{gaps::Refuse, prelude::*};
use crate::{
    collect::snapshot,
    model::{
        census::Census,
        counted::Counted,
        family::{Family, Netid},
        selection::Selection,
        state::State,
    },
    render::list::summary::{self, HostTotals, ProtocolTotals, Summary, TcpTotals},
};

impl Run {
    /// Prints the summary.
    pub(super) fn summary(&self) -> anyhow::Result<()> {
        let mut scope = self.scope()?;
        let read = |source: &mut dyn Source, family: Option<Family>| {
            let mut selection = Selection::tcp(StateSet::ALL).with_protocols(&Protocol::OVERVIEW);
            selection.family = family;
            collect::count::count(source, &selection, None)
        };
        let ask = |source: &mut dyn Source, _: usize| {
            let mut all = read(source, None);
            let gaps = std::mem::take(&mut all.gaps);
            ((all, read(source, Some(Family::Inet)), read(source, Some(Family::Inet6))), gaps)
        };
        let (answers, gaps) = self.ask_each(&mut scope, &Refuse::Every, None, &ask)?;
        let (mut all, mut v4, mut v6) = (Counted::default(), Counted::default(), Counted::default());
        for (_, (one, one_v4, one_v6)) in answers {
            all.merge(one);
            v4.merge(one_v4);
            v6.merge(one_v6);
        }
        let tcp = all.census(Netid::Tcp).cloned().unwrap_or_default();
        let of = |counted: &Counted, netid| counted.census(netid).map(Census::total);
        let mut transports: Vec<ProtocolTotals> = [Netid::Raw, Netid::Udp, Netid::Tcp]
            .into_iter()
            .map(|netid| ProtocolTotals {
                protocol: netid.name(),
                sockets: of(&all, netid),
                inet: of(&v4, netid),
                inet6: of(&v6, netid),
            })
            .collect();
        transports.push(ProtocolTotals {
            protocol: "unix",
            sockets: all.protocol(Protocol::Unix),
            inet: None,
            inet6: None,
        });
        let host = snapshot::sockstat(&*self.input.source());
        let summary = Summary {
            sockets: all.total(),
            tcp: TcpTotals {
                sockets: tcp.total(),
                established: tcp.sockets(State::ESTABLISHED),
                listen: tcp.sockets(State::LISTEN),
                time_wait: tcp.sockets(State::TIME_WAIT),
            },
            host: HostTotals {
                tcp_orphaned: host.map(|host| host.orphans),
                tcp_allocated: host.map(|host| host.allocated),
            },
            transports,
        };
        print(|out| match self.options.format {
            Format::Json => {
                let gaps: Vec<_> = gaps.iter().map(crate::render::json::gap).collect();
                summary::json(out, &summary, &gaps)
            }
            _ => summary::table(out, &summary, &self.words, &self.screen),
        })
    }
}
