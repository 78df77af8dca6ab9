//! The filter against itself: its two back ends agree, its text reads back, and nothing hostile harms it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "test code outside of test functions")]

use proptest::{
    prelude::{Strategy, any, prop_assert, prop_assert_eq, proptest},
    test_runner::Config,
};
use sockdoc::{
    collect::names::HostNames,
    filter::{
        Filter,
        error::Problem,
        facts::Facts,
        kernel::{Abilities, Bytecode, LONGEST},
        names::Names,
        tree::Expr,
    },
    model::{
        entry::Entry,
        owner::{Holder, Process},
        state::State,
    },
};

#[path = "filter/generate.rs"]
mod generate;
#[path = "filter/machine.rs"]
mod machine;
#[path = "replay/memory.rs"]
mod memory;

use generate::{EPHEMERAL, World, expression, kernel_expression, socket};
use machine::{Seen, audit, run};
use memory::MemorySource;

/// The names of the small world.
struct Few;

impl Names for Few {
    fn cgroup(&self, path: &str) -> Option<u64> {
        path.strip_prefix("/cgroup ")?.parse().ok()
    }
}

/// Three processes: each holds the sockets of one inode, the last two of them share one.
struct Processes([Holder; 3], [Process; 3]);

impl Processes {
    fn new() -> Processes {
        let holder = |inode, pid| Holder { inode, pid, tid: pid, fd: 1 };
        let process = |pid: u32, program: &[u8]| Process { pid, program: program.into(), ..Process::default() };
        Processes([holder(1, 1), holder(2, 2), holder(2, 3)], [process(1, b"a"), process(2, b"b"), process(3, b"*")])
    }
}

impl Facts for Processes {
    fn holders(&self, entry: &Entry) -> &[Holder] {
        match entry.inode {
            1 => &self.0[..1],
            2 => &self.0[1..],
            _ => &[],
        }
    }
    fn process(&self, pid: u32) -> Option<&Process> {
        self.1.iter().find(|process| process.pid == pid)
    }
    fn ephemeral_ports(&self, _entry: &Entry) -> Option<(u16, u16)> {
        Some(EPHEMERAL)
    }
}

/// Whether the socket comes through a request with the filter's state mask and program.
fn comes_through(filter: &Filter, bytecode: &Bytecode, entry: &Entry) -> bool {
    let state = match entry.state {
        State::BOUND_INACTIVE => filter.bound_inactive,
        state => filter.states.contains(state),
    };
    state && run(&bytecode.bytes, &Seen::new(entry, EPHEMERAL))
}

/// The operations that every kernel supports for every user.
const LEAST: Abilities = Abilities { marks: false, cgroups: false, equal_ports: false };

fn check(expr: Expr, entries: &[Entry], abilities: Abilities) -> Bytecode {
    let filter = Filter::of(expr);
    let bytecode = filter.bytecode_for(abilities);
    if !bytecode.bytes.is_empty() {
        assert_eq!(audit(&bytecode.bytes), Ok(()), "{filter:?}");
    }
    let facts = Processes::new();
    for entry in entries {
        let here = filter.matches(entry, &facts);
        let there = comes_through(&filter, &bytecode, entry);
        let expr = filter.expr.as_ref().map(ToString::to_string);
        assert!(there || !here, "the kernel loses a socket: {expr:?} {entry:?}");
        assert_eq!(there && bytecode.rest.matches(entry, &facts), here, "{expr:?} {entry:?}");
        if bytecode.exact {
            assert_eq!(there, here, "said to be exact: {expr:?} {entry:?}");
        }
    }
    bytecode
}

fn entries() -> impl Strategy<Value = Vec<Entry>> {
    proptest::collection::vec(socket(&World::small()), 1..12)
}

