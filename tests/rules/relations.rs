//! Relations between rules on the real kernel: a fault is one incident with its cause at the head; a second fault
//! beside it is another incident; without the rule of the cause its results are separate; and with the fault all of
//! them go.

use std::any::Any;
use std::io::Write;
use std::net::{SocketAddr, TcpStream};
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

use rustix::net::{SendFlags, send};
use serde_json::Value;
use sockdoc::model::incident::Link;
use sockdoc::rules::relations::SharedBy;

use super::{port_exhaustion, program_hung, rcv_prune, syn_recv_pileup, udp_drops, unix_backlog_full};
use crate::lab::actor::{Actor, stay};
use crate::lab::check::{self, Checked};
use crate::lab::counts::State;
use crate::lab::line::{self, Line};
use crate::lab::load::{Ends, Load};
use crate::lab::namespace::set_sysctl;
use crate::lab::outgoing::{self, Port};
use crate::lab::path::Far;
use crate::lab::proc_net::{counter, tcp_in, until};
use crate::lab::sender::{Sender, Sends};
use crate::lab::server::{Accepts, Answers, AtEnd, Reads, Server};
use crate::lab::traffic::{self, loopback};
use crate::lab::{crowd, overflow};

/// The parts of a fault; it ends when this is dropped.
type Fault = Box<dyn Any>;

/// Mends what a fault left outside its processes, when the fault ends.
struct Mended<T>(T, fn(&T));

impl<T> Drop for Mended<T> {
    fn drop(&mut self) {
        (self.1)(&self.0);
    }
}

/// A fault with all that follows from it.
pub(crate) struct Shown {
    pub(crate) name: &'static str,
    /// The rule at the head of the incident.
    pub(crate) root: &'static str,
    /// The findings below it: the rule, and the kind of relation.
    pub(crate) parts: &'static [(&'static str, &'static str)],
    /// The arguments of `check`.
    arguments: &'static [&'static str],
    make: fn() -> Fault,
}

const CAUSED: &str = "caused";
const CONTRIBUTES: &str = "contributes";
const SAME: &str = "same-fault";
const TWO_SAMPLES: &[&str] = &["--for", "1s"];
/// FIN_WAIT2 lasts a minute, so that a host that stands still for some seconds does not hide all of it.
const SOON_OLD: &str = "fin-wait2-peer.elapsed=0.05";
/// The part of the time for which the buffer was full falls with each second after.
const STILL_LIMITED: &str = "sndbuf-limited.limited=0.03";

