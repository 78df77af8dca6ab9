//! Everything printed as JSON fits its schema in `schema/`, and the schemas refuse what does not.

#![allow(
    clippy::unwrap_used,
    reason = "test code; clippy knows it by #[test], which the functions that tests share do not have"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::Write,
    net::{IpAddr, TcpListener, TcpStream, UdpSocket},
    os::{
        linux::net::SocketAddrExt,
        unix::net::{SocketAddr, UnixDatagram, UnixListener},
    },
    path::Path,
    process::Command,
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, SystemTime},
};

use jsonschema::{Registry, Validator};
use serde_json::{Value, json};
use sockdoc::{
    filter,
    model::{
        census::Census,
        counted::Counted,
        detail::{Detail, TcpInfo},
        ending::{EndKind, Ending, Lived, OwnerOrigin},
        entry::{End, Entry},
        family::{Family, Netid, Protocol},
        gap::{Gap, What, Why},
        group::{self, Direction, Groups, KEYS, NamedKey},
        host::{Host, Others},
        owner::{Place, Process},
        snapshot::Sample,
        socket::Timer,
        state::State,
        transition::StateTransition,
    },
    render::{
        events::{EventRow, StateRow},
        json,
        list::summary,
    },
    report::{
        events::{EventTally, states::StateTally},
        overview::{NamespaceCount, Overview},
        rates::{CounterSums, Rises},
        trend::Trends,
    },
};

#[path = "schema/changes.rs"]
mod changes;
#[path = "schema/diagnoses.rs"]
mod diagnoses;
#[path = "schema/mutations.rs"]
mod mutations;
#[path = "schema/texts.rs"]
mod texts;

use mutations::mutations;

/// Where the overview may say that it does not know.
const OVERVIEW_UNKNOWN: &[&str] = &[
    "/netns/*/inode",
    "/netns/*/label",
    "/states/*/sockets",
    "/states/*/not_accepted",
    "/states/*/orphans",
    "/protocols/*/sockets",
    "/gaps/*/remedy",
    "/incidents/*/netns",
    "/incidents/*/subject/user",
    "/incidents/*/subject/unit",
    "/incidents/*/subject/container",
    "/incidents/*/subject/address",
    "/incidents/*/subject/port",
    "/incidents/*/subject/path",
    "/incidents/*/subject/source",
    "/incidents/*/subject/program",
    "/incidents/*/subject/program/user",
    "/incidents/*/subject/program/unit",
    "/incidents/*/subject/program/container",
    "/findings/*/caused_by",
    "/findings/*/netns",
    "/findings/*/why",
    "/findings/*/limit",
    "/findings/*/subject/user",
    "/findings/*/subject/unit",
    "/findings/*/subject/container",
    "/findings/*/evidence/*/unit",
    "/findings/*/remedies/*/command",
    "/findings/*/remedies/*/current",
    "/findings/*/remedies/*/proposed",
    "/findings/*/remedies/*/persist",
    "/findings/*/remedies/*/undo",
    "/findings/*/remedies/*/risk",
    "/findings/*/remedies/*/needs",
    "/findings/*/remedies/*/verify",
];

/// Where a sample of `watch` may say that it does not know.
const WATCH_UNKNOWN: &[&str] = &[
    "/seconds",
    "/filter",
    "/states/*/state",
    "/states/*/change_per_second",
    "/rates/*/rise",
    "/rates/*/per_second",
    "/incidents/*/netns",
    "/incidents/*/subject/user",
    "/incidents/*/subject/unit",
    "/incidents/*/subject/container",
    "/gaps/*/remedy",
];

/// Where an event may say that it does not know.
const EVENT_UNKNOWN: &[&str] = &[
    "/local",
    "/local/port",
    "/peer",
    "/peer/port",
    "/direction",
    "/lived_ms/at_most",
    "/owners_of",
    "/unit",
    "/container",
    "/uid",
    "/user",
    "/received_bytes",
    "/sent_bytes",
    "/rtt_us",
    "/retransmitted",
    "/send_queue_bytes",
    "/lost",
    "/groups",
    "/groups/rows/*/lport",
    "/groups/rows/*/unit",
    "/in_state_us",
    "/in_state_us/at_most",
    "/connect_us",
    "/cause",
    "/netns",
    "/connects/median_us",
    "/connects/p99_us",
    "/connects/longest_us",
];

/// Where a group may say that the kernel keeps no value.
const GROUP_UNKNOWN: &[&str] = &[
    "/groups/*/local",
    "/groups/*/lport",
    "/groups/*/peer",
    "/groups/*/peer~124",
    "/groups/*/peer~116,48",
    "/groups/*/pport",
    "/groups/*/service",
    "/groups/*/direction",
    "/groups/*/timer",
    "/groups/*/user",
    "/groups/*/proc",
    "/groups/*/pid",
    "/groups/*/unit",
    "/groups/*/container",
    "/groups/*/cc",
    "/groups/*/dev",
    "/groups/*/netns",
];

