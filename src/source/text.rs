//! The sockets of a text (`ss`, `netstat`, `/proc/net`) as the kernel's own records, so that they take the same way as a
//! kernel's answers. Fields that a text does not have are among the [`Blanks`].

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, BufRead},
    net::IpAddr,
    path::PathBuf,
    time::SystemTime,
};

use super::{
    Answer, Source, not_held,
    packed::Packed,
    processes::{Found, HolderQuery},
};
use crate::model::{
    blanks::Blanks,
    owner::Holder,
    sorted,
    state::{State, StateSet},
    uapi::{
        AF_INET, AF_NETLINK, AF_PACKET, AF_UNIX, INET_DIAG_REQ, IPPROTO_RAW, IPPROTO_TCP, IPPROTO_UDP, IPPROTO_UDPLITE,
        NLM_F_DUMP, NLMSG_FLAGS, NLMSG_HDRLEN, NLMSG_TYPE, SOCK_DIAG_BY_FAMILY, TCPDIAG_GETSOCK, u16_at, u32_at,
    },
};

/// `AF_*` and `IPPROTO_*` of a table; 0 for both internet families.
pub type RecordTable = (u8, u8);

/// The error for data that a text lacks; no kernel refused it.
fn not_shown() -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, "not in text")
}

/// Files that hold sockets.
const TABLES: [&str; 7] = ["net/tcp", "net/tcp6", "net/udp", "net/udp6", "net/raw", "net/raw6", "net/unix"];

/// The data of a text about a host.
#[derive(Debug)]
pub struct TextSource {
    /// Payloads of records by table, each after its length.
    tables: BTreeMap<RecordTable, Vec<u8>>,
    /// The holders of sockets, as far as the text shows them.
    holders: Vec<Holder>,
    /// Files of `/proc` with the rest of its data.
    files: BTreeMap<String, Vec<u8>>,
    /// The names of interfaces, the first of which has the index 1.
    interfaces: Vec<String>,
    /// TCP descriptors without a socket, by process and number.
    closed: BTreeMap<(u32, u32), u32>,
    /// The names behind placeholder addresses ([`crate::model::blanks::not_shown::address`]).
    pub hosts: BTreeMap<IpAddr, String>,
    /// The fields that it lacks.
    pub blanks: Blanks,
    /// When it was written.
    pub taken_at: SystemTime,
}

impl Default for TextSource {
    fn default() -> TextSource {
        TextSource {
            tables: BTreeMap::new(),
            holders: Vec::new(),
            files: BTreeMap::new(),
            interfaces: Vec::new(),
            closed: BTreeMap::new(),
            hosts: BTreeMap::new(),
            blanks: Blanks::default(),
            taken_at: SystemTime::UNIX_EPOCH,
        }
    }
}

impl TextSource {
    /// Adds a table without sockets, unless it is there.
    pub fn has_table(&mut self, table: RecordTable) {
        self.tables.entry(table).or_default();
    }

    /// Adds the payload of a record to a table.
    pub fn record(&mut self, table: RecordTable, payload: &[u8]) {
        let records = self.tables.entry(table).or_default();
        records.extend_from_slice(&(payload.len() as u32).to_ne_bytes());
        records.extend_from_slice(payload);
    }

    /// Adds a holder, and the name of its program.
    pub fn holder(&mut self, holder: Holder, program: &str) {
        self.file(&format!("/proc/{}/comm", holder.pid), format!("{program}\n"));
        self.holders.push(holder);
    }

    /// Adds a file of `/proc`.
    pub fn file(&mut self, path: &str, text: impl Into<Vec<u8>>) {
        self.files.insert(path.into(), text.into());
    }

    /// Adds to a file, which begins with `head`.
    pub fn append(&mut self, path: &str, head: &str, text: &str) {
        self.files.entry(path.into()).or_insert_with(|| head.into()).extend_from_slice(text.as_bytes());
    }

    /// The index of an interface, by its name.
    pub fn interface(&mut self, name: &str) -> u32 {
        let known = self.interfaces.iter().position(|known| known == name);
        let at = known.unwrap_or_else(|| {
            self.interfaces.push(name.to_owned());
            self.interfaces.len() - 1
        });
        at as u32 + 1
    }

    /// Adds a TCP descriptor without a socket.
    pub fn closed(&mut self, inode: u32, pid: u32, fd: u32) {
        self.closed.insert((pid, fd), inode);
    }

    /// The inode behind `/proc/PID/fd/N`, where it is one of those.
    fn closed_at(&self, path: &str) -> Option<u32> {
        let (pid, fd) = path.strip_prefix("/proc/")?.split_once("/fd/")?;
        self.closed.get(&(pid.parse().ok()?, fd.parse().ok()?)).copied()
    }

    /// Whether it shows descriptors without a socket.
    pub fn tells_closed(&self) -> bool {
        !self.closed.is_empty()
    }

    /// Whether it shows sockets, and not only counters.
    pub fn tells_sockets(&self) -> bool {
        let is_table = |path: &String| TABLES.iter().any(|name| path.ends_with(name));
        !self.tables.is_empty() || self.files.keys().any(is_table)
    }

    /// Whether there is neither a table nor a file.
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty() && self.files.is_empty()
    }
}

