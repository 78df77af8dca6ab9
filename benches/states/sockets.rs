//! The sockets of a world: made by the lab that the tests use, renewed where the kernel lets them die.

use std::io;
use std::time::{Duration, Instant};

use crate::agree::{MAKERS, Tally};
use crate::floor;
use crate::lab::counts::{Inet, State};
use crate::lab::mass::{self, Mass};
use crate::lab::namespace;
use crate::plan::Kind;

/// A TIME_WAIT socket lives this long (TCP_TIMEWAIT_LEN of net/tcp.h); no sysctl changes it.
const LIFE: Duration = Duration::from_secs(60);
/// No run may come nearer than this to the death of the first socket.
const MARGIN: Duration = Duration::from_secs(2);

/// Of a million connections one may not end as planned; then all are made again, this often at most.
const TRIES: u32 = 3;

/// The age of a CLOSE_WAIT that the rule calls a leak, and a second.
const OLD: Duration = Duration::from_secs(61);

/// Sockets that live until this is dropped, or are renewed in time.
pub(crate) struct Sockets {
    kind: Kind,
    wanted: usize,
    mass: Mass,
    oldest: Instant,
    filled: Instant,
}

impl Sockets {
    /// Enters its own namespace and fills it. The process must still have one thread, and does this once.
    pub(crate) fn make(kind: Kind, wanted: usize) -> io::Result<Self> {
        if rustix::process::geteuid().is_root() {
            // BPF, by which owners are found, wants the rights of the machine's own root.
            namespace::enter_another()?;
            namespace::die_with_parent()?;
        } else {
            namespace::enter()?;
        }
        let now = Instant::now();
        let mut sockets = Self { kind, wanted, mass: Mass::default(), oldest: now, filled: now };
        sockets.fill()?;
        Ok(sockets)
    }

    /// The sockets by the makers' own account.
    pub(crate) fn made(&self) -> Tally {
        let made = self.mass.made();
        let states = State::ALL.iter().map(|&state| (state.name().to_owned(), made.state(state) as u64));
        Tally::of_states(MAKERS, states.collect())
    }

    /// Makes sure that the sockets outlive the next runs, which will take about as long as the last ones.
    pub(crate) fn keep(&mut self, last_ms: f64) -> io::Result<()> {
        if self.kind != Kind::TimeWait {
            return Ok(());
        }
        let next = Duration::from_secs_f64(last_ms * 1.5 / 1000.0);
        if self.oldest.elapsed() + next + MARGIN < LIFE {
            return Ok(());
        }
        eprintln!("  the sockets are about to end: made anew");
        self.empty()?;
        self.fill()
    }

    /// Lets go of all sockets. In another namespace the kernel frees the old ones while new ones are made, and not after a
    /// minute.
    fn empty(&mut self) -> io::Result<()> {
        self.mass = Mass::default();
        namespace::enter_another()
    }

    /// Waits until every connection in CLOSE_WAIT is old enough for a finding.
    pub(crate) fn grow_old(&self) {
        std::thread::sleep(OLD.saturating_sub(self.filled.elapsed()));
    }

    fn fill(&mut self) -> io::Result<()> {
        for _ in 1..TRIES {
            match self.fill_once() {
                Err(error) => eprintln!("  {error}: made anew"),
                done => return done,
            }
            self.empty()?;
        }
        self.fill_once()
    }

    fn fill_once(&mut self) -> io::Result<()> {
        self.oldest = Instant::now();
        self.mass = match self.kind {
            Kind::Idle | Kind::Processes => Mass::default(),
            Kind::Mix | Kind::List | Kind::Engines => mass::mixture(self.wanted),
            Kind::Healthy | Kind::Record => {
                let few = self.wanted / 10;
                mass::established(Inet::V4, self.wanted - few).and(mass::established(Inet::V6, few))
            }
            Kind::TimeWait => mass::time_wait(Inet::V4, self.wanted),
        };
        self.filled = Instant::now();
        if self.kind == Kind::TimeWait {
            let there = floor::count(floor::TIME_WAIT_ONLY)?.iter().sum::<u64>();
            if there != self.wanted as u64 {
                let wanted = self.wanted;
                return Err(io::Error::other(format!("{there} of {wanted} sockets in TIME_WAIT")));
            }
        }
        Ok(())
    }
}
