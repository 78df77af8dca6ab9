//! JSON, the same in every language. Unknown is `null`, never 0; the schemas stand in `schema/`.

use std::{
    io::{self, Write},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::ser::Formatter;

use super::{group, group::Users, json_findings};
use crate::{
    model::{
        census::Census,
        gap::{Gap, Lack, What, Why},
        group::{Groups, NamedKey, Value},
        state::State,
    },
    report::overview::{NamespaceCount, Overview},
    text::{Catalogue, Lang, messages, number},
};

/// The version of all shapes: it changes when a field is renamed or removed.
pub const SCHEMA: &str = "sockdoc/1";

/// The last second that RFC 3339 has digits for.
const LAST: Duration = Duration::from_secs(253_402_300_799);

/// A time as RFC 3339 in UTC, whole seconds. What no clock of a host says is told as the nearest time that one may.
pub fn time(time: SystemTime) -> String {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default().min(LAST);
    humantime::format_rfc3339_seconds(UNIX_EPOCH + since).to_string()
}

/// JSON in which no name can move the cursor of a terminal, or turn the text around: such characters are escaped.
struct Plain;

impl Formatter for Plain {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        // What is below a blank is escaped in any case.
        if fragment.bytes().all(|byte| byte < 0x7f) {
            return out.write_all(fragment.as_bytes());
        }
        let mut rest = fragment;
        while let Some(at) = rest.find(turns) {
            let (plain, after) = rest.split_at(at);
            out.write_all(plain.as_bytes())?;
            let mut after = after.chars();
            // All of them are in the first plane.
            let code = after.next().map_or(0, u32::from);
            write!(out, "\\u{code:04x}")?;
            rest = after.as_str();
        }
        out.write_all(rest.as_bytes())
    }
}

/// DEL, the control characters above it, and what changes the direction of reading.
fn turns(character: char) -> bool {
    matches!(character, '\u{7f}'..='\u{9f}' | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Writes a document, or a part of one.
pub(super) fn to_writer(out: &mut (impl Write + ?Sized), document: &(impl Serialize + ?Sized)) -> io::Result<()> {
    document.serialize(&mut serde_json::Serializer::with_formatter(out, Plain)).map_err(io::Error::from)
}

fn write(out: &mut dyn Write, document: &impl Serialize) -> io::Result<()> {
    to_writer(out, document)?;
    writeln!(out)
}

#[derive(Serialize)]
struct CountDocument {
    schema: &'static str,
    sockets: u64,
    gaps: Vec<GapDocument>,
}

/// Writes a count to which nothing is missing.
///
/// # Errors
/// As writing does.
pub fn count(out: &mut dyn Write, sockets: u64) -> io::Result<()> {
    count_with_gaps(out, sockets, &[])
}

/// Writes `{schema, sockets, gaps}`.
///
/// # Errors
/// As writing does.
pub fn count_with_gaps(out: &mut dyn Write, sockets: u64, gaps: &[Gap]) -> io::Result<()> {
    write(out, &CountDocument { schema: SCHEMA, sockets, gaps: gaps.iter().map(gap).collect() })
}

#[derive(Serialize)]
struct OverviewDocument<'a> {
    schema: &'static str,
    tool: Tool,
    host: HostDocument<'a>,
    taken_at: String,
    netns: Vec<NetnsDocument<'a>>,
    states: Vec<StateDocument>,
    protocols: Vec<ProtocolDocument>,
    findings: Vec<serde_json::Value>,
    not_checked: Vec<serde_json::Value>,
    gaps: Vec<GapDocument>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct HostDocument<'a> {
    name: &'a str,
    kernel: &'a str,
}

#[derive(Serialize)]
struct NetnsDocument<'a> {
    inode: Option<u64>,
    label: Option<&'a str>,
    own: bool,
    sockets: u64,
}

#[derive(Serialize)]
struct StateDocument {
    state: &'static str,
    sockets: Option<u64>,
    not_accepted: Option<u64>,
    orphans: Option<u64>,
}

#[derive(Serialize)]
struct ProtocolDocument {
    netid: &'static str,
    sockets: Option<u64>,
}

/// A gap as JSON says it.
#[derive(Serialize)]
pub struct GapDocument {
    what: &'static str,
    why: String,
    remedy: Option<String>,
}

/// Writes the overview.
///
/// # Errors
/// As writing does.
pub fn overview(out: &mut dyn Write, overview: &Overview) -> io::Result<()> {
    let host = &overview.host;
    let gaps = overview.counted.gaps.iter().chain(&overview.others.gap).map(gap).collect();
    let diagnosis = overview.diagnosis.as_ref();
    write(
        out,
        &OverviewDocument {
            schema: SCHEMA,
            tool: Tool { name: "sockdoc", version: env!("CARGO_PKG_VERSION") },
            host: HostDocument { name: &host.name, kernel: &host.kernel },
            taken_at: time(host.taken_at),
            netns: overview.netns.iter().map(netns).collect(),
            states: states(overview),
            protocols: protocols(overview),
            findings: diagnosis.map(json_findings::findings).unwrap_or_default(),
            not_checked: diagnosis.map(json_findings::not_checked).unwrap_or_default(),
            gaps,
        },
    )
}

fn netns(one: &NamespaceCount) -> NetnsDocument<'_> {
    NetnsDocument { inode: one.inode, label: one.label.as_deref(), own: one.own, sockets: one.sockets }
}

/// Every state in the kernel's order, zeros included; one the kernel has and we have no name for is left
/// to the total of its protocol.
fn states(overview: &Overview) -> Vec<StateDocument> {
    let figure = |state: State| {
        let tally = overview.tcp().map(|census| census.tally(state));
        StateDocument {
            state: state.name().unwrap_or_default(),
            sockets: tally.map(|tally| tally.sockets),
            not_accepted: tally.map(|tally| tally.not_accepted),
            orphans: tally.map(|tally| tally.orphans),
        }
    };
    overview.states().into_iter().map(figure).collect()
}

