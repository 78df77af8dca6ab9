//! Commands for the runner of a process: a systemd service, on the host or in a container, or the container itself.
//!
//! The owner of a delegated cgroup chooses the names below it, so only the path from the root counts: slices, then the
//! unit, as systemd parses it (`cg_path_get_unit`).

use super::prelude::*;
use crate::model::owner::Place;

/// Characters of an id that are enough.
const SHORT_ID: usize = 12;

/// `systemctl VERB UNIT` for the service that a process is in, with the manager that runs it. `None` where that is not
/// known, and where a name cannot be a word of a command.
pub(super) fn systemctl(place: &Place, verb: &'static str) -> Option<ShellCommand> {
    let parts = parts(place);
    let Some(container) = &place.container else {
        let (unit, below) = unit(&parts)?;
        return match user(unit).filter(|_| !below.is_empty()) {
            Some(uid) => {
                let manager = ShellCommand::new("systemctl --user -M ").then(uid).then("@ ");
                service(manager, verb, self::unit(below)?.0)
            }
            None => service(ShellCommand::new("systemctl "), verb, unit),
        };
    };
    let inside = inside(&parts)?;
    let (unit, _) = unit(inside).filter(|(unit, _)| user(unit).is_none())?;
    let is_machine = container.id.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    let manager = match container.runtime {
        "docker" => on_container("docker exec ", &container.id)?.then(" systemctl "),
        "podman" => on_container("podman exec ", &container.id)?.then(" systemctl "),
        "systemd-nspawn" if is_machine => ShellCommand::new("systemctl -M ").outside(&container.id)?.then(" "),
        _ => return None,
    };
    service(manager, verb, unit)
}

/// The command that edits the unit of a service. `systemctl edit` works with the host's own manager only.
pub(super) fn edit(place: &Place) -> Option<ShellCommand> {
    systemctl(place, "edit").filter(|command| command.starts_with("systemctl edit "))
}

/// Restarts the service that a process is in, or a container that is one service.
pub(super) fn restart(place: &Place) -> Option<ShellCommand> {
    let container = place.container.as_ref().filter(|_| inside(&parts(place)).is_some_and(<[_]>::is_empty));
    match container.map(|container| (container.runtime, &container.id)) {
        Some(("docker", id)) => on_container("docker restart ", id),
        Some(("podman", id)) => on_container("podman restart ", id),
        _ => systemctl(place, "restart"),
    }
}

fn on_container(command: &'static str, id: &str) -> Option<ShellCommand> {
    ShellCommand::new(command).outside(id.get(..SHORT_ID)?)
}

fn service(manager: ShellCommand, verb: &'static str, unit: &str) -> Option<ShellCommand> {
    // systemd puts a `_` before a name that the kernel could take for a file of a cgroup.
    let name = unit.strip_prefix('_').unwrap_or(unit);
    manager.then(verb).then(" ").operand(name)
}

fn parts(place: &Place) -> Vec<&str> {
    place.cgroup.as_deref().unwrap_or_default().split('/').filter(|part| !part.is_empty()).collect()
}

/// The service below the slices, and the parts below the service.
fn unit<'a>(parts: &'a [&'a str]) -> Option<(&'a str, &'a [&'a str])> {
    let first = parts.iter().position(|part| !part.ends_with(".slice"))?;
    let (unit, below) = parts.get(first..)?.split_first()?;
    unit.ends_with(".service").then_some((*unit, below))
}

/// The user whose manager a unit is: `user@1000.service`.
fn user(unit: &str) -> Option<u32> {
    unit.strip_prefix("user@")?.strip_suffix(".service")?.parse().ok()
}

