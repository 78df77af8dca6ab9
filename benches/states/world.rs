//! The measuring in one world: a process in its own namespace that makes the sockets, then runs everything.

use std::io;
use std::time::Instant;

use serde::{Deserialize, Serialize};

use crate::agree::{self, Tally};

use crate::callgrind::{self, Instructions};
use crate::measure::{self, Cost, Log, Pairs, Subject, own_peak_kib};
use crate::plan::{self, Comparison, Kind, Settings};
use crate::sleepers;
use crate::sockets::Sockets;

/// A command that takes longer is run less often: a listing of owners may take minutes.
const SLOW_MS: f64 = 10_000.0;
/// As often as this, after the first time.
const SLOW_ROUNDS: usize = 2;

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
    if kind == Kind::Healthy && !settings.floor_only {
        // It fails where it finds something: then this would be another world.
        measure::capture(&plan::subject(plan::CHECK, settings))?;
    }
    let instructions = if settings.callgrind && matches!(kind, Kind::Idle | Kind::Mix) {
        callgrind::count(settings)?
    } else {
        Vec::new()
    };
    if kind == Kind::Record {
        for (command, bytes) in plan::prepare(settings)? {
            eprintln!("  {command}: {bytes} bytes");
        }
    }
    if kind.has_a_leak(wanted) && !settings.floor_only {
        sockets.grow_old();
        // Without the finding, this would be another world.
        if !measure::capture(&plan::subject(plan::OVERVIEW_JSON, settings))?.contains("close-wait-leak") {
            return Err(io::Error::other("a minute later, the overview does not call the CLOSE_WAIT a leak"));
        }
    }
    let (pairs, costs) = in_turn(kind, plan::comparisons(kind, wanted, settings), &mut sockets, settings)?;
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

/// Runs all commands one after the other, round by round, and compares those of one round.
fn in_turn(
    kind: Kind,
    comparisons: Vec<Comparison>,
    sockets: &mut Sockets,
    settings: &Settings,
) -> io::Result<(Vec<Pairs>, Vec<Cost>)> {
    let mut logs: Vec<Log> = Vec::new();
    let mut place = |subject: Subject| {
        logs.iter().position(|log| log.name() == subject.name).unwrap_or_else(|| {
            logs.push(Log::new(subject));
            logs.len() - 1
        })
    };
    let mut compared = Vec::new();
    for comparison in comparisons {
        let subject = place(comparison.subject);
        compared.extend(comparison.references.into_iter().map(|reference| (subject, place(reference))));
    }
    let rounds = if kind.is_empty() { settings.idle_pairs } else { settings.pairs };
    let mut walls: Vec<Vec<Option<f64>>> = Vec::with_capacity(rounds);
    // The first round warms the page cache and the table, tells how long a command takes, and is not counted.
    for round in 0..=rounds {
        let mut order: Vec<usize> = (0..logs.len()).collect();
        // No command shall always follow the same one.
        if round % 2 == 1 {
            order.reverse();
        }
        let mut took = vec![None; logs.len()];
        for at in order {
            let last = logs[at].last_ms();
            if last <= SLOW_MS || round <= SLOW_ROUNDS {
                sockets.keep(last)?;
                took[at] = Some(logs[at].run()?);
            }
        }
        if round > 0 {
            walls.push(took);
        }
        // A world that lost sockets on the way was not the world that the tables name.
        sockets.keep(0.0)?;
        agree::still(settings, &sockets.made())?;
    }
    let pairs = compared.into_iter().map(|(subject, reference)| {
        let both = walls.iter().filter_map(|took| took[subject].zip(took[reference])).collect::<Vec<_>>();
        let pair = Pairs::new(logs[subject].name(), logs[reference].name(), &both);
        eprintln!("  {:<26} {:<48} {:.3}", pair.command, pair.reference, pair.ratio());
        pair
    });
    Ok((pairs.collect(), logs.iter().map(Log::cost).collect()))
}
