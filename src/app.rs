//! The whole run, from the command line to the exit status.

mod check;
mod config;
mod diff;
mod doctor;
mod explain;
mod filters;
mod gaps;
mod input;
mod list;
mod namespaces;
mod raw;
mod record;
mod rows;
mod stdout;
mod story;
mod summary;

use std::{
    ffi::OsString,
    io::{self, BufWriter, IsTerminal, Write},
    path::PathBuf,
    process::ExitCode,
};

use anyhow::anyhow;

use self::{input::Way, namespaces::Scope};
use crate::{
    cli::{
        self, Color, Command, Format, Options, Parsed, Surroundings, Wanted,
        check::{CheckOptions, Look},
    },
    collect::{
        self,
        known::{Known, LookUp},
        selected::selected,
    },
    filter::Filter,
    model::{
        group::{Groups, Key, NamedKey},
        selection::Selection,
        state::State,
    },
    render::{self, screen::Screen},
    source::{Source, live::Live},
    text::{Catalogue, locale, messages, number, words},
    wire::wanted,
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

    fn overview(&self, source: &mut dyn Source, bound_inactive: bool, look: Look) -> anyhow::Result<()> {
        self.only(&[Format::Table, Format::Json], "sockdoc")?;
        let wanted = self.wanted_rules(&CheckOptions::default())?;
        let overview = self.examine(source, &check::plan(&wanted, look, bound_inactive))?;
        self.refuse_without_tcp(&overview)?;
        self.note_gaps(&overview.counted.gaps);
        print(|out| match self.options.format {
            Format::Json => render::json::overview(out, &overview),
            _ => render::overview::write(out, &overview, &self.words, &self.screen, self.options.verbose),
        })
    }

    fn count(&self, source: &mut dyn Source, wanted: &Wanted) -> anyhow::Result<()> {
        self.only(&[Format::Table, Format::Json], "count")?;
        let mut scope = self.scope_for(source, wanted, false)?;
        let filter = self.filter(source, &wanted.filter, wanted.filter_file.as_deref(), &scope)?;
        let selection = selection(wanted, &filter);
        let labelled = scope.several || filter.needs().netns;
        let labels = scope.all_labels();
        let answers = scope.each(source, &|source, place| {
            let kernel = collect::host::kernel_version(source);
            let label = if labelled { labels.get(place).cloned() } else { None };
            count_one(source, &selection, &filter, kernel, label)
        })?;
        let mut sockets = 0;
        let mut gaps = Vec::new();
        for (_, (counted, lost)) in answers {
            sockets += counted;
            gaps.extend(lost);
        }
        self.refuse_losses(&gaps)?;
        gaps.append(&mut scope.gaps);
        let gaps = gaps::each_once(gaps);
        self.note_owners(&gaps, &filter);
        self.note_gaps(&gaps);
        print(|out| match self.options.format {
            Format::Json => render::json::count_with_gaps(out, sockets, &gaps),
            _ => writeln!(out, "{sockets}"),
        })
    }

    fn group(
        &self,
        source: &mut dyn Source,
        wanted: &Wanted,
        keys: &[NamedKey],
        top: Option<usize>,
        min: u64,
    ) -> anyhow::Result<()> {
        self.only(&[Format::Table, Format::Json, Format::Csv], "group")?;
        let mut scope = self.scope_for(source, wanted, keys.iter().any(|(_, key)| *key == Key::Netns))?;
        let filter = self.filter(source, &wanted.filter, wanted.filter_file.as_deref(), &scope)?;
        let selection = selection(wanted, &filter);
        let plain: Vec<Key> = keys.iter().map(|(_, key)| *key).collect();
        let any = |those: &[Key]| plain.iter().any(|key| those.contains(key));
        let look_up = LookUp {
            owners: any(&[Key::Program, Key::Pid, Key::Unit, Key::Container]),
            places: any(&[Key::Unit, Key::Container]),
            ..LookUp::default()
        }
        .and(filter.needs());
        let labels = scope.all_labels();
        let answers = scope.each(source, &|source, place| {
            let kernel = collect::host::kernel_version(source);
            let known = Known::read(source, look_up, labels.get(place).cloned());
            let grouped = collect::group::group_where(source, &selection, &filter, &known, &plain, kernel);
            (grouped, known.gaps())
        })?;
        let mut all = collect::group::Grouped::default();
        for (_, (one, gaps)) in answers {
            all.rows.extend(one.rows);
            all.inferred += one.inferred;
            all.gaps.extend(one.gaps);
            scope.gaps.extend(gaps);
        }
        all.merge_equal_rows();
        self.refuse_losses(&all.gaps)?;
        all.gaps.append(&mut scope.gaps);
        let gaps = gaps::each_once(all.gaps);
        self.note_owners(&gaps, &filter);
        self.note_gaps(&gaps);
        if all.inferred > 0 && io::stderr().is_terminal() {
            self.note(&self.words.say(messages::NOTE_INFERRED, &[("count", number(all.inferred))]));
        }
        let users = if plain.contains(&Key::User) { collect::users::names(source) } else { Default::default() };
        let groups = Groups::new(all.rows, min, top);
        print(|out| match self.options.format {
            Format::Json => render::json::groups_with_gaps(out, &groups, keys, &users, &gaps),
            Format::Csv => render::group::write_csv(out, &groups, keys, &users),
            _ => render::group::write(out, &groups, keys, &users, &self.words, &self.screen),
        })
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

/// Which sockets `count` and `group` look at: the filter's states, all where it names none.
fn selection(wanted: &Wanted, filter: &Filter) -> Selection {
    let mut selection = wanted.selection;
    if filter.names_states {
        selection.states = filter.states.without(State::BOUND_INACTIVE);
    }
    selection.bound_inactive |= filter.bound_inactive;
    selection
}

/// Counts in one namespace: by the state alone where that is all that is asked for.
fn count_one(
    source: &mut dyn Source,
    selection: &Selection,
    filter: &Filter,
    kernel: Option<(u32, u32)>,
    label: Option<String>,
) -> (u64, Vec<crate::model::gap::Gap>) {
    if filter.is_states_alone() {
        let counted = collect::count::count(source, selection, kernel);
        return (counted.total(), counted.gaps);
    }
    let known = Known::read(source, LookUp::default().and(filter.needs()), label);
    let mut sockets = 0;
    let mut gaps = known.gaps();
    gaps.extend(selected(source, selection, filter, &known, wanted::Wanted::NOTHING, kernel, &mut |_| sockets += 1));
    (sockets, gaps)
}
