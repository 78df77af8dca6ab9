//! `--bpf-maps` and `--bpf-map-id` on maps of this kernel; ignored where none may be made, so also in the lab: it runs on the host.

#![allow(unsafe_code, reason = "there is no safe call for bpf(2)")]

use std::{
    ffi::c_long,
    io,
    net::TcpListener,
    os::fd::{AsRawFd, FromRawFd, OwnedFd},
};

use libtest_mimic::{Completion, Failed};

use crate::program::{Ran, ran, sockdoc};

/// Commands, `BPF_*`.
const MAP_CREATE: c_long = 0;
const MAP_UPDATE_ELEM: c_long = 2;
const OBJ_GET_INFO_BY_FD: c_long = 15;
const BTF_LOAD: c_long = 18;

/// Types of maps, `BPF_MAP_TYPE_*`.
const ARRAY: u32 = 2;
const SK_STORAGE: u32 = 24;

/// The attributes are given as 32-bit words; a pointer takes two of them.
fn bpf(command: c_long, attributes: &mut [u32]) -> io::Result<i32> {
    // SAFETY: the kernel reads this many bytes; the attributes point to memory that lives in the caller.
    let answer = unsafe { libc::syscall(libc::SYS_bpf, command, attributes.as_mut_ptr(), size_of_val(&*attributes)) };
    if answer < 0 { Err(io::Error::last_os_error()) } else { Ok(answer as i32) }
}

fn owned(descriptor: i32) -> OwnedFd {
    // SAFETY: the kernel has just made it, and nothing else knows of it.
    unsafe { OwnedFd::from_raw_fd(descriptor) }
}

fn pointer<T>(to: *const T) -> [u32; 2] {
    let address = to as u64;
    [address as u32, (address >> 32) as u32]
}

/// The description of one type: a signed integer of four bytes.
fn types() -> io::Result<OwnedFd> {
    let mut blob: Vec<u8> = vec![0x9f, 0xeb, 1, 0];
    for word in [24u32, 0, 16, 16, 5, 1, 1 << 24, 4, 1 << 24 | 32] {
        blob.extend(word.to_ne_bytes());
    }
    blob.extend(b"\0int\0");
    let [low, high] = pointer(blob.as_ptr());
    bpf(BTF_LOAD, &mut [low, high, 0, 0, blob.len() as u32, 0, 0]).map(owned)
}

fn map(kind: u32, types: &OwnedFd) -> io::Result<OwnedFd> {
    let storage = kind == SK_STORAGE;
    let of = |value: u32| if storage { value } else { 0 };
    let described = of(types.as_raw_fd() as u32);
    // Type, sizes, entries, flags (BPF_F_NO_PREALLOC), inner map, node, name, interface, types.
    let entries = u32::from(!storage);
    bpf(MAP_CREATE, &mut [kind, 4, 4, entries, of(1), 0, 0, 0, 0, 0, 0, 0, described, of(1), of(1)]).map(owned)
}

fn id(map: &OwnedFd) -> io::Result<String> {
    let mut info = [0u32; 2];
    let [low, high] = pointer(&raw mut info);
    bpf(OBJ_GET_INFO_BY_FD, &mut [map.as_raw_fd() as u32, 8, low, high])?;
    Ok(info[1].to_string())
}

fn keep(map: &OwnedFd, listener: &TcpListener, value: u32) -> io::Result<()> {
    let socket = listener.as_raw_fd();
    let ([key, key_high], [place, place_high]) = (pointer(&raw const socket), pointer(&raw const value));
    bpf(MAP_UPDATE_ELEM, &mut [map.as_raw_fd() as u32, 0, key, key_high, place, place_high, 0, 0]).map(drop)
}

/// Two maps with a value for the listener, and one that is of another type.
fn made(listener: &TcpListener) -> io::Result<[OwnedFd; 3]> {
    let types = types()?;
    let [one, two] = [map(SK_STORAGE, &types)?, map(SK_STORAGE, &types)?];
    keep(&one, listener, 0x0101_0101)?;
    keep(&two, listener, 0x0202_0202)?;
    Ok([one, two, map(ARRAY, &types)?])
}

pub(crate) fn what_chosen_maps_keep_is_shown_and_other_maps_are_refused() -> Result<Completion, Failed> {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let maps = match made(&listener) {
        Ok(maps) => maps,
        Err(error) => return Ok(Completion::ignored_with(format!("needs the right to make BPF maps: {error}"))),
    };
    let [one, two, other] = maps.each_ref().map(|map| id(map).unwrap());
    let port = format!(":{}", listener.local_addr().unwrap().port());
    let list = |options: &[&str]| {
        let Ran { code, stdout, stderr } = ran(sockdoc(["list", "-Hltn"]).args(options).args(["sport", "=", &port]));
        (code, stdout, stderr)
    };
    let shows = |options: &[&str], expected: [bool; 2]| {
        let (code, out, errors) = list(options);
        assert_eq!((code, errors.as_str()), (Some(0), ""), "{options:?}");
        let found = [(&one, "01010101"), (&two, "02020202")]
            .map(|(id, value)| out.contains(&format!("\n\t bpf_map_id:{id} value:{value}")));
        assert_eq!(found, expected, "{options:?}: {out}");
    };
    shows(&["--bpf-maps"], [true, true]);
    shows(&["--bpf-map-id", &one], [true, false]);
    shows(&["--bpf-map-id", &two, "--bpf-map-id", &two], [false, true]);
    shows(&["--bpf-map-id", &one, "--bpf-map-id", &two], [true, true]);
    let (code, out, errors) = list(&["--bpf-map-id", &other]);
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(errors.contains(&format!("BPF map {other} ")) && errors.contains("sk_storage"), "{errors}");
    Ok(Completion::Completed)
}
