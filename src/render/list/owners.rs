//! The holders of a socket: in the tokens of `ss`, or each program once with its processes.

use super::{digits::number, name::push_visible, row::Owner, shown::Shown};

/// Processes listed by number before the rest is only counted.
const MOST_PIDS: usize = 5;

/// ` users:(("nginx",pid=12,fd=3))` as `ss` writes it.
pub(super) fn users(out: &mut Vec<u8>, token: &[u8], owners: &[Owner<'_>], shown: &Shown<'_>, unicode: bool) {
    out.push(b' ');
    out.extend_from_slice(token);
    out.extend_from_slice(b":(");
    for (place, owner) in owners.iter().enumerate() {
        out.extend_from_slice(if place > 0 { b",(\"" } else { b"(\"" });
        push_visible(out, &owner.process.program, unicode);
        out.extend_from_slice(b"\",pid=");
        number(out, owner.pid);
        if shown.threads {
            out.extend_from_slice(b",tid=");
            number(out, owner.tid);
        }
        if shown.contexts || shown.socket_contexts {
            context(out, b",proc_ctx=", owner.process.context.as_deref(), unicode);
        }
        if let Some(fd) = owner.fd {
            out.extend_from_slice(b",fd=");
            number(out, fd);
        }
        if shown.socket_contexts {
            context(out, b",sock_ctx=", owner.socket_context, unicode);
        }
        out.push(b')');
    }
    out.push(b')');
}

fn context(out: &mut Vec<u8>, token: &[u8], context: Option<&str>, unicode: bool) {
    out.extend_from_slice(token);
    push_visible(out, context.unwrap_or("unavailable").as_bytes(), unicode);
}

/// Whether several processes run one program.
pub(super) fn repeat(owners: &[Owner<'_>]) -> bool {
    let mut rest = owners.iter();
    while let Some(one) = rest.next() {
        if rest.clone().any(|other| other.pid != one.pid && other.process.program == one.process.program) {
            return true;
        }
    }
    false
}

/// `nginx x8 (12, 13, 14, 15, 16, ...)`: each program once, in the order of its first process.
pub(super) fn folded(out: &mut Vec<u8>, owners: &[Owner<'_>], unicode: bool) {
    for (place, owner) in owners.iter().enumerate() {
        let program = &owner.process.program;
        let earlier = owners.iter().take(place);
        if earlier.clone().any(|one| one.process.program == *program) {
            continue;
        }
        if place > 0 {
            out.extend_from_slice(b", ");
        }
        let mut pids: Vec<u32> =
            owners.iter().filter(|one| one.process.program == *program).map(|one| one.pid).collect();
        pids.sort_unstable();
        pids.dedup();
        push_visible(out, program, unicode);
        if pids.len() > 1 {
            out.extend_from_slice(if unicode { " ×" } else { " x" }.as_bytes());
            number(out, pids.len() as u64);
        }
        out.extend_from_slice(b" (");
        for (place, pid) in pids.iter().take(MOST_PIDS).enumerate() {
            if place > 0 {
                out.extend_from_slice(b", ");
            }
            number(out, *pid);
        }
        if pids.len() > MOST_PIDS {
            out.extend_from_slice(if unicode { ", …" } else { ", ..." }.as_bytes());
        }
        out.push(b')');
    }
}

/// A value of each owner where it is known, each once, with blanks between: for columns.
pub(super) fn each<T: PartialEq>(
    out: &mut Vec<u8>,
    owners: &[Owner<'_>],
    value: impl Fn(&Owner<'_>) -> Option<T>,
    write: impl Fn(&mut Vec<u8>, &Owner<'_>),
) {
    let begin = out.len();
    for (place, owner) in owners.iter().enumerate() {
        let own = value(owner);
        if own.is_none() || owners.iter().take(place).any(|one| value(one) == own) {
            continue;
        }
        if out.len() > begin {
            out.push(b' ');
        }
        write(out, owner);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::owner::Process;

    fn text(names: &[(&str, u32)], write: impl Fn(&mut Vec<u8>, &[Owner<'_>])) -> String {
        let processes: Vec<Process> = names
            .iter()
            .map(|(name, pid)| Process { pid: *pid, program: name.as_bytes().into(), ..Process::default() })
            .collect();
        let owners: Vec<Owner<'_>> = processes
            .iter()
            .map(|process| Owner {
                pid: process.pid,
                tid: process.pid,
                fd: Some(3),
                process,
                user: None,
                socket_context: None,
            })
            .collect();
        let mut out = Vec::new();
        write(&mut out, &owners);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn users_read_as_in_ss() {
        let plain = |out: &mut Vec<u8>, owners: &[Owner<'_>]| users(out, b"users", owners, &Shown::default(), true);
        assert_eq!(
            text(&[("nginx", 12), ("a\x1bb", 13)], plain),
            " users:((\"nginx\",pid=12,fd=3),(\"a\\x1bb\",pid=13,fd=3))"
        );
        let all = Shown { threads: true, contexts: true, ..Shown::default() };
        assert_eq!(
            text(&[("x", 1)], |out, owners| users(out, b"users", owners, &all, true)),
            " users:((\"x\",pid=1,tid=1,proc_ctx=unavailable,fd=3))"
        );
    }

    #[test]
    fn one_program_in_many_processes_is_reported_once() {
        let many: Vec<(&str, u32)> = (1..=8).map(|pid| ("nginx", pid)).chain([("sshd", 99)]).collect();
        assert_eq!(text(&many, |out, owners| folded(out, owners, true)), "nginx ×8 (1, 2, 3, 4, 5, …), sshd (99)");
        assert_eq!(text(&many[6..], |out, owners| folded(out, owners, false)), "nginx x2 (7, 8), sshd (99)");
    }

    #[test]
    fn several_processes_of_one_program_repeat() {
        let told =
            |names: &[(&str, u32)]| text(names, |out, owners| out.push(if repeat(owners) { b'y' } else { b'n' }));
        assert_eq!(told(&[("a", 1), ("b", 2), ("a", 1)]), "n");
        assert_eq!(told(&[("a", 1), ("b", 2), ("a", 3)]), "y");
    }

    #[test]
    fn the_same_process_twice_counts_once() {
        assert_eq!(text(&[("a", 1), ("a", 1)], |out, owners| folded(out, owners, false)), "a (1)");
    }
}
