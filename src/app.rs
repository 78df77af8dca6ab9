//! The whole run, from the command line to the exit status.

mod check;
mod commands;
mod completions;
mod config;
mod confined;
mod count;
mod counters;
mod diff;
mod events;
mod examine;
mod explain;
mod files;
mod filters;
mod flight;
mod gaps;
mod group;
mod input;
mod kill;
mod list;
mod man;
mod metrics;
mod namespaces;
mod netstat;
mod open;
mod overview;
mod prelude;
mod program;
mod raw;
mod reach;
mod record;
mod recording;
mod rows;
mod run;
mod socket_report;
mod ss;
mod stdout;
mod summary;
mod watch;

use std::{io, process::ExitCode, sync::Arc};

use anyhow::anyhow;

use self::{
    input::kernel::KernelInput,
    run::{DONE, FAILED, Run, print, tell},
};
use crate::{
    cli::{self, Color, Invocation, Surroundings},
    render::{self, screen::Screen},
    source::kernel::Access,
    system::{
        environment::{self, variable},
        interrupt::outlive_file_limit,
        pager::Pager,
    },
    text::{Catalogue, locale, messages, system_error, words},
};

pub use self::{commands::COMMANDS, config::fault_of_configuration, reach::target::ReachTarget, run::AnyTask};

/// Runs the program as the process was started.
pub fn run() -> ExitCode {
    outlive_file_limit();
    let locale = locale::from_environment(&variable);
    let arguments = program::arguments(std::env::args_os());
    let width = stdout::width(&variable);
    let colors = stdout::takes_color(&variable);
    let around = Surroundings {
        lang: locale.lang,
        width: width.unwrap_or(render::screen::PLAIN_WIDTH),
        color: colors,
        unicode: locale.unicode,
    };
    let (result, lang) = match cli::parse(COMMANDS, &arguments, &around) {
        Invocation::Print(text) => (print(|out| out.write_all(text.as_bytes())).map(|()| DONE), locale.lang),
        Invocation::Wrong(line) if cli::is_for_nagios(&arguments) => {
            (print(|out| render::check::write_nagios_failure(out, &line)).map(|()| check::UNKNOWN), locale.lang)
        }
        Invocation::Wrong(line) => (Err(anyhow!(line)), locale.lang),
        Invocation::Run(job, options) => {
            let lang = options.lang.unwrap_or(locale.lang);
            let color = match options.color {
                Color::Auto => colors,
                Color::Always => true,
                Color::Never => false,
            };
            let screen = match width {
                Some(columns) => Screen { rows: stdout::rows(), ..Screen::terminal(columns, locale.unicode, color) },
                None => Screen { color, ..Screen::plain(locale.unicode) },
            };
            let tcpdiag_file = variable("TCPDIAG_FILE").filter(|path| !path.is_empty());
            let config_file = config::of_the_user(&variable);
            let pager = match variable("TERM").as_deref() {
                // A terminal that knows nothing can hold no pager; with rights of others no program is started.
                Some("dumb") => Some(String::new()),
                _ if environment::is_privileged() => Some(String::new()),
                _ => variable("PAGER"),
            };
            let rows = stdout::rows();
            let words = Catalogue::new(lang);
            let access = Access { proc: cli::proc_root(&variable), engine: options.engine, ..Access::default() };
            let input = Box::new(KernelInput::new(access.clone()));
            let has_screen = width.is_some() && stdout::takes_screen(&variable);
            let run = Run {
                options: *options,
                words,
                screen,
                access,
                tcpdiag_file,
                config_file,
                pager: Arc::new(Pager::new(pager)),
                rows,
                has_screen,
                input,
                ahead: Default::default(),
            };
            (job.run(run), lang)
        }
    };
    match result {
        Ok(status) => ExitCode::from(status),
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            let line = match error.downcast_ref::<io::Error>() {
                Some(error) => Catalogue::new(lang)
                    .say(messages::ERROR_WRITING, &[("why", words(system_error(&error.to_string(), lang)))]),
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