pub(crate) const RELATIONS: &[Shown] = &[
    Shown {
        name: "a full accept queue, its drops and its clients",
        root: "accept-queue-full",
        parts: &[("listen-drops", CAUSED), ("syn-sent-stuck", CAUSED), ("backlog-small", CONTRIBUTES)],
        arguments: TWO_SAMPLES,
        make: || Box::new(crowded(busy(4))),
    },
    Shown {
        name: "a full accept queue, and handshakes that do not fit into it",
        root: "accept-queue-full",
        parts: &[("syn-recv-pileup", CAUSED)],
        arguments: &[],
        make: || {
            let server = busy(16);
            Box::new((server.clone().start(), syn_recv_pileup::late(&server, 12)))
        },
    },
    Shown {
        name: "a full accept queue and clients that gave up in it",
        root: "accept-queue-full",
        parts: &[("close-wait-unaccepted", CAUSED)],
        arguments: &[],
        make: || {
            let server = busy(8);
            let running = server.clone().start();
            let gone = waiting(&server, 5, Ends::Closes);
            Box::new((running, gone, crowd::all_at_once(server.address, 8)))
        },
    },
    Shown {
        name: "the system caps a full accept queue",
        root: "accept-queue-full",
        parts: &[("listen-drops", CAUSED), ("somaxconn-clamp", CONTRIBUTES)],
        arguments: TWO_SAMPLES,
        make: || {
            set_sysctl("net.core.somaxconn", "4").expect("a setting of this namespace");
            Box::new(crowded(busy(64)))
        },
    },
    Shown {
        name: "a full accept queue, and clients that believe they are connected",
        root: "accept-queue-full",
        parts: &[("path-dead", CAUSED)],
        arguments: &[],
        make: || {
            let server = busy(64);
            let running = server.clone().start();
            let [late, early] = syn_recv_pileup::late(&server, 5);
            for client in &late {
                until("it is connected", || send(client, b"?", SendFlags::DONTWAIT | SendFlags::NOSIGNAL).is_ok());
            }
            Box::new((running, late, early))
        },
    },
    Shown {
        name: "a backlog too small for clients far away, which stay",
        root: "backlog-small",
        parts: &[("path-dead", CAUSED), ("syn-sent-stuck", CAUSED), ("syn-recv-pileup", CAUSED)],
        arguments: NOT_FULL,
        make: || patient(6),
    },
    Shown {
        name: "a system limit too small for clients far away, which stay",
        root: "somaxconn-clamp",
        parts: &[("path-dead", CAUSED), ("syn-sent-stuck", CAUSED), ("syn-recv-pileup", CAUSED)],
        arguments: NOT_FULL,
        make: || {
            set_sysctl("net.core.somaxconn", "6").expect("a setting of this namespace");
            patient(1_024)
        },
    },
    Shown {
        name: "a nearly full queue, and the clients in it",
        root: "accept-queue-high",
        parts: &[("unaccepted-established", SAME), ("close-wait-unaccepted", SAME)],
        arguments: &[],
        make: || {
            let server = busy(16);
            let running = server.clone().start();
            Box::new((running, waiting(&server, 6, Ends::Stays), waiting(&server, 6, Ends::Closes)))
        },
    },
    Shown {
        name: "a few clients in a queue, and some that gave up in it",
        root: "unaccepted-established",
        parts: &[("close-wait-unaccepted", SAME)],
        arguments: &[],
        make: || {
            let server = busy(64);
            let running = server.clone().start();
            Box::new((running, waiting(&server, 4, Ends::Stays), waiting(&server, 3, Ends::Closes)))
        },
    },
    Shown {
        name: "clients in a queue that send until no buffer takes more",
        root: "unaccepted-established",
        parts: &[("peer-zero-window", CAUSED)],
        arguments: &[],
        make: || sent_to_queue(64),
    },
    Shown {
        name: "clients in a full queue that send until no buffer takes more",
        root: "accept-queue-full",
        parts: &[("peer-zero-window", CAUSED)],
        arguments: &[],
        make: || sent_to_queue(4),
    },
    Shown {
        name: "two queues of one port, one of them full, and the clients in the other",
        root: "accept-queue-full",
        parts: &[("unaccepted-established", CAUSED)],
        arguments: &[],
        make: || {
            let worker = |backlog| Server { shares_port: true, ..busy(backlog) };
            let running = [4, 64].map(|backlog| worker(backlog).start());
            Box::new((crowd::all_at_once(worker(4).address, 40), running))
        },
    },
    Shown {
        name: "a backlog that a program empties, and its full queue",
        root: "backlog-small",
        parts: &[("accept-queue-full", CAUSED)],
        arguments: &[],
        make: || Box::new(emptied(Server { backlog: 4, ..Server::at(8080) })),
    },
    Shown {
        name: "a system limit for a queue that a program empties",
        root: "somaxconn-clamp",
        parts: &[("accept-queue-full", CAUSED)],
        arguments: &[],
        make: || {
            set_sysctl("net.core.somaxconn", "4").expect("a setting of this namespace");
            Box::new(emptied(Server::at(8080)))
        },
    },
    Shown {
        name: "a backlog that a program empties, and its nearly full queue",
        root: "backlog-small",
        parts: &[("accept-queue-high", CAUSED)],
        arguments: TWO_SAMPLES,
        make: || Box::new(emptied(Server { backlog: 4, ..Server::at(8080) })),
    },
    Shown {
        name: "a system limit for a queue that a program empties, and the nearly full queue",
        root: "somaxconn-clamp",
        parts: &[("accept-queue-high", CAUSED)],
        arguments: TWO_SAMPLES,
        make: || {
            set_sysctl("net.core.somaxconn", "4").expect("a setting of this namespace");
            Box::new(emptied(Server::at(8080)))
        },
    },
    Shown {
        name: "a backlog too small for the bursts of a program that accepts",
        root: "backlog-small",
        parts: &[("listen-drops", CAUSED)],
        arguments: TWO_SAMPLES,
        make: || Box::new(bursts(Server { backlog: 5, reads: Reads::Slowly(4_096), ..Server::at(8080) })),
    },
    Shown {
        name: "a system limit too small for the bursts of a program that accepts",
        root: "somaxconn-clamp",
        parts: &[("listen-drops", CAUSED)],
        arguments: TWO_SAMPLES,
        make: || {
            set_sysctl("net.core.somaxconn", "5").expect("a setting of this namespace");
            Box::new(bursts(Server { reads: Reads::Slowly(4_096), ..Server::at(8080) }))
        },
    },
    Shown {
        name: "a leak and the other end of it",
        root: "close-wait-leak",
        parts: &[("fin-wait2-peer", CAUSED)],
        arguments: &["--set", "close-wait-leak.age=1s", "--set", SOON_OLD],
        make: || leaking(Server { at_end: AtEnd::Forget, ..Server::at(8080) }, 60, Ends::Closes),
    },
    Shown {
        name: "a leak and clients that wait for its end",
        root: "close-wait-leak",
        parts: &[("fin-wait2-held", CAUSED)],
        arguments: &["--set", "close-wait-leak.age=1s", "--set", "fin-wait2-held.age=1s"],
        make: || leaking(Server { at_end: AtEnd::Forget, ..Server::at(8080) }, 20, Ends::Finishes),
    },
    Shown {
        name: "unread connections, their other end, and the descriptors that they use",
        root: "close-wait-unread",
        parts: &[("fin-wait2-peer", CAUSED), ("fd-near-limit", CAUSED)],
        arguments: &["--set", "close-wait-unread.age=1s", "--set", SOON_OLD],
        make: || leaking(Server { descriptors: Some(70), ..deaf(8080) }, 60, Ends::Closes),
    },
    Shown {
        name: "unread connections, and clients that wait for their end",
        root: "close-wait-unread",
        parts: &[("fin-wait2-held", CAUSED)],
        arguments: &["--set", "close-wait-unread.age=1s", "--set", "fin-wait2-held.age=1s"],
        make: || leaking(deaf(8080), 20, Ends::Finishes),
    },
    Shown {
        name: "descriptors of dead sockets that use up the limit",
        root: "closed-fd-leak",
        parts: &[("fd-near-limit", CAUSED)],
        arguments: &["--deep"],
        make: || {
            let server = Server { at_end: AtEnd::Forget, descriptors: Some(100), ..Server::at(8080) };
            let running = server.clone().start();
            Box::new((running, Load { ends: Ends::Aborts, ..Load::to(server.address, 90) }.complete()))
        },
    },
    Shown {
        name: "a program without free descriptors, its full queue and its drops",
        root: "fd-near-limit",
        parts: &[("accept-queue-full", CAUSED), ("listen-drops", CAUSED)],
        arguments: TWO_SAMPLES,
        make: || exhausted(8, 60, Ends::Stays),
    },
    Shown {
        name: "a program without free descriptors, and the clients that wait for it",
        root: "fd-near-limit",
        parts: &[("accept-queue-high", CAUSED), ("unaccepted-established", CAUSED)],
        arguments: &[],
        make: || exhausted(16, 27, Ends::Stays),
    },
    Shown {
        name: "a program without free descriptors, and clients that gave up on it",
        root: "fd-near-limit",
        parts: &[("close-wait-unaccepted", CAUSED)],
        arguments: &[],
        make: || Box::new((exhausted(32, 22, Ends::Stays), waiting(&Server::at(8080), 5, Ends::Closes))),
    },
    Shown {
        name: "a dead path, and the connections that wait for it",
        root: "path-dead",
        parts: &[
            ("keepalive-failing", CAUSED),
            ("fin-wait1-orphans", CAUSED),
            ("last-ack-stuck", CAUSED),
            ("loss-high", CAUSED),
            ("syn-sent-stuck", SAME),
        ],
        arguments: &["--set", "path-dead.retrans=2", "--set", "path-dead.lost=4"],
        make: dead_path,
    },
    Shown {
        name: "a peer that stopped reading, and a send buffer that limited its connection",
        root: "peer-zero-window",
        parts: &[("sndbuf-limited", CAUSED)],
        arguments: &["--set", "sndbuf-limited.busy=3s", "--set", STILL_LIMITED],
        make: || {
            let far = Far::connect();
            let line = Line::to(&far, Duration::from_millis(20));
            let server = Server {
                answers: Answers::Nothing,
                address: Far::at(8080),
                receive_buffer: Some(100_000),
                ..Server::at(8080)
            };
            let running = far.start("far-server", move |ready| server.run(ready));
            let client = Sender { send_buffer: Some(16_384), ..Sender::to(Far::at(8080), 2) }.start();
            std::thread::sleep(Duration::from_secs(6));
            running.signal(libc::SIGSTOP);
            Box::new((client, running, line, far))
        },
    },
    Shown {
        name: "ports in TIME_WAIT that may not be reused",
        root: "port-exhaustion",
        parts: &[("time-wait-client", CONTRIBUTES), ("tw-reuse-blocked", CONTRIBUTES)],
        arguments: &[],
        make: || {
            let (far, running, to) = port_exhaustion::fresh(Answers::Echo);
            port_exhaustion::requests(to, 100);
            Box::new((Mended((), more_ports), running, far))
        },
    },
    Shown {
        name: "a range of ports used up by connections to one service",
        root: "port-exhaustion",
        parts: &[("port-range-pressure", CONTRIBUTES)],
        arguments: &[],
        make: || {
            traffic::only_ports(100);
            let server = Server { address: (std::net::Ipv4Addr::UNSPECIFIED, 8080).into(), ..Server::at(8080) }.start();
            let others = outgoing::holder(&[loopback(2, 8080), loopback(3, 8080)], 50, Port::AtConnect);
            let busiest = outgoing::holder(&[loopback(1, 8080)], 92, Port::AtConnect);
            Box::new((Mended((), more_ports), others, busiest, server))
        },
    },
    Shown {
        name: "a stopped server, its full queue and its clients",
        root: "program-hung",
        parts: &[("accept-queue-full", CAUSED), ("listen-drops", CAUSED), ("syn-sent-stuck", CAUSED)],
        arguments: TWO_SAMPLES,
        make: || {
            let server = Server { backlog: 4, ..Server::at(8080) };
            let running = server.clone().start();
            running.signal(libc::SIGSTOP);
            Box::new((crowd_before(&server), running))
        },
    },
    Shown {
        name: "a stopped server, its queue, and clients that wait or gave up in it",
        root: "program-hung",
        parts: &[("accept-queue-high", CAUSED), ("unaccepted-established", CAUSED), ("close-wait-unaccepted", CAUSED)],
        arguments: &[],
        make: || {
            let server = Server { backlog: 16, ..Server::at(8080) };
            let running = server.clone().start();
            running.signal(libc::SIGSTOP);
            Box::new((waiting(&server, 6, Ends::Stays), waiting(&server, 6, Ends::Closes), running))
        },
    },
    Shown {
        name: "a stopped server, and handshakes that do not fit into its queue",
        root: "program-hung",
        parts: &[("syn-recv-pileup", CAUSED)],
        arguments: &[],
        make: || {
            let server = Server { backlog: 16, ..Server::at(8080) };
            let running = server.clone().start();
            running.signal(libc::SIGSTOP);
            Box::new((syn_recv_pileup::late(&server, 12), running))
        },
    },
    Shown {
        name: "a stopped server, and clients that gave up on it",
        root: "program-hung",
        parts: &[("close-wait-unread", CAUSED), ("fin-wait2-peer", CAUSED)],
        arguments: &["--set", "close-wait-unread.age=1s", "--set", SOON_OLD],
        make: || {
            let server = Server { answers: Answers::Nothing, ..Server::at(8080) };
            stopped_while(&server, |to| {
                let clients: Vec<TcpStream> = connected(to, 60);
                Box::new(move || {
                    for mut client in clients {
                        std::io::Write::write_all(&mut client, &[b'?'; 100]).expect("room");
                    }
                    Box::new(())
                })
            })
        },
    },
    Shown {
        name: "a stopped server that reads nothing, and the clients that send to it",
        root: "program-hung",
        parts: &[("slow-reader", CAUSED), ("peer-zero-window", CAUSED)],
        arguments: &["--for", "1500ms", "--set", "slow-reader.time=1s"],
        make: || {
            let server = Server { answers: Answers::Nothing, ..Server::at(8080) };
            stopped_while(&server, |to| {
                let clients = Sender::to(to, 5).start();
                Box::new(move || Box::new(clients))
            })
        },
    },
    Shown {
        name: "a stopped server, and clients in its queue that send to it",
        root: "program-hung",
        parts: &[("unaccepted-established", CAUSED), ("peer-zero-window", CAUSED)],
        arguments: &[],
        make: || {
            let server = Server::at(8080);
            let running = server.clone().start();
            running.signal(libc::SIGSTOP);
            Box::new((Sender::to(server.address, 5).start(), running))
        },
    },
    Shown {
        name: "a stopped program and its datagrams",
        root: "program-hung",
        parts: &[("udp-drops", CAUSED)],
        arguments: TWO_SAMPLES,
        make: || {
            let reader = udp_drops::reader(Duration::ZERO, 32_768);
            reader.signal(libc::SIGSTOP);
            Box::new((reader, udp_drops::senders()))
        },
    },
    Shown {
        name: "a stopped program and its UNIX listener",
        root: "program-hung",
        parts: &[("unix-backlog-full", CAUSED)],
        arguments: &[],
        make: || {
            let running = unix_backlog_full::program("queue", 8, true);
            running.signal(libc::SIGSTOP);
            let clients = overflow::unix_clients("queue", 100).expect("as many as fit");
            Box::new((running, clients))
        },
    },
    Shown {
        name: "a stopped program with small receive buffers",
        root: "program-hung",
        parts: &[("rcv-prune", CAUSED)],
        arguments: TWO_SAMPLES,
        make: || {
            let running = rcv_prune::program(8080, false);
            let load = rcv_prune::in_turn(8080, 150);
            std::thread::sleep(Duration::from_millis(500));
            running.signal(libc::SIGSTOP);
            Box::new((running, load))
        },
    },
    Shown {
        name: "a stopped server, and requests that it has not read",
        root: "program-hung",
        parts: &[("unread-requests", CAUSED)],
        arguments: &["--set", "unread-requests.age=1s"],
        make: || {
            stopped_while(&Server::at(8080), |to| {
                let clients = connected(to, 12);
                Box::new(move || Box::new(requested(clients)))
            })
        },
    },
    Shown {
        name: "a program that does not read, and 12 clients that send to it",
        root: "slow-reader",
        parts: &[("peer-zero-window", CAUSED), ("unread-requests", CAUSED)],
        arguments: &["--for", "1500ms", "--set", "slow-reader.time=1s", "--set", "unread-requests.age=1s"],
        make: || {
            let server = deaf(8080);
            Box::new((server.clone().start(), Sender::to(server.address, 12).start()))
        },
    },
    Shown {
        name: "unread requests, and clients that gave up on theirs",
        root: "unread-requests",
        parts: &[("close-wait-unread", SAME)],
        arguments: &["--set", "close-wait-unread.age=1s", "--set", "unread-requests.age=1s"],
        make: || {
            let server = deaf(8080);
            let running = server.clone().start();
            let (stay, leave) = (requested(connected(server.address, 12)), requested(connected(server.address, 12)));
            drop(leave);
            Box::new((stay, running))
        },
    },
    Shown {
        name: "a program that does not read, and the clients that send to it",
        root: "slow-reader",
        parts: &[("peer-zero-window", CAUSED)],
        arguments: &["--for", "1500ms", "--set", "slow-reader.time=1s"],
        make: || {
            let server = deaf(8080);
            Box::new((server.clone().start(), Sender::to(server.address, 5).start()))
        },
    },
    Shown {
        name: "a client of this host that does not read, and the server that waits to send to it",
        root: "program-hung",
        parts: &[("slow-reader", CONTRIBUTES), ("unaccepted-established", CAUSED)],
        arguments: &["--for", "1500ms", "--set", "slow-reader.time=1s"],
        make: || Box::new(program_hung::blocked_by_a_client(8080)),
    },
    Shown {
        name: "a program that reads and accepts no more, its clients and its queue",
        root: "unread-requests",
        parts: &[("unaccepted-established", SAME)],
        arguments: &["--set", "unread-requests.age=1s"],
        make: || stuck(12, 64, 3, false),
    },
    Shown {
        name: "a program that reads and accepts no more, and its nearly full queue",
        root: "unread-requests",
        parts: &[("accept-queue-high", SAME)],
        arguments: &["--set", "unread-requests.age=1s"],
        make: || stuck(12, 16, 14, false),
    },
    Shown {
        name: "a program that reads and accepts no more, and its full queue",
        root: "unread-requests",
        parts: &[("accept-queue-full", SAME)],
        arguments: &["--set", "unread-requests.age=1s"],
        make: || stuck(12, 16, 20, false),
    },
    Shown {
        name: "a few full connections that a program does not read, and connections that it does not accept",
        root: "slow-reader",
        parts: &[("unaccepted-established", SAME)],
        arguments: NOT_READ,
        make: || stuck(3, 64, 3, true),
    },
    Shown {
        name: "a few full connections that a program does not read, and its nearly full queue",
        root: "slow-reader",
        parts: &[("accept-queue-high", SAME)],
        arguments: NOT_READ,
        make: || stuck(3, 16, 14, true),
    },
    Shown {
        name: "a few full connections that a program does not read, and its full queue",
        root: "slow-reader",
        parts: &[("accept-queue-full", SAME)],
        arguments: NOT_READ,
        make: || stuck(3, 16, 20, true),
    },
    Shown {
        name: "a stopped service, and the clients of a program that waits for its answer",
        root: "program-hung",
        parts: &[("unaccepted-established", CAUSED)],
        arguments: &[],
        make: || {
            let service = Server { name: "service", ..Server::at(8081) };
            let running = service.clone().start();
            running.signal(libc::SIGSTOP);
            let server = asks(8080, service.address);
            let clients = Load { awaits_answer: false, ends: Ends::Stays, ..Load::to(loopback(1, 8080), 4) }.complete();
            Box::new((clients, server, running))
        },
    },
    Shown {
        name: "a logger that does not read, and a server that waits for it",
        root: "unix-backlog-full",
        parts: &[("unread-requests", CAUSED), ("unaccepted-established", CAUSED)],
        arguments: &["--set", "unread-requests.age=1s"],
        make: || waits_for_logger(6, 64, 3),
    },
    Shown {
        name: "a logger that does not read, and the nearly full queue of a server that waits for it",
        root: "unix-backlog-full",
        parts: &[("accept-queue-high", CAUSED)],
        arguments: &[],
        make: || waits_for_logger(1, 16, 14),
    },
    Shown {
        name: "a logger that does not read, and the full queue of a server that waits for it",
        root: "unix-backlog-full",
        parts: &[("accept-queue-full", CAUSED)],
        arguments: &[],
        make: || waits_for_logger(1, 16, 20),
    },
    Shown {
        name: "a small table of TIME_WAIT that overflows",
        root: "tw-bucket-limit",
        parts: &[("bad-sysctl", CONTRIBUTES)],
        arguments: TWO_SAMPLES,
        make: || {
            let set = |most| set_sysctl("net.ipv4.tcp_max_tw_buckets", most).expect("a setting of this namespace");
            set("20");
            let server = Server::at(8080);
            let running = server.clone().start();
            let clients = Load { per_second: Some(50), ..Load::to(server.address, usize::MAX) }.begin();
            Box::new((
                clients,
                running,
                Mended((), |()| {
                    set_sysctl("net.ipv4.tcp_max_tw_buckets", "1000000").expect("a setting of this namespace");
                }),
            ))
        },
    },
    Shown {
        name: "a program that does not read, with small receive buffers",
        root: "slow-reader",
        parts: &[("rcv-prune", CAUSED)],
        arguments: &["--for", "1500ms", "--set", "slow-reader.time=1s"],
        make: || Box::new((rcv_prune::program(8080, false), rcv_prune::senders(8080, 10, 1_000))),
    },
    Shown {
        name: "a stopped program, and a small send buffer that waits for acknowledgments",
        root: "program-hung",
        parts: &[("sndbuf-limited", CAUSED)],
        arguments: &["--set", "sndbuf-limited.busy=2s"],
        make: || {
            let (server, line) = far_and_deaf();
            let stopped = stopped_while(&server, |to| {
                let clients = with_small_buffers(to);
                Box::new(move || Box::new(clients))
            });
            Box::new((stopped, line))
        },
    },
    Shown {
        name: "a program that does not read, and a small send buffer that waits for acknowledgments",
        root: "slow-reader",
        parts: &[("sndbuf-limited", CAUSED)],
        arguments: &[
            "--for",
            "1500ms",
            "--set",
            "slow-reader.time=1s",
            "--set",
            "slow-reader.full=0.01",
            "--set",
            "sndbuf-limited.busy=2s",
        ],
        make: || {
            let (server, line) = far_and_deaf();
            let running = server.clone().start();
            Box::new((with_small_buffers(server.address), running, line))
        },
    },
    Shown {
        name: "one of several servers at a port that is stuck, and its full queue",
        root: "accept-queue-full",
        parts: &[("reuseport-imbalance", CONTRIBUTES), ("syn-sent-stuck", CAUSED)],
        arguments: TWO_SAMPLES,
        make: || {
            let worker = |accepts| Server { backlog: 4, shares_port: true, accepts, ..Server::at(8080) };
            let stuck = worker(Accepts::Nothing).start();
            let others = [(); 2].map(|()| worker(Accepts::All).start());
            let clients = crowd::all_at_once(worker(Accepts::All).address, 60);
            Box::new((clients, stuck, others))
        },
    },
    Shown {
        name: "one of several servers at a port that does not accept, and the clients in its queue",
        root: "reuseport-imbalance",
        parts: &[("accept-queue-high", CAUSED), ("unaccepted-established", CAUSED), ("close-wait-unaccepted", CAUSED)],
        arguments: TWO_SAMPLES,
        make: || {
            let worker = |accepts| Server { backlog: 64, shares_port: true, accepts, ..Server::at(8080) };
            let stuck = worker(Accepts::Nothing).start();
            let others = [(); 2].map(|()| worker(Accepts::All).start());
            // About 48 of them come to the one that is stuck.
            let server = worker(Accepts::All);
            Box::new((waiting(&server, 108, Ends::Stays), waiting(&server, 36, Ends::Closes), stuck, others))
        },
    },
    Shown {
        name: "one of several servers at a port that is slow, and its drops",
        root: "backlog-small",
        parts: &[("listen-drops", CAUSED), ("reuseport-imbalance", CONTRIBUTES)],
        arguments: TWO_SAMPLES,
        make: || {
            let worker = |accepts| Server { backlog: 16, shares_port: true, accepts, ..Server::at(8080) };
            let slow = worker(Accepts::OneEvery(Duration::from_millis(15))).start();
            let others = [(); 2].map(|()| worker(Accepts::All).start());
            let address = worker(Accepts::All).address;
            Box::new((crowd::without_end(address, 60, Duration::from_millis(250)), slow, others))
        },
    },
    Shown {
        name: "one of several servers at a port that is stopped",
        root: "program-hung",
        parts: &[("reuseport-imbalance", CAUSED)],
        arguments: TWO_SAMPLES,
        make: || {
            let worker = Server { backlog: 64, shares_port: true, ..Server::at(8080) };
            let running = [(); 3].map(|()| worker.clone().start());
            running[0].signal(libc::SIGSTOP);
            Box::new((crowd::all_at_once(worker.address, 60), running))
        },
    },
    Shown {
        name: "handshakes that pile up, and cookies for further ones",
        root: "syn-recv-pileup",
        parts: &[("syncookies-active", CAUSED)],
        arguments: TWO_SAMPLES,
        make: || flooded("1"),
    },
    Shown {
        name: "handshakes that pile up, and drops without cookies",
        root: "syn-recv-pileup",
        parts: &[("syn-drop-no-cookies", CAUSED)],
        arguments: TWO_SAMPLES,
        make: || flooded("0"),
    },
];

