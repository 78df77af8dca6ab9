//! The live view on a terminal: takes samples, heeds keys, paints.

use std::time::Instant;

use super::{WatchOptions, Watcher};
use crate::{
    app::{prelude::*, run::gently, stdout},
    archive::{RecordingSettings, SampleRing, format::SampleScope},
    cli::record::{FlightOptions, RecordOptions},
    live::{
        frame::Painter,
        keys::KeyReader,
        view::{PageText, Scene, View, ViewRequest},
    },
    render::{screen::Screen, watch::WatchStatus},
    report::trend::{Course, WatchSample},
    source::kernel::KernelSource,
    system::{
        cpu,
        terminal::{Terminal, TerminalInput},
    },
};

/// How long the rest of a key's sequence is waited for.
const ESCAPE: Duration = Duration::from_millis(50);

/// Samples of a recording that the view can go back to.
const MOST_KEPT: usize = 512;

/// The interval is changed to no less and no more than this.
const INTERVALS: (Duration, Duration) = (super::SHORTEST, Duration::from_secs(3_600));

/// The live view.
struct LiveView<'a> {
    run: Run,
    watcher: Watcher<'a>,
    view: View,
    painter: Painter,
    size: (u16, u16),
    /// The samples of a recording so far, or the newest of this host and the one that is shown while the view is frozen.
    samples: Vec<WatchSample>,
    /// The sample that is shown.
    shown: usize,
    /// The text of the page.
    text: PageText,
    is_frozen: bool,
    /// When the next sample is due, and when the newest one was taken.
    next: Instant,
    taken: Instant,
    /// The processor time that was used by the end of the newest sample.
    used: Duration,
    /// How many more samples are taken, and until when.
    left: Option<u64>,
    end: Option<Instant>,
}

/// The fate of the last frame when the view ends.
enum LastFrame {
    Dropped,
    /// It stays on the terminal.
    Kept(String),
}

impl Run {
    /// Shows the live view until it is left.
    pub(super) fn watch_screen(self, options: &WatchOptions, mut watcher: Watcher<'_>) -> anyhow::Result<u8> {
        let now = Instant::now();
        let FlightOptions { keep, max_memory, .. } = FlightOptions::default();
        watcher.ring = watcher.tape.is_none().then(|| SampleRing::new(keep, max_memory));
        let mut live = LiveView {
            view: View::new(watcher.tape.is_some()),
            painter: Painter::new((0, 0)),
            size: (0, 0),
            samples: Vec::new(),
            shown: 0,
            text: PageText::default(),
            is_frozen: false,
            next: now,
            taken: now,
            used: cpu::used(),
            left: options.count,
            end: options.check.sampling.wait.and_then(|wait| now.checked_add(wait)),
            run: self,
            watcher,
        };
        // An error of the first sample is printed before the terminal changes.
        live.advance()?;
        let mut terminal = Terminal::enter()?;
        let ended = live.go_on(&mut terminal);
        drop(terminal);
        match ended? {
            LastFrame::Dropped => {}
            LastFrame::Kept(frame) => print(|out| out.write_all(frame.as_bytes()))?,
        }
        Ok(DONE)
    }
}

