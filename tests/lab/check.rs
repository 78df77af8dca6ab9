//! Runs `sockdoc check` in the lab and reads its findings.

use serde_json::Value;

use super::program;

/// One finding, as in the JSON.
#[derive(Clone, Debug)]
pub(crate) struct Finding(pub(crate) Value);

impl Finding {
    pub(crate) fn rule(&self) -> &str {
        self.text("rule")
    }

    pub(crate) fn severity(&self) -> &str {
        self.text("severity")
    }

    /// The process that it is about, or whose listener.
    pub(crate) fn pid(&self) -> Option<u32> {
        let places = ["/subject/pid", "/subject/program/pid"];
        u32::try_from(places.iter().find_map(|place| self.0.pointer(place)?.as_u64())?).ok()
    }

    /// A figure of its evidence.
    #[track_caller]
    pub(crate) fn figure(&self, name: &str) -> f64 {
        let evidence = self.0["evidence"].as_array().expect("a list of evidence");
        let figure = evidence.iter().find(|figure| figure["name"] == name);
        let value = figure.and_then(|figure| figure["value"].as_f64());
        value.unwrap_or_else(|| panic!("no number {name} in the evidence of {self:#?}"))
    }

    /// The words of its remedies.
    pub(crate) fn remedies(&self) -> Vec<&str> {
        let remedies = self.0["remedies"].as_array();
        remedies.into_iter().flatten().filter_map(|remedy| remedy["text"].as_str()).collect()
    }

    /// The commands of its remedies.
    pub(crate) fn commands(&self) -> Vec<&str> {
        let remedies = self.0["remedies"].as_array();
        remedies.into_iter().flatten().filter_map(|remedy| remedy["command"].as_str()).collect()
    }

    /// The command that begins with these words.
    #[track_caller]
    pub(crate) fn command(&self, begin: &str) -> &str {
        let found = self.commands().into_iter().find(|command| command.starts_with(begin));
        found.unwrap_or_else(|| panic!("no remedy of {} begins with {begin:?}: {:?}", self.rule(), self.commands()))
    }

    fn text(&self, name: &str) -> &str {
        self.0[name].as_str().unwrap_or_else(|| panic!("a finding without {name}: {self:?}"))
    }
}

/// The output of one run of `check`.
#[derive(Clone, Debug)]
pub(crate) struct Checked {
    pub(crate) findings: Vec<Finding>,
    /// The whole document.
    pub(crate) document: Value,
}

impl Checked {
    /// The findings of one rule.
    pub(crate) fn of(&self, rule: &str) -> Vec<&Finding> {
        self.findings.iter().filter(|finding| finding.rule() == rule).collect()
    }

    /// Why a rule was not checked; `None` when it was.
    pub(crate) fn unchecked(&self, rule: &str) -> Option<&Value> {
        self.document["not_checked"].as_array()?.iter().find(|entry| entry["rule"] == rule)
    }

    /// The findings that are a warning or worse.
    pub(crate) fn alarms(&self) -> Vec<&Finding> {
        self.findings.iter().filter(|finding| matches!(finding.severity(), "warning" | "critical")).collect()
    }
}

/// Runs `sockdoc check --json` with these arguments; only a run that failed (exit 2) is a panic.
#[track_caller]
pub(crate) fn run(args: &[&str]) -> Checked {
    read(&program::run(&[&["check", "--json"], args].concat()))
}

/// Reads what a run of it said.
#[track_caller]
pub(crate) fn read(said: &program::Said) -> Checked {
    assert!(matches!(said.code, Some(0 | 1)), "sockdoc check: {said:?}");
    let document: Value = serde_json::from_str(&said.stdout).unwrap_or_else(|error| panic!("{error}: {said:?}"));
    let findings = document["findings"].as_array().unwrap_or_else(|| panic!("no findings in {document}"));
    Checked { findings: findings.iter().cloned().map(Finding).collect(), document }
}
