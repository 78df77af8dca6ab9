//! A sysctl's value on this host, and its consequences.

use std::{collections::BTreeMap, time::Duration};

use super::live::{HostFigures, Remark};
use crate::{
    model::{
        constants::{self, FIRST_TIMEOUT, ORPHAN_RETRIES, RTO_MAX, RTO_MIN, TIME_WAIT},
        finding::{Evidence, Figure},
        sentence::Word,
    },
    text::{Message, messages},
};

/// The longest timeout, since Linux 6.15.
const RTO_MAX_MS: &str = "net.ipv4.tcp_rto_max_ms";

/// Settings that the meaning of another depends on.
const BESIDE: &[(&str, &[&str])] = &[
    ("net.ipv4.tcp_syn_retries", &["net.ipv4.tcp_syn_linear_timeouts", RTO_MAX_MS]),
    ("net.ipv4.tcp_syn_linear_timeouts", &["net.ipv4.tcp_syn_retries", RTO_MAX_MS]),
    ("net.ipv4.tcp_synack_retries", &[RTO_MAX_MS]),
    ("net.ipv4.tcp_retries2", &[RTO_MAX_MS]),
    ("net.ipv4.tcp_orphan_retries", &[RTO_MAX_MS]),
    ("net.ipv4.tcp_keepalive_time", &["net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes"]),
    ("net.ipv4.tcp_keepalive_intvl", &["net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_keepalive_probes"]),
    ("net.ipv4.tcp_keepalive_probes", &["net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_keepalive_intvl"]),
];

