//! The whole run, from the command line to the exit status.

mod filters;
mod gaps;
mod list;
mod namespaces;
mod raw;
mod rows;
mod stdout;
mod summary;

use std::{
    ffi::OsString,
    io::{self, BufWriter, IsTerminal, Write},
    path::PathBuf,
    process::ExitCode,
};

use anyhow::anyhow;

use self::namespaces::Scope;
use crate::{
    cli::{self, Color, Command, Format, Options, Parsed, Surroundings, Wanted},
    collect::{
        self,
        known::{Known, LookUp},
        selected::selected,
    },
    filter::Filter,
    model::{
        counted::Counted,
        family::Protocol,
        gap::Why,
        group::{Groups, Key, NamedKey},
        selection::Selection,
        state::{State, StateSet},
    },
    render::{self, screen::Screen},
    report::overview::{NamespaceCount, Overview},
    source::Source,
    text::{Catalogue, locale, messages, number, words},
    wire::wanted,
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
    let proc = cli::proc_root(&variable);
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
            let tcpdiag_file = variable("TCPDIAG_FILE").filter(|path| !path.is_empty());
            let run = Run { options: *options, words: Catalogue::new(lang), screen, proc, tcpdiag_file };
            (run.run(), lang)
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
    // In one write, so that nothing comes in between.
    let _ = io::stderr().write_all(format!("sockdoc: {line}\n").as_bytes());
}

struct Run {
    options: Options,
    words: Catalogue,
    screen: Screen,
    proc: Option<PathBuf>,
    tcpdiag_file: Option<String>,
}

impl Run {
    fn run(&self) -> anyhow::Result<()> {
        let mut live = namespaces::live(self.proc.clone());
        let source: &mut dyn Source = &mut live;
        match &self.options.command {
            Command::Overview { bound_inactive } => self.overview(source, *bound_inactive),
            Command::Count(wanted) => self.count(source, wanted),
            Command::Group { wanted, keys, top, min } => self.group(source, wanted, keys, *top, *min),
            Command::List(options) if options.summary => self.summary(source),
            Command::List(options) => self.list(source, options),
            Command::Completions(shell) => print(|out| cli::generate::completions(out, *shell)),
            Command::Man => print(|out| cli::generate::man(out, self.words.lang())),
        }
    }

    fn scope(&self, source: &dyn Source) -> anyhow::Result<Scope> {
        Scope::of(self.options.netns.as_deref(), source, self.proc.clone(), &self.words)
    }

    fn overview(&self, source: &mut dyn Source, bound_inactive: bool) -> anyhow::Result<()> {
        self.only(&[Format::Table, Format::Json], "sockdoc")?;
        let host = collect::host::read(source);
        let mut selection = Selection::tcp(StateSet::ALL).with_protocols(&Protocol::OVERVIEW);
        selection.bound_inactive = bound_inactive;
        let kernel = host.kernel_version();
        let mut scope = self.scope(source)?;
        let looked = scope.each(source, &|source, _| collect::count::count(source, &selection, kernel))?;
        let mut counted = Counted::default();
        let mut netns = Vec::new();
        for (place, one) in looked {
            netns.extend(scope.places.get(place).map(|place| NamespaceCount {
                inode: (place.inode != 0).then_some(place.inode),
                label: place.label.clone(),
                own: place.own,
                sockets: one.total(),
            }));
            counted.merge(one);
        }
        let mut others = match self.options.netns.as_deref() {
            Some("all") => Default::default(),
            _ => collect::namespaces::others(source, host.netns),
        };
        if self.options.netns.is_some() {
            others.count = others.count.saturating_sub(u64::from(!netns.iter().any(|one| one.own)));
        }
        // Hidden namespaces are told in the footer, wherever the look went.
        if others.gap.is_none() {
            others.gap = scope.gaps.iter().find(|gap| matches!(gap.why, Why::Denied(_))).cloned();
        }
        scope.gaps.retain(|gap| !matches!(gap.why, Why::Denied(_)));
        counted.gaps.append(&mut scope.gaps);
        let overview = Overview { host, counted, others, netns, bound_inactive };
        if overview.tcp().is_none() {
            self.refuse_losses(&overview.counted.gaps)?;
        }
        self.note_gaps(&overview.counted.gaps);
        print(|out| match self.options.format {
            Format::Json => render::json::overview(out, &overview),
            _ => render::overview::write(out, &overview, &self.words, &self.screen, self.options.verbose),
        })
    }

    fn count(&self, source: &mut dyn Source, wanted: &Wanted) -> anyhow::Result<()> {
        self.only(&[Format::Table, Format::Json], "count")?;
        let mut scope = self.scope(source)?;
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
        self.note_owners(&gaps, &filter);
        gaps.append(&mut scope.gaps);
        self.note_gaps(&gaps);
        print(|out| match self.options.format {
            Format::Json => render::json::count(out, sockets),
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
        let mut scope = self.scope(source)?;
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
        self.note_owners(&scope.gaps, &filter);
        all.gaps.append(&mut scope.gaps);
        self.note_gaps(&all.gaps);
        if all.inferred > 0 && io::stderr().is_terminal() {
            self.note(&self.words.say(messages::NOTE_INFERRED, &[("count", number(all.inferred))]));
        }
        let users = if plain.contains(&Key::User) { collect::users::names(source) } else { Default::default() };
        let groups = Groups::new(all.rows, min, top);
        print(|out| match self.options.format {
            Format::Json => render::json::groups(out, &groups, keys, &users),
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
