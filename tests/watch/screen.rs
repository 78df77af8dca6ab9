//! The live view on a terminal: keys, sizes, signals, the bytes of a frame.

use std::{
    fs,
    net::{TcpListener, TcpStream},
    os::unix::process::ExitStatusExt,
    process::Command,
    time::{Duration, Instant},
};

use rustix::process::{Resource, Rlimit, Signal, setrlimit};

use crate::{
    lab::{
        load::Load,
        program::{LIMIT, command, run},
        server::{AtEnd, Server},
    },
    tty::Tty,
};

const SIZE: (u16, u16) = (80, 24);

/// A view that shows its first sample.
fn view(size: (u16, u16), args: &[&str]) -> Tty {
    let mut tty = Tty::start(size, &[&["watch", "-n", "0.3"], args].concat());
    tty.until("q quit");
    assert!(tty.is_second_screen());
    tty
}

pub(crate) fn every_key_does_what_the_help_says() {
    let server = Server { at_end: AtEnd::Forget, ..Server::at(8080) };
    let running = server.clone().start();
    let clients = Load::to(server.address, 40).complete();
    let folder = std::env::temp_dir();
    let mut command = command(&["watch", "-n", "0.3", "--only", "close-wait-leak", "--set", "close-wait-leak.age=1s"]);
    command.env("TERM", "xterm").env("LC_ALL", "C.UTF-8").current_dir(&folder);
    let mut tty = Tty::run(SIZE, command);
    let program = format!("close-wait-leak echo-server ({})", running.pid());
    tty.until(&program);
    tty.until("CLOSE_WAIT       40");
    tty.press("?");
    tty.until("quit and leave the last frame");
    tty.press("\x1b");
    tty.until(&program);
    // The last line is the incident.
    tty.press("\x1b[F");
    tty.until_that("mark", |screen| screen.lines().any(|line| line.starts_with("> ") && line.contains(&program)));
    tty.press("\r");
    tty.until("Evidence");
    tty.press("\x1b[6~");
    tty.until("$ sockdoc explain close-wait-leak");
    tty.press("G");
    tty.until("$ sockdoc group --by state");
    tty.until("40  CLOSE_WAIT");
    tty.press("g");
    tty.until("$ sockdoc group --by service");
    // Each group leads to its sockets, and Escape back to the groups.
    let groups: [(&str, &str, &str); 4] = [
        ("G", "group --by state", "$ sockdoc list -tap close-wait"),
        ("gg", "group --by proc", "$ sockdoc list -tap 'proc = echo-server'"),
        ("g", "group --by lport", "$ sockdoc list -tap 'sport = :8080'"),
        ("gg", "group --by peer/24", "$ sockdoc list -tap 'dst 127.0.0.0/24'"),
    ];
    for (keys, page, sockets) in groups {
        tty.press(keys);
        tty.until(&format!("$ sockdoc {page}"));
        let is_chosen = |screen: &str| screen.lines().any(|line| line.starts_with("> "));
        for step in 0.. {
            assert!(step < 6, "{page}: none leads to {sockets}");
            tty.press("j");
            tty.until_that("mark", is_chosen);
            tty.press("\r");
            tty.until("$ sockdoc list -tap ");
            if tty.screen().contains(sockets) {
                break;
            }
            tty.press("\x1b");
            tty.until(&format!("$ sockdoc {page}"));
        }
        tty.until("127.0.0.1:8080");
        tty.press("\x1b");
        tty.until(&format!("$ sockdoc {page}"));
    }
    tty.press("\x1b");
    tty.until(&program);
    tty.press("l");
    tty.until(&format!("$ sockdoc list -ap 'pid = {}'", running.pid()));
    tty.until("127.0.0.1:8080");
    tty.press("\x1bOFk\x1b[5~\x1b[6~\x1b[Hj\x1b");
    tty.until(&program);
    tty.press("/sport = :80x\r");
    tty.until("^");
    tty.press("\x7f80\r");
    tty.until("filter: sport = :8080");
    // The last one again, with another end; and the keys of a line.
    tty.press("/\x1b[A\x1b[D\x1b[D\x17:4430\x05\x7f\r");
    tty.until("filter: sport = :44308");
    tty.press("/\x1b");
    tty.until_that("end of the filter", |screen| !screen.contains("filter:"));
    for help in ["?", "\x1bOP", "h"] {
        tty.press(help);
        tty.until("quit and leave the last frame");
        tty.press("q");
        tty.until_that("end of the help", |screen| !screen.contains("quit and leave the last frame"));
    }
    let before = tty.bytes.len();
    tty.press("\x0c");
    while !tty.bytes[before..].windows(4).any(|part| part == b"\x1b[2J") {
        tty.read_for(Duration::from_millis(20));
    }
    tty.press("s");
    // So long that no sample stretches it.
    tty.press("+++++");
    tty.until("every 9 s");
    tty.press("-");
    tty.until("every 4 s");
    tty.press("----");
    tty.press(" ");
    tty.until("FROZEN");
    let frozen = tty.screen();
    tty.read_for(Duration::from_secs(1));
    assert_eq!(tty.screen(), frozen);
    tty.press("f");
    tty.until_that("going on", |screen| !screen.contains("FROZEN"));
    tty.press("r");
    tty.press("w");
    // The last samples, of which there were many by then, and one with everything.
    let count = |screen: &str| screen.split_once(" bytes, ")?.1.split_once(" samples")?.0.parse::<usize>().ok();
    tty.until_that("samples", |screen| count(screen).is_some());
    let samples = count(&tty.screen()).unwrap();
    assert!((3..=13).contains(&samples), "{}", tty.screen());
    let written = fs::read_dir(&folder).unwrap().filter_map(|entry| entry.unwrap().file_name().into_string().ok());
    let written: Vec<String> = written.filter(|name| name.ends_with(".sockdoc")).collect();
    let [written] = written.try_into().unwrap();
    let written = folder.join(written);
    let played = run(&["watch", "--json", "--from", written.to_str().unwrap()]);
    assert_eq!((played.code, played.stdout.lines().count()), (Some(0), samples), "{played:?}");
    let pid = running.pid().to_string();
    assert!(run(&["list", "-tap", "--from", written.to_str().unwrap()]).stdout.contains(&format!("pid={pid}")));
    tty.press("w");
    // A second one in the same second has the same name.
    tty.until_that("answer", |screen| count(screen).is_some() || screen.contains("already exists"));
    tty.press("Q");
    assert_eq!(tty.end().code(), Some(0));
    tty.assert_whole();
    // The last frame stays.
    assert!(tty.screen().contains("WHO ACTS NEXT"), "{}", tty.screen());
    drop((running, clients));
}

