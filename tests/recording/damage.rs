//! Recordings that were cut, changed, or made to do harm: an error in bounded memory, never a panic.

use std::io::Read as _;

use lz4_flex::frame::{FrameDecoder, FrameEncoder, FrameInfo};
use proptest::prelude::*;
use rustix::time::{ClockId, clock_gettime};
use sockdoc::{
    archive::{Damage, Recording, Replayer},
    collect::snapshot::{Depth, snapshot},
};

use super::{Command, corpus, fs, recording, run, sockdoc};

fn frame(raw: &[u8]) -> Vec<u8> {
    let mut encoder = FrameEncoder::with_frame_info(
        FrameInfo::new().content_checksum(true).content_size(Some(raw.len() as u64)),
        Vec::new(),
    );
    std::io::Write::write_all(&mut encoder, raw).unwrap();
    encoder.finish().unwrap()
}

const HEAD: &[u8] =
    b"{\"recording\":1,\"tool\":\"x\",\"redacted\":false,\"netns\":null,\"deep\":false,\"bound_inactive\":false}\n";

fn file(frames: &[&[u8]]) -> Vec<u8> {
    std::iter::once(HEAD).chain(frames.iter().copied()).flat_map(frame).collect()
}

const END: &[u8] = b"{\"answers\":1,\"samples\":1}\n";

fn node(bytes: &str, claimed: u64) -> Vec<u8> {
    let line =
        format!("{{\"kind\":\"node\",\"sample\":0,\"netns\":\"\",\"name\":\"\",\"bytes\":{claimed}}}\n{bytes}\n");
    line.into_bytes()
}

/// Reads and examines it, with any result.
pub(crate) fn look(bytes: Vec<u8>) {
    if let Ok(archive) = Recording::read(bytes) {
        let mut source = Replayer::new(&archive, "");
        let depth = Depth { deep: true, descriptors: true, bound_inactive: true, usage: true };
        let _ = snapshot(&mut source, &depth, None);
    }
}

#[test]
fn a_small_recording_made_by_hand_is_read() {
    let whole = file(&[&node("h\0r", 3), END]);
    assert!(Recording::read(whole.clone()).is_ok());
    look(whole);
}

#[test]
fn a_file_that_was_cut_is_reported_at_every_byte() {
    let whole = fs::read(recording("listen")).unwrap();
    for length in (0..whole.len()).step_by(7).chain([1, 2, 3, whole.len() - 1]) {
        let damage = Recording::read(whole[..length].to_vec()).unwrap_err();
        let expected = if length < 4 { Damage::NoRecording } else { Damage::Truncated };
        assert_eq!(damage, expected, "{length} of {}", whole.len());
    }
    let path = std::env::temp_dir().join(format!("sockdoc-cut-{}", std::process::id()));
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    let ran = sockdoc(&["check", "--from", path.to_str().unwrap()], b"");
    let _ = fs::remove_file(&path);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""));
    assert!(ran.stderr.contains("the recording is truncated") && ran.stderr.lines().count() == 1, "{}", ran.stderr);
}

#[test]
fn a_later_version_is_reported_from_damage() {
    let newer = frame(b"{\"recording\":7,\"more\":true}\n");
    assert_eq!(Recording::read(newer.clone()).unwrap_err(), Damage::Newer(7));
    let ran = sockdoc(&["--from", "-"], &newer);
    assert!(ran.code == Some(2) && ran.stderr.contains("version 7"), "{}", ran.stderr);
}

#[test]
fn what_is_no_recording_is_refused() {
    let cases: [&[u8]; 5] = [b"", b"hello world", b"\x04\x22\x4d\x18", &[0xff; 200], b"{\"recording\":1}\n"];
    for bytes in cases {
        assert!(Recording::read(bytes.to_vec()).is_err(), "{bytes:?}");
        assert_eq!(sockdoc(&["check", "--from", "-"], bytes).code, Some(2), "{bytes:?}");
    }
    assert_eq!(Recording::read(frame(b"hello\n")).unwrap_err(), Damage::NoRecording);
}

