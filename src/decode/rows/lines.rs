//! Lines of cells in a payload.

use std::borrow::Cow;

use crate::decode::reason::Reason;
use crate::decode::text::csv::{self, Dialect, Scan};

/// Shows the cells of every line, blank ones, too.
pub fn each_line(text: &str, dialect: &Dialect, mut see: impl FnMut(&[csv::Cell])) -> Result<(), Reason> {
    lines_while(text, dialect, |cells| {
        see(cells);
        true
    })
}

/// Shows the cells of one line after the other, as long as more are wanted.
pub fn lines_while(text: &str, dialect: &Dialect, mut see: impl FnMut(&[csv::Cell]) -> bool) -> Result<(), Reason> {
    let (mut at, mut cells) = (0, Vec::new());
    while at < text.len() {
        match csv::record_of(dialect, text.as_bytes(), at, true, &mut cells) {
            Scan::Partial { .. } => return Err(Reason::InvalidPayload),
            Scan::Record(next) => at = next,
        }
        if !see(&cells) {
            break;
        }
    }
    Ok(())
}

/// A cell of a header as a column's name.
pub fn name_of(cell: Cow<'_, str>) -> String {
    cell.trim().to_owned()
}
