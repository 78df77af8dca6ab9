//! All words for people, in every language. Nothing outside this folder holds a sentence.
//!
//! Messages are written in Fluent files, which `build.rs` parses: a run only finds its messages and fills them in.

mod catalogue;
pub mod escape;
mod fill;
mod lang;
pub mod layout;
pub mod locale;
pub mod messages;
pub mod names;
mod packed;
mod plain;
pub mod rule;
mod system;
pub mod topic;
mod value_names;

pub use catalogue::Catalogue;
pub use fill::{MessageValue, grouped, number, words};
pub use lang::Lang;
pub use messages::{File, Message, MessageSource};
pub use system::system_error;
pub use value_names::value_name;
