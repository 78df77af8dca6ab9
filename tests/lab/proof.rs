//! The proof of a rule: the fault, the healthy twin, the remedy, each checked with the same settings.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use super::check::{self, Checked, Finding};
use super::forged::Forged;
use super::kept::Kept;
use super::program::{self, Said};

/// How a remedy is shown to work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Remedied {
    /// The remedy's own command is run, word for word.
    Executed,
    /// The fixed program runs under the same load.
    FixedProgram,
    /// The world outside changes: the peer, the network.
    World,
    /// The figures are forged, for no namespace reaches them; a sysctl command is run on the forged file.
    Forged,
    /// Without a remedy: the finding exists because people fear the condition. The twin is a condition without a
    /// finding.
    Harmless,
}

impl Remedied {
    /// The words of the table.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Executed => "the command that sockdoc prints, executed",
            Self::FixedProgram => "the fixed program under the same load",
            Self::World => "the peer or the network mended",
            Self::Forged => "on fixed figures: a namespace does not reach them",
            Self::Harmless => "harmless: nothing to remedy",
        }
    }
}

/// A proof: its words for `docs/proofs.md`, the settings of all its runs, and its steps.
pub(crate) struct Proof {
    /// The rule.
    pub(crate) rule: &'static str,
    /// Tells it from other proofs of the rule.
    pub(crate) variant: &'static str,
    /// The fault that the rule must find. One plain line, no full stop.
    pub(crate) fault: &'static str,
    /// The healthy setup that differs least from the fault.
    pub(crate) twin: &'static str,
    /// The change that makes the finding go away.
    pub(crate) remedy: &'static str,
    /// How that is shown.
    pub(crate) by: Remedied,
    /// The severities with which it is shown to fire.
    pub(crate) severities: &'static [&'static str],
    /// Thresholds of this rule, as in `age=2s`. None for a proof at the defaults.
    pub(crate) set: &'static [&'static str],
    /// The time between two looks, as in `2s`; empty for one look.
    pub(crate) between: &'static str,
    /// Further arguments, as in `--deep`.
    pub(crate) arguments: &'static [&'static str],
    /// The program whose output is read instead of the kernel, with its arguments; empty for the kernel.
    pub(crate) pasted: &'static [&'static str],
    /// Whether it takes a minute and more.
    pub(crate) is_slow: bool,
    /// Whether this machine has what it takes, beside the lab.
    pub(crate) is_possible: fn() -> bool,
    /// The steps.
    pub(crate) prove: fn(&mut Lab),
}

impl Proof {
    /// The defaults of a proof.
    pub(crate) const PLAIN: Self = Self {
        rule: "",
        variant: "",
        fault: "",
        twin: "",
        remedy: "",
        by: Remedied::FixedProgram,
        severities: &[],
        set: &[],
        between: "",
        arguments: &[],
        pasted: &[],
        is_slow: false,
        is_possible: || true,
        prove: |_| {},
    };

    /// The name of its test.
    pub(crate) fn name(&self) -> String {
        match self.variant {
            "" => self.rule.to_owned(),
            variant => format!("{}: {variant}", self.rule),
        }
    }

    /// The name of a step in the corpus of recordings: a severity, or `twin`. Of several of a kind the last one stays.
    pub(crate) fn recording(&self, step: &str) -> String {
        let words = [self.rule, self.variant, step];
        let kept = words.map(|words| words.replace(|c: char| !c.is_ascii_alphanumeric(), "-"));
        kept.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join("--")
    }
}

/// Takes the steps of a proof, and fails when one was left out.
pub(crate) fn run(proof: &'static Proof) {
    let mut lab = Lab { proof, taken: vec![], severities: BTreeSet::new(), forged: None, kept: Kept::new() };
    (proof.prove)(&mut lab);
    let at = |step: Step| lab.taken.iter().position(|taken| *taken == step);
    let fired = at(Step::Fired).unwrap_or_else(|| panic!("{} was never shown to fire", proof.rule));
    assert!(at(Step::Silent).is_some(), "{} was never shown to be silent on a healthy twin", proof.rule);
    if proof.by != Remedied::Harmless {
        let gone = at(Step::Gone).unwrap_or_else(|| panic!("no remedy of {} was shown to work", proof.rule));
        assert!(fired < gone, "the remedy of {} came before the fault", proof.rule);
        let ran = at(Step::Ran).is_some_and(|ran| fired < ran && ran < gone);
        assert!(
            ran || proof.by != Remedied::Executed,
            "no command of {} was run before the finding was gone",
            proof.rule
        );
    }
    let said: BTreeSet<String> = proof.severities.iter().map(|&severity| severity.to_owned()).collect();
    assert_eq!(lab.severities, said, "the severities with which {} fired are not those of the table", proof.rule);
    assert!(lab.forged.is_none() || proof.by == Remedied::Forged, "{}: the table must say what is forged", proof.rule);
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Fired,
    Silent,
    Ran,
    Gone,
}