/// A server that is stopped once the clients which are made first are accepted; then what those are to do.
fn stopped_while(server: &Server, make: impl FnOnce(SocketAddr) -> Box<dyn FnOnce() -> Fault>) -> Fault {
    let running = server.clone().start();
    let then = make(server.address);
    // On a long way a client is connected before the server knows.
    until("all are accepted", || {
        let rows = tcp_in(State::Established);
        let clients = rows.iter().filter(|row| row.peer == server.address).count();
        let accepted = rows.iter().filter(|row| row.local == server.address && row.inode != 0).count();
        clients > 0 && accepted == clients
    });
    running.signal(libc::SIGSTOP);
    Box::new((then(), running))
}

/// The same clients, each with its request sent.
fn requested(mut clients: Vec<TcpStream>) -> Vec<TcpStream> {
    clients.iter_mut().for_each(|client| client.write_all(&[b'?'; 100]).expect("a request"));
    clients
}

fn connected(to: SocketAddr, n: usize) -> Vec<TcpStream> {
    (0..n).map(|_| TcpStream::connect(to).expect("a connection")).collect()
}

/// SYNs without a last ACK, at a listener of backlog 16.
fn flooded(cookies: &str) -> Fault {
    set_sysctl("net.ipv4.tcp_syncookies", cookies).expect("a setting of this namespace");
    let server = Server { backlog: 16, ..Server::at(8080) };
    let running = server.start();
    Box::new((crowd::flood(8080, 1_000, Duration::from_millis(10), usize::MAX), running))
}