const NAMES: [&str; 15] = [
    "event",
    "watch",
    "diff",
    "overview",
    "count",
    "counters",
    "reach",
    "kill",
    "group",
    "finding",
    "list",
    "summary",
    "check-list",
    "explain",
    "topics",
];

/// Where the figures of a text may say that there are none.
const EXPLAIN_UNKNOWN: &[&str] = &[
    "/live",
    "/live/*/netns",
    "/live/*/figures/*/unit",
    "/live/*/findings",
    "/live/*/not_checked/*/needs",
    "/live/*/shares/*/subject/user",
    "/live/*/shares/*/subject/unit",
    "/live/*/shares/*/subject/container",
];

fn schema(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema").join(format!("{name}.json"));
    serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap()
}

fn validator(name: &str) -> Validator {
    // Only the files of the folder, each under its own address: nothing is fetched.
    let mut registry = Registry::new();
    for name in NAMES {
        let schema = schema(name);
        registry = registry.add(schema["$id"].as_str().unwrap(), schema.clone()).unwrap();
    }
    let registry = registry.prepare().unwrap();
    jsonschema::draft202012::options().with_registry(&registry).build(&schema(name)).unwrap()
}

/// The schema's errors for a document.
fn faults(validator: &Validator, document: &Value) -> Vec<String> {
    validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

fn assert_fits(name: &str, document: &Value) {
    let faults = faults(&validator(name), document);
    assert!(faults.is_empty(), "{name}: {faults:#?}\n{document:#}");
}

/// Runs the program and reads its document.
fn run(arguments: &[&str], variables: &[(&str, &str)]) -> Value {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sockdoc"));
    command.args(arguments).arg("--json").env("LC_ALL", "C").env_remove("PROC_ROOT");
    let output = command.envs(variables.iter().copied()).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    // What `check` finds on the machine of the tests decides its status.
    let has_found = arguments.first() == Some(&"check") && output.status.code() == Some(1);
    assert!(output.status.success() || has_found, "sockdoc {arguments:?}: {errors}");
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.lines().count(), 1, "sockdoc {arguments:?}: one document is one line");
    serde_json::from_str(&text).unwrap()
}

fn run_and_check(name: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Value {
    let document = run(arguments, variables);
    assert_fits(name, &document);
    document
}

/// Sockets of every kind that needs no privilege, so that each key has something to say.
struct Sockets(#[allow(dead_code, reason = "held, not read")] Vec<Box<dyn std::any::Any>>);

fn sockets() -> Sockets {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (server, _) = listener.accept().unwrap();
    let udp = UdpSocket::bind("127.0.0.1:0").unwrap();
    // Tests run in parallel, each with its own sockets.
    static MADE: AtomicUsize = AtomicUsize::new(0);
    let number = MADE.fetch_add(1, Ordering::Relaxed);
    let name = format!("sockdoc-schema-\u{1b}[2J-{}-{number}", std::process::id());
    let named = UnixListener::bind_addr(&SocketAddr::from_abstract_name(name.as_bytes()).unwrap()).unwrap();
    let pair = UnixDatagram::pair().unwrap();
    Sockets(vec![
        Box::new(listener),
        Box::new(client),
        Box::new(server),
        Box::new(udp),
        Box::new(named),
        Box::new(pair),
    ])
}

#[test]
fn the_overview_of_this_host_fits() {
    let _sockets = sockets();
    let document = run_and_check("overview", &[], &[]);
    assert_eq!(document["states"].as_array().unwrap().len(), State::ALL.len());
    assert!(document["states"][0]["sockets"].as_u64().unwrap() >= 2, "{document:#}");
    run_and_check("overview", &["-v"], &[]);
    run_and_check("overview", &["--lang", "zh"], &[]);
}

#[test]
fn the_overview_with_unused_bound_sockets_fits() {
    let document = run_and_check("overview", &["-B"], &[]);
    assert_eq!(document["states"][11]["state"], "BOUND_INACTIVE");
}

#[test]
fn an_overview_without_proc_has_gaps_and_fits() {
    let document = run_and_check("overview", &[], &[("PROC_ROOT", "/nonexistent")]);
    let gaps = document["gaps"].as_array().unwrap();
    assert!(gaps.iter().any(|gap| gap["what"] == "netns"), "{document:#}");
    assert_eq!(document["netns"][0]["inode"], Value::Null);
}

#[test]
fn counts_of_this_host_fit() {
    let _sockets = sockets();
    for arguments in [&["count"] as &[&str], &["count", "established", "tw"], &["count", "-u"], &["count", "-tuwx"]] {
        let document = run_and_check("count", arguments, &[]);
        assert!(document["sockets"].is_u64());
    }
}

#[test]
fn counters_of_this_host_fit_and_a_spoiled_document_does_not() {
    let _sockets = sockets();
    run_and_check("counters", &["counters", "--for", "100ms"], &[]);
    let document = run_and_check("counters", &["counters", "-a"], &[]);
    assert_eq!(document["hidden"], 0);
    let mut one = document.clone();
    let counters: Vec<Value> = ["TcpExtListenDrops", "TcpRtoMin"]
        .iter()
        .filter_map(|name| document["counters"].as_array().unwrap().iter().find(|one| one["name"] == *name).cloned())
        .collect();
    one["counters"] = json!(counters);
    assert_mutations_fail(
        "counters",
        &one,
        &["/seconds", "/counters/*/rise", "/counters/*/per_second", "/counters/*/topic"],
        60,
    );
}

#[test]
fn a_connection_of_this_host_fits_and_a_spoiled_document_does_not() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let mut document = run_and_check("reach", &["reach", &format!("127.0.0.1:{port}")], &[]);
    // Findings about this host have their own schemas.
    (document["incidents"], document["findings"]) = (json!([]), json!([]));
    let unknown = ["/netns", "/name", "/lookup/server", "/lookup/failed"].map(str::to_owned).into_iter();
    let of_attempts = [
        "error",
        "syns",
        "closed_after_ms",
        "source",
        "route",
        "route/interface",
        "route/gateway",
        "route/source",
        "route_error",
        "neighbour",
        "icmp",
        "ports",
        "descriptor_limit",
    ];
    let unknown: Vec<String> = unknown.chain(of_attempts.map(|field| format!("/attempts/*/{field}"))).collect();
    let unknown: Vec<&str> = unknown.iter().map(String::as_str).collect();
    assert_mutations_fail("reach", &document, &unknown, 60);
}

#[test]
fn a_dry_run_of_kill_fits_and_a_spoiled_document_does_not() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let _client = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
    let filter = format!("port {port}");
    let document = run_and_check("kill", &["kill", &filter], &[]);
    assert_eq!(document["dry_run"], true);
    let of_sockets = ["cookie", "state", "uid", "unit", "container"];
    let both = ["sockets", "skipped"].into_iter();
    let unknown = both.flat_map(|list| of_sockets.map(|field| format!("/{list}/*/{field}")));
    let of_results = ["result", "error", "state_after"].map(|field| format!("/sockets/*/{field}"));
    let unknown: Vec<String> = unknown.chain(of_results).chain(["/netns", "/command"].map(str::to_owned)).collect();
    let unknown: Vec<&str> = unknown.iter().map(String::as_str).collect();
    assert_mutations_fail("kill", &document, &unknown, 60);
}

