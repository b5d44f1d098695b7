//! Joined rows: batches of captures' rows with their labels, as if they had been merged before they were read.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use arrow::array::{ArrayRef, BooleanArray, Int64Array, RecordBatch, StringViewBuilder, UInt8Array, UInt64Array};
use arrow::datatypes::Schema;

use super::failure::defect;
use super::label_record::LabelRecord;
use super::sort_record::{Cells, SortRecord};
use crate::decode::{OBJECT, Order, OtherReadings, cell_field, meta_fields, outcome};
use crate::error::{Error, Result};
use crate::pairing::JoinCounts;

/// A batch is full at this many rows or bytes of text.
const FULL_ROWS: usize = 4_096;
const FULL_BYTES: usize = 2 << 20;

/// Builds batches of joined rows.
pub(super) struct JoinedRows {
    /// Names of the captures' columns but the id.
    columns: Arc<OnceLock<Vec<String>>>,
    /// Names of the captures' objects, in the order of names.
    objects: Arc<[String]>,
    lines: Vec<u64>,
    starts: Vec<bool>,
    times: Vec<Option<i64>>,
    /// The id, the captures' columns, the label.
    cells: Vec<StringViewBuilder>,
    n_bytes: usize,
    /// The object of all rows; `None` where they come from several.
    object: Option<u32>,
}

impl JoinedRows {
    pub(super) fn new(columns: Arc<OnceLock<Vec<String>>>, objects: Arc<[String]>) -> Self {
        Self {
            columns,
            objects,
            lines: Vec::new(),
            starts: Vec::new(),
            times: Vec::new(),
            cells: Vec::new(),
            n_bytes: 0,
            object: None,
        }
    }

    /// Appends the capture's rows, labelled in their order. Labels that can be read in several ways are read as those
    /// that are as many as the rows, or else the record's are joined by those of the records before it in its file where
    /// all together are as many, or else an answer that can is read as the one with as many rows as labels. Where there
    /// are more labels than rows, or fewer, nobody can say which belong to which, and no row gets one.
    pub(super) fn push(&mut self, capture: &SortRecord, label: &LabelRecord, pairs: &mut JoinCounts) -> Result<()> {
        let Chosen { answers, labels, are_of_several } = self.chosen(capture, label);
        if are_of_several {
            pairs.n_labels_of_rows += label.take_n_before();
        }
        let n_rows = answers.as_ref().map_or(capture.n_rows, Vec::len);
        let n_labels_read = labels.as_ref().map_or(label.record.n_rows, Vec::len);
        let n_labels = if n_labels_read == n_rows { n_rows } else { 0 };
        let mut of_label = label.record.cells();
        let mut n_labelled = 0;
        self.append_rows(capture, answers.as_deref(), |row| {
            let label = match &labels {
                _ if row >= n_labels => None,
                Some(labels) => labels[row].as_deref(),
                None => {
                    let label = of_label.next().ok_or_else(damaged)?;
                    of_label.next().ok_or_else(damaged)?;
                    label
                }
            };
            n_labelled += u64::from(label.is_some_and(|label| !label.trim().is_empty()));
            Ok(label)
        })?;
        pairs.count_rows(n_rows as u64, n_labels_read as u64, n_labelled);
        pairs.n_rows_first_read += capture.n_rows as u64;
        Ok(())
    }

    /// Appends the rows of a capture that can be read in several ways, without labels, in the way that its labels choose
    /// where there are any. Others are left out.
    pub(super) fn push_open(&mut self, capture: &SortRecord, label: Option<&LabelRecord>) -> Result<()> {
        let mut cells = capture.cells();
        let is_open =
            self.are_several() && (0..=self.n_columns()).map_while(|_| cells.next()).last().flatten().is_some();
        if !is_open {
            return Ok(());
        }
        let answers = label.and_then(|label| self.chosen(capture, label).answers);
        self.append_rows(capture, answers.as_deref(), |_| Ok(None))
    }

    /// Whether captures can be read in several ways; the other readings stand last.
    fn are_several(&self) -> bool {
        self.names().last().is_some_and(|name| name == outcome::OTHER_READINGS)
    }

    fn names(&self) -> &[String] {
        self.columns.get().map_or(&[], Vec::as_slice)
    }

    /// Columns of an answer.
    fn n_columns(&self) -> usize {
        self.names().len() - usize::from(self.are_several())
    }