impl LiveView<'_> {
    fn go_on(&mut self, terminal: &mut Terminal) -> anyhow::Result<LastFrame> {
        let mut keys = KeyReader::default();
        self.resize(terminal);
        loop {
            if !terminal.write(&self.frame()) {
                return Ok(LastFrame::Dropped);
            }
            let wait = if keys.is_waiting() { ESCAPE } else { self.next.saturating_duration_since(Instant::now()) };
            let pressed = match terminal.wait(wait) {
                TerminalInput::Gone | TerminalInput::Interrupt => return Ok(LastFrame::Dropped),
                TerminalInput::Redraw => {
                    self.resize(terminal);
                    continue;
                }
                TerminalInput::Keys(bytes) => keys.read(&bytes),
                TerminalInput::Nothing => keys.rest(),
            };
            for key in pressed {
                if let Some(request) = self.view.press(key)
                    && let Some(ended) = self.heed(request)
                {
                    return Ok(ended);
                }
            }
            if Instant::now() >= self.next && !self.sample() {
                return Ok(LastFrame::Dropped);
            }
        }
    }

    /// The terminal has a new size, and its content is unknown.
    fn resize(&mut self, terminal: &Terminal) {
        self.size = terminal.size();
        self.painter.reset(self.size);
        let (columns, rows) = (usize::from(self.size.0), usize::from(self.size.1));
        self.run.screen = Screen { width: columns, rows: Some(rows), ..self.run.screen };
        self.fill();
    }

    fn frame(&mut self) -> Vec<u8> {
        let Some(sample) = self.samples.get(self.shown) else { return Vec::new() };
        let position = self.watcher.tape.map(|(_, count)| (sample.number, count, self.watcher.interval));
        let age = self.taken.elapsed();
        let is_late = position.is_none() && age > sample.interval * 2 + Duration::from_secs(1);
        let late = is_late.then(|| Duration::from_secs(age.as_secs()));
        let scene = Scene {
            sample,
            status: WatchStatus { is_frozen: self.is_frozen, position, late },
            text: &self.text,
            catalogue: &self.run.words,
            screen: self.run.screen,
            rows: self.size.1.into(),
        };
        let lines = self.view.draw(&scene);
        self.painter.paint(&lines)
    }

    /// Takes the next sample where it is due; `false` where there were enough.
    fn sample(&mut self) -> bool {
        let is_over = self.left == Some(0) || self.end.is_some_and(|end| Instant::now() > end);
        if is_over {
            return false;
        }
        if self.watcher.tape.is_some() && self.is_frozen {
            self.next = Instant::now() + INTERVALS.1;
            return true;
        }
        let began = Instant::now();
        if let Err(error) = self.advance() {
            self.view.say(&format!("{error:#}"));
        }
        self.fill();
        // The cost includes the page and all frames since the last sample.
        let used = cpu::used();
        let cost = used.saturating_sub(std::mem::replace(&mut self.used, used));
        let cost = if self.watcher.tape.is_some() { Duration::ZERO } else { cost };
        self.next = began + gently(self.watcher.interval, cost);
        true
    }

    /// Takes a sample; of a recording, goes on to the next one and freezes at its end.
    fn advance(&mut self) -> anyhow::Result<()> {
        if self.watcher.tape.is_some() && self.shown + 1 < self.samples.len() {
            self.shown += 1;
            return Ok(());
        }
        let Some(sample) = self.watcher.next(&self.run)? else {
            self.is_frozen = true;
            return Ok(());
        };
        self.taken = Instant::now();
        self.left = self.left.map(|left| left.saturating_sub(1));
        if self.watcher.tape.is_some() {
            if self.samples.len() == MOST_KEPT {
                self.samples.remove(0);
            }
            self.samples.push(sample);
            self.shown = self.samples.len() - 1;
        } else if self.is_frozen {
            self.samples.truncate(self.shown + 1);
            self.samples.push(sample);
        } else {
            self.samples = vec![sample];
            self.shown = 0;
        }
        Ok(())
    }

    fn heed(&mut self, request: ViewRequest) -> Option<LastFrame> {
        match request {
            ViewRequest::Quit => return Some(LastFrame::Dropped),
            ViewRequest::QuitKeeping => return Some(LastFrame::Kept(self.painter.kept())),
            ViewRequest::Open => self.fill(),
            ViewRequest::Freeze => self.freeze(),
            ViewRequest::Rebase => {
                self.watcher.trends.rebase();
                self.next = Instant::now();
            }
            ViewRequest::Write => self.write(),
            ViewRequest::Filter(filter) => self.choose_sockets(filter),
            ViewRequest::Longer => self.set_interval(self.watcher.interval * 2),
            ViewRequest::Shorter => self.set_interval(self.watcher.interval / 2),
            ViewRequest::Step(back) => {
                self.is_frozen = true;
                self.step(back);
            }
            ViewRequest::Redraw => self.painter.reset(self.size),
            ViewRequest::Jump(back) => {
                self.is_frozen = true;
                let mut is_found = false;
                while !is_found && self.step(back) {
                    is_found = self.samples.get(self.shown).is_some_and(has_change);
                }
                if !is_found {
                    self.view.say(&self.run.words.text(messages::WATCH_NO_CHANGE));
                }
            }
        }
        None
    }

    fn set_interval(&mut self, interval: Duration) {
        self.watcher.interval = interval.clamp(INTERVALS.0, INTERVALS.1);
        self.next = Instant::now();
    }

    fn freeze(&mut self) {
        self.is_frozen = !self.is_frozen;
        if self.watcher.tape.is_none() {
            self.shown = self.samples.len().saturating_sub(1);
        }
        self.next = Instant::now().min(self.next);
        if self.watcher.tape.is_some() {
            self.next = Instant::now();
        }
        self.fill();
    }

    /// One sample of a recording on, or back; `false` where there is none.
    fn step(&mut self, back: bool) -> bool {
        let before = self.samples.get(self.shown).map(|sample| sample.number);
        match back {
            true => self.shown = self.shown.saturating_sub(1),
            false => {
                if let Err(error) = self.advance() {
                    self.view.say(&format!("{error:#}"));
                }
            }
        }
        self.fill();
        before != self.samples.get(self.shown).map(|sample| sample.number)
    }

    /// Counts other sockets from the next sample on, which is taken now.
    fn choose_sockets(&mut self, filter: String) {
        let given: Vec<String> = Some(filter.clone()).filter(|filter| !filter.trim().is_empty()).into_iter().collect();
        let (sockets, said) = stdout::captured(|| self.run.watched_sockets(&given, None));
        match sockets {
            Ok(sockets) => {
                self.view.say(&said);
                self.watcher.filter = sockets;
                self.watcher.trends.forget_states();
                if self.watcher.tape.is_none() {
                    self.next = Instant::now();
                }
            }
            Err(error) => {
                self.view.say(&format!("{error:#}"));
                self.view.retype(&filter);
            }
        }
    }

    /// Writes the last samples, and one more with everything, to a new file in the current directory.
    fn write(&mut self) {
        let (result, said) = stdout::captured(|| self.write_samples());
        let text = result.err().map_or(said, |error| format!("{error:#}"));
        self.view.say(text.trim_end());
    }

    fn write_samples(&self) -> anyhow::Result<()> {
        let Some(ring) = &self.watcher.ring else { return Ok(()) };
        let (run, options) = (&self.run, RecordOptions::default());
        let path = run.record_to(&options, &KernelSource::new(None));
        let deep = self.watcher.examination.depth.deep;
        let scope = SampleScope { netns: run.options.netns.clone(), deep, bound_inactive: false };
        let writer = run.begin(&path, RecordingSettings { scope, ..RecordingSettings::default() })?;
        run.write_samples(ring, &writer, self.watcher.examination, &RecordOptions { deep, ..options })?;
        run.finish(writer, &path, false)
    }

    /// Makes the text of the page that is shown.
    fn fill(&mut self) {
        let Some(sample) = self.samples.get(self.shown) else { return };
        if let Some((_, _)) = self.watcher.tape {
            self.run.input.seek(sample.number - 1);
        }
        self.text = self.run.watch_page(self.view.page(), sample);
    }
}

/// Whether an incident came, went or changed with a sample.
fn has_change(sample: &WatchSample) -> bool {
    sample.incidents.iter().any(|one| one.course != Course::Present)
}
