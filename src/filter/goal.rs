//! A number of sockets to wait for: `> 0`, `= 0`, `lt 100`; a number alone means just as many.

use super::{
    lexer::{Sign, lex},
    tree::Op,
    words,
};

/// The goal of a count.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Goal {
    op: Op,
    sockets: u64,
}

impl Goal {
    /// Reads a goal; `None` for anything else.
    pub fn read(text: &str) -> Option<Goal> {
        let tokens = lex(text).ok()?;
        let (op, number) = match tokens.as_slice() {
            [number] => (Op::Equal, number),
            [sign, number] => match sign.sign {
                Sign::Compare(op) => (op, number),
                Sign::Word => (words::comparison(sign)?, number),
                _ => return None,
            },
            _ => return None,
        };
        Some(Goal { op, sockets: number.text.parse().ok()? })
    }

    /// Whether this many sockets are enough, or few enough.
    pub fn is_reached(self, sockets: u64) -> bool {
        self.op.holds(sockets.cmp(&self.sockets))
    }

    /// Whether any number of sockets is enough, or few enough: none is below 0.
    pub fn can_be_reached(self) -> bool {
        [0, self.sockets, u64::MAX].into_iter().any(|sockets| self.is_reached(sockets))
    }

    /// Its text, with a sign.
    pub fn text(self) -> String {
        format!("{} {}", self.op.sign(), self.sockets)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goals_are_read_as_conditions_of_a_filter_are() {
        for (text, reached, missed) in [
            ("> 0", 1, 0),
            (">0", 1, 0),
            ("gt 0", 1, 0),
            (">= 5", 5, 4),
            ("= 0", 0, 1),
            ("==3", 3, 2),
            ("0", 0, 1),
            ("<100", 99, 100),
            ("le 7", 7, 8),
            ("!= 2", 3, 2),
        ] {
            let goal = Goal::read(text).unwrap();
            assert!(goal.is_reached(reached) && !goal.is_reached(missed), "{text}");
            assert_eq!(Goal::read(&goal.text()), Some(goal), "{text}");
        }
        for (text, can) in
            [("< 0", false), ("lt 0", false), ("> 18446744073709551615", false), ("<= 0", true), ("< 1", true)]
        {
            assert_eq!(Goal::read(text).unwrap().can_be_reached(), can, "{text}");
        }
        for text in ["", ">", "> x", "> 0 0", "-1", "> -1", "1.5", "like 3", "> 99999999999999999999", "(", "'"] {
            assert_eq!(Goal::read(text), None, "{text}");
        }
    }
}
