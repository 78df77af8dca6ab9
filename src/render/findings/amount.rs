//! How much of the findings to show: as many lines as fit the terminal, or everything on request.

use crate::render::prelude::*;

/// How much is said.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Amount {
    /// Everything, with figures and the details of remedies.
    pub all: bool,
    /// States that are listed, those with the most sockets.
    pub states: usize,
    /// Incidents that are shown whole.
    pub whole: usize,
    /// Further ones, with a line each; of the rest only the number is said.
    pub lines: usize,
    /// Whether each finding of an incident has a line; otherwise only its name appears.
    pub members: bool,
    /// Remedies that help at once.
    pub stop_gaps: usize,
    /// Reasons.
    pub whys: usize,
    /// Proofs in words.
    pub proofs: usize,
    /// Cures.
    pub fixes: usize,
    /// Commands that only inspect.
    pub inspections: usize,
    /// Advice that does not help.
    pub myths: usize,
}

impl Amount {
    /// Everything: `-v`.
    pub const ALL: Amount = Amount {
        all: true,
        states: usize::MAX,
        whole: usize::MAX,
        lines: usize::MAX,
        members: true,
        stop_gaps: usize::MAX,
        whys: 1,
        proofs: usize::MAX,
        fixes: usize::MAX,
        inspections: usize::MAX,
        myths: usize::MAX,
    };

    /// The content if there is room.
    pub const PLAIN: Amount = Amount {
        all: false,
        whole: 3,
        lines: usize::MAX,
        stop_gaps: 1,
        proofs: 2,
        fixes: 2,
        inspections: 1,
        myths: 1,
        ..Amount::ALL
    };

    /// From the most to the least; the first that fits is taken.
    const STEPS: [Amount; 11] = {
        let two = Amount { whole: 2, ..Amount::PLAIN };
        let two_short = Amount { myths: 0, inspections: 0, fixes: 1, ..two };
        let two_few_states = Amount { states: 4, lines: 4, ..two_short };
        let one = Amount { whole: 1, ..Amount::PLAIN };
        let one_short = Amount { myths: 0, inspections: 0, ..one };
        let few_states = Amount { states: 4, lines: 4, fixes: 1, ..one_short };
        let named = Amount { members: false, lines: 2, proofs: 1, ..few_states };
        let least = Amount { states: 2, lines: 1, whys: 0, ..named };
        [
            Amount::PLAIN,
            two,
            two_short,
            two_few_states,
            one,
            one_short,
            few_states,
            named,
            least,
            // The headline of a second incident says more than the cure of the first.
            Amount { fixes: 0, ..least },
            Amount { fixes: 0, lines: 0, ..least },
        ]
    };
}

/// Writes as much as fits on a terminal, the line of the prompt left free; all of the usual where the rows are unknown.
pub fn fitted(
    out: &mut dyn Write,
    screen: &Screen,
    all: bool,
    write: &dyn Fn(&mut dyn Write, &Amount) -> io::Result<()>,
) -> io::Result<()> {
    let Some(rows) = screen.rows.filter(|_| !all) else {
        return write(out, if all { &Amount::ALL } else { &Amount::PLAIN });
    };
    // The text, and how many rows it leaves; `None` where it does not fit.
    let written = |amount: &Amount| -> io::Result<(Vec<u8>, Option<usize>)> {
        let mut text = Vec::new();
        write(&mut text, amount)?;
        let lines = text.iter().filter(|&&byte| byte == b'\n').count();
        Ok((text, rows.checked_sub(lines + 1)))
    };
    let mut shown = Vec::new();
    for amount in &Amount::STEPS {
        let (text, left) = written(amount)?;
        shown = text;
        let Some(left) = left else { continue };
        // Rows that are left show more incidents, a line each. The first needs a blank line, too, and the last saves the
        // line that says how many more there are.
        let lines = (left.saturating_sub(1)..=left + 1).rev().map(|more| amount.lines.saturating_add(more));
        for lines in lines.filter(|&lines| left > 0 && amount.lines < lines) {
            if let (text, Some(_)) = written(&Amount { lines, ..*amount })? {
                shown = text;
                break;
            }
        }
        break;
    }
    out.write_all(&shown)
}
