//! A document of `check` without names: the part that a redacted recording keeps.

use serde_json::{Value, json};

/// Rule, severity, confidence, figures and kinds of remedies of each finding.
pub(crate) fn of(document: &Value) -> Value {
    let figure = |one: &Value| json!([one["name"], one["value"].as_f64()]);
    let finding = |one: &Value| {
        let list = |name: &str| one[name].as_array().into_iter().flatten();
        json!({
            "rule": one["rule"],
            "severity": one["severity"],
            "confidence": one["confidence"],
            "subject": one["subject"]["kind"],
            "evidence": list("evidence").map(figure).collect::<Vec<_>>(),
            "remedies": list("remedies").map(|one| &one["kind"]).collect::<Vec<_>>(),
        })
    };
    document["findings"].as_array().into_iter().flatten().map(finding).collect()
}