/// The path within a container that the host's own runtime put in its usual place; `None` for a container elsewhere: one
/// of a user, of a pod, or within another.
fn inside<'a>(parts: &'a [&'a str]) -> Option<&'a [&'a str]> {
    let is_usual = |outer: &str, part: &str| match outer {
        "system.slice" => part.starts_with("docker-"),
        "machine.slice" => ["libpod-", "machine-", "systemd-nspawn@"].iter().any(|before| part.starts_with(before)),
        "docker" => true,
        _ => false,
    };
    match parts {
        [outer, part, inside @ ..] if is_usual(outer, part) => match inside {
            ["container" | "payload", rest @ ..] => Some(rest),
            rest => Some(rest),
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::owner::Container;

    const ID: &str = "3f2a9c0d1e4b5a6978877665544332211f0e0d0c0b0a09080706050403020100";

    fn place(cgroup: &str, container: Option<(&'static str, &str)>) -> Place {
        let container = container.map(|(runtime, id)| Container { runtime, id: id.into(), pod: None });
        Place { cgroup: Some(cgroup.replace("ID", ID).into()), unit: None, container }
    }

    fn restarts(cgroup: &str, container: Option<(&'static str, &str)>) -> String {
        restart(&place(cgroup, container)).map(|command| command.to_string()).unwrap_or_default()
    }

    #[test]
    fn the_manager_that_runs_the_unit_is_asked() {
        for (cgroup, command) in [
            ("/system.slice/a.service", "systemctl restart a.service"),
            ("/system.slice/_cpu.service", "systemctl restart cpu.service"),
            ("/system.slice/system-a.slice/a@1.service/pool", "systemctl restart a@1.service"),
            ("/user.slice/user-7.slice/user@7.service", "systemctl restart user@7.service"),
            ("/user.slice/user-7.slice/user@7.service/app.slice/s.service", "systemctl --user -M 7@ restart s.service"),
            ("/user.slice/session-3.scope", ""),
            ("/system.slice/-x.service", "systemctl restart -- -x.service"),
            ("/a;id;.service", "systemctl restart 'a;id;.service'"),
        ] {
            assert_eq!(restarts(cgroup, None), command, "{cgroup}");
        }
    }

    #[test]
    fn the_owner_of_a_delegated_cgroup_chooses_no_other_service() {
        for (cgroup, command) in [
            ("/system.slice/web.service/sshd.service", "systemctl restart web.service"),
            ("/user.slice/user-7.slice/session-1.scope/sshd.service", ""),
            (
                "/user.slice/user-7.slice/user@7.service/a.service/user@0.service",
                "systemctl --user -M 7@ restart a.service",
            ),
            ("/user.slice/user-7.slice/user@7.service/a.scope/sshd.service", ""),
        ] {
            assert_eq!(restarts(cgroup, None), command, "{cgroup}");
        }
        assert_eq!(restarts("/system.slice/web.service/docker-ID.scope", Some(("docker", ID))), "");
        assert_eq!(restarts("/user.slice/user-7.slice/user@7.service/libpod-ID.scope", Some(("podman", ID))), "");
    }

    #[test]
    fn a_container_and_the_services_in_it_are_distinguished() {
        let (docker, podman) = (Some(("docker", ID)), Some(("podman", ID)));
        assert_eq!(restarts("/system.slice/docker-ID.scope", docker), "docker restart 3f2a9c0d1e4b");
        assert_eq!(restarts("/docker/ID", docker), "docker restart 3f2a9c0d1e4b");
        assert_eq!(restarts("/machine.slice/libpod-ID.scope/container", podman), "podman restart 3f2a9c0d1e4b");
        assert_eq!(
            restarts("/system.slice/docker-ID.scope/system.slice/nginx.service", docker),
            "docker exec 3f2a9c0d1e4b systemctl restart nginx.service"
        );
        assert_eq!(restarts("/system.slice/docker-ID.scope/init.scope", docker), "");
        assert_eq!(restarts("/docker/ID/docker/ID", docker), "");
        let machine = |id| Some(("systemd-nspawn", id));
        let nspawn = "/machine.slice/systemd-nspawn@web.service/payload/system.slice/nginx.service";
        assert_eq!(restarts(nspawn, machine("web")), "systemctl -M web restart nginx.service");
        assert_eq!(restarts(nspawn, machine("root@web")), "");
        assert_eq!(edit(&place(nspawn, machine("web"))), None);
        assert!(edit(&place("/system.slice/a.service", None)).is_some());
        assert_eq!(restarts("/lxc.payload.web/system.slice/nginx.service", Some(("lxc", "web"))), "");
        assert_eq!(restarts("/kubepods.slice/cri-containerd-ID.scope", Some(("containerd", ID))), "");
    }
}