    fn chosen(&self, capture: &SortRecord, label: &LabelRecord) -> Chosen {
        let LabelRecord { record, .. } = label;
        if record.n_rows == capture.n_rows {
            return Chosen::default();
        }
        // One label a row, and the other readings behind the first one.
        if let Some(rows) = reading_of(record.cells(), 1, capture.n_rows) {
            let labels = rows.into_iter().map(|row| row.into_iter().next().flatten()).collect();
            return Chosen { labels: Some(labels), ..Chosen::default() };
        }
        if let Some(labels) = label.labels(capture.n_rows) {
            return Chosen { labels: Some(labels), are_of_several: true, ..Chosen::default() };
        }
        let answers =
            self.are_several().then(|| reading_of(capture.cells(), self.n_columns(), record.n_rows)).flatten();
        Chosen { answers, ..Chosen::default() }
    }

    /// Appends the capture's rows, read in this way where there is one.
    fn append_rows<'l>(
        &mut self,
        capture: &SortRecord,
        answers: Option<&[Row]>,
        mut label_of: impl FnMut(usize) -> Result<Option<&'l str>>,
    ) -> Result<()> {
        let (n_columns, are_several) = (self.n_columns(), self.are_several());
        self.cells.resize_with(n_columns + 2, StringViewBuilder::new);
        let is_first = self.lines.is_empty();
        self.object = if is_first { Some(capture.object) } else { self.object.filter(|of| *of == capture.object) };
        let id = capture.id().ok_or_else(damaged)?;
        let mut of_capture = capture.cells();
        for row in 0..answers.map_or(capture.n_rows, <[Row]>::len) {
            self.lines.push(capture.line);
            self.starts.push(row == 0);
            self.times.push(capture.time);
            self.append(0, Some(id));
            for column in 1..=n_columns {
                let cell = match answers {
                    Some(rows) => rows[row].get(column - 1).and_then(Option::as_deref),
                    None => of_capture.next().ok_or_else(damaged)?,
                };
                self.append(column, cell);
            }
            if are_several && answers.is_none() {
                of_capture.next().ok_or_else(damaged)?;
            }
            self.append(n_columns + 1, label_of(row)?);
        }
        Ok(())
    }

    fn append(&mut self, column: usize, cell: Option<&str>) {
        self.n_bytes += cell.map_or(0, str::len);
        self.cells[column].append_option(cell);
    }

    pub(super) fn is_full(&self) -> bool {
        self.lines.len() >= FULL_ROWS || self.n_bytes >= FULL_BYTES
    }

    /// The batch of what was appended, if there is anything.
    pub(super) fn take(&mut self) -> Result<Option<RecordBatch>> {
        let n_rows = self.lines.len();
        if n_rows == 0 {
            return Ok(None);
        }
        let object = self.object.take().and_then(|object| self.objects.get(object as usize));
        let metadata = object.map(|object| (OBJECT.to_owned(), object.clone()));
        let names = self.names().iter().map(String::as_str);
        let names = names.filter(|name| *name != outcome::OTHER_READINGS);
        let mut fields = meta_fields();
        fields.extend(
            [outcome::ID]
                .into_iter()
                .chain(names)
                .chain([outcome::LABEL])
                .enumerate()
                .map(|(place, name)| cell_field(name, Order::fixed(place))),
        );
        let mut arrays: Vec<ArrayRef> = vec![
            Arc::new(UInt8Array::new_null(n_rows)),
            Arc::new(UInt64Array::from(std::mem::take(&mut self.lines))),
            Arc::new(BooleanArray::from(std::mem::take(&mut self.starts))),
            Arc::new(Int64Array::from(std::mem::take(&mut self.times))),
        ];
        arrays.extend(self.cells.iter_mut().map(|cells| Arc::new(cells.finish()) as ArrayRef));
        self.n_bytes = 0;
        let schema = Schema::new_with_metadata(fields, HashMap::from_iter(metadata));
        RecordBatch::try_new(Arc::new(schema), arrays).map(Some).map_err(defect)
    }

    /// Bytes held, about.
    pub(super) fn memory(&self) -> usize {
        self.n_bytes + self.lines.len() * (self.cells.len() + 2) * size_of::<u128>()
    }
}

/// The cells of one row.
type Row = Vec<Option<String>>;

/// How a capture and its label record are read; `None` where in the first way.
#[derive(Default)]
struct Chosen {
    answers: Option<Vec<Row>>,
    labels: Option<Vec<Option<String>>>,
    /// Whether the labels are those of several records.
    are_of_several: bool,
}

fn damaged() -> Error {
    defect("a record cannot be read after it was sorted")
}

/// The reading of a record that has so many rows, if it has one: from the cell behind the columns of its first row.
fn reading_of(mut cells: Cells<'_>, n_columns: usize, n_rows: usize) -> Option<Vec<Row>> {
    let text = (0..=n_columns).map_while(|_| cells.next()).nth(n_columns)??;
    OtherReadings::rows_in(text, n_rows)
}
