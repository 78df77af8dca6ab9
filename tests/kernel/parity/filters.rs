//! Filters: `ss`, the kernel's bytecode and user space on the same live sockets.

use std::collections::BTreeSet;
use std::fs;
use std::net::IpAddr;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::Value;
use sockdoc::{
    collect::{entries::entries, query::DumpQuery},
    filter::{Filter, facts::Facts},
    model::{
        entry::{End, Entry},
        family::Protocol,
        needs::Needs,
        state::StateSet,
    },
    source::kernel::KernelSource,
};

use super::rows::{cookies, documents, every_state, still, while_still};
use crate::generate::{World, kernel_expression};
use crate::lab::program::run;
use crate::lab::{makers, sockets::Family, ss};

/// The cookies that lines of `ss -e` name.
pub(super) fn cookies_of(lines: &[String]) -> BTreeSet<String> {
    let words = lines.iter().flat_map(|line| line.split_whitespace());
    words.filter_map(|word| word.strip_prefix("sk:").map(str::to_owned)).collect()
}

/// `ss` and sockdoc choose the same sockets; says how many.
#[track_caller]
fn agree(options: &[&str], filter: &str) -> usize {
    agree_but(options, filter, |_| false)
}

/// They choose the same but for these, all of which `ss` loses.
#[track_caller]
fn agree_but(options: &[&str], filter: &str, is_lost: impl Fn(&Value) -> bool) -> usize {
    let words: Vec<&str> = filter.split_whitespace().collect();
    let by_ss = || cookies_of(&ss::lines(&[&["-HenO"], options, &words].concat()));
    let (of_ss, mut ours) = while_still(by_ss, || documents(&[&["-e"], options, &words].concat()));
    ours.retain(|one| !is_lost(one));
    assert_eq!(cookies(&ours), of_ss, "{options:?} {filter}");
    of_ss.len()
}

/// Each filter, and that both kinds of answer occur.
#[track_caller]
fn all_agree<T: AsRef<str>>(options: &[&str], filters: &[T]) {
    let found: Vec<usize> = filters.iter().map(|filter| agree(options, filter.as_ref())).collect();
    assert!(found.iter().any(|n| *n > 0), "{found:?}");
}

pub(crate) fn state_words_choose_as_with_ss() {
    let _held = every_state();
    let names = [
        "established",
        "syn-sent",
        "syn-recv",
        "fin-wait-1",
        "fin-wait-2",
        "time-wait",
        "closed",
        "close-wait",
        "last-ack",
        "listening",
        "closing",
        "all",
        "connected",
        "synchronized",
        "bucket",
        "big",
        "close",
        "unconnected",
        "syn-rcv",
        "TIME-WAIT",
    ];
    // Some of these spellings are newer than some of ss.
    let known = |name: &&str| !["close", "unconnected", "syn-rcv", "TIME-WAIT"].contains(name);
    for name in names {
        for word in ["state", "exclude", "excl"] {
            let filter = format!("{word} {name}");
            if filter == "exclude all" || filter == "excl all" {
                // ss takes a choice of nothing for no choice at all (`filter_states_set`).
                assert_eq!(documents(&["-t", word, "all"]), [] as [Value; 0]);
                let by_ss = |words: &[&str]| cookies_of(&ss::lines(&[&["-HenOt"], words].concat()));
                assert_eq!(by_ss(&[word, "all"]), by_ss(&[]));
            } else if known(&name) {
                agree(&["-t"], &filter);
            } else {
                documents(&[&["-t"], filter.split(' ').collect::<Vec<_>>().as_slice()].concat());
            }
        }
    }
    all_agree(
        &["-t"],
        &[
            "state established state time-wait",
            "state all exclude listening",
            "state connected exclude time-wait exclude syn-recv",
            "exclude time-wait sport > :1",
            "state fin-wait-2 src 127.0.0.0/8",
        ],
    );
}

pub(crate) fn ports_choose_as_with_ss() {
    let held = every_state();
    let [a, b] = [held[1].port, held[4].port];
    let mut filters = vec![];
    for side in ["sport", "dport"] {
        for operator in ["=", "==", "eq", "!=", "ne", "neq", "<", "lt", ">", "gt", "<=", "le", "leq", ">=", "ge", "geq"]
        {
            filters.extend([a, b].map(|port| format!("{side} {operator} :{port}")));
        }
        filters.push(format!("{side} :{a}"));
        filters.push(format!("{side} {a}"));
        filters.push(format!("not {side} = :{a}"));
        filters.push(format!("! {side} = :{b}"));
    }
    all_agree(&["-ta"], &filters);
    for (word, of_ss) in [("lport", "sport"), ("pport", "dport"), ("local", "src"), ("peer", "dst")] {
        let found = |word: &str| cookies(&documents(&["-tae", word, &format!(":{a}")]));
        assert_eq!(found(word), found(of_ss));
        assert!(!found(word).is_empty());
    }
}

