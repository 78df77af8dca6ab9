//! The text output of `reach`: each address with the end of the attempt and its proof, then the findings.

use std::net::IpAddr;

use super::{
    findings::{self, amount::Amount},
    prelude::*,
};
use crate::{
    model::{
        host::Host,
        reach::{
            AttemptEnd, AttemptReport, Hop, IcmpError, NameFailure, NameOrigin, NameResult, PortListener, errno_name,
        },
        shell::ShellCommand,
    },
    report::{diagnosis::Diagnosis, reach::ReachCause},
    text::{
        MessageValue,
        layout::LONGEST_PROSE,
        rule::{bytes, duration, endpoint},
    },
};

const BOLD: Style = Style::new().bold();
/// Blanks before the lines about an address.
const INDENT: usize = 2;

/// The attempts and their results.
#[derive(Clone, Debug)]
pub struct ReachView<'a> {
    /// Where and when.
    pub host: Host,
    /// `--netns`.
    pub netns: Option<&'a str>,
    /// The target on the command line.
    pub given: &'a str,
    /// The name or address; `None` for this host.
    pub name: Option<&'a str>,
    /// The port.
    pub port: u16,
    /// Whether a part of the argument was ignored.
    pub is_taken: bool,
    /// Where the name led.
    pub found: &'a NameResult,
    /// The attempts, one for each address.
    pub reports: &'a [AttemptReport],
    /// Findings that concern the attempts.
    pub diagnosis: &'a Diagnosis,
    /// Whether an address was reached.
    pub is_reached: bool,
}

/// Writes it; with `all` every line of a finding.
pub fn write(
    out: &mut dyn Write,
    view: &ReachView<'_>,
    catalogue: &Catalogue,
    screen: &Screen,
    all: bool,
) -> io::Result<()> {
    let width = screen.width.min(LONGEST_PROSE);
    let name = visible(view.name.unwrap_or_default().as_bytes(), screen.unicode);
    if view.is_taken {
        let values = [("host", words(name.clone())), ("port", words(view.port.to_string()))];
        paragraph(out, &catalogue.say(messages::REACH_TAKEN, &values), 0, width)?;
    }
    let lookup = match view.found {
        Ok((origin, addresses)) => found(&name, origin, addresses, catalogue, screen),
        Err(failure) => Some(not_found(&name, failure, catalogue)),
    };
    if let Some(line) = &lookup {
        paragraph(out, line, 0, width)?;
    }
    let mut is_first = !view.is_taken && lookup.is_none();
    for report in view.reports {
        if !std::mem::take(&mut is_first) {
            writeln!(out)?;
        }
        let said = AttemptWords { report, catalogue, screen };
        writeln!(out, "{}", screen.styled(BOLD, &said.headline()))?;
        for line in said.lines() {
            paragraph(out, &line, INDENT, width)?;
        }
        if let Some((what, command)) = said.next() {
            paragraph(out, &what, INDENT, width)?;
            writeln!(out, "{:1$}{command}", "", INDENT * 2)?;
        }
    }
    if !view.diagnosis.findings.is_empty() {
        let amount = if all { &Amount::ALL } else { &Amount::PLAIN };
        findings::write(out, view.diagnosis, catalogue, screen, amount, false)?;
    }
    Ok(())
}

fn paragraph(out: &mut dyn Write, text: &str, indent: usize, width: usize) -> io::Result<()> {
    wrapped(text, width - indent).iter().try_for_each(|line| writeln!(out, "{:indent$}{line}", ""))
}

