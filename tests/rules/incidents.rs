//! Incidents: one cause on the real kernel is one incident, and an independent fault beside it stays another.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use serde_json::Value;

use crate::lab::actor::{Actor, stay};
use crate::lab::check::{self, Checked};
use crate::lab::counts::State;
use crate::lab::crowd;
use crate::lab::deaf::Deaf;
use crate::lab::load::{Ends, Load};
use crate::lab::namespace::set_sysctl;
use crate::lab::outgoing;
use crate::lab::path::Far;
use crate::lab::proc_net::{tcp_in, until};
use crate::lab::program;
use crate::lab::sender::Sender;
use crate::lab::server::{Accepts, Answers, AtEnd, Reads, Server};

/// All of them, with their names.
pub(crate) const INCIDENTS: &[(&str, fn())] = &[
    ("a full accept queue and its clients are one", full_queue),
    ("a short queue that is emptied is the cause, of a stuck one the program", short_queue),
    ("a blackholed destination beside a full queue is another", two_faults),
    ("a leak and the descriptors it uses up are one", leak),
    ("a stopped server explains its queue and its clients, and nothing else", stopped),
    ("of the CLOSE_WAIT of two programs those of the stopped one are explained", stopped_and_leaking),
    ("workers that leak are one, and another program beside them is another", || workers(0)),
    ("workers that do not read those who hung up are one", || workers(1)),
    ("workers that do not read requests are one", || workers(2)),
    ("workers with descriptors of dead sockets are one", || workers(3)),
    ("workers without descriptors are one", || workers(4)),
    ("a service whose relay is held up is reported once", relayed),
    ("a stopped service at the end of a chain of three is the one cause", chain),
    ("a cause that is ignored leaves its results alone", ignored),
    ("what is new since a recording is shown by its cause", compared),
    ("what is too young to judge is named", too_young),
];

/// The incident of a rule.
#[track_caller]
fn incident<'a>(checked: &'a Checked, rule: &str) -> &'a Value {
    let all = checked.document["incidents"].as_array().expect("a list of incidents");
    all.iter().find(|one| one["rule"] == rule).unwrap_or_else(|| panic!("no incident {rule}: {all:#?}"))
}

/// The rules of its parts, sorted.
fn parts(incident: &Value) -> Vec<&str> {
    let mut rules: Vec<&str> =
        incident["parts"].as_array().into_iter().flatten().filter_map(|part| part["rule"].as_str()).collect();
    rules.sort_unstable();
    rules
}

/// The cause of each finding of a rule.
fn causes<'a>(checked: &'a Checked, rule: &str) -> Vec<Option<&'a str>> {
    checked.of(rule).into_iter().map(|finding| finding.0["caused_by"].as_str()).collect()
}

fn waits_for_an_answer(attempts: usize) {
    until("the clients that do not fit sent a third SYN", || {
        tcp_in(State::SynSent).iter().filter(|row| row.retransmits >= 2).count() >= attempts
    });
}

/// A server that never accepts, and more clients than fit its queue.
fn crowded(port: u16) -> impl Sized {
    let busy = Server { backlog: 4, accepts: Accepts::Nothing, ..Server::at(port) };
    let running = busy.clone().start();
    (crowd::all_at_once(busy.address, 9), running)
}

fn full_queue() {
    let fault = crowded(8080);
    waits_for_an_answer(4);
    let checked = check::run(&[]);
    let full = incident(&checked, "accept-queue-full");
    assert_eq!(full["severity"], "critical", "{full:#}");
    assert!(parts(full).contains(&"syn-sent-stuck"), "{full:#}");
    assert_eq!(causes(&checked, "syn-sent-stuck"), [Some("accept-queue-full:listener:127.0.0.1:8080")]);
    drop(fault);
    until("the fault is gone", || tcp_in(State::SynSent).is_empty());
    let cured = check::run(&[]);
    assert!(cured.alarms().is_empty(), "{:#}", cured.document);
}

