//! The sockets that a selection and a filter let through, for whoever counts them.

use super::{entries::entries, known::Known, query::DumpQuery};
use crate::{
    filter::Filter,
    model::{entry::Entry, family::Protocol, gap::Gap, needs::Needs, selection::Selection},
    source::Source,
};

/// Gives each of them to `each`, table after table, and says what could not be seen.
///
/// `needs` is what the caller reads of an entry; what the filter reads is added. The kernel leaves out what it can
/// test; whether it did cannot be told, so everything is tested again.
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