#[test]
fn lengths_that_lie_are_damage() {
    for claimed in [0, 2, 4, 1 << 20, u64::MAX, u64::MAX - 1] {
        assert!(matches!(Recording::read(file(&[&node("h\0r", claimed), END])), Err(Damage::Damaged(_))), "{claimed}");
    }
    let two = [node("h\0r", 3), node("h\0r", 3)].concat();
    assert!(matches!(Recording::read(file(&[&two, END])), Err(Damage::Damaged(_))), "more answers than the end says");
    let after = [END, &node("h\0r", 3)].concat();
    assert!(matches!(Recording::read(file(&[&after])), Err(Damage::Damaged(_))), "answers after the end");
    let endless = vec![b'x'; 300 << 10];
    assert!(matches!(Recording::read(file(&[&endless, END])), Err(Damage::Damaged(_))), "a line without an end");
    let deep = format!("{}{}\n", "[".repeat(100_000), "]".repeat(100_000));
    assert!(Recording::read(file(&[deep.as_bytes(), END])).is_err(), "deeply nested");
}

/// Seconds that this thread had a processor, which other work on the machine does not lengthen.
fn spent() -> i64 {
    clock_gettime(ClockId::ThreadCPUTime).tv_sec
}

#[test]
fn bombs_go_off_in_bounded_memory_and_time() {
    let started = spent();
    let one_frame = frame(&vec![b'\n'; 40 << 20]);
    assert!(one_frame.len() < 2 << 20);
    assert_eq!(Recording::read([frame(HEAD), one_frame].concat()).unwrap_err(), Damage::TooLarge);
    // Many frames that each hold what a frame may hold, in small answers.
    let small: Vec<u8> = node(&"x".repeat(15_000), 15_000).repeat(40);
    let full = frame(&small);
    let bomb: Vec<u8> = [frame(HEAD), full.repeat(2_000)].concat();
    assert!(bomb.len() < 20 << 20, "{}", bomb.len());
    assert_eq!(Recording::read(bomb).unwrap_err(), Damage::TooLarge);
    assert!(spent() - started < 60, "{} s", spent() - started);
}

/// The memory for reading a recording: its limit, the file, and the program itself.
const KIBIBYTES: usize = 340 << 10;

#[test]
fn small_answers_count_as_they_cost() {
    // One name, a name for each, a namespace for each, and the parts of one answer.
    let kinds: [&dyn Fn(usize) -> (String, String, bool); 4] = [
        &|_| (String::new(), "a".to_owned(), false),
        &|number| (String::new(), number.to_string(), false),
        &|number| (number.to_string(), String::new(), false),
        &|_| (String::new(), "a".to_owned(), true),
    ];
    for (place, kind) in kinds.into_iter().enumerate() {
        let entry = |number| {
            let (netns, name, more) = kind(number);
            format!(
                "{{\"kind\":\"file\",\"sample\":0,\"netns\":\"{netns}\",\"name\":\"{name}\",\"bytes\":1,\"more\":{more}}}\nx\n"
            )
        };
        let frames: Vec<Vec<u8>> = (0..1_000)
            .map(|frame| (0..1_000).map(|one| entry(frame * 1_000 + one)).collect::<String>().into_bytes())
            .collect();
        let bomb = file(&frames.iter().map(Vec::as_slice).collect::<Vec<_>>());
        let mut limited = Command::new("/bin/sh");
        let line = format!("ulimit -v {KIBIBYTES}; exec \"$0\" --from -");
        limited.args(["-c", &line, env!("CARGO_BIN_EXE_sockdoc")]).env_clear();
        let ran = run(&mut limited, &bomb);
        assert_eq!(ran.code, Some(2), "{place}: {}", ran.stderr);
        assert!(ran.stderr.contains("exceeds the size limit"), "{place}: {}", ran.stderr);
    }
}

#[test]
fn large_answers_cannot_be_piled_up() {
    // Each stays in its frame, and all of them would be put together when the text is read.
    let parts: Vec<Vec<u8>> = (0..600)
        .map(|number| {
            let more = number < 599;
            let head = format!(
                "{{\"kind\":\"file\",\"sample\":0,\"netns\":\"\",\"name\":\"/proc/thread-self/net/tcp\",\"bytes\":{},\"more\":{more}}}\n",
                500 << 10
            );
            [head.as_bytes(), &vec![b' '; 500 << 10], b"\n"].concat()
        })
        .collect();
    let frames: Vec<&[u8]> =
        parts.iter().map(Vec::as_slice).chain([&b"{\"answers\":600,\"samples\":1}\n"[..]]).collect();
    let bomb = file(&frames);
    assert!(bomb.len() < 4 << 20, "{}", bomb.len());
    assert_eq!(Recording::read(bomb).unwrap_err(), Damage::TooLarge);
}

