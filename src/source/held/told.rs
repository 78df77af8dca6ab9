//! Sockets that a text told of, as the kernel's own records: what stands in them goes through the same code as a
//! kernel's answers, and what does not is among the [`Blanks`].

use std::{
    collections::BTreeMap,
    io::{self, BufRead},
    path::PathBuf,
    time::SystemTime,
};

use super::{Held, PORT, did_not_fit, message_into};
use crate::{
    model::{
        blanks::Blanks,
        owner::Holder,
        state::{State, StateSet},
        uapi::{
            AF_INET, AF_UNIX, INET_DIAG_REQ, IPPROTO_TCP, IPPROTO_UDP, NLM_F_DUMP, NLMSG_DONE, NLMSG_FLAGS,
            NLMSG_HDRLEN, NLMSG_TYPE, SOCK_DIAG_BY_FAMILY, TCPDIAG_GETSOCK, u16_at, u32_at,
        },
    },
    source::{
        Answer, Source,
        processes::{Ask, Found},
    },
};

/// Datagrams are filled up to this size.
const ROOM: usize = 16 * 1024;

/// `AF_*` and `IPPROTO_*` of a table; 0 for both internet families.
pub type Table = (u8, u8);

/// What a text does not tell, no kernel refused.
fn untold() -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, "not told")
}

/// What a text told.
#[derive(Debug, Default)]
pub struct Told {
    /// Payloads of records by table, each after its length.
    tables: BTreeMap<Table, Vec<u8>>,
    /// Who holds which sockets, as far as it was told.
    holders: Vec<Holder>,
    /// What it does not tell.
    pub blanks: Blanks,
    /// Files that stand for what else it tells.
    pub rest: Held,
}

impl Told {
    /// There is such a table, though it may be empty.
    pub fn has_table(&mut self, table: Table) {
        self.tables.entry(table).or_default();
    }

    /// Adds the payload of a record to a table.
    pub fn record(&mut self, table: Table, payload: &[u8]) {
        let records = self.tables.entry(table).or_default();
        records.extend_from_slice(&(payload.len() as u32).to_ne_bytes());
        records.extend_from_slice(payload);
    }

    /// Adds a holder, and the name of its program.
    pub fn holder(&mut self, holder: Holder, program: &str) {
        self.rest.file(&format!("/proc/{}/comm", holder.pid), format!("{program}\n"));
        self.holders.push(holder);
    }

    /// Whether anything was told.
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty()
    }
}

