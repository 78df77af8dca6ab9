//! BPF instructions (`include/uapi/linux/bpf.h`, `Documentation/bpf/standardization/instruction-set.rst`), as the kernel
//! takes them: eight bytes each.

/// One instruction.
pub(super) type Instruction = u64;

/// A register, 0 to 10. 1 to 5 are arguments and lost by a call, which answers in 0; 6 to 9 are kept; 10 is the end of the
/// stack, which grows down.
type Register = u8;

/// The width of a load or a store.
#[derive(Clone, Copy)]
pub(super) enum Size {
    U8 = 0x10,
    U16 = 0x08,
    U32 = 0x00,
    U64 = 0x18,
}

/// The offset of jumps to the end, which [`assemble`] puts in.
const END: i16 = i16::MAX;

const fn instruction(code: u8, to: Register, from: Register, offset: i16, value: i32) -> Instruction {
    let registers = (from << 4 | to) as u64;
    code as u64 | registers << 8 | (offset as u16 as u64) << 16 | (value as u32 as u64) << 32
}

/// `to = from`
pub(super) const fn copy(to: Register, from: Register) -> Instruction {
    instruction(0xbf, to, from, 0, 0)
}

/// `to = value`
pub(super) const fn set(to: Register, value: i32) -> Instruction {
    instruction(0xb7, to, 0, 0, value)
}

/// `to += value`
pub(super) const fn add(to: Register, value: i32) -> Instruction {
    instruction(0x07, to, 0, 0, value)
}

/// `to += from`
pub(super) const fn add_register(to: Register, from: Register) -> Instruction {
    instruction(0x0f, to, from, 0, 0)
}

/// `to &= bits`
pub(super) const fn and(to: Register, bits: i32) -> Instruction {
    instruction(0x57, to, 0, 0, bits)
}

/// `to <<= bits`
pub(super) const fn shift_left(to: Register, bits: i32) -> Instruction {
    instruction(0x67, to, 0, 0, bits)
}

/// `to = map`, by its descriptor; it takes two places, of which [`SECOND`] is the other.
pub(super) const fn map(to: Register, descriptor: i32) -> Instruction {
    instruction(0x18, to, 1, 0, descriptor)
}

/// `to = &map[0]`, of an array; it takes two places, as [`map`].
pub(super) const fn first_of_map(to: Register, descriptor: i32) -> Instruction {
    instruction(0x18, to, 2, 0, descriptor)
}

/// The second place of an instruction that takes two.
pub(super) const SECOND: Instruction = 0;

/// `to = *(size *)(from + offset)`
pub(super) const fn load(size: Size, to: Register, from: Register, offset: i16) -> Instruction {
    instruction(0x61 | size as u8, to, from, offset, 0)
}

/// `*(size *)(to + offset) = from`
pub(super) const fn store(size: Size, to: Register, offset: i16, from: Register) -> Instruction {
    instruction(0x63 | size as u8, to, from, offset, 0)
}

/// `*(u64 *)to += from`, as one step.
pub(super) const fn add_to_memory(to: Register, from: Register) -> Instruction {
    instruction(0xdb, to, from, 0, 0)
}

/// `if left == value goto end`
pub(super) const fn end_if(left: Register, value: i32) -> Instruction {
    instruction(0x15, left, 0, END, value)
}

/// `if left != value goto end`
pub(super) const fn end_unless(left: Register, value: i32) -> Instruction {
    instruction(0x55, left, 0, END, value)
}

/// The same of the lower halves, where no bit is a sign.
pub(super) const fn end_unless_u32(left: Register, value: u32) -> Instruction {
    instruction(0x56, left, 0, END, value.cast_signed())
}

/// `if left != value`, skips this number of instructions.
pub(super) const fn pass_unless(left: Register, value: i32, count: i16) -> Instruction {
    instruction(0x55, left, 0, count, value)
}

/// `if left != right goto end`
pub(super) const fn end_unless_same(left: Register, right: Register) -> Instruction {
    instruction(0x5d, left, right, END, 0)
}

/// `if left == right goto end`
pub(super) const fn end_if_same(left: Register, right: Register) -> Instruction {
    instruction(0x1d, left, right, END, 0)
}

/// `if left & bits goto end`
pub(super) const fn end_if_any(left: Register, bits: i32) -> Instruction {
    instruction(0x45, left, 0, END, bits)
}

/// `r0 = helper(r1, …)`
pub(super) const fn call(helper: i32) -> Instruction {
    instruction(0x85, 0, 0, 0, helper)
}

/// The program: the body, and `end: r0 = 0; exit`.
pub(super) fn assemble(body: &[Instruction]) -> Vec<Instruction> {
    let mark = instruction(0, 0, 0, END, 0);
    let length = body.len();
    let resolve = |(at, &one): (usize, &Instruction)| match one & 0xffff_0000 {
        offset if offset == mark => one & !mark | ((length - at - 1) as u64) << 16,
        _ => one,
    };
    body.iter().enumerate().map(resolve).chain([set(0, 0), instruction(0x95, 0, 0, 0, 0)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instructions_are_laid_out_as_the_kernel_reads_them() {
        // r6 = *(u64 *)(r1 + 8); *(u32 *)(r10 - 16) = r2; call 127; the jump passes one instruction.
        assert_eq!(load(Size::U64, 6, 1, 8).to_le_bytes(), [0x79, 0x16, 8, 0, 0, 0, 0, 0]);
        assert_eq!(store(Size::U32, 10, -16, 2).to_le_bytes(), [0x63, 0x2a, 0xf0, 0xff, 0, 0, 0, 0]);
        assert_eq!(call(127).to_le_bytes(), [0x85, 0, 0, 0, 127, 0, 0, 0]);
        assert_eq!(load(Size::U16, 1, 2, 4).to_le_bytes()[0], 0x69);
        assert_eq!(load(Size::U8, 1, 2, 4).to_le_bytes()[0], 0x71);
        assert_eq!(map(1, 9).to_le_bytes(), [0x18, 0x11, 0, 0, 9, 0, 0, 0]);
        assert_eq!(end_unless_u32(1, 0xf000_0001).to_le_bytes()[4..], [1, 0, 0, 0xf0]);
        let program = assemble(&[end_if(7, -1), set(1, 5)]);
        assert_eq!(program[0].to_le_bytes(), [0x15, 7, 1, 0, 0xff, 0xff, 0xff, 0xff]);
        assert_eq!(program[2..].iter().map(|one| one & 0xff).collect::<Vec<_>>(), [0xb7, 0x95]);
    }
}
