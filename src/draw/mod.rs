//! Diagrams from data: exchanges of two parties, and the machine of states. Both fit 80 columns, in UTF-8 and ASCII.

pub mod canvas;
pub mod exchanges;
pub mod machine;
pub mod sequence;
