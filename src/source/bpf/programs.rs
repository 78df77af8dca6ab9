//! SPDX-License-Identifier: MIT OR GPL-2.0-only
//!
//! The programs. This file alone is offered under the MIT licence or the GPL, version 2, because the kernel lets only
//! programs under a licence compatible with the GPL read its structures.

use super::{
    asm::{
        Instruction, SECOND,
        Size::{U8, U16, U32, U64},
        add, add_register, and, call, copy, end_if, end_if_any, end_unless, end_unless_same, first_of_map, load,
        pass_unless, set, shift_left, store,
    },
    btf::Wanted::{self, Function, Member},
    sys::Hook,
};

/// `bpf_probe_read_kernel`, `bpf_seq_write`.
const PROBE_READ: i32 = 113;
const SEQ_WRITE: i32 = 127;

/// The magic number of the file system of sockets. Without it the inode of any file opened with `O_PATH` could pass for a
/// socket's.
const SOCKFS_MAGIC: i32 = 0x534f_434b;

/// Set in `task->flags` of the kernel's own threads.
const PF_KTHREAD: i32 = 0x0020_0000;

/// A program.
pub(super) struct BpfProgram {
    pub(super) hook: Hook,
    /// What it hooks into, and then the offsets that it is made with.
    pub(super) wanted: &'static [Wanted],
    /// Makes it, with the offsets in that order, and with the descriptors of its maps and other numbers.
    pub(super) body: fn(&[i16], &[u32]) -> Option<Vec<Instruction>>,
}

/// The bytes that [`TASK_FILES`] writes for each socket: inode, process, thread, descriptor, network namespace.
pub(super) const HELD_BYTES: usize = 20;

/// Each socket among the open files of each process, and of each thread with a table that is not its process's.
///
/// ```text
/// r6 = *(u64 *)(ctx + 0)              meta
/// r7 = *(u64 *)(ctx + 8)              task
/// r8 = *(u64 *)(ctx + 24)             file
/// r9 = *(u32 *)(ctx + 16)             fd
/// if r7 == 0 goto end                 the call after the last one
/// if r8 == 0 goto end
/// r8 = r8->f_inode
/// r1 = r8->i_sb
/// r1 = r1->s_magic
/// if r1 != SOCKFS_MAGIC goto end
/// r1 = r8->i_ino;                     *(u32 *)(r10 - 24) = r1
/// r1 = r7->tgid;                      *(u32 *)(r10 - 20) = r1
/// r1 = r7->pid;                       *(u32 *)(r10 - 16) = r1
/// *(u32 *)(r10 - 12) = r9
/// r1 = r7->nsproxy->net_ns->ns.inum;  *(u32 *)(r10 - 8) = r1
/// bpf_seq_write(r6->seq, r10 - 24, 20)
/// end: r0 = 0; exit
/// ```
pub(super) const TASK_FILES: BpfProgram = BpfProgram {
    hook: Hook::Iterator,
    wanted: &[
        Function("bpf_iter_task_file"),
        Member("file", "f_inode"),
        Member("inode", "i_sb"),
        Member("super_block", "s_magic"),
        Member("inode", "i_ino"),
        Member("task_struct", "tgid"),
        Member("task_struct", "pid"),
        Member("task_struct", "nsproxy"),
        Member("nsproxy", "net_ns"),
        Member("net", "ns"),
        Member("ns_common", "inum"),
    ],
    body: |offsets, _| {
        let &[f_inode, i_sb, s_magic, i_ino, tgid, pid, nsproxy, net_ns, ns, inum] = offsets else { return None };
        Some(vec![
            load(U64, 6, 1, 0),
            load(U64, 7, 1, 8),
            load(U64, 8, 1, 24),
            load(U32, 9, 1, 16),
            end_if(7, 0),
            end_if(8, 0),
            load(U64, 8, 8, f_inode),
            load(U64, 1, 8, i_sb),
            load(U64, 1, 1, s_magic),
            end_unless(1, SOCKFS_MAGIC),
            load(U64, 1, 8, i_ino),
            store(U32, 10, -24, 1),
            load(U32, 1, 7, tgid),
            store(U32, 10, -20, 1),
            load(U32, 1, 7, pid),
            store(U32, 10, -16, 1),
            store(U32, 10, -12, 9),
            load(U64, 1, 7, nsproxy),
            load(U64, 1, 1, net_ns),
            load(U32, 1, 1, ns.checked_add(inum)?),
            store(U32, 10, -8, 1),
            load(U64, 1, 6, 0),
            copy(2, 10),
            add(2, -24),
            set(3, HELD_BYTES as i32),
            call(SEQ_WRITE),
        ])
    },
};

/// The bytes that [`TASKS`] writes for each process: process, network namespace, size of the descriptor table, nothing, and
/// the first 256 bits of the set of open descriptors.
pub(super) const PROCESS_BYTES: usize = 48;

