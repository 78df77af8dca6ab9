//! One run of a command, and pairs of them: wall time from spawn to exit, CPU time and peak memory.
#![allow(unsafe_code)] // wait4 is the only call that gives the resource use of one child; std has no safe form of it

use std::io::{self, Read};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

/// A command line and the name it has in the tables.
#[derive(Clone)]
pub(crate) struct Subject {
    /// Its name in the tables.
    pub(crate) name: String,
    /// Program and arguments.
    pub(crate) argv: Vec<String>,
}

/// The cost of one run.
struct Sample {
    wall: Duration,
    user: Duration,
    system: Duration,
    peak_kib: u64,
}

/// All runs of one command in one world.
#[derive(Serialize, Deserialize)]
pub(crate) struct Cost {
    /// The command.
    pub(crate) command: String,
    /// How often it ran.
    pub(crate) runs: usize,
    /// Median of the wall time.
    pub(crate) wall_ms: f64,
    /// Median of the CPU time, of the command and of the children it waited for.
    pub(crate) cpu_ms: f64,
    /// How much of that was in user mode, by the mean of all runs: most kernels only sample this split, at each tick.
    pub(crate) user_ms: f64,
    /// Largest resident set of all runs: of a pipeline, that of its largest process.
    pub(crate) peak_kib: u64,
}

/// A command and its reference, run in the same rounds.
#[derive(Serialize, Deserialize)]
pub(crate) struct Pairs {
    /// The command under test.
    pub(crate) command: String,
    /// The program that it is compared with.
    pub(crate) reference: String,
    /// Median wall time of the command.
    pub(crate) command_ms: f64,
    /// Median wall time of the reference.
    pub(crate) reference_ms: f64,
    /// Ratio of each round, command by reference, ascending.
    pub(crate) ratios: Vec<f64>,
}

impl Pairs {
    /// From the wall times of both, in milliseconds, of each round.
    pub(crate) fn new(command: &str, reference: &str, walls: &[(f64, f64)]) -> Self {
        let ascending = |mut all: Vec<f64>| {
            all.sort_by(f64::total_cmp);
            all
        };
        let median = |part: fn(&(f64, f64)) -> f64| quantile(&ascending(walls.iter().map(part).collect()), 0.5);
        Self {
            command: command.to_owned(),
            reference: reference.to_owned(),
            command_ms: median(|pair| pair.0),
            reference_ms: median(|pair| pair.1),
            ratios: ascending(walls.iter().map(|(one, other)| one / other).collect()),
        }
    }

    /// The median of the pairwise ratios.
    pub(crate) fn ratio(&self) -> f64 {
        quantile(&self.ratios, 0.5)
    }

    /// The middle half of the ratios.
    pub(crate) fn quartiles(&self) -> (f64, f64) {
        (quantile(&self.ratios, 0.25), quantile(&self.ratios, 0.75))
    }
}

/// The runs of one command, kept until its world is done.
pub(crate) struct Log {
    subject: Subject,
    samples: Vec<Sample>,
}

impl Log {
    /// No runs yet.
    pub(crate) fn new(subject: Subject) -> Self {
        let samples = Vec::new();
        Self { subject, samples }
    }

    /// The command.
    pub(crate) fn name(&self) -> &str {
        &self.subject.name
    }

    /// Wall time of the last run in milliseconds; 0 before the first.
    pub(crate) fn last_ms(&self) -> f64 {
        self.samples.last().map_or(0.0, |sample| milliseconds(sample.wall))
    }

    /// Runs the command once; returns the wall time in milliseconds.
    pub(crate) fn run(&mut self) -> io::Result<f64> {
        let sample = run(&self.subject)?;
        let wall = milliseconds(sample.wall);
        self.samples.push(sample);
        Ok(wall)
    }

    /// The cost of the runs.
    pub(crate) fn cost(&self) -> Cost {
        let median = |part: fn(&Sample) -> Duration| {
            let mut all: Vec<f64> = self.samples.iter().map(|s| milliseconds(part(s))).collect();
            all.sort_by(f64::total_cmp);
            quantile(&all, 0.5)
        };
        let user: Duration = self.samples.iter().map(|s| s.user).sum();
        Cost {
            command: self.subject.name.clone(),
            runs: self.samples.len(),
            wall_ms: median(|s| s.wall),
            cpu_ms: median(|s| s.user + s.system),
            user_ms: milliseconds(user) / self.samples.len().max(1) as f64,
            peak_kib: self.samples.iter().map(|s| s.peak_kib).max().unwrap_or(0),
        }
    }
}

/// The output of the command; used before timing, to compare counts.
pub(crate) fn capture(subject: &Subject) -> io::Result<String> {
    let output = command(subject).output().map_err(|error| named(subject, &error))?;
    if !output.status.success() {
        let why = String::from_utf8_lossy(&output.stderr);
        return Err(io::Error::other(format!("{}: {}: {}", subject.name, output.status, why.trim())));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The peak memory of this very process. A child is never seen to use less: exec carries the mark of the process that
/// spawned it over into `ru_maxrss` (fs/exec.c, `setmax_mm_hiwater_rss`), with vfork as with fork.
pub(crate) fn own_peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|value| value.trim().trim_end_matches("kB").trim().parse().ok())
        .unwrap_or(0)
}

/// The value below which `part` of the ascending values lie.
pub(crate) fn quantile(ascending: &[f64], part: f64) -> f64 {
    let Some(last) = ascending.len().checked_sub(1) else {
        return f64::NAN;
    };
    let place = last as f64 * part;
    let low = ascending[place.floor() as usize];
    let high = ascending[place.ceil() as usize];
    low + (high - low) * place.fract()
}

fn command(subject: &Subject) -> Command {
    let mut command = Command::new(&subject.argv[0]);
    command.args(&subject.argv[1..]).stdin(Stdio::null());
    command
}

fn named(subject: &Subject, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {}: {error}", subject.name, subject.argv[0]))
}

fn run(subject: &Subject) -> io::Result<Sample> {
    let mut command = command(subject);
    command.stdout(Stdio::piped()).stderr(Stdio::null());
    let mut sink = [0_u8; 65536];
    let start = Instant::now();
    let mut child = command.spawn().map_err(|error| named(subject, &error))?;
    if let Some(mut pipe) = child.stdout.take() {
        while pipe.read(&mut sink)? > 0 {}
    }
    let (status, usage) = wait4(child)?;
    let wall = start.elapsed();
    if status != 0 {
        return Err(io::Error::other(format!("{}: wait status {status:#x}", subject.name)));
    }
    Ok(Sample {
        wall,
        user: duration(usage.ru_utime),
        system: duration(usage.ru_stime),
        peak_kib: usage.ru_maxrss as u64,
    })
}

/// Takes the child, since it is gone afterwards: std would wait for it in vain.
fn wait4(child: Child) -> io::Result<(libc::c_int, libc::rusage)> {
    let mut status = 0;
    // SAFETY: rusage is plain numbers; all zero is a valid value of it.
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    loop {
        // SAFETY: both pointers are to live values of the types the call fills.
        let got = unsafe { libc::wait4(child.id() as libc::pid_t, &mut status, 0, &mut usage) };
        if got >= 0 {
            return Ok((status, usage));
        }
        let error = io::Error::last_os_error();
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
}

fn duration(time: libc::timeval) -> Duration {
    Duration::new(time.tv_sec as u64, time.tv_usec as u32 * 1000)
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
