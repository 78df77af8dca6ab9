//! Before anything is timed: all who count must count the same.

use std::collections::BTreeMap;
use std::io;
use std::thread::sleep;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::measure::capture;
use crate::plan::{COUNT_TIME_WAIT, FLOOR, NETSTAT, SS_BY_STATE, Settings, missing_for, subject};

/// The kernel's states by number, in its spelling.
const STATES: [&str; 12] = [
    "",
    "ESTABLISHED",
    "SYN_SENT",
    "SYN_RECV",
    "FIN_WAIT1",
    "FIN_WAIT2",
    "TIME_WAIT",
    "CLOSE",
    "CLOSE_WAIT",
    "LAST_ACK",
    "LISTEN",
    "CLOSING",
];
/// Sockets that had not reached their state at the first count get this many seconds.
const PATIENCE: u32 = 10;

/// Those who know because they made them.
pub(crate) const MAKERS: &str = "the makers";

/// The counts of one command: states without a socket are left out.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Tally {
    /// The command.
    pub(crate) by: String,
    /// Sockets of each state, where the command tells states apart.
    pub(crate) states: Option<BTreeMap<String, u64>>,
    /// All sockets, where the command counts all.
    pub(crate) total: Option<u64>,
    /// The sockets in TIME_WAIT, where the command counts those.
    pub(crate) time_wait: Option<u64>,
}

impl Tally {
    /// Counts of a counter that distinguishes states.
    pub(crate) fn of_states(by: &str, mut states: BTreeMap<String, u64>) -> Self {
        states.retain(|_, sockets| *sockets > 0);
        let total = states.values().sum();
        let time_wait = states.get("TIME_WAIT").copied().unwrap_or(0);
        Self { by: by.to_owned(), states: Some(states), total: Some(total), time_wait: Some(time_wait) }
    }

    fn agrees_with(&self, other: &Self) -> bool {
        fn same<T: PartialEq>(one: &Option<T>, other: &Option<T>) -> bool {
            one.is_none() || other.is_none() || one == other
        }
        same(&self.states, &other.states) && same(&self.total, &other.total) && same(&self.time_wait, &other.time_wait)
    }
}

/// Lets all counters count until they agree with the made sockets; an error names those that disagree.
pub(crate) fn settle(settings: &Settings, made: &Tally) -> io::Result<Vec<Tally>> {
    let mut seconds = 0;
    loop {
        let mut tallies = vec![made.clone()];
        tallies.extend(count(settings)?);
        if tallies.iter().all(|tally| tally.agrees_with(made)) {
            return Ok(tallies);
        }
        if seconds == PATIENCE {
            let told: Vec<String> = tallies.iter().map(ToString::to_string).collect();
            let told = told.join("\n");
            return Err(io::Error::other(format!("the counts do not agree:\n{told}")));
        }
        seconds += 1;
        sleep(Duration::from_secs(1));
    }
}

/// Whether the floor still finds the made sockets.
pub(crate) fn still(settings: &Settings, made: &Tally) -> io::Result<()> {
    let now = floor(settings)?;
    if now.agrees_with(made) {
        return Ok(());
    }
    Err(io::Error::other(format!("the sockets changed while being measured:\n{made}\n{now}")))
}

fn count(settings: &Settings) -> io::Result<Vec<Tally>> {
    let mut tallies = vec![floor(settings)?];
    if !settings.floor_only {
        for (name, list) in [("sockdoc --json", "states"), ("sockdoc group --by state --json", "groups")] {
            tallies.push(Tally::of_states(name, json_states(name, list, settings)?));
        }
        let all = number("sockdoc count", settings)?;
        let narrow = number(COUNT_TIME_WAIT, settings)?;
        tallies.push(Tally { by: "sockdoc count".to_owned(), states: None, total: Some(all), time_wait: None });
        tallies.push(Tally { by: COUNT_TIME_WAIT.to_owned(), states: None, total: None, time_wait: Some(narrow) });
    }
    if missing_for(SS_BY_STATE).is_none() {
        let text = capture(&subject(SS_BY_STATE, settings))?;
        let states = text.lines().filter_map(ss_line).collect();
        tallies.push(Tally::of_states(SS_BY_STATE, states));
    }
    if missing_for(NETSTAT).is_none() {
        let narrow = number(NETSTAT, settings)?;
        tallies.push(Tally { by: NETSTAT.to_owned(), states: None, total: None, time_wait: Some(narrow) });
    }
    Ok(tallies)
}

fn floor(settings: &Settings) -> io::Result<Tally> {
    let text = capture(&subject(FLOOR, settings))?;
    let states = text.lines().filter_map(|line| {
        let (state, sockets) = line.split_once(' ')?;
        Some((name(state.parse().ok()?), sockets.parse().ok()?))
    });
    Ok(Tally::of_states(FLOOR, states.collect()))
}

fn number(name: &str, settings: &Settings) -> io::Result<u64> {
    let text = capture(&subject(name, settings))?;
    text.trim().parse().map_err(|_| io::Error::other(format!("{name} printed no number: {text:?}")))
}

fn json_states(name: &str, list: &str, settings: &Settings) -> io::Result<BTreeMap<String, u64>> {
    let text = capture(&subject(name, settings))?;
    let value: serde_json::Value = serde_json::from_str(&text)?;
    let rows = value.get(list).and_then(serde_json::Value::as_array);
    let rows = rows.ok_or_else(|| io::Error::other(format!("{name}: no list named {list}")))?;
    let row = |row: &serde_json::Value| Some((row.get("state")?.as_str()?.to_owned(), row.get("sockets")?.as_u64()?));
    Ok(rows.iter().filter_map(row).collect())
}

/// A line of `uniq -c`: the count, then the state as ss spells it.
fn ss_line(line: &str) -> Option<(String, u64)> {
    let (sockets, state) = line.trim().split_once(' ')?;
    let state = match state {
        "ESTAB" => "ESTABLISHED".to_owned(),
        "UNCONN" => "CLOSE".to_owned(),
        "FIN-WAIT-1" => "FIN_WAIT1".to_owned(),
        "FIN-WAIT-2" => "FIN_WAIT2".to_owned(),
        other => other.replace('-', "_"),
    };
    Some((state, sockets.parse().ok()?))
}

fn name(state: usize) -> String {
    STATES.get(state).map_or_else(|| state.to_string(), |&name| name.to_owned())
}

impl std::fmt::Display for Tally {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(to, "  {:<48}", self.by)?;
        match (&self.states, self.total, self.time_wait) {
            (Some(states), Some(total), _) => {
                write!(to, " {total}")?;
                for (state, sockets) in states {
                    write!(to, "  {state} {sockets}")?;
                }
                Ok(())
            }
            (_, Some(total), _) => write!(to, " {total}"),
            (_, _, Some(narrow)) => write!(to, " TIME_WAIT {narrow}"),
            _ => Ok(()),
        }
    }
}
