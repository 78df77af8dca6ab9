//! Arbitrary and damaged input: nothing panics, everything ends, and no count exceeds the input.

use crate::{grouping::group, memory::MemorySource};
use proptest::prelude::*;
use sockdoc::{
    collect::count::count,
    filter,
    model::{
        detail::TcpInfo,
        family::{Netid, Protocol},
        group::{Direction, KEYS, Key, Value},
        needs::Needs,
        selection::Selection,
        state::{State, StateSet},
        tcp_info::{BYTES_ACKED, BYTES_RETRANS, BYTES_SENT, NOTSENT_BYTES},
    },
    render::escape::visible,
    text::layout::wrapped,
    wire::{dump::walk, inet::Record, request::Request, seen::seen, unix},
};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::kernel::{
    RAW4, RAW6, TCP_ONE_WALK, TCP4, TCP6, UDP4, UDP6, UNIX, attribute, dump, inet, one_walk, tcp_info,
    unix as unix_record,
};

/// The smallest message that can hold a record: header and `struct inet_diag_msg`.
const LEAST_RECORD: usize = 16 + 72;

/// The same for `struct unix_diag_msg`.
const LEAST_UNIX_RECORD: usize = 16 + 16;

fn config() -> ProptestConfig {
    // A failure prints its input; a file of past ones would have to be written beside the sources.
    ProptestConfig { failure_persistence: None, cases: 192, ..ProptestConfig::default() }
}

fn length(datagrams: &[Vec<u8>]) -> usize {
    datagrams.iter().map(Vec::len).sum()
}

/// All questions answered with the same bytes.
fn answering(datagrams: &[Vec<u8>]) -> MemorySource {
    let mut held = MemorySource::default();
    for question in [TCP_ONE_WALK, TCP4, TCP6, UDP4, UDP6, RAW4, RAW6, UNIX] {
        held.answer(question, datagrams.to_vec());
    }
    held
}

/// Everything that reads answers, over the same bytes.
fn read_in_every_way(datagrams: &[Vec<u8>]) {
    let bytes = length(datagrams);
    let mut given = 0;
    let request = Request::tcp_one_walk(StateSet::ALL, Needs::empty());
    let _ = walk(&mut one_walk(datagrams.to_vec()), &request, |payload| {
        given += 1;
        if let Some(record) = Record::new(payload) {
            let _ = (record.socket(), seen(&record).map(|seen| seen.direction()), record.attribute(8));
        }
    });
    assert!(given * 16 <= bytes, "{given} records in {bytes} bytes");
    let mut selection = Selection::tcp(StateSet::ALL).with_protocols(&Protocol::OVERVIEW);
    selection.bound_inactive = true;
    let counted = count(&mut answering(datagrams), &selection, None);
    let total = |netid| counted.census(netid).map_or(0, sockdoc::model::census::Census::total);
    let at_most = |size: usize| (bytes / size) as u64;
    // TCP's one walk, and the two for bound and unused sockets.
    assert!(total(Netid::Tcp) <= 3 * at_most(LEAST_RECORD));
    assert!(total(Netid::Udp).max(total(Netid::Raw)) <= 2 * at_most(LEAST_RECORD));
    let unix = [Netid::UnixStream, Netid::UnixDatagram, Netid::UnixSeqpacket].map(total).iter().sum::<u64>();
    assert!(unix <= at_most(LEAST_UNIX_RECORD));
    let keys: Vec<Key> = KEYS.iter().map(|(_, key)| *key).collect();
    let grouped = group(&mut answering(datagrams), &selection, &keys, None);
    let sockets: u64 = grouped.rows.iter().map(|row| row.1).sum();
    assert!(sockets <= 7 * at_most(LEAST_RECORD) + at_most(LEAST_UNIX_RECORD));
}

/// A dump as a kernel sends it, with all that records can carry.
fn whole_dump() -> Vec<Vec<u8>> {
    let rich = inet(1).cookie(1).attribute(2, &tcp_info(280, 101, 100)).attribute(8, &[3]).attribute(4, b"cubic\0");
    let first = [rich, inet(6).timer(3).small().cookie(2), inet(10).cookie(3)];
    let second = [inet(10).cookie(3), inet(8).inode(0).cookie(4).attribute(2, &tcp_info(104, 0, 0))];
    let mut datagrams = dump(&[&first, &second]);
    let name = [attribute(0, b"\0hidden"), attribute(7, &33u32.to_ne_bytes())].concat();
    datagrams.insert(1, crate::kernel::record(&unix_record(1, 10, 9, &name)));
    datagrams
}

