//! `metrics --listen`: its responses, and that no slow or hostile client blocks another one.

use std::{
    fs,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    os::{
        fd::OwnedFd,
        unix::{
            fs::PermissionsExt,
            net::{UnixListener, UnixStream},
        },
    },
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use crate::{
    lab::{
        namespace::raise_descriptor_limit,
        proc_net::until,
        process::Process,
        program::{LIMIT, command, controlled, run, without_system_call},
    },
    metrics::samples,
};

const ADDRESS: &str = "127.0.0.1:9977";
const GET: &str = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";

/// The endpoint, with these options, once it answers.
fn endpoint(options: &[&str]) -> Process {
    let mut line = command(&[&["metrics", "--listen", ADDRESS], options].concat());
    line.stderr(Stdio::null()).stdout(Stdio::null());
    let running = Process::start(line);
    let end = Instant::now() + LIMIT;
    while TcpStream::connect(ADDRESS).is_err() {
        assert!(Instant::now() < end, "it listens");
        std::thread::sleep(Duration::from_millis(10));
    }
    running
}

fn connect() -> TcpStream {
    let stream = TcpStream::connect(ADDRESS).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream
}

/// Sends bytes, and reads the answer to its end.
fn ask(bytes: &[u8]) -> String {
    let mut stream = connect();
    stream.write_all(bytes).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8(answer).unwrap()
}

fn body(answer: &str) -> &str {
    answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no end of the head: {answer}")).1
}

pub(crate) fn the_endpoint_answers_what_a_scraper_asks() {
    let _running = endpoint(&[]);
    let answer = ask(GET.as_bytes());
    assert!(
        answer.starts_with("HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"),
        "{answer}"
    );
    assert_eq!(samples(body(&answer))["sockdoc_collect_success"], 1.0);
    let length = format!("Content-Length: {}\r\n", body(&answer).len());
    assert!(answer.contains(&length) && answer.contains("nosniff") && answer.contains("Connection: close"));
    let open =
        ask(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nAccept: application/openmetrics-text;version=1.0.0\r\n\r\n");
    assert!(open.contains("application/openmetrics-text") && open.ends_with("# EOF\n"), "{open}");
    for (request, begin, end) in [
        ("HEAD /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n", "HTTP/1.1 200", "\r\n\r\n"),
        ("GET / HTTP/1.1\r\nHost: [::1]:9977\r\n\r\n", "HTTP/1.1 200", "</a>\n"),
        ("GET /-/healthy HTTP/1.0\r\n\r\n", "HTTP/1.1 200", "ok\n"),
        ("GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n", "HTTP/1.1 404", "404 Not Found\n"),
        ("DELETE /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n", "HTTP/1.1 405", "405 Method Not Allowed\n"),
        ("GET /metrics HTTP/1.1\r\nHost: evil.example\r\n\r\n", "HTTP/1.1 400", "400 Bad Request\n"),
        ("GET /metrics HTTP/1.1\r\n\r\n", "HTTP/1.1 400", "400 Bad Request\n"),
        ("\u{1}\u{2}\u{3}\r\n\r\n", "HTTP/1.1 400", "400 Bad Request\n"),
    ] {
        let answer = ask(request.as_bytes());
        assert!(answer.starts_with(begin) && answer.ends_with(end), "{request:?}: {answer:?}");
    }
    let giant = format!("GET / HTTP/1.1\r\nHost: localhost\r\nX: {}\r\n\r\n", "x".repeat(7 << 10));
    assert!(ask(giant.as_bytes()).starts_with("HTTP/1.1 200"));
}

pub(crate) fn one_sample_serves_all_who_ask_within_the_interval() {
    let _running = endpoint(&["--min-interval", "1h"]);
    let time = |answer: &str| samples(body(answer))["sockdoc_last_collect_timestamp_seconds"].to_bits();
    let first = time(&ask(GET.as_bytes()));
    // As many at once as it holds, and twice as many.
    for many in [200, 500] {
        let askers: Vec<_> = (0..many).map(|_| std::thread::spawn(move || time(&ask(GET.as_bytes())))).collect();
        for asker in askers {
            assert_eq!(asker.join().unwrap(), first);
        }
    }
    drop(_running);
    // Its child holds the listener, and ends a moment later.
    until("nothing listens", || TcpStream::connect(ADDRESS).is_err());
    let _running = endpoint(&["--min-interval", "0s"]);
    let first = time(&ask(GET.as_bytes()));
    assert_ne!(time(&ask(GET.as_bytes())), first);
}

/// Begins a request, and leaves it at that.
fn begin(bytes: &[u8]) -> TcpStream {
    let mut stream = connect();
    // It may have been shown the door already.
    let _ = stream.write_all(bytes);
    stream
}

pub(crate) fn hundreds_of_hostile_clients_are_in_no_ones_way() {
    raise_descriptor_limit();
    let running = endpoint(&["--min-interval", "0s"]);
    let child = family(running.pid())[1];
    let before = size(child);
    let giant = [b"GET / HTTP/1.1\r\nX: ".as_slice(), &[b'x'; 20_000]].concat();
    let pipelined = GET.repeat(200).into_bytes();
    let kinds: [&[u8]; 7] = [
        // Silent, a byte, half a head, one without end, no HTTP at all, an answer that is not read, very many requests.
        b"",
        b"G",
        b"GET /metrics HTTP/1.1\r\nHost: local",
        &giant,
        &[0xff; 3000],
        GET.as_bytes(),
        &pipelined,
    ];
    let mut held = Vec::new();
    for kind in kinds {
        held.extend((0..200).map(|_| begin(kind)));
        let askers: Vec<_> = (0..20).map(|_| std::thread::spawn(|| ask(GET.as_bytes()))).collect();
        for asker in askers {
            let answer = asker.join().unwrap();
            assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        }
    }
    let (memory, _) = size(child);
    assert!(memory < before.0 + 16_384, "{} kB, then {memory} kB", before.0);
    drop(held);
    assert!(ask(GET.as_bytes()).starts_with("HTTP/1.1 200"));
    until("its connections are closed", || size(child).1 <= before.1);
    drop(running);
}

/// The processes of the endpoint: the one that was started, and its child. It listens before it starts that, so it has to
/// answer first.
fn family(pid: u32) -> [u32; 2] {
    assert!(ask(GET.as_bytes()).starts_with("HTTP/1.1 200"));
    let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap();
    [pid, children.trim().parse().unwrap()]
}

/// Kilobytes in memory, and open descriptors.
fn size(pid: u32) -> (u64, usize) {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let memory = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    let kilobytes = memory.trim().split(' ').next().unwrap().parse().unwrap();
    (kilobytes, fs::read_dir(format!("/proc/{pid}/fd")).unwrap().count())
}

pub(crate) fn a_thousand_scrapes_leave_nothing_behind() {
    let running = endpoint(&["--min-interval", "0s"]);
    let scrape = |times: usize| {
        for _ in 0..times {
            assert!(ask(GET.as_bytes()).starts_with("HTTP/1.1 200"));
        }
    };
    scrape(200);
    let processes = family(running.pid());
    let before = processes.map(size);
    scrape(1000);
    for (pid, before) in processes.into_iter().zip(before) {
        // The last connections end within a second.
        let end = Instant::now() + LIMIT;
        let mut now = size(pid);
        while now.1 > before.1 && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(100));
            now = size(pid);
        }
        assert!(now.1 <= before.1, "descriptors of {pid}: {before:?}, then {now:?}");
        assert!(now.0 <= before.0 + 512, "{pid}: {} kB, then {} kB", before.0, now.0);
    }
}