/// Fits the numbers of `RELATIONS` to what a run says of them, for as long as a fault needs to come of age.
const PATIENCE: Duration = Duration::from_secs(60);

fn more_ports(_: &()) {
    set_sysctl("net.ipv4.ip_local_port_range", "20000 60999").expect("a setting of this namespace");
}

/// A server that never accepts.
fn busy(backlog: i32) -> Server {
    Server { backlog, accepts: Accepts::Nothing, ..Server::at(8080) }
}

/// Clients in the queue of a server that never accepts, as many as fit with a backlog of 4, who send all they can.
fn sent_to_queue(backlog: i32) -> Fault {
    let server = busy(backlog);
    let running = server.clone().start();
    Box::new((Sender::to(server.address, 5).start(), running))
}

/// A server that reads nothing.
fn deaf(port: u16) -> Server {
    Server { reads: Reads::Nothing, answers: Answers::Nothing, ..Server::at(port) }
}

/// A server that reads nothing, with room for the data of a minute, at the end of a way of 40 ms there and back.
fn far_and_deaf() -> (Server, Line) {
    set_sysctl("net.ipv4.tcp_rmem", "4096 67108864 67108864").expect("a setting of this namespace");
    let line = Line::within(Duration::from_millis(20));
    (Server { address: (line::AROUND, 8080).into(), ..deaf(8080) }, line)
}

