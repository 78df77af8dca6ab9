//! Commands to copy: every command of every rule is run by a real shell, with hostile names in it, under stubs for the
//! programs it calls. A stub gets a name as one word, and nothing else runs.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "test code; clippy knows it by #[test], which the functions that tests share do not have"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::Command as Child,
};

use proptest::prelude::*;
use serde_json::Value;
use sockdoc::{
    archive::{Recording, Replayer},
    collect::{
        series::{Baseline, Series},
        snapshot::{self, Depth},
    },
    model::{
        finding::{Finding, Remedy},
        namespace::Namespace,
        owner::{Container, Place},
        shell::ShellCommand,
        snapshot::Snapshot,
        state::State,
    },
    render::{self, screen::Screen},
    report::diagnosis::{self, Diagnosis},
    rules::{self, RULES, Rule, Settings, settings::Origin},
    text::{Catalogue, Lang},
};

/// Names that a shell would take apart, run, expand, or take for an option; and such as cannot be printed.
const HOSTILE: &[&str] = &[
    "a;touch${IFS}PWN;",
    "x$(touch PWN)",
    "`touch PWN`",
    "a b",
    "a'b'; touch PWN; '",
    "'",
    "a\"$(touch PWN)\"b",
    "*",
    "~root",
    r"a\x2db",
    "a&touch PWN|touch PWN",
    "!x",
    "-rf",
    "--root=x",
    "a>PWN",
    "#x",
    "a=b",
    "{a,b}",
    "sysctl -w x=1;touch PWN;",
    "é",
    "a\ntouch PWN\n",
    "\u{1b}[31mE",
    "a\u{202e}b",
    "",
];

/// Names end so, and nothing else has it.
const MARK: &str = "Zqx";
const ID: &str = "3f2a9c0d1e4b5a6978877665544332211f0e0d0c0b0a09080706050403020100";

/// The programs that commands call, and what hostile names try to.
const STUBS: [&str; 29] = [
    "nft",
    "kill",
    "awk",
    "find",
    "uniq",
    "cat",
    "docker",
    "grep",
    "head",
    "ip",
    "ls",
    "lsof",
    "nsenter",
    "nstat",
    "podman",
    "prlimit",
    "sed",
    "sockdoc",
    "sort",
    "ss",
    "strace",
    "sysctl",
    "systemctl",
    "tee",
    "touch",
    "tracepath",
    "ping",
    "wc",
    "id",
];

/// A folder in which commands run: stubs write what they were called with to `log`, one word a line, with a line of
/// dashes behind each call.
struct Sandbox(PathBuf);

impl Sandbox {
    fn new(name: &str) -> Sandbox {
        let folder = std::env::temp_dir().join(format!("sockdoc-shell-{}-{name}", std::process::id()));
        fs::create_dir_all(folder.join("bin")).unwrap();
        fs::create_dir_all(folder.join("empty")).unwrap();
        // Links to a file that is there already: one that is written here could still be open for writing in a process that
        // another test starts at that moment, and then the kernel refuses to run it (ETXTBSY).
        let stub = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/shell/stub");
        for name in STUBS {
            symlink(stub, folder.join("bin").join(name)).unwrap();
        }
        Sandbox(folder)
    }

    /// Runs a text as a shell does; the calls of stubs, each with its words. Nothing may go wrong or be made.
    fn run(&self, text: &str, value: &str) -> Vec<Vec<String>> {
        let log = self.0.join("log");
        fs::write(&log, "").unwrap();
        let ran = Child::new("/bin/sh")
            // A shell has these itself: here they are stubs, too.
            .args(["-c", &format!("kill() {{ command \"$STUBS/kill\" \"$@\"; }}\n{text}")])
            .env_clear()
            .env("STUBS", self.0.join("bin"))
            .env("PATH", self.0.join("bin"))
            .env("VALUE", value)
            .current_dir(self.0.join("empty"))
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&ran.stderr);
        let is_said = said.is_empty() || said.lines().all(|line| line.ends_with("; skipped"));
        assert!(ran.status.success() && is_said, "{text}\n{said}");
        assert_eq!(fs::read_dir(self.0.join("empty")).unwrap().count(), 0, "{text} made a file");
        let calls = fs::read_to_string(&log).unwrap();
        let calls: Vec<Vec<String>> = calls
            .split("\n------\n")
            .filter(|call| !call.is_empty())
            .map(|call| call.split('\n').map(str::to_owned).collect())
            .collect();
        assert!(calls.iter().all(|call| !matches!(call[0].as_str(), "touch" | "id")), "{text}: {calls:?}");
        calls
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The input of a rule: a recorded fault from the rule's proof.
struct Fault {
    rule: &'static Rule,
    snapshot: Snapshot,
    settings: Settings,
}

impl Fault {
    fn all() -> Vec<Fault> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/recordings/rules");
        let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.retain(|file| file.extension().is_some_and(|end| end == "sockdoc"));
        files.retain(|file| !file.to_str().unwrap().ends_with("twin.sockdoc"));
        files.sort();
        let mut faults: Vec<Fault> = files.iter().map(|file| Fault::read(file)).collect();
        let leak = faults.iter().find(|fault| fault.rule.name == "close-wait-leak").unwrap();
        let of_text = [
            leak.of_text("close-wait-many", State::CLOSE_WAIT, 0),
            leak.of_text("states-many", State::SYN_SENT, 0),
            leak.of_text("queues-many", State::ESTABLISHED, 1_000_000),
        ];
        faults.extend(of_text);
        faults
    }

