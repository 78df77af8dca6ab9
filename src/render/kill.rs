//! Text output of `kill`, before and after: sockets in groups, the consequence of each state, skipped sockets and the
//! reason.

use super::{findings::with_more, prelude::*};
use crate::{
    model::{
        entry::{End, Entry},
        host::Host,
        kill::DestroyResult,
        reach::errno_name,
        shell::ShellCommand,
        socket::Kind,
    },
    report::kill::{Consequence, KillReport, KillTarget, SkipReason, both},
    text::{layout::LONGEST_PROSE, rule::endpoint},
};

const BOLD: Style = Style::new().bold();

/// Sockets to destroy, or destroyed ones.
#[derive(Clone, Debug)]
pub struct KillView<'a> {
    /// Where and when.
    pub host: Host,
    /// `--netns`.
    pub netns: Option<&'a str>,
    /// The filter, as typed.
    pub filter: &'a str,
    /// Whether nothing was done.
    pub dry_run: bool,
    /// Whether the sockets and the skipped ones were shown before.
    pub is_shown: bool,
    /// The sockets.
    pub report: &'a KillReport,
    /// The command that acts; `None` where a name cannot be a word of it.
    pub command: Option<ShellCommand>,
}

/// Writes it; `all` lists each socket instead of groups.
pub fn write(
    out: &mut dyn Write,
    view: &KillView<'_>,
    catalogue: &Catalogue,
    screen: &Screen,
    all: bool,
) -> io::Result<()> {
    let report = view.report;
    let told = KillWords { catalogue, screen, command: "" };
    let count = ("count", number(report.targets.len() as u64));
    let headline = match () {
        () if report.targets.is_empty() => catalogue.text(messages::KILL_NONE),
        () if view.dry_run => catalogue.say(messages::KILL_DRY, &[count]),
        () => catalogue.say(messages::KILL_DONE, &[count, ("gone", number(report.gone() as u64))]),
    };
    writeln!(out, "{}", screen.styled(BOLD, &headline))?;
    if !view.is_shown {
        told.groups(out, report, all)?;
    }
    for target in &report.targets {
        if let Some(result) = target.result.filter(|result| *result != DestroyResult::Destroyed) {
            writeln!(out, "{}", told.left(&target.entry, result))?;
        }
    }
    for (reason, count) in report.reasons().into_iter().filter(|_| !view.is_shown) {
        told.paragraph(out, &told.skipped(reason, count), 0)?;
    }
    match &view.command {
        Some(command) if view.dry_run && !report.targets.is_empty() => writeln!(out, "{command}"),
        _ => Ok(()),
    }
}

/// The words for sockets that are destroyed or skipped.
pub struct KillWords<'a> {
    /// The language.
    pub catalogue: &'a Catalogue,
    /// The screen that names from outside are escaped for.
    pub screen: &'a Screen,
    /// The command that has the options which are offered, with a blank; empty where it is this one.
    pub command: &'a str,
}

