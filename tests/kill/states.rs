//! Each state: the error numbers of the program here, what the peer sees, the descriptor, the port.

use std::{
    io::{Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream, UdpSocket},
    os::fd::OwnedFd,
};

use rustix::{
    io::Errno,
    net::{SocketFlags, accept_with, bind, listen, sockopt},
};

use crate::{
    killed::Killed,
    lab::{
        counts::{Inet, State},
        makers::{self, Hangup},
        proc_net::{tcp, tcp_in, until},
        program::run,
        sockets::{self, Family},
    },
};

/// A listener on a port of the kernel's choice, and the port.
pub(crate) fn listener() -> (TcpListener, u16) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, port)
}

/// Both ends of a connection, the client's first.
pub(crate) fn pair(listener: &TcpListener) -> (TcpStream, TcpStream) {
    let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    (client, listener.accept().unwrap().0)
}

/// The error number of a read, or how many bytes it gave.
fn read(mut socket: &TcpStream) -> Result<usize, Errno> {
    socket.read(&mut [0; 64]).map_err(|error| Errno::from_io_error(&error).unwrap())
}

/// The same of a write.
fn write(mut socket: &TcpStream) -> Result<usize, Errno> {
    socket.write(b"x").map_err(|error| Errno::from_io_error(&error).unwrap())
}

/// Waits until a row is in that state.
fn settled(state: State, count: usize) {
    until("the rows are there", || tcp_in(state).len() == count);
}

/// The only sockets left are in these states.
#[track_caller]
fn left(states: &[State]) {
    let mut states = states.to_vec();
    states.sort_unstable();
    until("the others are gone", || {
        let mut left: Vec<State> = tcp().iter().map(|row| row.state).collect();
        left.sort_unstable();
        left == states
    });
}

pub(crate) fn an_established_connection_is_aborted_here_and_reset_there() {
    let (listener, port) = listener();
    let (client, server) = pair(&listener);
    (&client).write_all(b"unread").unwrap();
    until("the data has come", || tcp_in(State::Established).iter().any(|row| row.rx == 6));
    Killed::by(&format!("sport = :{port}")).destroyed(1, "open");
    left(&[State::Listen]);
    assert_eq!(read(&server), Ok(6), "what has arrived can still be read");
    assert_eq!(read(&server), Err(Errno::CONNABORTED));
    assert_eq!(read(&server), Ok(0));
    assert_eq!(write(&server), Err(Errno::PIPE));
    assert_eq!(read(&client), Err(Errno::CONNRESET));
    // Another one, from the client's side: its port is free at once.
    let (client, server) = pair(&listener);
    let local = client.local_addr().unwrap();
    Killed::by(&format!("dport = :{port}")).destroyed(1, "open");
    assert_eq!(write(&client), Err(Errno::CONNABORTED));
    assert_eq!(read(&server), Err(Errno::CONNRESET));
    drop(TcpListener::bind(local).unwrap());
}

pub(crate) fn in_close_wait_the_descriptor_stays() {
    let (listener, port) = listener();
    let (client, server) = pair(&listener);
    (&client).write_all(b"unread").unwrap();
    client.shutdown(Shutdown::Write).unwrap();
    settled(State::CloseWait, 1);
    let descriptors = || std::fs::read_dir("/proc/self/fd").unwrap().count();
    let before = descriptors();
    Killed::by(&format!("close-wait and sport = :{port}")).destroyed(1, "close-wait");
    left(&[State::Listen]);
    assert_eq!(descriptors(), before, "the leak goes on");
    assert_eq!(read(&server), Ok(6));
    assert_eq!(read(&server), Ok(0));
    assert_eq!(write(&server), Err(Errno::CONNABORTED));
    assert_eq!(write(&server), Err(Errno::PIPE));
    assert_eq!(read(&client), Err(Errno::CONNRESET));
}

pub(crate) fn a_held_fin_wait2_is_aborted() {
    let (listener, port) = listener();
    let (client, server) = pair(&listener);
    client.shutdown(Shutdown::Write).unwrap();
    settled(State::FinWait2, 1);
    Killed::by(&format!("fin-wait-2 and dport = :{port}")).destroyed(1, "open");
    left(&[State::Listen]);
    assert_eq!(read(&client), Err(Errno::CONNABORTED));
    assert_eq!(read(&client), Ok(0));
    // The peer had read the end of the stream; the RST shows in its next write.
    assert_eq!(read(&server), Ok(0));
    assert_eq!(write(&server), Err(Errno::PIPE));
}

pub(crate) fn an_attempt_to_connect_fails() {
    let listener = sockets::listener(Family::V4, 8).unwrap();
    sockets::blind(&listener).unwrap();
    let client = sockets::connecting(Family::V4, &listener, |_| Ok(())).unwrap();
    let port = sockets::local_address(&listener).unwrap().port();
    settled(State::SynSent, 1);
    Killed::by(&format!("syn-sent and dport = :{port}")).destroyed(1, "attempt");
    left(&[State::Listen]);
    assert_eq!(sockopt::socket_error(&client).unwrap(), Err(Errno::CONNABORTED));
}

pub(crate) fn a_connection_that_waits_to_be_accepted_is_reset() {
    let (listener, port) = listener();
    let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    settled(State::Established, 2);
    Killed::by(&format!("sport = :{port}")).destroyed(1, "unaccepted");
    assert_eq!(read(&client), Err(Errno::CONNRESET));
    // It is still in the queue, and dead.
    let server = listener.accept().unwrap().0;
    assert_eq!(read(&server), Err(Errno::CONNABORTED));
}