/// Two clients that send all they can, with buffers that hold less than the way does.
fn with_small_buffers(to: SocketAddr) -> Actor {
    Sender { send_buffer: Some(16_384), ..Sender::to(to, 2) }.start()
}

/// More clients than fit, who stay, and others who come and go.
fn crowd_before(server: &Server) -> (Vec<OwnedFd>, Actor) {
    let clients = crowd::all_at_once(server.address, 9);
    (clients, crowd::without_end(server.address, 1, Duration::from_millis(100)))
}

fn crowded(server: Server) -> ((Vec<OwnedFd>, Actor), Actor) {
    let running = server.clone().start();
    (crowd_before(&server), running)
}

/// A program that accepts a client every 5 ms, and 20 at once every 20 ms.
fn emptied(server: Server) -> (Actor, Actor) {
    let server = Server { accepts: Accepts::OneEvery(Duration::from_millis(5)), ..server };
    let running = server.clone().start();
    (crowd::without_end(server.address, 20, Duration::from_millis(20)), running)
}

/// 20 clients at once four times a second.
fn bursts(server: Server) -> (Actor, Actor) {
    let running = server.clone().start();
    (crowd::without_end(server.address, 20, Duration::from_millis(250)), running)
}

/// At moments the queue is full, which other faults show; here it is judged at those when it is not.
const NOT_FULL: &[&str] = &[
    "--for",
    "1s",
    "--ignore",
    "accept-queue-full",
    "--set",
    "syn-recv-pileup.least=3",
    "--set",
    "syn-recv-pileup.share=0.2",
];

