//! The comparisons, and the budgets of the design (section 8) and of issue 2.

use std::io;
use std::path::Path;

use crate::floor;
use crate::measure::Subject;

/// The pipeline that counts by state.
pub(crate) const SS_BY_STATE: &str = "ss -Htan | awk '{print $1}' | sort | uniq -c";
/// The pipeline everybody types.
pub(crate) const NETSTAT: &str = "netstat -an | grep TIME_WAIT | wc -l";
/// Its modern form.
pub(crate) const SS_TIME_WAIT_LINES: &str = "ss -Htan state time-wait | wc -l";
/// The same without the pipe: the command in the budget.
pub(crate) const SS_TIME_WAIT: &str = "ss -tan state time-wait";
/// The listing that starting and stopping is compared with.
pub(crate) const SS_LIST: &str = "ss -tan";
/// The name of the floor in the tables.
pub(crate) const FLOOR: &str = "floor";
/// The name of the floor that asks for TIME_WAIT alone.
pub(crate) const FLOOR_TIME_WAIT: &str = "floor, TIME_WAIT only";
/// The product's narrow question.
pub(crate) const COUNT_TIME_WAIT: &str = "sockdoc count time-wait";

/// The overview, which has findings.
const OVERVIEW: [&str; 2] = ["sockdoc", OVERVIEW_JSON];
pub(crate) const OVERVIEW_JSON: &str = "sockdoc --json";
/// Figures for a monitoring system, which cost little more than the count that is in them.
const METRICS: &str = "sockdoc metrics";
const COUNT: &str = "sockdoc count";
/// The findings alone; succeeds where there is none.
pub(crate) const CHECK: &str = "sockdoc check --fail-on notice";

/// Listings, and what they are compared with.
const LIST: &str = "sockdoc list -tan";
const LIST_JSONL: &str = "sockdoc list -tan --format jsonl";
const LIST_INFO: &str = "sockdoc list -tani";
const SS_INFO: &str = "ss -tani";
const LIST_OWNERS: &str = "sockdoc list -tanp";
const SS_OWNERS: &str = "ss -tanp";

/// The program under the name of `ss`, whose output is the same byte for byte.
const AS_SS: &str = "sockdoc ss -tan";
const AS_SS_OWNERS: &str = "sockdoc ss -tanp";

/// The program under the name of `netstat`, and that.
const AS_NETSTAT: &str = "sockdoc netstat -an";
const NETSTAT_LIST: &str = "netstat -an";

/// Counting and owners by each engine, and the tools that have one.
const COUNT_BPF: &str = "sockdoc count --engine bpf";
const LIST_BPF: &str = "sockdoc list -tap --engine bpf";
const LIST_NETLINK: &str = "sockdoc list -tap --engine netlink";
const GROUP_BPF: &str = "sockdoc group --by proc --engine bpf";
const GROUP_NETLINK: &str = "sockdoc group --by proc --engine netlink";
/// Where nothing may be seen, it ends with a failure.
const LSOF: &str = "lsof -nP -iTCP || true";
/// Before a command that runs without rights.
pub(crate) const AS_NOBODY: &str = "as nobody: ";
const COUNT_NOBODY: &str = "as nobody: sockdoc count";

/// Recordings, and the bare loop over the requests that they hold. Of `record`, which looks for all owners, the bare loop
/// scans for them, too.
const SAVE: &str = "sockdoc --save FILE --force";
const REPLAY: &str = "sockdoc --from FILE";
const RECORD: &str = "sockdoc record -o FILE --force";
const REPLAY_RECORD: &str = "sockdoc --from FILE of record";
/// The requests of `--save`.
pub(crate) const REQUESTS: &str = "its requests, bare";
/// The requests of `record`, and a scan for owners.
pub(crate) const REQUESTS_AND_SCAN: &str = "its requests and a scan of /proc, bare";

/// Beyond this many sockets `ss -tanp` takes minutes for each run.
const OWNERS_AT_MOST: usize = 100_000;

/// From this many sockets on the budgets hold, and the mix is left alone until it is old enough for a finding.
const AGED_FROM: usize = 100_000;

/// Which sockets the namespace holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// None: only starting and stopping remain.
    Idle,
    /// None either, among 5,000 sleeping processes.
    Processes,
    /// ESTABLISHED, CLOSE_WAIT and LISTEN; from [`AGED_FROM`] sockets on, those in CLOSE_WAIT are a leak.
    Mix,
    /// Nothing but open connections and their listeners: a table without a finding.
    Healthy,
    /// TIME_WAIT alone.
    TimeWait,
    /// The mix again, listed.
    List,
    /// Open connections and their listeners again, recorded and read back.
    Record,
    /// The mix again, as old, by each engine, as root and not; only root can make it.
    Engines,
}