/// Where a proof takes its steps. Every look has the settings of the proof.
pub(crate) struct Lab {
    proof: &'static Proof,
    taken: Vec<Step>,
    severities: BTreeSet<String>,
    /// Files that the next runs of sockdoc see instead of the kernel's.
    forged: Option<Forged>,
    /// The result of the last run.
    kept: Kept,
}

/// How long a finding may take to appear, or to go.
const PATIENCE: Duration = Duration::from_secs(60);

impl Lab {
    /// The rule finds the fault, with that severity. Waits until it does, for some seconds: sockets must come of age.
    #[track_caller]
    pub(crate) fn fires(&mut self, severity: &str) -> Finding {
        self.fires_where(severity, |_| true)
    }

    /// The same, of the finding that is about this process.
    #[track_caller]
    pub(crate) fn fires_on(&mut self, severity: &str, pid: u32) -> Finding {
        self.fires_where(severity, |finding| finding.pid() == Some(pid))
    }

    /// The same, once it is about so many: on a busy machine they become a fault one after the other.
    #[track_caller]
    pub(crate) fn fires_on_all(&mut self, severity: &str, pid: u32, (figure, all): (&str, u32)) -> Finding {
        self.fires_where(severity, |finding| {
            finding.pid() == Some(pid) && (finding.figure(figure) - f64::from(all)).abs() < 0.5
        })
    }

