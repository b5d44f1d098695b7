//! Type inference of one cell's text as pandas does it when it reads a CSV file.

/// Texts that are no value (pandas documentation of `read_csv`, parameter `na_values`).
const MISSING: [&str; 19] = [
    "", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A", "NA",
    "NULL", "NaN", "None", "n/a", "nan", "null",
];
/// Bytes of the longest of them.
const LONGEST_MISSING: usize = 8;

/// A cell's meaning by itself; what its column is, is decided by all cells together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Cell<'a> {
    Missing,
    Integer(i64),
    /// A decimal number or an infinity, never NaN.
    Float(f64),
    Truth(bool),
    Text(&'a str),
}

impl<'a> Cell<'a> {
    pub fn of(text: Option<&'a str>) -> Self {
        let Some(text) = text else { return Self::Missing };
        let number = text.trim_matches(' ');
        let could_be_number = number
            .bytes()
            .next()
            .is_some_and(|first| first.is_ascii_digit() || matches!(first, b'+' | b'-' | b'.' | b'i' | b'I'));
        if could_be_number {
            if let Ok(integer) = number.parse() {
                return Self::Integer(integer);
            }
            if let Some(float) = number.parse().ok().filter(|float: &f64| !float.is_nan()) {
                return Self::Float(float);
            }
        }
        match text {
            "True" | "TRUE" | "true" => Self::Truth(true),
            "False" | "FALSE" | "false" => Self::Truth(false),
            text if text.len() <= LONGEST_MISSING && MISSING.contains(&text) => Self::Missing,
            text => Self::Text(text),
        }
    }

    /// The number that it is in a column of numbers.
    pub fn number(self) -> Option<f64> {
        match self {
            Self::Integer(integer) => Some(integer as f64),
            Self::Float(float) => Some(float),
            Self::Missing | Self::Truth(_) | Self::Text(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_what_pandas_reads() {
        let cells =
            ["7", "-7", " 7", "7.0", "1e3", "-inf", "9223372036854775808", "true", "False", "tRue", "NA", " ", "x"];
        let expected = [
            Cell::Integer(7),
            Cell::Integer(-7),
            Cell::Integer(7),
            Cell::Float(7.0),
            Cell::Float(1000.0),
            Cell::Float(f64::NEG_INFINITY),
            Cell::Float(9_223_372_036_854_775_808.0),
            Cell::Truth(true),
            Cell::Truth(false),
            Cell::Text("tRue"),
            Cell::Missing,
            Cell::Text(" "),
            Cell::Text("x"),
        ];
        assert_eq!(cells.map(|text| Cell::of(Some(text))), expected);
        assert_eq!(Cell::of(None), Cell::Missing);
        assert!(MISSING.iter().all(|text| Cell::of(Some(text)) == Cell::Missing && text.len() <= LONGEST_MISSING));
        assert!(["nAn", "+nan", "infinite", "i", "-"].iter().all(|text| matches!(Cell::of(Some(text)), Cell::Text(_))));
    }
}
