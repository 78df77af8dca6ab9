//! The text after the columns: the tokens of `ss`, in its order.

use super::{
    columns::Column,
    digits::{hex, number, size, timer},
    extended::{cgroup, extended, extended_of_family, socket_options, type_of_service},
    info, internals, owners,
    row::{Owner, SocketRow},
    shown::{Shown, Wording},
    tcp,
    words::RowWords,
};
use crate::{
    model::{
        detail::{Detail, SocketMemory},
        entry::Entry,
        family::Netid,
        socket::Timer,
    },
    report::ends::Ends,
};

/// The details of one row; both buffers are used again for the next.
#[derive(Default)]
pub(super) struct Details {
    /// Text on the socket's own line if it fits; begins with a blank.
    pub(super) inline: Vec<u8>,
    /// Text that `ss` prints on separate lines: each begins with a line feed, a tab and a blank.
    pub(super) block: Vec<u8>,
}

impl Details {
    pub(super) fn fill(&mut self, row: &SocketRow<'_>, shown: &Shown<'_>, words: &RowWords, unicode: bool) {
        self.inline.clear();
        self.block.clear();
        let entry = row.entry;
        if shown.has_owners() && !shown.columns.is_some_and(|columns| columns.contains(&Column::Process)) {
            holders(&mut self.inline, row, shown, words, unicode);
        }
        // -e and -b ask for timers too, as in ss.
        if shown.timers || shown.extended || shown.filters {
            timers(&mut self.inline, row, shown, words);
        }
        if shown.extended {
            extended(&mut self.inline, row, shown, unicode);
        }
        if shown.tos {
            type_of_service(&mut self.inline, entry);
        }
        if shown.cgroup && !shown.extended {
            cgroup(&mut self.inline, row, unicode);
        }
        let Some(detail) = entry.detail.as_deref() else { return };
        if shown.extended {
            extended_of_family(&mut self.inline, &mut self.block, entry, detail);
        }
        if let Some(found) = detail.tipc.as_ref().filter(|_| shown.tipc_info) {
            internals::tipc(&mut self.block, entry.netid, found);
        }
        if shown.socket_options {
            socket_options(&mut self.block, detail);
        }
        if shown.filters && !detail.bpf.is_empty() {
            filter(&mut self.block, &detail.bpf);
        }
        if shown.memory || shown.info {
            self.figures(entry, detail, shown, words, unicode);
        }
        if shown.storages {
            storages(&mut self.block, detail);
        }
    }

    /// Memory and `-i`, which `ss` puts on their own line.
    fn figures(&mut self, entry: &Entry, detail: &Detail, shown: &Shown<'_>, words: &RowWords, unicode: bool) {
        let mut start = self.block.len();
        self.block.extend_from_slice(b"\n\t");
        match detail.memory.as_ref().filter(|_| shown.memory) {
            Some(found) if shown.wording.in_words() => memory_in_words(&mut self.block, found, words),
            Some(found) => memory(&mut self.block, found),
            None => {}
        }
        if shown.wording.in_words() && shown.info && self.block.len() > start + 2 {
            // RowWords and tokens do not read well on one line.
            start = self.block.len();
            self.block.extend_from_slice(b"\n\t");
        }
        if shown.info {
            let out = &mut self.block;
            if let Some(found) = &detail.tcp_info {
                tcp::tokens(out, found, detail, entry.state, shown, unicode);
            }
            match (entry.netid, &detail.protocol_info) {
                (Netid::Mptcp, Some(sent)) => info::mptcp(out, sent),
                (Netid::Sctp, Some(sent)) => info::sctp(out, sent),
                _ => {}
            }
            for (token, addresses) in [(&b" locals:"[..], &detail.sctp_locals), (b" peers:", &detail.sctp_peers)] {
                for (place, address) in addresses.iter().enumerate() {
                    out.extend_from_slice(if place > 0 { b"," } else { token });
                    super::ip::ip(out, *address);
                }
            }
            info::upper_layers(out, detail, unicode);
        }
        if self.block.len() == start + 2 {
            self.block.truncate(start);
        }
    }
}

/// `-p`: the holders, or the reason why none is known.
fn holders(out: &mut Vec<u8>, row: &SocketRow<'_>, shown: &Shown<'_>, words: &RowWords, unicode: bool) {
    // Folded they have no thread and no context.
    let folds = |owners: &[Owner<'_>]| match shown.wording {
        Wording::Words => true,
        Wording::Terminal => !shown.threads && !shown.contexts && !shown.socket_contexts && owners::repeat(owners),
        Wording::Tokens | Wording::Pipe => false,
    };
    if !row.owners.is_empty() {
        if folds(row.owners) {
            out.push(b' ');
            owners::folded(out, row.owners, unicode);
        } else {
            owners::users(out, b"users", row.owners, shown, unicode);
        }
    } else if let Some(unknown) = row.unknown.filter(|_| shown.wording != Wording::Tokens) {
        out.push(b' ');
        out.extend_from_slice(words.unknown(unknown).as_bytes());
    }
    if !row.peer_owners.is_empty() {
        if folds(row.peer_owners) {
            out.extend_from_slice(if unicode { " ↔ " } else { " <-> " }.as_bytes());
            owners::folded(out, row.peer_owners, unicode);
        } else {
            owners::users(out, b"peer", row.peer_owners, shown, unicode);
        }
    }
}

