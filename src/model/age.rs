//! How long something has lasted, as far as the kernel's figures prove it.

use std::time::Duration;

use crate::model::{field::Field, socket::Timer, state::State, tcp_info};

/// Data that leaves so long after the last that came is seldom an answer to it.
const LATER: Duration = Duration::from_secs(1);
/// No acknowledgement takes longer on most paths.
const ROUND_TRIP: Duration = Duration::from_millis(500);

/// How long something has lasted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Age {
    /// The time.
    pub time: Duration,
    /// What the figures prove of it.
    pub limit: AgeLimit,
}

/// What the figures prove of an age.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum AgeLimit {
    /// It is no longer than this.
    AtMost,
    /// It is this.
    Exact,
    /// It is no shorter than this.
    AtLeast,
}

impl Age {
    /// The time since the peer's FIN, by state, timer, `Send-Q` and the times of `tcp_info`.
    pub fn hung_up(
        state: State,
        timer: Timer,
        wqueue: u32,
        since: &dyn Fn(&'static Field) -> Option<Duration>,
    ) -> Option<Age> {
        let ack = since(&tcp_info::LAST_ACK_RECV)?;
        let data = since(&tcp_info::LAST_DATA_RECV).zip(since(&tcp_info::LAST_DATA_SENT));
        // The last segment may have acknowledged data that was sent long after the last request.
        let answers = |(received, sent): (Duration, Duration)| sent + LATER <= received && sent <= ack + ROUND_TRIP;
        if state == State::CLOSE_WAIT && (wqueue > 0 || data.is_some_and(answers)) {
            return Some(Age { time: ack, limit: AgeLimit::AtLeast });
        }
        match timer {
            Timer::Keepalive => {
                let (received, sent) = data?;
                Some(Age { time: received.min(sent).max(ack), limit: AgeLimit::AtMost })
            }
            _ => Some(Age { time: ack, limit: AgeLimit::Exact }),
        }
    }
}