pub(crate) fn a_leak_comes_and_goes_on_the_screen() {
    let mut tty = view(SIZE, &["--only", "close-wait-leak", "--set", "close-wait-leak.age=1s"]);
    let server = Server { at_end: AtEnd::Forget, ..Server::at(8080) };
    let running = server.clone().start();
    let clients = Load::to(server.address, 40).complete();
    tty.until("NEW ");
    drop((running, clients));
    tty.until("GONE ");
    tty.press("r");
    tty.until("nothing found");
    tty.press("q");
    assert_eq!(tty.end().code(), Some(0));
    tty.assert_whole();
}

pub(crate) fn the_terminal_is_whole_after_every_signal() {
    // No core files.
    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) }).unwrap();
    for signal in [Signal::INT, Signal::TERM, Signal::HUP, Signal::QUIT] {
        let mut tty = view(SIZE, &[]);
        tty.signal(signal);
        let status = tty.end();
        match signal {
            Signal::INT => assert_eq!(status.code(), Some(0)),
            _ => assert_eq!(status.signal(), Some(signal.as_raw())),
        }
        tty.assert_whole();
    }
    let mut tty = view(SIZE, &[]);
    // The terminal makes signals of Ctrl-C and Ctrl-\.
    tty.press("\x03");
    assert_eq!(tty.end().code(), Some(0));
    tty.assert_whole();
    let mut tty = view(SIZE, &[]);
    tty.press("\x1c");
    assert_eq!(tty.end().signal(), Some(Signal::QUIT.as_raw()));
    tty.assert_whole();
}

