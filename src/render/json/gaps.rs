//! Gaps as JSON.

use serde::Serialize;

use crate::{
    model::gap::{Gap, What, Why},
    render::{
        gaps::{name, reason, sentence},
        prelude::*,
    },
};

/// A gap as JSON says it.
#[derive(Serialize)]
pub struct GapDocument {
    what: &'static str,
    why: String,
    remedy: Option<String>,
}

/// JSON is the same in every language, its sentences too: they are English.
pub fn gap(gap: &Gap) -> GapDocument {
    let words = Catalogue::new(Lang::En);
    let owners_are_hidden = gap.what == What::Owners && matches!(gap.why, Why::Unreadable(_));
    let remedy = match gap.why {
        Why::ReadFromProc(_) => Some(messages::REMEDY_SOCK_DIAG),
        Why::NotShown(..) => Some(messages::REMEDY_RECORD),
        Why::Unread(_) | Why::Capture(..) | Why::WithoutBpf(_) => None,
        // Root sees every process, also those that hidepid hides.
        Why::Denied(_) => Some(messages::REMEDY_ROOT),
        Why::Unreadable(_) if owners_are_hidden => Some(messages::REMEDY_ROOT),
        Why::OutOfReach(_) | Why::Unreadable(_) | Why::NotAvailable(_) | Why::TooOld(_) => None,
    };
    let why = if owners_are_hidden { sentence(gap, &words) } else { reason(gap, &words) };
    GapDocument { what: name(gap.what), why, remedy: remedy.map(|remedy| words.text(remedy)) }
}
