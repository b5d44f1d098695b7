//! Delimiters of payloads: the byte between the cells of lines that hold no commas.

use crate::decode::payload::Content;
use crate::decode::rows::lines::each_line;
use crate::decode::text::csv::{self, Dialect};

/// Lines of a payload that are looked at.
const MAX_LINES: usize = 32;
/// Lines of equally many cells without a number that tell a delimiter, at least.
const SEVERAL_LINES: usize = 3;

/// What the lines of one side's payloads look like with each of the delimiters that are not the comma.
#[derive(Default)]
pub struct Delimiters {
    seen: [Lines; Dialect::OTHERS.len()],
}

/// Lines, read with one delimiter.
#[derive(Clone, Copy, Default)]
struct Lines {
    n: usize,
    /// Cells of each line; `None` where they differ.
    width: Option<usize>,
    have_numbers: bool,
    have_decimal_commas: bool,
    /// Whether a comma stands in a cell that is no number with a decimal comma.
    have_commas: bool,
}

impl Delimiters {
    /// Looks at a payload.
    pub fn see(&mut self, content: &Content<'_, '_>) {
        let Content::Csv(text) = content else { return };
        for (seen, dialect) in self.seen.iter_mut().zip(&Dialect::OTHERS) {
            let mut n_lines = 0;
            let _ = each_line(text, dialect, |cells| {
                if n_lines < MAX_LINES && !csv::is_blank(text, cells) {
                    n_lines += 1;
                    seen.see(text, cells);
                }
            });
        }
    }

    /// Whether there are lines that another delimiter than the comma fits so far.
    pub fn may_fit(&self) -> bool {
        self.seen.iter().any(Lines::fit)
    }

    /// The dialect of the lines, and whether numbers in them have decimal commas.
    pub fn decided(&self) -> (&'static Dialect, bool) {
        let fitting = self.seen.iter().zip(&Dialect::OTHERS).find(|(seen, _)| seen.fit() && seen.are_evident());
        fitting.map_or((Dialect::commas(), false), |(seen, dialect)| (dialect, seen.have_decimal_commas))
    }
}

impl Lines {
    fn see(&mut self, text: &str, cells: &[csv::Cell]) {
        self.width = if self.n == 0 { Some(cells.len()) } else { self.width.filter(|width| *width == cells.len()) };
        self.n += 1;
        for cell in cells {
            let meaning = cell.meaning(text);
            let cell = meaning.trim();
            let is_decimal = has_decimal_comma(cell);
            self.have_numbers |= is_decimal || cell.parse::<f64>().is_ok();
            self.have_decimal_commas |= is_decimal;
            self.have_commas |= cell.contains(',') && !is_decimal;
        }
    }

    fn fit(&self) -> bool {
        !self.have_commas && self.width.is_some_and(|width| width > 1)
    }

    fn are_evident(&self) -> bool {
        self.have_numbers || self.n >= SEVERAL_LINES
    }
}

fn has_decimal_comma(cell: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = cell.strip_prefix(['-', '+']).unwrap_or(cell);
    unsigned.split_once(',').is_some_and(|(whole, fraction)| digits(whole) && digits(fraction))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_without_commas_tell_their_delimiter() {
        let decided = |texts: &[&str]| {
            let mut delimiters = Delimiters::default();
            texts.iter().for_each(|text| delimiters.see(&Content::Csv(text)));
            let (dialect, have_decimal_commas) = delimiters.decided();
            (char::from(dialect.delimiter()), have_decimal_commas)
        };
        let cases: [(&[&str], (char, bool)); 14] = [
            (&["1;2"], (';', false)),
            (&["1\t2\n3\t4\n", "5\t6"], ('\t', false)),
            (&["a|b|c", "d|e|f", "g|h|i"], ('|', false)),
            (&["1,5;2,5"], (';', true)),
            (&["1,5;-2\n3;4,25\n"], (';', true)),
            (&["a;b\n1;2"], (';', false)),
            (&["1,2;3,4,5"], (',', false)),
            (&["1,2", "1;2"], (',', false)),
            (&["1;2", "1;2;3"], (',', false)),
            (&["one; two"], (',', false)),
            (&["one; two", "three"], (',', false)),
            (&["0.5"], (',', false)),
            (&["\"1;2\""], (',', false)),
            (&[], (',', false)),
        ];
        for (texts, expected) in cases {
            assert_eq!(decided(texts), expected, "{texts:?}");
        }
    }
}
