//! Column of a record batch in the making: views of text and nulls.

use std::sync::Arc;

use arrow::array::{ArrayRef, StringViewArray};
use arrow::buffer::{BooleanBuffer, Buffer, NullBuffer, ScalarBuffer};

use crate::decode::batch::order::Order;

/// The cells of one column of the batch in the making; missing rows at its end are nulls.
#[derive(Debug)]
pub struct Column {
    pub name: Arc<str>,
    pub order: Order,
    /// Views of text, each inside itself or into the batch's text.
    pub views: Vec<u128>,
    pub null_rows: Vec<u32>,
}

impl Column {
    /// Brings the column to `n_rows` rows with nulls.
    pub fn fill(&mut self, n_rows: usize) {
        for row in self.views.len()..n_rows {
            self.views.push(0);
            self.null_rows.push(row as u32);
        }
    }

    /// The column of `n_rows` rows; the next batch begins empty.
    pub fn close(&mut self, n_rows: usize, text: &Buffer) -> ArrayRef {
        self.fill(n_rows);
        let views = ScalarBuffer::from(std::mem::replace(&mut self.views, Vec::with_capacity(n_rows)));
        let nulls = (!self.null_rows.is_empty()).then(|| {
            let mut valid = vec![true; n_rows];
            for row in self.null_rows.drain(..) {
                valid[row as usize] = false;
            }
            NullBuffer::new(BooleanBuffer::from(valid))
        });
        // SAFETY: every view was made by `inline_view` or `outer_view` from a `&str` that either lies
        // inside the view or was copied as a whole into `text` at the offset that the view names;
        // null rows hold the empty view.
        Arc::new(unsafe { StringViewArray::new_unchecked(views, [text.clone()], nulls) })
    }
}