fn short_queue() {
    let short = Server { backlog: 4, accepts: Accepts::OneEvery(Duration::from_millis(5)), ..Server::at(8080) };
    let running = short.clone().start();
    let clients = crowd::without_end(short.address, 20, Duration::from_millis(20));
    let is_full = || tcp_in(State::Listen).iter().any(|row| row.rx > 4);
    until("the queue is full", is_full);
    until("the backlog is the cause", || {
        let checked = check::run(&[]);
        let all = checked.document["incidents"].as_array().expect("a list");
        all.first().is_some_and(|first| {
            (&first["rule"], &first["severity"]) == (&"backlog-small".into(), &"critical".into())
                && parts(first).contains(&"accept-queue-full")
        })
    });
    // The cause alone is a notice; its effect is not.
    until("it is told so", || program::run(&["check"]).stdout.contains("CRITICAL  backlog-small"));
    running.signal(libc::SIGSTOP);
    until("the stuck queue is the cause", || {
        let checked = check::run(&["--ignore", "program-hung"]);
        let all = checked.document["incidents"].as_array().expect("a list");
        all.iter().any(|one| one["rule"] == "accept-queue-full" && parts(one).contains(&"backlog-small"))
    });
    drop((clients, running));
}

fn two_faults() {
    let far = Far::connect();
    let to = Far::at(8080);
    let _service = outgoing::serve(&far, Server { address: to, ..Server::at(8080) });
    far.fall_silent();
    let _fault = crowded(8081);
    let _attempts = outgoing::attempts(&[to, to, to]);
    waits_for_an_answer(7);
    let checked = check::run(&[]);
    let mut caused = causes(&checked, "syn-sent-stuck");
    caused.sort_unstable();
    assert_eq!(caused, [None, Some("accept-queue-full:listener:127.0.0.1:8081")], "{:#}", checked.document);
    let other = incident(&checked, "syn-sent-stuck");
    assert_eq!(other["subject"]["address"], to.ip().to_string(), "{other:#}");
    assert_eq!((parts(other).len(), &other["may_be_related"]), (0, &serde_json::json!([])), "{other:#}");
}

fn leak() {
    let leaking = Server { at_end: AtEnd::Forget, descriptors: Some(50), ..Server::at(8080) };
    let running = leaking.clone().start();
    let _clients = Load::to(leaking.address, 44).complete();
    until("all hung up", || tcp_in(State::CloseWait).len() >= 40);
    let set = ["--set", "close-wait-leak.age=1s"];
    std::thread::sleep(Duration::from_millis(1_500));
    let checked = check::run(&set);
    let leak = incident(&checked, "close-wait-leak");
    assert_eq!(leak["subject"]["pid"], running.pid(), "{leak:#}");
    assert!(parts(leak).contains(&"fd-near-limit"), "{:#}", checked.document);

    // The same server with as many open connections is near its limit by itself.
    drop((running, _clients));
    let busy = Server { at_end: AtEnd::Close, ..leaking };
    let _running = busy.clone().start();
    let _clients = Load { ends: Ends::Stays, ..Load::to(busy.address, 44) }.complete();
    let checked = check::run(&set);
    assert_eq!(causes(&checked, "fd-near-limit"), [None], "{:#}", checked.document);
}

fn ignored() {
    let _fault = crowded(8080);
    waits_for_an_answer(4);
    let checked = check::run(&["--ignore", "accept-queue-full"]);
    assert_eq!(causes(&checked, "syn-sent-stuck"), [None], "{:#}", checked.document);
    assert!(parts(incident(&checked, "syn-sent-stuck")).is_empty());
}

