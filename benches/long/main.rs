//! Every command that runs for long, at once, beside connections that come and go: `cargo bench --bench long -- [SECONDS [RATE]]`.
//! Or `watch` by itself, beside open sockets: `cargo bench --bench long -- watch SECONDS [SOCKETS [RATE]]`.
//!
//! All of it is in one network namespace. Memory and descriptors of each process are read every five seconds, when `metrics`
//! is scraped, too; the table on stdout is that of `benches/results-long.md`.
#![allow(clippy::print_stdout, clippy::print_stderr)] // a benchmark's output is its product; no library code is here

mod alone;
mod commands;
#[path = "../../tests/lab/mod.rs"]
mod lab;
mod load;

use std::io;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use commands::Commands;
use lab::{namespace, proc_net};

/// Time between two readings.
const STEP: Duration = Duration::from_secs(5);

fn main() -> ExitCode {
    let mut words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let is_alone = words.first().is_some_and(|word| word == "watch");
    let numbers: Result<Vec<u32>, _> = words.drain(usize::from(is_alone)..).map(|word| word.parse()).collect();
    let done = match (is_alone, numbers.as_deref()) {
        // `cargo test --benches` calls without an argument and wants to know only that it starts.
        (false, Ok([])) => Ok(true),
        (false, Ok([seconds])) => run(*seconds, 15_000),
        (false, Ok([seconds, rate])) => run(*seconds, *rate),
        (true, Ok([seconds])) => alone::run(*seconds, 100_000, 100),
        (true, Ok([seconds, held])) => alone::run(*seconds, *held, 100),
        (true, Ok([seconds, held, rate])) => alone::run(*seconds, *held, *rate),
        _ => Err(io::Error::other("cargo bench --bench long -- [watch] [SECONDS [SOCKETS] [CONNECTIONS A SECOND]]")),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("long: {error}");
            ExitCode::from(2)
        }
    }
}

/// True when the load was as asked for, to a twentieth, and no command ended before its time.
fn run(seconds: u32, rate: u32) -> io::Result<bool> {
    enter()?;
    let _makers = load::start(rate);
    let mut commands = Commands::start(seconds)?;
    let (begun, before) = (Instant::now(), proc_net::connections_opened());
    let (mut last, mut rates) = ((begun, before), vec![]);
    while begun.elapsed() < Duration::from_secs(seconds.into()) {
        std::thread::sleep(STEP);
        commands.read();
        let now = (Instant::now(), proc_net::connections_opened());
        rates.push((now.1 - last.1) as f64 / (now.0 - last.0).as_secs_f64());
        last = now;
    }
    let mean = (last.1 - before) as f64 / (last.0 - begun).as_secs_f64();
    rates.sort_by(f64::total_cmp);
    let (lowest, highest) = (rates.first().copied().unwrap_or(0.0), rates.last().copied().unwrap_or(0.0));
    let kernel = std::fs::read_to_string("/proc/sys/kernel/osrelease")?;
    println!(
        "Linux {}, {seconds} s: {} connections, {mean:.0} a second ({lowest:.0} to {highest:.0} in five seconds).\n",
        kernel.trim(),
        last.1 - before
    );
    let have_lasted = commands.end();
    let is_enough = mean >= f64::from(rate) * 0.95;
    if !is_enough {
        eprintln!("long: {mean:.0} connections a second, not {rate}: the machine is too busy or too small");
    }
    Ok(have_lasted && is_enough)
}

/// Enters a network namespace.
fn enter() -> io::Result<()> {
    if rustix::process::getuid().is_root() {
        // BPF wants the rights of the machine's own root.
        namespace::enter_another()?;
        namespace::die_with_parent()
    } else {
        namespace::enter()
    }
}