/// The settings to read for one that is shown.
pub fn names(name: &'static str) -> impl Iterator<Item = &'static str> {
    let beside = BESIDE.iter().find(|(of, _)| *of == name).map_or(&[][..], |(_, beside)| beside);
    [name].into_iter().chain(beside.iter().copied())
}

/// The figures of a sysctl; `values` are those that have a file. `is_initial` is whether they were read in the initial
/// network namespace of the host.
pub fn setting(name: &'static str, values: &BTreeMap<&str, String>, kernel: &str, is_initial: bool) -> HostFigures {
    let mut live = HostFigures::default();
    let mut say = |message, values| live.lines.push(Remark::Said(message, values));
    match values.get(name).map(|value| value.split_whitespace().collect::<Vec<_>>().join(" ")) {
        None if !is_initial => say(messages::LIVE_SETTING_ELSEWHERE, vec![("name", Word::Term(name))]),
        None => {
            let kernel = Word::Outside(kernel.to_owned());
            say(messages::LIVE_NO_SETTING, vec![("name", Word::Term(name)), ("kernel", kernel)]);
        }
        Some(value) => {
            match value.as_str() {
                "" => say(messages::LIVE_EMPTY_SETTING, vec![("name", Word::Term(name))]),
                _ => say(
                    messages::LIVE_SETTING,
                    vec![("name", Word::Term(name)), ("value", Word::Outside(value.clone()))],
                ),
            }
            if let Some((message, values)) = meaning(name, values) {
                say(message, values);
            }
            let source = format!("/proc/sys/{}", name.replace('.', "/"));
            live.figures.push(Evidence { name: "value", value: Figure::Text(value), source });
        }
    }
    live
}

/// The meaning of a setting's value.
fn meaning(name: &str, values: &BTreeMap<&str, String>) -> Option<(Message, Vec<(&'static str, Word)>)> {
    let read = |name: &str| values.get(name)?.trim().parse::<u32>().ok();
    let value = read(name);
    let plain = |messages: &[Message]| {
        let place = usize::try_from(value?).ok()?;
        Some((*messages.get(place)?, Vec::new()))
    };
    let timed = |message: Message, time: Duration| Some((message, vec![("time", Word::Time(time))]));
    let most = read(RTO_MAX_MS).map_or(RTO_MAX, |most| Duration::from_millis(most.into()));
    let seconds = |value: u32| Duration::from_secs(value.into());
    match name {
        "net.ipv4.tcp_tw_reuse" => {
            plain(&[messages::MEANS_TW_REUSE_0, messages::MEANS_TW_REUSE_1, messages::MEANS_TW_REUSE_2])
        }
        "net.ipv4.tcp_tw_reuse_delay" => timed(messages::MEANS_REUSE_DELAY, Duration::from_millis(u64::from(value?))),
        "net.ipv4.tcp_syncookies" => {
            plain(&[messages::MEANS_SYNCOOKIES_0, messages::MEANS_SYNCOOKIES_1, messages::MEANS_SYNCOOKIES_2])
        }
        "net.ipv4.tcp_timestamps" => {
            plain(&[messages::MEANS_TIMESTAMPS_0, messages::MEANS_TIMESTAMPS_1, messages::MEANS_TIMESTAMPS_1])
        }
        "net.ipv4.tcp_abort_on_overflow" => plain(&[messages::MEANS_ABORT_0, messages::MEANS_ABORT_1]),
        "net.ipv4.ip_local_port_range" => {
            let mut ends = values.get(name)?.split_whitespace().map(str::parse::<u16>);
            let (first, last) = (ends.next()?.ok()?, ends.next()?.ok()?);
            let ports = u64::from(last.checked_sub(first)?) + 1;
            Some((messages::MEANS_PORTS, with_rate(ports)))
        }
        "net.ipv4.tcp_fin_timeout" => timed(messages::MEANS_FIN_TIMEOUT, seconds(value?)),
        "net.ipv4.tcp_syn_retries" | "net.ipv4.tcp_syn_linear_timeouts" => {
            let retries = read("net.ipv4.tcp_syn_retries")?;
            let linear = read("net.ipv4.tcp_syn_linear_timeouts").unwrap_or(0);
            timed(messages::MEANS_CONNECT, constants::tries(FIRST_TIMEOUT, retries, linear, most))
        }
        "net.ipv4.tcp_synack_retries" => {
            timed(messages::MEANS_HALF_OPEN, constants::tries(FIRST_TIMEOUT, value?, 0, most))
        }
        "net.ipv4.tcp_retries2" => timed(messages::MEANS_RETRIES2, constants::tries(RTO_MIN, value?, 0, most)),
        "net.ipv4.tcp_orphan_retries" => {
            let retries = if value? == 0 { ORPHAN_RETRIES } else { value? };
            timed(messages::MEANS_ORPHANS, constants::tries(RTO_MIN, retries, 0, most))
        }
        "net.ipv4.tcp_keepalive_time" | "net.ipv4.tcp_keepalive_intvl" | "net.ipv4.tcp_keepalive_probes" => {
            let [time, interval] = ["net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_keepalive_intvl"].map(read);
            let probes = read("net.ipv4.tcp_keepalive_probes")?;
            timed(messages::MEANS_KEEPALIVE, constants::keepalive(seconds(time?), seconds(interval?), probes))
        }
        "net.core.somaxconn" => Some((messages::MEANS_SOMAXCONN, vec![("count", Word::Count(value?.into()))])),
        "net.ipv4.tcp_max_tw_buckets" => Some((messages::MEANS_BUCKETS, with_rate(value?.into()))),
        _ => None,
    }
}

/// A number of sockets or ports that rest for the time of `TIME_WAIT`, and the rate per second that it allows.
fn with_rate(count: u64) -> Vec<(&'static str, Word)> {
    vec![("count", Word::Count(count)), ("rate", Word::Decimal((count as f64 / TIME_WAIT.as_secs_f64()).floor()))]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(name: &'static str, values: &[(&'static str, &str)]) -> Vec<Remark> {
        let values = values.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        setting(name, &values, "6.18.0", true).lines
    }

    #[test]
    fn a_setting_is_reported_with_what_follows_from_it() {
        let lines = told("net.ipv4.tcp_tw_reuse", &[("net.ipv4.tcp_tw_reuse", "2")]);
        assert!(matches!(
            lines[..],
            [Remark::Said(messages::LIVE_SETTING, _), Remark::Said(messages::MEANS_TW_REUSE_2, _)]
        ));
        let lines = told("net.ipv4.ip_local_port_range", &[("net.ipv4.ip_local_port_range", "32768\t60999")]);
        assert_eq!(
            lines[0],
            Remark::Said(
                messages::LIVE_SETTING,
                vec![
                    ("name", Word::Term("net.ipv4.ip_local_port_range")),
                    ("value", Word::Outside("32768 60999".into())),
                ]
            )
        );
        assert_eq!(lines[1], Remark::Said(messages::MEANS_PORTS, with_rate(28_232)));
        let values = [("net.ipv4.tcp_syn_retries", "6"), ("net.ipv4.tcp_syn_linear_timeouts", "4")];
        let lines = told("net.ipv4.tcp_syn_retries", &values);
        assert_eq!(
            lines[1],
            Remark::Said(messages::MEANS_CONNECT, vec![("time", Word::Time(Duration::from_secs(131)))])
        );
        assert_eq!(told("net.core.rmem_max", &[("net.core.rmem_max", "212992")]).len(), 1);
    }

    #[test]
    fn a_setting_without_a_file_is_said_to_be_missing() {
        let lines = told("net.ipv4.tcp_tw_recycle", &[]);
        assert!(matches!(lines[..], [Remark::Said(messages::LIVE_NO_SETTING, _)]));
        let elsewhere = setting("net.ipv4.tcp_mem", &BTreeMap::new(), "6.18.0", false).lines;
        assert!(matches!(elsewhere[..], [Remark::Said(messages::LIVE_SETTING_ELSEWHERE, _)]));
    }
}
