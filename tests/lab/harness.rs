//! Runs each lab test in its own process, inside new namespaces, and reports to libtest-mimic.
//!
//! A threaded process cannot enter a user namespace, so the test program starts itself again for every test: with
//! [`TEST`] set it has one thread, enters, and runs that one function. Its panic is the failure; its time is limited;
//! its temporary files are in its own folder, removed afterwards. Tests wait more than they compute, so four run for
//! each processor unless `--test-threads` says otherwise.

use std::fs;
use std::io::Read;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio, Termination};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use libtest_mimic::{Arguments, Completion, Failed, Trial};

use super::{container, namespace, peer, process};

/// A test: a name that is a sentence, and a body that runs inside the lab.
pub(crate) type Test = (&'static str, fn());

/// A test of a list that is made at run time.
pub(crate) struct Experiment {
    pub(crate) name: String,
    pub(crate) body: Box<dyn Fn()>,
    /// Takes a minute and more: runs only where it is asked for, with `--ignored` or `--include-ignored`.
    pub(crate) is_slow: bool,
    /// Whether this machine has what it takes; otherwise it is ignored, or fails where the lab is demanded.
    pub(crate) is_possible: bool,
}

/// Names the test that the process has to run.
const TEST: &str = "SOCKDOC_LAB_TEST";
/// Set to 1, the process does not enter.
const OUTSIDE: &str = "SOCKDOC_LAB_OUTSIDE";
/// The pretended test that only enters.
const PROBE: &str = "nothing but entering";
/// After this long a test is killed.
const LIMIT: Duration = Duration::from_secs(300);
/// After this long a slow one is.
const SLOW_LIMIT: Duration = Duration::from_secs(600);

/// A list of tests: the name of each is that of its function, which returns nothing or a `Result`.
#[allow(unused_macros, reason = "the proofs have lists of their own")]
macro_rules! tests {
    ($($module:ident: $($name:ident)+;)+) => {
        &[$($((stringify!($name), || $crate::lab::harness::succeeds($module::$name()))),+),+]
    };
}
pub(crate) use tests;

/// Fails where a test returned an error, which is written.
pub(crate) fn succeeds(outcome: impl Termination) {
    assert!(outcome.report() == ExitCode::SUCCESS, "the test returned an error");
}

/// The fate of the tests if the kernel refuses the namespaces, or if namespaces would not help.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Closed {
    /// They are reported as ignored.
    Ignores,
    /// They run in their own process on the machine itself.
    Runs,
    /// They run there in any case: they need rights of the first user namespace.
    Always,
}

/// The `main` of a test program, with what needs no lab.
pub(crate) fn main(tests: &'static [Test], outside: Vec<Trial>, closed: Closed) -> ExitCode {
    let experiment = |&(name, body): &Test| Experiment {
        name: name.to_owned(),
        body: Box::new(body),
        is_slow: false,
        is_possible: true,
    };
    run(tests.iter().map(experiment).collect(), outside, closed)
}

/// The same with tests of both kinds.
pub(crate) fn run(experiments: Vec<Experiment>, outside: Vec<Trial>, closed: Closed) -> ExitCode {
    run_with(experiments, vec![], outside, closed)
}

