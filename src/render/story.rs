//! The story of sockets in sentences, as Markdown.

use std::collections::BTreeMap;

use super::{
    escape::socket_name,
    explain::Section,
    findings::{rule_words, severity_word, with_more},
    list::Owner,
    markdown::literal,
    overview::who_acts,
    prelude::*,
};
use crate::{
    book::live::rules_of,
    model::{
        age::{Age, AgeLimit},
        entry::{End, Entry},
        family::Netid,
        finding::{Finding, Subject},
        owner::Unknown,
        sentence::Word,
        shell::ShellCommand,
        socket::Timer,
        sorted,
        state::State,
        tcp_info,
    },
    report::ends::Ends,
    text::rule::endpoint,
};

/// Sockets that are described unless all are asked for.
const FEW: usize = 5;

/// A socket with the data known about it.
#[derive(Debug)]
pub struct StorySocket<'a> {
    /// The socket.
    pub entry: &'a Entry,
    /// Its holders.
    pub holders: Vec<Owner<'a>>,
    /// Why no holder is known.
    pub unknown: Option<Unknown>,
    /// Its user.
    pub user: Option<&'a str>,
    /// When it goes away.
    pub ends: Ends,
    /// The findings that speak of it.
    pub findings: Vec<&'a Finding>,
}