fn stopped() {
    let far = Far::connect();
    let to = Far::at(8080);
    let _service = outgoing::serve(&far, Server { address: to, ..Server::at(8080) });
    far.fall_silent();
    let server = Server { backlog: 4, ..Server::at(8081) };
    let running = server.clone().start();
    running.signal(libc::SIGSTOP);
    let _clients = crowd::all_at_once(server.address, 9);
    let _attempts = outgoing::attempts(&[to, to, to]);
    waits_for_an_answer(7);
    let checked = check::run(&[]);
    let hung = incident(&checked, "program-hung");
    assert_eq!((&hung["severity"], &hung["subject"]["pid"]), (&"critical".into(), &running.pid().into()), "{hung:#}");
    for part in ["accept-queue-full", "syn-sent-stuck"] {
        assert!(parts(hung).contains(&part), "{part}: {:#}", checked.document["incidents"]);
    }
    let other = incident(&checked, "syn-sent-stuck");
    assert_eq!(other["subject"]["address"], to.ip().to_string(), "{other:#}");
    assert!(parts(other).is_empty(), "{other:#}");

    running.signal(libc::SIGCONT);
    until("the queue is empty", || !tcp_in(State::SynSent).iter().any(|row| row.peer == server.address));
    let cured = check::run(&[]);
    assert!(cured.of("program-hung").is_empty() && cured.of("accept-queue-full").is_empty(), "{:#}", cured.document);
    assert!(!cured.of("syn-sent-stuck").is_empty(), "the other fault is still there: {:#}", cured.document);
}

fn stopped_and_leaking() {
    let leaking = Server { name: "leaks", at_end: AtEnd::Forget, ..Server::at(8080) };
    let stopped = Server { name: "stopped", at_end: AtEnd::Forget, ..Server::at(8081) };
    let (_leaking, running) = (leaking.clone().start(), stopped.clone().start());
    let _first = Load::to(leaking.address, 20).complete();
    let _second = Load::to(stopped.address, 10).complete();
    until("all hung up", || tcp_in(State::CloseWait).len() >= 30);
    running.signal(libc::SIGSTOP);
    // A client waits for it: a stopped program alone does no harm.
    let _waits = Load { awaits_answer: false, ends: Ends::Stays, ..Load::to(stopped.address, 1) }.complete();
    let set = ["--set", "close-wait-leak.age=1s"];
    std::thread::sleep(Duration::from_millis(1_500));
    let checked = check::run(&set);
    let mut caused = causes(&checked, "close-wait-leak");
    caused.sort_unstable();
    let hung = format!("program-hung:process:{}", running.pid());
    assert_eq!(caused, [None, Some(hung.as_str())], "{:#}", checked.document);
    let leak = incident(&checked, "close-wait-leak");
    assert_eq!(leak["subject"]["program"], "leaks", "{leak:#}");
}

/// A fault of a program, shown by four processes at one listener.
struct OfWorkers {
    rule: &'static str,
    arguments: &'static [&'static str],
    /// The program, faulty and mended.
    faulty: fn(u16) -> Server,
    mended: fn(Server) -> Server,
    ends: Ends,
    clients: usize,
}

/// A server whose workers take turns.
fn in_turns(port: u16) -> Server {
    Server { accepts: Accepts::OneEvery(Duration::from_millis(5)), ..Server::at(port) }
}

