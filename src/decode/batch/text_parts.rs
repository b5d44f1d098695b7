//! Text parts: rows of a columnar file in parts of little text, without those that are longer than a record may be.
//!
//! Many cells may show one text of a dictionary: what is copied of them can be far more than what was read.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::buffer::Buffer;

use crate::decode::batch::layout::Meta;

/// Bytes of text of a part, at most; a single row may have more.
const PART_BYTES: usize = 2 << 20;
/// Bytes of pages that cells of a part may keep in memory, at most; a part that would keep more is copied.
const KEPT_BYTES: usize = 4 << 20;

/// Rows, or one that is too long.
#[derive(Clone, Debug)]
pub enum TextPart {
    Rows(RecordBatch),
    /// Its one-based number.
    TooLong(u64),
}

impl TextPart {
    pub fn n_rows(&self) -> usize {
        match self {
            Self::Rows(rows) => rows.num_rows(),
            Self::TooLong(_) => 1,
        }
    }
}

/// The rows of a batch of cells, in order. Rows of more than `max_row` bytes of text are too long.
pub fn text_parts(batch: &RecordBatch, max_row: usize) -> Vec<TextPart> {
    let lengths = text_lengths(batch);
    let (mut parts, mut start, mut n_bytes) = (Vec::new(), 0, 0);
    let end_part = |start: usize, end: usize, parts: &mut Vec<TextPart>| {
        if start < end {
            parts.push(TextPart::Rows(batch.slice(start, end - start)));
        }
    };
    for (row, &length) in lengths.iter().enumerate() {
        if length > max_row {
            end_part(start, row, &mut parts);
            parts.push(TextPart::TooLong(Meta::of(batch).map_or(0, |meta| meta.line.value(row))));
            (start, n_bytes) = (row + 1, 0);
            continue;
        }
        if n_bytes + length > PART_BYTES && start < row {
            end_part(start, row, &mut parts);
            (start, n_bytes) = (row, 0);
        }
        n_bytes += length;
    }
    end_part(start, batch.num_rows(), &mut parts);
    parts
}

/// Bytes of text of every row, but of cells that live inside their views.
fn text_lengths(batch: &RecordBatch) -> Vec<usize> {
    let mut lengths = vec![0; batch.num_rows()];
    for column in batch.columns().iter().skip(Meta::WIDTH).filter_map(|column| column.as_string_view_opt()) {
        if column.data_buffers().is_empty() {
            continue;
        }
        for (row, length) in lengths.iter_mut().enumerate() {
            // The first four bytes of a view are its length.
            *length += if column.is_valid(row) { column.views()[row] as u32 as usize } else { 0 };
        }
    }
    lengths
}

/// The same rows, which keep little in memory beside their own text.
pub fn compact(batch: RecordBatch) -> RecordBatch {
    let kept = |column: &ArrayRef| {
        let text = column.as_string_view_opt();
        text.map_or(0, |text| text.data_buffers().iter().map(Buffer::len).sum::<usize>())
    };
    if batch.columns().iter().map(kept).sum::<usize>() <= KEPT_BYTES {
        return batch;
    }
    let compacted = |column: &ArrayRef| match column.as_string_view_opt() {
        Some(text) if !text.data_buffers().is_empty() => Arc::new(text.gc()) as ArrayRef,
        _ => column.clone(),
    };
    let columns = batch.columns().iter().map(compacted).collect();
    RecordBatch::try_new(batch.schema(), columns).unwrap_or(batch)
}

#[cfg(test)]
mod tests {
    use arrow::array::{StringViewArray, StringViewBuilder};

    use super::*;
    use crate::decode::batch::events::of_columns;
    use crate::decode::batch::layout::cell_field;
    use crate::decode::batch::order::Order;

    fn batch(lengths: &[usize]) -> RecordBatch {
        let mut cells = StringViewBuilder::new();
        lengths.iter().for_each(|n| cells.append_value("x".repeat(*n)));
        let numbers: StringViewArray = lengths.iter().map(|_| Some("1")).collect();
        let field = |name: &str, place| cell_field(name, Order::of_table(place));
        let columns: Vec<(_, ArrayRef)> =
            vec![(field("n", 0), Arc::new(numbers)), (field("t", 1), Arc::new(cells.finish()))];
        of_columns("a", 5, columns, lengths.len()).unwrap()
    }

    fn shown(batch: &RecordBatch, max_row: usize) -> Vec<String> {
        let show = |part: &TextPart| match part {
            TextPart::Rows(rows) => {
                let lines = Meta::of(rows).unwrap().line;
                format!("{}..{}", lines.value(0), lines.value(rows.num_rows() - 1))
            }
            TextPart::TooLong(line) => format!("{line}!"),
        };
        text_parts(batch, max_row).iter().map(show).collect()
    }

    #[test]
    fn rows_are_parted_by_their_text_and_long_ones_left_out() {
        const MB: usize = 1 << 20;
        let cases: [(&[usize], &[&str]); 6] = [
            (&[1, 20, 13], &["5..7"]),
            (&[MB, MB, MB], &["5..6", "7..7"]),
            (&[3 * MB, 1, 3 * MB], &["5..5", "6..6", "7..7"]),
            (&[5 * MB, 1, 1], &["5!", "6..7"]),
            (&[1, 1, 4 * MB + 1], &["5..6", "7!"]),
            (&[1, 5 * MB, 5 * MB, MB], &["5..5", "6!", "7!", "8..8"]),
        ];
        for (lengths, expected) in cases {
            assert_eq!(shown(&batch(lengths), 4 * MB), expected, "{lengths:?}");
        }
    }

    #[test]
    fn a_part_of_long_pages_keeps_its_own_text_alone() {
        let whole = batch(&[3 << 20, 100, 3 << 20]);
        let part = compact(whole.slice(1, 1));
        let text = part.column(Meta::WIDTH + 1).as_string_view();
        assert_eq!(text.data_buffers().iter().map(Buffer::len).sum::<usize>(), 100);
        assert_eq!((text.value(0).len(), part.num_rows(), part.schema()), (100, 1, whole.schema()));
    }
}
