//! `watch` by itself on a terminal, beside connections that stay and some that come and go.

use std::fs::{self, File};
use std::io::{self, Read};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::commands::{mb, sockdoc, used};
use crate::lab::counts::Inet;
use crate::lab::{mass, terminal};
use crate::{STEP, enter, load};

/// Bytes that come within this time are of one frame.
const FRAME: Duration = Duration::from_millis(100);
/// Until then the screen is built up and the first samples are taken.
const WARM_UP: Duration = Duration::from_secs(30);

/// Open sockets that are made at once.
const PART: u32 = 10_000;

/// When each frame came, with its bytes.
type Frames = Arc<Mutex<Vec<(Instant, usize)>>>;

/// What `watch` uses and writes in that time, with so many sockets open and so many connections a second.
pub(crate) fn run(seconds: u32, held: u32, rate: u32) -> io::Result<bool> {
    enter()?;
    // Their processes stay far from the limits of descriptors: an alarm would cost more than the sockets.
    let parts = held.div_ceil(PART) as usize;
    let _held: Vec<mass::Mass> = (0..parts).map(|_| mass::established(Inet::V4, held as usize / parts)).collect();
    let _makers = load::start(rate);
    let (process, screen) = terminal::start(120, 50, sockdoc(["watch"].into_iter()));
    let (pid, frames) = (process.pid(), Frames::default());
    std::thread::spawn({
        let frames = Arc::clone(&frames);
        move || follow(screen, &frames)
    });
    std::thread::sleep(WARM_UP);
    let (begun, ticks) = (Instant::now(), processor_ticks(pid)?);
    let mut seen = vec![];
    while begun.elapsed() < Duration::from_secs(seconds.into()) {
        std::thread::sleep(STEP);
        seen.extend(used(pid));
    }
    let ticks = (processor_ticks(pid)? - ticks) as f64;
    let (passed, per_second) = (begun.elapsed().as_secs_f64(), rustix::param::clock_ticks_per_second() as f64);
    let frames: Vec<(Instant, usize)> = {
        let all = frames.lock().map_err(|_| io::Error::other("the reader of the screen failed"))?;
        all.iter().filter(|(at, _)| *at > begun).copied().collect()
    };
    let mut bytes: Vec<usize> = frames.iter().map(|(_, bytes)| *bytes).collect();
    bytes.sort_unstable();
    let mut gaps: Vec<f64> = frames.windows(2).map(|pair| (pair[1].0 - pair[0].0).as_secs_f64()).collect();
    gaps.sort_by(f64::total_cmp);
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease")?;
    println!("Linux {}, `watch`, {held} open sockets, {rate} connections a second, {passed:.0} s:\n", kernel.trim());
    println!(
        "| frames | seconds between: median, longest | bytes: median, largest | processor | RSS: first, lowest, highest, last | descriptors |"
    );
    println!("|--:|--:|--:|--:|--:|--:|");
    let memory = || seen.iter().map(|seen| seen.0);
    println!(
        "| {} | {:.2}, {:.2} | {}, {} | {:.2} % of one | {:.1}, {:.1}, {:.1}, {:.1} MB | {} to {} |",
        frames.len(),
        gaps.get(gaps.len() / 2).copied().unwrap_or(0.0),
        gaps.last().copied().unwrap_or(0.0),
        bytes.get(bytes.len() / 2).copied().unwrap_or(0),
        bytes.last().copied().unwrap_or(0),
        ticks / per_second / passed * 100.0,
        mb(memory().next().unwrap_or(0)),
        mb(memory().min().unwrap_or(0)),
        mb(memory().max().unwrap_or(0)),
        mb(memory().next_back().unwrap_or(0)),
        seen.iter().map(|seen| seen.1).min().unwrap_or(0),
        seen.iter().map(|seen| seen.1).max().unwrap_or(0),
    );
    process.signal(libc::SIGINT);
    Ok(process.wait(Duration::from_secs(60)) == Some(0))
}

/// Reads the screen to its end.
fn follow(mut screen: File, frames: &Frames) {
    let mut buffer = [0; 65_536];
    while let Ok(read @ 1..) = screen.read(&mut buffer) {
        let now = Instant::now();
        let Ok(mut frames) = frames.lock() else { return };
        match frames.last_mut() {
            Some((at, bytes)) if now - *at < FRAME => *bytes += read,
            _ => frames.push((now, read)),
        }
    }
}

/// Time that a process has spent on a processor, in user mode and in the kernel.
fn processor_ticks(pid: u32) -> io::Result<u64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The name, in parentheses, may hold anything.
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    Ok(fields.skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum())
}