impl Source for Told {
    fn ask(&mut self, request: &[u8]) -> io::Result<Box<dyn Answer + '_>> {
        let absent = || io::Error::from_raw_os_error(libc::ENOENT);
        // There is nobody to be asked for one socket alone.
        if u16_at(request, NLMSG_FLAGS).is_none_or(|flags| flags & NLM_F_DUMP != NLM_F_DUMP) {
            return Err(absent());
        }
        let [family, protocol] =
            request.get(NLMSG_HDRLEN..NLMSG_HDRLEN + 2).and_then(|two| two.first_chunk()).ok_or_else(absent)?;
        let (family, table, states) = match u16_at(request, NLMSG_TYPE) {
            Some(TCPDIAG_GETSOCK) => (None, (0, IPPROTO_TCP), u32_at(request, NLMSG_HDRLEN + INET_DIAG_REQ - 8)),
            Some(SOCK_DIAG_BY_FAMILY) if *family >= AF_INET => {
                (Some(*family), (0, *protocol), u32_at(request, NLMSG_HDRLEN + 4))
            }
            Some(SOCK_DIAG_BY_FAMILY) => (None, (*family, 0), u32_at(request, NLMSG_HDRLEN + 4)),
            _ => return Err(absent()),
        };
        let Some(records) = self.tables.get(&table) else {
            // It may stand in place of the file that a kernel without `sock_diag` has.
            let name = match table {
                (0, IPPROTO_TCP) => "tcp",
                (0, IPPROTO_UDP) => "udp",
                (AF_UNIX, _) => "unix",
                _ => return Err(untold()),
            };
            let is_file = self.rest.open(&format!("/proc/thread-self/net/{name}")).is_ok();
            return Err(if is_file { absent() } else { untold() });
        };
        Ok(Box::new(Records { records, at: 0, family, states: states.unwrap_or(u32::MAX), is_edge: false }))
    }

    fn open(&self, path: &str) -> io::Result<Box<dyn BufRead + '_>> {
        self.rest.open(path)
    }

    fn link(&self, path: &str) -> io::Result<PathBuf> {
        self.rest.link(path)
    }

    fn list(&self, path: &str) -> io::Result<Vec<String>> {
        self.rest.list(path)
    }

    fn inode(&self, path: &str) -> io::Result<u64> {
        self.rest.inode(path)
    }

    fn holders(&self, ask: &Ask<'_>) -> io::Result<Found> {
        let is_wanted = |holder: &&Holder| ask.wanted.is_none_or(|wanted| wanted.binary_search(&holder.inode).is_ok());
        let mut holders: Vec<Holder> = self.holders.iter().filter(is_wanted).copied().collect();
        holders.sort_unstable();
        holders.dedup();
        Ok(Found { holders, denied: 0, elsewhere: 0, lists_init: true })
    }

    fn sockets_of(&self, pid: u32) -> io::Result<Vec<u32>> {
        Ok(self.holders.iter().filter(|holder| holder.pid == pid).map(|holder| holder.inode).collect())
    }

    fn blanks(&self) -> Blanks {
        self.blanks
    }

    fn node(&self) -> (String, String) {
        self.rest.node()
    }

    fn now(&self) -> SystemTime {
        self.rest.now()
    }
}

/// The answer to one question.
struct Records<'a> {
    records: &'a [u8],
    at: usize,
    family: Option<u8>,
    states: u32,
    /// Whether an empty datagram is due, over which no walker looks for repeats.
    is_edge: bool,
}

impl Records<'_> {
    /// The next record that was asked for.
    fn next_record(&self) -> Option<(&[u8], usize)> {
        let mut at = self.at;
        loop {
            let rest = self.records.get(at..)?;
            let length = u32_at(rest, 0)? as usize;
            let payload = rest.get(4..4 + length)?;
            at += 4 + length;
            let family = payload.first();
            // Where it stands in the record depends on the family; a UNIX socket's comes after its type.
            let state = if family < Some(&AF_INET) { payload.get(2) } else { payload.get(1) };
            // Sockets that are bound and unused come as `CLOSE`.
            let is_of_state = match state {
                state if self.states == StateSet::BOUND_INACTIVE.mask() => state == Some(&State::CLOSE.number()),
                Some(state) => 1_u32.checked_shl((*state).into()).is_some_and(|bit| self.states & bit != 0),
                None => true,
            };
            if is_of_state && (self.family.is_none() || self.family.as_ref() == family) {
                return Some((payload, at));
            }
        }
    }
}

impl Answer for Records<'_> {
    fn expects(&self) -> (u32, u32) {
        (1, PORT)
    }

    fn next(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if std::mem::take(&mut self.is_edge) {
            return Ok(0);
        }
        let mut length = 0;
        while let Some((payload, at)) = self.next_record() {
            let end = length + (NLMSG_HDRLEN + payload.len()).next_multiple_of(4);
            if length > 0 && end > ROOM {
                break;
            }
            let space = buffer.get_mut(length..end).ok_or_else(did_not_fit)?;
            message_into(space, SOCK_DIAG_BY_FAMILY, payload)?;
            (length, self.at) = (end, at);
        }
        if length == 0 {
            length = NLMSG_HDRLEN + 4;
            message_into(buffer.get_mut(..length).ok_or_else(did_not_fit)?, NLMSG_DONE, &[0; 4])?;
        }
        self.is_edge = true;
        Ok(length)
    }
}