const OF_WORKERS: &[OfWorkers] = &[
    OfWorkers {
        rule: "close-wait-leak",
        arguments: &["--set", "close-wait-leak.age=1s"],
        faulty: |port| Server { at_end: AtEnd::Forget, ..in_turns(port) },
        mended: |server| Server { at_end: AtEnd::Close, ..server },
        ends: Ends::Closes,
        clients: 80,
    },
    OfWorkers {
        rule: "close-wait-unread",
        arguments: &["--set", "close-wait-unread.age=1s"],
        faulty: |port| Server { reads: Reads::Nothing, answers: Answers::Nothing, ..in_turns(port) },
        mended: |server| Server { reads: Reads::All, answers: Answers::Echo, ..server },
        ends: Ends::Closes,
        clients: 80,
    },
    OfWorkers {
        rule: "unread-requests",
        arguments: &["--set", "unread-requests.age=1s"],
        faulty: |port| Server { reads: Reads::Nothing, answers: Answers::Nothing, ..in_turns(port) },
        mended: |server| Server { reads: Reads::All, answers: Answers::Echo, ..server },
        ends: Ends::Stays,
        clients: 80,
    },
    OfWorkers {
        rule: "closed-fd-leak",
        arguments: &["--deep"],
        faulty: |port| Server { at_end: AtEnd::Forget, descriptors: Some(400), ..in_turns(port) },
        mended: |server| Server { at_end: AtEnd::Close, ..server },
        ends: Ends::Aborts,
        clients: 200,
    },
    OfWorkers {
        rule: "fd-near-limit",
        arguments: &[],
        faulty: |port| Server { descriptors: Some(40), ..in_turns(port) },
        mended: |server| Server { descriptors: Some(1_000), ..server },
        ends: Ends::Stays,
        clients: 150,
    },
];

fn workers(which: usize) {
    let one = &OF_WORKERS[which];
    let all = |checked: &Checked| -> Vec<Value> {
        let all = checked.document["incidents"].as_array().cloned().unwrap_or_default();
        all.into_iter().filter(|incident| incident["rule"] == one.rule).collect()
    };
    let load = |server: &Server, clients| {
        // Whoever is not read gets no answer, and of those beyond a limit some stay in the queue.
        let awaits_answer = server.reads == Reads::All && server.descriptors.is_none_or(|most| most >= 400);
        let load = Load { awaits_answer, ends: one.ends, ..Load::to(server.address, clients) };
        if awaits_answer { load.complete() } else { load.begin() }
    };
    let first = (one.faulty)(8080);
    let running = first.clone().start_workers(4);
    let clients = load(&first, one.clients);
    let is_one = |checked: &Checked| {
        let found = all(checked);
        let several = found.iter().filter(|one| program(one)["processes"].as_u64() > Some(1)).count();
        (found.len(), several) == (1, 1)
    };
    until_seen(&format!("one {}", one.rule), one.arguments, &is_one);

    let second = Server { name: "other", ..(one.faulty)(8081) };
    let other = second.clone().start();
    let of_other = load(&second, one.clients / 2);
    let are_two = |checked: &Checked| {
        let found = all(checked);
        found.len() == 2 && found.iter().filter(|one| program(one)["program"] == "other").count() == 1
    };
    until_seen(&format!("two {}", one.rule), one.arguments, &are_two);
    drop((of_other, other, clients, running));
    until("all have ended", || tcp_in(State::Listen).is_empty());

    let mended = (one.mended)(first);
    let running = mended.clone().start_workers(4);
    let clients = load(&mended, one.clients);
    until("all clients came", || tcp_in(State::Listen).iter().all(|row| row.rx == 0));
    std::thread::sleep(Duration::from_millis(1_500));
    until_seen(&format!("no {}", one.rule), one.arguments, &|checked| checked.of(one.rule).is_empty());
    drop((clients, running));
}

/// The program of an incident, which is its subject or that of its listener.
fn program(incident: &Value) -> &Value {
    let subject = &incident["subject"];
    if subject["kind"] == "listener" { &subject["program"] } else { subject }
}

/// Repeats the run until its result is as expected.
#[track_caller]
fn until_seen(what: &str, arguments: &[&str], holds: &dyn Fn(&Checked) -> bool) {
    let mut last = None;
    let end = std::time::Instant::now() + Duration::from_secs(60);
    while std::time::Instant::now() < end {
        let checked = check::run(arguments);
        if holds(&checked) {
            return;
        }
        last = Some(checked);
        std::thread::sleep(Duration::from_millis(200));
    }
    panic!("not {what}: {:#}", last.map(|checked| checked.document["incidents"].clone()).unwrap_or_default());
}

