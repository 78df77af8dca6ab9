//! Commands to copy into a shell: printed, never run.

use std::{
    fmt::{self, Display},
    net::IpAddr,
    ops::Deref,
};

use super::visible::is_visible;

/// A line for a shell. It is built from fixed text, numbers and addresses ([`ShellCommand::then`]); a name from outside gets in
/// as one word, and by [`ShellCommand::outside`] and [`ShellCommand::operand`] only.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ShellCommand(String);

mod sealed {
    /// Text of this program, or a value without a character that means something to a shell.
    pub trait Fixed: std::fmt::Display {}
}

impl sealed::Fixed for &'static str {}
impl sealed::Fixed for u16 {}
impl sealed::Fixed for u32 {}
impl sealed::Fixed for u64 {}
impl sealed::Fixed for IpAddr {}
impl sealed::Fixed for &ShellCommand {}

impl ShellCommand {
    /// Begins with fixed text.
    pub fn new(text: &'static str) -> ShellCommand {
        ShellCommand(text.to_owned())
    }

    /// Adds fixed text, a number, an address or another command, without a blank before it.
    #[must_use]
    pub fn then(mut self, more: impl sealed::Fixed) -> ShellCommand {
        self.0.push_str(&more.to_string());
        self
    }

    /// Adds a name from outside as one word, in single quotes where a shell needs them. `None` where it cannot be one: it
    /// is empty, would be taken for an option, or has characters that cannot be seen.
    pub fn outside(self, name: &str) -> Option<ShellCommand> {
        let is_option = name.starts_with('-') && self.0.ends_with(' ');
        if is_option { None } else { self.word(name) }
    }

    /// The same for a program that takes `--` before its operands: a name that begins with a dash comes after that.
    pub fn operand(self, name: &str) -> Option<ShellCommand> {
        self.then(if name.starts_with('-') { "-- " } else { "" }).word(name)
    }

    fn word(mut self, name: &str) -> Option<ShellCommand> {
        let is_seen = |c: char| c == ' ' || is_visible(c) && c != '\u{fffd}';
        if name.is_empty() || !name.chars().all(is_seen) {
            return None;
        }
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "_@%+:,./-".contains(c);
        match name.chars().all(is_plain) {
            true => self.0.push_str(name),
            false => self.0.push_str(&format!("'{}'", name.replace('\'', r"'\''"))),
        }
        Some(self)
    }

    /// The program that it runs first.
    pub fn program(&self) -> &str {
        self.0.split(' ').next().unwrap_or_default()
    }
}

impl From<&'static str> for ShellCommand {
    fn from(text: &'static str) -> ShellCommand {
        ShellCommand::new(text)
    }
}

impl Deref for ShellCommand {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Display for ShellCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl PartialEq<&str> for ShellCommand {
    fn eq(&self, text: &&str) -> bool {
        self.0 == *text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(name: &str) -> Option<String> {
        ShellCommand::new("x ").operand(name).map(|command| command.strip_prefix("x ").unwrap().to_owned())
    }

    #[test]
    fn a_name_is_quoted_where_it_must_be_and_refused_where_that_does_not_help() {
        assert_eq!(word("nginx@8.service").as_deref(), Some("nginx@8.service"));
        assert_eq!(word(r"foo@a\x2db.service").as_deref(), Some(r"'foo@a\x2db.service'"));
        assert_eq!(word("a'b").as_deref(), Some(r"'a'\''b'"));
        assert_eq!(word("-rf").as_deref(), Some("-- -rf"));
        for none in ["", "a\nb", "\u{1b}[31m", "a\u{7f}", "\u{fffd}", "a\u{202e}b", "a\u{200b}b", "a\u{a0}b"] {
            assert_eq!(word(none), None, "{none:?}");
        }
    }

    #[test]
    fn an_option_from_outside_gets_in_only_after_two_dashes() {
        assert_eq!(ShellCommand::new("ip netns exec ").outside("-a"), None);
        assert_eq!(ShellCommand::new("sysctl -w a=").outside("-1").as_deref(), Some("sysctl -w a=-1"));
    }
}