pub(crate) fn a_listener_stops_listening_and_keeps_its_port() {
    let address = SocketAddr::from(([127, 0, 0, 1], 8080));
    let listener = sockets::listener_at(address, 8).unwrap();
    let waiting = TcpStream::connect(address).unwrap();
    settled(State::Established, 2);
    Killed::by(&format!("listen and sport = :{} --listeners", address.port())).destroyed(1, "listener");
    left(&[]);
    assert_eq!(accept(&listener).unwrap_err(), Errno::INVAL);
    assert_eq!(read(&waiting), Err(Errno::CONNRESET));
    assert_eq!(TcpStream::connect(address).unwrap_err().raw_os_error(), Some(libc::ECONNREFUSED));
    let other = sockets::tcp(Inet::V4, SocketFlags::empty()).unwrap();
    assert_eq!(bind(&other, &address).unwrap_err(), Errno::ADDRINUSE);
    listen(&listener, 8).unwrap();
    drop(TcpStream::connect(address).unwrap());
}

fn accept(listener: &OwnedFd) -> Result<OwnedFd, Errno> {
    accept_with(listener, SocketFlags::NONBLOCK)
}

pub(crate) fn a_half_open_handshake_goes_and_the_client_does_not_notice() {
    let held = makers::syn_recv_without_last_ack(Family::V4, 1);
    Killed::by(&format!("syn-recv and sport = :{}", held.port)).destroyed(1, "half-open");
    left(&[State::Listen, State::Established]);
}

pub(crate) fn records_of_closed_connections_go() {
    let held = makers::time_wait(Family::V4, 2);
    let dry = Killed::would(&format!("time-wait and dport = :{}", held.port));
    assert_eq!((dry.results().len(), dry.skipped()["time-wait"]), (0, 2));
    Killed::by(&format!("dport = :{} --time-wait", held.port)).destroyed(2, "record");
    until("no TIME_WAIT is left", || tcp_in(State::TimeWait).is_empty());
    let held = makers::fin_wait2(Family::V4, 2, Hangup::Orphan);
    Killed::by(&format!("fin-wait-2 and dport = :{} --orphans", held.port)).destroyed(2, "record");
    assert_eq!(tcp_in(State::FinWait2).len(), 0);
    assert_eq!(tcp_in(State::CloseWait).len(), 2, "the peers are not told");
}

pub(crate) fn orphans_go_where_the_kernel_lets_them() {
    let fin_wait1 = makers::fin_wait1(Family::V4, 2, Hangup::Orphan);
    let last_ack = makers::last_ack(Family::V4, 1, Hangup::Orphan);
    let closing = makers::closing(Family::V4, 1, Hangup::Orphan);
    let release = rustix::system::uname().release().to_string_lossy().into_owned();
    let mut parts = release.split(|c: char| !c.is_ascii_digit()).map(|part| part.parse::<u32>().unwrap_or(0));
    let is_new = (parts.next().unwrap(), parts.next().unwrap()) >= (6, 11);
    for (state, port, count) in [
        ("fin-wait-1", format!("dport = :{}", fin_wait1.port), 2),
        ("last-ack", format!("port {}", last_ack.port), 1),
        ("closing", format!("port {}", closing.port), 1),
    ] {
        let skipped = Killed::would(&format!("{state} and {port}"));
        assert_eq!(skipped.skipped().get("orphan"), Some(&count), "{:#}", skipped.0);
        if is_new {
            Killed::by(&format!("{state} and {port} --orphans")).destroyed(count, "orphan");
        } else {
            let kept = Killed::by(&format!("{state} and {port} --orphans"));
            assert_eq!(kept.skipped().get("old-kernel"), Some(&count), "{:#}", kept.0);
        }
    }
}

pub(crate) fn connected_udp_loses_its_peer_and_its_port() {
    let (here, there) = (UdpSocket::bind("127.0.0.1:0").unwrap(), UdpSocket::bind("127.0.0.1:0").unwrap());
    let (local, peer) = (here.local_addr().unwrap(), there.local_addr().unwrap());
    here.connect(peer).unwrap();
    let skipped = Killed::would(&format!("udp and dport = :{}", peer.port()));
    assert_eq!(skipped.skipped().get("udp"), Some(&1), "{:#}", skipped.0);
    Killed::by(&format!("-u dport = :{}", peer.port())).destroyed(1, "udp");
    assert_eq!(here.recv(&mut [0]).unwrap_err().raw_os_error(), Some(libc::ECONNABORTED));
    here.set_nonblocking(true).unwrap();
    assert_eq!(here.recv(&mut [0]).unwrap_err().raw_os_error(), Some(libc::EAGAIN), "it works on");
    here.send_to(b"x", peer).unwrap();
    assert_eq!(there.recv(&mut [0]).unwrap(), 1);
    assert_eq!(UdpSocket::bind(local).is_ok(), here.local_addr().unwrap() != local, "the port is free");
}

pub(crate) fn unconnected_udp_is_never_destroyed() {
    let here = UdpSocket::bind("127.0.0.1:0").unwrap();
    let port = here.local_addr().unwrap().port();
    // Named by its state or not: it is never passed over in silence.
    for filter in [format!("close and sport = :{port}"), format!("sport = :{port}")] {
        let killed = Killed::by(&format!("-u {filter}"));
        let skipped = killed.skipped().get("unconnected").copied();
        assert_eq!((killed.results().len(), skipped), (0, Some(1)), "{filter}: {:#}", killed.0);
    }
    let said = run(&["kill", "-u", &format!("sport = :{port}")]).stdout;
    assert!(said.starts_with("no socket to destroy\nskipped 1: UDP without a peer: "), "{said}");
    here.send_to(b"x", here.local_addr().unwrap()).unwrap();
    assert_eq!(here.recv(&mut [0]).unwrap(), 1);
}
