//! The subject of a finding, in a few words.

use std::net::IpAddr;

use crate::{
    model::finding::{Finding, Program, Subject},
    render::prelude::*,
    text::rule::{address_text, endpoint},
};

/// The subject, with its network namespace if the run read several.
pub fn subject(finding: &Finding, catalogue: &Catalogue, unicode: bool) -> String {
    let text = plain(&finding.subject, catalogue, unicode);
    match &finding.netns {
        None => text,
        Some(netns) => {
            let values = [("subject", words(text)), ("netns", words(visible(netns.as_bytes(), unicode)))];
            catalogue.say(messages::SUBJECT_IN_NETNS, &values)
        }
    }
}

/// The subject alone.
pub fn plain(subject: &Subject, catalogue: &Catalogue, unicode: bool) -> String {
    let shown = |text: &str| visible(text.as_bytes(), unicode);
    let short = |program: &Option<Program>| {
        program.as_ref().map(|program| with_more(&shown(&program.name), pids(program, catalogue), catalogue))
    };
    match subject {
        Subject::Process(program) => of_program(program, catalogue, unicode),
        Subject::Unit(name) | Subject::Container(name) => shown(name),
        Subject::User(name) => catalogue.say(messages::SUBJECT_USER, &[("name", words(shown(name)))]),
        Subject::Listener { address, port, path, program } => {
            let end = match path {
                Some(path) => shown(path),
                None => anywhere(*address, *port),
            };
            [short(program), Some(end)].into_iter().flatten().collect::<Vec<_>>().join(" ")
        }
        Subject::Destination { source, address, port, program } => {
            let arrow = if unicode { "→" } else { "->" };
            let to = port.map_or_else(|| address_text(*address), |port| endpoint(*address, port));
            let from = source.map(|source| source.to_string());
            [short(program), from, Some(arrow.to_owned()), Some(to)].into_iter().flatten().collect::<Vec<_>>().join(" ")
        }
        Subject::Host => catalogue.text(messages::SUBJECT_HOST),
        Subject::Unknown => catalogue.text(messages::SUBJECT_UNKNOWN),
    }
}

/// `:443` for any address.
fn anywhere(address: IpAddr, port: u16) -> String {
    if address.is_unspecified() { format!(":{port}") } else { endpoint(address, port) }
}

/// `java (4321, orders.service)`, `nginx (77 and 7 more, docker 3f2a91c4d5e6)`.
fn of_program(program: &Program, catalogue: &Catalogue, unicode: bool) -> String {
    let shown = |text: &str| visible(text.as_bytes(), unicode);
    let place = program.container.as_deref().or(program.unit.as_deref()).map(shown);
    let inside: Vec<String> = std::iter::once(pids(program, catalogue)).chain(place).collect();
    with_more(&shown(&program.name), inside.join(catalogue.lang().pause()), catalogue)
}

/// A program, and in brackets what else is known of it.
pub(in crate::render) fn with_more(program: &str, more: String, catalogue: &Catalogue) -> String {
    catalogue.say(messages::SUBJECT_PROGRAM, &[("program", words(program)), ("more", words(more))])
}

/// `77`, or `77 and 7 more processes`.
fn pids(program: &Program, catalogue: &Catalogue) -> String {
    match program.processes.saturating_sub(1) {
        0 => program.pid.to_string(),
        others => {
            let values = [("pid", words(program.pid.to_string())), ("count", number(others as u64))];
            catalogue.say(messages::SUBJECT_PIDS, &values)
        }
    }
}
