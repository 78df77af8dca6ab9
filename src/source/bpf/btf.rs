//! BTF, the kernel's description of its types: `/sys/kernel/btf/vmlinux`, 5 MB with 130,000 types.
//!
//! One pass over the bytes notes where each type begins and which of them have a wanted name. The bytes are input:
//! every place is checked, and an inconsistency ends the search.

/// The wanted part of the kernel's types.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wanted {
    /// The id of a function.
    Function(&'static str),
    /// The id of a type definition.
    Definition(&'static str),
    /// The offset of a member in a structure, in bytes; members of nameless structures within count as its own.
    Member(&'static str, &'static str),
    /// The offset of a member, and 0 for a function that is there; [`ABSENT`] where it is not.
    Perhaps(&'static Wanted),
}

/// The offset of an optional field that the kernel lacks.
pub const ABSENT: u32 = u32::MAX;

/// `BTF_KIND_*`.
const STRUCT: u32 = 4;
const UNION: u32 = 5;
const TYPEDEF: u32 = 8;
const FUNC: u32 = 12;

/// The bytes that follow the twelve of a type of each kind: a fixed number, and one for each of its parts.
const TAILS: [(usize, usize); 20] = [
    (0, 0),  // 0
    (4, 0),  // INT
    (0, 0),  // PTR
    (12, 0), // ARRAY
    (0, 12), // STRUCT
    (0, 12), // UNION
    (0, 8),  // ENUM
    (0, 0),  // FWD
    (0, 0),  // TYPEDEF
    (0, 0),  // VOLATILE
    (0, 0),  // CONST
    (0, 0),  // RESTRICT
    (0, 0),  // FUNC
    (0, 8),  // FUNC_PROTO
    (4, 0),  // VAR
    (0, 12), // DATASEC
    (0, 0),  // FLOAT
    (4, 0),  // DECL_TAG
    (0, 0),  // TYPE_TAG
    (0, 12), // ENUM64
];

/// Nameless structures within each other; the kernel has three.
const DEEPEST: u32 = 8;

/// Members that are compared for one name; the kernel's largest structure has some 300.
const MOST_MEMBERS: u32 = 100_000;

/// The types of a kernel.
struct Types<'a> {
    types: &'a [u8],
    strings: &'a [u8],
    /// Where the type with this id, less one, begins.
    places: Vec<u32>,
}

/// Finds all wanted parts, in the same order; `None` if one is missing, or the bytes are not BTF.
pub fn find(bytes: &[u8], wanted: &[Wanted]) -> Option<Vec<u32>> {
    // Magic, version, flags, length of the header; then offset and length of the types and of the strings.
    if bytes.get(..2)? != 0xeb9f_u16.to_ne_bytes() {
        return None;
    }
    let head = word(bytes, 4)? as usize;
    let part = |at: usize| {
        let from = head.checked_add(word(bytes, at)? as usize)?;
        bytes.get(from..from.checked_add(word(bytes, at + 4)? as usize)?)
    };
    let mut types = Types { types: part(8)?, strings: part(16)?, places: Vec::with_capacity(bytes.len() / 40) };
    let mut named = vec![None; wanted.len()];
    let mut at = 0;
    while at < types.types.len() {
        let info = word(types.types, at + 4)?;
        let kind = info >> 24 & 0x1f;
        let (own, each) = *TAILS.get(kind as usize)?;
        types.places.push(u32::try_from(at).ok()?);
        if matches!(kind, STRUCT | TYPEDEF | FUNC) {
            let name = types.strings.get(word(types.types, at)? as usize..)?;
            for (wanted, named) in wanted.iter().zip(&mut named) {
                let (expected, text) = wanted.named();
                if kind == expected && named.is_none() && is_text(name, text) {
                    *named = Some(u32::try_from(types.places.len()).ok()?);
                }
            }
        }
        at = at.checked_add(12 + own)?.checked_add(each.checked_mul((info & 0xffff) as usize)?)?;
    }
    let place = |wanted: &Wanted, id: Option<u32>| match *wanted {
        Wanted::Member(_, member) => Some(types.member(id?, member, DEEPEST, &mut MOST_MEMBERS.clone())? / 8),
        _ => id,
    };
    let found = wanted.iter().zip(named).map(|(wanted, id)| match wanted {
        Wanted::Perhaps(Wanted::Function(_)) => Some(id.map_or(ABSENT, |_| 0)),
        Wanted::Perhaps(wanted) => Some(place(wanted, id).unwrap_or(ABSENT)),
        wanted => place(wanted, id),
    });
    found.collect()
}

impl Wanted {
    /// The kind and the name of the type that it is found by.
    fn named(&self) -> (u32, &'static str) {
        match *self {
            Wanted::Function(name) => (FUNC, name),
            Wanted::Definition(name) => (TYPEDEF, name),
            Wanted::Member(name, _) => (STRUCT, name),
            Wanted::Perhaps(wanted) => wanted.named(),
        }
    }
}

impl Types<'_> {
    /// The offset of a member in bits.
    fn member(&self, id: u32, name: &str, depth: u32, left: &mut u32) -> Option<u32> {
        let place = *self.places.get(id.checked_sub(1)? as usize)? as usize;
        let info = word(self.types, place + 4)?;
        if !matches!(info >> 24 & 0x1f, STRUCT | UNION) {
            return None;
        }
        // With the flag the upper byte is the width of a bit field.
        let mask = if info >> 31 == 1 { 0x00ff_ffff } else { u32::MAX };
        (0..(info & 0xffff) as usize).find_map(|number| {
            *left = left.checked_sub(1)?;
            let place = place + 12 + 12 * number;
            let text = self.strings.get(word(self.types, place)? as usize..)?;
            let offset = word(self.types, place + 8)? & mask;
            if is_text(text, name) {
                return Some(offset);
            }
            let inner = word(self.types, place + 4)?;
            let within = is_text(text, "") && depth > 0;
            within.then(|| self.member(inner, name, depth - 1, left)).flatten()?.checked_add(offset)
        })
    }
}

