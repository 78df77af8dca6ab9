//! `reach`: connects once to each address of a name, and reports the result and its proof.

pub(super) mod target;

use std::{
    net::{IpAddr, SocketAddr, SocketAddrV6},
    time::Instant,
};

use self::target::{ReachTarget, TargetError};
use rustix::process::{Resource, getrlimit};

use super::{examine::Examination, prelude::*, run::FOUND};
use crate::{
    cli::{check::CheckOptions, options::SampleOptions, reach::ReachOptions},
    collect::{lookup::Lookup, selected::selected, services::ServiceNames},
    filter::facts::Facts,
    model::{
        entry::{End, Entry},
        reach::{Attempt, AttemptEnd, AttemptReport, NameOrigin, NameResult, PortHeadroom, PortListener},
        selection::Selection,
        state::State,
    },
    render::reach::ReachView,
    report::{
        diagnosis::Diagnosis,
        reach::{self, ReachCause},
    },
    source::connect,
};

/// The part of `--timeout`, one of so many, that the lookup of the name leaves to the connections.
const CONNECTS: u32 = 4;

impl Task for ReachOptions {
    fn run(&self, run: Run) -> anyhow::Result<u8> {
        run.reach(self)
    }
}

impl Run {
    fn reach(&self, options: &ReachOptions) -> anyhow::Result<u8> {
        let refused = match () {
            () if self.options.from.is_some() => Some(messages::ERROR_REACH_FROM),
            () if options.udp => Some(messages::ERROR_REACH_UDP),
            () if self.options.netns.as_deref() == Some("all") => Some(messages::ERROR_REACH_NETNS),
            () if options.patience.is_zero() => Some(messages::ERROR_REACH_TIMEOUT),
            () => None,
        };
        if let Some(message) = refused {
            return Err(anyhow!(self.words.text(message)));
        }
        let services = ServiceNames::read(&*self.input.source());
        let target = ReachTarget::read(&options.words, &|name| services.port(name))
            .map_err(|error| anyhow!(self.about_target(&error)))?;
        let patience = options.patience - options.patience / CONNECTS;
        let lookup = Lookup { family: options.family, patience, netns: self.options.netns.as_deref() };
        if target.address().is_some_and(|address| lookup.wanted(vec![address]).is_empty()) {
            return Err(anyhow!(self.words.text(messages::ERROR_REACH_FAMILY)));
        }
        let mut scope = self.scope()?;
        let on_port = self.filter(&[format!("sport = :{}", target.port)], None, &scope)?;
        let to_port = self.filter(&[format!("dport = :{}", target.port)], None, &scope)?;
        let ask = |source: &mut dyn Source, _: usize| {
            let began = Instant::now();
            let name = addresses(source, &target, &lookup);
            let tried = name.as_ref().map(|(_, addresses)| addresses.as_slice()).unwrap_or_default();
            let zone = zone(source, &target)?;
            let tried: Vec<SocketAddr> = tried.iter().map(|address| socket_address(&target, *address, zone)).collect();
            let before = collect::reach::kept_back(source);
            let attempts = connect::attempts(&tried, options.patience.saturating_sub(began.elapsed()));
            let kept_back =
                collect::reach::kept_back(source).zip(before).map_or(0, |(now, then)| now.saturating_sub(then));
            let report = |attempt| report(source, attempt, kept_back, &on_port, &to_port);
            Some((name, attempts.into_iter().map(report).collect::<Vec<_>>()))
        };
        let Some((name, reports)) = scope.each(&*self.input, &ask)?.into_iter().find_map(|(_, answer)| answer) else {
            return Err(anyhow!(self.about_target(&TargetError::Zone(target.zone.unwrap_or_default()))));
        };
        let diagnosis = if reports.is_empty() { Diagnosis::default() } else { self.bearing(&reports)? };
        let is_reached = reports.iter().any(|report| ReachCause::of(report).is_reached());
        let view = ReachView {
            host: collect::host::read(&*self.input.source()),
            netns: self.options.netns.as_deref(),
            given: &options.words.join(" "),
            name: target.host.as_deref(),
            port: target.port,
            is_taken: target.is_taken,
            found: &name,
            reports: &reports,
            diagnosis: &diagnosis,
            is_reached,
        };
        print(|out| match self.options.format {
            Format::Json => render::json::reach::write(out, &view),
            _ => render::reach::write(out, &view, &self.words, &self.screen, self.options.verbose),
        })?;
        Ok(if is_reached { DONE } else { FOUND })
    }

    /// Findings about this host that concern the attempts.
    fn bearing(&self, reports: &[AttemptReport]) -> anyhow::Result<Diagnosis> {
        let rules = self.wanted_rules(&CheckOptions::default())?;
        match self.examine(&Examination::of(&rules, self.closely(SampleOptions::default()), false)) {
            Ok(overview) => {
                let findings = overview.diagnosis.unwrap_or_default().findings;
                Ok(Diagnosis { findings: reach::bearing(findings, reports), ..Diagnosis::default() })
            }
            // The attempts are the answer; a process without descriptors cannot examine anything.
            Err(error) => {
                self.note(&format!("{error:#}"));
                Ok(Diagnosis::default())
            }
        }
    }