#[test]
fn a_dump_cut_short_at_every_byte_of_every_datagram_is_survived() {
    let whole = whole_dump();
    for (number, datagram) in whole.iter().enumerate() {
        for length in 0..datagram.len() {
            let mut cut = whole.clone();
            cut[number].truncate(length);
            read_in_every_way(&cut);
        }
    }
}

#[test]
fn a_dump_with_any_one_byte_made_extreme_is_survived() {
    let whole = whole_dump();
    for (number, datagram) in whole.iter().enumerate() {
        for place in 0..datagram.len() {
            for value in [0, 0xff] {
                let mut odd = whole.clone();
                odd[number][place] = value;
                read_in_every_way(&odd);
            }
        }
    }
}

#[test]
fn a_record_cut_short_at_every_byte_is_read_as_far_as_it_goes() {
    let whole = inet(1).attribute(2, &tcp_info(280, 101, 100)).bytes();
    for length in 0..=whole.len() {
        let cut = &whole[..length];
        let record = Record::new(cut);
        assert_eq!(record.is_some(), length >= 72, "{length}");
        let told = record.and_then(|record| seen(&record)?.direction());
        assert_eq!(told, (length == whole.len()).then_some(Direction::Outbound), "{length}: a cut attribute is none");
    }
}

/// Bytes that look like netlink often enough to reach the deeper branches.
fn nearly_netlink() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let message = (0..160u32, 0..24u16, any::<u16>(), prop::collection::vec(any::<u8>(), 0..160)).prop_map(
        |(length, kind, flags, payload)| {
            // Rarely with the flag that breaks a dump off, so that it goes on.
            let flags = if flags % 16 == 0 { flags } else { flags & !crate::kernel::DUMP_INTR };
            let mut message =
                crate::kernel::message(kind, flags, crate::kernel::SEQUENCE, crate::kernel::PORT, &payload);
            if length < 8 {
                message[..4].copy_from_slice(&length.to_ne_bytes());
            }
            message
        },
    );
    let datagram = prop::collection::vec(message, 0..6).prop_map(|messages| messages.concat());
    prop::collection::vec(datagram, 0..5)
}

#[test]
fn no_character_at_all_is_shown_that_is_unsafe() {
    let shown = |character: char| visible(character.encode_utf8(&mut [0; 4]).as_bytes(), true);
    let let_through: Vec<char> = ('\0'..=char::MAX).filter(|&one| is_unsafe(one) && shown(one).contains(one)).collect();
    assert!(let_through.is_empty(), "{let_through:?}");
}

/// Characters of many scripts and widths, the invisible ones among them.
fn odd_text() -> impl Strategy<Value = String> {
    let odd = prop::sample::select(
        "\u{0}\u{7}\t\n\r\u{1b}\u{7f}\u{85}\u{9b}\u{a0}\u{ad}\u{300}\u{34f}\u{61c}\u{115f}\u{1160}\u{180e}\u{200b}\
         \u{200d}\u{200e}\u{200f}\u{2028}\u{2029}\u{202a}\u{202e}\u{2060}\u{2066}\u{2069}\u{206f}\u{3000}\u{3164}\
         \u{fe0f}\u{feff}\u{ffa0}\u{fff9}\u{fffb}\u{fffc}\u{1d173}\u{e0001}\u{e0041}\u{e0100}\u{1f468}运行é\\ a"
            .chars()
            .collect::<Vec<char>>(),
    );
    prop::collection::vec(prop_oneof![odd, any::<char>(), prop::char::range('!', '~')], 0..40)
        .prop_map(|characters| characters.into_iter().collect())
}

/// Text as it reaches the layout: words of several scripts, without what [`visible`] takes out.
fn plain_text() -> impl Strategy<Value = String> {
    let word =
        prop_oneof!["[a-z(),.:/-]{1,24}", "[一-龥]{1,16}[，。：（）]?", "[а-я]{1,12}", "[가-힣]{1,8}", "[ ]{1,3}"];
    prop::collection::vec(word, 0..16).prop_map(|words| words.join(" "))
}

