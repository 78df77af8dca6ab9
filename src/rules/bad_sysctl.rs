//! Harmful sysctls, most of them from old tuning guides.
//!
//! Detected: `tcp_abort_on_overflow` 1, `tcp_syncookies` not 1, `tcp_timestamps` 0, `tcp_max_tw_buckets` below the
//! kernel's own default, `tcp_retries2` below 5 (5 to 7 is the official advice of some clusters), `tcp_orphan_retries`
//! 1 or 2. Each fails only now and then, far from the sysctl. The value of `tcp_rfc1337` does not matter.

use super::{prelude::*, sysctl, tw_bucket_limit};

/// Below this a connection dies within 12.6 s of silence, (2^6 - 1) x 0.2 s (`tcp_write_timeout()` in
/// net/ipv4/tcp_timer.c); RFC 1122 wants 100 s.
const RETRIES: Threshold = Threshold::count("retries2", 5.0);
/// The least that gives the 100 s of RFC 1122 (ip-sysctl.rst, `tcp_retries2`).
const ENOUGH_RETRIES: &str = "8";

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "bad-sysctl",
    severities: &[Severity::Notice],
    thresholds: &[RETRIES],
    needs: &[Need::Sysctl(TIMESTAMPS)],
    relations: &[Relation::contributes("tw-bucket-limit", SharedBy::Setting)],
    evaluate: Evaluate::Many(evaluate),
};

const ABORT: &str = "net.ipv4.tcp_abort_on_overflow";
const COOKIES: &str = "net.ipv4.tcp_syncookies";
const TIMESTAMPS: &str = "net.ipv4.tcp_timestamps";
const BUCKETS: &str = "net.ipv4.tcp_max_tw_buckets";
const RETRIES2: &str = "net.ipv4.tcp_retries2";
const ORPHANS: &str = "net.ipv4.tcp_orphan_retries";

/// One setting that does harm.
struct BadSetting {
    name: &'static str,
    value: u64,
    /// The message that describes the harm.
    reason: &'static str,
    /// The proposed value.
    better: String,
    /// The message that describes the risk of the change.
    risk: Option<&'static str>,
}

fn evaluate(input: &RuleInput<'_>) -> Vec<Finding> {
    let faults = faults(input);
    if faults.is_empty() {
        return Vec::new();
    }
    let setting = |fault: &BadSetting| {
        let sentence = Sentence::plain("setting").term("name", short(fault.name));
        sentence.number("value", fault.value).part()
    };
    let count = Word::Count(faults.len() as u64);
    // A third name would not fit into a headline.
    let title = match faults.len() {
        1 | 2 => Sentence::plain("title").with("list", Word::List(faults.iter().map(setting).collect())),
        _ => Sentence::plain("title-many"),
    };
    let mut finding = input
        .finding(Severity::Notice, Subject::Host)
        .title(title.with("count", count))
        .about(Vec::new(), faults.len() as u64);
    for fault in &faults {
        let reason = Sentence::plain(fault.reason).number("value", fault.value);
        let remedy = sysctl::set(input, fault.name, &fault.better, "fix");
        let remedy = remedy.map(|remedy| match fault.risk {
            Some(risk) => remedy.risk(risk),
            None => remedy,
        });
        finding = finding.proof(reason).evidence(short(fault.name), Figure::Count(fault.value), fault.name);
        finding = finding.remedy(remedy);
        if fault.name == ABORT {
            finding = finding.myth("myth-abort");
        } else if fault.name == BUCKETS {
            finding = finding.myth("myth-buckets");
        }
    }
    vec![finding]
}

