//! Zero bytes: long runs of them in a text are pages that never reached the disk when a write was torn.

/// Zero bytes in a row from which on they are no text.
pub const RUN: usize = 64;

/// Tells runs of zero bytes from text, in blocks that end anywhere.
#[derive(Debug, Default)]
pub struct Zeros {
    /// Zero bytes before the next one, of which nobody knows yet what they are.
    n: u64,
}

/// What stands before the next byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before {
    Nothing,
    /// Fewer zero bytes than make a run: they are text.
    Text(usize),
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

    /// What was taken, if another byte follows or nothing does.
    pub fn before(&self) -> Before {
        match self.n {
            0 => Before::Nothing,
            n if n < RUN as u64 => Before::Text(n as usize),
            n => Before::Run(n),
        }
    }

    /// Lets go of so many of them.
    pub fn let_go(&mut self, n: u64) {
        self.n -= n;
    }
}

/// Length of the text with which a block begins: up to a run of zero bytes, or to those with which the block ends.
/// Each run covers a place that is a multiple of its shortest length, so that no other place is looked at.
pub fn text_length(block: &[u8]) -> usize {
    let is_zero = |byte: &&u8| **byte == 0;
    let n_last = block.iter().rev().take_while(is_zero).count();
    let text = &block[..block.len() - n_last];
    let start_of_run = |at: usize| {
        let start = at - text[..at].iter().rev().take_while(is_zero).count();
        let end = at + text[at..].iter().take_while(is_zero).count();
        (end - start >= RUN).then_some(start)
    };
    let mut places = (0..text.len()).step_by(RUN).filter(|at| text[*at] == 0);
    places.find_map(start_of_run).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_ends_where_a_run_begins_or_the_block_ends_with_zero_bytes() {
        let zeros = |n: usize| "\0".repeat(n);
        let cases = [
            (String::new(), 0),
            ("text".to_owned(), 4),
            (zeros(3), 0),
            (format!("text{}", zeros(3)), 4),
            (format!("text{}text", zeros(RUN - 1)), RUN + 7),
            (format!("{}{}y", "x".repeat(100), zeros(RUN)), 100),
            (format!("{0}x{0}x{1}", zeros(RUN - 1), zeros(RUN)), 2 * RUN),
        ];
        for (text, expected) in cases {
            assert_eq!(text_length(text.as_bytes()), expected, "{text:?}");
        }
        for start in 0..2 * RUN {
            let text = "x".repeat(start) + &zeros(RUN) + "y";
            assert_eq!(text_length(text.as_bytes()), start);
        }
    }

    #[test]
    fn zero_bytes_are_counted_over_blocks() {
        let mut zeros = Zeros::default();
        assert_eq!((zeros.take(b"a\0"), zeros.before()), (0, Before::Nothing));
        assert_eq!((zeros.take(&[0; RUN - 1]), zeros.before()), (RUN - 1, Before::Text(RUN - 1)));
        assert_eq!((zeros.take(b"\0a"), zeros.before()), (1, Before::Run(RUN as u64)));
        zeros.let_go(RUN as u64);
        assert_eq!(zeros.before(), Before::Nothing);
    }
}
