#![no_main]
//! See `tests/fuzz/README.md`.

#[path = "../readers.rs"]
#[allow(dead_code)]
mod readers;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| readers::http(bytes));
