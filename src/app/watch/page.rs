//! The pages of the live view behind a state, an incident or a key: what the commands print of them.

use std::{ffi::OsString, sync::Arc};

use crate::{
    app::{
        commands::COMMANDS,
        input::kernel::KernelInput,
        run::{Run, print},
        stdout,
    },
    cli::{self, Invocation, Surroundings},
    live::{
        table::GROUPS,
        view::{Choice, ViewPage},
    },
    model::{
        finding::{Finding, Subject},
        state::State,
    },
    render::findings::{self, amount::Amount},
    report::{diagnosis::Diagnosis, trend::WatchSample},
    text::{Catalogue, escape::visible, messages},
};

impl Run {
    /// The lines of a page.
    pub(super) fn watch_page(&self, page: &ViewPage, sample: &WatchSample) -> Vec<String> {
        let cause = |id: &str| sample.incidents.iter().find(|one| one.cause.id == id).map(|one| &one.cause);
        let filter = sample.filter.as_deref().unwrap_or_default();
        let command = match page {
            ViewPage::Main => return Vec::new(),
            ViewPage::Detail(Choice::State(state)) => vec!["explain".to_owned(), state.to_string()],
            ViewPage::Detail(Choice::Incident(id)) => match cause(id) {
                None => return vec![self.words.text(messages::WATCH_GONE_ITEM)],
                Some(cause) => return self.incident_page(cause, sample),
            },
            ViewPage::Sockets(Choice::State(state)) => sockets(Some(*state), filter),
            ViewPage::Sockets(Choice::Incident(id)) => match cause(id) {
                None => return vec![self.words.text(messages::WATCH_GONE_ITEM)],
                Some(cause) => sockets(None, &of_subject(&cause.subject)),
            },
            ViewPage::Groups(place) => {
                let key = GROUPS.get(*place).copied().unwrap_or_default();
                let mut command = ["group", "--by", key, "--top", "200"].map(str::to_owned).to_vec();
                command.extend(filter.split_whitespace().map(str::to_owned));
                command
            }
        };
        let mut lines = vec![self.command_line(&command), String::new()];
        lines.extend(self.lines_of(&command));
        lines
    }

    /// What to type for the same elsewhere.
    fn command_line(&self, command: &[String]) -> String {
        format!("$ sockdoc {}", visible(command.join(" ").as_bytes(), self.screen.unicode))
    }

    /// What a command prints, or what is wrong.
    fn lines_of(&self, command: &[String]) -> Vec<String> {
        let command: Vec<&str> = command.iter().map(String::as_str).collect();
        let (result, text) = self.part(&command);
        let error = result.err().filter(|error| !crate::app::is_broken_pipe(error));
        let error = error.map(|error| format!("{error:#}")).unwrap_or_default();
        text.lines().chain(error.lines()).map(str::to_owned).collect()
    }

    /// All of an incident's findings, and what explains its cause.
    fn incident_page(&self, cause: &Finding, sample: &WatchSample) -> Vec<String> {
        let Some(diagnosis) = &sample.overview.diagnosis else { return Vec::new() };
        let incidents = diagnosis.incidents();
        let members = incidents.iter().find(|one| one.cause.id == cause.id);
        let members: Vec<Finding> = members.map_or_else(|| vec![cause.clone()], |one| one.members().cloned().collect());
        let shown = Diagnosis { findings: members, ..Diagnosis::default() };
        let (_, text) = stdout::captured(|| {
            print(|out| findings::write(out, &shown, &self.words, &self.screen, &Amount::ALL, true))
        });
        let explain = ["explain", cause.rule].map(str::to_owned);
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.extend([String::new(), self.command_line(&explain), String::new()]);
        lines.extend(self.lines_of(&explain));
        lines
    }

    /// Runs a command on the same host or recording; gives what it would print.
    pub(super) fn part(&self, command: &[&str]) -> (anyhow::Result<u8>, String) {
        let arguments: Vec<OsString> = command.iter().map(OsString::from).collect();
        let screen = self.screen;
        let around =
            Surroundings { lang: self.words.lang(), width: screen.width, color: screen.color, unicode: screen.unicode };
        match cli::parse(COMMANDS, &arguments, &around) {
            Invocation::Run(task, options) => {
                let netns = self.options.netns.clone();
                let input = self.input.another().unwrap_or_else(|| Box::new(KernelInput::new(self.access.clone())));
                let run = Run {
                    options: cli::Options { netns, ..*options },
                    words: Catalogue::new(self.words.lang()),
                    screen,
                    access: self.access.clone(),
                    tcpdiag_file: None,
                    config_file: self.config_file.clone(),
                    pager: Default::default(),
                    ahead: Arc::clone(&self.ahead),
                    rows: None,
                    has_screen: false,
                    input,
                };
                stdout::captured(|| task.run(run))
            }
            Invocation::Print(text) => (Ok(0), text),
            Invocation::Wrong(line) => (Err(anyhow::anyhow!(line)), String::new()),
        }
    }
}

/// The command that lists sockets: of a state, or those that a filter takes.
fn sockets(state: Option<State>, filter: &str) -> Vec<String> {
    let mut command = vec!["list".to_owned(), "-ap".to_owned()];
    command.extend(state.map(|state| state.to_string()));
    let is_both = state.is_some() && !filter.is_empty();
    command.extend(is_both.then(|| "and".to_owned()));
    let filter = if is_both { format!("( {filter} )") } else { filter.to_owned() };
    command.extend(filter.split_whitespace().map(str::to_owned));
    command
}

/// The filter that takes the sockets of a subject; of the host all.
fn of_subject(subject: &Subject) -> String {
    match subject {
        Subject::Process(program) => format!("pid = {}", program.pid),
        Subject::Unit(unit) => format!("unit = {unit}"),
        Subject::Container(container) => format!("container = {container}"),
        Subject::User(user) => format!("user = {user}"),
        Subject::Listener { path: Some(path), .. } => format!("src unix:{path}"),
        Subject::Listener { port, .. } => format!("sport = :{port}"),
        Subject::Destination { address, port, .. } => match port {
            Some(port) => format!("dst {address} and dport = :{port}"),
            None => format!("dst {address}"),
        },
        Subject::Host | Subject::Unknown => String::new(),
    }
}
