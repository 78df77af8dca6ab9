//! SPDX-License-Identifier: MIT OR GPL-2.0-only
//!
//! The programs. This file alone is offered under the MIT licence or the GPL, version 2, because the kernel lets only
//! programs under a licence compatible with the GPL read its structures.

use super::{
    asm::{
        Instruction, SECOND,
        Size::{U8, U16, U32, U64},
        add, add_register, add_to_memory, and, call, copy, end_if, end_if_any, end_if_same, end_unless,
        end_unless_same, end_unless_u32, first_of_map, load, map, pass_unless, set, shift_left, store,
    },
    btf::Wanted::{self, Definition, Function, Member, Perhaps},
    sys::Hook,
};

/// `bpf_ktime_get_ns` and other functions of the kernel, by their numbers.
const KTIME_GET_NS: i32 = 5;
const CURRENT_PID_TGID: i32 = 14;
const CURRENT_COMM: i32 = 16;
const SOCKET_COOKIE: i32 = 46;
const PROBE_READ: i32 = 113;
const SEQ_WRITE: i32 = 127;
const RINGBUF_OUTPUT: i32 = 130;

/// The offset of a field that this kernel lacks.
pub(super) const ABSENT: i16 = -1;

/// The number of TCP; subflows of MPTCP have it, MPTCP itself has another.
const IPPROTO_TCP: i32 = 6;

/// The magic number of the file system of sockets. Without it the inode of any file opened with `O_PATH` could pass for a
/// socket's.
const SOCKFS_MAGIC: i32 = 0x534f_434b;

/// Set in `task->flags` of the kernel's own threads.
const PF_KTHREAD: i32 = 0x0020_0000;