#[test]
fn groups_of_this_host_fit_for_every_key() {
    let _sockets = sockets();
    for (key, _) in KEYS {
        let document = run_and_check("group", &["group", "--by", key], &[]);
        assert!(!document["groups"].as_array().unwrap().is_empty(), "{key}: {document:#}");
        run_and_check("group", &["group", "--by", key, "-u", "-w", "-x"], &[]);
        run_and_check("group", &["group", "--by", key, "-tux", "--top", "1"], &[]);
    }
    for keys in ["state lport", "peer/16,48 peer/24 user", "service,direction,timer", "local family"] {
        run_and_check("group", &["group", "--by", keys, "-tux"], &[]);
        run_and_check("group", &["group", "--by", keys, "--top", "1", "--min", "2"], &[]);
    }
    let every: Vec<&str> = KEYS.iter().map(|(key, _)| *key).collect();
    run_and_check("group", &["group", "--by", &every.join(",")], &[]);
    run_and_check("group", &["group", "--by", "state", "--min", "4000000000"], &[]);
}

#[test]
fn counts_and_groups_that_may_see_no_process_say_so() {
    let _sockets = sockets();
    let blind = [("PROC_ROOT", "/nonexistent")];
    for (name, arguments) in [
        ("count", &["count", "proc", "=", "nobody-has-this-name"] as &[&str]),
        ("group", &["group", "--by", "proc"]),
        ("group", &["group", "--by", "state", "pid", "=", "1"]),
    ] {
        let document = run_and_check(name, arguments, &blind);
        let gaps = document["gaps"].as_array().unwrap();
        let of_owners: Vec<_> = gaps.iter().filter(|gap| gap["what"] == "owners").collect();
        assert_eq!(of_owners.len(), 1, "{document:#}");
        assert!(of_owners[0]["remedy"].is_string(), "{document:#}");
    }
    for (name, arguments) in [("count", &["count"] as &[&str]), ("group", &["group", "--by", "state"])] {
        let document = run_and_check(name, arguments, &blind);
        assert_eq!(document["gaps"], json!([]), "no owner was asked for");
    }
}