/// By reference: it is only read.
impl Source for &TextSource {
    fn ask(&mut self, request: &[u8]) -> io::Result<Box<dyn Answer + '_>> {
        let absent = || io::Error::from_raw_os_error(libc::ENOENT);
        // A text cannot be asked for one socket alone.
        if u16_at(request, NLMSG_FLAGS).is_none_or(|flags| flags & NLM_F_DUMP != NLM_F_DUMP) {
            return Err(absent());
        }
        let [family, protocol] =
            request.get(NLMSG_HDRLEN..NLMSG_HDRLEN + 2).and_then(|two| two.first_chunk()).ok_or_else(absent)?;
        let (family, table, states) = match u16_at(request, NLMSG_TYPE) {
            Some(TCPDIAG_GETSOCK) => (None, (0, IPPROTO_TCP), u32_at(request, NLMSG_HDRLEN + INET_DIAG_REQ - 8)),
            // Neither has states to ask for.
            Some(SOCK_DIAG_BY_FAMILY) if matches!(*family, AF_NETLINK | AF_PACKET) => (None, (*family, 0), None),
            Some(SOCK_DIAG_BY_FAMILY) if *family >= AF_INET => {
                (Some(*family), (0, *protocol), u32_at(request, NLMSG_HDRLEN + 4))
            }
            Some(SOCK_DIAG_BY_FAMILY) => (None, (*family, 0), u32_at(request, NLMSG_HDRLEN + 4)),
            _ => return Err(absent()),
        };
        let Some(records) = self.tables.get(&table) else {
            // A text may replace the file that a kernel without `sock_diag` has.
            let name = match table {
                (0, IPPROTO_TCP) => "tcp",
                (0, IPPROTO_UDP) => "udp",
                (0, IPPROTO_RAW) => "raw",
                (0, IPPROTO_UDPLITE) => "udplite",
                (AF_UNIX, _) => "unix",
                _ => return Err(not_shown()),
            };
            let is_file = self.files.contains_key(&format!("/proc/thread-self/net/{name}"));
            return Err(if is_file { absent() } else { not_shown() });
        };
        let states = states.unwrap_or(u32::MAX);
        let is_asked = move |record: &&[u8]| is_of(record, family, states);
        Ok(Box::new(Packed::new(TextRecords(records).filter(is_asked).map(Ok))))
    }

    fn open(&self, path: &str) -> io::Result<Box<dyn BufRead + '_>> {
        let bytes = self.files.get(path).ok_or_else(|| not_held(path))?;
        Ok(Box::new(bytes.as_slice()))
    }

    fn list(&self, path: &str) -> io::Result<Vec<String>> {
        let within = format!("{}/", path.trim_end_matches('/'));
        let names = self.files.keys().filter_map(|name| name.strip_prefix(&within)?.split('/').next());
        let names: BTreeSet<&str> = sorted::set(names);
        if names.is_empty() { Err(not_held(path)) } else { Ok(names.into_iter().map(str::to_owned).collect()) }
    }

    fn holders(&self, ask: &HolderQuery<'_>) -> io::Result<Found> {
        let is_wanted = |holder: &&Holder| ask.wanted.is_none_or(|wanted| wanted.binary_search(&holder.inode).is_ok());
        let mut holders: Vec<Holder> = self.holders.iter().filter(is_wanted).copied().collect();
        holders.sort_unstable();
        holders.dedup();
        Ok(Found { holders, lists_init: true, ..Found::default() })
    }

    fn sockets_of(&self, pid: u32) -> io::Result<Vec<u32>> {
        Ok(self.holders.iter().filter(|holder| holder.pid == pid).map(|holder| holder.inode).collect())
    }

    fn interface_index(&self, name: &str) -> Option<u32> {
        Some(self.interfaces.iter().position(|known| known == name)? as u32 + 1)
    }

    fn interface_names(&self) -> BTreeMap<u32, String> {
        (1..).zip(self.interfaces.iter().cloned()).collect()
    }

    fn host_names(&self) -> BTreeMap<IpAddr, String> {
        self.hosts.clone()
    }

    fn link(&self, path: &str) -> io::Result<PathBuf> {
        self.closed_at(path).map(|inode| format!("socket:[{inode}]").into()).ok_or_else(|| not_held(path))
    }

    fn attribute(&self, path: &str, _name: &str) -> io::Result<Vec<u8>> {
        self.closed_at(path).map(|_| b"TCP".to_vec()).ok_or_else(|| not_held(path))
    }

    fn blanks(&self) -> Blanks {
        self.blanks
    }

    fn now(&self) -> SystemTime {
        self.taken_at
    }
}

/// The payloads of a table, each after its length.
struct TextRecords<'a>(&'a [u8]);

impl<'a> Iterator for TextRecords<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let (length, rest) = self.0.split_first_chunk::<4>()?;
        let (payload, rest) = rest.split_at_checked(u32::from_ne_bytes(*length) as usize)?;
        self.0 = rest;
        Some(payload)
    }
}

/// Whether a record is of the family and in one of the states that were asked for.
fn is_of(payload: &[u8], asked: Option<u8>, states: u32) -> bool {
    let family = payload.first();
    // The place of the state in the record depends on the family; in UNIX records it follows the type.
    let state = if family < Some(&AF_INET) { payload.get(2) } else { payload.get(1) };
    // Sockets that are bound and unused come as `CLOSE`.
    let is_of_state = match state {
        state if states == StateSet::BOUND_INACTIVE.mask() => state == Some(&State::CLOSE.number()),
        Some(state) => 1_u32.checked_shl((*state).into()).is_some_and(|bit| states & bit != 0),
        None => true,
    };
    is_of_state && (asked.is_none() || asked.as_ref() == family)
}