fn faults(input: &RuleInput<'_>) -> Vec<BadSetting> {
    let mut faults = Vec::new();
    let mut check = |name, is_bad: &dyn Fn(u64) -> bool, reason, better: String, risk| {
        if let Some(value) = input.sysctl(name).filter(|&value| is_bad(value)) {
            faults.push(BadSetting { name, value, reason, better, risk });
        }
    };
    check(ABORT, &|value| value != 0, "reason-abort", "0".into(), None);
    let cookies = if input.sysctl(COOKIES) == Some(0) { "reason-cookies-off" } else { "reason-cookies-always" };
    check(COOKIES, &|value| value != 1, cookies, "1".into(), None);
    check(TIMESTAMPS, &|value| value == 0, "reason-timestamps", "1".into(), Some("risk-timestamps"));
    if let Some(default) = tw_bucket_limit::default(input) {
        check(BUCKETS, &|value| value < default, "reason-buckets", default.to_string(), Some("risk-buckets"));
    }
    let least = input.limit(&RETRIES);
    check(RETRIES2, &|value| (value as f64) < least, "reason-retries", ENOUGH_RETRIES.into(), Some("risk-retries"));
    check(ORPHANS, &|value| matches!(value, 1 | 2), "reason-orphans", "0".into(), Some("risk-orphans"));
    faults
}

/// `tcp_syncookies` of `net.ipv4.tcp_syncookies`.
fn short(name: &'static str) -> &'static str {
    name.rsplit_once('.').map_or(name, |(_, last)| last)
}

#[cfg(test)]
mod tests {
    use super::{
        super::fixture::{findings, severities, snapshot},
        *,
    };
    use crate::model::snapshot::Snapshot;

    fn with(settings: &[(&str, &str)]) -> Snapshot {
        let mut snapshot = snapshot();
        for (name, value) in settings {
            snapshot.sysctls.insert((*name).into(), (*value).into());
        }
        snapshot
    }

    #[test]
    fn each_bad_value_is_reported_and_set_right() {
        for (name, value, better) in [
            (ABORT, "1", "0"),
            (COOKIES, "0", "1"),
            (COOKIES, "2", "1"),
            (TIMESTAMPS, "0", "1"),
            (BUCKETS, "131071", "131072"),
            (RETRIES2, "4", "8"),
            (ORPHANS, "1", "0"),
            (ORPHANS, "2", "0"),
        ] {
            let found = findings(&RULE, &with(&[(name, value)]));
            assert_eq!(found.len(), 1, "{name}={value}");
            let command = found[0].remedies[0].command.as_deref();
            assert_eq!(command, Some(format!("sysctl -w {name}={better}").as_str()));
        }
    }

    #[test]
    fn values_with_a_reason_are_not() {
        for (name, value) in [
            (TIMESTAMPS, "2"),
            (BUCKETS, "131072"),
            (BUCKETS, "400000"),
            (RETRIES2, "5"),
            (RETRIES2, "8"),
            (ORPHANS, "3"),
            (ORPHANS, "0"),
            ("net.ipv4.tcp_rfc1337", "1"),
        ] {
            assert_eq!(severities(&RULE, &with(&[(name, value)])), [], "{name}={value}");
        }
    }

    #[test]
    fn several_are_one_finding_whose_headline_stays_short() {
        let two = findings(&RULE, &with(&[(ABORT, "1"), (TIMESTAMPS, "0")])).remove(0);
        assert_eq!((two.title.id, two.remedies.len()), ("title", 2));
        let three = findings(&RULE, &with(&[(ABORT, "1"), (TIMESTAMPS, "0"), (COOKIES, "0")])).remove(0);
        assert_eq!((three.title.id, three.proof.len()), ("title-many", 3));
    }

    #[test]
    fn the_table_a_namespace_shares_is_read_without_its_sign() {
        let mut shared = with(&[("net.ipv4.tcp_ehash_entries", "-262144")]);
        assert_eq!(severities(&RULE, &shared), []);
        shared.sysctls.remove("net.ipv4.tcp_ehash_entries");
        shared.sysctls.insert(BUCKETS.into(), "1".into());
        assert_eq!(severities(&RULE, &shared), []);
    }
}
