//! The whole run, from the command line to the exit status.

mod stdout;

use std::{
    ffi::OsString,
    io::{self, BufWriter, IsTerminal, Write},
    process::ExitCode,
};

use anyhow::anyhow;

use crate::{
    cli::{self, Color, Command, Format, Options, Parsed, Surroundings},
    collect,
    model::{
        family::Protocol,
        gap::{Gap, What, Why},
        group::Groups,
        host::Host,
        selection::Selection,
        state::StateSet,
    },
    render::{self, screen::Screen},
    report::overview::Overview,
    source::{Source, live::Live},
    text::{Catalogue, locale, messages, number, words},
};

/// The command line is wrong, or the run failed.
const FAILED: u8 = 2;

/// Runs the program as the process was started.
pub fn run() -> ExitCode {
    let variable = |name: &str| std::env::var(name).ok();
    let locale = locale::from_environment(&variable);
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let width = stdout::width(&variable);
    let colors = stdout::takes_color(&variable);
    let around = Surroundings {
        lang: locale.lang,
        width: width.unwrap_or(render::screen::PLAIN_WIDTH),
        color: colors,
        unicode: locale.unicode,
    };
    let mut source = Live::new(cli::proc_root(&variable));
    let (result, lang) = match cli::parse(&arguments, &around) {
        Parsed::Print(text) => (print(|out| out.write_all(text.as_bytes())), locale.lang),
        Parsed::Wrong(line) => (Err(anyhow!(line)), locale.lang),
        Parsed::Run(options) => {
            let lang = options.lang.unwrap_or(locale.lang);
            let color = match options.color {
                Color::Auto => colors,
                Color::Always => true,
                Color::Never => false,
            };
            let screen = match width {
                Some(columns) => Screen::terminal(columns, locale.unicode, color),
                None => Screen { color, ..Screen::plain(locale.unicode) },
            };
            (Run { options: *options, words: Catalogue::new(lang), screen }.run(&mut source), lang)
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            let line = match error.downcast_ref::<io::Error>() {
                Some(error) => Catalogue::new(lang).say(messages::ERROR_WRITING, &[("why", words(error.to_string()))]),
                None => format!("{error:#}"),
            };
            tell(&line);
            ExitCode::from(FAILED)
        }
    }
}

/// A reader that has seen enough is a normal end.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// Writes to stdout and makes sure that it got there.
fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> anyhow::Result<()> {
    let mut out = BufWriter::new(stdout::open()?);
    write(&mut out)?;
    out.flush()?;
    Ok(())
}

/// Says something on stderr; where even that is closed there is no one to tell.
fn tell(line: &str) {
    let _ = writeln!(io::stderr(), "sockdoc: {line}");
}

struct Run {
    options: Options,
    words: Catalogue,
    screen: Screen,
}

impl Run {
    fn run(&self, source: &mut dyn Source) -> anyhow::Result<()> {
        match &self.options.command {
            Command::Overview { bound_inactive } => self.overview(source, *bound_inactive),
            Command::Count(selection) => self.count(source, selection),
            Command::Group { selection, keys, top, min } => {
                let kernel = kernel(source, selection);
                let plain: Vec<_> = keys.iter().map(|(_, key)| *key).collect();
                let grouped = collect::group::group(source, selection, &plain, kernel);
                self.refuse_losses(&grouped.gaps)?;
                self.note_gaps(&grouped.gaps);
                if grouped.inferred > 0 && io::stderr().is_terminal() {
                    self.note(&self.words.say(messages::NOTE_INFERRED, &[("count", number(grouped.inferred))]));
                }
                let users = match plain.contains(&crate::model::group::Key::User) {
                    true => collect::users::names(source),
                    false => Default::default(),
                };
                let groups = Groups::new(grouped.rows, *min, *top);
                print(|out| match self.options.format {
                    Format::Json => render::json::groups(out, &groups, keys, &users),
                    Format::Csv => render::group::write_csv(out, &groups, keys, &users),
                    Format::Table => render::group::write(out, &groups, keys, &users, &self.words, &self.screen),
                })
            }
            Command::Completions(shell) => print(|out| cli::generate::completions(out, *shell)),
            Command::Man => print(|out| cli::generate::man(out, self.words.lang())),
        }
    }

