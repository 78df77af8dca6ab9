//! The largest of many, chosen so that the choice changes little from sample to sample.

use std::cmp::Reverse;

use crate::model::sorted;

/// Things by their names.
type WithNames<T> = Vec<(String, T)>;

/// Takes the first of each ranking in turn, up to this number; returns these in the order of names, and the others.
pub(super) fn top<T: Clone>(
    mut all: WithNames<T>,
    most: usize,
    rankings: &[&dyn Fn(&T) -> u64],
) -> (WithNames<T>, WithNames<T>) {
    sorted::sort_by(&mut all, |a, b| a.0.cmp(&b.0));
    if all.len() <= most {
        return (all, Vec::new());
    }
    let mut is_kept = vec![false; all.len()];
    let orders: Vec<Vec<usize>> = rankings
        .iter()
        .map(|rank| {
            let mut order: Vec<usize> = (0..all.len()).collect();
            // The sort is stable: of equals the first by name.
            sorted::sort_by_key(&mut order, |&at| Reverse(all.get(at).map_or(0, |(_, one)| rank(one))));
            order
        })
        .collect();
    let mut kept = 0;
    for place in 0..all.len() {
        for at in orders.iter().filter_map(|order| order.get(place)) {
            if kept < most
                && let Some(flag) = is_kept.get_mut(*at).filter(|flag| !**flag)
            {
                *flag = true;
                kept += 1;
            }
        }
    }
    let (mut first, mut rest) = (Vec::new(), Vec::new());
    for (one, is_kept) in all.into_iter().zip(is_kept) {
        if is_kept { first.push(one) } else { rest.push(one) }
    }
    (first, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_ranking_has_its_share() {
        let all = |n: u64| (0..n).map(|i| (format!("{i:03}"), (i, 99 - i))).collect::<Vec<_>>();
        let (first, rest) = top(all(100), 4, &[&|one| one.0, &|one| one.1]);
        let names: Vec<&str> = first.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!((names, rest.len()), (vec!["000", "001", "098", "099"], 96));
        assert_eq!(top(all(3), 4, &[&|one| one.0]).0.len(), 3);
        assert_eq!(top(all(3), 0, &[&|one| one.0]).0.len(), 0);
    }
}