impl Kind {
    /// All kinds, in the order in which they run: the table is shared by all namespaces, so idle comes first.
    pub(crate) const ALL: [Self; 8] = [
        Self::Idle,
        Self::Processes,
        Self::Mix,
        Self::Healthy,
        Self::TimeWait,
        Self::List,
        Self::Record,
        Self::Engines,
    ];
    /// Those that run when none is named.
    pub(crate) const USUAL: [Self; 5] = [Self::Idle, Self::Processes, Self::Mix, Self::Healthy, Self::TimeWait];

    /// Whether it holds no socket, so that one run takes milliseconds and there is one size.
    pub(crate) fn is_empty(self) -> bool {
        matches!(self, Self::Idle | Self::Processes)
    }

    /// Whether the world waits until its CLOSE_WAIT are a finding, whose owners the overview and `metrics` look up.
    pub(crate) fn has_a_leak(self, sockets: usize) -> bool {
        matches!(self, Self::Mix | Self::Engines) && sockets >= AGED_FROM
    }

    /// The word on the command line and in the tables.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Processes => "processes",
            Self::Mix => "mix",
            Self::Healthy => "healthy",
            Self::TimeWait => "time-wait",
            Self::List => "list",
            Self::Record => "record",
            Self::Engines => "engines",
        }
    }

    /// The kind of this word.
    pub(crate) fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// The options.
#[derive(Clone, Default)]
pub(crate) struct Settings {
    /// The worlds to build.
    pub(crate) kinds: Vec<Kind>,
    /// Sockets in those that have any.
    pub(crate) sizes: Vec<usize>,
    /// Pairs of runs of each comparison.
    pub(crate) pairs: usize,
    /// The same in the worlds without a socket, where one run takes milliseconds.
    pub(crate) idle_pairs: usize,
    /// Count instructions as well.
    pub(crate) callgrind: bool,
    /// Leave the product out.
    pub(crate) floor_only: bool,
    /// Write the results file, which holds all worlds.
    pub(crate) write: bool,
    /// A budget exceeded is a failure.
    pub(crate) enforce: bool,
    /// The binary under test.
    pub(crate) sockdoc: String,
    /// This very binary.
    pub(crate) own: String,
}

/// A command and everything it is run in turn with.
pub(crate) struct Comparison {
    /// The command under test.
    pub(crate) subject: Subject,
    /// Its references.
    pub(crate) references: Vec<Subject>,
}