/// `-o`: the timer, and when the socket goes away.
fn timers(out: &mut Vec<u8>, row: &SocketRow<'_>, shown: &Shown<'_>, words: &RowWords) {
    let entry = row.entry;
    // In words the end of a mini-sock is reported once.
    let in_words = shown.wording.in_words();
    let shown_below = in_words && entry.timer == Timer::TimeWait && row.ends.in_ms().is_some();
    let says_timer = !matches!(entry.timer, Timer::None | Timer::NotShown) && !shown_below;
    if says_timer {
        if let Some(template) = words.timer(entry.timer).filter(|_| in_words) {
            out.push(b' ');
            template.fill(out, |out, _| words.duration(out, u64::from(entry.expires_ms)));
            if entry.retrans > 0 {
                words.tries.fill(out, |out, _| number(out, entry.retrans));
            }
        } else {
            out.extend_from_slice(b" timer:(");
            let name = if entry.netid == Netid::Sctp { "T3_RTX" } else { entry.timer.name() };
            out.extend_from_slice(name.as_bytes());
            out.push(b',');
            timer(out, entry.expires_ms);
            out.push(b',');
            number(out, entry.retrans);
            out.push(b')');
        }
    }
    if shown.wording == Wording::Tokens {
        return;
    }
    match row.ends {
        Ends::Timer(left) if in_words && says_timer => {
            words.ends_in_after.fill(out, |out, _| words.duration(out, left));
        }
        Ends::Timer(left) => {
            out.push(b' ');
            words.ends_in.fill(out, |out, _| words.duration(out, left));
        }
        Ends::Never => {
            if let Some(said) = words.never(entry, in_words) {
                out.push(b' ');
                out.extend_from_slice(said.as_bytes());
            }
        }
        Ends::Unknown => {}
    }
}

/// `-b`.
pub(super) fn filter(out: &mut Vec<u8>, program: &[(u16, u8, u8, u32)]) {
    out.extend_from_slice(b"\n\t bpf filter (");
    number(out, program.len() as u64);
    out.extend_from_slice(b"): ");
    for (code, jt, jf, k) in program {
        out.extend_from_slice(b" 0x");
        hex(out, u64::from(*code), 2);
        for value in [u32::from(*jt), u32::from(*jf), *k] {
            out.push(b' ');
            number(out, value);
        }
        out.push(b',');
    }
}

/// `--bpf-maps`.
fn storages(out: &mut Vec<u8>, detail: &Detail) {
    for (map, value) in &detail.bpf_storages {
        out.extend_from_slice(b"\n\t bpf_map_id:");
        number(out, *map);
        out.extend_from_slice(b" value:");
        for byte in value {
            hex(out, u64::from(*byte), 2);
        }
    }
}

/// `-m` in words.
fn memory_in_words(out: &mut Vec<u8>, memory: &SocketMemory, words: &RowWords) {
    let figures = [
        memory.rmem_alloc,
        memory.rcvbuf,
        memory.wmem_queued,
        memory.sndbuf,
        memory.wmem_alloc,
        memory.fwd_alloc,
        memory.optmem,
    ];
    out.push(b' ');
    words.memory.fill(out, |out, place| size(out, u64::from(figures.get(place).copied().unwrap_or(0))));
    if let Some(backlog) = memory.backlog {
        words.backlog.fill(out, |out, _| size(out, u64::from(backlog)));
    }
    if let Some(drops) = memory.drops {
        words.drops.fill(out, |out, _| number(out, drops));
    }
}

/// `-m` in the tokens of `ss`.
pub(super) fn memory(out: &mut Vec<u8>, memory: &SocketMemory) {
    for (token, value) in [
        (&b" skmem:(r"[..], Some(memory.rmem_alloc)),
        (b",rb", Some(memory.rcvbuf)),
        (b",t", Some(memory.wmem_alloc)),
        (b",tb", Some(memory.sndbuf)),
        (b",f", Some(memory.fwd_alloc)),
        (b",w", Some(memory.wmem_queued)),
        (b",o", Some(memory.optmem)),
        (b",bl", memory.backlog),
        (b",d", memory.drops),
    ] {
        if let Some(value) = value {
            out.extend_from_slice(token);
            number(out, value);
        }
    }
    out.push(b')');
}
