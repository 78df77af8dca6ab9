//! Several holders of one socket, folded by the program they run.

use crate::model::owner::Holder;

/// Holders of one socket with the same name.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ProgramHolders<'a> {
    /// `comm`, as bytes; none where the process ended before it was read.
    pub program: Option<&'a [u8]>,
    /// The processes, in order.
    pub pids: Vec<u32>,
    /// The threads, in order: the processes where threads were not asked for.
    pub tids: Vec<u32>,
    /// The descriptors, in order, each number once: forked processes mostly have the socket under the same.
    pub fds: Vec<u32>,
}

/// Folds holders, which come sorted, by the names of their programs; the program of the lowest process comes first.
pub(super) fn fold<'a>(holders: &[Holder], name: impl Fn(&Holder) -> Option<&'a [u8]>) -> Vec<ProgramHolders<'a>> {
    let mut programs: Vec<ProgramHolders<'a>> = Vec::new();
    for holder in holders {
        let name = name(holder);
        let place = programs.iter().position(|program| program.program == name).unwrap_or(programs.len());
        if place == programs.len() {
            programs.push(ProgramHolders { program: name, ..ProgramHolders::default() });
        }
        if let Some(program) = programs.get_mut(place) {
            add(&mut program.pids, holder.pid);
            add(&mut program.tids, holder.tid);
            holder.known_fd().into_iter().for_each(|fd| add(&mut program.fds, fd));
        }
    }
    programs
}

fn add(numbers: &mut Vec<u32>, number: u32) {
    if let Err(place) = numbers.binary_search(&number) {
        numbers.insert(place, number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::owners::{Owners, Scan};
    use crate::model::owner::Process;

    #[test]
    fn processes_of_one_name_are_one_program() {
        let process = |pid, name: &[u8]| Process { pid, program: name.into(), ..Process::default() };
        let holder = |pid, fd| Holder { inode: 7, pid, tid: pid, fd };
        let owners = Owners::new(
            vec![holder(30, 6), holder(20, 6), holder(10, 1), holder(30, 5), holder(40, 0)],
            vec![process(30, b"nginx"), process(20, b"nginx"), process(10, b"systemd")],
            Scan::default(),
        );
        let program = |program, pids: &[u32], fds: &[u32]| ProgramHolders {
            program,
            pids: pids.to_vec(),
            tids: pids.to_vec(),
            fds: fds.to_vec(),
        };
        let expected = [
            program(Some(b"systemd".as_slice()), &[10], &[1]),
            program(Some(b"nginx".as_slice()), &[20, 30], &[5, 6]),
            program(None, &[40], &[0]),
        ];
        assert_eq!(owners.programs(7), expected);
        assert_eq!(owners.programs(8), []);
    }
}
