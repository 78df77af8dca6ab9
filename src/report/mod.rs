//! What is said about what was seen, still as data.

pub mod ends;
pub mod overview;
pub mod sort;
