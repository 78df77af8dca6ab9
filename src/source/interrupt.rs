//! Signals that ask a run to come to its end: Ctrl-C, the end of a session or of a service.

use std::{
    io::{self, Read},
    os::unix::net::UnixStream,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use signal_hook::{
    consts::{SIGHUP, SIGINT, SIGTERM},
    flag,
    low_level::pipe,
};

/// Whether the run was asked to end. The first signal is heeded, a second one ends the process as if nothing listened.
#[derive(Debug)]
pub struct Interrupt {
    asked: Arc<AtomicBool>,
    wakes: UnixStream,
}

impl Interrupt {
    /// Listens from now on.
    ///
    /// # Errors
    /// When the process has no descriptor left, or the kernel refuses a signal handler.
    pub fn listen() -> io::Result<Interrupt> {
        let asked = Arc::new(AtomicBool::new(false));
        let (wakes, woken) = UnixStream::pair()?;
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            // In this order: the flag is not yet up when the first signal comes.
            flag::register_conditional_default(signal, Arc::clone(&asked))?;
            flag::register(signal, Arc::clone(&asked))?;
            pipe::register(signal, woken.try_clone()?)?;
        }
        Ok(Interrupt { asked, wakes })
    }

    /// Waits so long, or until the run is asked to end; says whether it goes on.
    pub fn wait(&self, time: Duration) -> bool {
        let end = Instant::now() + time;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            if self.asked.load(Ordering::Relaxed) {
                return false;
            }
            if left.is_zero() || self.wakes.set_read_timeout(Some(left)).is_err() {
                return true;
            }
            // A byte or none: what counts are the flag and the clock.
            let _ = (&self.wakes).read(&mut [0]);
        }
    }
}
