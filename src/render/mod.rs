//! Output: one file per format. Nothing else in the program writes to stdout.

pub mod bars;
pub mod escape;
pub mod group;
pub mod json;
pub mod list;
pub mod overview;
pub mod screen;
