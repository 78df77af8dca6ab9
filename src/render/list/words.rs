//! The words of the listing, prepared once: a message is split at its placeholders, so that a row costs no lookup.

use super::digits::number;
use crate::{
    model::{entry::Entry, family::Netid, owner::Unknown, socket::Timer, state::State},
    render::prelude::*,
};

/// Marks the first placeholder; the others follow it. No message holds control characters.
const MARK: char = '\u{1}';

/// A message split into parts: text, then a value, and so on.
pub(super) struct Template {
    first: String,
    rest: Vec<(usize, String)>,
}

impl Template {
    /// Placeholders are counted in the order in which English has them.
    fn new(catalogue: &Catalogue, message: Message) -> Template {
        let placeholders = catalogue.placeholders(message);
        let marks: Vec<String> =
            (0u8..).zip(&placeholders).map(|(place, _)| char::from(MARK as u8 + place).to_string()).collect();
        let values: Vec<_> = placeholders.into_iter().zip(marks.iter().map(|mark| words(mark.as_str()))).collect();
        let text = catalogue.say(message, &values);
        let is_mark = |character: char| marks.iter().any(|mark| mark.starts_with(character));
        let mut first = String::new();
        let mut rest: Vec<(usize, String)> = Vec::new();
        for character in text.chars() {
            match rest.last_mut() {
                _ if is_mark(character) => rest.push((character as usize - MARK as usize, String::new())),
                Some((_, text)) => text.push(character),
                None => first.push(character),
            }
        }
        Template { first, rest }
    }

    /// Writes the message, each placeholder through the function.
    pub(super) fn fill(&self, out: &mut Vec<u8>, fill: impl Fn(&mut Vec<u8>, usize)) {
        out.extend_from_slice(self.first.as_bytes());
        for (place, text) in &self.rest {
            fill(out, *place);
            // No blank belongs between two Chinese characters: `53 秒` and ` 后消失`.
            let is_chinese = |byte: Option<&u8>| byte.is_some_and(|byte| !byte.is_ascii());
            let text = text.as_bytes();
            let joins = text.first() == Some(&b' ') && is_chinese(out.last()) && is_chinese(text.get(1));
            out.extend_from_slice(text.get(usize::from(joins)..).unwrap_or_default());
        }
    }
}

/// All words that rows may need.
pub(super) struct RowWords {
    units: [String; 5],
    pub(super) ends_in: Template,
    pub(super) ends_in_after: Template,
    never: String,
    program: String,
    open: String,
    never_cell: String,
    closed_cell: String,
    none_kept: String,
    not_accepted: String,
    not_permitted: String,
    not_shown: String,
    kernel: String,
    retransmit: Template,
    keepalive: Template,
    persist: Template,
    delayed_ack: Template,
    other_timer: Template,
    pub(super) tries: Template,
    pub(super) memory: Template,
    pub(super) backlog: Template,
    pub(super) drops: Template,
}

impl RowWords {
    pub(super) fn new(catalogue: &Catalogue) -> RowWords {
        let text = |message| catalogue.text(message);
        let template = |message| Template::new(catalogue, message);
        RowWords {
            units: [
                text(messages::UNIT_MS),
                text(messages::UNIT_S),
                text(messages::UNIT_MIN),
                text(messages::UNIT_H),
                text(messages::UNIT_D),
            ],
            ends_in: template(messages::ENDS_IN),
            ends_in_after: template(messages::ENDS_IN_AFTER),
            never: text(messages::ENDS_NEVER),
            program: text(messages::ENDS_PROGRAM),
            open: text(messages::ENDS_OPEN),
            never_cell: text(messages::ENDS_NEVER_CELL),
            closed_cell: text(messages::ENDS_CLOSED_CELL),
            none_kept: text(messages::OWNER_NONE_KEPT),
            not_accepted: text(messages::OWNER_NOT_ACCEPTED),
            not_permitted: text(messages::OWNER_NOT_PERMITTED),
            not_shown: text(messages::OWNER_NOT_SHOWN),
            kernel: text(messages::OWNER_KERNEL),
            retransmit: template(messages::TIMER_RETRANSMIT),
            keepalive: template(messages::TIMER_KEEPALIVE),
            persist: template(messages::TIMER_PERSIST),
            delayed_ack: template(messages::TIMER_DELAYED_ACK),
            other_timer: template(messages::TIMER_OTHER),
            tries: template(messages::TIMER_TRIES),
            memory: template(messages::MEMORY_WORDS),
            backlog: template(messages::MEMORY_BACKLOG),
            drops: template(messages::MEMORY_DROPS),
        }
    }

