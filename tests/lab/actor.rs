//! A small program under test: its own process, with a name, a limit of descriptors, and a signal that it is ready.

use std::ffi::CString;
use std::io::{PipeWriter, Read, Write};
use std::os::fd::AsRawFd;
use std::panic::{AssertUnwindSafe, catch_unwind};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::holder::close_all_but;
use super::process::Process;

/// The process; it ends, as by SIGKILL, when this is dropped.
pub(crate) struct Actor(Process);

/// By this the program says that it has got where the caller wants it.
pub(crate) struct Ready(PipeWriter);

impl Ready {
    /// Signals that it is ready.
    pub(crate) fn now(mut self) {
        self.0.write_all(b"ready").expect("the other end of the pipe");
    }
}

impl Actor {
    /// Starts a program under that name (15 bytes at most), with that soft limit of descriptors, and waits until it is
    /// ready. The caller should have one thread; the program may start some.
    #[track_caller]
    pub(crate) fn start(name: &str, descriptors: Option<u64>, body: impl FnOnce(Ready)) -> Self {
        let (mut read, write) = std::io::pipe().expect("a pipe for the program");
        let name = CString::new(name).expect("a name without NUL");
        let process = Process::fork(|| {
            close_all_but(write.as_raw_fd());
            let outcome = catch_unwind(AssertUnwindSafe(|| {
                rustix::thread::set_name(&name).expect("a name");
                if let Some(descriptors) = descriptors {
                    let maximum = getrlimit(Resource::Nofile).maximum;
                    setrlimit(Resource::Nofile, Rlimit { current: Some(descriptors), maximum }).expect("a limit");
                }
                body(Ready(write));
            }));
            i32::from(outcome.is_err())
        });
        let mut said = String::new();
        read.read_to_string(&mut said).expect("what the program says");
        assert_eq!(said, "ready", "the program {name:?} ended before it was ready");
        Self(process)
    }

    /// The process id.
    pub(crate) fn pid(&self) -> u32 {
        self.0.pid()
    }

    /// Sends it a signal.
    pub(crate) fn signal(&self, number: i32) {
        self.0.signal(number);
    }
}

/// Waits until it is killed.
pub(crate) fn stay() -> ! {
    loop {
        std::thread::park();
    }
}
