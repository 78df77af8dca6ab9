//! Commands for the systemd service of a process.

use crate::model::{owner::Place, shell::shell_word};

/// `systemctl VERB UNIT` for the service that a process is in; with its own user's manager where that runs it. `None`
/// where it is in no service, where it is in a container, whose services the host's systemd does not know, and where the
/// name cannot be a word of a shell.
pub(super) fn systemctl(place: &Place, verb: &str) -> Option<String> {
    let unit = place.unit.as_deref().filter(|unit| unit.ends_with(".service"))?;
    if place.container.is_some() {
        return None;
    }
    let word = shell_word(unit)?;
    Some(match users_manager(place.cgroup.as_deref().unwrap_or_default()) {
        Some(uid) => format!("systemctl --user -M {uid}@ {verb} {word}"),
        None => format!("systemctl {verb} {word}"),
    })
}

/// The user whose own systemd runs the unit: `user@1000.service` has more below it.
fn users_manager(cgroup: &str) -> Option<u32> {
    let (above, _) = cgroup.rsplit_once('/')?;
    let manager = above.split('/').find_map(|part| part.strip_prefix("user@")?.strip_suffix(".service"))?;
    manager.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::owner::Container;

    fn place(cgroup: &str, unit: &str) -> Place {
        Place { cgroup: Some(cgroup.into()), unit: Some(unit.into()), container: None }
    }

    #[test]
    fn the_manager_that_runs_the_unit_is_asked() {
        let restart = |cgroup, unit| systemctl(&place(cgroup, unit), "restart");
        assert_eq!(restart("/system.slice/a.service", "a.service").as_deref(), Some("systemctl restart a.service"));
        assert_eq!(
            restart("/user.slice/user-7.slice/user@7.service/app.slice/sshd.service", "sshd.service").as_deref(),
            Some("systemctl --user -M 7@ restart sshd.service")
        );
        assert_eq!(
            restart("/user.slice/user-7.slice/user@7.service", "user@7.service").as_deref(),
            Some("systemctl restart user@7.service")
        );
        assert_eq!(restart("/user.slice/session-3.scope", "session-3.scope"), None);
        assert_eq!(restart("/system.slice/--root=x.service", "--root=x.service"), None);
        assert_eq!(restart("/a;id;.service", "a;id;.service").as_deref(), Some("systemctl restart 'a;id;.service'"));
        let inside = Place {
            container: Some(Container { runtime: "docker", id: "3f2a".into(), pod: None }),
            ..place("/docker-3f2a.scope/system.slice/nginx.service", "nginx.service")
        };
        assert_eq!(systemctl(&inside, "restart"), None);
    }
}
