//! Actions happen with `--yes`, or with the number typed on a terminal; and the log of them.

use std::{fs::File, os::unix::net::UnixDatagram, path::Path, time::Duration};

use crate::{
    lab::{
        container,
        counts::State,
        makers,
        proc_net::{tcp_in, until},
        program::{command, finish, run, shell},
        sockets::Family,
    },
    tty::Tty,
};

pub(crate) fn a_pipe_gets_a_dry_run_whose_command_acts() {
    let held = makers::established(Family::V4, 3);
    let filter = format!("( established and sport = :{} )", held.port);
    let said = run(&["kill", &filter]);
    assert_eq!((said.code, said.stderr.as_str()), (Some(0), ""), "{said:?}");
    assert!(said.stdout.starts_with("would destroy 3 sockets"), "{said:?}");
    assert_eq!(tcp_in(State::Established).len(), 6);
    // The last line, as a person would paste it.
    let line = said.stdout.lines().last().unwrap();
    assert!(line.contains("sockdoc kill '( established") && line.ends_with(" --yes"), "{line}");
    let program = format!("{} ", env!("CARGO_BIN_EXE_sockdoc"));
    let acted = shell(&line.replace("sudo ", "").replacen("sockdoc ", &program, 1));
    assert_eq!(acted.code, Some(0), "{acted:?}");
    assert!(acted.stdout.starts_with("3 of 3 sockets are gone"), "{acted:?}");
    until("they are gone", || tcp_in(State::Established).is_empty());
}

pub(crate) fn on_a_terminal_the_number_acts_and_nothing_else() {
    let held = makers::established(Family::V4, 3);
    let words = ["kill", "established and sport", "=", &format!(":{}", held.port)];
    for typed in ["y", "yes", "4", "", "3 4"] {
        let mut tty = Tty::start((80, 24), &words);
        tty.until("Type 3");
        tty.press(&format!("{typed}\r"));
        tty.until("sockdoc: nothing was done");
        assert_eq!(tty.end().code(), Some(0), "{}", tty.screen());
    }
    // The end of input, which leaves the cursor behind the question.
    let mut tty = Tty::start((80, 24), &words);
    tty.until("Type 3");
    tty.press("\u{4}");
    tty.until("sockdoc: nothing was done");
    assert!(tty.screen().lines().any(|line| line.trim_end() == "sockdoc: nothing was done"), "{}", tty.screen());
    assert_eq!(tty.end().code(), Some(0), "{}", tty.screen());
    assert_eq!(tcp_in(State::Established).len(), 6);
    let mut tty = Tty::start((80, 24), &words);
    tty.until("Type 3");
    // Sockets that appear after the list was shown are not included.
    let later = makers::established(Family::V4, 1);
    tty.press("3\r");
    tty.until("3 of 3 sockets are gone");
    tty.read_for(Duration::from_millis(50));
    assert_eq!(tty.end().code(), Some(0), "{}", tty.screen());
    until("they are gone", || tcp_in(State::Established).len() == 2);
    drop(later);
}

pub(crate) fn a_line_for_the_audit_goes_to_stderr_and_the_log() {
    let folder = std::env::temp_dir().join("dev");
    std::fs::create_dir(&folder).unwrap();
    let log = UnixDatagram::bind(folder.join("log")).unwrap();
    let input = std::env::temp_dir().join("input");
    std::fs::write(&input, "").unwrap();
    container::keep_mounts_apart().unwrap();
    container::lay_over(&folder, Path::new("/dev")).unwrap();
    let held = makers::established(Family::V4, 2);
    let filter = format!("established and sport = :{} and not proc = \"a\u{1b}[2Jb\"", held.port);
    let mut kill = command(&["kill", &filter, "--yes"]);
    kill.env("SUDO_UID", "1000").env("LANG", "zh_CN.UTF-8").stdin(File::open(&input).unwrap());
    let said = finish(kill);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert_eq!(said.stderr.lines().count(), 1, "{said:?}");
    let mut bytes = [0; 4096];
    log.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let length = log.recv(&mut bytes).unwrap();
    let line = String::from_utf8(bytes[..length].to_vec()).unwrap();
    assert!(line.starts_with("<85>sockdoc["), "{line}");
    assert!(line.contains("kill destroyed 2 of 2, uid 0 (sudo: 1000), network namespace net:["), "{line}");
    assert!(line.contains(r"\x1b[2Jb") && !line.contains('\u{1b}') && !said.stderr.contains('\u{1b}'), "{line}");
    log.set_nonblocking(true).unwrap();
    assert!(log.recv(&mut bytes).is_err(), "one line");
}
