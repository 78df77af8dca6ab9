//! Threads that wait until somebody takes what they write: a full pipe whose reader has stopped, a paused terminal, a
//! connection whose peer does not read.

use std::{collections::BTreeMap, path::Path};

use super::{
    files::{Denied, Files},
    process_state::{self, Status},
};
use crate::{
    model::owner::{BlockedOutput, OutputReader},
    source::Source,
};

/// The numbers of `write`, `writev`, `sendto`, `sendmsg` and `sendfile` on x86-64, then in the table that newer architectures
/// share.
const WRITES: [u64; 10] = [1, 20, 44, 46, 40, 64, 66, 206, 211, 71];
/// Where descriptors lead that are written to and may block. A named pipe has any path.
const OUTPUTS: [&str; 4] = ["pipe:[", "/dev/pts/", "/dev/tty", "/dev/console"];
/// Of a reader with more descriptors the first are searched.
const MOST_DESCRIPTORS: usize = 1_024;

/// A process that may be blocked, and where its reader is sought.
pub(super) struct Writer<'a> {
    pub(super) source: &'a dyn Source,
    pub(super) pid: u32,
    pub(super) parent: Option<u32>,
    /// The processes of the host.
    pub(super) all: &'a BTreeMap<u32, u64>,
}

/// A thread that sleeps while it writes.
pub(super) struct WritingThread {
    tid: u32,
    status: Status,
    fd: u32,
    target: String,
}

impl WritingThread {
    /// The first of a process's threads that waits so; an error where the system calls of its threads may not be read.
    pub(super) fn find(
        source: &dyn Source,
        files: &mut Files<'_>,
        pid: u32,
        threads: &[u32],
    ) -> Result<Option<WritingThread>, Denied> {
        for &tid in threads {
            let fd = files.permitted(&format!("/proc/{pid}/task/{tid}/syscall"))?.and_then(written);
            let thread = fd.and_then(|fd| WritingThread::of(source, files, pid, tid, fd));
            if thread.is_some() {
                return Ok(thread);
            }
        }
        Ok(None)
    }

    /// A thread in a call that writes to this descriptor, if that waits for a reader.
    fn of(source: &dyn Source, files: &mut Files<'_>, pid: u32, tid: u32, fd: u32) -> Option<WritingThread> {
        let target = source.link(&format!("/proc/{pid}/fd/{fd}")).ok()?.to_str()?.to_owned();
        let mut waits_in = |place| {
            let path = format!("/proc/{pid}/task/{tid}/wchan");
            files.text(&path).is_some_and(|text| text.contains(place))
        };
        let is_output = match target.starts_with("socket:[") {
            // Of UNIX sockets the receiver is at fault, which `unix_blocked` finds.
            true => waits_in("wait_woken"),
            false => OUTPUTS.iter().any(|start| target.starts_with(start)) || waits_in("pipe_write"),
        };
        if !is_output {
            return None;
        }
        let status = Status::read(files, &format!("/proc/{pid}/task//{tid}"))?;
        Some(WritingThread { tid, status, fd, target })
    }

    /// What it waits for, if it has slept without a break since.
    pub(super) fn still(&self, files: &mut Files<'_>, writer: &Writer<'_>) -> Option<BlockedOutput> {
        let now = Status::read(files, &format!("/proc/{}/task//{}/", writer.pid, self.tid))?;
        if !self.status.is_same_sleep(&now) {
            return None;
        }
        let reader = self.reader(files, writer).map(|reader| {
            let program = files.text(&format!("/proc/{reader}/comm")).unwrap_or_default().trim_end().to_owned();
            OutputReader { pid: reader, program, held_up: process_state::now(files, reader).map(Box::new) }
        });
        Some(BlockedOutput { fd: self.fd, target: self.target.clone(), reader })
    }

    /// The process at the other end: the next one of a shell's pipeline, whose standard input it is, or the parent, which
    /// has started the program to read its output.
    fn reader(&self, files: &mut Files<'_>, writer: &Writer<'_>) -> Option<u32> {
        let &Writer { source, pid, parent, all } = writer;
        if self.target.starts_with("/dev/") || self.target.starts_with("socket:") {
            return None;
        }
        let is_it = |path: &str| source.link(path).is_ok_and(|target| target == Path::new(&self.target));
        let next = all.keys().copied().find(|&other| other != pid && is_it(&format!("/proc/{other}/fd/0")));
        next.or_else(|| {
            let parent = parent?;
            let mut names = source.list(&format!("/proc/{parent}/fd")).ok()?;
            names.truncate(MOST_DESCRIPTORS);
            let mut reads = |name: &String| {
                let is_here = is_it(&format!("/proc/{parent}/fd/{name}"));
                is_here && files.text(&format!("/proc/{parent}/fdinfo/{name}")).is_none_or(is_read)
            };
            names.iter().any(&mut reads).then_some(parent)
        })
    }
}

/// The descriptor of such a call in `/proc/PID/syscall`.
fn written(text: &str) -> Option<u32> {
    let mut words = text.split_ascii_whitespace();
    let number: u64 = words.next()?.parse().ok()?;
    let fd = words.next()?.strip_prefix("0x")?;
    WRITES.contains(&number).then(|| u32::from_str_radix(fd, 16).ok()).flatten()
}

