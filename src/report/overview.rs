//! The overview: sockets by state, most first, and totals of the other protocols.

use super::diagnosis::Diagnosis;
use crate::model::{
    census::{Census, Tally},
    counted::Counted,
    family::Netid,
    host::{Host, Others},
    sorted,
    state::State,
};

/// All that the overview shows.
#[derive(Clone, PartialEq, Debug)]
pub struct Overview {
    /// Where and when.
    pub host: Host,
    /// The counts.
    pub counted: Counted,
    /// Network namespaces that were not read.
    pub others: Others,
    /// The namespaces that were read.
    pub netns: Vec<NamespaceCount>,
    /// Whether `BOUND_INACTIVE` was asked for.
    pub bound_inactive: bool,
    /// The findings; `None` if the rules were not asked.
    pub diagnosis: Option<Diagnosis>,
    /// Where it was read.
    pub origin: DataOrigin,
}

/// Where it was read.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum DataOrigin {
    /// On the host itself.
    #[default]
    Kernel,
    /// In a recording.
    Recording {
        /// The number of samples.
        samples: u64,
        /// Whether names and addresses were replaced.
        redacted: bool,
    },
    /// In text of this tool; `-D` for a raw dump.
    Text(&'static str),
}

/// A network namespace that was read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NamespaceCount {
    /// Its inode, if that could be read.
    pub inode: Option<u64>,
    /// Its name; the run's own namespace may have none.
    pub label: Option<String>,
    /// Whether the program was started in it.
    pub own: bool,
    /// All sockets counted in it.
    pub sockets: u64,
}

/// One line of the table of states.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Row {
    /// The state; `None` gathers those this program has no name for.
    pub state: Option<State>,
    /// How many.
    pub tally: Tally,
}

impl Overview {
    /// The TCP census; `None` where the table could not be read.
    pub fn tcp(&self) -> Option<&Census> {
        self.counted.census(Netid::Tcp)
    }

    /// Every state in the kernel's order, zeros included.
    pub fn states(&self) -> Vec<State> {
        let bound = self.bound_inactive.then_some(State::BOUND_INACTIVE);
        State::ALL.into_iter().chain(bound).collect()
    }

    /// The lines of the table, most sockets first; `all` keeps those without any.
    pub fn rows(&self, all: bool) -> Vec<Row> {
        let Some(census) = self.tcp() else { return Vec::new() };
        let mut rows: Vec<Row> = self
            .states()
            .into_iter()
            .map(|state| Row { state: Some(state), tally: census.tally(state) })
            .filter(|row| all || row.tally.sockets > 0)
            .collect();
        let unnamed = census.unnamed();
        if unnamed > 0 {
            rows.push(Row { state: None, tally: Tally { sockets: unnamed, ..Tally::default() } });
        }
        // Stable: equal counts stay in the kernel's order.
        sorted::sort_by_key(&mut rows, |row| std::cmp::Reverse(row.tally.sockets));
        rows
    }
}
