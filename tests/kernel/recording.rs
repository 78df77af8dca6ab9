//! Recordings of the real kernel: replay prints the output of the run that saved them, and a redacted one reveals
//! nothing but the verdict.

use std::fs;
use std::io::Read;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use lz4_flex::frame::FrameDecoder;
use serde_json::Value;

use crate::lab::counts::Inet;
use crate::lab::makers::{self, Hangup, Held, Unread};
use crate::lab::process::Process;
use crate::lab::sockets::Family;
use crate::lab::{container, namespace, peer, program};

/// A file of this test, gone with it.
struct File(PathBuf);

impl File {
    fn new(name: &str) -> File {
        File(std::env::temp_dir().join(format!("sockdoc-recording-{}-{name}", std::process::id())))
    }

    fn path(&self) -> &str {
        self.0.to_str().expect("a path")
    }

    /// All that the file says.
    fn text(&self) -> Vec<u8> {
        let file = fs::read(&self.0).expect("a recording");
        let (mut rest, mut text) = (file.as_slice(), Vec::new());
        while !rest.is_empty() {
            let mut decoder = FrameDecoder::new(rest);
            decoder.read_to_end(&mut text).expect("a frame");
            rest = decoder.into_inner();
        }
        text
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// How old nothing here is: thresholds on age are lifted.
const YOUNG: [&str; 4] = ["--set", "close-wait-leak.age=0s", "--set", "close-wait-unread.age=0s"];

fn said(arguments: &[&[&str]]) -> String {
    let said = program::run(&arguments.concat());
    assert!(matches!(said.code, Some(0 | 1)), "{arguments:?}: {said:?}");
    said.stdout
}

/// The verdicts without names.
fn verdicts(document: &str) -> Vec<(String, String, String)> {
    let document: Value = serde_json::from_str(document).expect("JSON");
    let text = |finding: &Value, name: &str| finding[name].as_str().unwrap_or_default().to_owned();
    let all = document["findings"].as_array().expect("findings");
    let mut verdicts: Vec<_> =
        all.iter().map(|one| (text(one, "rule"), text(one, "severity"), text(one, "confidence"))).collect();
    verdicts.sort();
    verdicts
}

/// Saves while it is there, and looks again when it is gone. With `SOCKDOC_CORPUS` a redacted recording of it is left in
/// that folder.
#[track_caller]
fn comes_back<T>(name: &str, made: impl FnOnce() -> T) {
    let held = made();
    let (one, two) = (File::new("one"), File::new("two"));
    let live = said(&[&["--json", "--save", one.path()]]);
    let for_a_while = said(&[&["check", "--json", "--deep", "--for", "300ms", "--save", two.path()], &YOUNG]);
    redaction_keeps_the_verdict(name);
    drop(held);
    assert_eq!(said(&[&["--json", "--from", one.path()]]), live, "{name}");
    assert_eq!(said(&[&["check", "--json", "--from", two.path()], &YOUNG]), for_a_while, "{name}");
}

/// A redacted recording gives the verdict, and as many sockets, as plain ones before and after it that agree: a timer may
/// fire in between.
#[track_caller]
fn redaction_keeps_the_verdict(name: &str) {
    let recorded = |file: &File, options: &[&str]| {
        said(&[&["record", "--deep", "--force", "-o", file.path()], options]);
        let verdicts = verdicts(&said(&[&["check", "--json", "--from", file.path()], &YOUNG]));
        (verdicts, said(&[&["list", "-Ha", "-t", "--from", file.path()]]).lines().count())
    };
    let (plain, redacted) = (File::new("plain"), File::new("redacted"));
    let end = Instant::now() + Duration::from_secs(60);
    let mut before = recorded(&plain, &[]);
    loop {
        let between = recorded(&redacted, &["--redact"]);
        let after = recorded(&plain, &[]);
        if before == after {
            assert_eq!(between, before, "{name}: redacted");
            break;
        }
        assert!(Instant::now() < end, "{name}: the sockets do not stay");
        before = after;
    }
    if let Some(folder) = std::env::var_os("SOCKDOC_CORPUS") {
        fs::copy(redacted.path(), PathBuf::from(folder).join(format!("{name}.sockdoc"))).expect("a copy");
    }
}

pub(crate) fn listeners_come_back() {
    comes_back("listen", || makers::listen(Family::V4, 3));
}

pub(crate) fn close_wait_comes_back() {
    comes_back("close-wait", || makers::close_wait(Family::V4, 60, Unread::Nothing));
}

pub(crate) fn close_wait_with_unread_bytes_comes_back() {
    comes_back("close-wait-unread", || makers::close_wait(Family::V6, 60, Unread::Bytes(7)));
}

pub(crate) fn time_wait_comes_back() {
    comes_back("time-wait", || makers::time_wait(Family::V4, 200));
}

pub(crate) fn time_wait_at_a_server_comes_back() {
    comes_back("time-wait-server", || makers::time_wait_at_server(Family::V4, 200));
}

pub(crate) fn a_full_accept_queue_comes_back() {
    comes_back("full-accept-queue", || makers::full_accept_queue(Family::V4, 2, 3));
}

pub(crate) fn handshakes_come_back() {
    comes_back("handshakes", || -> Vec<Held> {
        vec![makers::syn_sent(Family::V4, 20), makers::syn_recv(Family::V4, 20)]
    });
}

pub(crate) fn closing_states_come_back() {
    comes_back("closing", || -> Vec<Held> {
        vec![
            makers::fin_wait1(Family::V4, 5, Hangup::Held),
            makers::fin_wait2(Family::V4, 5, Hangup::Held),
            makers::last_ack(Family::V4, 5, Hangup::Held),
        ]
    });
}

pub(crate) fn a_zero_window_comes_back() {
    comes_back("zero-window", || makers::zero_window(Family::V4, 4));
}

pub(crate) fn connections_and_bound_sockets_come_back() {
    comes_back("established", || (makers::established(Family::V6, 90), makers::bound_inactive(Inet::V4, 4)));
}

pub(crate) fn a_redacted_recording_holds_no_secret() {
    namespace::set_sysctl("net.ipv4.ip_nonlocal_bind", "1").expect("a sysctl");
    fs::write("/proc/self/comm", "secretprogram").expect("a name");
    let listener = TcpListener::bind("203.0.113.77:7777").expect("a listener");
    let _client = TcpStream::connect("127.0.0.1:7777");
    let path = std::env::temp_dir().join(format!("sockdoc-most-secret-{}", std::process::id()));
    let _ = fs::remove_file(&path);
    let unix = UnixListener::bind(&path).expect("a UNIX listener");
    let (open, redacted) = (File::new("open"), File::new("redacted"));
    said(&[&["record", "--deep", "--cmdline", "-o", open.path()]]);
    said(&[&["record", "--deep", "--cmdline", "--redact", "-o", redacted.path()]]);
    let _ = fs::remove_file(&path);
    drop((listener, unix));
    assert_eq!(fs::metadata(&redacted.0).expect("a file").permissions().mode() & 0o777, 0o600);
    let host = rustix::system::uname().nodename().to_bytes().to_vec();
    let mut secrets = vec![vec![203, 0, 113, 77], b"sockdoc-most-secret".to_vec(), b"secretprogram".to_vec()];
    if host.len() > 3 {
        secrets.push(host);
    }
    let passwd = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let users = passwd.lines().filter_map(|line| line.split(':').next()).filter(|name| name.len() > 4);
    secrets.extend(
        users.filter(|name| !["nginx", "systemd"].contains(name)).map(|name| [name.as_bytes(), b":x:"].concat()),
    );
    let (open, redacted) = (open.text(), redacted.text());
    for secret in secrets {
        let is_in = |text: &[u8]| text.windows(secret.len()).any(|part| part == secret);
        assert!(is_in(&open), "{:?} is recorded", String::from_utf8_lossy(&secret));
        assert!(!is_in(&redacted), "{:?} is still there", String::from_utf8_lossy(&secret));
    }
}

pub(crate) fn what_changed_is_reported() {
    let kept = makers::established(Family::V4, 3);
    let gone = makers::listen(Family::V4, 2);
    let (before, after) = (File::new("before"), File::new("after"));
    said(&[&["record", "-o", before.path()]]);
    drop(gone);
    let leak = makers::close_wait(Family::V4, 4, Unread::Nothing);
    said(&[&["record", "-o", after.path()]]);
    for other in [after.path(), "now"] {
        let document: Value =
            serde_json::from_str(&said(&[&["diff", before.path(), other, "--json", "--by", "state"]])).expect("JSON");
        let of = |list: &str, state: &str| {
            let all = document["sockets"][list].as_array().expect("a list");
            all.iter().find(|one| one["state"] == state).map_or(0, |one| one["sockets"].as_u64().unwrap_or(0))
        };
        assert_eq!((of("born", "CLOSE_WAIT"), of("died", "LISTEN")), (4, 2), "{document:#}");
        assert_eq!((of("born", "ESTABLISHED"), of("died", "ESTABLISHED")), (0, 0), "{document:#}");
        let state = |name: &str| {
            let all = document["states"].as_array().expect("states");
            all.iter().find(|one| one["state"] == name).map(|one| (one["a"].clone(), one["b"].clone()))
        };
        assert_eq!(state("CLOSE_WAIT"), Some((0.into(), 4.into())));
        assert!(document["counters"].as_array().is_some_and(|all| !all.is_empty()));
    }
    drop((kept, leak));
}

/// A folder with room for this many KiB, gone with the mounts of this test.
fn small_folder(kib: u32) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("sockdoc-small-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    container::mount_small(&folder, kib).expect("a small file system");
    folder
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

pub(crate) fn a_disk_that_fills_up_leaves_nothing_that_looks_whole() {
    container::inside(container::MOUNTS, || {
        // Many different addresses, which do not compress to nothing: a recording is longer than a pipe (64 KiB).
        namespace::raise_descriptor_limit();
        let _crowd = makers::established(Family::V6, 700);
        let folder = small_folder(16);
        let path = folder.join("a.sockdoc");
        let path = path.to_str().expect("a path");
        for arguments in
            [&["record", "--deep", "-o", path][..], &["--save", path], &["check", "--json", "--save", path]]
        {
            let ran = program::run(arguments);
            assert_eq!(ran.code, Some(2), "{arguments:?}: {ran:?}");
            let last = ran.stderr.lines().last().unwrap_or_default();
            assert!(last.contains("a.sockdoc") && last.contains("No space left"), "{arguments:?}: {}", ran.stderr);
            assert_eq!(names(&folder), Vec::<String>::new(), "{arguments:?}");
        }
        // An existing file keeps its content.
        fs::write(path, "before").expect("room for a word");
        assert_eq!(program::run(&["record", "--deep", "--force", "-o", path]).code, Some(2));
        assert_eq!(
            (fs::read(path).expect("a file"), names(&folder)),
            (b"before".to_vec(), vec!["a.sockdoc".to_owned()])
        );
        let whole = program::shell(&format!("{} record -o - | wc -c", env!("CARGO_BIN_EXE_sockdoc")));
        assert!(whole.stdout.trim().parse::<usize>().is_ok_and(|bytes| bytes > 80_000), "{whole:?}");
        // A reader that has seen enough is a normal end, and what it has is no whole recording.
        let cut = folder.join("b");
        let line = format!("{} record -o - | head -c 1000 > {}", env!("CARGO_BIN_EXE_sockdoc"), cut.display());
        let piped = program::shell(&line);
        assert_eq!((piped.code, piped.stderr.as_str()), (Some(0), ""), "{piped:?}");
        assert_eq!(program::run(&["--from", cut.to_str().expect("a path")]).code, Some(2));
    });
}

pub(crate) fn who_interrupts_a_recording_keeps_it_and_who_kills_it_leaves_nothing() {
    container::inside(container::MOUNTS, || {
        // A signal that is caught is at its default in a program that is started, even where whoever runs the tests
        // ignores it (`nohup`, a job in the background).
        for signal in [libc::SIGINT, libc::SIGTERM, libc::SIGHUP] {
            signal_hook::flag::register(signal, Arc::default()).expect("a handler");
        }
        let _held = makers::listen(Family::V4, 3);
        let folder = small_folder(4096);
        let path = folder.join("a.sockdoc");
        let path = path.to_str().expect("a path");
        let begin = || {
            let process = Process::start(program::command(&["record", "--for", "60s", "--every", "100ms", "-o", path]));
            // It looks before it waits; the file has no name meanwhile.
            std::thread::sleep(Duration::from_millis(1500));
            assert_eq!(names(&folder), Vec::<String>::new());
            process
        };
        let killed = begin();
        killed.signal(libc::SIGKILL);
        assert_eq!((killed.wait(program::LIMIT), names(&folder)), (None, Vec::new()));
        for signal in [libc::SIGINT, libc::SIGTERM, libc::SIGHUP] {
            let process = begin();
            process.signal(signal);
            assert_eq!(process.wait(Duration::from_secs(20)), Some(0), "signal {signal}");
            let listening = said(&[&["count", "listen", "--from", path]]);
            assert_eq!(listening, "3\n", "signal {signal}");
            let checked: Value = serde_json::from_str(&said(&[&["check", "--json", "--from", path]])).expect("JSON");
            let unchecked = checked["not_checked"].as_array().expect("a list");
            assert!(!unchecked.iter().any(|one| one["reason"] == "needs two samples"), "{unchecked:#?}");
            fs::remove_file(path).expect("a recording");
        }
    });
}

pub(crate) fn a_redacted_copy_tells_what_the_recording_told() {
    let held = (makers::close_wait(Family::V6, 5, Unread::Bytes(3)), makers::time_wait(Family::V4, 10));
    let (plain, copy, again) = (File::new("plain"), File::new("copy"), File::new("again"));
    said(&[&["record", "--deep", "--for", "300ms", "--every", "100ms", "--cmdline", "-o", plain.path()]]);
    drop(held);
    said(&[&["record", "--from", plain.path(), "-o", again.path()]]);
    said(&[&["record", "--from", plain.path(), "--redact", "-o", copy.path()]]);
    let check = |file: &File| said(&[&["check", "--json", "--from", file.path()], &YOUNG]);
    assert_eq!(check(&again), check(&plain));
    assert_eq!(verdicts(&check(&copy)), verdicts(&check(&plain)));
    let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
    let is_in = |file: &File| file.text().windows(host.len()).any(|part| part == host.as_bytes());
    assert!(host.len() < 4 || (is_in(&plain) && !is_in(&copy)), "{host}");
    assert_eq!(fs::metadata(&copy.0).expect("a file").permissions().mode() & 0o777, 0o600);
    for refused in [&["--deep"][..], &["--for", "1s"], &["--cmdline"]] {
        let ran = program::run(&[&["record", "--from", plain.path(), "-o", "/nonexistent/a"], refused].concat());
        assert!(ran.code == Some(2) && ran.stderr.contains("accepts only -o and --redact"), "{ran:?}");
    }
    let absent = format!("{}.absent", copy.path());
    let text = program::run(&["record", "--from", "/proc/net/tcp", "-o", &absent]);
    assert!(text.code == Some(2) && text.stderr.contains("is not a recording"), "{text:?}");
    assert!(fs::metadata(&absent).is_err(), "nothing is left of it");
}

pub(crate) fn what_ss_prints_comes_back_as_the_kernel_told_it() {
    peer::needs("ss");
    let _held: Vec<Held> = vec![
        makers::close_wait(Family::V6, 5, Unread::Bytes(3)),
        makers::close_wait(Family::V4, 4, Unread::Nothing),
        makers::time_wait(Family::V4, 10),
        makers::full_accept_queue(Family::V4, 2, 1),
        makers::zero_window(Family::V4, 2),
        makers::fin_wait2(Family::V4, 2, Hangup::Held),
    ];
    let path = std::env::temp_dir().join(format!("sockdoc-told-{}", std::process::id()));
    let _ = fs::remove_file(&path);
    let unix = UnixListener::bind(&path).expect("a UNIX listener");
    let text = File::new("text");
    for (arguments, table) in
        [("-tanpoeim", "-t"), ("-tanpoeimO", "-t"), ("-xanp", "-x"), ("-tan", "-t"), ("-an", "-t")]
    {
        let has_details = arguments.contains('e');
        let rows = |document: &str| {
            let document: Value = serde_json::from_str(document).expect("JSON");
            let mut rows: Vec<String> =
                document["sockets"].as_array().expect("sockets").iter().map(|one| row(one, has_details)).collect();
            rows.sort();
            rows
        };
        // Between the two a timer may fire.
        let mut tries = 0;
        loop {
            let live = rows(&said(&[&["list", "-anpoeim", "--json", table]]));
            let ss = program::finish(program::controlled("ss", &[arguments]));
            assert_eq!(ss.code, Some(0), "{ss:?}");
            fs::write(&text.0, &ss.stdout).expect("a text");
            let told = rows(&said(&[&["list", "-anpoeim", "--json", table, "--from", text.path()]]));
            let differ: Vec<&String> = live.iter().filter(|row| !told.contains(row)).collect();
            if differ.is_empty() && told.len() == live.len() {
                break;
            }
            tries += 1;
            let instead: Vec<&String> = told.iter().filter(|row| !live.contains(row)).collect();
            assert!(tries < 20, "ss {arguments}: {differ:#?}\nand not {instead:#?}");
            std::thread::sleep(Duration::from_millis(200));
        }
    }
    peer::needs("netstat");
    let netstat = program::finish(program::controlled("netstat", &["-an"]));
    fs::write(&text.0, &netstat.stdout).expect("a text");
    let groups = |arguments: &[&str]| said(&[&["group", "--by", "state,local,lport", "--json", "-t"], arguments]);
    let plain = |text: &str| serde_json::from_str::<Value>(text).expect("JSON")["groups"].clone();
    assert_eq!(plain(&groups(&["--from", text.path()])), plain(&groups(&[])));
    drop(unix);
    let _ = fs::remove_file(&path);
}

/// The fields of a socket in a row of `ss`.
fn row(socket: &Value, has_details: bool) -> String {
    let mut told = vec![];
    let plain = ["netid", "family", "state", "local", "peer", "recv_queue_bytes", "send_queue_bytes", "accept_queue"];
    told.extend(plain.iter().map(|name| &socket[name]));
    told.push(&socket["accept_limit"]);
    if has_details {
        told.extend(["inode", "cookie"].iter().map(|name| &socket[name]));
        told.extend(["/timer/kind", "/timer/retrans"].iter().filter_map(|place| socket.pointer(place)));
        let owners = socket["owners"].as_array().into_iter().flatten();
        told.extend(owners.flat_map(|owner| ["program", "pid", "fd"].map(|name| &owner[name])));
        let figures =
            ["rto_us", "snd_mss_bytes", "snd_cwnd", "received_bytes", "acked_bytes", "options", "rcv_space_bytes"];
        told.extend(figures.iter().map(|name| &socket["tcp_info"][name]));
        told.extend(["rcvbuf_bytes", "sndbuf_bytes", "drops"].iter().map(|name| &socket["memory"][name]));
    }
    told.into_iter().map(Value::to_string).collect::<Vec<_>>().join(" ")
}
