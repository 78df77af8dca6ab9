//! Walks of the kernel's lists by a program: the sockets among all open files, and all processes.

use std::{
    fs::{self, File},
    io::{self, Read},
    os::fd::{AsRawFd, OwnedFd},
    sync::{Mutex, OnceLock, PoisonError},
};

use super::{
    asm, btf,
    programs::{ABSENT, BpfProgram, HELD_BYTES, PROCESS_BYTES, TASK_FILES, TASKS, TCP_STATES},
    sys::{self, MapKind},
};
use crate::model::{
    engine::{BpfFailure, BpfStep},
    owner::Holder,
};

const BTF: &str = "/sys/kernel/btf/vmlinux";

/// The kernel writes no more at once.
const BUFFER_BYTES: usize = 32 << 10;

/// How many numbers [`TCP_STATES`] counts.
const STATE_COUNTS: usize = 32;

/// The result of [`tcp_states`].
pub type TcpStates = Result<[u64; STATE_COUNTS], BpfFailure>;

/// A program that is loaded when it is first needed, and kept.
type Loaded = OnceLock<Result<OwnedFd, BpfFailure>>;

/// Loads a program, unless that was tried before.
fn loaded<'a>(kept: &'a Loaded, program: &BpfProgram) -> Result<&'a OwnedFd, BpfFailure> {
    kept.get_or_init(|| load(program, &[])).as_ref().map_err(Clone::clone)
}

/// A socket that a process has open.
#[derive(Clone, Copy, Debug)]
pub struct HeldSocket {
    /// The holder.
    pub holder: Holder,
    /// The inode of the process's network namespace; 0 where it is ending.
    pub netns: u64,
}

/// A process.
#[derive(Clone, Copy, Debug)]
pub struct ListedProcess {
    /// Its id.
    pub pid: u32,
    /// The inode of its network namespace; `None` where its first thread has ended.
    pub netns: Option<u64>,
    /// How many descriptors it has open; `None` where its table is too large for the program, or its first thread has ended.
    pub descriptors: Option<u64>,
}

/// The sockets among the open files of all processes, in no order.
///
/// # Errors
/// With the step that failed and the kernel's reason.
pub fn held_sockets(take: &mut dyn FnMut(HeldSocket)) -> Result<(), BpfFailure> {
    static PROGRAM: Loaded = Loaded::new();
    read_held_sockets(&mut output(loaded(&PROGRAM, &TASK_FILES)?)?, take)
}

/// The same from the output of the program.
///
/// # Errors
/// With the reason if it cannot be read.
pub fn read_held_sockets(output: &mut dyn Read, take: &mut dyn FnMut(HeldSocket)) -> Result<(), BpfFailure> {
    records::<HELD_BYTES>(output, &mut |record| {
        let [inode, pid, tid, fd, netns] = words(record);
        take(HeldSocket { holder: Holder { inode, pid, tid, fd }, netns: netns.into() });
    })
}

/// All processes but the kernel's own threads.
///
/// # Errors
/// With the step that failed and the kernel's reason.
pub fn processes(take: &mut dyn FnMut(ListedProcess)) -> Result<(), BpfFailure> {
    static PROGRAM: Loaded = Loaded::new();
    read_processes(&mut output(loaded(&PROGRAM, &TASKS)?)?, take)
}

/// The same from the output of the program.
///
/// # Errors
/// With the reason if it cannot be read.
pub fn read_processes(output: &mut dyn Read, take: &mut dyn FnMut(ListedProcess)) -> Result<(), BpfFailure> {
    records::<PROCESS_BYTES>(output, &mut |record| {
        let [pid, netns, size, _, bits @ ..]: [u32; 12] = words(record);
        let is_whole = size > 0 && size as usize <= 32 * bits.len();
        let set = bits.iter().take(size as usize / 32).map(|bits| u64::from(bits.count_ones())).sum();
        take(ListedProcess { pid, netns: (netns != 0).then_some(netns.into()), descriptors: is_whole.then_some(set) });
    })
}

