//! The measuring in one world: a process in its own namespace that makes the sockets, then runs everything.

use std::io;
use std::time::Instant;

use serde::{Deserialize, Serialize};

use crate::agree::{self, Tally};

use crate::callgrind::{self, Instructions};
use crate::measure::{Cost, Log, Pairs, own_peak_kib};
use crate::plan::{self, Kind, Settings};
use crate::sleepers;
use crate::sockets::Sockets;

/// A pair that takes longer is run less often.
const SLOW_MS: f64 = 10_000.0;
/// As often as this.
const SLOW_PAIRS: usize = 2;

/// The result of one world.
#[derive(Serialize, Deserialize)]
pub(crate) struct Outcome {
    /// The word of its kind.
    pub(crate) world: String,
    /// Sockets asked for.
    pub(crate) sockets: usize,
    /// Seconds it took to make them.
    pub(crate) build_s: f64,
    /// The counts of all programs before the timing.
    pub(crate) tallies: Vec<Tally>,
    /// The comparisons.
    pub(crate) pairs: Vec<Pairs>,
    /// Each command's own cost.
    pub(crate) costs: Vec<Cost>,
    /// No command can be seen to use less memory than this.
    pub(crate) least_peak_kib: u64,
    /// Instructions, when they were asked for.
    pub(crate) instructions: Vec<Instructions>,
}

/// Makes the sockets and measures. Called once in a process, before any thread is started.
pub(crate) fn run(kind: Kind, wanted: usize, settings: &Settings) -> io::Result<Outcome> {
    let start = Instant::now();
    let mut sockets = Sockets::make(kind, wanted)?;
    let _sleepers = if kind == Kind::Processes { sleepers::start() } else { Vec::new() };
    let build_s = start.elapsed().as_secs_f64();
    eprintln!("{} {wanted}: made in {build_s:.1} s", kind.word());
    let tallies = agree::settle(settings, &sockets.made())?;
    for tally in &tallies {
        eprintln!("{tally}");
    }
    let instructions = if settings.callgrind && !matches!(kind, Kind::TimeWait | Kind::Processes) {
        callgrind::count(settings)?
    } else {
        Vec::new()
    };
    let mut pairs = Vec::new();
    let mut costs = Vec::new();
    if kind == Kind::Record {
        for (command, bytes) in plan::prepare(settings)? {
            eprintln!("  {command}: {bytes} bytes");
        }
    }
    for comparison in plan::comparisons(kind, wanted, settings) {
        let mut subject = Log::new(comparison.subject);
        for reference in comparison.references {
            let mut reference = Log::new(reference);
            let pair = in_turn(kind, &mut subject, &mut reference, &mut sockets, settings)?;
            eprintln!("  {:<26} {:<48} {:.3}", pair.command, pair.reference, pair.ratio());
            pairs.push(pair);
            let cost = reference.cost();
            if !costs.iter().any(|known: &Cost| known.command == cost.command) {
                costs.push(cost);
            }
        }
        costs.push(subject.cost());
        // A world that lost sockets on the way was not the world that the tables name.
        sockets.keep(0.0)?;
        agree::still(settings, &sockets.made())?;
    }
    plan::tidy();
    Ok(Outcome {
        world: kind.word().to_owned(),
        sockets: wanted,
        build_s,
        tallies,
        pairs,
        costs,
        least_peak_kib: own_peak_kib(),
        instructions,
    })
}

fn in_turn(
    kind: Kind,
    subject: &mut Log,
    reference: &mut Log,
    sockets: &mut Sockets,
    settings: &Settings,
) -> io::Result<Pairs> {
    let wanted = if kind.is_empty() { settings.idle_pairs } else { settings.pairs };
    let mut walls: Vec<(f64, f64)> = Vec::with_capacity(wanted);
    // The first pair warms the page cache and the table, tells how long a pair takes, and is not counted.
    let mut last = (subject.run()?, reference.run()?);
    // Listings of owners may take minutes.
    let pairs = if last.0 + last.1 > SLOW_MS { wanted.min(SLOW_PAIRS) } else { wanted };
    for _ in 0..pairs {
        sockets.keep(last.0 + last.1)?;
        last = (subject.run()?, reference.run()?);
        walls.push(last);
    }
    let median = |part: fn(&(f64, f64)) -> f64| {
        let mut all: Vec<f64> = walls.iter().map(part).collect();
        all.sort_by(f64::total_cmp);
        crate::measure::quantile(&all, 0.5)
    };
    let mut ratios: Vec<f64> = walls.iter().map(|(one, other)| one / other).collect();
    ratios.sort_by(f64::total_cmp);
    Ok(Pairs {
        command: subject.name().to_owned(),
        reference: reference.name().to_owned(),
        command_ms: median(|pair| pair.0),
        reference_ms: median(|pair| pair.1),
        ratios,
    })
}
