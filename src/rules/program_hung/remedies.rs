//! What lets a program go on that is held up.

use super::{
    super::{connections, prelude::*, unit},
    output,
};
use crate::model::owner::{Freezer, HeldUp, Place};

/// What lets the processes go on, by what holds them up.
pub(super) fn add(input: &RuleInput<'_>, finding: Finding, how: &HeldUp, pids: &[u32], place: &Place) -> Finding {
    let Some(&pid) = pids.first() else { return finding };
    let stacks = || {
        let inspect = Remedy::new(RemedyKind::Operate, "find").inspect();
        inspect.command(connections::stacks(pid)).needs("needs-root")
    };
    let restart = || {
        let restart = Remedy::new(RemedyKind::Operate, "restart").first_aid().risk("risk-restart");
        unit::restart(place).map(|command| restart.command(command))
    };
    match how {
        HeldUp::Stopped => finding
            .remedy(
                Remedy::new(RemedyKind::Operate, "continue")
                    .first_aid()
                    .command(connections::go_on(pids))
                    .risk("risk-continue"),
            )
            .remedy(Remedy::new(RemedyKind::Operate, "fix-stopped")),
        HeldUp::Traced(tracer) => {
            let text = match tracer {
                Some(tracer) => Sentence::plain("detach").count("tracer", u64::from(*tracer)),
                None => Sentence::plain("detach-unseen"),
            };
            finding.remedy(Remedy::new(RemedyKind::Operate, text))
        }
        HeldUp::Frozen(freezer) => finding.remedy(thaw(place, *freezer, pid)),
        HeldUp::Waits(_) => finding.remedy(stacks()).remedy(Remedy::new(RemedyKind::Operate, "fix-waits")),
        HeldUp::Busy => finding.remedy(restart()).remedy(stacks()).remedy(Remedy::new(RemedyKind::Code, "fix-busy")),
        HeldUp::Output(blocked) => output::remedies(input, finding, blocked),
        HeldUp::Throttled(group) => {
            let (text, file) = match group.strip_prefix("/sys/fs/cgroup/cpu/") {
                Some(_) => ("echo -1 | tee ", "cpu.cfs_quota_us"),
                None => ("echo max | tee ", "cpu.max"),
            };
            let lift = ShellCommand::new(text).outside(&format!("{group}/{file}"));
            let remedy = |lift| {
                let remedy = Remedy::new(RemedyKind::Operate, "lift").first_aid().risk("risk-lift");
                remedy.command(lift).needs("needs-root")
            };
            finding.remedy(lift.map(remedy)).remedy(Remedy::new(RemedyKind::Config, "fix-throttled"))
        }
    }
}

/// What does not help.
pub(super) fn myth(how: &HeldUp, has_clients: bool) -> &'static str {
    match how {
        HeldUp::Stopped | HeldUp::Traced(_) if !has_clients => "myth-buffer",
        HeldUp::Stopped => "myth-stopped",
        HeldUp::Traced(_) => "myth-traced",
        HeldUp::Frozen(_) => "myth-frozen",
        HeldUp::Waits(_) => "myth-waits",
        HeldUp::Busy => "myth-busy",
        HeldUp::Output(_) => "myth-output",
        HeldUp::Throttled(_) => "myth-throttled",
    }
}

/// Lets a frozen cgroup go on, by whoever froze it: a container's runtime, systemd, or the file itself.
fn thaw(place: &Place, freezer: Freezer, pid: u32) -> Remedy {
    let of_container = place.container.as_ref().and_then(|container| {
        let command = match container.runtime {
            "docker" => "docker unpause ",
            "podman" => "podman unpause ",
            _ => return None,
        };
        ShellCommand::new(command).outside(container.id.get(..12)?)
    });
    let is_free = place.container.is_none();
    let by_hand = || {
        let path = place.cgroup.as_deref().filter(|path| is_free && *path != "/")?;
        ShellCommand::new("echo 0 | tee ").outside(&format!("/sys/fs/cgroup{path}/cgroup.freeze"))
    };
    // Version 1 has another path for it, and systemd does not freeze there.
    let of_v1 = || {
        let path = ShellCommand::new("\"/sys/fs/cgroup/freezer$(sed -n 's/^.*:freezer://p' /proc/").then(pid);
        is_free.then(|| ShellCommand::new("echo THAWED | tee ").then(&path).then("/cgroup)/freezer.state\""))
    };
    let by_host = || match freezer {
        Freezer::V1 => of_v1(),
        Freezer::V2 => unit::systemctl(place, "thaw").or_else(by_hand),
    };
    let remedy = Remedy::new(RemedyKind::Operate, "thaw").first_aid().risk("risk-continue");
    match of_container.or_else(by_host) {
        Some(command) => remedy.command(command),
        None => remedy,
    }
}
