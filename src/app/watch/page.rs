//! The pages of the live view behind a state, an incident or a key: each shows the output of a command.

use std::{ffi::OsString, sync::Arc};

use crate::{
    app::{commands::COMMANDS, input::kernel::KernelInput, prelude::*, run::AnyTask, stdout},
    cli::{self, Invocation, Surroundings, group::GroupOptions},
    filter::of_group,
    live::{
        table::GROUPS,
        view::{Choice, MARK, PageText, ViewPage},
    },
    model::{
        finding::{Finding, Subject},
        group::{Key, Value},
        shell::ShellCommand,
    },
    render::{
        findings::{self, amount::Amount},
        screen::Screen,
    },
    report::{diagnosis::Diagnosis, trend::WatchSample},
    text::Catalogue,
};

impl Run {
    /// The text of a page.
    pub(super) fn watch_page(&self, page: &ViewPage, sample: &WatchSample) -> PageText {
        let cause = |id: &str| sample.incidents.iter().find(|one| one.cause.id == id).map(|one| &one.cause);
        let filter = sample.filter.as_deref().unwrap_or_default();
        let gone = || PageText::of(vec![self.words.text(messages::WATCH_GONE_ITEM)]);
        let command = match page {
            ViewPage::Main => return PageText::default(),
            ViewPage::Detail(Choice::State(state)) => vec!["explain".to_owned(), state.to_string()],
            ViewPage::Detail(Choice::Incident(id)) => match cause(id) {
                None => return gone(),
                Some(cause) => return PageText::of(self.incident_page(cause, sample)),
            },
            ViewPage::Sockets(Choice::State(state)) => sockets("-tap", &state.to_string(), filter),
            ViewPage::Sockets(Choice::Incident(id)) => match cause(id) {
                None => return gone(),
                Some(cause) => sockets("-ap", &of_subject(&cause.subject), ""),
            },
            ViewPage::Detail(Choice::Group(group)) | ViewPage::Sockets(Choice::Group(group)) => {
                sockets("-tap", group, filter)
            }
            ViewPage::Groups(place) => {
                let key = GROUPS.get(*place).copied().unwrap_or_default();
                let mut command = ["group", "--by", key, "--top", "200"].map(str::to_owned).to_vec();
                command.extend((!filter.is_empty()).then(|| filter.to_owned()));
                return self.groups_page(&command);
            }
        };
        let mut lines = vec![self.command_line(&command), String::new()];
        lines.extend(self.lines_of(&command));
        PageText::of(lines)
    }

    /// The groups, each with the filter that takes its sockets.
    fn groups_page(&self, command: &[String]) -> PageText {
        let (mut choices, mut rows) = (Vec::new(), 0);
        let (result, text) = self.beside(command, &mut |task, run| {
            let Some(options) = task.options::<GroupOptions>() else { return Ok(DONE) };
            let (groups, users, _) = run.grouped(options)?;
            let key = options.keys.first().map(|(_, key)| *key);
            let filter_of = |values: &[Value]| of_group(key?, values.first()?);
            choices = groups.rows.iter().map_while(|(values, _)| filter_of(values)).map(Choice::Group).collect();
            rows = groups.rows.len() + usize::from(groups.other_rows > 0);
            let screen = Screen { width: run.screen.width.saturating_sub(MARK), ..run.screen };
            print(|out| render::group::write(out, &groups, &options.keys, &users, &run.words, &screen))?;
            Ok(DONE)
        });
        let mut lines = vec![self.command_line(command), String::new()];
        lines.extend(with_error(result, &text));
        PageText { first: lines.len().saturating_sub(rows), lines, choices }
    }

    /// The command line that prints the same page in a shell.
    fn command_line(&self, command: &[String]) -> String {
        let word = |word: &String| {
            let quoted = ShellCommand::new("").outside(word).map(|word| word.to_string());
            quoted.unwrap_or_else(|| visible(word.as_bytes(), self.screen.unicode))
        };
        format!("$ sockdoc {}", command.iter().map(word).collect::<Vec<_>>().join(" "))
    }

    /// The output of a command, or its error.
    fn lines_of(&self, command: &[String]) -> Vec<String> {
        let (result, text) = self.beside(command, &mut |task, run| task.run(run));
        with_error(result, &text)
    }

    /// All of an incident's findings, and the explanation of its cause.
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

    /// Runs a command on the same host or recording; returns its output.
    fn beside(
        &self,
        command: &[String],
        work: &mut dyn FnMut(AnyTask, Run) -> anyhow::Result<u8>,
    ) -> (anyhow::Result<u8>, String) {
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
                stdout::captured(|| work(task, run))
            }
            Invocation::Print(text) => (Ok(DONE), text),
            Invocation::Wrong(line) => (Err(anyhow::anyhow!(line)), String::new()),
        }
    }
}

/// The lines that were printed, and an error.
fn with_error(result: anyhow::Result<u8>, text: &str) -> Vec<String> {
    let error = result.err().filter(|error| !crate::app::is_broken_pipe(error));
    let error = error.map(|error| format!("{error:#}")).unwrap_or_default();
    text.lines().chain(error.lines()).map(str::to_owned).collect()
}

/// The command that lists the sockets of a choice, as far as the filter of the view takes them; of an empty one all. States and
/// groups count those of TCP.
fn sockets(tables: &str, chosen: &str, filter: &str) -> Vec<String> {
    let mut command = vec!["list".to_owned(), tables.to_owned()];
    command.extend(match (chosen, filter) {
        ("", "") => None,
        (chosen, "") => Some(chosen.to_owned()),
        (chosen, filter) => Some(format!("{chosen} and ({filter})")),
    });
    command
}

/// The filter that takes the sockets of a subject; of the host all.
fn of_subject(subject: &Subject) -> String {
    let name = |name: &str| Value::Name(name.as_bytes().into());
    let filter = match subject {
        Subject::Process(program) => of_group(Key::Pid, &Value::Pid(program.pid)),
        Subject::Unit(unit) => of_group(Key::Unit, &name(unit)),
        // The subject has runtime and id; the filter takes the id.
        Subject::Container(container) => {
            of_group(Key::Container, &name(container.rsplit(' ').next().unwrap_or_default()))
        }
        Subject::User(user) => Some(format!("user = {user}")),
        Subject::Listener { path: Some(path), .. } => of_group(Key::Local, &Value::Path(path.as_bytes().into())),
        Subject::Listener { port, .. } => of_group(Key::LocalPort, &Value::Port(*port)),
        Subject::Destination { address, port: Some(port), .. } => {
            of_group(Key::Service, &Value::Endpoint(*address, *port))
        }
        Subject::Destination { address, .. } => of_group(Key::Peer, &Value::Address(*address)),
        Subject::Host | Subject::Unknown => None,
    };
    filter.unwrap_or_default()
}
