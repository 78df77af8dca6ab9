//! CSV (RFC 4180, lines ended as `group` ends them): a heading of column names, an empty field where a value is not
//! known.

use super::{
    cell::{Audience, cell},
    columns::Column,
    row::SocketRow,
    shown::Shown,
};
use crate::render::csv::push_field;

/// CSV under way.
pub(super) struct Csv<'a> {
    shown: Shown<'a>,
    columns: Vec<Column>,
    began: bool,
    field: Vec<u8>,
}

impl<'a> Csv<'a> {
    pub(super) fn new(shown: Shown<'a>) -> Csv<'a> {
        // Names of services would make a port's type depend on the host.
        Csv { columns: shown.chosen_for_csv(), shown, began: false, field: Vec::new() }
    }

    fn header(&mut self, out: &mut Vec<u8>) {
        if self.began || self.shown.no_header {
            return;
        }
        self.began = true;
        for (place, column) in self.columns.iter().enumerate() {
            if place > 0 {
                out.push(b',');
            }
            out.extend_from_slice(column.name().as_bytes());
        }
        out.push(b'\n');
    }

    pub(super) fn row(&mut self, out: &mut Vec<u8>, row: &SocketRow<'_>) {
        self.header(out);
        for (place, column) in self.columns.iter().enumerate() {
            if place > 0 {
                out.push(b',');
            }
            self.field.clear();
            cell(&mut self.field, *column, row, &self.shown, Audience::Program, true);
            push_field(out, &self.field);
        }
        out.push(b'\n');
    }

    pub(super) fn finish(&mut self, out: &mut Vec<u8>) {
        self.header(out);
    }
}
