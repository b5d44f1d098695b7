//! Delimiters of payloads: the byte between the cells of most lines.

use std::collections::BTreeMap;

use crate::decode::formats::majority::most;
use crate::decode::payload::Content;
use crate::decode::rows::lines::lines_while;
use crate::decode::text::csv::{self, COMMA, Dialect};

/// Lines of a payload that are looked at.
const MAX_LINES: usize = 32;
/// Lines of equally many cells without a number that tell a delimiter, at least.
const SEVERAL_LINES: usize = 3;

/// What the lines of one side's payloads look like with each of the delimiters, the comma first.
#[derive(Default)]
pub struct Delimiters {
    n_payloads: usize,
    seen: [BTreeMap<usize, Fitting>; 4],
}

/// Payloads whose lines all have so many cells with one delimiter.
#[derive(Clone, Copy, Default)]
struct Fitting {
    n_payloads: usize,
    n_lines: usize,
    have_numbers: bool,
    have_decimal_commas: bool,
}

/// How most lines of one side are read.
pub struct Decided {
    pub dialect: &'static Dialect,
    /// Cells of most lines.
    pub width: Option<usize>,
    pub have_decimal_commas: bool,
}

impl Delimiters {
    /// Looks at a payload.
    pub fn see(&mut self, content: &Content<'_, '_>) {
        let Content::Csv(text) = content else { return };
        self.n_payloads += 1;
        let fitting = Dialect::all().each_ref().map(|dialect| Lines::of(text, dialect).fitting(dialect));
        let fit_others = fitting[1..].iter().any(Option::is_some);
        for (place, (seen, fitting)) in self.seen.iter_mut().zip(fitting).enumerate() {
            if let Some((width, fitting)) = fitting.filter(|_| place > 0 || !fit_others) {
                seen.entry(width).or_default().add(fitting);
            }
        }
    }

    /// Whether there are lines that another delimiter than the comma fits so far.
    pub fn may_fit(&self) -> bool {
        self.seen[1..].iter().any(|seen| !seen.is_empty())
    }

    /// The dialect with which most payloads have lines of the same width, apart from those that have it with another one.
    pub fn decided(&self) -> Decided {
        let all = || {
            self.seen.iter().zip(Dialect::all()).flat_map(|(seen, dialect)| seen.iter().map(move |of| (dialect, of)))
        };
        let n_elsewhere = |delimiter: u8, width: usize| -> usize {
            let others = all().filter(|(dialect, (other, _))| dialect.delimiter() != delimiter && **other == width);
            others.map(|(_, (_, fitting))| fitting.n_payloads).sum()
        };
        let decides = |(dialect, (width, fitting)): &(&Dialect, (&usize, &Fitting))| {
            let n_rivals = n_elsewhere(dialect.delimiter(), **width).min(self.n_payloads - fitting.n_payloads);
            (dialect.delimiter() == COMMA || fitting.is_evident())
                && most(fitting.n_payloads, self.n_payloads - n_rivals)
        };
        // Of several with equally many payloads the first.
        let most_payloads = all()
            .filter(decides)
            .reduce(|best, next| if next.1.1.n_payloads > best.1.1.n_payloads { next } else { best });
        let nothing = Decided { dialect: Dialect::commas(), width: None, have_decimal_commas: false };
        most_payloads.map_or(nothing, |(dialect, (width, fitting))| Decided {
            dialect,
            width: Some(*width),
            have_decimal_commas: fitting.have_decimal_commas,
        })
    }
}

impl Fitting {
    fn add(&mut self, other: Self) {
        self.n_payloads += other.n_payloads;
        self.n_lines += other.n_lines;
        self.have_numbers |= other.have_numbers;
        self.have_decimal_commas |= other.have_decimal_commas;
    }

    fn is_evident(&self) -> bool {
        self.have_numbers || self.n_lines >= SEVERAL_LINES
    }
}

/// Lines of a payload, read with one delimiter.
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

impl Lines {
    fn of(text: &str, dialect: &Dialect) -> Self {
        let mut lines = Self::default();
        let _ = lines_while(text, dialect, |cells| {
            if !csv::is_blank(text, cells) {
                lines.see(text, cells);
            }
            lines.n < MAX_LINES
        });
        lines
    }

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

    /// Cells of the lines, where the delimiter fits them: the comma fits lines of one cell, too.
    fn fitting(&self, dialect: &Dialect) -> Option<(usize, Fitting)> {
        let are_commas = dialect.delimiter() == COMMA;
        let width = self.width.filter(|width| are_commas || *width > 1 && !self.have_commas)?;
        let Self { n: n_lines, have_numbers, have_decimal_commas, .. } = *self;
        let have_decimal_commas = have_decimal_commas && !are_commas;
        Some((width, Fitting { n_payloads: 1, n_lines, have_numbers, have_decimal_commas }))
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
            let Decided { dialect, have_decimal_commas, .. } = delimiters.decided();
            (char::from(dialect.delimiter()), have_decimal_commas)
        };
        let cases: [(&[&str], (char, bool)); 16] = [
            (&["1,2", "3;4", "5;6", "7;8"], (';', false)),
            (&["1;2", "3;4", "5;6", "<html>503</html>"], (';', false)),
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