fn protocols(overview: &Overview) -> Vec<ProtocolDocument> {
    let counted = &overview.counted.netids;
    counted
        .iter()
        .map(|(netid, census)| ProtocolDocument { netid: netid.name(), sockets: census.as_ref().map(Census::total) })
        .collect()
}

/// JSON is the same in every language, its sentences too: they are English.
pub fn gap(gap: &Gap) -> GapDocument {
    let words = Catalogue::new(Lang::En);
    let what = match gap.what {
        What::Sockets(protocol) => protocol.name(),
        What::BoundInactive => "BOUND_INACTIVE",
        What::Namespaces => "netns",
        What::Owners => "owners",
        What::BpfStorages => "bpf-storages",
        What::Host => "host",
    };
    let (why, remedy) = match &gap.why {
        Why::ReadFromProc(error) => (
            words.say(messages::NOTE_FROM_PROC, &[("what", what.into()), ("why", error.as_str().into())]),
            Some(words.text(messages::REMEDY_SOCK_DIAG)),
        ),
        // Whoever is root sees every process, and what hidepid hides too.
        Why::Unreadable(error) if gap.what == What::Owners => (
            words.say(messages::ERROR_OWNERS, &[("why", error.as_str().into())]),
            Some(words.text(messages::REMEDY_ROOT)),
        ),
        Why::Unreadable(error) | Why::NotAvailable(error) => (error.clone(), None),
        Why::Untold(kind, lacks, left_out) => {
            (untold(kind, lacks, *left_out, &words), Some(words.text(messages::REMEDY_RECORD)))
        }
        Why::TooOld(version) => (words.say(messages::NOTE_BOUND_TOO_OLD, &[("version", (*version).into())]), None),
        Why::Denied(processes) => {
            let message =
                if gap.what == What::Owners { messages::NOTE_OWNERS_DENIED } else { messages::HIDDEN_NAMESPACES };
            (words.say(message, &[("count", number(*processes))]), Some(words.text(messages::REMEDY_ROOT)))
        }
    };
    GapDocument { what, why, remedy }
}

/// What stands in place of a host.
pub(super) fn text_of(kind: &str, catalogue: &Catalogue) -> String {
    match kind {
        "-D" => catalogue.text(messages::RAW_DUMP),
        kind => catalogue.say(messages::TEXT_OF, &[("what", kind.into())]),
    }
}

/// What a text or a dump does not tell, as a sentence.
pub fn untold(kind: &str, lacks: &[Lack], left_out: u64, catalogue: &Catalogue) -> String {
    let what = text_of(kind, catalogue);
    let word = |lack: &Lack| match lack {
        Lack::Owners => messages::LACK_OWNERS,
        Lack::Timers => messages::LACK_TIMERS,
        Lack::Inodes => messages::LACK_INODES,
        Lack::TcpInfo => messages::LACK_TCP_INFO,
        Lack::AcceptLimits => messages::LACK_LIMITS,
    };
    let all = lacks.iter().map(word).chain([messages::LACK_HOST]).map(|word| catalogue.text(word));
    let list = all.collect::<Vec<_>>().join(catalogue.lang().comma());
    let said = catalogue.say(messages::NOTE_UNTOLD, &[("what", what.into()), ("lacks", list.into())]);
    match left_out {
        0 => said,
        rows => catalogue.say(messages::NOTE_LEFT_OUT, &[("said", said.into()), ("rows", number(rows))]),
    }
}

#[derive(Serialize)]
struct GroupsDocument<'a> {
    schema: &'static str,
    keys: Vec<&'a str>,
    groups: Vec<GroupDocument<'a>>,
    other: u64,
    total: u64,
    gaps: Vec<GapDocument>,
}

/// One row: its fields are named by the keys.
struct GroupDocument<'a> {
    keys: &'a [NamedKey],
    values: &'a [Value],
    sockets: u64,
    users: &'a Users,
}

impl Serialize for GroupDocument<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.keys.len() + 1))?;
        for ((name, _), value) in self.keys.iter().zip(self.values) {
            match value {
                Value::Port(port) => map.serialize_entry(name, port)?,
                Value::Pid(pid) => map.serialize_entry(name, pid)?,
                value => {
                    let text = group::text(value, self.users);
                    map.serialize_entry(name, &text.as_deref().map(String::from_utf8_lossy))?;
                }
            }
        }
        map.serialize_entry("sockets", &self.sockets)?;
        map.end()
    }
}

/// Writes groups to which nothing is missing.
///
/// # Errors
/// As writing does.
pub fn groups(out: &mut dyn Write, groups: &Groups, keys: &[NamedKey], users: &Users) -> io::Result<()> {
    groups_with_gaps(out, groups, keys, users, &[])
}

/// Writes `{schema, keys, groups, other, total, gaps}`.
///
/// # Errors
/// As writing does.
pub fn groups_with_gaps(
    out: &mut dyn Write,
    groups: &Groups,
    keys: &[NamedKey],
    users: &Users,
    gaps: &[Gap],
) -> io::Result<()> {
    write(
        out,
        &GroupsDocument {
            schema: SCHEMA,
            keys: keys.iter().map(|(name, _)| name.as_str()).collect(),
            groups: groups
                .rows
                .iter()
                .map(|(values, sockets)| GroupDocument { keys, values, sockets: *sockets, users })
                .collect(),
            other: groups.other,
            total: groups.total,
            gaps: gaps.iter().map(gap).collect(),
        },
    )
}
