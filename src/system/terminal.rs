//! The terminal as a whole: raw mode, its second screen, keys and signals. However the run ends, the terminal is as it was.

use std::{
    io::{self, Read},
    os::unix::net::UnixStream,
    panic,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    io::{Errno, retry_on_intr},
    stdio::{stdin, stdout},
    termios::{
        InputModes, LocalModes, OptionalActions, OutputModes, SpecialCodeIndex, Termios, tcgetattr, tcgetwinsize,
        tcsetattr,
    },
};
use signal_hook::{
    consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH},
    flag,
    low_level::{emulate_default_handler, pipe},
};

/// Shows the second screen, without a cursor and with lines that end where the screen does.
const ENTER: &[u8] = b"\x1b[?1049h\x1b[?25l\x1b[?7l";

/// The reverse, with plain colours.
const LEAVE: &[u8] = b"\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l";

/// The state of the terminal before.
static BEFORE: OnceLock<Termios> = OnceLock::new();

/// Whether the second screen is shown.
static ENTERED: AtomicBool = AtomicBool::new(false);

/// An input from a terminal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum TerminalInput {
    /// Bytes of keys.
    Keys(Vec<u8>),
    /// The screen has another size, or other content by now: draw it again.
    Redraw,
    /// Nothing, for as long as was asked.
    Nothing,
    /// Ctrl-C.
    Interrupt,
    /// The terminal is gone.
    Gone,
}

/// The terminal, taken over.
#[derive(Debug)]
pub struct Terminal {
    signals: UnixStream,
    resized: Arc<AtomicBool>,
    continued: Arc<AtomicBool>,
    stopped: Arc<AtomicBool>,
    interrupted: Arc<AtomicBool>,
    /// The signals that end the run, each by its number.
    ending: [(i32, Arc<AtomicBool>); 3],
}

impl Terminal {
    /// Takes over the terminal of the standard streams.
    ///
    /// # Errors If they are not terminals, or the kernel refuses a signal handler.
    pub fn enter() -> io::Result<Terminal> {
        let before = tcgetattr(stdin())?;
        BEFORE.get_or_init(|| before);
        let (signals, woken) = UnixStream::pair()?;
        signals.set_nonblocking(true)?;
        let flagged = |signal: i32| -> io::Result<Arc<AtomicBool>> {
            let flag = Arc::new(AtomicBool::new(false));
            flag::register(signal, Arc::clone(&flag))?;
            pipe::register(signal, woken.try_clone()?)?;
            Ok(flag)
        };
        let terminal = Terminal {
            resized: flagged(SIGWINCH)?,
            continued: flagged(SIGCONT)?,
            stopped: flagged(SIGTSTP)?,
            interrupted: flagged(SIGINT)?,
            ending: [(SIGTERM, flagged(SIGTERM)?), (SIGHUP, flagged(SIGHUP)?), (SIGQUIT, flagged(SIGQUIT)?)],
            signals,
        };
        // A panic ends the process without running destructors.
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            restore();
            before(info);
        }));
        take_over()?;
        Ok(terminal)
    }

    /// Columns and rows; 80 and 24 where the terminal does not tell.
    pub fn size(&self) -> (u16, u16) {
        let told = tcgetwinsize(stdout()).ok().filter(|size| size.ws_col > 0 && size.ws_row > 0);
        told.map_or((80, 24), |size| (size.ws_col, size.ws_row))
    }

    /// Writes a frame, in one call where the terminal takes it; `false` where the terminal is gone.
    pub fn write(&self, mut bytes: &[u8]) -> bool {
        while !bytes.is_empty() {
            match retry_on_intr(|| rustix::io::write(stdout(), bytes)) {
                Ok(written) => bytes = bytes.get(written..).unwrap_or_default(),
                Err(Errno::AGAIN) => {
                    let mut ready = [PollFd::from_borrowed_fd(stdout(), PollFlags::OUT)];
                    let _ = poll(&mut ready, None);
                }
                Err(_) => return false,
            }
        }
        true
    }

    /// Waits for keys or a signal, at most for this time. A signal that stops the process stops it here, with the
    /// terminal as it was before; one that ends it does so.
    pub fn wait(&mut self, time: Duration) -> TerminalInput {
        if let Some(input) = self.heed_signals() {
            return input;
        }
        let timeout = Timespec::try_from(time).ok();
        let mut ready = [PollFd::from_borrowed_fd(stdin(), PollFlags::IN), PollFd::new(&self.signals, PollFlags::IN)];
        let _ = poll(&mut ready, timeout.as_ref());
        let [keys, _] = ready.map(|one| one.revents());
        while matches!((&self.signals).read(&mut [0; 64]), Ok(1..)) {}
        if let Some(input) = self.heed_signals() {
            return input;
        }
        if keys.is_empty() {
            return TerminalInput::Nothing;
        }
        let mut bytes = [0; 256];
        match rustix::io::read(stdin(), &mut bytes) {
            Ok(0) => TerminalInput::Gone,
            Ok(read) => TerminalInput::Keys(bytes.get(..read).unwrap_or_default().to_vec()),
            Err(Errno::INTR | Errno::AGAIN) => TerminalInput::Nothing,
            Err(_) => TerminalInput::Gone,
        }
    }

    fn heed_signals(&self) -> Option<TerminalInput> {
        let came = |flag: &AtomicBool| flag.swap(false, Ordering::Relaxed);
        for (signal, flag) in &self.ending {
            if came(flag) {
                restore();
                // As if nothing had listened: whoever sent it sees that it ended the process.
                let _ = emulate_default_handler(*signal);
            }
        }
        if came(&self.stopped) {
            restore();
            let _ = emulate_default_handler(SIGTSTP);
            self.continued.store(true, Ordering::Relaxed);
        }
        if came(&self.continued) {
            return Some(if take_over().is_ok() { TerminalInput::Redraw } else { TerminalInput::Gone });
        }
        if came(&self.interrupted) {
            return Some(TerminalInput::Interrupt);
        }
        came(&self.resized).then_some(TerminalInput::Redraw)
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        restore();
    }
}

/// Raw mode, but that the terminal still makes signals of Ctrl-C and Ctrl-Z; and the second screen.
fn take_over() -> io::Result<()> {
    let mut raw = tcgetattr(stdin())?;
    raw.input_modes -=
        InputModes::ICRNL | InputModes::INLCR | InputModes::IGNCR | InputModes::IXON | InputModes::ISTRIP;
    raw.local_modes -= LocalModes::ICANON | LocalModes::ECHO | LocalModes::ECHONL | LocalModes::IEXTEN;
    raw.output_modes |= OutputModes::OPOST;
    raw.special_codes[SpecialCodeIndex::VMIN] = 1;
    raw.special_codes[SpecialCodeIndex::VTIME] = 0;
    tcsetattr(stdin(), OptionalActions::Now, &raw)?;
    ENTERED.store(true, Ordering::Relaxed);
    retry_on_intr(|| rustix::io::write(stdout(), ENTER))?;
    Ok(())
}

/// Puts the terminal back as it was; once.
fn restore() {
    if !ENTERED.swap(false, Ordering::Relaxed) {
        return;
    }
    // If the terminal is gone, there is nothing to restore.
    let _ = retry_on_intr(|| rustix::io::write(stdout(), LEAVE));
    if let Some(before) = BEFORE.get() {
        let _ = tcsetattr(stdin(), OptionalActions::Now, before);
    }
}
