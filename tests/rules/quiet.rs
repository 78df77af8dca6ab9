//! Healthy hosts: `sockdoc check` says nothing at warning or above, in one look and in two deep ones, under load and after.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use crate::lab::actor::{Actor, stay};
use crate::lab::check;
use crate::lab::counts::{Inet, State};
use crate::lab::load::{Ends, Load};
use crate::lab::mass;
use crate::lab::proc_net::{tcp_counts, until};
use crate::lab::server::{Answers, AtEnd, Reads, Server};
use crate::lab::traffic::loopback;

/// A host on which nothing is wrong.
pub(crate) struct Scenario {
    /// Its name.
    pub(crate) name: &'static str,
    /// The condition, in one line.
    pub(crate) what: &'static str,
    /// Thresholds that are made so sharp that only the rule's other conditions keep it silent.
    pub(crate) set: &'static [&'static str],
    /// Whether it takes a minute and more.
    pub(crate) is_slow: bool,
    /// Makes it, and checks it.
    pub(crate) show: fn(&Watch),
}

/// Looks at the host, and fails when it is called ill.
pub(crate) struct Watch {
    set: Vec<String>,
}

/// All of them.
pub(crate) const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "a fresh host",
        what: "An empty network namespace",
        set: &[],
        is_slow: false,
        show: |watch| watch.looks(),
    },
    Scenario {
        name: "a busy server",
        what: "20,000 inbound TIME_WAIT, and connections that come and go as fast as they can, during and after",
        set: &[],
        is_slow: false,
        show: busy_server,
    },
    Scenario {
        name: "clients that close first",
        what: "A client with a new connection for each of 300 requests a second, which closes first: 3 % of its ports",
        set: &[],
        is_slow: false,
        show: closing_clients,
    },
    Scenario {
        name: "a half-close",
        what: "Ten clients that have finished and still get their answer, a byte every 50 ms",
        set: &["close-wait-leak.age=1s", "close-wait-unread.age=1s"],
        is_slow: false,
        show: half_close,
    },
    Scenario {
        name: "an idle connection",
        what: "An SSH session without input, without keepalive",
        set: &[],
        is_slow: false,
        show: idle,
    },
    Scenario {
        name: "an idle pool of clients",
        what: "Twenty pooled connections, ten of which the server closed in the meantime",
        set: &["close-wait-leak.age=1s", "close-wait-unread.age=1s"],
        is_slow: false,
        show: idle_pool,
    },
    Scenario {
        name: "a reader that limits its rate",
        what: "A client that takes 64 KiB/s of what a server sends as fast as it can",
        set: &[],
        is_slow: false,
        show: rate_limited,
    },
    Scenario {
        name: "a relay",
        what: "A relay that passed five half-closes on to a server that takes its time",
        set: &["close-wait-leak.age=1s", "close-wait-unread.age=1s", "relay-waits.age=1s", "fin-wait2-held.age=1s"],
        is_slow: false,
        show: relay,
    },
    Scenario {
        name: "a listener with TCP_DEFER_ACCEPT",
        what: "Twenty clients that connected and have not spoken yet, and others that are served",
        set: &["syn-recv-pileup.old-share=1%"],
        is_slow: false,
        show: deferred,
    },
    Scenario {
        name: "socket activation",
        what: "A listener that one process made and another serves; both hold it",
        set: &[],
        is_slow: false,
        show: activation,
    },
    Scenario {
        name: "a half-close for longer than any threshold",
        what: "The same half-close for 130 s, at the default thresholds",
        set: &[],
        is_slow: true,
        show: long_half_close,
    },
];

/// Runs one.
pub(crate) fn run(scenario: &Scenario) {
    // A rule that is yet to come cannot raise an alarm, nor has it thresholds.
    let is_known = |set: &&&str| set.split('.').next().is_some_and(|rule| sockdoc::rules::find(rule).is_some());
    let set = scenario.set.iter().filter(is_known).flat_map(|set| ["--set".to_owned(), (*set).to_owned()]).collect();
    (scenario.show)(&Watch { set });
}

impl Watch {
    #[track_caller]
    fn looks(&self) {
        for between in [&[][..], &["--for", "2s", "--deep"][..]] {
            let set: Vec<&str> = self.set.iter().map(String::as_str).collect();
            let seen = check::run(&[&set, between].concat());
            assert!(seen.alarms().is_empty(), "a false alarm {between:?}: {:#?}", seen.alarms());
        }
    }
}

fn busy_server(watch: &Watch) {
    let past = mass::time_wait_at_server(Inet::V4, 20_000);
    let server = Server { answers: Answers::OnceThenCloses, ..Server::at(8080) };
    let running = server.clone().start();
    let load = Load { ends: Ends::Follows, ..Load::to(server.address, usize::MAX) };
    let clients = [load.clone().begin(), load.begin()];
    std::thread::sleep(Duration::from_secs(1));
    assert!(tcp_counts().state(State::TimeWait) > 20_000);
    watch.looks();
    drop(clients);
    watch.looks();
    drop((running, past));
}

fn closing_clients(watch: &Watch) {
    let server = Server::at(8080);
    let _running = server.clone().start();
    let clients = Load { per_second: Some(300), ..Load::to(server.address, 900) }.complete();
    watch.looks();
    drop(clients);
    watch.looks();
}

/// A server that goes on sending after the end of what it reads.
fn patient_answers(port: u16) -> Actor {
    Actor::start("patient-server", None, move |ready| {
        let listener = TcpListener::bind(loopback(1, port)).expect("a listener");
        ready.now();
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            std::thread::spawn(move || {
                let mut question = vec![];
                stream.read_to_end(&mut question).expect("the question, to its end");
                while stream.write_all(b"x").is_ok() {
                    std::thread::sleep(Duration::from_millis(50));
                }
            });
        }
    })
}