/// Whether a descriptor with this `fdinfo` may be read from. Its flags are octal, and end with 1 if it may only be written to.
fn is_read(text: &str) -> bool {
    let flags = text.lines().find_map(|line| line.strip_prefix("flags:"));
    flags.is_none_or(|flags| !flags.trim().ends_with('1'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{model::owner::HeldUp, source::memory::MemorySource};

    fn blocked(links: &[(&str, &str)], files: &[(&str, &str)]) -> Option<BlockedOutput> {
        let mut held = MemorySource::default();
        links.iter().for_each(|(path, target)| held.symlink(path, target));
        files.iter().for_each(|(path, text)| held.file(path, *text));
        let mut reader = Files::new(&held);
        let thread = WritingThread::find(&held, &mut reader, 7, &[7, 8]).expect("no file is denied")?;
        let all = BTreeMap::from([(3, 9), (7, 9), (9, 9)]);
        thread.still(&mut reader, &Writer { source: &held, pid: 7, parent: Some(3), all: &all })
    }

    const WRITES_TO_1: (&str, &str) = ("/proc/7/task/8/syscall", "1 0x1 0x7f00 0x3e8 0x0 0x0 0x0 0x7ffe 0x7f17\n");
    const ASLEEP: [(&str, &str); 2] = [
        ("/proc/7/task//8/status", "State:\tS (sleeping)\nvoluntary_ctxt_switches:\t5\n"),
        ("/proc/7/task//8//status", "State:\tS (sleeping)\nvoluntary_ctxt_switches:\t5\n"),
    ];

    #[test]
    fn the_next_program_of_a_pipeline_should_read_it() {
        let links = [("/proc/7/fd/1", "pipe:[50]"), ("/proc/9/fd/0", "pipe:[50]")];
        let files = [("/proc/9/comm", "tee\n"), ("/proc/9/status", "State:\tT (stopped)\n")];
        let all: Vec<_> = ASLEEP.into_iter().chain([WRITES_TO_1]).chain(files).collect();
        let reader = OutputReader { pid: 9, program: "tee".to_owned(), held_up: Some(Box::new(HeldUp::Stopped)) };
        let output = BlockedOutput { fd: 1, target: "pipe:[50]".to_owned(), reader: Some(reader) };
        assert_eq!(blocked(&links, &all), Some(output));
    }

    #[test]
    fn the_parent_should_read_it_only_where_it_has_the_end_to_read_from() {
        let links = [("/proc/7/fd/1", "pipe:[50]"), ("/proc/3/fd/4", "pipe:[50]")];
        let reader = |flags| {
            let all: Vec<_> = ASLEEP.into_iter().chain([WRITES_TO_1, ("/proc/3/fdinfo/4", flags)]).collect();
            blocked(&links, &all).expect("a thread that waits").reader.map(|reader| reader.pid)
        };
        assert_eq!(reader("pos:\t0\nflags:\t02000000\n"), Some(3));
        assert_eq!(reader("pos:\t0\nflags:\t01\n"), None);
    }

    #[test]
    fn a_thread_that_went_on_or_waits_for_something_else_is_not_blocked() {
        let woken = ("/proc/7/task//8//status", "State:\tS (sleeping)\nvoluntary_ctxt_switches:\t6\n");
        assert_eq!(blocked(&[("/proc/7/fd/1", "pipe:[50]")], &[WRITES_TO_1, ASLEEP[0], woken]), None);
        let reads = ("/proc/7/task/8/syscall", "0 0x1 0x7f00 0x3e8 0x0 0x0 0x0 0x7ffe 0x7f17\n");
        assert_eq!(blocked(&[("/proc/7/fd/1", "pipe:[50]")], &[reads, ASLEEP[0], ASLEEP[1]]), None);
        let file = [("/proc/7/fd/1", "/var/log/orders.log")];
        assert_eq!(blocked(&file, &[WRITES_TO_1, ("/proc/7/task/8/wchan", "ext4_file_write_iter")]), None);
        let running = ("/proc/7/task/8/syscall", "running\n");
        assert_eq!(blocked(&file, &[running]), None);
    }

    #[test]
    fn system_calls_that_may_not_be_read_are_told_from_those_that_do_not_write() {
        let mut held = MemorySource::default();
        assert!(
            matches!(WritingThread::find(&held, &mut Files::new(&held), 7, &[7]), Ok(None)),
            "a kernel without them"
        );
        held.deny("/proc/7/task/7/syscall");
        assert!(matches!(WritingThread::find(&held, &mut Files::new(&held), 7, &[7]), Err(Denied)));
    }

    #[test]
    fn a_named_pipe_a_terminal_and_a_connection_are_outputs() {
        let at = |target, wchan| {
            let all: Vec<_> = ASLEEP.into_iter().chain([WRITES_TO_1, ("/proc/7/task/8/wchan", wchan)]).collect();
            blocked(&[("/proc/7/fd/1", target)], &all).map(|output| (output.target, output.reader))
        };
        assert_eq!(at("/run/log", "anon_pipe_write"), Some(("/run/log".to_owned(), None)));
        assert_eq!(at("/dev/pts/3", "wait_woken"), Some(("/dev/pts/3".to_owned(), None)));
        assert_eq!(at("socket:[50]", "wait_woken"), Some(("socket:[50]".to_owned(), None)));
        assert_eq!(at("socket:[50]", "unix_wait_for_peer"), None);
    }
}
