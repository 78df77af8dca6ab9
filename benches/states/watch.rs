//! Runs one world in its own process, with a time limit.

use std::io::{self, Read};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::plan::{Kind, Settings};
use crate::world::Outcome;

/// Sockets that other programs of the machine may have opened meanwhile.
const STRANGERS: u64 = 200;

/// Runs a world from its first socket to the last one's end.
pub(crate) fn world(kind: Kind, sockets: usize, settings: &Settings) -> io::Result<Outcome> {
    let before = allocated();
    let mut child = Command::new(&settings.own)
        .args(["--world", kind.word(), &sockets.to_string()])
        .args(settings.pass_on())
        .env("SOCKDOC_BIN", &settings.sockdoc)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()?;
    let pipe = child.stdout.take();
    let told = thread::spawn(move || {
        let mut text = String::new();
        pipe.map(|mut pipe| pipe.read_to_string(&mut text));
        text
    });
    let end = Instant::now() + longest(sockets, settings);
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if Instant::now() > end {
            // Its holders and the command it runs die with it: the ones by their death signal, the other by its pipe.
            child.kill()?;
            child.wait()?;
            return Err(io::Error::other(format!("{} {sockets} took too long", kind.word())));
        }
        thread::sleep(Duration::from_millis(100));
    };
    let text = told.join().map_err(|_| io::Error::other("the reader of the results failed"))?;
    if !status.success() {
        return Err(io::Error::other(format!("{} {sockets}: {status}", kind.word())));
    }
    wait_for_the_end_of_the_sockets(before);
    Ok(serde_json::from_str(&text)?)
}

/// A fixed part, and ten times what a million sockets took where this was written.
fn longest(sockets: usize, settings: &Settings) -> Duration {
    let rounds = settings.pairs.div_ceil(11) as u64;
    Duration::from_secs(600) + Duration::from_millis(6 * sockets as u64 * rounds)
}

/// The kernel frees the sockets of a dead namespace in the background, which the next world would feel: all namespaces
/// share one table. After a minute it goes on all the same.
fn wait_for_the_end_of_the_sockets(before: u64) {
    for _ in 0..600 {
        thread::sleep(Duration::from_millis(100));
        if allocated() <= before + STRANGERS {
            return;
        }
    }
}

/// TCP sockets of the whole machine: `alloc` is the one figure there that is not the namespace's own.
fn allocated() -> u64 {
    let text = std::fs::read_to_string("/proc/net/sockstat").unwrap_or_default();
    let mut words = text.lines().filter(|line| line.starts_with("TCP:")).flat_map(str::split_whitespace);
    words.find(|word| *word == "alloc");
    words.next().and_then(|number| number.parse().ok()).unwrap_or(0)
}
