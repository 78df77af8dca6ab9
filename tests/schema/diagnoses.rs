//! Diagnoses made by hand, with everything in them that a finding may have.

use std::{
    net::{IpAddr, Ipv4Addr},
    time::Duration,
};

use sockdoc::{
    model::{
        finding::{Confidence, Figure, Finding, NotChecked, Program, Remedy, RemedyKind, Runtime, Severity, Subject},
        sentence::{Placeholders, Sentence},
    },
    report::diagnosis::Diagnosis,
};

const RULE: &str = "close-wait-leak";

fn program() -> Program {
    Program {
        pid: 4321,
        processes: 1,
        name: "java".into(),
        user: Some("orders".into()),
        unit: Some("orders.service".into()),
        container: None,
        runtime: Runtime::Java,
    }
}

fn title() -> Sentence {
    Sentence::plain("title").count("count", 2310).time("age", Duration::from_secs(32_520))
}

/// A finding that has all it may have.
fn full(subject: Subject) -> Finding {
    let mut remedy = Remedy::new(RemedyKind::Operate, Sentence::plain("restart"))
        .first_aid()
        .command("systemctl restart orders.service")
        .risk(Sentence::plain("restart-risk-unknown").outside("program", "java"))
        .needs(Sentence::plain("needs-root"))
        .verify("sockdoc count close-wait");
    remedy.current = Some("4096".into());
    remedy.proposed = Some("8192".into());
    remedy.persist = Some("net.core.somaxconn = 8192".into());
    remedy.undo = Some("sysctl -w net.core.somaxconn=4096".into());
    let mut finding = Finding::new(RULE, Severity::Critical, subject)
        .title(title())
        .why(Sentence::plain("why").outside("program", "java"))
        .proof(Sentence::plain("proof").count("empty", 1).count("count", 2))
        .limit(Some(Sentence::plain("limit").count("used", 1).count("most", 2)))
        .evidence("sockets", Figure::Count(2310), "idiag_state")
        .evidence("queued", Figure::Bytes(7), "idiag_rqueue")
        .evidence("oldest", Figure::Time(Duration::from_secs(32_520)), "tcp_info.last_ack_recv")
        .evidence("share", Figure::Ratio(0.5), "/proc/4321/limits")
        .evidence("growth", Figure::PerSecond(0.07), "tcp_info.last_ack_recv")
        .evidence("peer", Figure::Text("10.0.3.7:5432".into()), "idiag_dst")
        .evidence("ages", Figure::Counts(vec![1, 2]), "tcp_info.last_ack_recv")
        .remedy(remedy)
        .remedy(Remedy::new(RemedyKind::Code, Sentence::plain("restart")))
        .myth("myth")
        .confidence(Confidence::Likely);
    finding.netns = Some("blue".into());
    finding
}

/// One finding of every kind of subject, the first with all it may have, and a rule that was not checked.
pub(super) fn of_every_kind() -> Diagnosis {
    let address = IpAddr::V4(Ipv4Addr::new(10, 0, 3, 7));
    let subjects = [
        Subject::Unit("orders.service".into()),
        Subject::Container("docker 3f2a91c4d5e6".into()),
        Subject::User("orders".into()),
        Subject::Listener { address, port: 443, path: None, program: Some(program()) },
        Subject::Listener { address, port: 0, path: Some("/run/x".into()), program: None },
        Subject::Destination { source: Some(address), address, port: Some(5432), program: Some(program()) },
        Subject::Destination { source: None, address, port: None, program: None },
        Subject::Host,
        Subject::Unknown,
    ];
    let plain = |subject| {
        let finding = Finding::new(RULE, Severity::Ok, subject).title(title());
        Finding { why: None, ..finding.evidence("sockets", Figure::Count(1), "idiag_state") }
    };
    let findings = std::iter::once(full(Subject::Process(program()))).chain(subjects.map(plain)).collect();
    let missing = NotChecked { rule: RULE, reason: Sentence::plain("missing-sample"), needs: Some("--for 5s") };
    let never = NotChecked { rule: RULE, reason: Sentence::plain("missing-sockstat"), needs: None };
    Diagnosis { findings, not_checked: vec![missing, never], hidden: 214, ..Diagnosis::default() }
}
