//! The host's table of open files is nearly full.
//!
//! `/proc/sys/fs/file-nr`: open files against `fs.file-max`. From the limit on every open fails with ENFILE, in every
//! program without privilege.

use super::{prelude::*, sysctl};

/// Time to look for who holds them.
const HIGH: Threshold = Threshold::ratio("high", 0.80);
/// The next burst meets the limit.
const FULL: Threshold = Threshold::ratio("full", 0.95);

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "file-table-near-limit",
    severities: &[Severity::Critical, Severity::Warning],
    thresholds: &[HIGH, FULL],
    needs: &[Need::Files],
    relations: &[
        Relation::causes("accept-queue-full", SharedBy::Host),
        Relation::causes("unaccepted-established", SharedBy::Host),
    ],
    evaluate: Evaluate::One(evaluate),
};

fn evaluate(input: &RuleInput<'_>) -> Option<Finding> {
    let (used, most) = input.now().files?;
    let severity = input.near_limit(used, most, &HIGH, &FULL)?;
    let find = Remedy::new(RemedyKind::Operate, "fix")
        .command(
            "for p in /proc/[0-9]*; do echo \"$(ls $p/fd 2>/dev/null | wc -l) $(cat $p/comm)\"; done | sort -rn | head",
        )
        .needs("needs-root");
    let raise =
        sysctl::raise(input, "fs.file-max", most.saturating_mul(2), "raise").map(|remedy| remedy.risk("raise-risk"));
    Some(
        input
            .finding(severity, Subject::Host)
            .count("used", used)
            .count("most", most)
            .ratio("part", part(used, most))
            .evidence("files", Figure::Count(used), "/proc/sys/fs/file-nr")
            .evidence("file_limit", Figure::Count(most), "/proc/sys/fs/file-nr")
            .about(Vec::new(), used)
            .remedy(find)
            .remedy(raise)
            .myth("myth"),
    )
}

#[cfg(test)]
mod tests {
    use super::{
        super::fixture::{findings, severities, snapshot},
        *,
    };
    use crate::model::snapshot::Snapshot;

    fn files(used: u64) -> Snapshot {
        let mut snapshot = snapshot();
        snapshot.now.files = Some((used, 1_000));
        snapshot.sysctls.insert("fs.file-max".to_owned(), "1000".to_owned());
        snapshot
    }

    #[test]
    fn the_table_fills_in_two_steps() {
        assert_eq!(severities(&RULE, &files(799)), []);
        assert_eq!(severities(&RULE, &files(800)), [Severity::Warning]);
        assert_eq!(severities(&RULE, &files(950)), [Severity::Critical]);
    }

    #[test]
    fn the_limit_is_doubled() {
        let found = findings(&RULE, &files(950));
        let commands: Vec<_> = found[0].remedies.iter().filter_map(|remedy| remedy.command.as_deref()).collect();
        assert_eq!(commands.last(), Some(&"sysctl -w fs.file-max=2000"));
    }
}
