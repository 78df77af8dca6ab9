//! Sorts, sets and maps for short lists: one piece of code sorts all types, while `sort_by` and the `collect` of a set
//! or map bring 6 KB for each type and place.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
};

/// Sorts as `sort_by` does: equals keep their order.
pub fn sort_by<T>(items: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    let mut order = in_order(items.len(), &|one, other| match (items.get(one), items.get(other)) {
        (Some(one), Some(other)) => compare(one, other),
        _ => Ordering::Equal,
    });
    rearrange(&mut order, &mut |one, other| items.swap(one, other));
}

/// Sorts as `sort_by_key` does: equals keep their order.
pub fn sort_by_key<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    sort_by(items, |one, other| key(one).cmp(&key(other)));
}

/// A set, filled one by one.
pub fn set<T: Ord>(items: impl IntoIterator<Item = T>) -> BTreeSet<T> {
    let mut set = BTreeSet::new();
    set.extend(items);
    set
}

/// A map, filled one by one: of equal keys the last stays.
pub fn map<K: Ord, V>(items: impl IntoIterator<Item = (K, V)>) -> BTreeMap<K, V> {
    let mut map = BTreeMap::new();
    map.extend(items);
    map
}

/// The indices of `count` elements in their order.
fn in_order(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|one, other| compare(*one, *other));
    order
}

/// Swaps things until each is where the order wants it.
fn rearrange(order: &mut [usize], swap: &mut dyn FnMut(usize, usize)) {
    for start in 0..order.len() {
        let mut place = start;
        while let Some(from) = order.get_mut(place).map(|from| std::mem::replace(from, place))
            && from != start
        {
            swap(place, from);
            place = from;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorts_as_std_does() {
        // Every list of up to six elements of three kinds, distinguished by their places.
        for count in 0..=6 {
            for number in 0..3_usize.pow(count) {
                let mut items: Vec<(usize, u32)> =
                    (0..count).map(|place| (number / 3_usize.pow(place) % 3, place)).collect();
                let mut meant = items.clone();
                meant.sort_by_key(|(kind, _)| *kind);
                sort_by_key(&mut items, |(kind, _)| *kind);
                assert_eq!(items, meant);
            }
        }
    }

    #[test]
    fn of_equal_keys_the_last_stays() {
        assert_eq!(map([(2, 'a'), (1, 'b'), (2, 'c')]), BTreeMap::from([(1, 'b'), (2, 'c')]));
        assert_eq!(set([2, 1, 2]), BTreeSet::from([1, 2]));
    }
}
