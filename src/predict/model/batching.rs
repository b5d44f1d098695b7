//! Batching: rows to batches that fit into a request.

use std::sync::Arc;

use bytes::Bytes;

use crate::predict::request::RequestWriter;

/// Rows that are asked for together.
#[derive(Debug)]
pub(super) struct Batch {
    /// Which rows of the call they are.
    pub places: Vec<usize>,
    pub records: Vec<String>,
}

impl Batch {
    pub fn body(&self, writer: &RequestWriter) -> Bytes {
        writer.body(&self.records)
    }

    /// Each row on its own.
    pub fn singles(self) -> impl Iterator<Item = Self> {
        let rows = self.places.into_iter().zip(self.records);
        rows.map(|(place, record)| Self { places: vec![place], records: vec![record] })
    }
}

/// Writes rows one after the other and gives them away in batches.
pub(super) struct Batches<'a> {
    pub writer: &'a RequestWriter,
    pub rows: &'a [Vec<Option<Arc<str>>>],
    /// The rows to be sent.
    pub places: std::vec::IntoIter<usize>,
    pub max_rows: usize,
    /// A single row that is larger makes a batch all the same.
    pub max_bytes: usize,
    /// The row that did not fit into the last batch.
    pub waiting: Option<(usize, String)>,
}

impl Iterator for Batches<'_> {
    type Item = Batch;

    fn next(&mut self) -> Option<Batch> {
        let (n_outside, n_between) = self.writer.n_bytes_beside();
        let max_rows = if self.writer.takes_many() { self.max_rows } else { 1 };
        let mut batch = Batch { places: Vec::new(), records: Vec::new() };
        let mut n_bytes = n_outside;
        while batch.places.len() < max_rows.max(1) {
            let written = self.waiting.take().or_else(|| {
                let place = self.places.next()?;
                Some((place, self.writer.record(self.rows.get(place)?)))
            });
            let Some((place, record)) = written else { break };
            let n_more = record.len() + if batch.places.is_empty() { 0 } else { n_between };
            if !batch.places.is_empty() && n_bytes + n_more > self.max_bytes {
                self.waiting = Some((place, record));
                break;
            }
            n_bytes += n_more;
            batch.places.push(place);
            batch.records.push(record);
        }
        (!batch.places.is_empty()).then_some(batch)
    }
}
