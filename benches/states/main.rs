//! Whole-process benchmarks of the main job, sockets by state: `cargo bench --bench states`.
//!
//! Each world (an idle namespace, a mix of open connections, TIME_WAIT alone) lives in a process that enters a user and
//! network namespace of its own, makes the sockets and runs the product and its reference in turn, from spawn to exit.
//! What counts is the ratio of each pair: the machine's mood changes from minute to minute and moves both alike. Results
//! are judged against the budgets, but a budget exceeded fails the run only when that is asked for.
#![allow(clippy::print_stdout, clippy::print_stderr)] // a benchmark's output is its product; no library code is here

mod agree;
mod arguments;
mod callgrind;
mod floor;
mod host;
#[path = "../../tests/lab/mod.rs"]
mod lab;
mod measure;
mod plan;
mod report;
mod requests;
mod sleepers;
mod sockets;
mod tables;
mod watch;
mod world;

use std::io;
use std::process::ExitCode;

use arguments::USAGE;
use plan::{Kind, Settings};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // The floor comes before everything else: nothing but counting may be on its bill.
    let done = match arguments.split_first() {
        Some((word, mask)) if word == "--floor" => floor(mask),
        Some((word, [list])) if word == "--requests" => requests::send(list).map(|bytes| {
            println!("{bytes}");
            true
        }),
        Some((word, [list])) if word == "--requests-and-scan" => {
            requests::send(list).and_then(|bytes| requests::scan().map(|sockets| (bytes, sockets))).map(|got| {
                println!("{got:?}");
                true
            })
        }
        Some((word, rest)) if word == "--world" => measure(rest),
        Some((word, _)) if word == "--help" => {
            print!("{USAGE}");
            Ok(true)
        }
        // `cargo test --benches` calls without an argument and wants to know only that it starts.
        None => Ok(true),
        Some(_) => report::all(&arguments),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("states: {error}");
            ExitCode::from(2)
        }
    }
}

/// `--floor [MASK]`: counts, prints, ends.
fn floor(mask: &[String]) -> io::Result<bool> {
    let mask = match mask.first() {
        None => floor::ALL_STATES,
        Some(word) => word.parse().map_err(io::Error::other)?,
    };
    print!("{}", floor::print(&floor::count(mask)?));
    Ok(true)
}

/// `--world KIND SIZE …`: measures in one world and prints what it showed as JSON.
fn measure(arguments: &[String]) -> io::Result<bool> {
    let [kind, size, rest @ ..] = arguments else {
        return Err(io::Error::other("--world needs a kind and a size"));
    };
    let kind = Kind::of(kind).ok_or_else(|| io::Error::other("no such world"))?;
    let size = size.parse().map_err(io::Error::other)?;
    let settings = Settings::read(rest).map_err(io::Error::other)?;
    let outcome = world::run(kind, size, &settings)?;
    println!("{}", serde_json::to_string(&outcome)?);
    Ok(true)
}