pub(crate) fn addresses_choose_as_with_ss() {
    let held = every_state();
    let port = held[1].port;
    let mut filters = vec![];
    for side in ["src", "dst"] {
        for host in [
            "127.0.0.1",
            "127.0.0.0/8",
            "0.0.0.0/0",
            "127.0.0.2",
            "127.0.0.0/31",
            "[::1]",
            "[::/0]",
            "[::1/127]",
            "[::2]",
            "[::ffff:127.0.0.1]",
            "[::ffff:127.0.0.0/104]",
            "*",
            "0.0.0.0",
        ] {
            filters.push(format!("{side} {host}"));
            filters.push(format!("{side} = {host}"));
            let end = if side == "src" { "local" } else { "peer" };
            agree_but(&["-ta"], &format!("not {side} {host}"), |one| is_lost_by_ss(host, one, end));
        }
        filters.push(format!("{side} 127.0.0.1:{port}"));
        filters.push(format!("{side} [::1]:{port}"));
        filters.push(format!("{side} *:{port}"));
        filters.push(format!("{side} :{port}"));
    }
    all_agree(&["-ta"], &filters);
    let _others = super::rows::other_families();
    a_family_before_an_end_holds_for_the_whole_filter(port, held[4].port);
}

/// Whether `ss` leaves the socket out of those that are *not* at this address, and why.
///
/// `ss` has the kernel test the filter and then tests it again itself, by `inet2_addr_match` (misc/ss.c), which compares
/// the first bytes and not the family. A `not` in front has to be true both times.
fn is_lost_by_ss(host: &str, one: &Value, end: &str) -> bool {
    let own: Option<IpAddr> = one[end]["address"].as_str().map(|address| address.parse().expect("an address"));
    let is_inet6 = one["family"] == "inet6";
    match host {
        // No bits are compared: to itself it is anywhere.
        "0.0.0.0/0" | "[::/0]" => true,
        // Any IPv6 address that begins with 32 zero bits: ::, ::1, and all that are mapped.
        "0.0.0.0" if is_inet6 => match own {
            Some(IpAddr::V6(v6)) => v6.octets().starts_with(&[0; 4]),
            _ => true,
        },
        // 0.0.0.0, which is zeros as far as this goes; no peer is 0.0.0.0 as well.
        "[::1/127]" if !is_inet6 => own.is_none_or(|own| own.is_unspecified()),
        _ => false,
    }
}

/// `inet:` and `inet6:`, on the same sockets and some of other tables.
fn a_family_before_an_end_holds_for_the_whole_filter(a: u16, b: u16) {
    let mut filters = vec![];
    for not in ["", "not "] {
        for side in ["src", "dst"] {
            for host in ["inet:127.0.0.1", "inet6:[::1]", "inet:0.0.0.0", "inet6:[::]", "inet:*", "inet6:*"] {
                filters.push(format!("{not}{side} {host}"));
                filters.push(format!("{not}{side} {host}:{a}"));
            }
            filters.push(format!("{not}{side} inet6:[::1/127]"));
            filters.push(format!("{not}{side} inet:127.0.0.0/8"));
        }
        for port in ["sport", "dport"] {
            for family in ["inet", "inet6"] {
                filters.push(format!("{not}{port} = {family}::{a}"));
                filters.push(format!("{not}{port} != {family}::{b}"));
                filters.push(format!("{not}{port} ge {family}::{b}"));
            }
        }
    }
    filters.extend([
        format!("src inet:127.0.0.1 or sport = :{b}"),
        format!("sport = :{b} or not src inet6:[::1]"),
        format!("( dport = inet6::{a} or dst [::1] ) and not sport = :{b}"),
    ]);
    all_agree(&["-ta"], &filters);
    all_agree(&["-t"], &filters);
    all_agree(&["-tua"], &filters);
    // Alone it chooses the tables, too.
    all_agree(&["-a"], &["src inet:127.0.0.1", "not dst inet6:[::1]", "sport gt inet::1"]);
    // After one of them ss no longer reads the other, or takes the last for all; here each counts.
    let both = cookies(&documents(&["-tae", "src inet:127.0.0.1 or src inet6:[::1]"]));
    assert_eq!(both, cookies(&documents(&["-tae", "src 127.0.0.1 or src [::1]"])));
    // The other families choose tables; ss has no cookie to show of theirs.
    for filter in ["not src unix:zz", "not src netlink:audit:77"] {
        let words: Vec<&str> = filter.split(' ').collect();
        let ours: BTreeSet<String> =
            documents(&[&["-a"], &words[..]].concat()).iter().map(|one| one["netid"].to_string()).collect();
        assert!(!ours.is_empty(), "{filter}");
        let lines = ss::lines(&[&["-Hna"], &words[..]].concat());
        let netids = lines.iter().filter_map(|line| line.split_whitespace().next());
        assert_eq!(ours, netids.map(|netid| format!("{netid:?}")).collect(), "{filter}");
    }
    // The same by a separate word.
    for family in ["inet", "inet6"] {
        let words = |text: &str| cookies(&documents(&["-tae", &text.replace('F', family)]));
        assert_eq!(words("sport != F::1"), words("sport != :1 and family = F"));
    }
}