/// Where a name led; nothing of an address that was typed.
fn found(
    name: &str,
    origin: &NameOrigin,
    addresses: &[IpAddr],
    catalogue: &Catalogue,
    screen: &Screen,
) -> Option<String> {
    let addresses: Vec<String> = addresses.iter().map(IpAddr::to_string).collect();
    let origin = match origin {
        NameOrigin::Literal => return None,
        NameOrigin::ThisHost => String::new(),
        NameOrigin::File(path) => visible(path.as_bytes(), screen.unicode),
        NameOrigin::Server(server) => catalogue.say(messages::REACH_SERVER, &[("server", words(server.to_string()))]),
    };
    let addresses = ("addresses", words(addresses.join(catalogue.lang().comma())));
    Some(match origin.as_str() {
        "" => catalogue.say(messages::REACH_THIS_HOST, &[addresses]),
        origin => catalogue.say(messages::REACH_NAME, &[("name", words(name)), addresses, ("origin", words(origin))]),
    })
}

/// Why a name led nowhere.
pub(super) fn not_found(name: &str, failure: &NameFailure, catalogue: &Catalogue) -> String {
    let servers: Vec<String> = failure.addresses().iter().map(IpAddr::to_string).collect();
    let code = match failure {
        NameFailure::Error(_, code) => code.to_string(),
        _ => String::new(),
    };
    let path = match failure {
        NameFailure::OtherFamily(path, _) => path.as_str(),
        _ => "",
    };
    let values = [
        ("path", words(path)),
        ("name", words(name)),
        ("why", words(failure.name())),
        ("servers", words(servers.join(catalogue.lang().comma()))),
        ("code", words(code)),
    ];
    catalogue.say(messages::REACH_NAME_FAILED, &values)
}

/// An attempt in words.
pub(super) struct AttemptWords<'a> {
    pub(super) report: &'a AttemptReport,
    pub(super) catalogue: &'a Catalogue,
    pub(super) screen: &'a Screen,
}

