//! The whole run, from the command line to the exit status.

mod check;
mod config;
mod count;
mod diff;
mod doctor;
mod explain;
mod filters;
mod gaps;
mod group;
mod input;
mod list;
mod namespaces;
mod overview;
mod raw;
mod record;
mod rows;
mod stdout;
mod story;
mod summary;

use std::{
    ffi::OsString,
    io::{self, BufWriter, Write},
    path::PathBuf,
    process::ExitCode,
};

use anyhow::anyhow;

use self::{input::Way, namespaces::Scope};
use crate::{
    cli::{self, Color, Command, Format, Options, Parsed, Surroundings},
    render::{self, screen::Screen},
    source::{Source, live::Live},
    text::{Catalogue, locale, messages, words},
};

/// All is done; for `check`, nothing is as bad as was asked for.
const DONE: u8 = 0;
/// `check` found something.
const FOUND: u8 = 1;
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
    let proc = cli::proc_root(&variable);
    let (result, lang) = match cli::parse(&arguments, &around) {
        Parsed::Print(text) => (print(|out| out.write_all(text.as_bytes())).map(|()| DONE), locale.lang),
        Parsed::Wrong(line) if cli::is_for_nagios(&arguments) => {
            (print(|out| render::check::write_nagios_failure(out, &line)).map(|()| check::UNKNOWN), locale.lang)
        }
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
            let tcpdiag_file = variable("TCPDIAG_FILE").filter(|path| !path.is_empty());
            let config_file = config::of_the_user(&variable);
            let pager = match variable("TERM").as_deref() {
                // A terminal that knows nothing can hold no pager.
                Some("dumb") => Some(String::new()),
                _ => variable("PAGER"),
            };
            let rows = stdout::rows();
            let words = Catalogue::new(lang);
            let way = Way::Live(proc.clone());
            let run = Run { options: *options, words, screen, proc, tcpdiag_file, config_file, pager, rows, way };
            (run.run(), lang)
        }
    };
    match result {
        Ok(status) => ExitCode::from(status),
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
    // In one write, so that nothing comes in between.
    let _ = io::stderr().write_all(format!("sockdoc: {line}\n").as_bytes());
}

struct Run {
    options: Options,
    words: Catalogue,
    screen: Screen,
    proc: Option<PathBuf>,
    tcpdiag_file: Option<String>,
    /// The user's configuration, whether or not it is there.
    config_file: Option<String>,
    /// What `PAGER` says.
    pager: Option<String>,
    /// The rows of the terminal; `None` where output is no terminal.
    rows: Option<usize>,
    way: Way,
}

impl Run {
    fn run(self) -> anyhow::Result<u8> {
        let of_list = self.tcpdiag_file.clone().filter(|_| matches!(self.options.command, Command::List(_)));
        let from = self.options.from.clone().or(of_list);
        match (&self.options.command, from, self.options.save.clone()) {
            (Command::Explain(_), None, _) | (Command::Completions(_) | Command::Man, ..) => {
                self.command(&mut Live::new(None))
            }
            (Command::Diff(options), None, None) => self.diff(options),
            (Command::Diff(_), ..) => Err(diff::refused(&self.words)),
            (Command::Record(options), None, _) => {
                self.refuse_times(options)?;
                let redact = options.redact;
                let path = self.record_to(options, &Live::new(None));
                self.run_taped(&path, redact)
            }
            (_, Some(_), Some(_)) => Err(anyhow!(self.words.text(messages::ERROR_SAVE_FROM))),
            (Command::Record(options), Some(from), None) => self.run_copied(&from, options),
            (_, None, Some(path)) if path == "-" => Err(anyhow!(self.words.text(messages::ERROR_SAVE_STDOUT))),
            (_, Some(path), None) => self.run_from(&path),
            (_, None, Some(path)) => self.run_taped(&path, false),
            (_, None, None) => {
                let mut live = Live::new(self.proc.clone());
                self.command(&mut live)
            }
        }
    }

    /// Runs the command on what the source has.
    fn command(&self, source: &mut dyn Source) -> anyhow::Result<u8> {
        match &self.options.command {
            Command::Overview { bound_inactive, look } => self.overview(source, *bound_inactive, *look),
            Command::Check(options) => return self.check(source, options),
            Command::Explain(options) => return self.explain(source, options),
            Command::Record(options) => self.record(source, options),
            Command::Diff(options) => return self.diff(options),
            Command::Count(wanted) => self.count(source, wanted),
            Command::Group { wanted, keys, top, min } => self.group(source, wanted, keys, *top, *min),
            Command::List(options) if options.summary => self.summary(source),
            Command::List(options) => self.list(source, options),
            Command::Completions(shell) => print(|out| cli::generate::completions(out, *shell)),
            Command::Man => print(|out| cli::generate::man(out, self.words.lang())),
        }?;
        Ok(DONE)
    }

    fn scope(&self, source: &dyn Source) -> anyhow::Result<Scope> {
        Scope::of(self.options.netns.as_deref(), source, self.way.clone(), &self.words)
    }

    /// A format that a command does not have.
    fn only(&self, formats: &[Format], command: &str) -> anyhow::Result<()> {
        if formats.contains(&self.options.format) {
            return Ok(());
        }
        let values = [("format", words(self.options.format.name())), ("command", words(command))];
        Err(anyhow!(self.words.say(messages::ERROR_FORMAT, &values)))
    }
}
