//! Runs each lab test in a process of its own, inside a new namespace, and reports to libtest-mimic.
//!
//! A threaded process cannot enter a user namespace, so the test program starts itself again for every test: with
//! [`TEST`] set it has one thread, enters, and runs that one function. Its panic is the failure; its time is limited.

use std::io::Read;
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use libtest_mimic::{Arguments, Failed, Trial};

use super::namespace;

/// A test: a name that is a sentence, and a body that runs inside the lab.
pub(crate) type Test = (&'static str, fn());

/// A test of a list that is made at run time.
pub(crate) struct Experiment {
    pub(crate) name: String,
    pub(crate) body: Box<dyn Fn()>,
    /// Takes a minute and more: runs only where it is asked for, with `--ignored` or `--include-ignored`.
    pub(crate) is_slow: bool,
}

/// Names the test that the process has to run.
const TEST: &str = "SOCKDOC_LAB_TEST";
/// Set to 1, it makes a refused namespace a failure.
const REQUIRE: &str = "SOCKDOC_REQUIRE_LAB";
/// The pretended test that only enters.
const PROBE: &str = "nothing but entering";
/// After this long a test is killed.
const LIMIT: Duration = Duration::from_secs(150);
/// After this long a slow one is.
const SLOW_LIMIT: Duration = Duration::from_secs(400);

/// The `main` of a test program.
pub(crate) fn main(tests: &'static [Test]) -> ExitCode {
    let experiment = |&(name, body): &Test| Experiment { name: name.to_owned(), body: Box::new(body), is_slow: false };
    run(tests.iter().map(experiment).collect(), vec![])
}

/// The same with tests of both kinds, and such as need no lab.
pub(crate) fn run(experiments: Vec<Experiment>, outside: Vec<Trial>) -> ExitCode {
    if let Ok(name) = std::env::var(TEST) {
        return inside(&experiments, &name);
    }
    let arguments = Arguments::from_args();
    let required = std::env::var(REQUIRE).is_ok_and(|value| value == "1");
    let refused = match in_child(PROBE, LIMIT) {
        Err(reason) if !required => {
            eprintln!("the lab is closed, its tests are ignored: {}", reason.trim());
            true
        }
        _ => false,
    };
    let mut trials = outside;
    trials.extend(experiments.into_iter().map(|Experiment { name, is_slow, .. }| {
        let (child, limit) = (name.clone(), if is_slow { SLOW_LIMIT } else { LIMIT });
        Trial::test(name, move || in_child(&child, limit).map_err(Failed::from))
            .with_kind(if is_slow { "slow" } else { "" })
            .with_ignored_flag(refused || is_slow)
    }));
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// The child's side: enter, and run one test on the main thread.
fn inside(tests: &[Experiment], name: &str) -> ExitCode {
    let parent = std::os::unix::process::parent_id();
    if let Err(error) = namespace::enter() {
        eprintln!("entering a user and network namespace: {error}");
        return ExitCode::FAILURE;
    }
    // The parent may have ended before the kernel was told to end us with it.
    if std::os::unix::process::parent_id() != parent {
        return ExitCode::FAILURE;
    }
    match tests.iter().find(|test| test.name == name) {
        Some(test) => (test.body)(),
        None if name == PROBE => {}
        None => {
            eprintln!("no lab test of the name {name}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// Runs one test in a new process; what it said is the error.
fn in_child(name: &str, limit: Duration) -> Result<(), String> {
    let mut child = Command::new("/proc/self/exe")
        .env(TEST, name)
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
        Ok(Some(status)) if status.success() => Ok(()),
        Ok(Some(status)) => Err(format!("{said}\n{status}")),
        Ok(None) => Err(format!("{said}\nkilled after {} s", limit.as_secs())),
        Err(error) => Err(format!("{said}\nwaiting: {error}")),
    }
}

/// Reads a pipe to its end, as text, in a thread.
pub(crate) fn reader(pipe: Option<impl Read + Send + 'static>) -> std::thread::JoinHandle<String> {
    std::thread::spawn(move || {
        let mut bytes = vec![];
        if let Some(mut pipe) = pipe {
            // An error ends the text; what came before is still worth showing.
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