/// Characters that must not reach a terminal from outside: controls, separators, format characters that turn the
/// reading direction or show nothing, and noncharacters (Unicode: `Cc`, `Zl`, `Zp`, `Zs` but the blank, invisible `Cf`,
/// `Default_Ignorable_Code_Point`).
fn is_unsafe(character: char) -> bool {
    let number = u32::from(character);
    character.is_control()
        || (character.is_whitespace() && character != ' ')
        || number & 0xfffe == 0xfffe
        || matches!(
            number,
            0xad | 0x34f
                | 0x61c
                | 0x115f..=0x1160
                | 0x17b4..=0x17b5
                | 0x180b..=0x180f
                | 0x200b..=0x200f
                | 0x202a..=0x202e
                | 0x2060..=0x206f
                | 0x3164
                | 0xfdd0..=0xfdef
                | 0xfe00..=0xfe0f
                | 0xfeff
                | 0xffa0
                | 0xfff0..=0xfffb
                | 0x1bca0..=0x1bca3
                | 0x1d173..=0x1d17a
                | 0xe0000..=0xe0fff
        )
}

/// Reads back the shown form: a number after a backslash, a backslash for two, and any other backslash unchanged.
fn read_back(shown: &str) -> String {
    let mut text = String::new();
    let mut rest = shown;
    while let Some(first) = rest.chars().next() {
        let byte = || u8::from_str_radix(rest.strip_prefix("\\x")?.get(..2)?, 16).ok();
        let character = || u32::from_str_radix(rest.strip_prefix("\\u{")?.split('}').next()?, 16).ok();
        let (shown_as, length) = if rest.starts_with("\\\\") {
            ('\\', 2)
        } else if let Some(byte) = byte().filter(|byte| !(b' '..=b'~').contains(byte)) {
            (char::from(byte), 4)
        } else if let Some(character) = character().and_then(char::from_u32) {
            (character, rest.find('}').map_or(1, |end| end + 1))
        } else {
            (first, first.len_utf8())
        };
        text.push(shown_as);
        rest = &rest[length..];
    }
    text
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn arbitrary_bytes_as_datagrams_are_survived(
        datagrams in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 0..6)
    ) {
        read_in_every_way(&datagrams);
    }

    #[test]
    fn what_nearly_is_netlink_is_survived(datagrams in nearly_netlink()) {
        read_in_every_way(&datagrams);
    }

    #[test]
    fn a_damaged_dump_is_survived(
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<u8>()), 1..8)
    ) {
        let mut datagrams = whole_dump();
        for (which, place, value) in damage {
            let datagram = which.get_mut(&mut datagrams);
            *place.get_mut(datagram) = value;
        }
        read_in_every_way(&datagrams);
    }

    #[test]
    fn a_dump_of_any_partition_counts_every_socket_once(
        sizes in prop::collection::vec(1..40usize, 1..8),
        repeats in prop::collection::vec(0..16usize, 8),
    ) {
        let mut datagrams = Vec::new();
        let mut cookie = 0u64;
        for (size, repeat) in sizes.iter().zip(&repeats) {
            let again = cookie.saturating_sub((*repeat).min(datagrams.last().map_or(0, Vec::len)) as u64);
            let end = cookie + *size as u64;
            datagrams.push((again..end).map(|cookie| inet(1).cookie(cookie + 1)).collect::<Vec<_>>());
            cookie = end;
        }
        let datagrams: Vec<&[_]> = datagrams.iter().map(Vec::as_slice).collect();
        let counted = count(&mut one_walk(dump(&datagrams)), &Selection::tcp(StateSet::ALL), None);
        prop_assert_eq!(counted.total(), cookie);
    }

    #[test]
    fn any_record_is_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        if let Some(record) = Record::new(&bytes) {
            let socket = record.socket();
            prop_assert_eq!(socket.is_some(), record.family().is_some() && record.socket().is_some());
            let _ = (record.state(), record.timer(), record.inode(), record.expires_ms(), record.retrans());
            for kind in 0..16 {
                let value = record.attribute(kind);
                prop_assert!(value.is_none_or(|value| value.len() + 4 + 72 <= bytes.len()));
            }
        } else {
            prop_assert!(bytes.len() < 72);
        }
    }

    #[test]
    fn any_tcp_info_is_read_as_far_as_it_goes(bytes in prop::collection::vec(any::<u8>(), 0..400), wqueue: u32) {
        let info = TcpInfo::new(&bytes);
        for (field, length) in [(&BYTES_ACKED, 128), (&NOTSENT_BYTES, 148), (&BYTES_SENT, 208), (&BYTES_RETRANS, 216)] {
            prop_assert_eq!(info.get(field).is_some(), bytes.len() >= length);
        }
        let _ = info.direction(State::ESTABLISHED, wqueue);
    }

    #[test]
    fn any_unix_record_is_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let head = unix::head(&bytes);
        let named = unix::named(&bytes);
        prop_assert!(head.is_some() || named.is_none());
        prop_assert!(named.is_none_or(|(_, name)| name.len() + 20 <= bytes.len()));
    }

    #[test]
    fn any_unix_name_is_kept(name in prop::collection::vec(1..=255u8, 1..108), is_abstract: bool) {
        let mut value = name.clone();
        if is_abstract {
            value.insert(0, 0);
        } else {
            value.push(0);
        }
        let (_, kept) = unix::named(&unix_record(1, 10, 1, &attribute(0, &value))).unwrap();
        let expected: Vec<u8> = if is_abstract { value } else { name };
        prop_assert_eq!(&kept[..], &expected[..]);
    }

    #[test]
    fn any_bytes_as_files_of_proc_are_survived(lines in prop::collection::vec(
        prop_oneof![
            prop::collection::vec(any::<u8>(), 0..120),
            "[ 0-9A-Fa-f:+-]{0,120}".prop_map(String::into_bytes),
            "  [0-9]: [0-9A-F]{8}:[0-9A-F]{4} [0-9A-F]{8}:[0-9A-F]{4} [0-9A-F]{2} [0-9A-F]{8}:[0-9A-F]{8} \
             [0-9A-F]{2}:[0-9A-F]{8} [0-9A-F]{8} [0-9]{1,10} [0-9] [0-9]{1,10}".prop_map(String::into_bytes),
            "[0-9a-f]{16}: [0-9A-F]{8} [0-9A-F]{8} [0-9A-F]{8} 000[0-9] 0[0-9] +[0-9]{1,9}( .{0,20})?"
                .prop_map(String::into_bytes),
        ],
        0..12,
    )) {
        let text = lines.join(&b'\n');
        let line_count = text.split(|&byte| byte == b'\n').count() as u64;
        let mut held = MemorySource::default();
        for name in ["tcp", "tcp6", "udp", "udp6", "raw", "raw6", "unix"] {
            held.file(&format!("/proc/thread-self/net/{name}"), text.clone());
        }
        held.file("/proc/sys/net/ipv4/ip_local_port_range", text.clone());
        held.file("/etc/passwd", text);
        let selection = Selection::tcp(StateSet::ALL).with_protocols(&Protocol::OVERVIEW);
        let counted = count(&mut held, &selection, None);
        prop_assert!(counted.netids.iter().all(|(_, census)| census.is_some()));
        for (_, census) in &counted.netids {
            prop_assert!(census.as_ref().unwrap().total() <= 2 * line_count);
        }
        let keys: Vec<Key> = KEYS.iter().map(|(_, key)| *key).collect();
        let grouped = group(&mut held, &selection, &keys, None);
        let sockets: u64 = grouped.rows.iter().map(|row| row.1).sum();
        prop_assert!(sockets <= counted.total());
        let _ = sockdoc::collect::users::names(&held);
    }

    #[test]
    fn any_line_of_tcp_gives_back_what_was_written(
        local: [u8; 4], peer: [u8; 4], ports: (u16, u16), state in 1..=11u8, uid: u32, inode in 1..u32::MAX
    ) {
        let word = |octets: [u8; 4]| u32::from_ne_bytes(octets);
        let line = format!(
            "heading\n  12: {:08X}:{:04X} {:08X}:{:04X} {state:02X} 00000000:00000000 00:00000000 00000000 {uid:5} \
             {:8} {inode} 1 0000000000000000 20 4 30 10 -1\n",
            word(local), ports.0, word(peer), ports.1, 0
        );
        let mut held = MemorySource::default();
        held.file("/proc/thread-self/net/tcp", line);
        let keys = [Key::State, Key::Local, Key::LocalPort, Key::Service];
        let rows = group(&mut held, &Selection::tcp(StateSet::ALL), &keys, None).rows;
        let expected: Box<[Value]> = Box::from([
            Value::State(State::from_kernel(state)),
            Value::Address(local.into()),
            Value::Port(ports.0),
            Value::Endpoint(peer.into(), ports.1),
        ]);
        prop_assert_eq!(rows, vec![(expected, 1)]);
    }

    /// The kernel writes a path as it is, only zero bytes as `@`.
    #[test]
    fn any_path_of_proc_net_unix_is_kept(path in prop::collection::vec(1..=255u8, 1..107)) {
        prop_assume!(!path.contains(&b'\n') && path[0] != b'@');
        let mut text = b"heading\n00000000a1b2c3d4: 00000002 00000000 00010000 0001 01 20731 ".to_vec();
        text.extend_from_slice(&path);
        text.push(b'\n');
        let mut held = MemorySource::default();
        held.file("/proc/thread-self/net/unix", text);
        let selection = Selection::tcp(StateSet::ALL).with_protocols(&[Protocol::Unix]);
        let rows = group(&mut held, &selection, &[Key::Local], None).rows;
        let expected: Box<[Value]> = Box::from([Value::Path(path.into_boxed_slice())]);
        prop_assert_eq!(rows, vec![(expected, 1)]);
    }

    #[test]
    fn any_word_is_a_state_or_none(word in odd_text()) {
        prop_assert!(filter::states::named(&word).is_none_or(|states| !states.is_empty()));
    }

    #[test]
    fn any_words_as_keys_are_read_or_refused(
        words in prop::collection::vec(prop_oneof![odd_text(), "(state|lport|peer/[0-9]{0,3}(,[0-9]{0,3})?|[, ]){0,4}"], 0..4)
    ) {
        if let Ok(keys) = filter::keys::read(&words) {
            prop_assert!(!keys.is_empty());
            for (number, (name, key)) in keys.iter().enumerate() {
                prop_assert!(keys[..number].iter().all(|(_, before)| before != key));
                prop_assert!(name.is_ascii());
                if let Key::PeerNetwork { v4, v6 } = key {
                    prop_assert!(*v4 <= 32 && *v6 <= 128);
                }
            }
        }
    }

    #[test]
    fn any_text_shown_is_printable_and_still_tells_what_it_was(text in odd_text()) {
        let shown = visible(text.as_bytes(), true);
        for character in shown.chars() {
            prop_assert!(!is_unsafe(character), "{:?} from {:?}", character, text);
            prop_assert!(character.width().is_some_and(|width| width > 0), "{:?} from {:?}", character, text);
        }
        prop_assert_eq!(read_back(&shown), text);
    }

    #[test]
    fn any_bytes_shown_in_ascii_are_printable_ascii(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        let shown = visible(&bytes, false);
        prop_assert!(shown.bytes().all(|byte| (b' '..=b'~').contains(&byte)), "{:?}", shown);
    }

    #[test]
    fn different_bytes_are_shown_differently(
        a in prop::collection::vec(any::<u8>(), 0..6), b in prop::collection::vec(any::<u8>(), 0..6), unicode: bool
    ) {
        prop_assert_eq!(a == b, visible(&a, unicode) == visible(&b, unicode), "{:?} {:?}", a, b);
    }

    #[test]
    fn wrapped_lines_fit_and_lose_nothing(text in plain_text(), width in 2..120usize) {
        let lines = wrapped(&text, width);
        for line in &lines {
            prop_assert!(line.width() <= width, "{} columns in {}: {:?}", line.width(), width, line);
        }
        let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        prop_assert_eq!(letters(&lines.concat()), letters(&text));
    }

    #[test]
    fn any_text_is_wrapped_at_any_width(text in odd_text(), width in 0..300usize) {
        let _ = wrapped(&text, width);
    }
}
