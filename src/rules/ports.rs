//! How many local ports `connect()` may take for one destination.

use super::prelude::*;

/// The ephemeral range and its usable ports.
#[derive(Clone, Debug)]
pub struct Ports {
    /// The lowest port of `ip_local_port_range`.
    pub low: u16,
    /// The highest.
    pub high: u16,
    /// Ports of the range in `ip_local_reserved_ports`.
    pub reserved: BTreeSet<u16>,
    /// Ports of the range that a bound or listening socket holds on any address: `connect()` passes them over.
    pub bound: BTreeSet<u16>,
}

impl Ports {
    /// Reads it from the settings and listeners; `None` where the range is unknown.
    pub fn of(input: &RuleInput<'_>) -> Option<Ports> {
        let sysctls = &input.snapshot.sysctls;
        let mut ends = sysctls.get("net.ipv4.ip_local_port_range")?.split_whitespace().map(str::parse::<u16>);
        let (low, high) = (ends.next()?.ok()?, ends.next()?.ok()?);
        let within = |port: &u16| (low..=high).contains(port);
        let text = sysctls.get("net.ipv4.ip_local_reserved_ports").map_or("", String::as_str);
        let reserved = list(text).into_iter().filter(within).collect();
        let listening = input.now().listeners.iter().map(|listener| listener.port);
        let idle = input.now().bound_inactive.iter().flatten().map(|socket| socket.local_port);
        let bound = listening.chain(idle).filter(within).collect();
        Some(Ports { low, high, reserved, bound })
    }

    /// Ports that one source may use towards one destination.
    pub fn usable(&self) -> u64 {
        let lost: BTreeSet<&u16> = sorted::set(self.reserved.union(&self.bound));
        (u64::from(self.high) + 1).saturating_sub(u64::from(self.low)).saturating_sub(lost.len() as u64)
    }

    /// Whether a port lies in the range.
    pub fn contains(&self, port: u16) -> bool {
        (self.low..=self.high).contains(&port)
    }
}

/// The ports of `ip_local_reserved_ports`: `8080,9148-9150`. Skips invalid entries.
pub fn list(text: &str) -> BTreeSet<u16> {
    let mut ports = BTreeSet::new();
    for part in text.split([',', ' ', '\n', '\t']).filter(|part| !part.is_empty()) {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        if let (Ok(first), Ok(last)) = (first.parse::<u16>(), last.parse::<u16>()) {
            ports.extend(first..=last);
        }
    }
    ports
}

/// Ports as `ip_local_reserved_ports` takes them, runs folded: `8080,9148-9150`.
pub fn folded(ports: &BTreeSet<u16>) -> String {
    let mut runs: Vec<(u16, u16)> = Vec::new();
    for &port in ports {
        match runs.last_mut() {
            Some((_, last)) if port.checked_sub(1) == Some(*last) => *last = port,
            _ => runs.push((port, port)),
        }
    }
    let parts: Vec<String> = runs
        .into_iter()
        .map(|(first, last)| if first == last { first.to_string() } else { format!("{first}-{last}") })
        .collect();
    parts.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_ports_are_read_and_written_as_the_kernel_does() {
        let ports = list("8080,9148-9150\n");
        assert_eq!(ports, BTreeSet::from([8080, 9148, 9149, 9150]));
        assert_eq!(folded(&ports), "8080,9148-9150");
        assert_eq!(folded(&list("")), "");
        assert_eq!(folded(&list("x,70000,65535")), "65535");
    }
}
