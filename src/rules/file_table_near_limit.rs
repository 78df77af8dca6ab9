//! The host's table of open files is nearly full.
//!
//! `/proc/sys/fs/file-nr`: open files against `fs.file-max`. From the limit on every open fails with ENFILE, in every
//! program without privilege.

use super::{Case, Need, Rule, Threshold, Unit, sysctl};
use crate::{
    model::{
        finding::{Figure, Finding, Remedy, RemedyKind, Severity, Subject},
        sentence::{Sentence, Word},
    },
    text::texts,
};

/// Time to look for who holds them.
const HIGH: Threshold = Threshold { name: "high", unit: Unit::Ratio, default: 0.80 };
/// The next burst meets the limit.
const FULL: Threshold = Threshold { name: "full", unit: Unit::Ratio, default: 0.95 };

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "file-table-near-limit",
    severities: &[Severity::Critical, Severity::Warning],
    thresholds: &[HIGH, FULL],
    needs: &[Need::Files],
    texts: texts!("file-table-near-limit"),
    evaluate,
};

fn evaluate(case: &Case<'_>) -> Vec<Finding> {
    judge(case).into_iter().collect()
}

fn judge(case: &Case<'_>) -> Option<Finding> {
    let (used, most) = case.now().files.filter(|&(_, most)| most > 0)?;
    let part = used as f64 / most as f64;
    let severity = match part {
        _ if part >= case.limit(&FULL) => Severity::Critical,
        _ if part >= case.limit(&HIGH) => Severity::Warning,
        _ => return None,
    };
    let title = Sentence::plain("title")
        .with("used", Word::Count(used))
        .with("most", Word::Count(most))
        .with("part", Word::Ratio(part));
    let find = Remedy::new(RemedyKind::Operate, Sentence::plain("fix"))
        .command(
            "for p in /proc/[0-9]*; do echo \"$(ls $p/fd 2>/dev/null | wc -l) $(cat $p/comm)\"; done | sort -rn | head",
        )
        .needs(Sentence::plain("needs-root"));
    let raise = sysctl::raise(case, "fs.file-max", most.saturating_mul(2), Sentence::plain("raise"))
        .map(|remedy| remedy.risk(Sentence::plain("raise-risk")));
    Some(
        case.finding(severity, Subject::Host, title)
            .why(Sentence::plain("why"))
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

    #[test]
    fn an_idle_host_says_nothing() {
        assert_eq!(severities(&RULE, &snapshot()), []);
    }
}
