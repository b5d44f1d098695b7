//! CSV rows (RFC 4180), without a header.

use std::sync::Arc;

/// Appends the line of a row, without its end. A missing cell is empty; a cell is quoted where it must be.
pub(super) fn write_row(row: &[Option<Arc<str>>], out: &mut String) {
    // Readers skip lines of nothing, or of white space.
    if let [only] = row {
        let text = only.as_deref().unwrap_or_default();
        return write_cell(text, text.trim().is_empty(), out);
    }
    for (i, cell) in row.iter().enumerate() {
        out.push_str(if i > 0 { "," } else { "" });
        write_cell(cell.as_deref().unwrap_or_default(), false, out);
    }
}

fn write_cell(text: &str, is_quoted: bool, out: &mut String) {
    if !is_quoted && !text.contains([',', '"', '\n', '\r']) {
        return out.push_str(text);
    }
    out.push('"');
    out.push_str(&text.replace('"', "\"\""));
    out.push('"');
}
