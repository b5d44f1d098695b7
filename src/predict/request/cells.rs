//! JSON cells: type inference and writing.

use std::sync::Arc;

use serde_json::{Number, Value};

use crate::decode::json::is_number;
use crate::predict::CellKind;

/// How the cells of each of `n_features` columns are written: as numbers where every cell that is there is a
/// finite number, as booleans where all are `true` or `false` in any case, else as texts.
pub fn cell_kinds(rows: &[Vec<Option<Arc<str>>>], n_features: usize) -> Vec<CellKind> {
    (0..n_features).map(|column| kind_of(rows.iter().filter_map(|row| row.get(column)?.as_deref()))).collect()
}

fn kind_of<'a>(cells: impl Iterator<Item = &'a str>) -> CellKind {
    let (mut are_numbers, mut are_booleans) = (true, true);
    for cell in cells.map(str::trim).filter(|cell| !cell.is_empty()) {
        are_numbers = are_numbers && number(cell).is_some();
        are_booleans = are_booleans && boolean(cell).is_some();
        if !are_numbers && !are_booleans {
            return CellKind::Text;
        }
    }
    if are_numbers { CellKind::Number } else { CellKind::Boolean }
}

/// Appends a cell. One that is not of its kind is written as a text, and an empty one that is to be a number
/// or a boolean as missing.
pub(super) fn write_cell(cell: Option<&str>, kind: CellKind, out: &mut String) {
    let Some(cell) = cell else { return out.push_str("null") };
    let trimmed = cell.trim();
    let written = match kind {
        CellKind::Text => None,
        _ if trimmed.is_empty() => Some("null".to_owned()),
        CellKind::Number => number(trimmed),
        CellKind::Boolean => boolean(trimmed).map(|value| value.to_string()),
    };
    out.push_str(&written.unwrap_or_else(|| json_string(cell)));
}

/// A text between quotes, with escapes where they are needed.
pub(super) fn json_string(text: &str) -> String {
    Value::from(text).to_string()
}

/// A finite number: as it is written where JSON writes it so, too, else its value.
fn number(text: &str) -> Option<String> {
    let value: f64 = text.parse().ok()?;
    let number = Number::from_f64(value)?;
    Some(if is_number(text.as_bytes()) { text.to_owned() } else { number.to_string() })
}

fn boolean(text: &str) -> Option<bool> {
    let is = |word: &str| text.eq_ignore_ascii_case(word);
    if is("true") { Some(true) } else { is("false").then_some(false) }
}
