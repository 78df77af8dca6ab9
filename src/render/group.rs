//! The table of `group`, and the same as CSV.

use std::{collections::BTreeMap, net::IpAddr};

use super::{csv::push_field, escape::socket_name, prelude::*};
use crate::{
    model::{
        blanks::not_shown,
        group::{Groups, Key, NamedKey, Value},
        socket::Timer,
    },
    text::rule::address_text,
};

/// User names by id.
pub type Users = BTreeMap<u32, String>;

/// Writes the groups as a table.
pub fn write(
    out: &mut dyn Write,
    groups: &Groups,
    keys: &[NamedKey],
    users: &Users,
    words: &Catalogue,
    screen: &Screen,
) -> io::Result<()> {
    // Scripts that read the table want plain digits; people want them grouped.
    let digits = |count: u64| if screen.terminal { grouped(count, words.lang()) } else { count.to_string() };
    let mut table = TextTable::new([Layout::RIGHT].into_iter().chain(keys.iter().map(|_| Layout::LEFT)));
    let headings = keys.iter().map(|(_, key)| heading(*key));
    table
        .heading(Style::new(), [messages::COLUMN_COUNT].into_iter().chain(headings).map(|heading| words.text(heading)));
    for (values, sockets) in &groups.rows {
        table.row([digits(*sockets)].into_iter().chain(values.iter().map(|value| cell(value, users, screen))));
    }
    if groups.other_rows > 0 {
        let other = words.say(messages::OTHER_ROWS, &[("rows", number(groups.other_rows))]);
        table.row([digits(groups.other), other]);
    }
    table.write(out, screen)
}

/// A value in a table: a dash if unknown; control characters are escaped.
pub(super) fn cell(value: &Value, users: &Users, screen: &Screen) -> String {
    text(value, users).map_or_else(|| "-".to_owned(), |text| visible(&text, screen.unicode))
}

/// Writes the groups as CSV (RFC 4180): the keys by their names, `sockets` last; an empty field is unknown.
pub fn write_csv(out: &mut dyn Write, groups: &Groups, keys: &[NamedKey], users: &Users) -> io::Result<()> {
    let mut text = Vec::new();
    for (name, _) in keys {
        push_field(&mut text, name.as_bytes());
        text.push(b',');
    }
    text.extend_from_slice(b"sockets\n");
    for (values, sockets) in &groups.rows {
        for value in values {
            let shown = self::text(value, users).map(|name| visible(&name, true)).unwrap_or_default();
            push_field(&mut text, shown.as_bytes());
            text.push(b',');
        }
        text.extend_from_slice(format!("{sockets}\n").as_bytes());
    }
    out.write_all(&text)
}

/// The heading of a key's column.
pub(super) fn heading(key: Key) -> Message {
    match key {
        Key::State => messages::KEY_STATE,
        Key::Family => messages::KEY_FAMILY,
        Key::Local => messages::KEY_LOCAL,
        Key::LocalPort => messages::KEY_LOCAL_PORT,
        Key::Peer => messages::KEY_PEER,
        Key::PeerNetwork { .. } => messages::KEY_PEER_NETWORK,
        Key::PeerPort => messages::KEY_PEER_PORT,
        Key::Service => messages::KEY_SERVICE,
        Key::Direction => messages::KEY_DIRECTION,
        Key::Timer => messages::KEY_TIMER,
        Key::User => messages::KEY_USER,
        Key::Program => messages::KEY_PROGRAM,
        Key::Pid => messages::KEY_PID,
        Key::Unit => messages::KEY_UNIT,
        Key::Container => messages::KEY_CONTAINER,
        Key::Congestion => messages::KEY_CONGESTION,
        Key::Device => messages::KEY_DEVICE,
        Key::Netns => messages::KEY_NETNS,
    }
}

/// A value as people and scripts read it, the same in every language; `None` where it is not known.
pub fn text(value: &Value, users: &Users) -> Option<Vec<u8>> {
    Some(match value {
        Value::Unknown => return None,
        Value::State(state) => state.to_string().into(),
        Value::Family(family) => family.name().into(),
        Value::Address(address) => address_text(*address).into(),
        Value::Network(address, length) => format!("{address}/{length}").into(),
        Value::Port(port) => port.to_string().into(),
        Value::Endpoint(address @ IpAddr::V6(_), port) if !not_shown::is_address(*address) => {
            format!("[{address}]:{port}").into()
        }
        Value::Endpoint(address, port) => format!("{}:{port}", address_text(*address)).into(),
        Value::Direction(direction) => direction.name().into(),
        Value::Timer(Timer::Other(_) | Timer::NotShown) => return None,
        Value::Timer(timer) => timer.name().into(),
        Value::Uid(uid) => users.get(uid).cloned().unwrap_or_else(|| uid.to_string()).into(),
        Value::Path(name) => socket_name(name),
        Value::Name(name) => name.to_vec(),
        Value::Pid(pid) => pid.to_string().into(),
    })
}