/// 20 clients at once twenty times a second, over a way of 40 ms there and back, at a program that takes one every 5 ms:
/// there is room for a SYN, and none for the last ACK of its handshake. Each stays for 3 s, and tries again.
fn patient(backlog: i32) -> Fault {
    let line = Line::within(Duration::from_millis(20));
    let address = (line::AROUND, 8080).into();
    let accepts = Accepts::OneEvery(Duration::from_millis(5));
    let server = Server { address, backlog, accepts, ..Server::at(8080) };
    let running = server.start();
    let clients = crowd::of_the_patient(address, 20, Duration::from_millis(50), Duration::from_secs(3));
    Box::new((clients, running, line))
}

/// Full receive buffers in two samples.
const NOT_READ: &[&str] = &["--for", "1500ms", "--set", "slow-reader.time=1s"];

/// A program that accepts this many clients and then does nothing more, with this many others in its queue. The
/// accepted clients send until no buffer takes more, or one request.
fn stuck(accepted: usize, backlog: i32, queued: usize, floods: bool) -> Fault {
    let at = loopback(1, 8080);
    let running = Actor::start("orders", None, move |ready| {
        let listener = std::net::TcpListener::bind(at).expect("a listener");
        rustix::net::listen(&listener, backlog).expect("a shorter queue");
        ready.now();
        let _clients: Vec<_> = (0..accepted).map(|_| listener.accept().expect("a client")).collect();
        stay()
    });
    let sends = if floods { Sends::AllItCan } else { Sends::Once(100) };
    let clients = Sender { sends, ..Sender::to(at, accepted) }.start();
    until("they are accepted", || {
        tcp_in(State::Established).iter().filter(|row| row.local == at && row.inode != 0).count() == accepted
    });
    Box::new((crowd::all_at_once(at, queued), clients, running))
}

