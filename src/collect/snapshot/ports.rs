//! A set of ports, or of other numbers of 16 bits.

/// One bit for each.
#[derive(Clone, Debug)]
pub(super) struct PortSet {
    bits: Box<[u64; 1024]>,
}

impl Default for PortSet {
    fn default() -> PortSet {
        PortSet { bits: Box::new([0; 1024]) }
    }
}

impl PortSet {
    pub(super) fn insert(&mut self, port: u16) {
        if let Some(word) = self.bits.get_mut(usize::from(port >> 6)) {
            *word |= 1 << (port & 63);
        }
    }

    #[inline]
    pub(super) fn contains(&self, port: u16) -> bool {
        self.bits.get(usize::from(port >> 6)).is_some_and(|word| word >> (port & 63) & 1 == 1)
    }

    pub(super) fn len(&self) -> u32 {
        self.bits.iter().map(|word| word.count_ones()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_port_has_its_own_place() {
        let mut ports = PortSet::default();
        for port in [0, 63, 64, 65_535, 64] {
            ports.insert(port);
        }
        assert_eq!(ports.len(), 4);
        assert!(ports.contains(65_535) && ports.contains(0) && !ports.contains(1));
    }
}
