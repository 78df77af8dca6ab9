//! Remedies that change a sysctl: the command, the line that keeps it, and the command that undoes it.
//!
//! A command is given only if its file exists on this kernel, and a value only if it exceeds the current one.

use super::prelude::*;

/// Settings that only the first network namespace has; all others belong to each namespace.
const OF_THE_HOST: [&str; 8] = [
    "fs.file-max",
    "net.ipv4.tcp_mem",
    "net.ipv4.udp_mem",
    "net.ipv4.tcp_max_orphans",
    "net.core.rmem_default",
    "net.core.rmem_max",
    "net.core.wmem_max",
    "net.netfilter.nf_conntrack_max",
];

/// Sets a number to at least `proposed`; nothing where it is that high already.
pub fn raise(input: &RuleInput<'_>, name: &'static str, proposed: u64, text: impl Into<Sentence>) -> Option<Remedy> {
    let current = input.sysctl(name)?;
    (proposed > current).then(|| set(input, name, &proposed.to_string(), text)).flatten()
}

/// Sets a number to at most `proposed`; nothing where it is that low already.
pub fn lower(input: &RuleInput<'_>, name: &'static str, proposed: u64, text: impl Into<Sentence>) -> Option<Remedy> {
    let current = input.sysctl(name)?;
    (proposed < current).then(|| set(input, name, &proposed.to_string(), text)).flatten()
}

/// Sets a value; nothing where the file does not exist here or holds that value already.
///
/// The sentence may use `$name`, `$current` and `$proposed`.
pub fn set(input: &RuleInput<'_>, name: &'static str, proposed: &str, text: impl Into<Sentence>) -> Option<Remedy> {
    let current = input.snapshot.sysctls.get(name)?.split_whitespace().collect::<Vec<_>>().join(" ");
    if current == proposed {
        return None;
    }
    let needs = if OF_THE_HOST.contains(&name) { "needs-host-root" } else { "needs-net-admin" };
    let text =
        text.into().term("name", name).outside("current", current.clone()).outside("proposed", proposed.to_owned());
    let mut remedy = Remedy::new(RemedyKind::Sysctl, text).needs(needs).verify(ShellCommand::new("sysctl ").then(name));
    remedy.persist = Some(format!("{name} = {proposed}"));
    let command = |value| ShellCommand::new("sysctl -w ").then(name).then("=").outside(value);
    remedy.command = command(proposed);
    remedy.undo = command(&current);
    remedy.setting = Some(name);
    remedy.current = Some(current);
    remedy.proposed = Some(proposed.to_owned());
    Some(remedy)
}

/// The numbers of a setting that has several; none if one of them is not a number.
pub fn numbers(input: &RuleInput<'_>, name: &str) -> Vec<u64> {
    let text = input.snapshot.sysctls.get(name).map(String::as_str).unwrap_or_default();
    text.split_whitespace().map(str::parse).collect::<Result<_, _>>().unwrap_or_default()
}

/// Sets each number of a setting that has several to half as much again.
pub fn half_more(input: &RuleInput<'_>, name: &'static str, text: impl Into<Sentence>) -> Option<Remedy> {
    let more = numbers(input, name).into_iter().map(|number| number.saturating_add(number / 2).to_string());
    let proposed: Vec<String> = more.collect();
    (!proposed.is_empty()).then(|| set(input, name, &proposed.join(" "), text)).flatten()
}

/// `tcp_orphan_retries`: 0 acts as 8, which is 102 s; 5 are 12.6 s.
pub fn fewer_orphan_retries(input: &RuleInput<'_>) -> Option<Remedy> {
    const PROPOSED: u64 = 5;
    let current = input.sysctl("net.ipv4.tcp_orphan_retries")?;
    let acts_as = if current == 0 { 8 } else { current };
    if acts_as <= PROPOSED {
        return None;
    }
    set(input, "net.ipv4.tcp_orphan_retries", &PROPOSED.to_string(), "orphan-retries")
        .map(|remedy| remedy.risk("orphan-retries-risk").verify("sockdoc count fin-wait-1"))
}