/// How many TCP sockets the network namespace of the calling thread has, by the number of their state: 16 of IPv4, and 16 of
/// IPv6. It takes the lock of each socket.
///
/// # Errors
/// With the step that failed and the kernel's reason.
pub fn tcp_states() -> TcpStates {
    static COUNTER: Mutex<Option<Result<(OwnedFd, OwnedFd), BpfFailure>>> = Mutex::new(None);
    // The namespaces of a run share the program and its array, and so count one after the other.
    let mut counter = COUNTER.lock().unwrap_or_else(PoisonError::into_inner);
    let counter = counter.get_or_insert_with(|| {
        let array = sys::make_map(MapKind::Array, 8 * STATE_COUNTS as u32)?;
        Ok((load(&TCP_STATES, &[array.as_raw_fd().cast_unsigned()])?, array))
    });
    let (program, array) = counter.as_ref().map_err(Clone::clone)?;
    let before = sys::look_up::<STATE_COUNTS>(array)?;
    records::<1>(&mut output(program)?, &mut |_| {})?;
    let mut counts = sys::look_up::<STATE_COUNTS>(array)?;
    counts.iter_mut().zip(before).for_each(|(count, before)| *count -= before);
    Ok(counts)
}

/// Loads a program with the descriptors of its maps and other numbers.
pub(super) fn load(program: &BpfProgram, numbers: &[u32]) -> Result<OwnedFd, BpfFailure> {
    let types = fs::read(BTF).map_err(|error| BpfFailure::new(BpfStep::Types, &error))?;
    let lacking = || BpfFailure::new(BpfStep::Types, &io::ErrorKind::NotFound.into());
    let found = btf::find(&types, program.wanted).ok_or_else(lacking)?;
    let (&function, offsets) = found.split_first().ok_or_else(lacking)?;
    let offset = |&offset| if offset == btf::ABSENT { Ok(ABSENT) } else { i16::try_from(offset) };
    let offsets: Result<Vec<i16>, _> = offsets.iter().map(offset).collect();
    let body = offsets.ok().and_then(|offsets| (program.body)(&offsets, numbers)).ok_or_else(lacking)?;
    sys::load(program.hook, function, &asm::assemble(&body))
}

/// Runs an iterator; the result is a file with its output.
fn output(program: &OwnedFd) -> Result<File, BpfFailure> {
    sys::iterate(program).map_err(|error| BpfFailure::new(BpfStep::Attach, &error))
}

/// Gives each record of an output.
fn records<const BYTES: usize>(output: &mut dyn Read, take: &mut dyn FnMut(&[u8; BYTES])) -> Result<(), BpfFailure> {
    let mut buffer = vec![0; BUFFER_BYTES];
    let mut filled = 0;
    loop {
        match output.read(buffer.get_mut(filled..).unwrap_or_default()) {
            Ok(0) => return Ok(()),
            Ok(length) => filled += length,
            // After a million files without a socket among them the kernel lets others have a turn.
            Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) => continue,
            Err(error) => return Err(BpfFailure::new(BpfStep::Read, &error)),
        }
        let (records, rest) = buffer.get(..filled).unwrap_or_default().as_chunks::<BYTES>();
        records.iter().for_each(&mut *take);
        let (whole, rest) = (filled - rest.len(), rest.len());
        buffer.copy_within(whole..filled, 0);
        filled = rest;
    }
}

/// The words of a record.
fn words<const WORDS: usize>(record: &[u8]) -> [u32; WORDS] {
    let mut words = [0; WORDS];
    let (chunks, _) = record.as_chunks::<4>();
    words.iter_mut().zip(chunks).for_each(|(word, bytes)| *word = u32::from_ne_bytes(*bytes));
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_sockets_and_processes_are_found_or_there_is_a_reason() {
        use std::os::{fd::AsRawFd, unix::fs::MetadataExt};
        let socket = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
        let own = std::process::id();
        let mut sockets = Vec::new();
        if let Err(failure) = held_sockets(&mut |held| sockets.push(held)) {
            assert!(!failure.error.is_empty(), "{failure:?}");
            return;
        }
        let netns = fs::metadata("/proc/self/ns/net").unwrap().ino();
        let fd = socket.as_raw_fd() as u32;
        assert!(sockets.iter().any(|held| (held.holder.pid, held.holder.fd, held.netns) == (own, fd, netns)));
        let mut all = Vec::new();
        processes(&mut |process| all.push(process)).unwrap();
        let ours = all.iter().find(|process| process.pid == own).unwrap();
        assert_eq!(ours.netns, Some(netns));
        assert!(ours.descriptors.is_none_or(|count| count > 2));
    }
}
