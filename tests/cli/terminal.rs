//! A real terminal: a pseudo terminal of some width, whose other end is read here.

use std::{
    fs::File,
    io::Read,
    process::{Command, Stdio},
    thread,
};

use rustix::{
    fs::{Mode, OFlags},
    pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt},
    termios::{Winsize, tcsetwinsize},
};
use unicode_width::UnicodeWidthStr;

use crate::lab::peer;
use crate::program::{sockdoc, text};

/// Runs a command with its output and errors on a terminal of this many columns, and passes the screen to `look`.
fn shown(columns: u16, command: &mut Command, look: impl FnOnce(&str)) {
    let Ok(controller) = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC) else {
        peer::lacks("pseudo terminals")
    };
    grantpt(&controller).and_then(|()| unlockpt(&controller)).expect("a terminal of our own");
    let name = ptsname(&controller, Vec::new()).expect("its name");
    let terminal =
        rustix::fs::open(name, OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC, Mode::empty()).expect("a terminal");
    let size = Winsize { ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
    tcsetwinsize(&terminal, size).expect("its size");
    let errors = terminal.try_clone().unwrap();
    // Read while it writes: a terminal holds 4 KiB.
    let reader = thread::spawn(move || {
        let mut shown = Vec::new();
        // The end of a terminal is EIO.
        let _ = File::from(controller).read_to_end(&mut shown);
        shown
    });
    let status = command.stdin(Stdio::null()).stdout(terminal).stderr(errors).status().expect("the binary runs");
    // The command holds the other end too, until it gets other streams.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let shown = text(reader.join().unwrap()).replace("\r\n", "\n");
    assert_eq!(status.code(), Some(0), "{shown}");
    look(&shown);
}

/// The text without `ESC [ … m`.
fn without_colors(shown: &str) -> String {
    let mut parts = shown.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().to_owned();
    first + &parts.map(|part| part.split_once('m').expect("a colour").1).collect::<String>()
}

fn fits(shown: &str, columns: usize) {
    for line in without_colors(shown).lines() {
        assert!(line.width() <= columns, "{} columns in {columns}: {line}\n{shown}", line.width());
    }
}

pub(crate) fn a_terminal_gets_colors_and_lines_that_fit() {
    for columns in [80, 200, 60, 40] {
        for arguments in [&[][..], &["-v"], &["--lang", "zh"], &["--lang", "zh", "-v"]] {
            shown(columns, sockdoc(arguments).env("TERM", "xterm-256color"), |screen| {
                assert!(screen.contains("\u{1b}[1m"), "{screen}");
                fits(screen, usize::from(columns));
            });
        }
    }
}

pub(crate) fn help_on_a_terminal_fits_and_is_colored() {
    for columns in [80, 100, 200] {
        for arguments in [&["--help"][..], &["help", "group"], &["group", "--help", "--lang", "zh"]] {
            shown(columns, sockdoc(arguments).env("TERM", "xterm-256color"), |screen| {
                assert!(screen.contains("\u{1b}["), "{screen}");
                fits(screen, usize::from(columns));
            });
        }
    }
}

/// Nothing that shows well on a dark ground alone: no white, no black, no yellow, no background.
pub(crate) fn colors_can_be_read_on_light_and_dark_ground() {
    shown(80, sockdoc(["-v"]).env("TERM", "xterm-256color"), |screen| {
        for code in screen.split("\u{1b}[").skip(1).map(|part| part.split_once('m').unwrap().0) {
            assert!(["0", "1", "4", "36", "32", "31", "34", "35"].contains(&code), "{code}: {screen}");
        }
    });
}

pub(crate) fn a_terminal_that_takes_no_colors_gets_none() {
    let refusals: [(&str, &str); 2] = [("NO_COLOR", "1"), ("TERM", "dumb")];
    for (name, value) in refusals {
        for arguments in [&[][..], &["--help"], &["group", "--by", "state"]] {
            shown(80, sockdoc(arguments).env("TERM", "xterm").env(name, value), |screen| {
                assert!(!screen.contains('\u{1b}'), "{name}={value} {arguments:?}: {screen}");
            });
        }
    }
}

pub(crate) fn an_empty_no_color_is_none() {
    shown(80, sockdoc([""; 0]).env("TERM", "xterm").env("NO_COLOR", ""), |screen| {
        assert!(screen.contains("\u{1b}[1m"), "https://no-color.org: {screen}");
    });
}

pub(crate) fn the_option_outweighs_the_terminal() {
    for arguments in [&["--color", "never"][..], &["--help", "--color", "never"], &["--color=never", "help"]] {
        shown(80, sockdoc(arguments).env("TERM", "xterm"), |screen| {
            assert!(!screen.contains('\u{1b}'), "{arguments:?}: {screen}");
        });
    }
    for arguments in [&["--color", "always"][..], &["--color", "always", "--help"]] {
        shown(80, sockdoc(arguments).env("TERM", "dumb").env("NO_COLOR", "1"), |screen| {
            assert!(screen.contains('\u{1b}'), "{arguments:?}: {screen}");
        });
    }
}

pub(crate) fn a_terminal_without_a_size_has_80_columns_or_what_columns_says() {
    shown(0, &mut sockdoc(["--help"]), |screen| fits(screen, 80));
    shown(0, sockdoc(["--help"]).env("COLUMNS", "120"), |screen| {
        fits(screen, 120);
        let widest = without_colors(screen).lines().map(UnicodeWidthStr::width).max();
        assert!(widest > Some(80), "{widest:?}: {screen}");
    });
}

pub(crate) fn a_listener_of_ours_is_on_the_screen() {
    let listener = crate::program::listener();
    shown(80, &mut sockdoc([""; 0]), |screen| assert!(without_colors(screen).contains("LISTEN"), "{screen}"));
    drop(listener);
}

pub(crate) fn a_text_longer_than_the_screen_goes_through_the_pager() {
    let explain = |topic: &str, variables: &[(&str, &str)], look: &dyn Fn(&str)| {
        let mut command = sockdoc(["explain", topic, "--no-live"]);
        command.env("TERM", "xterm").env("PATH", std::env::var_os("PATH").unwrap()).envs(variables.iter().copied());
        shown(80, &mut command, look);
    };
    let marked = |screen: &str| screen.lines().next().is_some_and(|line| line.starts_with("paged:"));
    explain("TIME_WAIT", &[("PAGER", "sed s/^/paged:/")], &|screen| assert!(marked(screen), "{screen}"));
    explain("EMFILE", &[("PAGER", "sed s/^/paged:/")], &|screen| assert!(!marked(screen), "{screen}"));
    for none in ["cat", "", "no-such-pager", "no-such-pager 'x'"] {
        explain("TIME_WAIT", &[("PAGER", none)], &|screen| assert!(screen.contains("FIN_WAIT2"), "{screen}"));
    }
    let dumb = [("TERM", "dumb"), ("PAGER", "sed s/^/paged:/")];
    explain("TIME_WAIT", &dumb, &|screen| assert!(!marked(screen), "{screen}"));
}

pub(crate) fn a_topic_on_a_terminal_is_laid_out_and_colored() {
    for columns in [80, 200, 60, 40] {
        for arguments in [&["explain", "close-wait"][..], &["explain", "states", "--lang", "zh"], &["explain"]] {
            let mut command = sockdoc(arguments);
            shown(columns, command.env("TERM", "xterm-256color").env("PAGER", "cat"), |screen| {
                assert!(screen.contains("\u{1b}[1m") && !screen.contains("## "), "{screen}");
                if columns >= 80 {
                    fits(screen, usize::from(columns));
                }
            });
        }
    }
}
