//! What is said about what was seen, still as data.

pub mod overview;