    /// The same, of a finding for which this holds.
    #[track_caller]
    pub(crate) fn fires_where(&mut self, severity: &str, holds: impl Fn(&Finding) -> bool) -> Finding {
        let end = Instant::now() + self.patience();
        loop {
            match self.once(severity, &holds) {
                Ok(found) => return found,
                Err(seen) => {
                    assert!(Instant::now() < end, "{} does not fire as {severity}: {}", self.proof.rule, told(&seen));
                }
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// The same, of a fault that ends by itself: `None` if it did before a look saw it, since the machine stood still.
    #[track_caller]
    pub(crate) fn fires_unless(&mut self, severity: &str, is_over: impl Fn() -> bool) -> Option<Finding> {
        loop {
            if let Ok(found) = self.once(severity, &|_| true) {
                return Some(found);
            }
            if is_over() {
                return None;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// The finding that one look has of that severity, for which this holds; else what it saw.
    #[track_caller]
    fn once(&mut self, severity: &str, holds: &impl Fn(&Finding) -> bool) -> Result<Finding, Checked> {
        let (said, args) = self.say();
        let seen = check::read(&said);
        let found = seen.of(self.proof.rule).into_iter().find(|found| found.severity() == severity && holds(found));
        let Some(found) = found.cloned() else { return Err(seen) };
        self.taken.push(Step::Fired);
        self.keep(&args, &said, severity);
        self.severities.insert(severity.to_owned());
        Ok(found)
    }

    /// The rule was checked and finds nothing in the healthy twin.
    #[track_caller]
    pub(crate) fn silent(&mut self) {
        self.silent_in_one_of(1);
    }

    /// The same, of a twin that a busy machine may hold up for the time of a look, so that it is no twin at that one.
    #[track_caller]
    pub(crate) fn silent_in_one_of(&mut self, looks: usize) {
        for look in 1..=looks {
            let Err(seen) = self.nothing(Step::Silent, "twin") else { return };
            assert!(look < looks, "{} is not silent on the healthy twin: {}", self.proof.rule, told(&seen));
        }
    }

    /// The rule was checked and finds nothing any more. Waits until it does, for some seconds.
    #[track_caller]
    pub(crate) fn gone(&mut self) {
        let end = Instant::now() + self.patience();
        while let Err(seen) = self.nothing(Step::Gone, "remedied") {
            assert!(Instant::now() < end, "the remedy does not end {}: {}", self.proof.rule, told(&seen));
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// The step of a look at which the rule was checked and found nothing; else what it saw.
    #[track_caller]
    fn nothing(&mut self, step: Step, name: &str) -> Result<(), Checked> {
        let (said, args) = self.say();
        let seen = check::read(&said);
        if !self.is_silent(&seen) {
            return Err(seen);
        }
        self.keep(&args, &said, name);
        self.taken.push(step);
        Ok(())
    }

    /// Runs the command of the finding's remedy that begins with these words, word for word, in a shell of the lab.
    #[track_caller]
    pub(crate) fn runs(&mut self, finding: &Finding, begin: &str) {
        let command = finding.command(begin);
        let said = match &self.forged {
            Some(forged) => forged.shell(command),
            None => program::shell(command),
        };
        assert_eq!(said.code, Some(0), "{command}: {said:?}");
        self.taken.push(Step::Ran);
    }

    /// Runs the command that destroys sockets as one does who has read what it shows.
    #[track_caller]
    pub(crate) fn destroys(&mut self, finding: &Finding) {
        let place = std::path::Path::new(env!("CARGO_BIN_EXE_sockdoc")).parent().expect("a folder");
        let typed = |line: &str| program::shell(&format!("PATH=$PATH:{}; {line}", place.display()));
        let command = finding.command("sockdoc kill");
        let shown = typed(command);
        assert_eq!(shown.code, Some(0), "{command}: {shown:?}");
        let act = shown.stdout.lines().find(|line| line.contains("sockdoc kill ")).expect("a command");
        let said = typed(act);
        assert_eq!(said.code, Some(0), "{act}: {said:?}");
        self.taken.push(Step::Ran);
    }

    /// From now on sockdoc sees these files instead of the kernel's: for figures that no namespace has.
    pub(crate) fn forge(&mut self) -> &mut Forged {
        self.forged.get_or_insert_with(Forged::new)
    }

    /// One look at all rules' findings of this rule, without being a step.
    #[track_caller]
    pub(crate) fn look(&self) -> Checked {
        check::read(&self.say().0)
    }

    /// The output of a run, which is saved, and its arguments.
    #[track_caller]
    fn say(&self) -> (Said, Vec<String>) {
        let mut args = vec!["check".to_owned(), "--json".to_owned(), self.proof.rule.to_owned()];
        args.extend(self.proof.set.iter().flat_map(|set| ["--set".to_owned(), format!("{}.{set}", self.proof.rule)]));
        if !self.proof.between.is_empty() {
            args.extend(["--for".to_owned(), self.proof.between.to_owned()]);
        }
        args.extend(self.proof.arguments.iter().map(|&argument| argument.to_owned()));
        if let [tool, options @ ..] = self.proof.pasted {
            let output = std::process::Command::new(tool).args(options).output().expect("the tool runs");
            std::fs::write(self.kept.path(), output.stdout).expect("its output is kept");
            let all: Vec<&str> = args.iter().map(String::as_str).chain(["--from", self.kept.path()]).collect();
            return (program::run(&all), args);
        }
        let all: Vec<&str> = args.iter().map(String::as_str).chain(["--force", "--save", self.kept.path()]).collect();
        let said = match &self.forged {
            Some(forged) => forged.sockdoc(&all),
            None => program::run(&all),
        };
        (said, args)
    }

    /// A text is no recording, and is kept nowhere.
    #[track_caller]
    fn keep(&self, args: &[String], said: &Said, step: &str) {
        if self.proof.pasted.is_empty() {
            self.kept.gives(args, said, &self.proof.recording(step));
        }
    }

    fn is_silent(&self, seen: &Checked) -> bool {
        let unchecked = seen.unchecked(self.proof.rule);
        assert!(unchecked.is_none(), "{} was not checked, which is not silence: {unchecked:?}", self.proof.rule);
        seen.of(self.proof.rule).is_empty()
    }

    /// Whether the proof keeps the default thresholds, and has to wait as long as they say.
    pub(crate) fn is_at_defaults(&self) -> bool {
        self.proof.set.is_empty()
    }

    fn patience(&self) -> Duration {
        if self.proof.is_slow { 3 * PATIENCE } else { PATIENCE }
    }
}

/// The part of a run that a failure prints.
fn told(seen: &Checked) -> String {
    format!("findings {:#}\nnot checked {:#}", seen.document["findings"], seen.document["not_checked"])
}