/// A program.
pub(super) struct BpfProgram {
    pub(super) hook: Hook,
    /// Its hook, and then the offsets that it is built with.
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

/// `TCP_TIME_WAIT`: the state of all records of closed connections; `tw_substate` holds the real one.
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

/// The bytes that [`CHANGES`] writes for each change: time, socket, cookie, how many were lost so far, cgroup, process and
/// thread; from byte 48 on namespace, the old state, the new one, error, user, the peer's port, the own one, family; from
/// byte 80 on the peer's address and the own one of IPv4, both of IPv6, and the name of the thread.
pub(super) const CHANGE_BYTES: usize = 136;

/// The changes of the states of TCP sockets, of one network namespace or of all, in a ring.
///
/// ```text
/// r6 = *(u64 *)(ctx + 0)              sk
/// r7 = *(u64 *)(ctx + 8)              the old state
/// r8 = *(u64 *)(ctx + 16)             the new one
/// if r7 == r8 goto end                close() of a socket in FIN_WAIT2
/// if r6->sk_protocol != IPPROTO_TCP goto end
/// r1 = r6->skc_net->ns.inum
/// if (u32)r1 != netns goto end        only where one namespace is followed
/// *(u32 *)(r10 - 88) = r1
/// *(u64 *)(r10 - 128) = r6;           *(u32 *)(r10 - 84) = r7; *(u32 *)(r10 - 80) = r8
/// *(u64 *)(r10 - 120) = bpf_get_socket_cookie(r6), before Linux 5.12 r6->skc_cookie
/// *(u64 *)(r10 - 112) = lost[0]
/// *(u64 *)(r10 - 104) = r6->sk_cgrp_data.cgroup->kn->id, before Linux 5.15 0
/// *(u32 *)(r10 - 76) = r6->sk_err;    *(u32 *)(r10 - 72) = r6->sk_uid
/// *(u16 *)(r10 - 68) = r6->skc_dport; *(u16 *)(r10 - 66) = r6->skc_num
/// *(u64 *)(r10 - 64) = r6->skc_family
/// *(u32 *)(r10 - 56) = r6->skc_daddr; *(u32 *)(r10 - 52) = r6->skc_rcv_saddr
/// bpf_probe_read_kernel(r10 - 48, 16, &r6->skc_v6_daddr)
/// bpf_probe_read_kernel(r10 - 32, 16, &r6->skc_v6_rcv_saddr)
/// *(u64 *)(r10 - 96) = bpf_get_current_pid_tgid()
/// bpf_get_current_comm(r10 - 16, 16)
/// *(u64 *)(r10 - 136) = bpf_ktime_get_ns()
/// r0 = bpf_ringbuf_output(ring, r10 - 136, 136, 0)
/// if r0 == 0 goto end
/// lock lost[0] += 1                   the ring is full
/// end: r0 = 0; exit
/// ```
pub(super) const CHANGES: BpfProgram = BpfProgram {
    hook: Hook::Tracepoint,
    wanted: &[
        Definition("btf_trace_inet_sock_set_state"),
        Member("sock", "sk_protocol"),
        Member("sock", "sk_err"),
        Member("sock", "sk_uid"),
        Member("sock_common", "skc_net"),
        Member("net", "ns"),
        Member("ns_common", "inum"),
        Member("sock_common", "skc_cookie"),
        Member("sock_common", "skc_dport"),
        Member("sock_common", "skc_num"),
        Member("sock_common", "skc_family"),
        Member("sock_common", "skc_daddr"),
        Member("sock_common", "skc_rcv_saddr"),
        Member("sock_common", "skc_v6_daddr"),
        Member("sock_common", "skc_v6_rcv_saddr"),
        Member("sock", "sk_cgrp_data"),
        Member("cgroup", "kn"),
        Member("kernfs_node", "id"),
        Perhaps(&Member("sock_cgroup_data", "cgroup")),
        Perhaps(&Function("bpf_get_socket_ptr_cookie")),
    ],
    body: |offsets, numbers| {
        let &[protocol, err, uid, net, ns, inum, own_cookie, ref rest @ ..] = offsets else { return None };
        let &[dport, num, family, daddr, saddr, daddr6, saddr6, cgrp_data, kn, id, cgroup, makes_cookie] = rest else {
            return None;
        };
        let &[ring, lost, netns] = numbers else { return None };
        let store_member = |size, member, to| [load(size, 1, 6, member), store(size, 10, to, 1)];
        let read_address = |member: i16, to| {
            [copy(1, 10), add(1, to), set(2, 16), copy(3, 6), add(3, member.into()), call(PROBE_READ)]
        };
        let mut body = vec![
            load(U64, 6, 1, 0),
            load(U64, 7, 1, 8),
            load(U64, 8, 1, 16),
            end_if_same(7, 8),
            load(U16, 1, 6, protocol),
            end_unless(1, IPPROTO_TCP),
            load(U64, 1, 6, net),
            load(U32, 1, 1, ns.checked_add(inum)?),
        ];
        body.extend((netns != 0).then(|| end_unless_u32(1, netns)));
        body.extend([store(U32, 10, -88, 1), store(U64, 10, -128, 6), store(U32, 10, -84, 7), store(U32, 10, -80, 8)]);
        match makes_cookie {
            ABSENT => body.extend(store_member(U64, own_cookie, -120)),
            _ => body.extend([copy(1, 6), call(SOCKET_COOKIE), store(U64, 10, -120, 0)]),
        }
        body.extend([first_of_map(1, lost.cast_signed()), SECOND, load(U64, 1, 1, 0), store(U64, 10, -112, 1)]);
        match cgroup {
            ABSENT => body.push(set(1, 0)),
            _ => {
                body.extend([load(U64, 1, 6, cgrp_data.checked_add(cgroup)?), load(U64, 1, 1, kn), load(U64, 1, 1, id)])
            }
        }
        body.push(store(U64, 10, -104, 1));
        for (size, member, to) in
            [(U32, err, -76), (U32, uid, -72), (U16, dport, -68), (U16, num, -66), (U32, daddr, -56), (U32, saddr, -52)]
        {
            body.extend(store_member(size, member, to));
        }
        body.extend([load(U16, 1, 6, family), store(U64, 10, -64, 1)]);
        body.extend(read_address(daddr6, -48));
        body.extend(read_address(saddr6, -32));
        body.extend([
            call(CURRENT_PID_TGID),
            store(U64, 10, -96, 0),
            copy(1, 10),
            add(1, -16),
            set(2, 16),
            call(CURRENT_COMM),
            call(KTIME_GET_NS),
            store(U64, 10, -136, 0),
            map(1, ring.cast_signed()),
            SECOND,
            copy(2, 10),
            add(2, -136),
            set(3, CHANGE_BYTES as i32),
            set(4, 0),
            call(RINGBUF_OUTPUT),
            end_if(0, 0),
            first_of_map(1, lost.cast_signed()),
            SECOND,
            set(2, 1),
            add_to_memory(1, 2),
        ]);
        Some(body)
    },
};
