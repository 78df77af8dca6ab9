//! A program that waits until somebody takes its output: who should, and what to do.

use super::super::{connections, prelude::*};
use crate::model::owner::{BlockedOutput, HeldUp};

/// The connection that it waits to send on.
pub(super) fn blocked_connection<'a>(input: &RuleInput<'a>, output: &BlockedOutput) -> Option<&'a Seen> {
    let inode = output.socket()?;
    input.now().sockets.iter().find(|seen| seen.socket.inode == inode)
}

/// The program of this host that should read what is sent on a connection.
fn reader_here(input: &RuleInput<'_>, seen: &Seen) -> Option<Program> {
    input.program(input.peer_here(seen)?.socket.inode)
}

/// Adds where the output leads, and who should read it.
pub(super) fn tell(input: &RuleInput<'_>, mut finding: Finding, output: &BlockedOutput, pid: u32) -> Finding {
    if let Some(seen) = blocked_connection(input, output) {
        let socket = &seen.socket;
        let bytes = u64::from(socket.wqueue);
        // Whoever should read there is at fault.
        finding.touches.awaited.push(vec![seen.flow()]);
        let proof = match reader_here(input, seen) {
            Some(reader) => {
                Sentence::plain("proof-send-here").outside("program", reader.name).number("pid", reader.pid.into())
            }
            None => Sentence::plain("proof-send"),
        };
        return finding.proof(proof.endpoint("peer", socket.peer, socket.peer_port).bytes("bytes", bytes)).evidence(
            "send_queue_bytes",
            Figure::Bytes(bytes),
            "idiag_wqueue",
        );
    }
    let target = || output.target.clone();
    let proof = Sentence::plain("proof-output").number("fd", output.fd.into()).outside("target", target());
    let finding =
        finding.proof(proof).evidence("output", Figure::Text(target()), format!("/proc/{pid}/fd/{}", output.fd));
    let Some(reader) = &output.reader else { return finding };
    let id = if is_stopped(output) { "proof-reader-stopped" } else { "proof-reader" };
    let proof = Sentence::plain(id).outside("name", reader.program.clone()).number("pid", reader.pid.into());
    finding.proof(proof).evidence("output_reader", Figure::Count(reader.pid.into()), "/proc/PID/fd")
}

/// What makes room for its output.
pub(super) fn remedies(input: &RuleInput<'_>, finding: Finding, output: &BlockedOutput) -> Finding {
    if let Some(seen) = blocked_connection(input, output) {
        let socket = &seen.socket;
        let ports = ShellCommand::new(" dport = :").then(socket.peer_port).then(" sport = :").then(socket.local_port);
        let one = ShellCommand::new("sockdoc kill dst ").then(socket.peer).then(&ports);
        let reader = reader_here(input, seen).map(|reader| {
            let find = Sentence::plain("find-receiver").outside("program", reader.name);
            let inspect = Remedy::new(RemedyKind::Operate, find).inspect();
            inspect.command(connections::stacks(reader.pid)).needs("needs-root")
        });
        let fix = Remedy::new(RemedyKind::Code, "fix-send");
        return finding.remedy(connections::destroy(one)).remedy(fix).remedy(reader);
    }
    let inspect = |text, command| Remedy::new(RemedyKind::Operate, text).inspect().command(command).needs("needs-root");
    let finding = match &output.reader {
        Some(reader) if is_stopped(output) => {
            let go_on = Remedy::new(RemedyKind::Operate, "continue-reader").first_aid();
            finding.remedy(go_on.command(connections::go_on(&[reader.pid])).risk("risk-continue"))
        }
        Some(reader) => finding.remedy(inspect("find-reader-waits", connections::stacks(reader.pid))),
        None if output.target.starts_with("/dev/") => {
            finding.remedy(Remedy::new(RemedyKind::Operate, "resume-terminal").first_aid())
        }
        None if output.socket().is_some() => finding,
        None => finding.remedy(holders(&output.target).map(|command| inspect("find-reader", command))),
    };
    finding.remedy(Remedy::new(RemedyKind::Code, "fix-output"))
}

/// A command that shows which processes hold a pipe.
fn holders(target: &str) -> Option<ShellCommand> {
    let all = ShellCommand::new("find /proc/[0-9]*/fd -lname ");
    match target.strip_prefix("pipe:[").and_then(|rest| rest.strip_suffix(']')).map(str::parse::<u64>) {
        Some(Ok(inode)) => Some(all.then("'pipe:\\[").then(inode).then("\\]'")),
        _ => all.outside(target),
    }
}

/// Whether a signal has stopped the process that should read.
fn is_stopped(output: &BlockedOutput) -> bool {
    let held_up = output.reader.as_ref().and_then(|reader| reader.held_up.as_deref());
    held_up == Some(&HeldUp::Stopped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_holders_of_a_pipe_are_found_by_its_number() {
        let command = |target| holders(target).map(|command| command.to_string());
        let of_number = "find /proc/[0-9]*/fd -lname 'pipe:\\[50\\]'";
        assert_eq!(command("pipe:[50]").as_deref(), Some(of_number));
        assert_eq!(command("/run/a log").as_deref(), Some("find /proc/[0-9]*/fd -lname '/run/a log'"));
    }
}
