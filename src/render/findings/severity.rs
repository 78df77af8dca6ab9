//! Severities on a screen: their words and colours.

use anstyle::AnsiColor;

use crate::{model::finding::Severity, render::prelude::*};

/// Emphasis.
pub(super) const BOLD: Style = Style::new().bold();

/// The word of a severity.
pub fn severity_word(severity: Severity) -> Message {
    match severity {
        Severity::Critical => messages::SEVERITY_CRITICAL,
        Severity::Warning => messages::SEVERITY_WARNING,
        Severity::Notice => messages::SEVERITY_NOTICE,
        Severity::Ok => messages::SEVERITY_OK,
    }
}

/// The colour goes with the word, never alone.
pub(super) fn style(severity: Severity) -> Style {
    match severity {
        Severity::Critical => AnsiColor::Red.on_default().bold(),
        Severity::Warning => AnsiColor::Yellow.on_default().bold(),
        Severity::Notice => BOLD,
        Severity::Ok => AnsiColor::Green.on_default().bold(),
    }
}
