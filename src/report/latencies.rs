//! A distribution of times in a fixed amount of memory, exact to an eighth.

/// Eight for each doubling.
const PLACES: usize = 8 * 62;

/// How many times of each length there were, in microseconds.
#[derive(Debug)]
pub struct Latencies {
    places: Box<[u64; PLACES]>,
    /// How many.
    pub count: u64,
    /// The longest.
    pub longest: u64,
}

impl Default for Latencies {
    fn default() -> Latencies {
        Latencies { places: Box::new([0; PLACES]), count: 0, longest: 0 }
    }
}

impl Latencies {
    /// Adds one.
    pub fn add(&mut self, micros: u64) {
        if let Some(place) = self.places.get_mut(place(micros)) {
            *place += 1;
        }
        self.count += 1;
        self.longest = self.longest.max(micros);
    }

    /// The smallest latency that this percentage did not exceed; `None` without data.
    pub fn percentile(&self, percent: u64) -> Option<u64> {
        let wanted = (self.count * percent).div_ceil(100).max(1);
        let mut passed = 0;
        let place = self.places.iter().position(|count| {
            passed += count;
            passed >= wanted
        })?;
        Some(upper(place).min(self.longest))
    }
}

/// The first eight are exact; then three bits below the highest give the place.
fn place(micros: u64) -> usize {
    let shift = micros.max(1).ilog2().saturating_sub(3) as usize;
    shift * 8 + (micros >> shift) as usize
}

/// The longest time of a place.
fn upper(place: usize) -> u64 {
    let shift = (place / 8).saturating_sub(1);
    let first = (place - shift * 8) as u64;
    (first << shift) + (1 << shift) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_exact_to_an_eighth() {
        for micros in (0..70).chain([999, 4_095, 4_096, 123_456_789, u64::MAX / 2]) {
            let upper = upper(place(micros));
            assert!(micros <= upper && upper - micros <= micros / 8, "{micros} {upper}");
        }
        let mut times = Latencies::default();
        assert_eq!(times.percentile(50), None);
        (1..=1000).for_each(|micros| times.add(micros));
        let [half, most] = [50, 99].map(|percent| times.percentile(percent).unwrap_or(0));
        assert!((500..563).contains(&half) && (990..=1000).contains(&most), "{half} {most}");
        assert_eq!((times.count, times.percentile(100)), (1000, Some(1000)));
    }
}
