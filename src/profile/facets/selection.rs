//! Selection: the values or the threshold that a configuration names, and which cells they select.

use super::column_tally::{ColumnTally, Kind};
use super::fault::BiasFault;
use super::pandas_cell::Cell;

/// By what a configuration can select a cell. Which one is meant is known when all cells of the column
/// are: each is one bit of a cell's code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Criterion {
    /// The text is a configured one.
    Text = 1,
    /// The number is a configured one.
    Number = 2,
    /// The truth is that of a configured value.
    Truth = 4,
    /// The number is above the threshold.
    Above = 8,
    /// The whole part of the number is.
    WholePartAbove = 16,
}

/// Codes of cells lie below it.
pub(super) const N_CODES: usize = 32;

impl Criterion {
    /// Whether a cell with this code is selected.
    pub fn selects(self, code: u32) -> bool {
        code & self as u32 != 0
    }
}

/// Configured values, read in every way.
#[derive(Clone, Debug, Default)]
pub(super) struct Selection {
    texts: Vec<String>,
    /// Of every text the number that it is.
    numbers: Vec<Option<f64>>,
    truths: Vec<bool>,
    threshold: Option<f64>,
}

impl Selection {
    pub fn of(values: &[String]) -> Self {
        let numbers: Vec<Option<f64>> = values.iter().map(|value| number(value)).collect();
        // Text in a column of truths is true when there is any, whatever it says.
        let truth = |(value, number): (&String, &Option<f64>)| number.map_or(!value.is_empty(), |number| number != 0.0);
        Self {
            texts: values.to_vec(),
            truths: values.iter().zip(&numbers).map(truth).collect(),
            threshold: numbers.first().copied().flatten(),
            numbers,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// How many values there are.
    pub fn n_values(&self) -> usize {
        self.texts.len()
    }

    /// Whether every value is a number.
    pub fn are_numbers(&self) -> bool {
        self.numbers.iter().all(Option::is_some)
    }

    /// Whether a text is a value but for white space and the case of letters.
    pub fn has_in_other_letters(&self, text: &str) -> bool {
        self.texts.iter().any(|value| value.trim().eq_ignore_ascii_case(text.trim()))
    }

    /// The values as the configuration writes them.
    pub fn written(&self) -> String {
        self.texts.join(",")
    }

    /// All ways in which a cell is selected. Missing cells never are.
    pub fn code(&self, cell: Cell<'_>, text: Option<&str>) -> u32 {
        let has_text = text.is_some_and(|text| self.texts.iter().any(|selection| selection == text));
        let mut code = if has_text { Criterion::Text as u32 } else { 0 };
        match (cell, cell.number()) {
            (Cell::Missing, _) => return 0,
            (Cell::Truth(truth), _) if self.truths.contains(&truth) => code |= Criterion::Truth as u32,
            (_, Some(number)) => {
                code |= if self.numbers.contains(&Some(number)) { Criterion::Number as u32 } else { 0 };
                if let Some(threshold) = self.threshold {
                    code |= if number > threshold { Criterion::Above as u32 } else { 0 };
                    code |= if number.trunc() > threshold { Criterion::WholePartAbove as u32 } else { 0 };
                }
            }
            _ => {}
        }
        code
    }

    /// Marks which of several values a cell is, by its text and by its number.
    pub fn see(&self, cell: Cell<'_>, text: Option<&str>, seen: &mut [[bool; 2]]) {
        for ((value, number), [by_text, by_number]) in self.texts.iter().zip(&self.numbers).zip(seen) {
            *by_text |= text == Some(value);
            *by_number |= number.is_some() && *number == cell.number();
        }
    }

    /// The values that no cell of a column is, where this is how they select; none where it is none of them.
    pub fn absent(&self, criterion: Criterion, column: &ColumnTally) -> Vec<String> {
        let is_seen = |[by_text, by_number]: [bool; 2]| match criterion {
            Criterion::Text => by_text,
            Criterion::Number => by_number,
            Criterion::Truth | Criterion::Above | Criterion::WholePartAbove => true,
        };
        let absent = self.texts.iter().zip(&column.seen).filter(|(_, seen)| !is_seen(**seen));
        let absent: Vec<String> = absent.map(|(value, _)| value.clone()).collect();
        if absent.len() < self.texts.len() { absent } else { Vec::new() }
    }

    /// How the values select cells of a column. A threshold selects the numbers above it.
    pub fn criterion(&self, name: &str, column: &ColumnTally) -> Result<Criterion, BiasFault> {
        let first = || self.texts.first().cloned().unwrap_or_default();
        if column.is_continuous(self.texts.len()) {
            let not_numeric = || BiasFault::ThresholdNotNumeric { column: name.to_owned(), value: first() };
            return self.threshold.map(|_| Criterion::Above).ok_or_else(not_numeric);
        }
        match column.kind() {
            Kind::Text => Ok(Criterion::Text),
            Kind::Truth => Ok(Criterion::Truth),
            // Only values of which none is found are cast to numbers.
            Kind::Integer | Kind::Float if column.n_equal == 0 => {
                match self.texts.iter().find(|text| number(text).is_none()) {
                    Some(value) => Err(BiasFault::ValueNotOfColumn { column: name.to_owned(), value: value.clone() }),
                    None => Ok(Criterion::Number),
                }
            }
            Kind::Integer | Kind::Float => Ok(Criterion::Number),
        }
    }

    /// The selection as reports write it: the values, or the interval from the threshold to the
    /// column's largest number. Nothing where that number is as large as the threshold.
    pub fn shown(&self, column: &ColumnTally) -> String {
        if !column.is_continuous(self.texts.len()) {
            return self.written();
        }
        let Some((threshold, max)) = self.threshold.zip(column.max()) else { return String::new() };
        if max.abs() == threshold {
            return String::new();
        }
        let is_whole =
            column.kind() == Kind::Integer && self.texts.iter().all(|text| text.trim().parse::<i64>().is_ok());
        let show = |x: f64| if is_whole { format!("{x:.0}") } else { python_float(x) };
        format!("({}, {}]", show(threshold.min(max)), show(threshold.max(max)))
    }
}

/// A configured value as a number.
fn number(value: &str) -> Option<f64> {
    Cell::of(Some(value)).number()
}

/// A double as Python writes it: shortest digits, plain between 10⁻⁴ and 10¹⁶.
fn python_float(x: f64) -> String {
    if x.is_infinite() {
        return if x > 0.0 { "inf".to_owned() } else { "-inf".to_owned() };
    }
    if x == 0.0 || (1e-4..1e16).contains(&x.abs()) {
        return format!("{x:?}");
    }
    let written = format!("{x:e}");
    let Some((digits, exponent)) = written.split_once('e') else { return written };
    let (sign, exponent) = exponent.strip_prefix('-').map_or(("+", exponent), |exponent| ("-", exponent));
    format!("{digits}e{sign}{exponent:0>2}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(cells: &[&str], selection: &Selection) -> ColumnTally {
        let mut tally = ColumnTally::default();
        for text in cells {
            let cell = Cell::of(Some(text));
            tally.push(cell);
            tally.n_equal += u64::from(Criterion::Number.selects(selection.code(cell, Some(text))));
        }
        tally
    }

    /// Places of the selected cells, and the selection as reports write it.
    fn select(values: &[&str], cells: &[&str]) -> Result<(Vec<usize>, String), BiasFault> {
        let selection = Selection::of(&values.iter().map(|value| (*value).to_owned()).collect::<Vec<_>>());
        let tally = column(cells, &selection);
        let criterion = selection.criterion("c", &tally)?;
        let is_selected = |place: &usize| {
            let text = Some(cells[*place]);
            criterion.selects(selection.code(Cell::of(text), text))
        };
        Ok(((0..cells.len()).filter(is_selected).collect(), selection.shown(&tally)))
    }

    #[test]
    fn thresholds_select_the_numbers_above_them_up_to_the_largest() {
        let ok = |places: &[usize], shown: &str| Ok((places.to_vec(), shown.to_owned()));
        assert_eq!(select(&["40"], &["90", "40", "41"]), ok(&[0, 2], "(40, 90]"));
        assert_eq!(select(&["40"], &["90.5", "40", "41"]), ok(&[0, 2], "(40.0, 90.5]"));
        assert_eq!(select(&["40.5"], &["90", "40", "41"]), ok(&[0, 2], "(40.5, 90.0]"));
        assert_eq!(select(&["90"], &["90", "40", "41"]), ok(&[], ""));
        assert_eq!(select(&["100"], &["90", "40", "41"]), ok(&[], "(90, 100]"));
        assert_eq!(select(&["40"], &["90", "", "41"]), ok(&[0, 2], "(40.0, 90.0]"));
    }

    #[test]
    fn categories_are_equal_in_the_column_s_own_type() {
        let ok = |places: &[usize], shown: &str| Ok((places.to_vec(), shown.to_owned()));
        assert_eq!(select(&["1", "2"], &["1", "02", "3"]), ok(&[0, 1], "1,2"));
        assert_eq!(select(&["1"], &["1", "1.0", "x"]), ok(&[0], "1"));
        assert_eq!(select(&["b", "a"], &["a", "b", "c"]), ok(&[0, 1], "b,a"));
        assert_eq!(select(&["False"], &["true", "false"]), ok(&[0], "False"));
        assert_eq!(select(&["0"], &["true", "false"]), ok(&[1], "0"));
    }

    #[test]
    fn values_that_cannot_be_numbers_are_faults() {
        assert!(matches!(select(&["x"], &["1", "2"]), Err(BiasFault::ThresholdNotNumeric { .. })));
        assert!(matches!(select(&["x", "y"], &["1", "2"]), Err(BiasFault::ValueNotOfColumn { .. })));
        assert!(select(&["x", "2"], &["1", "2"]).is_ok());
    }

    #[test]
    fn doubles_are_written_as_python_writes_them() {
        let written = [90.5, 1e16, 1.5e-7, 0.0001, -2.0, 123_456_789.0].map(python_float);
        assert_eq!(written, ["90.5", "1e+16", "1.5e-07", "0.0001", "-2.0", "123456789.0"]);
    }
}
