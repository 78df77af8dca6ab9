//! The live view: keys in, frames out. It knows no terminal and takes no sample; `app` has the loop.

pub mod frame;
pub mod keys;
pub mod line;
pub mod table;
pub mod view;