/// A client that finishes and reads on.
fn patient_questions(port: u16, n: usize) -> Actor {
    Actor::start("patient-client", None, move |ready| {
        let streams: Vec<TcpStream> = (0..n)
            .map(|_| {
                let mut stream = TcpStream::connect(loopback(1, port)).expect("a connection");
                stream.write_all(b"?").expect("a question");
                stream.shutdown(std::net::Shutdown::Write).expect("its end");
                stream
            })
            .collect();
        ready.now();
        for mut stream in streams {
            std::thread::spawn(move || while stream.read(&mut [0; 64]).is_ok_and(|length| length > 0) {});
        }
        stay();
    })
}

fn half_close(watch: &Watch) {
    let _server = patient_answers(8080);
    let _clients = patient_questions(8080, 10);
    until("half-closed", || tcp_counts().state(State::CloseWait) == 10);
    std::thread::sleep(Duration::from_millis(1_500));
    watch.looks();
    assert_eq!(tcp_counts().state(State::CloseWait), 10);
}

fn long_half_close(watch: &Watch) {
    let _server = patient_answers(8080);
    let _clients = patient_questions(8080, 10);
    std::thread::sleep(Duration::from_secs(130));
    watch.looks();
    assert_eq!(tcp_counts().state(State::CloseWait), 10);
}

fn idle(watch: &Watch) {
    let server = Server::at(22);
    let _running = Server { name: "sshd", ..server.clone() }.start();
    let _client = Load { ends: Ends::Stays, ..Load::to(server.address, 1) }.complete();
    watch.looks();
}

fn idle_pool(watch: &Watch) {
    let server = Server { answers: Answers::OnceThenCloses, ..Server::at(8080) };
    let _running = server.clone().start();
    let stays = Server::at(8081);
    let _stays = stays.clone().start();
    let _closed = Load { ends: Ends::Stays, ..Load::to(server.address, 10) }.complete();
    let _open = Load { ends: Ends::Stays, ..Load::to(stays.address, 10) }.complete();
    until("the server hung up", || tcp_counts().state(State::CloseWait) == 10);
    std::thread::sleep(Duration::from_millis(1_500));
    watch.looks();
}

fn rate_limited(watch: &Watch) {
    let server = Server { answers: Answers::Flood, reads: Reads::Nothing, ..Server::at(8080) };
    let _running = server.clone().start();
    let _client = Actor::start("slow-reader", None, move |ready| {
        let mut stream = TcpStream::connect(server.address).expect("a connection");
        ready.now();
        let mut buffer = [0; 16_384];
        while stream.read(&mut buffer).is_ok_and(|length| length > 0) {
            std::thread::sleep(Duration::from_millis(250));
        }
    });
    std::thread::sleep(Duration::from_secs(3));
    watch.looks();
}

fn relay(watch: &Watch) {
    let server = Server { at_end: AtEnd::After(Duration::from_secs(60)), ..Server::at(8081) };
    let _running = server.clone().start();
    let _relay = Actor::start("relay", None, move |ready| {
        let listener = TcpListener::bind(loopback(1, 8080)).expect("a listener");
        ready.now();
        for near in listener.incoming() {
            let mut near = near.expect("a connection");
            let mut far = TcpStream::connect(server.address).expect("the server");
            let (mut back_from, mut back_to) = (far.try_clone().expect("a copy"), near.try_clone().expect("a copy"));
            for (from, to) in [(&mut near, &mut far), (&mut back_from, &mut back_to)] {
                let (mut from, mut to) = (from.try_clone().expect("a copy"), to.try_clone().expect("a copy"));
                std::thread::spawn(move || {
                    // Passes all on, the end too, as socat and docker-proxy do.
                    let _ = std::io::copy(&mut from, &mut to);
                    let _ = to.shutdown(std::net::Shutdown::Write);
                    stay();
                });
            }
        }
    });
    let _clients = Load { ends: Ends::Finishes, ..Load::to(loopback(1, 8080), 5) }.complete();
    until("both ends of both legs", || tcp_counts().state(State::CloseWait) == 10);
    std::thread::sleep(Duration::from_millis(1_500));
    watch.looks();
}

fn deferred(watch: &Watch) {
    let server = Server { defers: Some(30), ..Server::at(8080) };
    let _running = server.clone().start();
    let silent = Load { request: 0, ends: Ends::Stays, ..Load::to(server.address, 20) };
    let _silent = silent.complete();
    let _served = Load { per_second: Some(20), ..Load::to(server.address, usize::MAX) }.begin();
    until("deferred", || tcp_counts().state(State::SynRecv) >= 20);
    std::thread::sleep(Duration::from_millis(1_500));
    watch.looks();
}

fn activation(watch: &Watch) {
    let _activator = Actor::start("activator", None, |ready| {
        let listener = TcpListener::bind(loopback(1, 8080)).expect("a listener");
        ready.now();
        // The first client wakes the service, which inherits the listener.
        let descriptor = rustix::event::PollFd::new(&listener, rustix::event::PollFlags::IN);
        let _ = rustix::event::poll(&mut [descriptor], None);
        let _service = crate::lab::process::Process::fork(|| {
            for stream in listener.incoming().flatten() {
                let (mut from, mut to) = (stream.try_clone().expect("a copy"), stream);
                let _ = std::io::copy(&mut from, &mut to);
            }
            0
        });
        stay();
    });
    let _clients = Load { per_second: Some(20), ..Load::to(loopback(1, 8080), usize::MAX) }.begin();
    std::thread::sleep(Duration::from_millis(500));
    watch.looks();
}