pub(crate) fn the_process_that_hears_strangers_can_do_little() {
    let running = endpoint(&[]);
    let [parent, child] = family(running.pid());
    let status = |pid: u32| fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    assert!(status(child).contains("NoNewPrivs:\t1") && status(parent).contains("NoNewPrivs:\t0"));
    assert!(status(child).contains("Seccomp:\t2"), "{}", status(child));
    // If its child dies, the endpoint ends with an error.
    rustix::process::kill_process(
        rustix::process::Pid::from_raw(i32::try_from(child).unwrap()).unwrap(),
        rustix::process::Signal::KILL,
    )
    .unwrap();
    assert_eq!(running.wait(LIMIT), Some(2));
}

pub(crate) fn a_signal_ends_the_endpoint_and_its_socket() {
    let path = std::env::temp_dir().join("sockdoc.sock");
    let name = format!("unix:{}", path.display());
    let listening = |path: &std::path::Path| {
        let end = Instant::now() + LIMIT;
        while UnixStream::connect(path).is_err() {
            assert!(Instant::now() < end, "it listens");
            std::thread::sleep(Duration::from_millis(10));
        }
    };
    // A socket that a program left behind is replaced.
    drop(UnixListener::bind(&path).unwrap());
    let mut line = command(&["metrics", "--listen", &name]);
    line.stderr(Stdio::null());
    let running = Process::start(line);
    listening(&path);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o660);
    let mut stream = UnixStream::connect(&path).unwrap();
    stream.write_all(GET.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    // A socket in use stays, and so does a file that is not a socket.
    let second = run(&["metrics", "--listen", &name]);
    assert!(second.code == Some(2) && second.stderr.contains("sockdoc.sock"), "{second:?}");
    running.signal(libc::SIGTERM);
    assert_eq!(running.wait(LIMIT), Some(0));
    assert!(!path.exists(), "its socket is gone");
    fs::write(&path, "a file").unwrap();
    assert_eq!(run(&["metrics", "--listen", &name]).code, Some(2));
    assert_eq!(fs::read_to_string(&path).unwrap(), "a file");
}