pub(crate) fn words_between_conditions_are_those_of_ss() {
    let held = every_state();
    let [a, b] = [held[1].port, held[4].port];
    all_agree(
        &["-ta"],
        &[
            format!("sport = :{a} or dport = :{a}"),
            format!("sport = :{a} || dport = :{b}"),
            format!("sport = :{a} | dport = :{b}"),
            format!("sport = :{a} and dst 127.0.0.0/8"),
            format!("sport = :{a} && dst 127.0.0.0/8"),
            format!("sport = :{a} & dst 127.0.0.0/8"),
            format!("sport = :{a} dst 127.0.0.0/8"),
            format!("( sport = :{a} or sport = :{b} ) and not dst 127.0.0.1"),
            format!("not ( sport = :{a} or dport = :{a} )"),
            format!("( ( dport = :{a} ) )"),
            format!("src 127.0.0.1 and ( dport = :{a} or not ( dport > :{b} and sport < :{b} ) )"),
        ],
    );
}

pub(crate) fn interfaces_marks_and_cgroups_choose_as_with_ss() {
    let held = every_state();
    held[1].sockets.iter().for_each(|socket| super::rows::mark(socket, 7));
    held[4].sockets.iter().for_each(|socket| super::rows::mark(socket, 3));
    all_agree(&["-ta"], &["dev lo", "dev = lo", "dev != lo", "dev 1", "not dev lo", "dev lo or src 127.0.0.1"]);
    all_agree(&["-ta"], &["fwmark = 0", "fwmark = 0x0/0xff", "fwmark != 0", "not fwmark = 7", "fwmark = 0x07/0x03"]);
    all_agree(&["-ta"], &["fwmark = 7"]);
    all_agree(&["-ta"], &["fwmark = 0x03/0x03"]);
    let mounts = fs::read_to_string("/proc/self/mounts").expect("the mounts");
    let cgroup2 =
        mounts.lines().map(|line| line.split(' ').collect::<Vec<_>>()).find(|mount| mount.get(2) == Some(&"cgroup2"));
    if let Some(&[_, root, ..]) = cgroup2.as_deref() {
        all_agree(&["-ta"], &["cgroup = ", "cgroup ", "cgroup != "].map(|words| format!("{words}{root}")));
    }
}

pub(crate) fn autobound_chooses_as_with_ss() {
    let _held = every_state();
    all_agree(&["-ta"], &["autobound", "not autobound", "autobound and src 127.0.0.1"]);
}

pub(crate) fn udp_is_chosen_as_with_ss() {
    let _others = super::rows::other_families();
    all_agree(
        &["-ua"],
        &["src 127.0.0.1", "dport = :9", "dst [::1]", "state established", "state unconnected", "not dport = :9"],
    );
}

pub(crate) fn a_filter_file_chooses_as_with_ss() {
    let held = every_state();
    let path = std::env::temp_dir().join(format!("sockdoc-filter-{}", std::process::id()));
    let expression = format!("sport = :{}\n", held[1].port);
    fs::write(&path, format!("# ours\n{expression}")).expect("a file");
    let text = path.clone();
    let path = path.to_str().expect("UTF-8");
    let found = documents(&["-tae", "-F", path]);
    assert!(!found.is_empty());
    assert_eq!(cookies(&found), cookies_of(&ss::lines(&["-HtaenO", "-F", path])));
    // ss takes no states from a file.
    fs::write(&text, format!("# ours\nstate established\n{expression}")).expect("a file");
    let narrower = cookies(&documents(&["-te", "-F", path]));
    assert!(!narrower.is_empty() && narrower.is_subset(&cookies(&found)), "{narrower:?}");
    fs::remove_file(path).expect("removed");
}

