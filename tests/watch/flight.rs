//! The flight recorder: the recordings for findings, and files left alone.

use std::{
    fs,
    io::{BufRead, BufReader},
    net::{TcpListener, TcpStream},
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
    process::{Child, ChildStderr, Command, Stdio},
    time::{Duration, Instant, SystemTime},
};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::lab::{
    actor::Actor,
    container,
    load::Load,
    program::{LIMIT, command, run},
    server::{AtEnd, Server},
};

/// The options of every recorder in these tests.
const FAST: &[&str] = &[
    "record",
    "--on",
    "notice",
    "--every",
    "200ms",
    "--only",
    "close-wait-leak",
    "--set",
    "close-wait-leak.age=500ms",
];

/// A recorder that runs, and its folder.
struct Recorder {
    child: Child,
    errors: BufReader<ChildStderr>,
    folder: PathBuf,
}

impl Recorder {
    /// Starts it, and returns when it has begun.
    fn start(name: &str, args: &[&str]) -> Recorder {
        let folder = std::env::temp_dir().join(name);
        let mut child =
            command(&[FAST, &["-o", folder.to_str().unwrap()], args].concat()).stderr(Stdio::piped()).spawn().unwrap();
        let errors = BufReader::new(child.stderr.take().unwrap());
        let mut recorder = Recorder { child, errors, folder };
        recorder.says("flight recorder:");
        recorder
    }

    /// Reads what it says until it is this.
    #[track_caller]
    fn says(&mut self, text: &str) -> String {
        let mut all = String::new();
        loop {
            let mut line = String::new();
            assert!(self.errors.read_line(&mut line).unwrap() > 0, "it ended without {text:?}: {all}");
            if line.contains(text) {
                return line;
            }
            all.push_str(&line);
        }
    }

