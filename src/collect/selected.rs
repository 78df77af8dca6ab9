//! The sockets that match a selection and a filter, for counting.

use super::{entries::entries, known::Known, prelude::*, query::DumpQuery};
use crate::{filter::Filter, model::selection::Selection};

/// Passes each of them to `each`, table by table, and returns the gaps.
///
/// `needs` are the fields that the caller reads of an entry; those of the filter are added. The kernel excludes sockets
/// that it can test, but does not report whether it did, so everything is tested again.
#[must_use = "sockets that could not be read are missing from what was given"]
pub fn selected(
    source: &mut dyn Source,
    selection: &Selection,
    filter: &Filter,
    known: &Known,
    needs: Needs,
    kernel: Option<(u32, u32)>,
    each: &mut dyn FnMut(&Entry),
) -> Vec<Gap> {
    let program = filter.bytecode();
    let of_filter = filter.needs();
    let mut gaps = Vec::new();
    for protocol in Protocol::ALL {
        // UNIX sockets have no IP version.
        if !selection.wants(protocol) || (protocol == Protocol::Unix && selection.family.is_some()) {
            continue;
        }
        let is_tcp = protocol == Protocol::Tcp;
        let query = DumpQuery {
            bound_inactive: selection.bound_inactive && is_tcp,
            needs: of_filter | if is_tcp { needs } else { needs - Needs::INFO },
            bytecode: (!program.bytes.is_empty()).then(|| program.bytes.clone()),
            kernel,
            ..DumpQuery::selected(selection)
        };
        gaps.extend(entries(source, protocol, &query, &mut |entry| {
            if filter.takes(entry, known) {
                each(entry);
            }
        }));
    }
    gaps
}