/// Whether a finding speaks of a socket: by its inode, or by where it listens or leads.
pub fn speaks_of(finding: &Finding, entry: &Entry, holders: &[Owner<'_>]) -> bool {
    if entry.inode != 0 && finding.inodes.contains(&entry.inode) {
        return true;
    }
    match (&finding.subject, &entry.local, &entry.peer) {
        (Subject::Listener { port, path: None, .. }, End::Inet(_, local), _) => {
            let speaks_of_state = || rules_of(entry.state.name().unwrap_or_default()).contains(&finding.rule);
            port == local && (entry.is_listener() || entry.inode == 0 && speaks_of_state())
        }
        (Subject::Destination { address, port, .. }, _, End::Inet(peer, to)) => {
            address == peer && port.is_none_or(|port| port == *to)
        }
        // A finding about a whole process belongs to each of its sockets if it names none.
        (Subject::Process(program), ..) if finding.inodes.is_empty() => {
            holders.iter().any(|holder| holder.pid == program.pid)
        }
        _ => false,
    }
}

/// The heading of a story.
pub fn title(filter: &str, catalogue: &Catalogue, screen: &Screen) -> String {
    let filter = literal(&visible(filter.as_bytes(), screen.unicode));
    format!("# {}\n", catalogue.say(messages::STORY_TITLE, &[("filter", words(filter))]))
}

/// The sockets of one namespace: counts by state, then each; `all` shows more than a few.
pub fn chapter(
    states: &BTreeMap<State, u64>,
    mut told: Vec<StorySocket<'_>>,
    filter: &str,
    catalogue: &Catalogue,
    screen: &Screen,
    all: bool,
) -> String {
    let mut section = Section { catalogue, screen, text: "\n".to_owned() };
    let total: u64 = states.values().sum();
    if total == 0 {
        return format!("\n{}\n", catalogue.text(messages::STORY_NONE));
    }
    let share = |(state, count): (&State, &u64)| {
        catalogue.say(messages::STORY_SHARE, &[("count", number(*count)), ("state", words(state.to_string()))])
    };
    let list: Vec<String> = states.iter().map(share).collect();
    let values = [("count", number(total)), ("states", words(list.join(catalogue.lang().comma())))];
    section.text.push_str(&catalogue.say(messages::STORY_COUNT, &values));
    // Sockets with findings come first; others keep the kernel's order.
    sorted::sort_by_key(&mut told, |one| std::cmp::Reverse(one.findings.iter().map(|finding| finding.severity).max()));
    let most = if all { usize::MAX } else { FEW };
    let shown = told.len().min(most);
    for one in told.iter().take(most) {
        section.paragraph();
        tell(&mut section, one);
    }
    let rest = total - shown as u64;
    if rest > 0 {
        section.paragraph();
        section.words(&catalogue.say(messages::STORY_MORE, &[("count", number(rest))]));
        if let Some(command) = ShellCommand::new("sockdoc list -p ").operand(filter).filter(|line| screen.shows(line)) {
            section.paragraph();
            section.text.push_str(&format!("```sh\n{command}\n```\n"));
        }
    }
    section.text.trim_end().to_owned() + "\n"
}

/// One socket: its kind, age, queues, holders and findings.
fn tell(section: &mut Section<'_>, told: &StorySocket<'_>) {
    let entry = told.entry;
    let (catalogue, screen) = (section.catalogue, section.screen);
    let what = format!("**{}**", literal(&name(entry, screen)));
    let state = ("state", words(entry.state.to_string()));
    let first = match entry.netid {
        Netid::Tcp | Netid::Mptcp => {
            let who = ("who", words(catalogue.text(who_acts_on(told))));
            catalogue.say(messages::STORY_STATE, &[("what", words(what)), state, who])
        }
        _ => catalogue.say(messages::STORY_PLAIN, &[("what", words(what)), state]),
    };
    section.words(&first);
    holders(section, told);
    times(section, entry);
    queues(section, entry);
    match told.ends {
        Ends::Timer(left) => {
            section.sentence(messages::STORY_ENDS, &[("time", Word::Time(Duration::from_millis(left)))]);
        }
        Ends::Never if matches!(entry.state, State::CLOSE_WAIT | State::FIN_WAIT2) => {
            section.sentence(messages::STORY_NEVER, &[]);
        }
        _ => {}
    }
    for finding in &told.findings {
        let title = rule_words(finding.rule, catalogue, screen.unicode).say(&finding.title);
        let values = [
            ("severity", words(format!("**{}**", catalogue.text(severity_word(finding.severity))))),
            ("rule", words(finding.rule)),
            ("title", words(literal(&title))),
        ];
        section.item(&catalogue.say(messages::STORY_FINDING, &values));
    }
    let topic = match entry.netid {
        Netid::Tcp => entry.state.to_string(),
        Netid::Udp => "udp".to_owned(),
        _ => return,
    };
    let topic = told.findings.first().map_or(topic, |finding| finding.rule.to_owned());
    let command = words(format!("`sockdoc explain {topic}`"));
    section.item(&catalogue.say(messages::STORY_READ_ON, &[("command", command)]));
}

/// Who acts next on one socket: what its queues show comes before its state.
fn who_acts_on(told: &StorySocket<'_>) -> Message {
    let entry = told.entry;
    let is_queue = entry.is_listener() && entry.rqueue > 0;
    match entry.state {
        _ if is_queue || told.unknown == Some(Unknown::NotAccepted) => messages::WHO_MUST_ACCEPT,
        State::ESTABLISHED if entry.rqueue > 0 && entry.inode != 0 => messages::WHO_MUST_READ,
        State::ESTABLISHED | State::CLOSE_WAIT if waits_for_window(entry) => messages::WHO_PEER_MUST_READ,
        state => who_acts(state),
    }
}

/// Whether its data waits for the peer's window.
fn waits_for_window(entry: &Entry) -> bool {
    let info = entry.detail.as_ref().and_then(|detail| detail.tcp_info.as_ref());
    entry.timer == Timer::Persist && !info.is_some_and(|info| info.has_room(entry.wqueue))
}

/// `tcp 10.0.0.9:43210 → 10.0.0.5:5432`.
fn name(entry: &Entry, screen: &Screen) -> String {
    let ends = [&entry.local, &entry.peer].map(|end| match end {
        End::Inet(address, port) if address.is_unspecified() && *port == 0 => None,
        End::Inet(address, port) => Some(endpoint(*address, *port)),
        End::Unix { name: Some(name), .. } => Some(visible(&socket_name(name), screen.unicode)),
        _ => None,
    });
    let arrow = if screen.unicode { " → " } else { " -> " };
    let ends: Vec<String> = ends.into_iter().flatten().collect();
    let ends = if ends.is_empty() { entry.inode.to_string() } else { ends.join(arrow) };
    format!("{} {ends}", entry.netid.name())
}

fn holders(section: &mut Section<'_>, told: &StorySocket<'_>) {
    let plain = |section: &mut Section<'_>, message| section.sentence(message, &[]);
    if told.holders.is_empty() {
        return match (told.unknown, told.user) {
            (Some(Unknown::NotPermitted), Some(user)) => {
                section.sentence(messages::STORY_USER, &[("user", Word::Outside(user.to_owned()))]);
            }
            (Some(Unknown::NotPermitted), None) => plain(section, messages::STORY_NOT_PERMITTED),
            (Some(Unknown::NotShown), _) => plain(section, messages::STORY_NOT_SHOWN),
            (Some(Unknown::NotAccepted), _) => plain(section, messages::STORY_NOT_ACCEPTED),
            (Some(Unknown::NoneKept), _) => plain(section, messages::STORY_NONE_KEPT),
            (Some(Unknown::Kernel), _) => plain(section, messages::STORY_KERNEL),
            (None, _) => {}
        };
    }
    for holder in &told.holders {
        let process = holder.process;
        let program = visible(&process.program, section.screen.unicode);
        let place = &process.place;
        let unit = place.unit.as_deref().map(|unit| visible(unit.as_bytes(), section.screen.unicode));
        let container = place.container.as_ref().map(|one| format!("{} {:.12}", one.runtime, one.id));
        let user = holder.user.map(|user| visible(user.as_bytes(), section.screen.unicode).to_string());
        let parts = [Some(format!("pid {}", holder.pid)), holder.fd.map(|fd| format!("fd {fd}")), user];
        let parts = parts.into_iter().flatten().chain(unit.map(|unit| unit.to_string())).chain(container);
        let more = parts.collect::<Vec<_>>().join(section.catalogue.lang().pause());
        let who = literal(&with_more(&program, more, section.catalogue));
        let said = section.catalogue.say(messages::STORY_HOLDER, &[("holder", words(who))]);
        section.words(&said);
    }
}

/// Since when: from the times and tries that the kernel keeps.
fn times(section: &mut Section<'_>, entry: &Entry) {
    let info = entry.detail.as_ref().and_then(|detail| detail.tcp_info.as_ref());
    let since = |field| Some(Duration::from_millis(info?.get(field)?));
    let time = |section: &mut Section<'_>, message, time: Option<Duration>| {
        if let Some(time) = time {
            section.sentence(message, &[("time", Word::Time(time))]);
        }
    };
    match entry.state {
        State::CLOSE_WAIT => {
            let age = Age::hung_up(entry.state, entry.timer, entry.wqueue, &since);
            if let Some(age) = age {
                let message = match age.limit {
                    AgeLimit::Exact => messages::STORY_HUNG_UP,
                    AgeLimit::AtMost => messages::STORY_HUNG_UP_WITHIN,
                    AgeLimit::AtLeast => messages::STORY_HUNG_UP_LEAST,
                };
                section.sentence(message, &[("time", Word::Time(age.time))]);
            }
        }
        State::ESTABLISHED => {
            // Where no byte ever came or went these times are those of the handshake.
            let is_none = |field| info.and_then(|info| info.get(field)) == Some(0);
            match is_none(&tcp_info::BYTES_RECEIVED) && entry.rqueue == 0 {
                true => section.sentence(messages::STORY_NONE_RECEIVED, &[]),
                false => time(section, messages::STORY_RECEIVED, since(&tcp_info::LAST_DATA_RECV)),
            }
            match is_none(&tcp_info::BYTES_SENT) && entry.wqueue == 0 {
                true => section.sentence(messages::STORY_NONE_SENT, &[]),
                false => time(section, messages::STORY_SENT, since(&tcp_info::LAST_DATA_SENT)),
            }
        }
        _ => {}
    }
    if entry.retrans > 0 && entry.timer == Timer::Retransmit {
        let message = match entry.state {
            State::SYN_SENT | State::SYN_RECV => messages::STORY_ASKED,
            _ => messages::STORY_RETRANS,
        };
        section.sentence(message, &[("tries", Word::Plain(entry.retrans.into()))]);
    }
}

/// The content of the queues.
fn queues(section: &mut Section<'_>, entry: &Entry) {
    if entry.is_listener() {
        let waiting = ("waiting", Word::Count(entry.rqueue.into()));
        return match entry.accept_limit() {
            Some(limit) => section.sentence(messages::STORY_BACKLOG, &[waiting, ("limit", Word::Count(limit.into()))]),
            None => section.sentence(messages::STORY_WAITING, &[waiting]),
        };
    }
    // A FIN or SYN counts one, and is nothing that anybody wrote.
    let is_closing = matches!(entry.state, State::CLOSE_WAIT | State::LAST_ACK | State::CLOSING);
    if u64::from(entry.rqueue) > u64::from(is_closing) {
        section.sentence(messages::STORY_UNREAD, &[("bytes", Word::Bytes(entry.rqueue.into()))]);
    }
    let is_open = matches!(entry.state, State::ESTABLISHED | State::CLOSE_WAIT);
    if u64::from(entry.wqueue) > u64::from(!is_open) {
        section.sentence(messages::STORY_UNACKED, &[("bytes", Word::Bytes(entry.wqueue.into()))]);
    }
}