    /// Returns when it waits for its next sample: however slow the machine is, one is taken by then.
    fn has_sampled(&self) {
        let began = Instant::now();
        let place = || fs::read_to_string(format!("/proc/{}/wchan", self.child.id())).unwrap();
        while !place().starts_with("unix_stream") {
            assert!(began.elapsed() < LIMIT / 2, "it never waits: {}", place());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    fn recordings(&self) -> Vec<PathBuf> {
        recordings(&self.folder)
    }

    /// Asks it to end, which is no failure.
    fn stop(mut self) {
        self.signal(Signal::TERM);
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn recordings(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "sockdoc"));
    paths.sort();
    paths
}

/// A leak of the program of all tests.
fn leak(port: u16) -> (Actor, Actor) {
    leak_of("echo-server", port)
}

/// A leak of twenty connections in a program of this name.
fn leak_of(name: &'static str, port: u16) -> (Actor, Actor) {
    let server = Server { name, at_end: AtEnd::Forget, ..Server::at(port) };
    let running = server.clone().start();
    (running, Load::to(server.address, 20).complete())
}

/// The samples of a recording.
fn samples(path: &Path) -> Vec<Value> {
    let rule = ["--only", "close-wait-leak", "--set", "close-wait-leak.age=500ms"];
    let said = run(&[&["watch", "--json", "--from", path.to_str().unwrap()][..], &rule].concat());
    assert!(matches!(said.code, Some(0 | 1)), "{said:?}");
    said.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

pub(crate) fn faults_at_any_time_are_recorded_with_what_was_before_and_after() {
    for round in 0_u16..4 {
        // On a slow machine the fault ends late after it was written, so that the later recording is not due at once.
        let mut recorder = Recorder::start(&format!("flight-{round}"), &["--keep", "5", "--after", "2s"]);
        recorder.has_sampled();
        std::thread::sleep(Duration::from_millis(u64::from(round) * 131));
        let fault = leak(8080 + round);
        let said = recorder.says(": wrote ");
        assert!(said.contains("close-wait-leak (") && !said.contains("later"), "{said}");
        drop(fault);
        recorder.says("close-wait-leak (later) (");
        let mut written = recorder.recordings();
        written.sort_by_key(|path| path.to_str().unwrap().contains("-after"));
        let [first, after] = written.try_into().unwrap();
        assert!(after.to_str().unwrap().ends_with("-close-wait-leak-after.sockdoc"), "{after:?} {first:?}");
        let (first, after) = (samples(&first), samples(&after));
        let found = |one: &Value| one["incidents"][0]["change"].as_str() == Some("new");
        let is_there = |one: &Value| !one["incidents"].as_array().unwrap().is_empty();
        // Before the finding, at it, and the sample with everything.
        assert!((3..=6).contains(&first.len()) && !is_there(&first[0]) && first.iter().any(found), "{first:#?}");
        let closed = |one: &Value| {
            one["states"].as_array().unwrap().iter().all(|one| one["state"] != "CLOSE_WAIT" || one["sockets"] == 0)
        };
        assert!(closed(after.last().unwrap()), "{after:#?}");
        recorder.stop();
    }
}

pub(crate) fn a_recording_serves_every_command_and_is_listed() {
    let mut recorder = Recorder::start("serving", &["--after", "0s"]);
    std::thread::sleep(Duration::from_millis(500));
    let fault = leak(8080);
    recorder.says("wrote ");
    let [path] = recorder.recordings().try_into().unwrap();
    let path = path.to_str().unwrap().to_owned();
    let folder = recorder.folder.to_str().unwrap().to_owned();
    recorder.stop();
    let pid = fault.0.pid().to_string();
    for (args, wanted) in [
        (&["check", "--set", "close-wait-leak.age=500ms", "--from", &path][..], pid.as_str()),
        (&["list", "-tap", "--from", &path], "echo-server"),
        (&["group", "--by", "proc,state", "--from", &path], "CLOSE_WAIT"),
        (&["explain", "close-wait", "--from", &path], "echo-server"),
        (&["diff", &path, "now"], "CLOSE_WAIT"),
    ] {
        let said = run(args);
        assert!(said.stdout.contains(wanted), "{args:?}: {said:?}");
    }
    // A copy is the user's, wherever it is.
    let copy = format!("{folder}/copy.sockdoc");
    assert_eq!(run(&["record", "--from", &path, "--redact", "-o", &copy]).code, Some(0));
    let list = run(&["record", "--list", &folder]);
    let lines: Vec<&str> = list.stdout.lines().collect();
    assert_eq!((list.code, lines.len()), (Some(0), 2), "{list:?}");
    assert!(lines[1].contains("  close-wait-leak  ") && lines[1].ends_with("-close-wait-leak.sockdoc"), "{list:?}");
    let size = fs::metadata(&path).unwrap().len().to_string();
    assert!(lines[1].replace(',', "").contains(&size), "{list:?}");
    let mode = fs::metadata(&folder).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode, fs::metadata(&path).unwrap().permissions().mode() & 0o777), (0o700, 0o600));
}

pub(crate) fn what_is_there_at_first_is_recorded_once_and_what_flaps_is_not_again() {
    let fault = leak(8080);
    std::thread::sleep(Duration::from_secs(1));
    let mut recorder = Recorder::start("flapping", &["--after", "0s"]);
    recorder.says("wrote ");
    drop(fault);
    for _ in 0..3 {
        std::thread::sleep(Duration::from_millis(800));
        let fault = leak(8080);
        std::thread::sleep(Duration::from_millis(1500));
        drop(fault);
    }
    // Each is another process of the same program.
    let written = recorder.recordings();
    assert_eq!(written.len(), 1, "{written:?}");
    recorder.stop();
}

pub(crate) fn bounds_are_kept_and_only_its_own_recordings_go() {
    let folder = std::env::temp_dir().join("bounded");
    fs::create_dir(&folder).unwrap();
    let open = run(&[FAST, &["-o", folder.to_str().unwrap()]].concat());
    assert!(open.code == Some(2) && open.stderr.contains("chmod 700"), "{open:?}");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).unwrap();
    let link = std::env::temp_dir().join("link");
    symlink(&folder, &link).unwrap();
    assert_eq!(run(&[FAST, &["-o", link.to_str().unwrap()]].concat()).code, Some(2));
    // Foreign files stay: another file, another recording, a link.
    let mine = folder.join("mine.sockdoc");
    assert_eq!(run(&["record", "-o", mine.to_str().unwrap()]).code, Some(0));
    fs::write(folder.join("notes.sockdoc"), "not a recording").unwrap();
    fs::write(std::env::temp_dir().join("elsewhere"), fs::read(&mine).unwrap()).unwrap();
    symlink(std::env::temp_dir().join("elsewhere"), folder.join("elsewhere.sockdoc")).unwrap();
    for round in 0..4 {
        let fault = leak(8080 + round);
        std::thread::sleep(Duration::from_secs(1));
        let mut recorder = Recorder::start("bounded", &["--after", "0s", "--max-files", "2"]);
        recorder.says("wrote ");
        recorder.stop();
        drop(fault);
        // Names tell seconds.
        std::thread::sleep(Duration::from_millis(1100));
    }
    let names: Vec<String> =
        recordings(&folder).iter().map(|path| path.file_name().unwrap().to_str().unwrap().to_owned()).collect();
    assert_eq!(names.iter().filter(|name| name.ends_with("-close-wait-leak.sockdoc")).count(), 2, "{names:?}");
    for kept in ["mine.sockdoc", "notes.sockdoc", "elsewhere.sockdoc"] {
        assert!(names.iter().any(|name| name == kept), "{names:?}");
    }
    assert!(std::env::temp_dir().join("elsewhere").exists());
}

pub(crate) fn a_kill_leaves_nothing_half_and_it_goes_on_after() {
    let folder = std::env::temp_dir().join("killed");
    let fault = leak(8080);
    std::thread::sleep(Duration::from_secs(1));
    for round in 0..12 {
        let recorder = Recorder::start("killed", &["--after", "0s"]);
        // At any moment of the first looks and of the writing.
        std::thread::sleep(Duration::from_millis(round * 9));
        recorder.signal(Signal::KILL);
        drop(recorder);
        for path in recordings(&folder) {
            assert!(!samples(&path).is_empty(), "{path:?}");
        }
        let left: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left.len(), recordings(&folder).len(), "{left:?}");
    }
    let mut recorder = Recorder::start("killed", &["--after", "0s"]);
    recorder.says("wrote ");
    recorder.stop();
    drop(fault);
}