    /// The effect of a running timer.
    pub(super) fn timer(&self, timer: Timer) -> Option<&Template> {
        Some(match timer {
            Timer::None => return None,
            Timer::Retransmit => &self.retransmit,
            Timer::Keepalive => &self.keepalive,
            Timer::Persist => &self.persist,
            Timer::DelayedAck => &self.delayed_ack,
            Timer::TimeWait | Timer::Other(_) | Timer::NotShown => &self.other_timer,
        })
    }

    /// The words for a socket that no timer ends. After the tokens of `ss` (not `in_full`) they are printed only for
    /// leaks: a listener, or a socket without states, always stays until it is closed.
    pub(super) fn never(&self, entry: &Entry, in_full: bool) -> Option<&str> {
        match entry.state {
            _ if entry.netid != Netid::Tcp => None,
            State::FIN_WAIT2 => Some(&self.never),
            State::CLOSE_WAIT => Some(if in_full { &self.program } else { &self.never }),
            State::ESTABLISHED if in_full => Some(&self.open),
            _ => None,
        }
    }

    /// The same as a cell.
    pub(super) fn never_cell(&self, entry: &Entry) -> &str {
        let leaks = entry.netid == Netid::Tcp && matches!(entry.state, State::FIN_WAIT2 | State::CLOSE_WAIT);
        if leaks { &self.never_cell } else { &self.closed_cell }
    }

    /// Why an owner is not known.
    pub(super) fn unknown(&self, unknown: Unknown) -> &str {
        match unknown {
            Unknown::NoneKept => &self.none_kept,
            Unknown::NotAccepted => &self.not_accepted,
            Unknown::NotPermitted => &self.not_permitted,
            Unknown::NotShown => &self.not_shown,
            Unknown::Kernel => &self.kernel,
        }
    }

    /// A time in its two largest units: `204 ms`, `53 s`, `2 min 5 s`, `3 h 2 min`.
    pub(super) fn duration(&self, out: &mut Vec<u8>, ms: u64) {
        let [millis, second, minute, hour, day] = &self.units;
        let (seconds, minutes, hours) = (ms / 1000, ms / 60_000, ms / 3_600_000);
        let (most, unit, least, small) = match ms {
            0..1_000 => (ms, millis, 0, millis),
            1_000..60_000 => (seconds, second, 0, millis),
            60_000..600_000 => (minutes, minute, seconds % 60, second),
            600_000..3_600_000 => (minutes, minute, 0, second),
            3_600_000..172_800_000 => (hours, hour, minutes % 60, minute),
            _ => (hours / 24, day, hours % 24, hour),
        };
        number(out, most);
        out.push(b' ');
        out.extend_from_slice(unit.as_bytes());
        if least > 0 {
            out.push(b' ');
            number(out, least);
            out.push(b' ');
            out.extend_from_slice(small.as_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Lang;

    fn said(lang: Lang, say: impl Fn(&RowWords, &mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        say(&RowWords::new(&Catalogue::new(lang)), &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn durations_have_at_most_two_units() {
        for (ms, expected) in [
            (0, "0 ms"),
            (204, "204 ms"),
            (53_900, "53 s"),
            (125_000, "2 min 5 s"),
            (120_000, "2 min"),
            (6_600_000, "1 h 50 min"),
            (90_000_000, "25 h"),
            (180_000_000, "2 d 2 h"),
        ] {
            assert_eq!(said(Lang::En, |words, out| words.duration(out, ms)), expected);
        }
    }

    #[test]
    fn what_is_filled_in_stands_where_the_language_puts_it() {
        let ends = |words: &RowWords, out: &mut Vec<u8>| words.ends_in.fill(out, |out, _| words.duration(out, 53_000));
        assert_eq!(said(Lang::En, ends), "goes away in 53 s");
        assert_eq!(said(Lang::Zh, ends), "53 秒后消失");
        let memory =
            |words: &RowWords, out: &mut Vec<u8>| words.memory.fill(out, |out, place| number(out, place as u64));
        assert_eq!(
            said(Lang::En, memory),
            "memory: received 0 (limit 1), queued to send 2 (limit 3), at the device 4, reserved 5, options 6"
        );
    }
}