/// The endpoint on a socket that it is handed, as systemd does.
fn activated() -> Command {
    let listener = TcpListener::bind(ADDRESS).unwrap();
    let binary = env!("CARGO_BIN_EXE_sockdoc");
    let line = format!("export LISTEN_PID=$$ LISTEN_FDS=1; exec {binary} metrics --systemd 3<&0 0</dev/null");
    let mut shell = controlled("sh", &["-c", &line]);
    shell.stdin(Stdio::from(OwnedFd::from(listener))).stderr(Stdio::null());
    shell
}

pub(crate) fn systemd_hands_its_socket_over() {
    let _running = Process::start(activated());
    assert!(ask(GET.as_bytes()).starts_with("HTTP/1.1 200"));
    let alone = run(&["metrics", "--systemd"]);
    assert!(alone.code == Some(2) && alone.stderr.contains("systemd"), "{alone:?}");
}

pub(crate) fn an_endpoint_that_can_read_no_sockets_says_so_in_its_figures() {
    // A profile of AppArmor or seccomp that refuses netlink, in a container without /proc.
    let mut blind = without_system_call(activated(), libc::SYS_socket, libc::EPERM);
    blind.env("PROC_ROOT", "/nonexistent");
    let _running = Process::start(blind);
    let answer = ask(GET.as_bytes());
    let told = samples(body(&answer));
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert_eq!((told["sockdoc_collect_success"], told["sockdoc_gaps{what=\"tcp\"}"]), (0.0, 1.0), "{told:#?}");
    assert!(!told.keys().any(|name| name.starts_with("sockdoc_tcp_sockets")), "absent is not 0: {told:#?}");
}

pub(crate) fn addresses_are_refused_in_words_and_strangers_warned_of() {
    for (arguments, named) in [
        (&["--listen", "nowhere"][..], "\"nowhere\""),
        (&["--listen", "10.9.8.7:80"], "10.9.8.7:80"),
        (&["--listen", "unix:/nonexistent/s"], "/nonexistent/s"),
        (&["--listen", "80", "-o", "/tmp/x"], "--output"),
        (&["--listen", "80", "--systemd"], "--systemd"),
        (&["--listen", "80", "--from", "x"], "--from"),
    ] {
        let said = run(&[&["metrics"], arguments].concat());
        assert!(said.code == Some(2) && said.stderr.contains(named), "{arguments:?}: {said:?}");
    }
    let log = std::env::temp_dir().join("log");
    let mut line = command(&["metrics", "--listen", ":9978"]);
    line.stderr(fs::File::create(&log).unwrap());
    let running = Process::start(line);
    let end = Instant::now() + LIMIT;
    while !fs::read_to_string(&log).unwrap().contains("other hosts") {
        assert!(Instant::now() < end, "{}", fs::read_to_string(&log).unwrap());
        std::thread::sleep(Duration::from_millis(20));
    }
    drop(running);
}
