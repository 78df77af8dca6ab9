//! Actions that empty a full accept queue at once.

use super::super::{hint, prelude::*, unit};
use crate::model::owner::Place;

/// A restart resets its clients and drops the connections of the program; one that takes
/// over its own listeners when it is reloaded, with a higher limit, loses neither.
pub fn relief(input: &RuleInput<'_>, pid: u32, runtime: Runtime) -> Remedy {
    reload(input, pid, runtime).unwrap_or_else(|| {
        let remedy = Remedy::new(RemedyKind::Operate, "accept-restart").first_aid().risk("accept-restart-risk");
        operate(remedy, input, pid, unit::restart)
    })
}

/// A higher limit of the program without a restart, if the program can do that.
pub fn reload(input: &RuleInput<'_>, pid: u32, runtime: Runtime) -> Option<Remedy> {
    if runtime != Runtime::Haproxy {
        return None;
    }
    let text = Sentence::plain("accept-reload").with("hint", hint::own_limit(runtime).part());
    let remedy = Remedy::new(RemedyKind::Operate, text).first_aid().risk("accept-reload-risk");
    Some(operate(remedy, input, pid, |place| unit::systemctl(place, "reload")))
}

/// With the command for the unit of a process, where that is known.
fn operate(remedy: Remedy, input: &RuleInput<'_>, pid: u32, command: fn(&Place) -> Option<ShellCommand>) -> Remedy {
    match input.process(pid).and_then(|facts| command(&facts.process.place)) {
        Some(command) => remedy.command(command).needs("needs-root"),
        None => remedy,
    }
}
