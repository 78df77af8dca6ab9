//! A program that follows, and what it writes.

use std::{
    io::{BufRead, BufReader},
    net::{TcpListener, TcpStream},
    process::{Child, ChildStdout, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::lab::program::{LIMIT, command};

/// It runs until it is asked to end.
pub(crate) struct Follower {
    pub(crate) child: Child,
    lines: Receiver<String>,
}

impl Follower {
    /// Starts sockdoc; when this returns, it has joined the groups, made its first dump and reported a socket that
    /// ended.
    pub(crate) fn start(args: &[&str]) -> Follower {
        Follower::of(command(args))
    }

    /// Starts a command that reports UDP sockets as sockdoc does, or all sockets.
    pub(crate) fn of(command: Command) -> Follower {
        let mut follower = Follower::at_once(command);
        let began = Instant::now();
        loop {
            drop(std::net::UdpSocket::bind("127.0.0.9:9999").unwrap());
            if follower.lines.recv_timeout(Duration::from_millis(300)).is_ok_and(|line| line.contains("127.0.0.9")) {
                break;
            }
            assert!(began.elapsed() < LIMIT, "it tells nothing");
        }
        // Those of the other tries come before one more.
        let mut port = 9998;
        loop {
            drop(std::net::UdpSocket::bind(("127.0.0.9", port)).unwrap());
            let marks = [format!("127.0.0.9:{port}"), format!("\"port\":{port}")];
            let is_last = |line: &String| marks.iter().any(|mark| line.contains(mark));
            if follower.within_until(Duration::from_secs(5), is_last) {
                break;
            }
            assert!(began.elapsed() < LIMIT, "it tells no more");
            port -= 1;
        }
        // Its first dump.
        while follower.lines.recv_timeout(Duration::from_millis(300)).is_ok() {}
        assert!(follower.child.try_wait().unwrap().is_none());
        follower
    }

    /// Starts a command, and does not wait for it.
    pub(crate) fn at_once(mut command: Command) -> Follower {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("a program");
        let (send, lines) = channel();
        let out: BufReader<ChildStdout> = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || out.lines().map_while(Result::ok).try_for_each(|line| send.send(line)));
        Follower { child, lines }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn line(&self) -> String {
        self.lines.recv_timeout(LIMIT).expect("a line")
    }

    pub(crate) fn document(&self) -> Value {
        serde_json::from_str(&self.line()).unwrap()
    }

    /// Whether such a line comes within a time; those before it are dropped.
    fn within_until(&self, time: Duration, is_last: impl Fn(&String) -> bool) -> bool {
        let end = Instant::now() + time;
        let next = || self.lines.recv_timeout(end.saturating_duration_since(Instant::now())).ok();
        std::iter::from_fn(next).any(|line| is_last(&line))
    }

    /// The lines that come within a time.
    pub(crate) fn within(&self, time: Duration) -> Vec<String> {
        let end = Instant::now() + time;
        std::iter::from_fn(|| self.lines.recv_timeout(end.saturating_duration_since(Instant::now())).ok()).collect()
    }

    /// The next ends of TCP sockets, this many, of sockets that were more than created.
    pub(crate) fn ends(&self, count: usize) -> Vec<Value> {
        let wanted = |one: &Value| one["event"] == "end" && one["netid"] == "tcp" && one["end"] != "unused";
        std::iter::repeat_with(|| self.document()).filter(wanted).take(count).collect()
    }

    /// Asks it to end; returns its output, its status, and the number of lines.
    pub(crate) fn interrupt(mut self, signal: rustix::process::Signal) -> (Vec<String>, Option<i32>) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, signal).unwrap();
        let code = self.child.wait().unwrap().code();
        (self.lines.iter().collect(), code)
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A listener that stays, and a connection through it.
pub(crate) fn pair(listener: &TcpListener) -> (TcpStream, TcpStream) {
    let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    (client, listener.accept().unwrap().0)
}

/// The event of the end at this port.
pub(crate) fn at_port(ends: &[Value], port: u16) -> &Value {
    ends.iter().find(|one| one["local"]["port"] == port).unwrap_or_else(|| panic!("{port}: {ends:#?}"))
}

/// Waits until so many sockets are in a group of `sock_diag`, and a dump can be over.
pub(crate) fn wait_for_groups(sockets: usize) {
    until(|| in_groups() >= sockets);
    std::thread::sleep(Duration::from_millis(300));
}

/// How many sockets are in a group of `sock_diag`.
fn in_groups() -> usize {
    let is_in = |line: &&str| {
        let mut fields = line.split_whitespace().skip(1);
        fields.next() == Some("4") && fields.nth(1).is_some_and(|groups| groups != "00000000")
    };
    std::fs::read_to_string("/proc/net/netlink").unwrap().lines().filter(is_in).count()
}

/// Waits for a condition.
fn until(is_so: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < LIMIT, "it does not come");
        settle();
    }
}

/// Long enough for segments on `lo` to be handled.
pub(crate) fn settle() {
    std::thread::sleep(Duration::from_millis(50));
}