/// At least 500 cases; PROPTEST_CASES asks for more.
fn config() -> Config {
    let usual = Config::default();
    Config { cases: usual.cases.max(500), failure_persistence: None, ..usual }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn kernel_and_user_space_agree(expr in kernel_expression(&World::small()), entries in entries()) {
        check(expr, &entries, Abilities::ALL);
    }

    #[test]
    fn they_agree_on_what_only_one_of_them_can_test(expr in expression(&World::small()), entries in entries()) {
        check(expr.clone(), &entries, Abilities::ALL);
        check(expr, &entries, LEAST);
    }

    #[test]
    fn what_the_kernel_can_test_alone_is_left_to_it(
        conditions in proptest::collection::vec(generate::kernel_condition(&World::small()), 1..6),
        entries in entries(),
    ) {
        prop_assert!(check(Expr::all(conditions.clone()), &entries, Abilities::ALL).exact);
        prop_assert!(check(Expr::any(conditions).negated(), &entries, Abilities::ALL).exact);
    }

    #[test]
    fn a_printed_tree_reads_back_as_itself(expr in expression(&World::small())) {
        let text = expr.to_string();
        let read = Filter::parse(&text, &Few).map_err(|error| format!("{text}: {error:?}"));
        prop_assert_eq!(read.map(|filter| filter.expr), Ok(Some(expr)), "{}", text);
    }

    #[test]
    fn no_text_breaks_the_parser(text in any::<String>()) {
        survives(&text);
    }

    #[test]
    fn no_mixture_of_its_own_words_breaks_the_parser(
        words in proptest::collection::vec(proptest::sample::select(WORDS.to_vec()), 0..30),
        glue in proptest::sample::select(vec!["", " ", "  ", "\n"]),
    ) {
        survives(&words.join(glue));
    }
}

const WORDS: [&str; 65] = [
    "state",
    "exclude",
    "excl",
    "time-wait",
    "TW",
    "listen",
    "all",
    "src",
    "dst",
    "sport",
    "dport",
    "dev",
    "fwmark",
    "cgroup",
    "autobound",
    "family",
    "local",
    "peer",
    "lport",
    "inet:80",
    "pid",
    "proc",
    "user",
    "unit",
    "container",
    "netns",
    "recvq",
    "age",
    "rtt",
    "keepalive",
    "timer",
    "not",
    "and",
    "or",
    "eq",
    "gt",
    "(",
    ")",
    "!",
    "|",
    "||",
    "&",
    ",",
    "=",
    "!=",
    "<",
    ">=",
    "\\",
    "80",
    ":443",
    "::1",
    "[::1]:22",
    "10.0.0.0/8",
    "inet6:",
    "unix:*",
    "link:ip:1",
    "netlink:0:kernel",
    "vsock:1",
    "*",
    "on",
    "10m",
    "4k",
    "0x1/0xff",
    "é",
    "nginx",
];

/// An error has its place in the text, at the borders of letters; a tree has a text that reads back.
fn survives(text: &str) {
    match Filter::parse(text, &Few) {
        Ok(filter) => {
            if let Some(expr) = filter.expr {
                let again = Filter::parse(&expr.to_string(), &Few);
                assert_eq!(again.map(|filter| filter.expr), Ok(Some(expr)), "{text}");
            }
        }
        Err(error) => assert!(text.get(error.span.clone()).is_some(), "{text}: {error:?}"),
    }
}

fn parsed(text: &str) -> Filter {
    Filter::parse(text, &Few).unwrap_or_else(|error| panic!("{error:?}"))
}