    fn read(file: &Path) -> Fault {
        let told: Value = serde_json::from_slice(&fs::read(file.with_extension("json")).unwrap()).unwrap();
        let arguments: Vec<&str> = told["arguments"].as_array().unwrap().iter().flat_map(Value::as_str).collect();
        let mut settings = Settings::default();
        for pair in arguments.windows(2).filter(|pair| pair[0] == "--set") {
            let (name, value) = pair[1].split_once('=').unwrap();
            let (rule, threshold) = name.split_once('.').unwrap();
            let rule = rules::find(rule).unwrap();
            let threshold = rule.thresholds.iter().find(|one| one.name == threshold).unwrap();
            let value = rules::settings::parse(value, threshold.unit).unwrap();
            settings.set(rule.name, threshold.name, value, Origin::CommandLine);
        }
        let recording = Recording::read(fs::read(file).unwrap()).unwrap();
        let depth = Depth { deep: true, descriptors: true, bound_inactive: true, usage: true };
        let mut series = Series::new(depth, None, Baseline::First);
        let mut source = Replayer::new(&recording, "");
        for sample in 0..recording.samples() - 1 {
            recording.begin_sample(sample);
            series.next(&mut source);
        }
        recording.begin_sample(recording.samples() - 1);
        let snapshot = series.next(&mut source).0;
        let name = file.file_name().unwrap().to_str().unwrap();
        let rule = rules::find(name.split("--").next().unwrap()).unwrap();
        let found = rules::examine(snapshot, &[rule], &settings).findings;
        let inodes: Vec<u32> = found.into_iter().flat_map(|finding| finding.inodes).collect();
        snapshot::look_up(&source, snapshot, &inodes, &[]);
        Fault { rule, snapshot: snapshot.clone(), settings }
    }

    /// Its sockets as from a text, which is never recorded: in this state, with this many unread bytes each.
    fn of_text(&self, rule: &str, state: State, unread: u32) -> Fault {
        let mut snapshot = self.snapshot.clone();
        (snapshot.blanks.host, snapshot.blanks.timers) = (true, true);
        let tcp = snapshot.now.tcp.get_or_insert_default();
        for seen in &mut snapshot.now.sockets {
            (seen.info, seen.socket.state, seen.socket.rqueue) = (None, state, unread);
            tcp.count(state, seen.socket.timer, seen.socket.inode);
        }
        Fault { rule: rules::find(rule).unwrap(), snapshot, settings: Settings::default() }
    }

    /// The findings when every name is replaced by this one.
    fn found(&self, hostile: &Hostile<'_>) -> Vec<Finding> {
        let mut snapshot = self.snapshot.clone();
        snapshot.host.name = hostile.name.clone();
        snapshot.users.values_mut().for_each(|user| *user = hostile.name.as_str().into());
        snapshot.places.values_mut().for_each(|place| *place = hostile.place.clone());
        for facts in snapshot.processes.values_mut() {
            facts.process.program = hostile.name.as_bytes().into();
            facts.process.place = hostile.place.clone();
        }
        if let Some((setting, value)) = hostile.setting {
            snapshot.sysctls.insert(setting.to_owned(), value.to_owned());
        }
        let mut found = rules::examine(&snapshot, &[self.rule], &self.settings).findings;
        if let Some(path) = &hostile.netns {
            let place = Namespace { inode: 7, path: path.clone(), label: Some("docker:x".into()), own: false };
            found.iter_mut().for_each(|finding| diagnosis::elsewhere(finding, &place));
        }
        found
    }
}

