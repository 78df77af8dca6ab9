//! The commands, their memory and descriptors, and what they said.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use crate::lab::process::Process;
use crate::lab::terminal;

/// Where `metrics` listens: no port that the load may have.
const SCRAPED: &str = "127.0.0.1:997";
/// Time for the last words.
const PATIENCE: Duration = Duration::from_secs(60);

/// All that run.
pub(crate) struct Commands {
    running: Vec<Running>,
    folder: PathBuf,
    scrapes: (u32, u32),
}

/// One, and its children.
struct Running {
    name: &'static str,
    process: Process,
    /// Of it and of its child, where it has one: kilobytes and descriptors.
    seen: [Vec<(u64, usize)>; 2],
}

impl Commands {
    /// Starts them.
    pub(crate) fn start(seconds: u32) -> io::Result<Self> {
        let folder = std::env::temp_dir().join(format!("sockdoc-long-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        let until = format!("{}s", seconds.saturating_sub(10).max(1));
        let flight = folder.join("flight").to_string_lossy().into_owned();
        let plans: [(&str, &[&str]); 6] = [
            ("record", &["--on", "critical", "-o", &flight]),
            ("metrics", &["--listen", SCRAPED]),
            ("events", &["--summary", "10s", "--json"]),
            ("events --states", &["--summary", "10s", "--json"]),
            ("check", &["--json", "--for", &until]),
            ("count", &["established", "--until", "> 1000000", "--timeout", &until]),
        ];
        let mut running = vec![];
        for (name, arguments) in plans {
            let mut command = sockdoc(name.split(' ').chain(arguments.iter().copied()));
            command.stdout(File::create(folder.join(name))?);
            command.stderr(File::create(folder.join(format!("{name}.err")))?);
            running.push(Running { name, process: Process::start(command), seen: [vec![], vec![]] });
        }
        let (process, mut screen) = terminal::start(120, 50, sockdoc(["watch"].into_iter()));
        std::thread::spawn(move || io::copy(&mut screen, &mut io::sink()));
        running.push(Running { name: "watch", process, seen: [vec![], vec![]] });
        Ok(Self { running, folder, scrapes: (0, 0) })
    }

    /// Reads what each uses, and scrapes.
    pub(crate) fn read(&mut self) {
        for running in &mut self.running {
            let pid = running.process.pid();
            let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
            let child = children.split(' ').next().and_then(|child| child.parse().ok());
            for (seen, pid) in running.seen.iter_mut().zip([Some(pid), child]) {
                seen.extend(pid.and_then(used));
            }
        }
        match scrape() {
            Ok(()) => self.scrapes.0 += 1,
            Err(error) => {
                eprintln!("long: a scrape: {error}");
                self.scrapes.1 += 1;
            }
        }
    }

    /// Ends them and prints the table; whether all had lasted.
    pub(crate) fn end(self) -> bool {
        println!(
            "| command | RSS at first | lowest, highest | at the end | descriptors | what it said |\n|---|--:|--:|--:|--:|---|"
        );
        let mut have_lasted = true;
        for Running { name, process, seen } in self.running {
            process.signal(libc::SIGINT);
            let code = process.wait(PATIENCE);
            let (answers, failed) = self.scrapes;
            let said = match name {
                "metrics" => format!("{answers} answers, {failed} scrapes without"),
                "watch" => String::new(),
                _ => said(&self.folder, name),
            };
            have_lasted &= matches!(code, Some(0 | 1 | 130)) && !said.contains("sockdoc: ");
            for (seen, name) in seen.iter().zip([format!("`{name}`"), format!("the child of `{name}`")]) {
                if let (Some(first), Some(last)) = (seen.first(), seen.last()) {
                    let range = |part: fn(&(u64, usize)) -> u64| {
                        let all = || seen.iter().map(part);
                        (all().min().unwrap_or(0), all().max().unwrap_or(0))
                    };
                    let (memory, files) = (range(|seen| seen.0), range(|seen| seen.1 as u64));
                    println!(
                        "| {name} | {:.1} MB | {:.1}, {:.1} MB | {:.1} MB | {} to {} | status {code:?}; {said} |",
                        mb(first.0),
                        mb(memory.0),
                        mb(memory.1),
                        mb(last.0),
                        files.0,
                        files.1
                    );
                }
            }
        }
        // What they wrote is in the table.
        let _ = fs::remove_dir_all(&self.folder);
        have_lasted
    }
}

/// The command under measurement.
pub(crate) fn sockdoc<'a>(arguments: impl Iterator<Item = &'a str>) -> Command {
    let mut command =
        Command::new(std::env::var("SOCKDOC_BIN").unwrap_or_else(|_| env!("CARGO_BIN_EXE_sockdoc").to_owned()));
    command.args(arguments).env_clear().env("TERM", "xterm").stdin(std::process::Stdio::null());
    command
}

/// Kilobytes as megabytes.
pub(crate) fn mb(kb: u64) -> f64 {
    kb as f64 / 1024.0
}

/// Kilobytes and descriptors of a process.
pub(crate) fn used(pid: u32) -> Option<(u64, usize)> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let memory = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?.split_whitespace().next()?;
    Some((memory.parse().ok()?, fs::read_dir(format!("/proc/{pid}/fd")).ok()?.count()))
}

fn scrape() -> io::Result<()> {
    let mut stream = TcpStream::connect(SCRAPED)?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    stream.write_all(b"GET /metrics HTTP/1.0\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let is_whole =
        answer.starts_with("HTTP/1.1 200") && answer.ends_with("# EOF\n") || answer.contains("sockdoc_tcp_sockets");
    if is_whole { Ok(()) } else { Err(io::Error::other(answer)) }
}

/// Of `events` the sums, of `check` the rules, of others the last lines.
fn said(folder: &std::path::Path, name: &str) -> String {
    let text = |name: &str| fs::read_to_string(folder.join(name)).unwrap_or_default();
    let (out, err) = (text(name), text(&format!("{name}.err")));
    let lines = || out.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let sum = |name: &str| lines().filter_map(|line| line[name].as_u64()).sum::<u64>();
    let said = match name {
        "events" => format!("{} ends, {} lost", sum("ended"), sum("lost")),
        "events --states" => format!("{} changes, {} lost", sum("changes"), sum("lost")),
        "check" => {
            let document: serde_json::Value = serde_json::from_str(&out).unwrap_or_default();
            let found = document["findings"].as_array().into_iter().flatten();
            let found = found.map(|finding| format!("{} ({})", finding["rule"], finding["severity"]));
            format!("findings: {}", found.collect::<Vec<_>>().join(", "))
        }
        _ => out,
    };
    let notes = err.lines().filter(|line| !line.starts_with("sockdoc: note: "));
    [said.replace('\n', " ").replace('"', ""), notes.collect::<Vec<_>>().join("; ")].concat().trim().to_owned()
}