impl AttemptWords<'_> {
    fn headline(&self) -> String {
        let cause = ("cause", words(ReachCause::of(self.report).name()));
        self.catalogue.say(messages::REACH_HEADLINE, &[("address", words(self.address())), cause])
    }

    fn address(&self) -> String {
        let to = self.report.attempt.to;
        match self.report.zone {
            Some(_) => format!("[{}]:{}", self.host(), to.port()),
            None => endpoint(to.ip(), to.port()),
        }
    }

    /// The address without the port; of a link, with its interface.
    fn host(&self) -> String {
        let to = self.report.attempt.to.ip();
        self.report.zone.as_ref().map_or_else(|| to.to_string(), |zone| format!("{to}%{}", self.outside(zone)))
    }

    /// The interface of the route, by its number where it has no name; a question mark without a route.
    fn interface(&self) -> String {
        let Ok(hop) = &self.report.route else { return "?".to_owned() };
        hop.interface.as_deref().map_or_else(|| hop.index.to_string(), |name| self.outside(name))
    }

    fn outside(&self, text: &str) -> String {
        visible(text.as_bytes(), self.screen.unicode)
    }

    fn time(&self, time: Duration) -> String {
        let lang = self.catalogue.lang();
        // The first millisecond is where most answers lie.
        if time < Duration::from_millis(10) {
            let ms = ("ms", words(format!("{:.1}", time.as_secs_f64() * 1000.0)));
            return self.catalogue.say(messages::REACH_MILLISECONDS, &[ms]);
        }
        duration(time, lang)
    }

    /// Why it ended so.
    pub(super) fn explanation(&self) -> String {
        let report = self.report;
        let attempt = &report.attempt;
        let lang = self.catalogue.lang();
        let after = match attempt.end {
            AttemptEnd::Closed { after, .. } => after,
            _ => Duration::ZERO,
        };
        let hop = report.route.as_ref().ok();
        let ports = report.ports;
        let of_ports = |value: fn(&crate::model::reach::PortHeadroom) -> u64| {
            ports.as_ref().map_or_else(|| "?".to_owned(), |ports| grouped(value(ports), lang))
        };
        let errno = attempt.errno.or(report.route.as_ref().err().copied()).unwrap_or(0);
        let error = errno_name(errno).map_or_else(|| errno.to_string(), str::to_owned);
        let icmp = match &attempt.end {
            AttemptEnd::Rejected(icmp) => icmp.as_ref(),
            _ => None,
        };
        let other = if attempt.to.is_ipv4() { "IPv6" } else { "IPv4" };
        let is_to_many = hop.is_some_and(Hop::is_to_many) || attempt.is_to_many();
        let values = [
            ("address", words(self.address())),
            ("host", words(self.host())),
            ("port", words(attempt.to.port().to_string())),
            ("time", words(self.time(attempt.took))),
            ("count", number(attempt.syns.unwrap_or(0).into())),
            ("after", words(self.time(after))),
            ("received", words(bytes(attempt.received))),
            ("route", words(if is_to_many { "broadcast".to_owned() } else { error.clone() })),
            ("why", words(if errno == libc::EINVAL && attempt.lacks_zone() { "zone" } else { "other" })),
            ("error", words(error)),
            ("icmp", words(icmp.map_or_else(String::new, |icmp| self.icmp(icmp)))),
            ("sender", words(self.sender(icmp))),
            ("hop", words(report.neighbour.as_ref().map_or_else(String::new, |hop| hop.address.to_string()))),
            ("state", words(report.neighbour.as_ref().map_or("", |hop| hop.state_name()))),
            ("protocol", words(if attempt.to.is_ipv4() { "ARP" } else { "NDP" })),
            ("interface", words(self.interface())),
            ("other", words(other)),
            ("used", words(of_ports(|ports| ports.used))),
            ("size", words(of_ports(|ports| ports.size()))),
            ("low", words(ports.map_or_else(|| "?".to_owned(), |ports| ports.low.to_string()))),
            ("high", words(ports.map_or_else(|| "?".to_owned(), |ports| ports.high.to_string()))),
            ("limit", words(report.descriptors.map_or_else(|| "?".to_owned(), |limit| grouped(limit, lang)))),
        ];
        self.catalogue.say(explained(ReachCause::of(report), icmp.is_some()), &values)
    }

    /// An ICMP error with its type and code, and their meaning.
    fn icmp(&self, icmp: &IcmpError) -> String {
        let values: [(&'static str, MessageValue<'_>); 4] = [
            ("name", words(icmp.name())),
            ("protocol", words(if icmp.v6 { "ICMPv6" } else { "ICMP" })),
            ("kind", words(icmp.kind.to_string())),
            ("code", words(icmp.code.to_string())),
        ];
        self.catalogue.say(messages::REACH_ICMP, &values)
    }

    fn sender(&self, icmp: Option<&IcmpError>) -> String {
        let sender = icmp.and_then(|icmp| icmp.sender).map(|sender| sender.to_string());
        sender.unwrap_or_else(|| self.catalogue.text(messages::REACH_UNKNOWN_ROUTER))
    }

    /// The explanation, and further facts about the way and this host.
    fn lines(&self) -> Vec<String> {
        let mut lines = vec![self.explanation()];
        lines.extend(self.report.listeners.iter().map(|listener| self.listener(listener)));
        lines.extend(self.route());
        lines
    }

    fn listener(&self, listener: &PortListener) -> String {
        let lang = self.catalogue.lang();
        let program = match &listener.program {
            Some((program, pid)) => findings::with_more(&self.outside(program), pid.to_string(), self.catalogue),
            None => self.catalogue.text(messages::REACH_SOME_PROGRAM),
        };
        let address = match listener.address {
            IpAddr::V4(_) if listener.address.is_unspecified() => format!("0.0.0.0:{}", listener.port),
            IpAddr::V6(address) => format!("[{address}]:{}", listener.port),
            address => endpoint(address, listener.port),
        };
        let known = |figure: Option<u32>| words(figure.map_or_else(|| "?".to_owned(), |one| grouped(one.into(), lang)));
        let values = [
            ("program", words(program)),
            ("address", words(address)),
            ("queue", words(grouped(listener.queue.into(), lang))),
            ("limit", known(listener.limit)),
            ("drops", known(listener.drops)),
        ];
        self.catalogue.say(messages::REACH_LISTENER, &values)
    }

    /// The route, where there is one and it leads off this host.
    fn route(&self) -> Option<String> {
        let hop = self.report.route.as_ref().ok().filter(|hop| !hop.is_local())?;
        let source = self.report.attempt.from.map(|from| from.ip()).or(hop.source);
        let values = [
            ("interface", words(self.interface())),
            ("gateway", words(hop.gateway.map_or_else(|| "none".to_owned(), |gateway| gateway.to_string()))),
            ("source", words(source.map_or_else(|| "?".to_owned(), |source| source.to_string()))),
        ];
        Some(self.catalogue.say(messages::REACH_ROUTE, &values))
    }

    /// The next command to type.
    fn next(&self) -> Option<(String, ShellCommand)> {
        let to = self.report.attempt.to;
        let host = ("host", words(self.host()));
        let say = |message: Message| self.catalogue.say(message, std::slice::from_ref(&host));
        let list = || ShellCommand::new("sockdoc list -tlp sport = :").then(u32::from(to.port()));
        Some(match ReachCause::of(self.report) {
            ReachCause::Refused | ReachCause::NoAnswer | ReachCause::ClosedAtOnce | ReachCause::ResetAtOnce
                if !self.report.is_local() =>
            {
                (say(messages::REACH_NEXT_THERE), list())
            }
            ReachCause::RefusedByFirewall
            | ReachCause::DroppedHere
            | ReachCause::KeptBack
            | ReachCause::RejectedHere => (say(messages::REACH_NEXT_FIREWALL), ShellCommand::new("nft list ruleset")),
            ReachCause::NoRoute => {
                (say(messages::REACH_NEXT_ROUTE), ShellCommand::new("ip route get ").operand(&to.ip().to_string())?)
            }
            _ => return None,
        })
    }
}