/// The same with tests that run on the machine itself wherever the others do.
pub(crate) fn run_with(
    mut experiments: Vec<Experiment>,
    on_the_host: Vec<Experiment>,
    outside: Vec<Trial>,
    closed: Closed,
) -> ExitCode {
    let in_the_lab = experiments.len();
    experiments.extend(on_the_host);
    if let Ok(name) = std::env::var(TEST) {
        return inside(&experiments, &name);
    }
    let mut arguments = Arguments::from_args();
    let processors = std::thread::available_parallelism().map_or(1, NonZero::get);
    arguments.test_threads.get_or_insert(4 * processors);
    let (mut refused, mut way_in) = (false, Way::In);
    if closed == Closed::Always {
        way_in = Way::Out;
    } else if let Err(reason) = in_child(PROBE, Way::In, LIMIT)
        && !peer::is_required()
    {
        eprintln!("the lab is closed: {}", reason.trim());
        (refused, way_in) = (closed == Closed::Ignores, Way::Out);
    }
    let mut trials = outside;
    trials.push(Trial::test("every test is in the list", no_test_is_forgotten));
    trials.extend(experiments.into_iter().enumerate().map(|(place, Experiment { name, is_slow, is_possible, .. })| {
        let way_in = if place < in_the_lab { way_in } else { Way::Out };
        let (child, limit) = (name.clone(), if is_slow { SLOW_LIMIT } else { LIMIT });
        Trial::ignorable_test(name, move || in_child(&child, way_in, limit).map_err(Failed::from))
            .with_kind(if is_slow { "slow" } else { "" })
            .with_ignored_flag(refused || is_slow || !is_possible && !peer::is_required())
    }));
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// The child's side: enter, and run one test on the main thread.
fn inside(tests: &[Experiment], name: &str) -> ExitCode {
    process::heed_signals();
    let test = tests.iter().find(|test| test.name == name);
    if std::env::var(OUTSIDE).is_ok_and(|outside| outside == "1") {
        test.expect("a test of that name").body.as_ref()();
        return ExitCode::SUCCESS;
    }
    let parent = std::os::unix::process::parent_id();
    if let Err(error) = namespace::enter() {
        eprintln!("entering a user and network namespace: {error}");
        return ExitCode::FAILURE;
    }
    // The parent may have ended before the kernel was asked to end us with it.
    if std::os::unix::process::parent_id() != parent {
        return ExitCode::FAILURE;
    }
    let body: &dyn Fn() = match test {
        Some(test) => &test.body,
        None if name == PROBE => &|| {},
        None => {
            eprintln!("no lab test of the name {name}");
            return ExitCode::FAILURE;
        }
    };
    ExitCode::from(u8::try_from(container::alone(body)).unwrap_or(1))
}

/// Runs one test in a new process; its output is the error.
fn in_child(name: &str, way: Way, limit: Duration) -> Result<Completion, String> {
    let folder = Folder::new().map_err(|error| format!("a folder for temporary files: {error}"))?;
    let mut child = Command::new("/proc/self/exe")
        .env(TEST, name)
        .env(OUTSIDE, if way == Way::Out { "1" } else { "" })
        .env("TMPDIR", &folder.0)
        .env_remove("RUST_TEST_THREADS")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("starting the lab process: {error}"))?;
    let stdout = reader(child.stdout.take());
    let stderr = reader(child.stderr.take());
    let status = wait(&mut child, limit);
    let said = [stdout, stderr].map(|thread| thread.join().unwrap_or_default()).concat();
    match status {
        Ok(Some(status)) if status.success() => Ok(Completion::Completed),
        Ok(Some(status)) if status.code() == Some(peer::LACKING) => {
            Ok(Completion::ignored_with(said.lines().last().unwrap_or_default()))
        }
        Ok(Some(status)) => Err(format!("{said}\n{status}")),
        Ok(None) => Err(format!("{said}\nkilled after {} s", limit.as_secs())),
        Err(error) => Err(format!("{said}\nwaiting: {error}")),
    }
}

/// `#[test]` means nothing here: a function that bears it would never run.
fn no_test_is_forgotten() -> Result<(), Failed> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(env!("CARGO_CRATE_NAME"))];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if fs::read_to_string(&path)?.lines().any(|line| line.trim() == "#[test]") {
                return Err(format!("{}: list the test by its name in place of #[test]", path.display()).into());
            }
        }
    }
    Ok(())
}

/// Whether the process of a test enters the lab.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    In,
    Out,
}

/// The temporary files of one test, gone with it.
struct Folder(PathBuf);

impl Folder {
    fn new() -> std::io::Result<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("sockdoc-lab-{}-{number}", std::process::id()));
        fs::create_dir_all(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Reads a pipe to its end, as text, in a thread.
pub(crate) fn reader(pipe: Option<impl Read + Send + 'static>) -> std::thread::JoinHandle<String> {
    std::thread::spawn(move || {
        let mut bytes = vec![];
        if let Some(mut pipe) = pipe {
            // An error ends the text; the part before it is still useful.
            let _ = pipe.read_to_end(&mut bytes);
        }
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// Waits for a child for so long, then kills it; `None` means killed.
pub(crate) fn wait(child: &mut Child, limit: Duration) -> std::io::Result<Option<ExitStatus>> {
    let end = Instant::now() + limit;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() >= end {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}