    fn about_target(&self, error: &TargetError) -> String {
        let (message, word) = match error {
            TargetError::NoPort(word) => (messages::ERROR_REACH_NO_PORT, word),
            TargetError::Port(word) => (messages::ERROR_REACH_PORT, word),
            TargetError::Brackets(word) => (messages::ERROR_REACH_BRACKETS, word),
            TargetError::Host(word) => (messages::ERROR_REACH_HOST, word),
            TargetError::Zone(word) => (messages::ERROR_REACH_ZONE, word),
        };
        self.words.say(message, &[("word", words(visible(word.as_bytes(), self.screen.unicode)))])
    }
}

/// The addresses of the target.
fn addresses(source: &dyn Source, target: &ReachTarget, lookup: &Lookup<'_>) -> NameResult {
    match (&target.host, target.address()) {
        (_, Some(address)) => Ok((NameOrigin::Literal, vec![address])),
        (None, None) => Ok((NameOrigin::ThisHost, lookup.this_host())),
        (Some(name), None) => lookup.addresses(source, name),
    }
}

/// The number of the interface that was typed, 0 without one; `None` where there is no such interface.
fn zone(source: &dyn Source, target: &ReachTarget) -> Option<u32> {
    let Some(zone) = &target.zone else { return Some(0) };
    source.interface_index(zone).or_else(|| zone.parse().ok())
}

/// An address with the port and, for IPv6, the interface.
fn socket_address(target: &ReachTarget, address: IpAddr, zone: u32) -> SocketAddr {
    match address {
        IpAddr::V6(address) => SocketAddrV6::new(address, target.port, 0, zone).into(),
        address => SocketAddr::new(address, target.port),
    }
}

/// An attempt with facts of this host about it.
fn report(
    source: &mut dyn Source,
    attempt: Attempt,
    kept_back: u64,
    on_port: &Filter,
    to_port: &Filter,
) -> AttemptReport {
    let route = collect::reach::route(source, attempt.to);
    let is_local = route.as_ref().is_ok_and(|hop| hop.is_local());
    let is_unanswered = matches!(attempt.end, AttemptEnd::Refused | AttemptEnd::Silent);
    let errno = attempt.errno.unwrap_or(0);
    // Each retransmission of this attempt must have failed: other connections of a busy host fail, too.
    let repeats = attempt.syns.map_or(0, |count| u64::from(count.saturating_sub(1)));
    AttemptReport {
        zone: attempt.zone().map(|zone| source.interface_names().remove(&zone).unwrap_or(zone.to_string())),
        neighbour: route.as_ref().ok().and_then(|hop| collect::reach::neighbour(source, hop, attempt.to.ip())),
        listeners: if is_local && is_unanswered { listeners(source, on_port) } else { Vec::new() },
        ports: if errno == libc::EADDRNOTAVAIL { headroom(source, attempt.to, to_port) } else { None },
        kept_back: repeats > 0 && kept_back >= repeats,
        descriptors: getrlimit(Resource::Nofile).current.filter(|_| errno == libc::EMFILE),
        route,
        attempt,
    }
}

/// The listeners of the port in this network namespace.
fn listeners(source: &mut dyn Source, on_port: &Filter) -> Vec<PortListener> {
    let known = Known::read(source, Needs::OWNERS, None);
    let mut all = Vec::new();
    each(source, StateSet::of(State::LISTEN), on_port, &known, &mut |entry| {
        let End::Inet(address, port) = entry.local else { return };
        let holder = known.holders(entry).first();
        let process = holder.and_then(|holder| known.process(holder.pid));
        all.push(PortListener {
            address,
            port,
            v6only: entry.v6only,
            program: process.map(|process| (String::from_utf8_lossy(&process.program).into_owned(), process.pid)),
            queue: entry.rqueue,
            limit: entry.accept_limit(),
            drops: entry.detail.as_ref().and_then(|detail| detail.memory?.drops),
        });
    });
    all
}

/// How many ports of the range lead to an address and port; `None` where the range is unknown.
fn headroom(source: &mut dyn Source, to: SocketAddr, to_port: &Filter) -> Option<PortHeadroom> {
    let (low, high) = collect::snapshot::ephemeral_range(source)?;
    let mut used = std::collections::BTreeSet::new();
    each(source, StateSet::ALL, to_port, &Known::default(), &mut |entry| {
        if let (End::Inet(_, port), End::Inet(peer, _)) = (&entry.local, &entry.peer)
            && *peer == to.ip()
            && (low..=high).contains(port)
        {
            used.insert(*port);
        }
    });
    Some(PortHeadroom { used: used.len() as u64, low, high })
}

/// Gives each TCP socket of these states that the filter takes. The examination reports what could not be read.
fn each(source: &mut dyn Source, states: StateSet, filter: &Filter, known: &Known, each: &mut dyn FnMut(&Entry)) {
    let kernel = collect::host::kernel_version(source);
    let _gaps = selected(source, &Selection::tcp(states), filter, known, Needs::MEMORY, kernel, each);
}