pub(crate) fn keys_and_frames_may_come_in_parts() {
    let sockets: Vec<_> = (8080..8100).map(|port| TcpListener::bind(("127.0.0.1", port)).unwrap()).collect();
    let mut tty = view(SIZE, &[]);
    tty.is_slow = true;
    tty.press("l");
    tty.until("$ sockdoc list -tap LISTEN");
    // With any keys in between, all keys arrive in order and no part of a sequence counts as a key.
    for (keys, first) in
        [("\x1b[F", "8099"), ("\x1b[1~", "$ sockdoc list"), ("\x1b[6~", "8099"), ("\x1bOH", "$ sockdoc list")]
    {
        for round in 0.. {
            // More than 50 ms between two parts and they are no sequence any more.
            assert!(round < 20, "{keys:?}:\n{}", tty.screen());
            tty.press_in_parts(keys);
            let began = Instant::now();
            while !tty.screen().contains(first) && began.elapsed() < Duration::from_secs(2) {
                tty.read_for(Duration::from_millis(20));
            }
            if tty.screen().contains(first) {
                break;
            }
        }
    }
    for size in [(120, 40), (40, 10), (200, 50), (80, 24)] {
        tty.resize(size);
    }
    tty.until("q quit");
    tty.press("q");
    assert_eq!(tty.end().code(), Some(0));
    tty.assert_whole();
    drop(sockets);
}

pub(crate) fn a_terminal_that_is_not_read_is_whole_when_it_is_read_again() {
    let mut tty = view((200, 50), &[]);
    // Frames that fill the kernel's buffer for a reader; then the end, which no frame may block.
    for round in 0..60 {
        tty.resize((200 - round, 50));
        std::thread::sleep(Duration::from_millis(5));
    }
    tty.signal(Signal::TERM);
    std::thread::sleep(Duration::from_millis(200));
    assert_eq!(tty.end().signal(), Some(Signal::TERM.as_raw()));
    tty.assert_whole();
}

pub(crate) fn it_stops_and_goes_on() {
    for _ in 0..3 {
        let mut tty = view(SIZE, &[]);
        tty.signal(Signal::TSTP);
        let began = Instant::now();
        while tty.is_second_screen() {
            tty.read_for(Duration::from_millis(20));
            assert!(began.elapsed() < LIMIT);
        }
        tty.assert_whole();
        tty.signal(Signal::CONT);
        tty.until("q quit");
        assert!(tty.is_second_screen());
        tty.press("q");
        assert_eq!(tty.end().code(), Some(0));
        tty.assert_whole();
    }
}

pub(crate) fn a_closed_terminal_is_a_quiet_end() {
    let mut tty = view(SIZE, &[]);
    tty.hang_up();
    let began = Instant::now();
    while tty.child.try_wait().unwrap().is_none() {
        assert!(began.elapsed() < LIMIT, "it goes on without a terminal");
        std::thread::sleep(Duration::from_millis(20));
    }
}

pub(crate) fn sizes_may_change_at_any_time() {
    let _sockets = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut tty = view(SIZE, &[]);
    for round in 0..150_u16 {
        tty.resize((1 + round * 37 % 190, 1 + round * 13 % 60));
        tty.read_for(Duration::from_millis(u64::from(round % 7)));
        if round % 10 == 0 {
            tty.press(["?", "l", "\x1b", "\x1b[6~"][usize::from(round / 10 % 4)]);
        }
    }
    tty.press("\x1b");
    for size in [(10, 3), (40, 10), (200, 50), (80, 24)] {
        tty.resize(size);
        match size {
            (10, 3) => tty.until("window too"),
            _ => tty.until("q quit"),
        }
    }
    tty.press("q");
    assert_eq!(tty.end().code(), Some(0));
    tty.assert_whole();
}

pub(crate) fn a_quiet_frame_costs_few_bytes() {
    let listener = TcpListener::bind("127.0.0.1:8080").unwrap();
    let mut tty = view(SIZE, &[]);
    tty.until("LISTEN");
    tty.read_for(Duration::from_secs(1));
    let before = tty.bytes.len();
    tty.read_for(Duration::from_secs(3));
    let idle = (tty.bytes.len() - before) / 10;
    assert!(idle <= 120, "{idle} bytes a frame");
    let mut ends = Vec::new();
    for _ in 0..5 {
        let (before, began) = (tty.bytes.len(), Instant::now());
        ends.extend((0..100).map(|_| (TcpStream::connect("127.0.0.1:8080").unwrap(), listener.accept().unwrap())));
        tty.read_for(Duration::from_millis(400));
        let changed = tty.bytes.len() - before;
        // A frame comes every 300 ms; on a busy host connecting takes several.
        let frames = began.elapsed().as_millis() as usize / 300 + 1;
        assert!(changed <= frames * 1024, "{changed} bytes in {frames} frames");
    }
    let text = String::from_utf8_lossy(&tty.bytes).into_owned();
    assert_eq!(text.matches("\x1b[2J").count(), 1, "all is painted once");
    assert_eq!((text.matches("\x1b[?2026h").count(), text.matches("\x1b[?2026l").count()), (1, 1));
    // Neither the cursor nor the kind of the terminal is asked for.
    assert!(!text.contains("\x1b[6n") && !text.contains("\x1b[c") && !text.contains("\x1b[?1000h"), "{text:?}");
}