/// Names from outside.
#[derive(Default)]
struct Hostile<'a> {
    name: String,
    place: Place,
    netns: Option<String>,
    setting: Option<(&'a str, &'a str)>,
}

impl Hostile<'_> {
    /// Each kind of name made of this one.
    fn of(name: &str) -> Vec<Hostile<'static>> {
        let unit = format!("{name}{MARK}.service");
        let places = [
            (format!("/system.slice/{unit}"), None),
            (format!("/user.slice/user-7.slice/user@7.service/app.slice/{unit}"), None),
            (format!("/system.slice/docker-{ID}.scope/system.slice/{unit}"), Some(("docker", ID.to_owned()))),
            (
                format!("/machine.slice/systemd-nspawn@x.service/payload/{unit}"),
                Some(("systemd-nspawn", format!("{name}{MARK}"))),
            ),
            (format!("/docker/{name}{MARK}"), Some(("docker", format!("{name}{MARK}--------")))),
        ];
        let paths = ["/run/netns/", "/proc/1;", "/var/tmp/x y/"].map(|before| format!("{before}{name}{MARK}"));
        let place = |(cgroup, container): (String, Option<(&'static str, String)>)| Place {
            cgroup: Some(cgroup.into()),
            unit: Some(unit.clone().into()),
            container: container.map(|(runtime, id)| Container { runtime, id: id.into(), pod: None }),
        };
        let mut all: Vec<Hostile<'static>> = places
            .into_iter()
            .map(|one| Hostile { name: format!("{name}{MARK}"), place: place(one), ..Hostile::default() })
            .collect();
        all.extend(paths.map(|path| Hostile {
            name: format!("{name}{MARK}"),
            netns: Some(path),
            ..Hostile::default()
        }));
        all
    }

    /// Whether a word of a command is a name as it is: the whole of it, or behind a sign of equality.
    fn has(&self, word: &str) -> bool {
        let cgroup = self.place.cgroup.as_deref().unwrap_or_default();
        let container = self.place.container.as_ref().map(|container| container.id.get(..12).unwrap_or(&container.id));
        let unit = cgroup.rsplit('/').next().filter(|_| !cgroup.is_empty());
        let netns = self.netns.as_deref();
        let names = [unit, container, netns, netns.and_then(|path| path.strip_prefix("/run/netns/"))];
        let value = self.setting.map(|(_, value)| value.split_whitespace().collect::<Vec<_>>().join(" "));
        let is_name = |word: &str| names.contains(&Some(word)) || value.as_deref() == Some(word);
        is_name(word) || word.split_once('=').is_some_and(|(_, value)| is_name(value))
    }
}

/// All that a finding gives to be copied.
fn commands(finding: &Finding) -> Vec<String> {
    let of_remedy = |remedy: &Remedy| {
        let commands =
            [&remedy.command, &remedy.undo, &remedy.verify].map(|command| command.as_ref().map(ToString::to_string));
        let docker = remedy.persist.clone().filter(|persist| persist.contains(" run --sysctl "));
        commands.into_iter().flatten().chain(docker).collect::<Vec<_>>()
    };
    finding.remedies.iter().flat_map(of_remedy).collect()
}

/// The findings as `check -v` prints them.
fn printed(diagnosis: &Diagnosis, unicode: bool) -> String {
    let mut out = Vec::new();
    let (words, screen) = (Catalogue::new(Lang::En), Screen::plain(unicode));
    render::findings::write(&mut out, diagnosis, &words, &screen, &render::findings::amount::Amount::ALL, true)
        .unwrap();
    String::from_utf8(out).unwrap()
}

/// A command with its numbers left out: commands that differ in those are run once.
fn shape(command: &str) -> String {
    command.split(|c: char| c.is_ascii_digit()).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("0")
}

