//! The parts of each socket that a listing shows, by the options of `ss`.

use super::columns::Column;
use crate::{
    model::{
        blanks::{Blanks, not_shown},
        entry::Entry,
        family::Netid,
        tcp_info,
    },
    render::format::Compat,
};

/// Finds the name of a port, or of a raw socket's protocol; `None` leaves the number.
pub type PortNames<'a> = dyn Fn(Netid, u16) -> Option<&'a str> + Sync + 'a;

/// How a table prints timers, memory and owners.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Wording {
    /// In the tokens of `ss`, and nothing where it prints nothing.
    Tokens,
    /// In the tokens of `ss`; in words, behind them, when the socket goes away and why no owner is known: for pipes.
    #[default]
    Pipe,
    /// In words, but owners in the tokens of `ss` unless several of them run one program: for terminals.
    Terminal,
    /// All in words.
    Words,
}

impl Wording {
    /// Whether timers and memory are printed in words.
    pub(super) fn in_words(self) -> bool {
        matches!(self, Wording::Terminal | Wording::Words)
    }
}

/// The parts of each socket to show, by the options of `ss`.
#[derive(Clone, Copy, Default)]
pub struct Shown<'a> {
    /// The fields that a text lacks, which are not shown.
    pub blanks: Blanks,
    /// The columns in their order; `None` for those of `ss`.
    pub columns: Option<&'a [Column]>,
    /// Whether sockets of several kinds may come, so that each row says its own (`Netid`).
    pub several: bool,
    /// Whether several network namespaces are shown.
    pub namespaces: bool,
    /// `-H`: no heading.
    pub no_header: bool,
    /// `-Q`: no queue columns.
    pub no_queues: bool,
    /// `-O`: all of a socket on one line.
    pub one_line: bool,
    /// `-n`: numbers in full.
    pub numeric: bool,
    /// How timers, memory and owners are printed.
    pub wording: Wording,
    /// The program whose output is printed, if not our own.
    pub compat: Option<Compat>,
    /// Whether all sockets are in one state, so that `ss` does not say which.
    pub one_state: bool,
    /// `-o`.
    pub timers: bool,
    /// `-e`.
    pub extended: bool,
    /// `-m`.
    pub memory: bool,
    /// `-i`.
    pub info: bool,
    /// `-p`.
    pub processes: bool,
    /// `-T`.
    pub threads: bool,
    /// `-Z`.
    pub contexts: bool,
    /// `-z`.
    pub socket_contexts: bool,
    /// `--tipcinfo`.
    pub tipc_info: bool,
    /// `--tos`.
    pub tos: bool,
    /// `--cgroup`.
    pub cgroup: bool,
    /// `--inet-sockopt`.
    pub socket_options: bool,
    /// `-b`.
    pub filters: bool,
    /// `--bpf-maps`.
    pub storages: bool,
    /// The names of ports; `None` for numbers.
    pub services: Option<&'a PortNames<'a>>,
}

impl Shown<'_> {
    /// The columns, in their order.
    pub(super) fn chosen(&self) -> Vec<Column> {
        if let Some(columns) = self.columns {
            return columns.to_vec();
        }
        let netns = self.namespaces.then_some(Column::Netns);
        let netid = self.several.then_some(Column::Netid);
        let fixed = [Column::State, Column::RecvQ, Column::SendQ, Column::Local, Column::Peer];
        let all = netns.into_iter().chain(netid).chain(fixed);
        all.filter(|column| !(self.no_queues && matches!(column, Column::RecvQ | Column::SendQ))).collect()
    }

    /// The columns of a format that has no place for details: the options add theirs.
    pub(super) fn chosen_for_csv(&self) -> Vec<Column> {
        let mut columns = self.chosen();
        if self.columns.is_some() {
            return columns;
        }
        let mut add = |asked: bool, more: &[Column]| columns.extend(more.iter().filter(|_| asked));
        add(self.processes, &[Column::Process, Column::Pid, Column::Fd, Column::Unit, Column::Container]);
        add(self.timers || self.extended, &[Column::Timer, Column::Expires, Column::Retrans, Column::Ends]);
        add(self.extended, &[Column::User, Column::Uid, Column::Inode, Column::Cookie, Column::Mark]);
        add(self.extended || self.cgroup, &[Column::Cgroup]);
        add(self.info, &[Column::Congestion]);
        if self.info {
            // The row has the state already, by its name.
            let fields = tcp_info::FIELDS.iter().filter(|field| field.name != tcp_info::STATE.name);
            columns.extend(fields.map(Column::Info));
        }
        columns
    }

    /// The inode; `None` if there is none, or it is unknown.
    pub(super) fn inode(&self, entry: &Entry) -> Option<u32> {
        let is_shown = !self.blanks.host || !not_shown::is_inode(entry.inode);
        Some(entry.inode).filter(|&inode| inode != 0 && is_shown)
    }

    /// Whether rows have anything after their columns.
    pub(super) fn has_details(&self) -> bool {
        self.processes
            || self.timers
            || self.extended
            || self.memory
            || self.info
            || self.tipc_info
            || self.tos
            || self.cgroup
            || self.socket_options
            || self.filters
            || self.storages
            || self.contexts
            || self.socket_contexts
    }

    /// Whether the owners are asked for: `-T`, `-Z` and `-z` ask for them too, as in `ss`.
    pub(super) fn has_owners(&self) -> bool {
        self.processes || self.threads || self.contexts || self.socket_contexts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_csv_are_not_used_twice() {
        let all =
            Shown { several: true, namespaces: true, processes: true, extended: true, info: true, ..Shown::default() };
        let mut names: Vec<_> = all.chosen_for_csv().into_iter().map(Column::name).collect();
        let length = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), length);
        assert!(!names.contains(&""));
    }
}
