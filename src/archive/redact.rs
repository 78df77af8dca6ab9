//! Replaces data that identifies a host: addresses, names, paths. A name has the same alias throughout a recording; the
//! aliases depend on random keys that are discarded.
//!
//! Data not known to be harmless is omitted, and rules that need it are *not checked* on replay.

mod addresses;
mod aliases;
mod netlink;
mod texts;

use std::path::Path;

pub(super) use self::aliases::Aliases;
use self::aliases::{NAMED, Of};
use super::format::{AnswerKind, Line, numbered};

/// Redacts an answer and its name; `None` where the copy leaves it out.
pub(super) fn answer(aliases: &Aliases, line: &mut Line, bytes: &[u8]) -> Option<Vec<u8>> {
    if !line.netns.is_empty() {
        line.netns = aliases.path(&line.netns);
    }
    match line.kind {
        AnswerKind::Netlink => netlink::answer(aliases, line, bytes),
        AnswerKind::Route => netlink::route(aliases, line, bytes),
        AnswerKind::File => {
            let text = texts::file(aliases, &line.name, bytes);
            if line.name.starts_with("/sys/fs/cgroup/") {
                line.name = aliases.path(&line.name);
            }
            text
        }
        AnswerKind::Link => texts::link(aliases, &line.name, bytes),
        AnswerKind::List => {
            line.name = aliases.path(&line.name);
            Some(listed(aliases, &line.name, bytes))
        }
        AnswerKind::Inode => {
            line.name = aliases.path(&line.name);
            Some(bytes.to_vec())
        }
        AnswerKind::Directories => {
            line.name = aliases.path(&line.name);
            Some(renamed::<8>(bytes, |name| aliases.cgroup_part(name)))
        }
        AnswerKind::InterfaceIndex => {
            line.name = aliases.interface(&line.name);
            Some(bytes.to_vec())
        }
        AnswerKind::InterfaceNames => Some(renamed::<4>(bytes, |name| aliases.interface(name))),
        AnswerKind::Node => {
            let (name, release) = bytes.split_at(bytes.iter().position(|&byte| byte == 0)?);
            Some([aliases.alias(Of::Host, name).as_bytes(), release].concat())
        }
        AnswerKind::Holders
        | AnswerKind::DescriptorCounts
        | AnswerKind::SocketsOf
        | AnswerKind::Attribute
        | AnswerKind::SocketNetns
        | AnswerKind::Now
        | AnswerKind::Clock => Some(bytes.to_vec()),
    }
}

fn listed(aliases: &Aliases, path: &str, bytes: &[u8]) -> Vec<u8> {
    let mut listed = Vec::new();
    for name in bytes.split(|&byte| byte == 0).filter(|name| !name.is_empty()) {
        if name.iter().all(u8::is_ascii_digit) {
            listed.extend_from_slice(name);
        } else if Path::new(path) == Path::new(NAMED) {
            listed.extend_from_slice(aliases.alias(Of::Netns, name).as_bytes());
        } else {
            continue;
        }
        listed.push(0);
    }
    listed
}

/// The same list with other names.
fn renamed<const N: usize>(bytes: &[u8], alias: impl Fn(&str) -> String) -> Vec<u8> {
    let renamed = |(number, name): ([u8; N], &[u8])| {
        [&number[..], alias(&String::from_utf8_lossy(name)).as_bytes(), &[0]].concat()
    };
    numbered(bytes).flat_map(renamed).collect()
}

#[cfg(test)]
mod tests;
