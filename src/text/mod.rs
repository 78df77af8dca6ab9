//! All words for people, in every language. Nothing outside this folder holds a sentence.
//!
//! A catalogue is a set of Fluent files; each is parsed when its first message is asked for, so a command
//! pays only for the words it says.

mod catalogue;
pub mod escape;
mod lang;
pub mod layout;
pub mod locale;
pub mod messages;
pub mod packed;
pub mod rule;
pub mod topic;

pub use catalogue::{Catalogue, MessageValue, grouped, number, words};
pub use lang::Lang;
pub use messages::{File, Message};