/// Whether the text that ends with a zero byte is this.
fn is_text(bytes: &[u8], text: &str) -> bool {
    bytes.strip_prefix(text.as_bytes()).is_some_and(|rest| rest.first() == Some(&0))
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|bytes| u32::from_ne_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A structure `a` with a nameless union that has a bit field `c`, and a function `f`.
    fn sample() -> Vec<u8> {
        let strings = b"\0a\0b\0c\0f\0";
        let types: [u32; 21] = [
            1,
            STRUCT << 24 | 2,
            16, // 1: a
            3,
            0,
            0, // b
            0,
            2,
            64, // the union
            0,
            UNION << 24 | 1 << 31 | 1,
            8, // 2
            5,
            0,
            3 << 24 | 32, // c
            7,
            FUNC << 24,
            0, // 3: f
            1,
            TYPEDEF << 24,
            1, // 4: a
        ];
        let mut bytes = vec![0x9f, 0xeb, 1, 0];
        let size = 4 * types.len() as u32;
        for number in [24, 0, size, size, strings.len() as u32].iter().chain(&types) {
            bytes.extend(number.to_ne_bytes());
        }
        bytes.extend(strings);
        bytes
    }

    #[test]
    fn functions_definitions_and_members_are_found_by_name() {
        let all = [Wanted::Function("f"), Wanted::Member("a", "c"), Wanted::Member("a", "b"), Wanted::Definition("a")];
        assert_eq!(find(&sample(), &all), Some(vec![3, 12, 0, 4]));
        for absent in
            [Wanted::Function("a"), Wanted::Member("a", "d"), Wanted::Member("f", "b"), Wanted::Definition("f")]
        {
            assert_eq!(find(&sample(), &[absent]), None, "{absent:?}");
        }
        let perhaps = [
            Wanted::Perhaps(&Wanted::Member("a", "c")),
            Wanted::Perhaps(&Wanted::Member("a", "d")),
            Wanted::Perhaps(&Wanted::Function("f")),
            Wanted::Perhaps(&Wanted::Function("g")),
        ];
        assert_eq!(find(&sample(), &perhaps), Some(vec![12, ABSENT, 0, ABSENT]));
    }

    #[test]
    fn no_bytes_make_it_fail() {
        let whole = sample();
        let wanted = [Wanted::Function("f"), Wanted::Member("a", "c")];
        for length in 0..whole.len() {
            let _ = find(&whole[..length], &wanted);
        }
        for at in 0..whole.len() {
            for value in [0, 1, 2, 0x7f, 0x80, 0xff] {
                let mut changed = whole.clone();
                changed[at] = value;
                let _ = find(&changed, &wanted);
            }
        }
        // A union that has itself for a nameless part.
        let mut endless = whole;
        endless[24 + 4 * 13] = 2;
        endless[24 + 4 * 12] = 0;
        assert_eq!(find(&endless, &[Wanted::Member("a", "x")]), None);
    }
}