    fn overview(&self, source: &mut dyn Source, bound_inactive: bool) -> anyhow::Result<()> {
        self.only(&[Format::Table, Format::Json], "sockdoc")?;
        let host = collect::host::read(source);
        let mut selection = Selection::tcp(StateSet::ALL).with_protocols(&Protocol::OVERVIEW);
        selection.bound_inactive = bound_inactive;
        let counted = collect::count::count(source, &selection, host.kernel_version());
        let others = collect::namespaces::others(source, host.netns);
        let overview = Overview { host, counted, others, bound_inactive };
        if overview.tcp().is_none() {
            self.refuse_losses(&overview.counted.gaps)?;
        }
        self.note_gaps(&overview.counted.gaps);
        print(|out| match self.options.format {
            Format::Json => render::json::overview(out, &overview),
            Format::Table | Format::Csv => {
                render::overview::write(out, &overview, &self.words, &self.screen, self.options.verbose)
            }
        })
    }

    fn count(&self, source: &mut dyn Source, selection: &Selection) -> anyhow::Result<()> {
        self.only(&[Format::Table, Format::Json], "count")?;
        let kernel = kernel(source, selection);
        let counted = collect::count::count(source, selection, kernel);
        self.refuse_losses(&counted.gaps)?;
        self.note_gaps(&counted.gaps);
        let sockets = counted.total();
        print(|out| match self.options.format {
            Format::Json => render::json::count(out, sockets),
            Format::Table | Format::Csv => writeln!(out, "{sockets}"),
        })
    }

    /// A format that a command does not have.
    fn only(&self, formats: &[Format], command: &str) -> anyhow::Result<()> {
        if formats.contains(&self.options.format) {
            return Ok(());
        }
        let values = [("format", words("csv")), ("command", words(command))];
        Err(anyhow!(self.words.say(messages::ERROR_FORMAT, &values)))
    }

    /// A number that leaves out what was asked for would be wrong: there is none then.
    fn refuse_losses(&self, gaps: &[Gap]) -> anyhow::Result<()> {
        match gaps.iter().find(|gap| gap.is_loss()) {
            None => Ok(()),
            Some(gap) => Err(anyhow!(self.loss(gap))),
        }
    }

    fn loss(&self, gap: &Gap) -> String {
        let why = match &gap.why {
            Why::Unreadable(why) | Why::NotAvailable(why) | Why::ReadFromProc(why) => why.clone(),
            Why::TooOld(version) => self.words.say(messages::NOTE_BOUND_TOO_OLD, &[("version", words(*version))]),
            Why::Denied(processes) => processes.to_string(),
        };
        match gap.what {
            What::Sockets(protocol) => {
                let values = [("what", words(protocol.name())), ("why", words(why))];
                self.words.say(messages::ERROR_UNREADABLE, &values)
            }
            What::BoundInactive | What::Namespaces | What::BpfStorages => {
                self.words.say(messages::ERROR_BOUND_INACTIVE, &[("why", words(why))])
            }
        }
    }

    /// What was seen less well than the kernel could show it.
    fn note_gaps(&self, gaps: &[Gap]) {
        for gap in gaps {
            match (&gap.why, gap.what) {
                // raw_diag is a module that few kernels load, and /proc/net/raw counts the same.
                (Why::ReadFromProc(_), What::Sockets(Protocol::Raw)) => {}
                (Why::ReadFromProc(why), What::Sockets(protocol)) => {
                    let values = [("what", words(protocol.name())), ("why", words(why.as_str()))];
                    self.note(&self.words.say(messages::NOTE_FROM_PROC, &values));
                }
                (Why::Unreadable(why), What::Sockets(protocol)) => {
                    let values = [("what", words(protocol.name())), ("why", words(why.as_str()))];
                    self.note(&self.words.say(messages::NOTE_UNREADABLE, &values));
                }
                _ => self.note(&self.loss(gap)),
            }
        }
    }

    fn note(&self, text: &str) {
        tell(&self.words.say(messages::NOTE, &[("text", words(text))]));
    }
}

/// The kernel's version, where it decides what can be asked.
fn kernel(source: &dyn Source, selection: &Selection) -> Option<(u32, u32)> {
    if !selection.bound_inactive {
        return None;
    }
    let (name, kernel) = source.node();
    Host { name, kernel, taken_at: source.now(), netns: None }.kernel_version()
}
