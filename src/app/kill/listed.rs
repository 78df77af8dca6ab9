//! `-K` of `list` and `ss`.
