//! Starts servers as an ordinary user: several of them refuse to run as root.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use rustix::process::{Pid, Signal, kill_process};

use crate::lab::counts::State;
use crate::lab::proc_net::{tcp_in, until};
use crate::lab::process::Process;
use crate::lab::{container, namespace, peer, program};

/// The user that servers run as, who has a name and a shell.
pub(crate) const USER: &str = "peer";

/// The folder of a case, where servers keep their files.
pub(crate) fn folder() -> PathBuf {
    std::env::temp_dir()
}

/// Writes a file there.
pub(crate) fn file(name: &str, text: &str) -> String {
    let path = folder().join(name);
    fs::write(&path, text).expect("a file of the server");
    path.display().to_string()
}

/// Where a program is: in the search path, or in the newest folder of PostgreSQL's, which Debian keeps out of it.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut postgresql: Vec<PathBuf> = versions.map(|version| version.path().join("bin")).collect();
    postgresql.sort();
    let path = program::search_path();
    std::env::split_paths(&path)
        .chain(postgresql.into_iter().rev())
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

/// All of them are installed, or the test ends here. Gives the user a name.
#[track_caller]
pub(crate) fn need(programs: &[&str]) {
    for program in programs {
        if find(program).is_none() {
            peer::lacks_server(program);
        }
    }
    let shell = format!(
        "root:x:0:0::/:/bin/sh\n{USER}:x:1000:1000::{0}:/bin/sh\nnobody:x:65534:65534::{0}:/bin/sh\n",
        folder().display()
    );
    let users = file("passwd", &shell);
    namespace::keep_shared_memory_apart().expect("an IPC namespace");
    container::lay_over(Path::new(&users), Path::new("/etc/passwd")).expect("a file of users");
}

/// Debian's Python has a module, or the test ends here.
#[track_caller]
pub(crate) fn python_has(module: &str) {
    let said = program::finish(program::controlled("/usr/bin/python3", &["-c", &format!("import {module}")]));
    if said.code != Some(0) {
        peer::lacks_server(module);
    }
}

/// The command of a program, as the ordinary user, with its messages in a file of the folder.
pub(crate) fn command(program: &str, args: &[&str]) -> Command {
    let path = find(program).expect("a program that was needed");
    let mut command = program::without_privileges(program::controlled(&path.display().to_string(), args));
    let log = || File::options().create(true).append(true).open(folder().join("log")).expect("a file for messages");
    command.env("HOME", folder()).stdout(log()).stderr(log());
    command
}

/// Starts it.
#[track_caller]
pub(crate) fn start(program: &str, args: &[&str]) -> Process {
    let process = Process::start(command(program, args));
    STARTED.lock().expect("a list").push((process.pid(), format!("{program} {args:?}")));
    process
}

/// The started programs, with process id and words.
pub(crate) fn started() -> Vec<(u32, String)> {
    STARTED.lock().expect("a list").clone()
}

static STARTED: Mutex<Vec<(u32, String)>> = Mutex::new(vec![]);

/// Runs it to its end, which must be good.
#[track_caller]
pub(crate) fn finish(program: &str, args: &[&str]) {
    let said = program::finish(command(program, args));
    assert_eq!(said.code, Some(0), "{program} {args:?}: {said:?}\n{}", log());
}

/// The output of the programs.
pub(crate) fn log() -> String {
    fs::read_to_string(folder().join("log")).unwrap_or_default()
}

/// Waits until something listens at each of these ports.
#[track_caller]
pub(crate) fn listening(ports: &[u16]) {
    until("the server listens", || {
        let listeners = tcp_in(State::Listen);
        ports.iter().all(|&port| listeners.iter().any(|row| row.local.port() == port))
    });
}

/// The processes whose parent is this one.
pub(crate) fn children(pid: u32) -> Vec<u32> {
    let path = format!("/proc/{pid}/task/{pid}/children");
    fs::read_to_string(path).unwrap_or_default().split_whitespace().filter_map(|pid| pid.parse().ok()).collect()
}

/// Stops processes, as by SIGSTOP.
pub(crate) fn stop(pids: &[u32]) {
    signal(pids, Signal::STOP);
}

/// Sends processes a signal.
pub(crate) fn signal(pids: &[u32], signal: Signal) {
    for &pid in pids {
        let pid = Pid::from_raw(pid.cast_signed()).expect("a process id");
        kill_process(pid, signal).expect("a process of the test");
    }
}