/// The comparisons for one kind of namespace, without the peers that are not installed.
pub(crate) fn comparisons(kind: Kind, sockets: usize, settings: &Settings) -> Vec<Comparison> {
    let by_state: &[&str] = &[FLOOR, SS_BY_STATE, NETSTAT];
    let narrow: &[&str] = &[FLOOR_TIME_WAIT, SS_TIME_WAIT, SS_TIME_WAIT_LINES, NETSTAT];
    let start: &[&str] = &[FLOOR, SS_LIST];
    let rows: &[(&str, &[&str])] = match (kind, settings.floor_only) {
        (Kind::Idle, false) => &[(COUNT, start), ("sockdoc", start)],
        (Kind::Processes, false) => &[("sockdoc", start)],
        (Kind::Mix, false) => &[
            (OVERVIEW_JSON, by_state),
            ("sockdoc", by_state),
            (COUNT, by_state),
            (METRICS, &[COUNT]),
            ("sockdoc group --by state", by_state),
            (COUNT_TIME_WAIT, narrow),
        ],
        (Kind::Healthy, false) => &[
            (OVERVIEW_JSON, by_state),
            ("sockdoc", &[FLOOR, COUNT, SS_BY_STATE, NETSTAT]),
            (CHECK, &[COUNT]),
            (METRICS, &[COUNT]),
        ],
        (Kind::TimeWait, false) => &[(COUNT_TIME_WAIT, narrow)],
        (Kind::List, _) => &[
            (LIST, &[SS_LIST]),
            (LIST_JSONL, &[SS_LIST]),
            (LIST_INFO, &[SS_INFO]),
            (LIST_OWNERS, &[SS_OWNERS]),
            (AS_SS, &[SS_LIST]),
            (AS_SS_OWNERS, &[SS_OWNERS]),
            (AS_NETSTAT, &[NETSTAT_LIST]),
        ],
        (Kind::Record, _) => &[
            (SAVE, &[REQUESTS]),
            (REPLAY, &[REQUESTS]),
            (RECORD, &[REQUESTS_AND_SCAN]),
            (REPLAY_RECORD, &[REQUESTS_AND_SCAN]),
        ],
        (Kind::Engines, _) => &[
            (COUNT, &[FLOOR]),
            (COUNT_BPF, &[COUNT, FLOOR]),
            (LIST_BPF, &[COUNT]),
            (LIST_NETLINK, &[COUNT]),
            (GROUP_BPF, &[COUNT]),
            (GROUP_NETLINK, &[COUNT]),
            ("sockdoc", &[COUNT]),
            (METRICS, &[COUNT]),
            (SS_LIST, &[COUNT]),
            (SS_OWNERS, &[COUNT]),
            (LSOF, &[COUNT]),
            (COUNT_NOBODY, &[COUNT]),
            ("as nobody: sockdoc count --engine bpf", &[COUNT_NOBODY]),
            ("as nobody: sockdoc list -tap", &[COUNT_NOBODY]),
            ("as nobody: ss -tanp", &[COUNT_NOBODY]),
            ("as nobody: lsof -nP -iTCP || true", &[COUNT_NOBODY]),
        ],
        (Kind::Idle | Kind::Processes, true) => &[(FLOOR, &[SS_LIST])],
        (Kind::Mix | Kind::Healthy, true) => &[(FLOOR, &[SS_BY_STATE, NETSTAT])],
        (Kind::TimeWait, true) => &[(FLOOR_TIME_WAIT, &[SS_TIME_WAIT, SS_TIME_WAIT_LINES, NETSTAT])],
    };
    let takes_minutes = |name: &str| name == SS_OWNERS && sockets > OWNERS_AT_MOST;
    rows.iter()
        .filter(|(name, _)| !takes_minutes(name))
        .map(|(name, references)| Comparison {
            subject: subject(name, settings),
            references: references
                .iter()
                .filter(|name| missing_for(name).is_none())
                .filter(|name| !takes_minutes(name))
                .map(|name| subject(name, settings))
                .collect(),
        })
        // Without a reference there is no ratio.
        .filter(|comparison| !comparison.references.is_empty() && missing_for(&comparison.subject.name).is_none())
        .collect()
}

/// The command behind a name of the tables.
pub(crate) fn subject(name: &str, settings: &Settings) -> Subject {
    let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
    let argv = match name {
        FLOOR | FLOOR_TIME_WAIT => {
            let mask = if name == FLOOR { floor::ALL_STATES } else { floor::TIME_WAIT_ONLY };
            vec![settings.own.clone(), "--floor".to_owned(), mask.to_string()]
        }
        REQUESTS => vec![settings.own.clone(), "--requests".to_owned(), Files::requests(SAVE)],
        REQUESTS_AND_SCAN => vec![settings.own.clone(), "--requests-and-scan".to_owned(), Files::requests(RECORD)],
        SAVE => vec![settings.sockdoc.clone(), "--save".to_owned(), Files::recording(SAVE), "--force".to_owned()],
        REPLAY => vec![settings.sockdoc.clone(), "--from".to_owned(), Files::recording(SAVE)],
        RECORD => {
            let words = [&settings.sockdoc, "record", "-o", &Files::recording(RECORD), "--force"];
            words.map(str::to_owned).to_vec()
        }
        REPLAY_RECORD => vec![settings.sockdoc.clone(), "--from".to_owned(), Files::recording(RECORD)],
        _ if name.starts_with(AS_NOBODY) => {
            let without = "setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all --bounding-set=-all";
            [words(without), subject(&name[AS_NOBODY.len()..], settings).argv].concat()
        }
        _ if name.contains('|') => vec!["sh".to_owned(), "-c".to_owned(), name.to_owned()],
        _ => {
            let mut argv = words(name);
            if argv[0] == "sockdoc" {
                argv[0].clone_from(&settings.sockdoc);
            }
            argv
        }
    };
    Subject { name: name.to_owned(), argv }
}

/// Where the recordings of a world are kept while it is measured, and what they asked.
struct Files;

impl Files {
    fn recording(command: &str) -> String {
        let name = if command == SAVE { "save" } else { "record" };
        std::env::temp_dir().join(format!("sockdoc-bench-{name}.sockdoc")).to_string_lossy().into_owned()
    }

    fn requests(command: &str) -> String {
        Self::recording(command).replace(".sockdoc", ".requests")
    }
}