#[test]
fn long_chains_of_alternatives_go_to_the_kernel() {
    let entry = |port: u16| {
        let ports: Vec<u16> = vec![port];
        let world = World { ports, ..World::small() };
        let mut runner = proptest::test_runner::TestRunner::deterministic();
        proptest::strategy::ValueTree::current(&socket(&world).new_tree(&mut runner).unwrap())
    };
    let sockets: Vec<Entry> = [1, 2, 1000, 1001, 65535].map(entry).to_vec();
    let any_of = |count: u32| (1..=count).map(|port| format!("dport = :{port}")).collect::<Vec<_>>().join(" or ");
    let bytecode = check(parsed(&any_of(1000)).expr.unwrap(), &sockets, Abilities::ALL);
    assert!(bytecode.exact && bytecode.bytes.len() > 10_000);
    // Too long a one is left to user space, beside what fits.
    let text = format!("src 10.0.0.0/8 and ({})", any_of(20_000));
    let bytecode = check(parsed(&text).expr.unwrap(), &sockets, Abilities::ALL);
    assert!(!bytecode.exact && !bytecode.bytes.is_empty() && bytecode.bytes.len() <= LONGEST);
}

#[test]
fn deep_and_long_texts_are_refused_or_read_but_do_no_harm() {
    for text in ["(", ")", "!", "not ", "(!", "pid 1 or (", "a,", "state ", "\\(", "= ", "unix:*", "[", "é"] {
        survives(&text.repeat(20_000));
    }
    let nested = format!("{}pid 1{}", "not (pid 2 and (pid 3 or ".repeat(100), "))".repeat(100));
    let filter = parsed(&nested);
    assert!(!filter.matches(&sample(), &Processes::new()) || !filter.bytecode().exact);
    let error = Filter::parse(&format!("({nested})"), &Few).unwrap_err();
    assert_eq!(error.kind, Problem::TooDeep { limit: 200 });
}

#[test]
fn units_and_containers_that_nothing_is_in_are_unknown() {
    let id = "3f2a".repeat(16);
    let names = |pids: &[u32]| {
        let mut held = MemorySource::default();
        for pid in pids {
            held.file(&format!("/proc/{pid}/cgroup"), format!("0::/system.slice/docker-{id}.scope\n"));
        }
        held
    };
    let seen = names(&[1, 4321]);
    let read = |held: &MemorySource, text: &str| Filter::parse(text, &HostNames::new(held, None, false));
    for known in ["container = 3f2a3", "container = 3F2A", "container != 3f"] {
        assert!(read(&seen, known).is_ok(), "{known}");
    }
    let error = read(&seen, "container = zzz").unwrap_err();
    assert_eq!((error.kind, error.span), (Problem::UnknownContainer, 12..15));
    assert_eq!(read(&seen, "unit = zzz").unwrap_err().kind, Problem::UnknownUnit);
    // If not even process 1 is visible, the names are unknown.
    assert!(read(&names(&[4321]), "container = zzz").is_ok());
}

fn sample() -> Entry {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    proptest::strategy::ValueTree::current(&socket(&World::small()).new_tree(&mut runner).unwrap())
}

#[test]
fn a_filter_that_nothing_can_pass_asks_the_kernel_for_nothing() {
    let bytecode = parsed("sport > :65535").bytecode();
    assert_eq!(audit(&bytecode.bytes), Ok(()));
    assert!(bytecode.exact && !run(&bytecode.bytes, &Seen::new(&sample(), EPHEMERAL)));
    let everything = Filter::everything().bytecode();
    assert!(everything.exact && everything.bytes.is_empty());
}

#[test]
fn states_go_into_the_mask_and_the_rest_stays_here() {
    let bytecode = parsed("close-wait and dport = :5432").bytecode();
    assert!(bytecode.exact && bytecode.bytes.len() == 8);
    let bytecode = parsed("close-wait and dport = :5432 and recvq > 0").bytecode();
    assert_eq!(bytecode.rest.expr.map(|expr| expr.to_string()).as_deref(), Some("recvq > 0"));
    // Half of an alternative is tested there as far as it goes: any port but 1 and 2 is out.
    let bytecode = parsed("dport = 1 and recvq > 0 or dport = 2").bytecode();
    assert!(!bytecode.exact && bytecode.bytes.len() == 20, "{:?}", bytecode.bytes);
    assert!(parsed("listen or dport = 1").bytecode().bytes.is_empty());
}
