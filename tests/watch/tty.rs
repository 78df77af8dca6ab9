//! sockdoc on a pseudo terminal, read as a person reads it: `vt100` keeps the screen.
#![allow(unsafe_code, reason = "what a child does between fork and exec is set with an unsafe call")]

use std::{
    fs::File,
    io::Write,
    num::NonZeroU16,
    os::{fd::OwnedFd, unix::process::CommandExt},
    process::{Child, Command, ExitStatus},
    time::{Duration, Instant},
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    fs::{Mode, OFlags},
    process::{Pid, Signal, kill_process},
    pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt},
    termios::{LocalModes, Winsize, tcgetattr, tcsetwinsize},
};

use crate::lab::program::{LIMIT, command};

/// sockdoc on a terminal.
pub(crate) struct Tty {
    pub(crate) child: Child,
    controller: Option<File>,
    /// The other end, held so that its settings can be read when sockdoc has left it.
    terminal: OwnedFd,
    parser: vt100::Parser,
    /// All bytes so far.
    pub(crate) bytes: Vec<u8>,
    /// Whether about a third of the reads take a few bytes only.
    pub(crate) is_slow: bool,
    reads: usize,
}

impl Tty {
    /// Runs it with these arguments on this many columns and rows.
    #[track_caller]
    pub(crate) fn start(size: (u16, u16), args: &[&str]) -> Tty {
        let mut command = command(args);
        command.env("TERM", "xterm-256color").env("LC_ALL", "C.UTF-8");
        Tty::run(size, command)
    }

    /// Runs a command likewise.
    #[track_caller]
    pub(crate) fn run((columns, rows): (u16, u16), mut command: Command) -> Tty {
        let controller = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).expect("a terminal");
        grantpt(&controller).and_then(|()| unlockpt(&controller)).expect("a terminal");
        let name = ptsname(&controller, vec![]).expect("its name");
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
        let terminal = rustix::fs::open(name, flags, Mode::empty()).expect("its other end");
        resize(&terminal, (columns, rows));
        let copy = || terminal.try_clone().unwrap();
        command.stdin(copy()).stdout(copy()).stderr(copy());
        // SAFETY: the closure makes two system calls, which are safe between fork and exec.
        unsafe {
            command.pre_exec(|| {
                rustix::process::setsid()?;
                Ok(rustix::process::ioctl_tiocsctty(rustix::stdio::stdin())?)
            });
        }
        let child = command.spawn().expect("sockdoc");
        drop(command);
        let parser = vt100::Parser::new(cells(rows), cells(columns), 0);
        Tty {
            child,
            controller: Some(File::from(controller)),
            terminal,
            parser,
            bytes: Vec::new(),
            is_slow: false,
            reads: 0,
        }
    }

    /// Reads what comes within this time.
    pub(crate) fn read_for(&mut self, time: Duration) {
        let end = Instant::now() + time;
        while let Some(left) = end.checked_duration_since(Instant::now()) {
            let Some(controller) = &self.controller else { return };
            let timeout = Timespec::try_from(left).unwrap();
            if poll(&mut [PollFd::new(controller, PollFlags::IN)], Some(&timeout)).unwrap_or(0) == 0 {
                continue;
            }
            let mut bytes = [0; 4096];
            self.reads += 1;
            let room = if self.is_slow && self.reads % 10 < 3 { 1 + self.reads % 7 } else { bytes.len() };
            let Ok(read) = rustix::io::read(controller, &mut bytes[..room]) else { return };
            self.parser.process(&bytes[..read]);
            self.bytes.extend_from_slice(&bytes[..read]);
        }
    }

    /// Reads until the screen shows a text.
    #[track_caller]
    pub(crate) fn until(&mut self, text: &str) {
        self.until_that(text, |screen| screen.contains(text));
    }

    /// Reads until the screen is as wanted.
    #[track_caller]
    pub(crate) fn until_that(&mut self, what: &str, is_so: impl Fn(&str) -> bool) {
        let began = Instant::now();
        while !is_so(&self.screen()) {
            assert!(began.elapsed() < LIMIT / 2, "no {what}:\n{}", self.screen());
            self.read_for(Duration::from_millis(20));
        }
    }

    /// The content of the screen.
    pub(crate) fn screen(&self) -> String {
        self.parser.screen().contents()
    }

    /// Whether the second screen is shown.
    pub(crate) fn is_second_screen(&self) -> bool {
        self.parser.screen().alternate_screen()
    }

    /// Types.
    pub(crate) fn press(&mut self, keys: &str) {
        self.controller.as_mut().unwrap().write_all(keys.as_bytes()).unwrap();
    }

    /// Types each byte by itself.
    pub(crate) fn press_in_parts(&mut self, keys: &str) {
        for byte in keys.bytes() {
            self.controller.as_mut().unwrap().write_all(&[byte]).unwrap();
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Gives the terminal another size.
    pub(crate) fn resize(&mut self, size: (u16, u16)) {
        self.parser.screen_mut().set_size(cells(size.1), cells(size.0));
        resize(self.controller.as_ref().unwrap(), size);
    }

    /// Sends a signal.
    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Closes the terminal.
    pub(crate) fn hang_up(&mut self) {
        self.controller = None;
    }

    /// Waits for the end, reading on.
    #[track_caller]
    pub(crate) fn end(&mut self) -> ExitStatus {
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                self.read_for(Duration::from_millis(50));
                return status;
            }
            assert!(began.elapsed() < LIMIT / 2, "it goes on:\n{}", self.screen());
            self.read_for(Duration::from_millis(20));
        }
    }

    /// The terminal is as a shell needs it: its first screen, a cursor, echo and whole lines.
    #[track_caller]
    pub(crate) fn assert_whole(&self) {
        let screen = self.parser.screen();
        assert!(!screen.alternate_screen() && !screen.hide_cursor(), "{:?}", String::from_utf8_lossy(&self.bytes));
        let modes = tcgetattr(&self.terminal).unwrap().local_modes;
        assert!(
            modes.contains(LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG | LocalModes::IEXTEN),
            "{modes:?}"
        );
    }
}

impl Drop for Tty {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn cells(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count).expect("a size")
}

fn resize(terminal: impl std::os::fd::AsFd, (columns, rows): (u16, u16)) {
    let size = Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
    tcsetwinsize(terminal, size).expect("its size");
}