/// The network namespace and the open descriptors of each process that is not the kernel's.
///
/// ```text
/// r6 = *(u64 *)(ctx + 0)              meta
/// r7 = *(u64 *)(ctx + 8)              task
/// if r7 == 0 goto end                 the call after the last one
/// r1 = r7->flags
/// if r1 & PF_KTHREAD goto end
/// r1 = r7->tgid
/// r2 = r7->pid
/// if r1 != r2 goto end                a thread
/// *(u32 *)(r10 - 48) = r1
/// r1 = r7->nsproxy->net_ns->ns.inum;  *(u32 *)(r10 - 44) = r1
/// r7 = r7->files->fdt                 reading through a null pointer gives 0
/// r1 = r7->max_fds;                   *(u64 *)(r10 - 40) = r1
/// bpf_probe_read_kernel(r10 - 32, 32, r7->open_fds)
/// bpf_seq_write(r6->seq, r10 - 48, 48)
/// end: r0 = 0; exit
/// ```
pub(super) const TASKS: BpfProgram = BpfProgram {
    hook: Hook::Iterator,
    wanted: &[
        Function("bpf_iter_task"),
        Member("task_struct", "flags"),
        Member("task_struct", "tgid"),
        Member("task_struct", "pid"),
        Member("task_struct", "nsproxy"),
        Member("nsproxy", "net_ns"),
        Member("net", "ns"),
        Member("ns_common", "inum"),
        Member("task_struct", "files"),
        Member("files_struct", "fdt"),
        Member("fdtable", "max_fds"),
        Member("fdtable", "open_fds"),
    ],
    body: |offsets, _| {
        let &[flags, tgid, pid, nsproxy, net_ns, ns, inum, files, fdt, max_fds, open_fds] = offsets else {
            return None;
        };
        Some(vec![
            load(U64, 6, 1, 0),
            load(U64, 7, 1, 8),
            end_if(7, 0),
            load(U32, 1, 7, flags),
            end_if_any(1, PF_KTHREAD),
            load(U32, 1, 7, tgid),
            load(U32, 2, 7, pid),
            end_unless_same(1, 2),
            store(U32, 10, -48, 1),
            load(U64, 1, 7, nsproxy),
            load(U64, 1, 1, net_ns),
            load(U32, 1, 1, ns.checked_add(inum)?),
            store(U32, 10, -44, 1),
            load(U64, 7, 7, files),
            load(U64, 7, 7, fdt),
            load(U32, 1, 7, max_fds),
            store(U64, 10, -40, 1),
            copy(1, 10),
            add(1, -32),
            set(2, 32),
            load(U64, 3, 7, open_fds),
            call(PROBE_READ),
            load(U64, 1, 6, 0),
            copy(2, 10),
            add(2, -48),
            set(3, PROCESS_BYTES as i32),
            call(SEQ_WRITE),
        ])
    },
};

/// `TCP_TIME_WAIT`: the state of all records of closed connections; which one it is stands in `tw_substate`.
const TIME_WAIT: i32 = 6;

/// Counts the TCP sockets of the opener's network namespace in the value of an array: 16 numbers for the states of IPv4, 16
/// for those of IPv6.
///
/// ```text
/// r7 = *(u64 *)(ctx + 8)              sk_common
/// if r7 == 0 goto end                 the call after the last one
/// r6 = r7->skc_state
/// r8 = r7->skc_family
/// if r6 != TIME_WAIT, pass over 7
///     bpf_probe_read_kernel(r10 - 8, 1, &r7->tw_substate)
///     r6 = *(u8 *)(r10 - 8)
/// r6 &= 15
/// r8 &= 8;  r8 <<= 1                  AF_INET, 2, gives 0; AF_INET6, 10, gives 16
/// r6 += r8; r6 <<= 3
/// r1 = &array[0];  r1 += r6
/// r2 = *(u64 *)r1; r2 += 1;           *(u64 *)r1 = r2
/// end: r0 = 0; exit
/// ```
pub(super) const TCP_STATES: BpfProgram = BpfProgram {
    hook: Hook::Iterator,
    wanted: &[
        Function("bpf_iter_tcp"),
        Member("sock_common", "skc_state"),
        Member("sock_common", "skc_family"),
        Member("inet_timewait_sock", "tw_substate"),
    ],
    body: |offsets, numbers| {
        let (&[state, family, substate], &[array]) = (offsets, numbers) else { return None };
        Some(vec![
            load(U64, 7, 1, 8),
            end_if(7, 0),
            load(U8, 6, 7, state),
            load(U16, 8, 7, family),
            pass_unless(6, TIME_WAIT, 7),
            copy(1, 10),
            add(1, -8),
            set(2, 1),
            copy(3, 7),
            add(3, substate.into()),
            call(PROBE_READ),
            load(U8, 6, 10, -8),
            and(6, 15),
            and(8, 8),
            shift_left(8, 1),
            add_register(6, 8),
            shift_left(6, 3),
            first_of_map(1, array.cast_signed()),
            SECOND,
            add_register(1, 6),
            load(U64, 2, 1, 0),
            add(2, 1),
            store(U64, 1, 0, 2),
        ])
    },
};