pub(crate) fn a_terminal_that_takes_no_screen_gets_lines() {
    for (variable, value, args) in
        [("TERM", "dumb", &[][..]), ("TERM", "", &[]), ("TERM", "xterm", &["--plain"]), ("TERM", "xterm", &["--json"])]
    {
        let mut command: Command = command(&[&["watch", "-n", "0.1", "-c", "3"], args].concat());
        command.env(variable, value);
        let mut tty = Tty::run(SIZE, command);
        assert_eq!(tty.end().code(), Some(0));
        assert!(!tty.bytes.contains(&0x1b), "{value} {args:?}: {}", tty.screen());
    }
    let mut command = command(&["watch", "-n", "0.3"]);
    command.env("TERM", "xterm").env("LC_ALL", "C").env("NO_COLOR", "1");
    let mut tty = Tty::run(SIZE, command);
    tty.until("q quit");
    tty.press("j");
    tty.read_for(Duration::from_secs(1));
    let text = String::from_utf8_lossy(&tty.bytes).into_owned();
    let sequences = text.split("\x1b[").skip(1).filter_map(|part| part.split_once('m')).map(|(code, _)| code);
    let styles: Vec<&str> = sequences.filter(|code| code.bytes().all(|byte| byte.is_ascii_digit())).collect();
    assert!(text.is_ascii() && styles.is_empty(), "{styles:?}\n{}", tty.screen());
}

pub(crate) fn a_recording_is_played_and_stepped() {
    let path = std::env::temp_dir().join("played.sockdoc");
    let path = path.to_str().unwrap();
    crate::lines::record_a_listener_that_begins(path, "250ms", 9);
    let mut tty = Tty::start(SIZE, &["watch", "--from", path, "-n", "0.2"]);
    tty.until("sample 9 of 9");
    tty.until("LISTEN");
    for number in (1..9).rev() {
        tty.press("\x1b[D");
        tty.until(&format!("sample {number} of 9"));
    }
    assert!(!tty.screen().contains("LISTEN "), "{}", tty.screen());
    tty.press("\x1b[C");
    tty.until("sample 2 of 9");
    tty.press("n");
    tty.until("no further change");
    tty.press("\x1b[Dl");
    tty.until("$ sockdoc list");
    tty.until("127.0.0.1:8080");
    tty.press("q");
    assert_eq!(tty.end().code(), Some(0));
    tty.assert_whole();
}

pub(crate) fn a_panic_leaves_the_terminal_whole() {
    // The program has no way to be made to panic: a program that takes over a terminal as it does.
    let this = std::env::current_exe().unwrap();
    let mut command = Command::new(this);
    command.env_clear().env(PANICS, "1");
    let mut tty = Tty::run(SIZE, command);
    assert!(!tty.end().success());
    assert!(tty.bytes.windows(8).any(|part| part == b"\x1b[?1049h"), "{}", tty.screen());
    assert!(tty.screen().contains("as it was planned"), "{}", tty.screen());
    tty.assert_whole();
}

/// The variable that makes this program take over its terminal and panic.
pub(crate) const PANICS: &str = "SOCKDOC_TEST_PANICS";

/// Takes over the terminal and panics, where it was asked for.
pub(crate) fn panic_if_asked() {
    if std::env::var_os(PANICS).is_some() {
        let terminal = sockdoc::system::terminal::Terminal::enter().expect("a terminal");
        terminal.write(b"in the second screen");
        // As the released program does, which has no unwinding.
        std::mem::forget(terminal);
        panic!("as it was planned");
    }
}