/// Takes a connection, connects to another place, and passes on what comes until that takes no more.
fn relay(from: u16, to: SocketAddr) -> Actor {
    Actor::start("relay", None, move |ready| {
        let listener = TcpListener::bind(("127.0.0.1", from)).expect("a listener");
        ready.now();
        for client in listener.incoming() {
            let (mut client, mut onward) = (client.expect("a client"), TcpStream::connect(to).expect("a server"));
            std::thread::spawn(move || std::io::copy(&mut client, &mut onward));
        }
        stay()
    })
}

fn relayed() {
    let server = Server { reads: Reads::Nothing, answers: Answers::Nothing, ..Server::at(8081) };
    let running = server.clone().start();
    let between = relay(8080, server.address);
    let through = SocketAddr::from(([127, 0, 0, 1], 8080));
    let client = Sender::to(through, 3).start();
    let blocked = |checked: &Checked| -> Vec<Value> {
        let all = checked.document["incidents"].as_array().cloned().unwrap_or_default();
        all.into_iter().filter(|one| one["rule"] == "peer-zero-window").collect()
    };
    // Both legs wait for the server, which alone does not read.
    until_seen("one incident of both legs", &[], &|checked| {
        let both = |one: &Value| one.to_string().contains("\"relay\"") && one["subject"]["port"] == 8081;
        let proven =
            checked.of("peer-zero-window").iter().any(|one| one.0.to_string().contains("in turn does not read"));
        matches!(blocked(checked).as_slice(), [one] if both(one)) && proven
    });
    // A second service that does not read, with its own client, is another.
    let apart = Server { name: "apart", reads: Reads::Nothing, answers: Answers::Nothing, ..Server::at(8082) };
    let (other, of_other) = (apart.clone().start(), Sender::to(apart.address, 3).start());
    until_seen("two incidents", &[], &|checked| blocked(checked).len() == 2);
    drop((of_other, other));
    drop(running);
    let _reads = Server { answers: Answers::Nothing, ..server }.start();
    drop(client);
    let _client = Sender::to(through, 3).start();
    until_seen("nothing", &[], &|checked| checked.of("peer-zero-window").is_empty());
    drop(between);
}

/// A program whose threads each take a client, ask the next service for it, and pass the answer on.
fn asks(name: &'static str, port: u16, threads: usize, next: SocketAddr) -> Actor {
    Actor::start(name, None, move |ready| {
        let listener = TcpListener::bind(("127.0.0.1", port)).expect("a listener");
        ready.now();
        let serve = || {
            for client in listener.incoming() {
                let mut client = client.expect("a client");
                // Whoever has gone needs no answer, and gives none.
                let Ok(mut service) = TcpStream::connect(next) else { continue };
                let mut byte = [0];
                let _ = client.read_exact(&mut byte).and_then(|()| service.write_all(&byte));
                let _ = service.read_exact(&mut byte).and_then(|()| client.write_all(&byte));
            }
        };
        std::thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(serve))));
        stay()
    })
}