/// A server that accepts this many clients, each of which has sent a request, and writes to a logger without end; with this
/// many others in its queue.
fn waits_for_logger(accepted: usize, backlog: i32, queued: usize) -> Fault {
    let (at, log) = (loopback(1, 8080), std::env::temp_dir().join("log"));
    let logger = unix_backlog_full::logger(&log, false);
    let running = Actor::start("web", None, move |ready| {
        let socket = std::os::unix::net::UnixDatagram::unbound().expect("a socket");
        socket.connect(&log).expect("the logger");
        let listener = std::net::TcpListener::bind(at).expect("a listener");
        rustix::net::listen(&listener, backlog).expect("a shorter queue");
        ready.now();
        let _clients: Vec<_> = (0..accepted).map(|_| listener.accept().expect("a client")).collect();
        while socket.send(b"line").is_ok() {}
        stay()
    });
    let clients = requested(connected(at, accepted));
    until("it waits for the logger", || unix_backlog_full::is_blocked(&running));
    Box::new((crowd::all_at_once(at, queued), clients, running, logger))
}

/// A program with one thread that asks another for each of its clients.
fn asks(port: u16, other: SocketAddr) -> Actor {
    Actor::start("web", None, move |ready| {
        let listener = std::net::TcpListener::bind(loopback(1, port)).expect("a listener");
        ready.now();
        for client in listener.incoming() {
            let _client = client.expect("a client");
            let mut service = TcpStream::connect(other).expect("the service");
            let _ = service.write_all(b"?");
            let _ = std::io::Read::read(&mut service, &mut [0]);
        }
        stay()
    })
}

/// Clients that are connected and not accepted, and stay or hang up.
fn waiting(server: &Server, n: usize, ends: Ends) -> Actor {
    Load { awaits_answer: false, ends, ..Load::to(server.address, n) }.complete()
}

/// Clients that hang up on a server that keeps its ends.
fn leaking(server: Server, n: usize, ends: Ends) -> Fault {
    let running = server.clone().start();
    // A client that hangs up before the answer arrives resets the connection.
    let awaits_answer = server.answers == Answers::Echo;
    Box::new((running, Load { awaits_answer, ends, ..Load::to(server.address, n) }.complete()))
}

/// A server that lacks descriptors for this many clients.
fn exhausted(backlog: i32, n: usize, ends: Ends) -> Fault {
    let server = Server { backlog, descriptors: Some(20), ..Server::at(8080) };
    let running = server.clone().start();
    let clients = Load { awaits_answer: false, ends, ..Load::to(server.address, n) }.begin();
    until("it has no descriptor left", || tcp_in(State::Listen).iter().any(|row| row.rx > 2));
    Box::new((running, clients))
}

