//! The bare loop that recordings are compared with: the same netlink requests as a recording holds, sent one after the
//! other, the answers received and thrown away; and the bare scan for the owners.

use std::fs;
use std::io::{self, Read};
use std::os::fd::OwnedFd;

use lz4_flex::frame::FrameDecoder;
use rustix::fs::{CWD, Mode, OFlags, RawDir};
use rustix::net::netlink::{self, SocketAddrNetlink};
use rustix::net::{AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType};
use serde_json::Value;

const NLMSG_ERROR: u16 = 2;
const NLMSG_DONE: u16 = 3;
const NLM_F_DUMP: u16 = 0x300;
const HEADER: usize = 16;
const BUFFER: usize = 32 * 1024;

/// The requests of a recording in their order, each as hexadecimal digits on a line.
pub(crate) fn list(recording: &str) -> io::Result<String> {
    let file = fs::read(recording)?;
    let (mut rest, mut requests, mut open) = (file.as_slice(), String::new(), false);
    while !rest.is_empty() {
        let (mut raw, mut decoder) = (Vec::new(), FrameDecoder::new(rest));
        decoder.read_to_end(&mut raw)?;
        rest = decoder.into_inner();
        let mut frame = raw.as_slice();
        while let Some(end) = frame.iter().position(|&byte| byte == b'\n') {
            let line: Value = serde_json::from_slice(&frame[..end])?;
            let length = line["bytes"].as_u64().map_or(0, |bytes| bytes as usize + 1);
            frame = frame.get(end + 1 + length..).unwrap_or_default();
            if line["kind"] != "netlink" {
                continue;
            }
            // Parts of one answer are one request.
            if !open {
                requests.push_str(line["name"].as_str().unwrap_or_default());
                requests.push('\n');
            }
            open = line["more"] == true;
        }
    }
    Ok(requests)
}

/// Sends every request of a list, and reads its answer to the end.
pub(crate) fn send(list: &str) -> io::Result<u64> {
    let socket = rustix::net::socket_with(
        AddressFamily::NETLINK,
        SocketType::RAW,
        SocketFlags::CLOEXEC,
        Some(netlink::SOCK_DIAG),
    )?;
    let mut buffer = vec![0_u8; BUFFER];
    let mut received = 0;
    for line in fs::read_to_string(list)?.lines() {
        let digit = |at: usize| line.get(at..at + 2).and_then(|two| u8::from_str_radix(two, 16).ok());
        let request: Vec<u8> = (0..line.len()).step_by(2).filter_map(digit).collect();
        let is_dump = request.get(6..8) == Some(&(NLM_F_DUMP | 1).to_ne_bytes());
        rustix::net::sendto(&socket, &request, SendFlags::empty(), &SocketAddrNetlink::new(0, 0))?;
        loop {
            let (taken, _) = rustix::net::recv(&socket, buffer.as_mut_slice(), RecvFlags::empty())?;
            received += taken as u64;
            if !is_dump || ends(&buffer[..taken]) {
                break;
            }
        }
    }
    Ok(received)
}

/// Whether a datagram is the last of its answer.
fn ends(mut rest: &[u8]) -> bool {
    while rest.len() >= HEADER {
        let length = u32::from_ne_bytes([rest[0], rest[1], rest[2], rest[3]]) as usize;
        if matches!(u16::from_ne_bytes([rest[4], rest[5]]), NLMSG_DONE | NLMSG_ERROR) {
            return true;
        }
        rest = rest.get(length.max(HEADER).next_multiple_of(4)..).unwrap_or_default();
    }
    false
}

/// Reads every link of every process's descriptors once, and counts those of sockets.
pub(crate) fn scan() -> io::Result<u64> {
    let mut sockets = 0;
    let mut names = vec![0_u8; BUFFER];
    let mut link = vec![0_u8; 128];
    for process in fs::read_dir("/proc")? {
        let path = process?.path().join("fd");
        let Ok(folder) =
            rustix::fs::openat(CWD, &path, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())
        else {
            continue;
        };
        sockets += of_process(&folder, &mut names, &mut link)?;
    }
    Ok(sockets)
}

fn of_process(folder: &OwnedFd, names: &mut Vec<u8>, link: &mut Vec<u8>) -> io::Result<u64> {
    let mut sockets = 0;
    names.clear();
    let mut entries = RawDir::new(folder, names.spare_capacity_mut());
    while let Some(entry) = entries.next() {
        link.clear();
        let entry = entry?;
        if let Ok((target, _)) = rustix::fs::readlinkat_raw(folder, entry.file_name(), link.spare_capacity_mut()) {
            sockets += u64::from(target.starts_with(b"socket:["));
        }
    }
    Ok(sockets)
}
