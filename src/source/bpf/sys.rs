//! The calls of `bpf(2)` that programs of this tool need (`union bpf_attr` in `include/uapi/linux/bpf.h`).

#![allow(unsafe_code, reason = "no crate here makes this system call")]

use std::{
    fs::File,
    io,
    os::fd::{AsFd, AsRawFd, FromRawFd, OwnedFd},
};

use super::asm::Instruction;
use crate::model::engine::{BpfFailure, BpfStep};

/// Commands, `BPF_*`.
#[derive(Clone, Copy)]
pub(super) enum BpfCall {
    MapCreate = 0,
    MapLookup = 1,
    ProgramLoad = 5,
    MapById = 14,
    ObjectInfo = 15,
    TracepointOpen = 17,
    LinkCreate = 28,
    IteratorCreate = 33,
}

/// `BPF_PROG_TYPE_TRACING`.
const TRACING: u32 = 26;

/// The hook of a program, `BPF_TRACE_*`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Hook {
    Tracepoint = 23,
    Iterator = 28,
}

/// `BPF_MAP_TYPE_*`.
#[derive(Clone, Copy)]
pub(super) enum MapKind {
    Array = 2,
    Ring = 27,
}

/// The key of the only value of an array.
static NO_KEY: u32 = 0;

/// The verifier refuses programs with another licence the helpers and structures that these use.
const LICENCE: &[u8] = b"Dual MIT/GPL\0";

/// The verifier's account of a program of a few dozen instructions is shorter.
const LOG_BYTES: usize = 64 << 10;

/// `bpf(2)`; the attributes are given as 32-bit words, and the memory they point to lives in the caller.
pub(super) fn bpf(command: BpfCall, attributes: &mut [u32]) -> io::Result<u32> {
    // SAFETY: the kernel reads and writes at most the given length of the attributes; callers point to live buffers.
    let answer = unsafe {
        libc::syscall(libc::SYS_bpf, command as libc::c_long, attributes.as_mut_ptr(), size_of_val(&*attributes))
    };
    u32::try_from(answer).map_err(|_| io::Error::last_os_error())
}

/// The same where the answer is a descriptor.
pub(super) fn opened(command: BpfCall, attributes: &mut [u32]) -> io::Result<OwnedFd> {
    let descriptor = bpf(command, attributes)? as i32;
    // SAFETY: the kernel has just made it for this process, and nothing else knows of it.
    Ok(unsafe { OwnedFd::from_raw_fd(descriptor) })
}

pub(super) fn number(descriptor: impl AsFd) -> u32 {
    descriptor.as_fd().as_raw_fd().cast_unsigned()
}

/// An address as two words.
pub(super) fn address<T>(of: *const T) -> [u32; 2] {
    let address = of as u64;
    [address as u32, (address >> 32) as u32]
}

/// Loads a program. If the verifier refuses it, its account of why comes with the error.
pub(super) fn load(hook: Hook, function: u32, program: &[Instruction]) -> Result<OwnedFd, BpfFailure> {
    let [code, code_high] = address(program.as_ptr());
    let [licence, licence_high] = address(LICENCE.as_ptr());
    let attempt = |level: u32, log: &mut [u8]| {
        let [place, place_high] = if log.is_empty() { [0; 2] } else { address(log.as_ptr()) };
        let mut attributes = [0; 30];
        let head = [TRACING, program.len() as u32, code, code_high, licence, licence_high];
        let log = [level, log.len() as u32, place, place_high];
        attributes.iter_mut().zip(head.into_iter().chain(log)).for_each(|(to, value)| *to = value);
        [attributes[17], attributes[27]] = [hook as u32, function];
        opened(BpfCall::ProgramLoad, &mut attributes)
    };
    attempt(0, &mut []).map_err(|error| {
        let mut log = vec![0; LOG_BYTES];
        let failure = BpfFailure::new(BpfStep::Load, &error);
        // A refusal for lack of rights has no account.
        if attempt(1, &mut log).is_ok() {
            return failure;
        }
        let length = log.iter().position(|&byte| byte == 0).unwrap_or(0);
        BpfFailure {
            log: String::from_utf8_lossy(log.get(..length).unwrap_or_default()).trim_end().to_owned(),
            ..failure
        }
    })
}

/// Creates a map of this size in bytes: a ring, or an array with one value.
pub(super) fn make_map(kind: MapKind, bytes: u32) -> Result<OwnedFd, BpfFailure> {
    let [key, value, entries] = match kind {
        MapKind::Array => [4, bytes, 1],
        MapKind::Ring => [0, 0, bytes],
    };
    opened(BpfCall::MapCreate, &mut [kind as u32, key, value, entries, 0])
        .map_err(|error| BpfFailure::new(BpfStep::Load, &error))
}

/// The value of an array, which was made with as many bytes.
pub(super) fn look_up<const NUMBERS: usize>(array: &OwnedFd) -> Result<[u64; NUMBERS], BpfFailure> {
    let mut value = [0u64; NUMBERS];
    let ([key, key_high], [to, to_high]) = (address(&raw const NO_KEY), address(value.as_mut_ptr()));
    bpf(BpfCall::MapLookup, &mut [number(array), 0, key, key_high, to, to_high, 0, 0])
        .map(|_| value)
        .map_err(|error| BpfFailure::new(BpfStep::Read, &error))
}

/// Lets a loaded program be called at its tracepoint, until the descriptor is closed.
pub(super) fn attach(program: &OwnedFd) -> io::Result<OwnedFd> {
    opened(BpfCall::TracepointOpen, &mut [0, 0, number(program), 0])
}

/// Begins a walk with a loaded iterator, whose output is read like a file.
pub(super) fn iterate(program: &OwnedFd) -> io::Result<File> {
    let link = opened(BpfCall::LinkCreate, &mut [number(program), 0, Hook::Iterator as u32, 0, 0, 0, 0, 0])?;
    opened(BpfCall::IteratorCreate, &mut [number(&link), 0]).map(File::from)
}