fn rendered(write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> Value {
    let mut bytes = Vec::new();
    write(&mut bytes).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

fn host() -> Host {
    Host {
        name: "web-1".into(),
        kernel: "6.8.0".into(),
        taken_at: SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_327_511),
        netns: Some(4_026_531_840),
    }
}

fn census() -> Census {
    let mut census = Census::default();
    for state in State::ALL {
        census.count(state, Timer::None, 0);
        census.count(state, Timer::None, 7);
    }
    census.count(State::BOUND_INACTIVE, Timer::None, 8);
    census.count(State::from_kernel(77), Timer::None, 9);
    census
}

const NETIDS: [Netid; 6] =
    [Netid::Tcp, Netid::Udp, Netid::Raw, Netid::UnixStream, Netid::UnixDatagram, Netid::UnixSeqpacket];

/// An overview that knows all it can.
fn full() -> Overview {
    let netids = NETIDS.map(|netid| (netid, Some(census()))).into();
    let counted = Counted { netids, gaps: Vec::new() };
    let blue = NamespaceCount { inode: Some(7), label: Some("blue".into()), own: false, sockets: 3 };
    let own = NamespaceCount { inode: None, label: None, own: true, sockets: 4 };
    Overview {
        host: host(),
        counted,
        others: Others { count: 37, gap: None },
        netns: vec![own, blue],
        bound_inactive: true,
        origin: Default::default(),
        diagnosis: Some(diagnoses::of_every_kind()),
    }
}

/// An overview that knows nothing, for every reason there is.
fn blind() -> Overview {
    let error = || "sock_diag: No such file or directory".to_owned();
    let mut gaps = Vec::new();
    for protocol in [Protocol::Tcp, Protocol::Udp, Protocol::Raw, Protocol::Unix] {
        gaps.push(Gap { what: What::Sockets(protocol), why: Why::ReadFromProc(error()) });
        gaps.push(Gap { what: What::Sockets(protocol), why: Why::Unreadable(error()) });
    }
    gaps.push(Gap { what: What::BoundInactive, why: Why::TooOld("6.8") });
    gaps.push(Gap { what: What::BoundInactive, why: Why::Unreadable(error()) });
    gaps.push(Gap { what: What::Namespaces, why: Why::Unreadable("reading /proc: Permission denied".into()) });
    let denied = Gap { what: What::Namespaces, why: Why::Denied(14_438) };
    Overview {
        host: Host { netns: None, ..host() },
        counted: Counted { netids: NETIDS.map(|netid| (netid, None)).into(), gaps },
        others: Others { count: 0, gap: Some(denied) },
        netns: vec![NamespaceCount { inode: None, label: None, own: true, sockets: 0 }],
        bound_inactive: false,
        origin: Default::default(),
        diagnosis: None,
    }
}

#[test]
fn made_overviews_fit() {
    let full = rendered(|out| json::overview(out, &full()));
    assert_fits("overview", &full);
    assert_eq!(full["taken_at"], "2026-11-22T06:05:11Z");
    assert_eq!(full["states"].as_array().unwrap().len(), 12);
    assert_eq!(full["states"][0], json!({"state": "ESTABLISHED", "sockets": 2, "not_accepted": 1, "orphans": 0}));

    let blind = rendered(|out| json::overview(out, &blind()));
    assert_fits("overview", &blind);
    assert_eq!(blind["gaps"].as_array().unwrap().len(), 12);
    assert_eq!(blind["netns"], json!([{"inode": null, "label": null, "own": true, "sockets": 0}]));
    for state in blind["states"].as_array().unwrap() {
        assert_eq!((&state["sockets"], &state["not_accepted"]), (&Value::Null, &Value::Null), "unknown is never 0");
    }
    assert_eq!(blind["protocols"][0], json!({"netid": "tcp", "sockets": null}));
}

#[test]
fn made_counts_fit() {
    for sockets in [0, 14_438, u64::MAX] {
        let document = rendered(|out| json::count(out, sockets, &[]));
        assert_fits("count", &document);
        assert_eq!(document, json!({"schema": "sockdoc/1", "sockets": sockets, "gaps": [], "until": null}));
    }
}

/// The summary of `list -s`, and one that could not be read.
fn summaries() -> [summary::Summary; 2] {
    let transport = |protocol, figure: Option<u64>| summary::ProtocolTotals {
        protocol,
        sockets: figure,
        inet: figure.filter(|_| protocol != "unix"),
        inet6: figure.filter(|_| protocol != "unix"),
    };
    let of = |figure| ["raw", "udp", "tcp", "unix"].map(|protocol| transport(protocol, figure)).into();
    let full = summary::Summary {
        sockets: 16,
        tcp: summary::TcpTotals { sockets: 4, established: 1, listen: 2, time_wait: 1 },
        host: summary::HostTotals { tcp_orphaned: Some(0), tcp_allocated: Some(7) },
        transports: of(Some(4)),
    };
    [full, summary::Summary { transports: of(None), ..Default::default() }]
}

#[test]
fn made_summaries_fit() {
    for summary in summaries() {
        let gaps: Vec<_> = owner_gaps().iter().map(json::gap).collect();
        assert_fits("summary", &rendered(|out| summary::json(out, &summary, &gaps)));
        let blind = &[
            "/host/tcp_orphaned",
            "/host/tcp_allocated",
            "/protocols/*/sockets",
            "/protocols/*/inet",
            "/protocols/*/inet6",
            "/gaps/*/remedy",
        ];
        assert_mutations_fail("summary", &rendered(|out| summary::json(out, &summary, &gaps)), blind, 90);
    }
}

#[test]
fn chosen_columns_fit_and_are_no_whole_sockets() {
    let _sockets = sockets();
    let arguments = ["list", "-ap", "--columns", "netid,state,recvq,local,process,pid,rtt,ends"];
    let mut document = run_and_check("list", &arguments, &[]);
    let fits = |document: &Value| validator("list").is_valid(document);
    document["sockets"][0]["mapped"] = json!(false);
    assert!(!fits(&document), "part of a whole socket");
    document["sockets"][0] = json!({"local": {"address": "::1"}});
    assert!(!fits(&document), "a column is no object");
    assert!(fits(&json!({"schema": "sockdoc/1", "lport": 80, "unit": null})));
    assert!(!fits(&json!({"schema": "sockdoc/1"})) && !fits(&json!({"lport": 80})));
}

#[test]
fn the_summary_of_this_host_fits() {
    let _sockets = sockets();
    let document = run_and_check("summary", &["list", "-s"], &[]);
    let unix = &document["protocols"][3];
    assert!(unix["sockets"].as_u64().unwrap() >= 3, "{document:#}");
    assert_eq!((&unix["protocol"], &unix["inet"]), (&json!("unix"), &Value::Null));
}

/// The gap of an owner filter or key, for every reason.
fn owner_gaps() -> Vec<Gap> {
    let why = [Why::Denied(1), Why::Denied(14_438), Why::Unreadable("hidepid".into())];
    why.map(|why| Gap { what: What::Owners, why }).into()
}

#[test]
fn made_gaps_of_owners_fit_and_say_what_is_lost() {
    let (keys, groups, users) = groups();
    let count = rendered(|out| json::count(out, 7, &owner_gaps()));
    assert_fits("count", &count);
    let grouped = rendered(|out| json::groups(out, &groups, &keys, &users, &owner_gaps()));
    assert_fits("group", &grouped);
    assert_eq!(count["gaps"], grouped["gaps"]);
    assert_eq!(
        count["gaps"][0],
        json!({
            "what": "owners", "why": "1 process could not be read; its sockets show no owner",
            "remedy": "run as root to see the processes of other users"
        })
    );
    assert_eq!(count["gaps"][2]["why"], "cannot read the processes that hold sockets: hidepid");
    // The same three fields as in the other documents.
    let of = |name: &str| schema(name)["$defs"]["gap"].clone();
    assert_eq!((of("count"), of("group")), (of("overview"), of("overview")));
}

/// Every key with two rows: one with values, one where the kernel keeps none.
fn groups() -> (Vec<NamedKey>, Groups, BTreeMap<u32, String>) {
    use group::{Key, Value};
    let address = |text: &str| text.parse::<IpAddr>().unwrap();
    let mut keys: Vec<NamedKey> = KEYS.iter().map(|(name, key)| ((*name).to_owned(), *key)).collect();
    keys.push(("peer/16,48".into(), Key::PeerNetwork { v4: 16, v6: 48 }));
    let known = |(_, key): &NamedKey| match key {
        Key::State => Value::State(State::TIME_WAIT),
        Key::Family => Value::Family(Family::Inet6),
        Key::Local => Value::Path(b"\0\xff\n/run".as_slice().into()),
        Key::LocalPort => Value::Port(443),
        Key::Peer => Value::Address(address("10.0.3.7")),
        Key::PeerNetwork { v4, .. } => Value::Network(address("10.0.0.0"), *v4),
        Key::PeerPort => Value::Port(65_535),
        Key::Service => Value::Endpoint(address("fe80::1"), 5432),
        Key::Direction => Value::Direction(Direction::Outbound),
        Key::Timer => Value::Timer(Timer::Other(9)),
        Key::User => Value::Uid(33),
        Key::Pid => Value::Pid(4321),
        Key::Program | Key::Unit | Key::Container | Key::Congestion | Key::Device | Key::Netns => {
            Value::Name(b"name".as_slice().into())
        }
    };
    let unknown = |(_, key): &NamedKey| match key {
        Key::State => Value::State(State::from_kernel(77)),
        Key::Family => Value::Family(Family::Unix),
        _ => Value::Unknown,
    };
    let rows = vec![
        (keys.iter().map(known).collect(), 2310),
        (keys.iter().map(unknown).collect(), 1),
        (keys.iter().map(|key| if key.1 == Key::User { Value::Uid(4321) } else { known(key) }).collect(), 7),
    ];
    let users = BTreeMap::from([(33, "www-data".to_owned())]);
    (keys, Groups::new(rows, 0, None), users)
}

#[test]
fn made_groups_fit() {
    let (keys, groups, users) = groups();
    let document = rendered(|out| json::groups(out, &groups, &keys, &users, &[]));
    assert_fits("group", &document);
    assert_eq!(document["groups"][0]["user"], "www-data");
    assert_eq!(document["groups"][1]["user"], "4321", "a uid without a name");
    assert_eq!(document["groups"][2]["user"], Value::Null);
    assert_eq!(document["groups"][2]["lport"], Value::Null, "unknown is never 0");
    assert_eq!(document["groups"][2]["state"], "STATE_77");
}

#[test]
fn made_findings_fit_with_every_kind_of_subject() {
    let document = rendered(|out| json::overview(out, &full()));
    let findings = document["findings"].as_array().unwrap();
    let kinds: BTreeSet<&str> = findings.iter().map(|finding| finding["subject"]["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds.len(), 8, "{kinds:?}");
    for finding in findings {
        assert_fits("finding", finding);
    }
    assert_eq!(findings[0]["title"], "2,310 sockets in CLOSE_WAIT, oldest 9 h 2 min");
    assert_eq!(findings[0]["evidence"][2]["value"], 32_520_000);
    assert_eq!(document["not_checked"][0]["needs"], json!(["--for 5s"]));
    let mut host = findings.iter().find(|finding| finding["subject"]["kind"] == "host").unwrap().clone();
    host["subject"]["port"] = json!(443);
    assert!(!validator("finding").is_valid(&host), "a field of another kind of subject passed");
}

#[test]
fn rules_and_topics_fit() {
    let list = run_and_check("check-list", &["check", "--list", "--set", "close-wait-leak.age=2s"], &[]);
    assert_eq!(list["rules"][0]["thresholds"][0]["origin"], "command-line");
    assert_mutations_fail("check-list", &list, &[], 60);
    for lang in ["en", "zh"] {
        let topic = run_and_check("explain", &["explain", "CLOSE_WAIT_LEAK", "--lang", lang], &[]);
        assert_eq!(topic["language"], lang);
        assert_mutations_fail("explain", &topic, EXPLAIN_UNKNOWN, 30);
        assert_eq!(topic["live"][0]["figures"], json!([]));
        for word in ["listen", "time-wait", "tw_reuse", "ListenDrops", "udp", "states", "127.0.0.1:1"] {
            let topic = run_and_check("explain", &["explain", word, "--lang", lang], &[]);
            assert!(topic["live"].is_array(), "{word}");
        }
        for still in [&["explain", "EMFILE"][..], &["explain", "listen", "--no-live"]] {
            assert_eq!(run_and_check("explain", still, &[])["live"], Value::Null);
        }
        let list = run_and_check("topics", &["explain", "--lang", lang], &[]);
        assert_eq!(list["topics"][0]["markdown"], Value::Null);
        let all = run_and_check("topics", &["explain", "--all", "--lang", lang], &[]);
        assert_eq!(all["topics"].as_array().unwrap().len(), list["topics"].as_array().unwrap().len());
    }
    run_and_check("overview", &["check"], &[]);
    run_and_check("overview", &["check", "--for", "10ms", "--deep"], &[]);
}

/// Spoils a document in every way and expects every spoiled one to be refused.
fn assert_mutations_fail(name: &str, document: &Value, nullable: &[&str], at_least: usize) {
    assert_fits(name, document);
    let validator = validator(name);
    let mutations = mutations(document, nullable);
    let passed: Vec<&String> =
        mutations.iter().filter(|mutation| validator.is_valid(&mutation.document)).map(|one| &one.what).collect();
    assert!(passed.is_empty(), "{name}: still fits after {passed:#?}");
    assert!(mutations.len() >= at_least, "{name}: only {} mutations", mutations.len());
}

#[test]
fn a_spoiled_overview_is_refused() {
    let mut full = rendered(|out| json::overview(out, &full()));
    // One of each is enough to spoil.
    full["findings"].as_array_mut().unwrap().truncate(1);
    assert_mutations_fail("overview", &full, OVERVIEW_UNKNOWN, 600);
    let blind = rendered(|out| json::overview(out, &blind()));
    assert_mutations_fail("overview", &blind, OVERVIEW_UNKNOWN, 500);
}

#[test]
fn a_spoiled_sample_of_watch_is_refused() {
    let mut trends = Trends::default();
    let sums = |at, opened: u64| {
        let counters = [("TcpActiveOpens".to_owned(), opened)].into();
        CounterSums::of(&Sample { at: Duration::from_secs(at), counters, ..Sample::default() })
    };
    let rises = Rises::between(&sums(0, 1), &sums(2, 8));
    for rises in [Rises::default(), rises] {
        let mut overview = full();
        overview.diagnosis.as_mut().unwrap().findings.truncate(1);
        let sample = trends.take(overview, rises);
        let document = rendered(|out| json::watch::write(out, &sample));
        assert_mutations_fail("watch", &document, WATCH_UNKNOWN, 200);
    }
    let blind = trends.take(blind(), Rises::default());
    assert_fits("watch", &rendered(|out| json::watch::write(out, &blind)));
}

#[test]
fn a_spoiled_event_is_refused() {
    let at = SystemTime::UNIX_EPOCH + Duration::from_millis(1_795_327_511_204);
    let mut entry = Entry::blank(Netid::Tcp, 0);
    (entry.local, entry.peer) = (End::Inet([10, 0, 0, 1].into(), 443), End::Inet([10, 0, 0, 9].into(), 51_022));
    (entry.cookie, entry.raw_uid, entry.inode) = (77, Some(33), 5);
    let mut info = vec![0; 232];
    (info[68], info[200]) = (25, 100);
    entry.detail = Some(Box::new(Detail { tcp_info: Some(TcpInfo::new(&info)), ..Detail::default() }));
    let lived = Lived { at_least: Duration::from_secs(1), at_most: Some(Duration::from_secs(3)) };
    let ending = Ending {
        at,
        entry,
        end: EndKind::Reset,
        direction: Some(Direction::Inbound),
        lived,
        origin: Some(OwnerOrigin::Socket),
        held: 5,
        cgroup_id: None,
        is_wiped: false,
    };
    let process = Process { pid: 4321, program: b"nginx"[..].into(), ..Process::default() };
    let place = Place { unit: Some("nginx.service".into()), ..Place::default() };
    let row = EventRow { ending: &ending, processes: vec![&process], place: Some(&place), user: Some("www-data") };
    let document = rendered(|out| json::events::event(out, &row));
    assert_mutations_fail("event", &document, EVENT_UNKNOWN, 100);
    let bare = Ending {
        entry: Entry::blank(Netid::Udp, 0),
        direction: None,
        origin: None,
        lived: Lived { at_most: None, ..lived },
        is_wiped: true,
        ..ending.clone()
    };
    let row = EventRow { ending: &bare, processes: Vec::new(), place: None, user: None };
    assert_fits("event", &rendered(|out| json::events::event(out, &row)));
    for count in [Some(12), None] {
        let document = rendered(|out| json::events::lost(out, count, at));
        assert_mutations_fail("event", &document, EVENT_UNKNOWN, 10);
    }
    let mut tally = EventTally::begun(at);
    tally.add(EndKind::Closed, Some(Box::from([group::Value::Port(443), group::Value::Unknown])));
    let keys = [("lport".to_owned(), group::Key::LocalPort), ("unit".to_owned(), group::Key::Unit)];
    for groups in [Some(tally.groups(None)), None] {
        let groups = groups.as_ref().map(|groups| (groups, &keys[..]));
        let document = rendered(|out| json::events::sums(out, &tally, at, groups, &BTreeMap::new()));
        assert_mutations_fail("event", &document, EVENT_UNKNOWN, 40);
    }
}

#[test]
fn a_spoiled_change_of_state_is_refused() {
    let at = SystemTime::UNIX_EPOCH + Duration::from_millis(1_795_327_511_204);
    let mut entry = Entry::blank(Netid::Tcp, 0);
    (entry.local, entry.peer) = (End::Inet([10, 0, 0, 1].into(), 41_022), End::Inet([10, 0, 0, 9].into(), 443));
    (entry.cookie, entry.raw_uid, entry.state) = (77, Some(33), State::ESTABLISHED);
    let exact = Lived { at_least: Duration::from_micros(1204), at_most: Some(Duration::from_micros(1204)) };
    let socket = Ending {
        at,
        entry,
        end: EndKind::Closed,
        direction: Some(Direction::Outbound),
        lived: exact,
        origin: Some(OwnerOrigin::Caller),
        held: 0,
        cgroup_id: None,
        is_wiped: false,
    };
    let connected = StateTransition { socket, from: State::SYN_SENT, netns: 4_026_531_840, error: 0, caller: None };
    let mut refused = connected.clone();
    (refused.socket.entry.state, refused.error, refused.socket.lived.at_most) = (State::CLOSE, 111, None);
    let process = Process { pid: 4321, program: b"curl"[..].into(), ..Process::default() };
    let mut tally = StateTally::begun(at);
    for (transition, netns) in [(&connected, Some("blue")), (&refused, None)] {
        let event = EventRow { ending: &transition.socket, processes: vec![&process], place: None, user: None };
        let document = rendered(|out| json::events::change(out, &StateRow { transition, netns, event }));
        assert_mutations_fail("event", &document, EVENT_UNKNOWN, 80);
        tally.add(transition, Some(Box::from([group::Value::State(transition.to())])));
    }
    let keys = [("state".to_owned(), group::Key::State)];
    for groups in [Some(tally.events.groups(None)), None] {
        let groups = groups.as_ref().map(|groups| (groups, &keys[..]));
        let document = rendered(|out| json::events::state_sums(out, &tally, at, groups, &BTreeMap::new()));
        assert_eq!(document["causes"], json!([{"cause": "ECONNREFUSED", "sockets": 1}]));
        assert_mutations_fail("event", &document, EVENT_UNKNOWN, 40);
    }
}

#[test]
fn a_spoiled_count_is_refused() {
    assert_mutations_fail("count", &rendered(|out| json::count(out, 7, &[])), &[], 20);
    let gaps = rendered(|out| json::count(out, 7, &owner_gaps()));
    assert_mutations_fail("count", &gaps, &["/gaps/*/remedy"], 80);
    assert!(!validator("count").is_valid(&json!({"schema": "sockdoc/2", "sockets": 7, "gaps": []})));
}

#[test]
fn a_spoiled_group_is_refused() {
    let (keys, groups, users) = groups();
    let document = rendered(|out| json::groups(out, &groups, &keys, &users, &[]));
    assert_mutations_fail("group", &document, GROUP_UNKNOWN, 250);
    let gaps = rendered(|out| json::groups(out, &groups, &keys, &users, &owner_gaps()));
    assert_mutations_fail("group", &gaps, &[GROUP_UNKNOWN, &["/gaps/*/remedy"]].concat(), 310);
    for (key, _) in &keys {
        let named = filter::keys::read(&[key.clone(), "state".into()]).unwrap_or_default();
        let one = groups_by(&named);
        assert_mutations_fail("group", &one, GROUP_UNKNOWN, if named.is_empty() { 0 } else { 40 });
    }
}

/// The made groups by fewer keys.
fn groups_by(wanted: &[NamedKey]) -> Value {
    let (keys, groups, users) = groups();
    // `state state` is refused by the reader: then by state alone.
    let wanted = if wanted.is_empty() { vec![keys[0].clone()] } else { wanted.to_vec() };
    let place = |(_, wanted): &NamedKey| keys.iter().position(|(_, key)| key == wanted).unwrap();
    let rows = groups.rows.iter().map(|(values, sockets)| {
        (wanted.iter().map(|key| values[place(key)].clone()).collect::<Vec<_>>().into_boxed_slice(), *sockets)
    });
    let groups = Groups::new(rows.collect(), 0, None);
    rendered(|out| json::groups(out, &groups, &wanted, &users, &[]))
}

#[test]
fn states_out_of_order_or_missing_are_refused() {
    let document = rendered(|out| json::overview(out, &full()));
    let validator = validator("overview");
    for place in 0..12 {
        let mut fewer = document.clone();
        fewer["states"].as_array_mut().unwrap().remove(place);
        // The last is BOUND_INACTIVE, which is there only on request.
        assert_eq!(validator.is_valid(&fewer), place == 11, "without the state at {place}");
        let mut turned = document.clone();
        turned["states"].as_array_mut().unwrap().swap(place, (place + 1) % 12);
        assert!(!validator.is_valid(&turned), "states swapped at {place}");
    }
}

#[test]
fn groups_that_do_not_have_the_keys_they_name_are_refused() {
    let (keys, groups, users) = groups();
    let document = rendered(|out| json::groups(out, &groups, &keys, &users, &[]));
    let validator = validator("group");
    for (place, (key, _)) in keys.iter().enumerate() {
        let mut fewer = document.clone();
        fewer["keys"].as_array_mut().unwrap().remove(place);
        assert!(!validator.is_valid(&fewer), "{key} is no key, but a field");
    }
    let mut other = document.clone();
    other["keys"][0] = json!("colour");
    assert!(!validator.is_valid(&other), "an unknown key passed");
    let mut none = document;
    none["keys"] = json!([]);
    none["groups"] = json!([]);
    assert!(!validator.is_valid(&none), "no key at all passed");
}

#[test]
fn every_schema_is_valid_closed_and_described() {
    let mut names: BTreeSet<String> = BTreeSet::new();
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("schema")).unwrap() {
        names.insert(entry.unwrap().file_name().to_string_lossy().trim_end_matches(".json").to_owned());
    }
    assert_eq!(names, NAMES.map(str::to_owned).into(), "every schema is known to the tests");
    for name in NAMES {
        let schema = schema(name);
        if let Err(error) = jsonschema::draft202012::meta::validate(&schema) {
            panic!("{name}: {error}");
        }
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
        assert_eq!(schema["$id"], format!("{}/schema/1/{name}.json", env!("CARGO_PKG_REPOSITORY")));
        let mut wrong = Vec::new();
        look(&schema, name, &mut wrong);
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}

/// Objects are closed and need all their fields, and each field says what it is.
fn look(schema: &Value, at: &str, wrong: &mut Vec<String>) {
    let Value::Object(fields) = schema else { return };
    if fields.get("type") == Some(&json!("object")) {
        if fields.get("additionalProperties") != Some(&json!(false)) {
            wrong.push(format!("{at} is open"));
        }
        let properties: BTreeSet<&str> = fields["properties"].as_object().unwrap().keys().map(String::as_str).collect();
        let required: BTreeSet<&str> =
            fields["required"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        // Which keys a group has is said by the conditions on `keys`.
        if properties != required && !at.ends_with("$defs/group") {
            wrong.push(format!("{at} does not need all its fields"));
        }
        for (name, property) in fields["properties"].as_object().unwrap() {
            if !property["description"].as_str().is_some_and(|text| text.ends_with('.') && text.is_ascii()) {
                wrong.push(format!("{at}/{name} is not described"));
            }
        }
    }
    for (name, value) in fields {
        match value {
            // Conditions refine schemas described elsewhere.
            _ if name == "allOf" => {}
            Value::Array(items) => items.iter().for_each(|item| look(item, &format!("{at}/{name}"), wrong)),
            value => look(value, &format!("{at}/{name}"), wrong),
        }
    }
}