/// The explanation of a cause; an ICMP error may be known by its error number alone.
fn explained(cause: ReachCause, has_icmp: bool) -> Message {
    match cause {
        ReachCause::Reached => messages::REACH_REACHED,
        ReachCause::ClosedAtOnce => messages::REACH_CLOSED,
        ReachCause::ResetAtOnce => messages::REACH_RESET,
        ReachCause::Refused => messages::REACH_REFUSED,
        ReachCause::NoListener => messages::REACH_NO_LISTENER,
        ReachCause::WrongAddress => messages::REACH_WRONG_ADDRESS,
        ReachCause::WrongFamily => messages::REACH_WRONG_FAMILY,
        ReachCause::RefusedByFirewall => messages::REACH_REFUSED_BY_FIREWALL,
        ReachCause::QueueFull => messages::REACH_QUEUE_FULL,
        ReachCause::DroppedHere => messages::REACH_DROPPED_HERE,
        ReachCause::KeptBack => messages::REACH_KEPT_BACK,
        ReachCause::Unresolved => messages::REACH_UNRESOLVED,
        ReachCause::NoAnswer => messages::REACH_NO_ANSWER,
        ReachCause::RejectedHere | ReachCause::Rejected if !has_icmp => messages::REACH_REJECTED_UNKNOWN,
        ReachCause::RejectedHere => messages::REACH_REJECTED_HERE,
        ReachCause::Rejected => messages::REACH_REJECTED,
        ReachCause::NoRoute => messages::REACH_NO_ROUTE,
        ReachCause::NoPorts => messages::REACH_NO_PORTS,
        ReachCause::NoDescriptors => messages::REACH_NO_DESCRIPTORS,
        ReachCause::Forbidden => messages::REACH_FORBIDDEN,
        ReachCause::Failed => messages::REACH_FAILED,
    }
}