pub(crate) fn or_binds_looser_than_and_and_a_mixture_is_reported() {
    let held = every_state();
    let [a, b] = [held[1].port, held[4].port];
    let mixed = format!("sport = :{a} or sport = :{b} and sport = :{b}");
    let said = run(&["list", "-tae", "--format", "jsonl", &mixed]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(said.stderr.contains("note: ") && said.stderr.contains("\"and\" binds tighter than \"or\""), "{said:?}");
    let meant = documents(&["-tae", &format!("sport = :{a} or ( sport = :{b} and sport = :{b} )")]);
    assert_eq!(said.stdout.lines().count(), meant.len());
}

/// All TCP sockets that come through a request.
fn seen(ask: &DumpQuery) -> Vec<Entry> {
    let mut kept = vec![];
    let gaps = entries(&mut KernelSource::new(None), Protocol::Tcp, ask, &mut |entry| kept.push(entry.clone()));
    assert_eq!(gaps, []);
    kept
}

fn cookie(entry: &Entry) -> String {
    format!("{:x}", entry.cookie)
}

fn world(entries: &[Entry]) -> World {
    let ends = || entries.iter().flat_map(|entry| [&entry.local, &entry.peer]);
    let inet = |end: &End| match end {
        End::Inet(address, port) => Some((*address, *port)),
        _ => None,
    };
    let addresses: BTreeSet<_> = ends().filter_map(inet).map(|(address, _)| address).collect();
    let ports: BTreeSet<_> = ends().filter_map(inet).map(|(_, port)| port).collect();
    World {
        addresses: addresses.into_iter().collect(),
        ports: ports.into_iter().collect(),
        interfaces: vec![0, 1],
        marks: vec![],
        cgroups: vec![],
        autobound: false,
    }
}

/// Knows nothing beyond the records.
struct Nothing;

impl Facts for Nothing {}

/// Compares many random filters over the held sockets: kernel bytecode plus user space against user space alone.
fn random_filters(cases: usize, check: impl Fn(&Filter, &BTreeSet<String>)) {
    let _held = [still(), vec![makers::syn_recv(Family::V4, 2), makers::syn_recv(Family::Dual, 2)]];
    let all = seen(&DumpQuery { needs: Needs::empty(), ..DumpQuery::states(StateSet::ALL) });
    let strategy = kernel_expression(&world(&all));
    let mut runner = TestRunner::deterministic();
    let mut chosen = 0;
    for _ in 0..cases {
        let expr = strategy.new_tree(&mut runner).expect("a filter").current();
        let filter = Filter::of(expr);
        let here: BTreeSet<String> = all.iter().filter(|entry| filter.matches(entry, &Nothing)).map(cookie).collect();
        chosen += usize::from(!here.is_empty() && here.len() < all.len());
        check(&filter, &here);
    }
    assert!(chosen * 10 > cases, "few of the filters chose some and not all: {chosen} of {cases}");
}

pub(crate) fn the_kernel_and_user_space_agree_on_live_sockets() {
    random_filters(400, |filter, here| {
        let bytecode = filter.bytecode();
        let program = (!bytecode.bytes.is_empty()).then(|| bytecode.bytes.clone());
        let through = seen(&DumpQuery { bytecode: program, ..DumpQuery::states(filter.states) });
        let text = filter.expr.as_ref().map(ToString::to_string).unwrap_or_default();
        let there = through.iter().filter(|entry| bytecode.rest.matches(entry, &Nothing)).map(cookie).collect();
        assert_eq!(*here, there, "{text}");
        if bytecode.exact {
            assert_eq!(*here, through.iter().map(cookie).collect(), "said to be exact: {text}");
        }
    });
}

pub(crate) fn list_chooses_what_user_space_alone_would() {
    random_filters(30, |filter, here| {
        let text = filter.expr.as_ref().map(ToString::to_string).unwrap_or_default();
        let found = cookies(&documents(&["-tae", "--", &text]));
        // A filter that names states decides about them, and one that does not leaves that to -a.
        assert_eq!(found, *here, "{text}");
    });
}