pub(crate) fn a_folder_that_takes_nothing_is_reported_and_survived() {
    let mut recorder = Recorder::start("full", &["--after", "0s"]);
    let folder = recorder.folder.clone();
    // No file can be made in a folder that is gone; then it is there again.
    fs::remove_dir(&folder).unwrap();
    let fault = leak(8080);
    recorder.says("cannot write a recording");
    assert!(recorder.child.try_wait().unwrap().is_none());
    fs::create_dir(&folder).unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).unwrap();
    recorder.says("wrote ");
    recorder.stop();
    drop(fault);
}

pub(crate) fn each_problem_has_a_later_recording() {
    let mut recorder = Recorder::start("later", &["--after", "5s"]);
    let fault = leak(8080);
    let first = recorder.says(": wrote ");
    // Another program's, before the later recording of the first one is due.
    let other = leak_of("other-server", 8081);
    let mut said = vec![first];
    said.extend((0..3).map(|_| recorder.says(": wrote ")));
    assert_eq!(said.iter().filter(|line| line.contains("(later)")).count(), 2, "{said:?}");
    assert_eq!(recorder.recordings().len(), 4);
    recorder.stop();
    drop((fault, other));
}

pub(crate) fn a_full_disk_is_told_and_survived() {
    let folder = std::env::temp_dir().join("small");
    fs::create_dir(&folder).unwrap();
    container::mount_small(&folder, 256).unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).unwrap();
    let ballast = folder.join("ballast");
    let written = fs::write(&ballast, vec![1; 1 << 20]);
    assert!(written.is_err(), "the disk is full");
    let mut recorder = Recorder::start("small", &["--after", "0s"]);
    let fault = leak(8080);
    let said = recorder.says("cannot write a recording");
    assert!(said.contains("No space left"), "{said}");
    let names = || -> Vec<_> { fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect() };
    assert_eq!(names(), ["ballast"], "nothing half");
    fs::remove_file(&ballast).unwrap();
    recorder.says("wrote ");
    let [path] = recorder.recordings().try_into().unwrap();
    assert!(!samples(&path).is_empty());
    // Said once, however often it was tried.
    recorder.stop();
    drop(fault);
}

pub(crate) fn a_clock_that_was_set_back_gives_another_name() {
    let mut recorder = Recorder::start("clock", &["--after", "0s"]);
    // Every name of the next minute is there already, as after a clock was set back.
    let host = rustix::system::uname().nodename().to_str().unwrap().to_owned();
    // Counted from one moment: while these run, seconds pass.
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    let taken: Vec<PathBuf> = (now..now + 60)
        .map(|second| {
            let time = Command::new("date").args(["-u", "+%Y%m%dT%H%M%SZ", "-d", &format!("@{second}")]).output();
            let time = String::from_utf8(time.unwrap().stdout).unwrap();
            recorder.folder.join(format!("{host}-{}-close-wait-leak.sockdoc", time.trim()))
        })
        .collect();
    taken.iter().for_each(|path| fs::write(path, "of another time").unwrap());
    let fault = leak(8080);
    recorder.says("wrote ");
    let written: Vec<PathBuf> = recorder.recordings().into_iter().filter(|path| !taken.contains(path)).collect();
    let [written] = written.try_into().unwrap();
    assert!(written.to_str().unwrap().ends_with("-close-wait-leak-2.sockdoc") && !samples(&written).is_empty());
    assert!(taken.iter().all(|path| fs::read_to_string(path).unwrap() == "of another time"));
    recorder.stop();
    drop(fault);
}

pub(crate) fn memory_is_bounded() {
    let listener = TcpListener::bind("127.0.0.1:8080").unwrap();
    let ends: Vec<_> =
        (0..300).map(|_| (TcpStream::connect("127.0.0.1:8080").unwrap(), listener.accept().unwrap())).collect();
    let mut recorder = Recorder::start("bounded-memory", &["--keep", "10000", "--max-memory", "1"]);
    recorder.says("--max-memory");
    recorder.stop();
    let mut recorder = Recorder::start("kept-memory", &["--every", "20ms", "--keep", "10000", "--max-memory", "64K"]);
    let memory = || {
        let status = fs::read_to_string(format!("/proc/{}/status", recorder.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap().to_owned();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap()
    };
    let descriptors = || fs::read_dir(format!("/proc/{}/fd", recorder.child.id())).unwrap().count();
    std::thread::sleep(Duration::from_secs(2));
    let (before, open) = (memory(), descriptors());
    std::thread::sleep(Duration::from_secs(4));
    assert!(memory() < before + 3 * 1024, "{before} KiB became {}", memory());
    assert!(descriptors() <= open + 3);
    let began = Instant::now();
    recorder.signal(Signal::TERM);
    assert_eq!(recorder.child.wait().unwrap().code(), Some(0));
    assert!(began.elapsed() < LIMIT);
    drop(ends);
}