impl KillWords<'_> {
    fn groups(&self, out: &mut dyn Write, report: &KillReport, all: bool) -> io::Result<()> {
        let mut groups = report.groups();
        if all {
            groups = groups.into_iter().flatten().map(|target| vec![target]).collect();
        }
        let state = |group: &[&KillTarget]| group.first().and_then(|target| target.entry.state.name()).unwrap_or("?");
        let wide = groups.iter().map(|group| group.len().to_string().len()).max().unwrap_or(0);
        let widest = groups.iter().map(|group| state(group).len()).max().unwrap_or(0);
        let mut groups = groups.iter().peekable();
        while let Some(group) = groups.next() {
            let Some(first) = group.first() else { continue };
            let (count, state) = (group.len(), state(group));
            writeln!(out, " {count:>wide$} {state:<widest$}  {}  {}", self.owner(first), self.ends(group))?;
            let consequence = |group: &Vec<&KillTarget>| group.first().map(|target| Consequence::of(&target.entry));
            let next = groups.peek().and_then(|group| consequence(group));
            if next != consequence(group) {
                self.paragraph(out, &self.consequence(Consequence::of(&first.entry)), 4)?;
            }
        }
        Ok(())
    }

    /// The holder of a socket: `java (4321, orders.service)`.
    fn owner(&self, target: &KillTarget) -> String {
        let outside = |name: &[u8]| visible(name, self.screen.unicode);
        let unit = target.unit().map(|unit| outside(unit.as_bytes()));
        let Some(process) = target.owners.first() else {
            let message = match target.entry.kind() {
                Kind::NotAccepted => messages::KILL_NOT_ACCEPTED,
                Kind::Full if target.entry.inode != 0 => messages::KILL_UNKNOWN_OWNER,
                _ => messages::KILL_NO_OWNER,
            };
            return unit.unwrap_or_else(|| self.catalogue.text(message));
        };
        let more: Vec<String> = std::iter::once(process.pid.to_string()).chain(unit).collect();
        with_more(&outside(&process.program), more.join(self.catalogue.lang().pause()), self.catalogue)
    }

    /// The ends of a group: both of a single socket, the peer that all have, or the local end with the number of peers.
    fn ends(&self, group: &[&KillTarget]) -> String {
        let Some((first, rest)) = group.split_first() else { return String::new() };
        if rest.is_empty() {
            return ends(&first.entry);
        }
        match rest.iter().all(|target| target.entry.peer == first.entry.peer) {
            true => format!("-> {}", end(&first.entry.peer)),
            false => {
                let values = [("local", words(end(&first.entry.local))), ("count", number(group.len() as u64))];
                self.catalogue.say(messages::KILL_PEERS, &values)
            }
        }
    }

    /// The effect on the program and on the peer.
    pub fn consequence(&self, consequence: Consequence) -> String {
        self.catalogue.say(messages::KILL_CONSEQUENCE, &[("consequence", words(consequence.name()))])
    }

    /// How many sockets are skipped, and why.
    pub fn skipped(&self, reason: SkipReason, count: usize) -> String {
        let values = [("reason", words(reason.name())), ("command", words(self.command))];
        let why = self.catalogue.say(messages::KILL_SKIP, &values);
        self.catalogue.say(messages::KILL_SKIPPED, &[("count", number(count as u64)), ("why", words(why))])
    }

    /// The reason why a socket was not destroyed, after its ends.
    pub fn left(&self, entry: &Entry, result: DestroyResult) -> String {
        let values = [("what", words(ends(entry))), ("more", words(self.result(result)))];
        self.catalogue.say(messages::SUBJECT_TITLE, &values)
    }

    fn result(&self, result: DestroyResult) -> String {
        let errno = match result {
            DestroyResult::Refused(errno) => errno,
            _ => 0,
        };
        let state = match result {
            DestroyResult::Left(state) => state.name().unwrap_or("?"),
            _ => "",
        };
        let error = errno_name(errno).map_or_else(|| errno.to_string(), str::to_owned);
        let values = [("result", words(result.name())), ("error", words(error)), ("state", words(state))];
        self.catalogue.say(messages::KILL_RESULT, &values)
    }

    fn paragraph(&self, out: &mut dyn Write, text: &str, indent: usize) -> io::Result<()> {
        let width = self.screen.width.min(LONGEST_PROSE).saturating_sub(indent);
        wrapped(text, width).iter().try_for_each(|line| writeln!(out, "{:indent$}{line}", ""))
    }
}

/// Both ends; of a listener the local one.
fn ends(entry: &Entry) -> String {
    match both(entry) {
        Some([_, (address, 0)]) if address.is_unspecified() => end(&entry.local),
        _ => format!("{} -> {}", end(&entry.local), end(&entry.peer)),
    }
}

fn end(end: &End) -> String {
    match end {
        End::Inet(address, port) => endpoint(*address, *port),
        _ => "?".to_owned(),
    }
}