/// Clients of a proxy, whose threads wait for an application, whose threads wait for a database.
fn chain() {
    let database = Server { name: "database", backlog: 4, ..Server::at(8082) };
    let running = database.clone().start();
    let application = |threads| asks("application", 8081, threads, database.address);
    let proxy = |threads| asks("proxy", 8080, threads, Server::at(8081).address);
    let clients =
        |n| Load { request: 1, awaits_answer: false, ends: Ends::Stays, ..Load::to(Server::at(8080).address, n) };
    let root = format!("program-hung:process:{}", running.pid());
    let is_one = |checked: &Checked, parts: &[(&str, usize)]| {
        // TIME_WAIT of served clients is worth an "ok".
        let all = checked.document["incidents"].as_array().into_iter().flatten();
        let all: Vec<&Value> = all.filter(|one| one["severity"] != "ok").collect();
        let is_root = |one: &Value| one["id"] == root.as_str() && one["severity"] == "critical";
        let is_root = matches!(all.as_slice(), [one] if is_root(one));
        let are_caused = |(rule, n): &(&str, usize)| {
            let caused = causes(checked, rule);
            caused.len() == *n && caused.iter().all(Option::is_some)
        };
        is_root && parts.iter().all(are_caused)
    };

    let programs = (application(1), proxy(4));
    let served = Load { awaits_answer: true, ends: Ends::Closes, ..clients(8) }.complete();
    let healthy = check::run(&[]);
    assert!(healthy.alarms().is_empty(), "{:#}", healthy.document);
    drop(served);
    running.signal(libc::SIGSTOP);
    let waiting = clients(8).begin();
    // Four wait for the proxy, three of its requests for the application, and the one of that for the database.
    until_seen("one incident", &[], &|checked| is_one(checked, &[("unaccepted-established", 3)]));
    running.signal(libc::SIGCONT);
    until_seen("nothing", &[], &|checked| checked.alarms().is_empty());
    running.signal(libc::SIGSTOP);
    drop((waiting, programs));

    // More of them ask the database than fit into its queue.
    let programs = (application(12), proxy(16));
    let waiting = clients(20).begin();
    let parts = [("unaccepted-established", 2), ("accept-queue-full", 1), ("syn-sent-stuck", 1)];
    until_seen("one incident of a full queue", &[], &|checked| is_one(checked, &parts));
    running.signal(libc::SIGCONT);
    until_seen("nothing", &[], &|checked| checked.alarms().is_empty());
    drop((waiting, programs));
}

fn compared() {
    let before = std::env::temp_dir().join("before.sockdoc");
    let before = before.to_str().expect("a path");
    let recorded = program::run(&["record", "-o", before]);
    assert_eq!(recorded.code, Some(0), "{recorded:?}");
    let fault = crowded(8080);
    waits_for_an_answer(4);
    let compare = |options: &[&str]| program::run(&[&["diff", before, "now"], options].concat());
    let said = compare(&["--json"]);
    let document: Value = serde_json::from_str(&said.stdout).expect("JSON");
    let appeared = document["incidents"]["appeared"].as_array().expect("a list");
    let full = appeared.iter().find(|one| one["id"] == "accept-queue-full:listener:127.0.0.1:8080").expect("the cause");
    let results: Vec<&str> = full["parts"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    assert!(results.iter().any(|id| id.starts_with("syn-sent-stuck:")), "{document:#}");
    let text = compare(&[]).stdout;
    assert!(text.lines().last().is_some_and(|last| last.starts_with(&format!("{} new", appeared.len()))), "{text}");
    let (cause, result) = (text.find("accept-queue-full"), text.find("syn-sent-stuck"));
    assert!(cause.is_some() && cause < result, "{text}");
    drop(fault);
}

fn too_young() {
    // Long enough for a look on a busy machine.
    set_sysctl("net.ipv4.tcp_syn_retries", "10").expect("a setting of this namespace");
    let set = ["--set", "last-ack-stuck.retries=7", "--set", "syn-sent-stuck.retrans=8"];
    let look = || program::run(&[&["check"], &set[..]].concat()).stdout;
    let says = |what: &str| until(what, || look().contains(what));
    let leaking = Server { at_end: AtEnd::Forget, ..Server::at(8080) };
    let running = leaking.clone().start();
    let clients = Load::to(leaking.address, 12).complete();
    says("12 CLOSE_WAIT younger than 1 min");
    drop((clients, running));

    let server = Server::at(8081);
    let running = server.clone().start();
    let deaf = Deaf::finished(server.address, 12);
    says("12 LAST_ACK without an answer for less than 25 s");
    deaf.hear();
    drop((deaf, running));

    let far = Far::connect();
    far.fall_silent();
    let _attempts = outgoing::attempts(&[Far::at(8080); 12]);
    says("12 SYN_SENT without an answer for less than 19 s");
    until("they are old enough", || !check::run(&set).of("syn-sent-stuck").is_empty());
    assert!(!look().contains("too short for"), "a finding says enough");
}
