//! JSON, the same in every language. Unknown is `null`, never 0; the schemas are in `schema/`.

pub mod counters;
pub mod diff;
pub mod events;
pub mod findings;
mod gaps;
pub mod kill;
pub mod reach;
pub mod watch;
mod writer;

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{
    group::{self, Users},
    prelude::*,
};
use crate::{
    model::{
        census::Census,
        gap::Gap,
        group::{Groups, NamedKey, Value},
        state::State,
    },
    report::overview::{NamespaceCount, Overview},
};

pub(super) use self::writer::{to_writer, write_line};
pub use self::{
    gaps::{GapDocument, gap},
    writer::{SCHEMA, time},
};

#[derive(Serialize)]
struct CountDocument<'a> {
    schema: &'static str,
    sockets: u64,
    gaps: Vec<GapDocument>,
    until: Option<UntilDocument<'a>>,
}

#[derive(Serialize)]
struct UntilDocument<'a> {
    goal: &'a str,
    reached: bool,
    waited_ms: u64,
}

/// How a wait for a number of sockets ended.
pub struct Waited {
    /// The number, with its sign: `> 0`.
    pub goal: String,
    /// Whether it was reached.
    pub is_reached: bool,
    /// How long it took.
    pub time: Duration,
}

/// Writes `{schema, sockets, gaps}`.
pub fn count(out: &mut dyn Write, sockets: u64, gaps: &[Gap]) -> io::Result<()> {
    write_line(out, &CountDocument { schema: SCHEMA, sockets, gaps: gaps.iter().map(gap).collect(), until: None })
}

/// Writes `{schema, sockets, gaps, until}`.
pub fn count_until(out: &mut dyn Write, sockets: u64, gaps: &[Gap], waited: &Waited) -> io::Result<()> {
    let waited_ms = u64::try_from(waited.time.as_millis()).unwrap_or(u64::MAX);
    let until = Some(UntilDocument { goal: &waited.goal, reached: waited.is_reached, waited_ms });
    write_line(out, &CountDocument { schema: SCHEMA, sockets, gaps: gaps.iter().map(gap).collect(), until })
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
    incidents: Vec<serde_json::Value>,
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

/// Writes the overview.
pub fn overview(out: &mut dyn Write, overview: &Overview) -> io::Result<()> {
    let host = &overview.host;
    let gaps = overview.counted.gaps.iter().chain(&overview.others.gap).map(gap).collect();
    let diagnosis = overview.diagnosis.as_ref();
    write_line(
        out,
        &OverviewDocument {
            schema: SCHEMA,
            tool: Tool { name: "sockdoc", version: env!("CARGO_PKG_VERSION") },
            host: HostDocument { name: &host.name, kernel: &host.kernel },
            taken_at: time(host.taken_at),
            netns: overview.netns.iter().map(netns).collect(),
            states: states(overview),
            protocols: protocols(overview),
            incidents: diagnosis.map(findings::incidents).unwrap_or_default(),
            findings: diagnosis.map(findings::findings).unwrap_or_default(),
            not_checked: diagnosis.map(findings::not_checked).unwrap_or_default(),
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

fn rows<'a>(groups: &'a Groups, keys: &'a [NamedKey], users: &'a Users) -> Vec<GroupDocument<'a>> {
    groups.rows.iter().map(|(values, sockets)| GroupDocument { keys, values, sockets: *sockets, users }).collect()
}

/// Writes `{schema, keys, groups, other, total, gaps}`.
pub fn groups(out: &mut dyn Write, groups: &Groups, keys: &[NamedKey], users: &Users, gaps: &[Gap]) -> io::Result<()> {
    write_line(
        out,
        &GroupsDocument {
            schema: SCHEMA,
            keys: keys.iter().map(|(name, _)| name.as_str()).collect(),
            groups: rows(groups, keys, users),
            other: groups.other,
            total: groups.total,
            gaps: gaps.iter().map(gap).collect(),
        },
    )
}