/// Makes both recordings once, for the lists of what they asked; gives their sizes.
pub(crate) fn prepare(settings: &Settings) -> io::Result<Vec<(&'static str, u64)>> {
    let mut sizes = Vec::new();
    for name in [SAVE, RECORD] {
        crate::measure::capture(&subject(name, settings))?;
        let recording = Files::recording(name);
        std::fs::write(Files::requests(name), crate::requests::list(&recording)?)?;
        sizes.push((name, std::fs::metadata(recording)?.len()));
    }
    Ok(sizes)
}

/// Removes temporary files.
pub(crate) fn tidy() {
    for name in [SAVE, RECORD] {
        let _ = std::fs::remove_file(Files::recording(name));
        let _ = std::fs::remove_file(Files::requests(name));
    }
}

/// The program that this command needs and the machine lacks.
pub(crate) fn missing_for(name: &str) -> Option<&'static str> {
    ["ss", "netstat", "awk", "lsof"]
        .into_iter()
        .find(|program| name.split([' ', '|']).any(|word| word == *program) && !installed(program))
}

/// Whether a program of this name is on the path.
pub(crate) fn installed(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| Path::new(&folder).join(program).is_file())
}

/// The most that the ratio of a command to its reference may be, where a budget speaks of it.
pub(crate) fn budget(kind: Kind, sockets: usize, command: &str, reference: &str) -> Option<f64> {
    if !command.starts_with("sockdoc") {
        return None;
    }
    match (kind, reference) {
        (Kind::Idle, SS_LIST) => Some(if command == "sockdoc" { 0.80 } else { 0.45 }),
        (Kind::Processes, SS_LIST) => Some(8.0),
        (Kind::Idle | Kind::Processes, _) => None,
        // Goals of the engine itself, which the design names for as many sockets.
        (Kind::Engines, FLOOR) if command == COUNT_BPF => (sockets >= 1_000_000).then_some(0.60),
        (Kind::Engines, COUNT) if [LIST_BPF, GROUP_BPF].contains(&command) => (sockets >= 100_000).then_some(3.0),
        // It looks up the owners, as `list -p` does; the pipelines do not.
        (_, FLOOR | COUNT) if finds_a_leak(kind, sockets, command) => Some(3.0),
        _ if finds_a_leak(kind, sockets, command) => None,
        (Kind::Healthy, FLOOR | COUNT) => (sockets >= 100_000).then_some(1.25),
        (Kind::Engines, _) if ![COUNT, METRICS].contains(&command) => None,
        (Kind::List | Kind::Record, _) if sockets < 100_000 => None,
        (Kind::Record, _) => Some(1.5),
        (Kind::List, SS_OWNERS) => Some(0.10),
        (Kind::List, NETSTAT_LIST) => Some(0.30),
        (Kind::List, SS_INFO) => Some(0.40),
        (Kind::List, SS_LIST) if command == LIST_JSONL => Some(0.90),
        (Kind::List, SS_LIST) if command == AS_SS => Some(0.50),
        (Kind::List, SS_LIST) => Some(0.55),
        _ if sockets < 100_000 => None,
        (_, COUNT) => Some(1.25),
        (_, FLOOR | FLOOR_TIME_WAIT) => Some(1.10),
        (Kind::TimeWait, SS_TIME_WAIT | SS_TIME_WAIT_LINES) if sockets >= 1_000_000 => Some(0.30),
        (Kind::TimeWait, NETSTAT) if sockets >= 1_000_000 => Some(0.16),
        (Kind::TimeWait, SS_TIME_WAIT | SS_TIME_WAIT_LINES) => Some(1.0 / 2.0),
        (_, SS_BY_STATE) => Some(1.0 / 2.0),
        (_, NETSTAT) => Some(1.0 / 3.3),
        _ => None,
    }
}

/// Whether the command finds the connections in CLOSE_WAIT and looks up their owners.
fn finds_a_leak(kind: Kind, sockets: usize, command: &str) -> bool {
    (OVERVIEW.contains(&command) || command == METRICS) && kind.has_a_leak(sockets)
}

/// The most memory that a command may use, where a budget speaks of it.
pub(crate) fn memory_budget_kib(kind: Kind, sockets: usize, command: &str) -> Option<u64> {
    // A program that reads or writes a recording keeps what is in it, and one that names owners keeps those.
    let keeps = ["--from", "--save", "record", "-tap", "-tanp", "--by proc"].iter().any(|word| command.contains(word));
    let is_bounded = command.starts_with("sockdoc") && !keeps && !finds_a_leak(kind, sockets, command);
    (sockets >= 100_000 && is_bounded).then_some(12 * 1024)
}