/// Runs what findings give, once each, and the script.
fn try_out(
    sandbox: &Sandbox,
    hostile: &Hostile<'_>,
    found: Vec<Finding>,
    known: &mut BTreeSet<String>,
    host: &Snapshot,
) {
    if found.iter().flat_map(commands).all(|command| known.contains(&shape(&command))) {
        return;
    }
    let diagnosis = Diagnosis { findings: found, ..Diagnosis::default() };
    let (shown, shown_in_ascii) = (printed(&diagnosis, true), printed(&diagnosis, false));
    for command in diagnosis.findings.iter().flat_map(|one| &one.remedies).flat_map(|remedy| &remedy.command) {
        let is_line = |text: &str| text.lines().any(|line| line.trim_start() == &**command);
        assert!(is_line(&shown), "{command}\n{shown}");
        assert_eq!(is_line(&shown_in_ascii), command.is_ascii(), "{command}\n{shown_in_ascii}");
    }
    for command in diagnosis.findings.iter().flat_map(commands) {
        if known.insert(shape(&command)) {
            let words = sandbox.run(&command, "").concat();
            assert!(!words.is_empty(), "{command}");
            for word in words.iter().filter(|word| word.contains(MARK)) {
                assert!(hostile.has(word), "{command}: {word}");
            }
            assert_eq!(command.contains(MARK), words.iter().any(|word| word.contains(MARK)), "{command}");
        }
    }
    let script_of = |unicode| {
        let (mut out, words) = (Vec::new(), Catalogue::new(Lang::En));
        let screen = Screen::plain(unicode);
        render::check::write_script(&mut out, &host.host, &diagnosis, &words, &screen).unwrap();
        String::from_utf8(out).unwrap()
    };
    assert!(script_of(false).is_ascii());
    let script = script_of(true);
    assert!(!script.chars().any(|c| c.is_control() && c != '\n'), "{script}");
    let settings = diagnosis::settings(&diagnosis.findings);
    // Its first lines say when and where.
    let steps: String = script.lines().filter(|line| !line.starts_with('#')).map(|line| format!("{line}\n")).collect();
    if known.insert(shape(&steps)) && !settings.is_empty() {
        assert_eq!(sandbox.run(&script, "\u{1}").len(), settings.len(), "it reads, and sets nothing that has changed");
        for one in &settings {
            let current = one.remedy.current.as_deref().unwrap();
            let words = sandbox.run(&script, current).concat();
            let set = format!("{}={}", one.name, one.remedy.proposed.as_deref().unwrap());
            assert!(words.contains(&set), "{script}: {words:?}");
            for word in words.iter().filter(|word| word.contains(MARK)) {
                assert!(hostile.has(word), "{script}: {word}");
            }
        }
    }
}

#[test]
fn commands_of_every_rule_take_hostile_names_as_single_words() {
    let sandbox = Sandbox::new("names");
    let faults = Fault::all();
    let (mut known, mut fired) = (BTreeSet::new(), BTreeSet::new());
    let mut with_commands = BTreeMap::<&str, usize>::new();
    for fault in &faults {
        for hostile in HOSTILE.iter().flat_map(|name| Hostile::of(name)) {
            let found = fault.found(&hostile);
            fired.extend(found.iter().map(|finding| finding.rule));
            for finding in &found {
                *with_commands.entry(finding.rule).or_default() += commands(finding).len();
            }
            try_out(&sandbox, &hostile, found, &mut known, &fault.snapshot);
        }
    }
    let silent: Vec<&str> = RULES.iter().map(|rule| rule.name).filter(|name| !fired.contains(name)).collect();
    assert!(silent.is_empty(), "no recording makes them fire: {silent:?}");
    let marked = known.iter().filter(|command| command.contains(MARK)).count();
    assert!(with_commands.values().filter(|&&count| count > 0).count() > 30, "{with_commands:?}");
    assert!(marked > 100, "{marked} of {} have a name", known.len());
}

#[test]
fn recorded_values_of_settings_are_single_words() {
    let sandbox = Sandbox::new("values");
    let mut known = BTreeSet::new();
    for fault in Fault::all() {
        for name in fault.snapshot.sysctls.keys().cloned().collect::<Vec<_>>() {
            let real = fault.snapshot.sysctls[&name].clone();
            for value in [
                format!("$(touch${{IFS}}PWN){MARK}"),
                format!("{real} ';touch PWN;'{MARK}"),
                format!("1\u{1b}[31m{MARK}"),
            ] {
                let hostile = Hostile { setting: Some((&name, &value)), ..Hostile::default() };
                let found = fault.found(&hostile);
                try_out(&sandbox, &hostile, found, &mut known, &fault.snapshot);
            }
        }
    }
    assert!(known.iter().any(|command| command.contains(MARK)), "no command has a recorded value: {known:?}");
    assert!(!known.iter().any(|command| command.contains('\u{1b}')));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_name_is_one_word_or_none(name in "\\PC{1,24}") {
        let sandbox = Sandbox::new("any");
        if let Some(command) = ShellCommand::new("systemctl restart ").operand(&name) {
            let mut words = vec!["systemctl".to_owned(), "restart".to_owned()];
            words.extend(name.starts_with('-').then(|| "--".to_owned()));
            words.push(name);
            prop_assert_eq!(sandbox.run(&command, ""), vec![words]);
        }
    }
}
