//! Other readings: the rows of an answer, or of labels, in the ways in which they can be read but the first, for what is
//! joined with them later to choose from.

use serde_json::Value;

/// Bytes of their text that are kept, at most.
const MAX_BYTES: usize = 16 << 20;

/// The cells of one row.
type Row = Vec<Option<String>>;

/// Readings of one answer, or of one record of labels, each with another number of rows.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct OtherReadings {
    readings: Vec<Vec<Row>>,
}

impl OtherReadings {
    pub fn push<'a>(&mut self, rows: impl Iterator<Item = Vec<Option<&'a str>>>) {
        let owned = |cell: Option<&str>| cell.map(str::to_owned);
        let rows: Vec<Row> = rows.map(|row| row.into_iter().map(owned).collect()).collect();
        if !rows.is_empty() && self.readings.iter().all(|known| known.len() != rows.len()) {
            self.readings.push(rows);
        }
    }

    /// As a cell of text; `None` where there are none, or more than any honest answer has.
    pub fn to_text(&self) -> Option<String> {
        let text = serde_json::to_string(&self.readings).ok()?;
        (!self.readings.is_empty() && text.len() <= MAX_BYTES).then_some(text)
    }

    /// The rows of the reading that has so many, from what [`Self::to_text`] wrote.
    pub fn rows_in(text: &str, n_rows: usize) -> Option<Vec<Row>> {
        let readings: Value = serde_json::from_str(text).ok()?;
        let rows = readings.as_array()?.iter().filter_map(Value::as_array).find(|rows| rows.len() == n_rows)?;
        let cell = |cell: &Value| cell.as_str().map(str::to_owned);
        rows.iter().map(|row| Some(row.as_array()?.iter().map(cell).collect())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reading_with_as_many_rows_is_found() {
        let mut other = OtherReadings::default();
        assert_eq!(other.to_text(), None);
        other.push([vec![Some("1"), None], vec![Some("a\"b"), Some("0.5")]].into_iter());
        other.push([vec![None, None]].into_iter());
        other.push([vec![Some("9"), None]].into_iter());
        let text = other.to_text().unwrap();
        let owned = |text: &str| Some(text.to_owned());
        let two = vec![vec![owned("1"), None], vec![owned("a\"b"), owned("0.5")]];
        assert_eq!(OtherReadings::rows_in(&text, 2), Some(two));
        assert_eq!(OtherReadings::rows_in(&text, 1), Some(vec![vec![None, None]]));
        assert_eq!(OtherReadings::rows_in(&text, 3), None);
        assert_eq!(OtherReadings::rows_in("text", 1), None);
    }
}
