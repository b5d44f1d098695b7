//! Zero bytes: several in a row are no text. A write that was torn leaves pages of them.

/// Zero bytes in a row from which on they are no text. A single one may be a character.
pub const TORN: usize = 2;
/// Zero bytes in a row from which on they part the beginning of an object from the rest. Fewer of them are looked at
/// there: they may tell what the object is.
pub const RUN: usize = 64;

/// Tells runs of zero bytes from text, in blocks that end anywhere.
#[derive(Debug, Default)]
pub struct Zeros {
    /// Zero bytes before the next one, of which nobody knows yet how many they are.
    n: u64,
}

/// What stands before the next byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before {
    Nothing,
    /// Fewer zero bytes than make a run.
    Few(usize),
    /// A run of so many.
    Run(u64),
}

impl Zeros {
    /// Takes the zero bytes with which a block begins; how many they are.
    pub fn take(&mut self, block: &[u8]) -> usize {
        let n = block.iter().take_while(|&&byte| byte == 0).count();
        self.n += n as u64;
        n
    }

    /// What was taken, if another byte follows or nothing does; so many zero bytes make a run.
    pub fn before(&self, shortest: usize) -> Before {
        match usize::try_from(self.n) {
            Ok(0) => Before::Nothing,
            Ok(n) if n < shortest => Before::Few(n),
            _ => Before::Run(self.n),
        }
    }

    /// Lets go of so many of them.
    pub fn let_go(&mut self, n: u64) {
        self.n -= n;
    }
}

/// Length of the text with which a block begins: up to its first zero byte.
pub fn text_length(block: &[u8]) -> usize {
    memchr::memchr(0, block).unwrap_or(block.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_bytes_are_counted_over_blocks() {
        let mut zeros = Zeros::default();
        assert_eq!((zeros.take(b"a\0"), zeros.before(1)), (0, Before::Nothing));
        assert_eq!((zeros.take(&[0; RUN - 1]), zeros.before(RUN)), (RUN - 1, Before::Few(RUN - 1)));
        assert_eq!(zeros.before(1), Before::Run(RUN as u64 - 1));
        assert_eq!((zeros.take(b"\0a"), zeros.before(RUN)), (1, Before::Run(RUN as u64)));
        zeros.let_go(RUN as u64);
        assert_eq!(zeros.before(1), Before::Nothing);
    }
}
