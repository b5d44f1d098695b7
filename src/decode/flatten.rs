//! JSON flattening: values to rows of cells.
//!
//! | value | rows |
//! |---|---|
//! | an object | one, cells by key; nested keys joined with dots, elements of arrays by their number |
//! | an object of two or more equally long arrays of scalars | one per element: the arrays are columns |
//! | an array of scalars | one, cells by position |
//! | any other array | one per element |
//! | a scalar | one cell |
//! | an object with `instances`, `predictions`, `inputs` or `outputs` | those of the array or object under that key, where an array of scalars means one row per scalar; a list beside the key that is as long has one element for each row, anything else is repeated in every row |

use super::batch::BatchBuilder;
use super::column_names::Naming;
use super::json::{self, Node, Text, Value};
use super::limits::MAX_NAME_BYTES;
use super::order::Side;
use super::staged::StagedRows;
use super::{Reason, csv};

/// Keys under which prediction services wrap rows (TensorFlow Serving's and Vertex AI's REST APIs).
const ENVELOPES: [&str; 4] = ["instances", "predictions", "inputs", "outputs"];

/// Buffers that are used again for every record.
#[derive(Debug, Default)]
pub struct Scratch {
    path: String,
    text: String,
    cells: Vec<csv::Cell>,
}

/// Stages the rows of one side of a record.
pub struct Stager<'a> {
    pub builder: &'a mut BatchBuilder,
    pub naming: &'a mut Naming,
    pub side: Side,
    pub rows: &'a mut StagedRows,
    /// The other side's rows: their cells come first and push positions up.
    pub before: Option<&'a StagedRows>,
    pub scratch: &'a mut Scratch,
}

impl Stager<'_> {
    /// Position of the current row's first cell.
    fn first_position(&self) -> usize {
        match self.before {
            Some(before) if self.rows.n_rows() < before.n_rows() => before.width(self.rows.n_rows()),
            _ => 0,
        }
    }

    /// Stages the rows of comma-separated text. Lines of white space are no rows.
    pub fn csv(&mut self, text: &str) -> Result<(), Reason> {
        let mut at = 0;
        let mut cells = std::mem::take(&mut self.scratch.cells);
        let staged = loop {
            if at >= text.len() {
                break Ok(());
            }
            match csv::record(text.as_bytes(), at, true, &mut cells) {
                csv::Scan::Partial { .. } => break Err(Reason::UnterminatedQuote),
                csv::Scan::Record(next) => {
                    at = next;
                    if !csv::is_blank(text, &cells)
                        && let Err(reason) = self.csv_row(text, &cells)
                    {
                        break Err(reason);
                    }
                }
            }
        };
        self.scratch.cells = cells;
        staged
    }

    /// Stages one row of cells of `text`.
    pub fn csv_row(&mut self, text: &str, cells: &[csv::Cell]) -> Result<(), Reason> {
        let first = self.first_position();
        let columns = self.naming.positions(self.builder, self.side, first, cells.len())?;
        self.builder.stage_csv(self.rows, columns, text, cells, &mut self.scratch.text);
        self.close_row()
    }

    /// Ends the current row; refuses a record whose rows unfold to far more than it holds.
    fn close_row(&mut self) -> Result<(), Reason> {
        self.rows.end_row();
        if self.builder.is_overflowing(self.rows) { Err(Reason::RecordTooLarge) } else { Ok(()) }
    }

    /// Stages the rows of a JSON value, or of several one after the other.
    pub fn json(&mut self, text: &str) -> Result<(), Reason> {
        let mut reader = json::Reader::over(text);
        let mut tape = Vec::new();
        while reader.read(&mut tape)? {
            self.unfold(Value::at(&tape, 0))?;
            tape.clear();
        }
        Ok(())
    }

    /// Stages the rows of one JSON value.
    pub fn unfold(&mut self, value: Value<'_, '_>) -> Result<(), Reason> {
        if is_column_oriented(value) {
            return self.columns(value, &[]);
        }
        if let Some((envelope, wrapped)) = envelope(value) {
            let is_columns = is_column_oriented(wrapped);
            let n_rows = match wrapped.node() {
                Node::Array { len, .. } => len,
                _ if is_columns => wrapped.entries().next().map_or(0, |(_, column)| column.elements().count()),
                _ => 1,
            };
            let beside = beside(value, envelope, n_rows);
            return match wrapped.node() {
                Node::Array { .. } => wrapped.elements().enumerate().try_for_each(|(i, row)| self.row(row, i, &beside)),
                _ if is_columns => self.columns(wrapped, &beside),
                _ => self.row(wrapped, 0, &beside),
            };
        }
        match value.node() {
            Node::Array { .. } if !value.elements().all(Value::is_scalar) => {
                value.elements().try_for_each(|row| self.row(row, 0, &[]))
            }
            Node::Array { len: 0, .. } => Ok(()),
            _ => self.row(value, 0, &[]),
        }
    }

    /// Stages row `i`, with what stands beside its envelope.
    fn row(&mut self, value: Value<'_, '_>, i: usize, beside: &[Beside<'_, '_>]) -> Result<(), Reason> {
        let first = self.first_position();
        self.scratch.path.clear();
        match value.node() {
            Node::Object { .. } => self.keyed(value)?,
            Node::Array { .. } => self.positional(value, first)?,
            _ => {
                let column = self.naming.positions(self.builder, self.side, first, 1)?[0];
                self.scalar(column, value)?;
            }
        }
        self.end_row(i, beside)
    }

    /// Stages rows from an object whose values are columns.
    fn columns(&mut self, value: Value<'_, '_>, beside: &[Beside<'_, '_>]) -> Result<(), Reason> {
        let mut columns: Vec<_> = value.entries().map(|(key, column)| (key, column.elements())).collect();
        for i in 0.. {
            for (key, elements) in &mut columns {
                let Some(element) = elements.next() else { return Ok(()) };
                self.scratch.path.clear();
                self.enter(*key)?;
                self.keyed(element)?;
            }
            self.end_row(i, beside)?;
        }
        Ok(())
    }

    fn end_row(&mut self, i: usize, beside: &[Beside<'_, '_>]) -> Result<(), Reason> {
        for Beside { key, every_row, by_row } in beside {
            self.scratch.path.clear();
            self.enter(*key)?;
            self.keyed(by_row.get(i).copied().unwrap_or(*every_row))?;
        }
        self.close_row()
    }

    /// Adds a key to the path.
    fn enter(&mut self, key: Text<'_>) -> Result<(), Reason> {
        let path = &mut self.scratch.path;
        if !path.is_empty() {
            path.push('.');
        }
        if key.escaped {
            json::unescape(key, path)?;
        } else {
            path.push_str(key.raw);
        }
        if path.len() > MAX_NAME_BYTES { Err(Reason::NameTooLong) } else { Ok(()) }
    }

    /// Stages the cells of `value`, which stands at the current path.
    fn keyed(&mut self, value: Value<'_, '_>) -> Result<(), Reason> {
        let depth = self.scratch.path.len();
        match value.node() {
            Node::Object { .. } => {
                for (key, child) in value.entries() {
                    self.enter(key)?;
                    self.keyed(child)?;
                    self.scratch.path.truncate(depth);
                }
            }
            Node::Array { .. } => {
                for (i, child) in value.elements().enumerate() {
                    self.enter(Text { raw: &i.to_string(), escaped: false })?;
                    self.keyed(child)?;
                    self.scratch.path.truncate(depth);
                }
            }
            _ => {
                let column = self.naming.path(self.builder, self.side, &self.scratch.path)?;
                self.scalar(column, value)?;
            }
        }
        Ok(())
    }

    /// Stages the elements of an array by position, nested arrays end to end.
    fn positional(&mut self, value: Value<'_, '_>, first: usize) -> Result<(), Reason> {
        for element in value.elements() {
            let position = first + self.rows.n_cells_in_row();
            match element.node() {
                Node::Array { .. } => self.positional(element, first)?,
                Node::Object { .. } => {
                    self.enter(Text { raw: &position.to_string(), escaped: false })?;
                    self.keyed(element)?;
                    self.scratch.path.clear();
                }
                _ => {
                    let column = self.naming.positions(self.builder, self.side, position, 1)?[0];
                    self.scalar(column, element)?;
                }
            }
        }
        Ok(())
    }

    fn scalar(&mut self, column: u32, value: Value<'_, '_>) -> Result<(), Reason> {
        match value.node() {
            Node::Literal(word) => self.builder.stage(self.rows, column, word),
            Node::String(text) if text.escaped => {
                self.scratch.text.clear();
                json::unescape(text, &mut self.scratch.text)?;
                self.builder.stage(self.rows, column, &self.scratch.text);
            }
            Node::String(text) => self.builder.stage(self.rows, column, text.raw),
            _ => self.builder.stage_null(self.rows, column),
        }
        Ok(())
    }
}