fn dead_path() -> Fault {
    let far = Far::connect();
    let at = |port| Server { address: Far::at(port), ..Server::at(port) };
    let deaf = Server { answers: Answers::Nothing, ..at(8080) };
    let closes = Server { answers: Answers::OnceThenCloses, ..at(8081) };
    let servers: Vec<Actor> =
        [deaf, closes].into_iter().map(|server| far.start("far-server", move |ready| server.run(ready))).collect();
    let sender = Sender { sends: Sends::Paced(10_000), ..Sender::to(Far::at(8080), 12) }.start();
    let keepalive = Some(Duration::from_secs(1));
    let probed = Load { ends: Ends::Stays, awaits_answer: false, keepalive, ..Load::to(Far::at(8080), 3) }.complete();
    let (orphans, mut closed) = (connected(Far::at(8080), 25), connected(Far::at(8081), 25));
    for stream in &mut closed {
        std::io::Write::write_all(stream, b"?").expect("a question");
        std::io::Read::read_to_end(stream, &mut vec![]).expect("its answer, and the end");
    }
    until("as much is sent as loss-high judges", || counter("TcpOutSegs").is_some_and(|sent| sent >= 1_250));
    far.fall_silent();
    for mut stream in orphans {
        std::io::Write::write_all(&mut stream, b"?").expect("room");
    }
    drop(closed);
    let attempts = outgoing::attempts(&[Far::at(8080); 3]);
    let answers = |far: &Far| {
        far.answer_again();
        until("all is acknowledged", || {
            [State::FinWait1, State::LastAck].iter().all(|&state| tcp_in(state).is_empty())
        });
    };
    Box::new((Mended(far, answers), sender, probed, attempts, servers))
}

/// The incident of that rule which holds all these parts.
fn incident<'a>(seen: &'a Checked, shown: &Shown) -> Option<&'a Value> {
    let all = seen.document["incidents"].as_array()?;
    let has = |incident: &Value, (rule, link): &(&str, &str)| {
        incident["parts"].as_array().into_iter().flatten().any(|part| part["rule"] == *rule && part["link"] == *link)
    };
    let whole = all.iter().find(|one| one["rule"] == shown.root && shown.parts.iter().all(|part| has(one, part)))?;
    // None of its parts is an incident as well.
    let is_part = |one: &&Value| shown.parts.iter().any(|(rule, _)| one["rule"] == *rule);
    all.iter().find(is_part).is_none().then_some(whole)
}

/// Repeats the run until its result is as expected.
#[track_caller]
fn look(what: &str, arguments: &[&str], mut holds: impl FnMut(&Checked) -> bool) -> Checked {
    let end = Instant::now() + PATIENCE;
    loop {
        let seen = check::run(arguments);
        if holds(&seen) {
            return seen;
        }
        assert!(Instant::now() < end, "not {what}: {:#}\n{:#}", seen.document["incidents"], told(&seen));
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// The titles of all findings, with what caused them.
fn told(seen: &Checked) -> Value {
    seen.findings
        .iter()
        .map(|one| Value::from(format!("{} {} by {}", one.rule(), one.0["title"], one.0["caused_by"])))
        .collect()
}

/// Takes the steps.
pub(crate) fn run(shown: &Shown) {
    let fault = (shown.make)();
    look("one incident", shown.arguments, |seen| incident(seen, shown).is_some());

    let other = Server { name: "other", answers: Answers::Nothing, ..Server::at(9_999) };
    let running = other.clone().start();
    let clients = Sender { sends: Sends::Paced(10), ..Sender::to(other.address, 3) }.start();
    until("the other server has its clients", || {
        tcp_in(State::Established).iter().filter(|row| row.local == other.address && row.inode != 0).count() == 3
    });
    running.signal(libc::SIGSTOP);
    look("two incidents", shown.arguments, |seen| {
        let all = seen.document["incidents"].as_array().expect("incidents");
        let hung = all.iter().find(|one| one["rule"] == "program-hung" && one["subject"]["pid"] == running.pid());
        // Every finding below it is about that process, for example that it reads nothing.
        let about = format!(":process:{}", running.pid());
        let is_its_own = |part: &Value| part["id"].as_str().is_some_and(|id| id.ends_with(&about));
        let has_its_own = |one: &Value| one["parts"].as_array().is_some_and(|parts| parts.iter().all(is_its_own));
        hung.is_some_and(has_its_own) && incident(seen, shown).is_some()
    });
    drop((clients, running));

    let without = [shown.arguments, &["--ignore", shown.root]].concat();
    let root = format!("{}:", shown.root);
    look("its parts without it", &without, |seen| {
        let is_alone = |one: &&check::Finding| !one.0["caused_by"].as_str().is_some_and(|by| by.starts_with(&root));
        shown.parts.iter().all(|(rule, _)| {
            let all = seen.of(rule);
            !all.is_empty() && all.iter().all(is_alone)
        })
    });

    drop(fault);
    look("nothing", shown.arguments, |seen| {
        let rules = shown.parts.iter().map(|(rule, _)| *rule).chain([shown.root]);
        // Earlier drops are reported as past.
        !rules.flat_map(|rule| seen.of(rule)).any(|one| one.severity() != "ok")
    });
}

/// Relations that other tests show: tests/rules/incidents.rs.
const ELSEWHERE: &[(&str, &str)] = &[("close-wait-leak", "fd-near-limit"), ("program-hung", "close-wait-leak")];

/// Every relation that a rule declares is shown on the real kernel. Sharing only the host joins nothing.
pub(crate) fn every_relation_is_shown() {
    let mut missing = Vec::new();
    for rule in sockdoc::rules::RULES {
        for relation in rule.relations.iter().filter(|one| one.by != SharedBy::Host) {
            let (one, other) = match relation.link {
                Link::Contributes => (relation.effect, rule.name),
                _ => (rule.name, relation.effect),
            };
            let is_shown = RELATIONS.iter().any(|shown| {
                let has = |name| shown.root == name || shown.parts.iter().any(|(rule, _)| *rule == name);
                has(one) && has(other)
            });
            if !is_shown && !ELSEWHERE.contains(&(rule.name, relation.effect)) {
                missing.push(format!("{} {} {}", rule.name, relation.link.name(), relation.effect));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}
