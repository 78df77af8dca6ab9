//! A process that opens and closes connections all the time.

use rustix::net::sockopt;

use super::counts::Counts;
use super::holder::{Holder, Holding};
use super::sockets::{self, Family};

/// Connections come and go until this is dropped; some end in TIME_WAIT, most in a reset.
pub(crate) struct Churn(Holder);

impl Churn {
    /// Starts the process.
    pub(crate) fn start(family: Family) -> Self {
        let mut holder = Holder::start(move || {
            // The holder itself only waits, so the work is a thread's. Its errors are part of the disorder.
            std::thread::spawn(move || {
                let listener = sockets::listener(family, 64).expect("a listener");
                for round in 0_u64.. {
                    let _ = one(family, &listener, round);
                }
            });
            Holding { sockets: vec![], made: Counts::default() }
        });
        holder.ready();
        Self(holder)
    }
}

fn one(family: Family, listener: &std::os::fd::OwnedFd, round: u64) -> std::io::Result<()> {
    let pairs = sockets::pairs(family, listener, 8)?;
    if round.is_multiple_of(16) {
        // Leaves the processor to the others, and keeps TIME_WAIT below the number of ports.
        std::thread::sleep(std::time::Duration::from_millis(5));
        return Ok(());
    }
    for pair in &pairs {
        sockopt::set_socket_linger(&pair.client, Some(std::time::Duration::ZERO))?;
    }
    Ok(())
}