/// What stands beside an envelope under `key`.
struct Beside<'t, 'a> {
    key: Text<'a>,
    every_row: Value<'t, 'a>,
    /// One value for each row, where there is a list as long as the rows are many.
    by_row: Vec<Value<'t, 'a>>,
}

fn beside<'t, 'a>(value: Value<'t, 'a>, envelope: &str, n_rows: usize) -> Vec<Beside<'t, 'a>> {
    let others = value.entries().filter(|(key, _)| key.raw != envelope);
    let by_row = |value: Value<'t, 'a>| match value.node() {
        Node::Array { len, .. } if len == n_rows => value.elements().collect(),
        _ => Vec::new(),
    };
    others.map(|(key, value)| Beside { key, every_row: value, by_row: by_row(value) }).collect()
}

/// The first envelope key of an object, and the rows under it.
pub(super) fn envelope<'t, 'a>(value: Value<'t, 'a>) -> Option<(&'a str, Value<'t, 'a>)> {
    let is_envelope = |(key, rows): &(Text<'a>, Value<'t, 'a>)| ENVELOPES.contains(&key.raw) && !rows.is_scalar();
    value.entries().find(is_envelope).map(|(key, rows)| (key.raw, rows))
}

/// Whether `value` is an object of at least two equally long, non-empty arrays of scalars.
fn is_column_oriented(value: Value<'_, '_>) -> bool {
    let mut length = None;
    let mut n_columns = 0;
    let all_fit = value.entries().all(|(_, column)| {
        n_columns += 1;
        match column.node() {
            Node::Array { len, .. } if len > 0 && *length.get_or_insert(len) == len => {
                column.elements().all(Value::is_scalar)
            }
            _ => false,
        }
    });
    all_fit && n_columns >= 2
}