#[test]
fn an_answer_that_ends_in_an_interruption_is_not_asked_for_again_for_ever() {
    let line = b"{\"kind\":\"file\",\"sample\":0,\"netns\":\"\",\"name\":\"/proc/thread-self/net/netstat\",\"bytes\":2,\"error\":4}\nab\n";
    let started = spent();
    look(file(&[line, END]));
    assert!(spent() - started < 10);
}

#[test]
fn a_time_that_no_clock_tells_is_shown_all_the_same() {
    let now = |seconds: u64| {
        let head = b"{\"kind\":\"now\",\"sample\":0,\"netns\":\"\",\"name\":\"\",\"bytes\":12}\n";
        let answer = [&head[..], &seconds.to_le_bytes(), &[0; 4], b"\n"].concat();
        file(&[&answer, END])
    };
    for seconds in [0, 253_402_300_799, 253_402_300_800, u64::MAX] {
        let ran = sockdoc(&["--json", "--from", "-"], &now(seconds));
        // There is no table of TCP in it, which is the only fault.
        assert!(ran.code == Some(2) && ran.stderr.contains("not recorded"), "{seconds}: {}", ran.stderr);
    }
    let text = std::env::temp_dir().join(format!("sockdoc-old-{}", std::process::id()));
    fs::write(&text, "State Recv-Q Send-Q Local Address:Port Peer Address:Port\nLISTEN 0 128 0.0.0.0:22 0.0.0.0:*\n")
        .unwrap();
    let before = std::time::SystemTime::UNIX_EPOCH - std::time::Duration::from_secs(9);
    fs::File::options().write(true).open(&text).unwrap().set_modified(before).unwrap();
    let ran = sockdoc(&["--from", text.to_str().unwrap()], b"");
    let _ = fs::remove_file(&text);
    assert!(ran.code == Some(0) && ran.stdout.contains("1970-01-01"), "{} {}", ran.stdout, ran.stderr);
}

#[test]
fn a_version_that_never_was_is_refused() {
    let version = |number: &str| frame(format!("{{\"recording\":{number}}}\n").as_bytes());
    assert_eq!(Recording::read(version("4294967296")).unwrap_err(), Damage::Newer(1 << 32));
    assert_eq!(Recording::read(version("0")).unwrap_err(), Damage::NoRecording);
}

#[test]
fn names_of_files_lead_nowhere() {
    let line =
        "{\"kind\":\"file\",\"sample\":0,\"netns\":\"../../etc\",\"name\":\"../../../etc/shadow\",\"bytes\":2}\nx\n\n";
    let archive = Recording::read(file(&[line.as_bytes(), END])).unwrap();
    assert!(archive.knows("../../etc"));
    look(file(&[line.as_bytes(), END]));
}

/// The content of a file's frames; `None` if they cannot be unpacked.
fn unpacked(mut file: &[u8]) -> Option<Vec<u8>> {
    let mut content = Vec::new();
    while !file.is_empty() {
        let mut decoder = FrameDecoder::new(file);
        decoder.read_to_end(&mut content).ok()?;
        file = decoder.into_inner();
    }
    Some(content)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn changed_bytes_are_an_error_and_never_a_panic(
        number in 0..10usize,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let files = corpus();
        let mut bytes = fs::read(&files[number % files.len()]).unwrap();
        let whole = bytes.clone();
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        // Other bytes can pack the same content: within equal bytes any match is as good.
        if unpacked(&bytes) != unpacked(&whole) {
            prop_assert!(Recording::read(bytes.clone()).is_err());
        }
        look(bytes);
    }

    #[test]
    fn answers_that_make_no_sense_do_no_harm(
        kind in prop::sample::select(vec![
            "netlink", "file", "link", "list", "inode", "directories", "holders", "descriptor-counts", "sockets-of",
            "interface-names", "node", "now", "clock",
        ]),
        name in prop::sample::select(vec![
            "", "/proc", "all ", "1", "/proc/thread-self/net/netstat", "/proc/thread-self/net/tcp",
            "4c00000012000103000000000000000002000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000fffbffff00000000",
        ]),
        bytes in prop::collection::vec(any::<u8>(), 0..400),
    ) {
        let line = format!(
            "{{\"kind\":\"{kind}\",\"sample\":0,\"netns\":\"\",\"name\":\"{name}\",\"bytes\":{}}}\n", bytes.len()
        );
        let answer = [line.as_bytes(), &bytes, b"\n"].concat();
        look(file(&[&answer, END]));
    }
}
