//! The machine of TCP's states, each with how many sockets are in it on this host.

use std::cmp::Ordering;

use super::canvas::{Canvas, Pens, pens};
use crate::{
    model::{census::Census, state::State},
    text::{Catalogue, Message, grouped, layout::columns, messages},
};

/// Columns of the drawing.
pub const WIDTH: usize = 78;
/// Columns and rows of a state's frame.
const FRAME: (usize, usize) = (15, 4);

/// A state's place: its row and column.
const PLACES: &[(State, usize, usize)] = &[
    (State::CLOSE, 0, 31),
    (State::LISTEN, 6, 4),
    (State::SYN_SENT, 6, 58),
    (State::SYN_RECV, 12, 4),
    (State::ESTABLISHED, 12, 31),
    (State::FIN_WAIT1, 18, 17),
    (State::CLOSE_WAIT, 18, 58),
    (State::FIN_WAIT2, 24, 4),
    (State::CLOSING, 24, 31),
    (State::LAST_ACK, 24, 58),
    (State::TIME_WAIT, 30, 17),
];

/// A way from one state to another: its corners as rows and columns, and a label with its place.
struct Transition {
    corners: &'static [(usize, usize)],
    label: TransitionLabel,
    at: (usize, usize),
}

/// The label beside a path.
enum TransitionLabel {
    /// Words of the catalogue.
    Words(Message),
    /// Flags, as the protocol names them.
    Flags(&'static str),
}

const WAYS: &[Transition] = &[
    Transition {
        corners: &[(2, 30), (2, 11), (5, 11)],
        label: TransitionLabel::Words(messages::DRAW_LISTENS),
        at: (1, 12),
    },
    Transition {
        corners: &[(2, 46), (2, 65), (5, 65)],
        label: TransitionLabel::Words(messages::DRAW_CONNECTS),
        at: (1, 48),
    },
    Transition { corners: &[(10, 11), (11, 11)], label: TransitionLabel::Flags("SYN"), at: (10, 13) },
    Transition { corners: &[(13, 19), (13, 30)], label: TransitionLabel::Flags("ACK"), at: (12, 22) },
    Transition { corners: &[(10, 65), (13, 65), (13, 46)], label: TransitionLabel::Flags("SYN+ACK"), at: (12, 52) },
    Transition {
        corners: &[(15, 36), (16, 36), (16, 24), (17, 24)],
        label: TransitionLabel::Words(messages::DRAW_WE_CLOSE),
        at: (17, 9),
    },
    Transition {
        corners: &[(15, 46), (15, 65), (17, 65)],
        label: TransitionLabel::Words(messages::DRAW_PEER_CLOSES),
        at: (14, 48),
    },
    Transition {
        corners: &[(21, 20), (22, 20), (22, 11), (23, 11)],
        label: TransitionLabel::Flags("ACK"),
        at: (22, 6),
    },
    Transition {
        corners: &[(21, 28), (22, 28), (22, 38), (23, 38)],
        label: TransitionLabel::Flags("FIN"),
        at: (22, 40),
    },
    Transition {
        corners: &[(22, 65), (23, 65)],
        label: TransitionLabel::Words(messages::DRAW_PROGRAM_CLOSES),
        at: (22, 67),
    },
    Transition {
        corners: &[(27, 11), (28, 11), (28, 20), (29, 20)],
        label: TransitionLabel::Flags("FIN"),
        at: (28, 6),
    },
    Transition {
        corners: &[(27, 38), (28, 38), (28, 28), (29, 28)],
        label: TransitionLabel::Flags("ACK"),
        at: (28, 40),
    },
    Transition { corners: &[(28, 65), (31, 65)], label: TransitionLabel::Flags("ACK"), at: (29, 67) },
];

/// Draws the machine; `census` gives the counts, `here` marks a state.
pub fn draw(census: Option<&Census>, here: Option<State>, words: &Catalogue, unicode: bool) -> Vec<String> {
    let pens = pens(unicode);
    let mut canvas = Canvas::new(WIDTH);
    for way in WAYS {
        trace(&mut canvas, way.corners, pens);
        let text = match &way.label {
            TransitionLabel::Words(message) => words.text(*message),
            TransitionLabel::Flags(flags) => (*flags).to_owned(),
        };
        // A longer word of another language begins further to the left.
        canvas.text(way.at.0, way.at.1.min(WIDTH.saturating_sub(columns(&text))), &text);
    }
    for &(state, row, column) in PLACES {
        let (wide, high) = FRAME;
        for inner in row..row + high {
            canvas.across(inner, (column, column + wide - 1), ' ');
        }
        canvas.frame(row, column, FRAME, pens);
        let middle = column + wide / 2;
        canvas.centered(row + 1, middle, &state.to_string());
        let count = census.map(|census| grouped(census.sockets(state), words.lang())).unwrap_or_default();
        let [to_left, to_right, ..] = pens.heads;
        let line = if here == Some(state) { format!("{to_right} {count} {to_left}") } else { count };
        canvas.centered(row + 2, middle, line.trim());
    }
    let gone = words.text(messages::DRAW_GONE);
    canvas.centered(32, 65, &gone);
    canvas.across(32, (32, 65usize.saturating_sub(columns(&gone) / 2 + 2)), pens.across);
    canvas.put(32, 65usize.saturating_sub(columns(&gone) / 2 + 2), pens.heads[1]);
    canvas.centered(31, 46, &words.text(messages::DRAW_SIXTY));
    canvas.lines()
}

/// Draws a way along its corners, with a head at its end.
fn trace(canvas: &mut Canvas, corners: &[(usize, usize)], pens: Pens) {
    for pair in corners.windows(2) {
        let [(row, column), (to_row, to_column)] = *pair else { continue };
        if row == to_row {
            canvas.across(row, (column, to_column), pens.across);
        } else {
            canvas.down(column, (row, to_row), pens.down);
        }
    }
    let [top_left, top_right, bottom_left, bottom_right] = pens.corners;
    for triple in corners.windows(3) {
        let [before, corner, after] = *triple else { continue };
        let is_down_next = before.0 == corner.0;
        let from_left = if is_down_next { before.1 < corner.1 } else { after.1 < corner.1 };
        let character = match (is_down_next, from_left) {
            (true, true) => top_right,
            (true, false) => top_left,
            (false, true) => bottom_right,
            (false, false) => bottom_left,
        };
        canvas.put(corner.0, corner.1, character);
    }
    if let [.., (row, column), (to_row, to_column)] = *corners {
        let [left, right, up, down] = pens.heads;
        let head = match (to_row.cmp(&row), to_column.cmp(&column)) {
            (Ordering::Greater, _) => down,
            (Ordering::Less, _) => up,
            (_, Ordering::Less) => left,
            _ => right,
        };
        canvas.put(to_row, to_column, head);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Lang, layout::columns};

    #[test]
    fn every_state_is_there_with_its_count_and_no_line_is_too_wide() {
        let mut census = Census::default();
        for _ in 0..1_234 {
            census.count(State::TIME_WAIT, crate::model::socket::Timer::TimeWait, 0);
        }
        for (_, lang) in Lang::ALL {
            for unicode in [true, false] {
                let lines = draw(Some(&census), Some(State::TIME_WAIT), &Catalogue::new(lang), unicode);
                let text = lines.join("\n");
                assert!(lines.iter().all(|line| columns(line) <= WIDTH), "{text}");
                assert!(State::ALL.iter().all(|state| text.contains(&state.to_string())), "{text}");
                let [before, after] = if unicode { ["▶", "◀"] } else { [">", "<"] };
                assert!(text.contains(&format!("{before} {} {after}", grouped(1234, lang))), "{text}");
                assert!(unicode || lang != Lang::En || text.is_ascii(), "{text}");
            }
        }
    }
}
