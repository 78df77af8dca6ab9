//! BPF (`bpf(2)`): maps of others by their number, and programs of this tool, which walk the kernel's own lists.
//!
//! No toolchain and no object file: [`programs`] are instructions put together here, with the offsets of this kernel's
//! structures from its BTF. Every failure has a step and a reason, and the caller goes on without.

mod asm;
pub mod btf;
pub mod changes;
pub mod iterate;
mod programs;
mod ring;
pub mod storage;
mod sys;
