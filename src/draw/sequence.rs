//! An exchange of two parties: the segments, and the state of both at each step.

use super::canvas::{Canvas, Pens, pens};
use crate::{
    model::state::State,
    text::{Catalogue, Message, layout::columns, messages},
};

/// Columns of a drawing.
pub const WIDTH: usize = 78;
/// The columns of the two life lines.
const LEFT: usize = 8;
const RIGHT: usize = WIDTH - 9;

/// One of the two parties.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Party {
    /// The left side: the client, or the side that closes first.
    Left,
    /// Drawn at the right.
    Right,
}

/// The event of a step.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Act {
    /// A segment with flags and numbers, in the words of the protocol.
    Send(Party, &'static str),
    /// A segment that does not arrive.
    Lose(Party, &'static str),
    /// Two segments that cross: from the left, from the right.
    Cross(&'static str, &'static str),
    /// One party does something.
    Do(Party, Message),
    /// Time passes.
    Wait(Message),
}

/// A step, and the states that follow it where they change.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Step {
    /// The event.
    pub act: Act,
    /// The state of the left party from here on.
    pub left: Option<State>,
    /// The state of the right party from here on.
    pub right: Option<State>,
}

/// An exchange.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Exchange {
    /// Its name: that of its topic.
    pub name: &'static str,
    /// The names of the left and right side.
    pub parties: [Message; 2],
    /// The states in the beginning.
    pub begin: [State; 2],
    /// The steps.
    pub steps: &'static [Step],
}

/// Draws an exchange; `here` marks a state as the one that was asked for.
pub fn draw(exchange: &Exchange, here: Option<State>, words: &Catalogue, unicode: bool) -> Vec<String> {
    let mut sheet = Drawing { canvas: Canvas::new(WIDTH), row: 0, pens: pens(unicode), words, here };
    for (column, party) in [LEFT, RIGHT].into_iter().zip(exchange.parties) {
        sheet.canvas.centered(0, column, &words.text(party));
    }
    sheet.row = 1;
    let [left, right] = exchange.begin;
    sheet.states(Some(left), Some(right));
    for step in exchange.steps {
        sheet.act(step.act);
        sheet.states(step.left, step.right);
    }
    sheet.canvas.lines()
}

struct Drawing<'a> {
    canvas: Canvas,
    row: usize,
    pens: Pens,
    words: &'a Catalogue,
    here: Option<State>,
}

impl Drawing<'_> {
    /// A row with both life lines.
    fn lives(&mut self) -> usize {
        for column in [LEFT, RIGHT] {
            self.canvas.put(self.row, column, self.pens.down);
        }
        self.row += 1;
        self.row - 1
    }

    /// States that begin; where one side stays, its life line goes on.
    fn states(&mut self, left: Option<State>, right: Option<State>) {
        if left.is_none() && right.is_none() {
            return;
        }
        let row = self.lives();
        for (state, column) in [(left, LEFT), (right, RIGHT)] {
            let Some(state) = state else { continue };
            self.canvas.centered(row, column, &state.to_string());
            if self.here == Some(state) {
                self.mark(row, column, columns(&state.to_string()));
            }
        }
    }

    /// "You are here", on the inner side of a state's name.
    fn mark(&mut self, row: usize, column: usize, wide: usize) {
        let text = self.words.text(messages::DRAW_HERE);
        let [to_left, to_right, ..] = self.pens.heads;
        let begin = column.saturating_sub(wide / 2);
        if column == LEFT {
            self.canvas.text(row, begin + wide + 1, &format!("{to_left} {text}"));
        } else {
            let text = format!("{text} {to_right}");
            self.canvas.text(row, begin.saturating_sub(columns(&text) + 1), &text);
        }
    }

    fn act(&mut self, act: Act) {
        match act {
            Act::Send(side, label) => self.arrow(side, label, false),
            Act::Lose(side, label) => self.arrow(side, label, true),
            Act::Cross(from_left, from_right) => self.cross(from_left, from_right),
            Act::Do(side, message) => {
                let text = self.words.text(message);
                let row = self.lives();
                match side {
                    Party::Left => self.canvas.text(row, LEFT + 2, &text),
                    Party::Right => self.canvas.text(row, RIGHT.saturating_sub(columns(&text) + 2), &text),
                }
            }
            Act::Wait(message) => {
                let row = self.lives();
                let text = self.words.text(message);
                self.canvas.centered(row, WIDTH / 2, &text);
            }
        }
    }

    /// The label above the arrow; a lost segment ends on half of the way.
    fn arrow(&mut self, from: Party, label: &str, lost: bool) {
        let row = self.lives();
        self.canvas.centered(row, WIDTH / 2, label);
        let row = self.lives();
        let [to_left, to_right, ..] = self.pens.heads;
        let middle = usize::midpoint(LEFT, RIGHT);
        let (begin, end, head) = match from {
            Party::Left => (LEFT + 2, if lost { middle } else { RIGHT - 2 }, to_right),
            Party::Right => (RIGHT - 2, if lost { middle } else { LEFT + 2 }, to_left),
        };
        self.canvas.across(row, (begin, end), self.pens.across);
        self.canvas.put(row, end, if lost { self.pens.lost } else { head });
    }

    /// Two segments under way at the same time.
    fn cross(&mut self, from_left: &str, from_right: &str) {
        let row = self.lives();
        self.canvas.text(row, LEFT + 3, from_left);
        self.canvas.text(row, RIGHT.saturating_sub(columns(from_right) + 3), from_right);
        let [to_left, to_right, ..] = self.pens.heads;
        for (head_at, from, head) in [(RIGHT - 2, LEFT + 2, to_right), (LEFT + 2, RIGHT - 2, to_left)] {
            let row = self.lives();
            self.canvas.across(row, (from, head_at), self.pens.across);
            self.canvas.put(row, head_at, head);
        }
    }
}
