//! Stager: payloads to rows of cells, by their [`Reading`].
//!
//! Cells of lists and of comma-separated lines are known by their position, those of objects by their keys: nested
//! keys joined with dots, elements of lists by their number.

use crate::decode::batch::arrow_text::BEYOND_RANGE;
use crate::decode::batch::builder::BatchBuilder;
use crate::decode::batch::order::Side;
use crate::decode::batch::staged::StagedRows;
use crate::decode::limits::MAX_NAME_BYTES;
use crate::decode::payload::of_payload;
use crate::decode::reason::Reason;
use crate::decode::rows::naming::Naming;
use crate::decode::rows::reading::Reading;
use crate::decode::shapes::{Beside, Column, Rows, Table, cells_of, length, table_of};
use crate::decode::text::csv::{self, Dialect};
use crate::decode::text::json::{self, Node, Text, Value};

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
    pub scratch: &'a mut Scratch,
}

impl Stager<'_> {
    /// Stages the rows of a payload.
    pub fn stage(&mut self, reading: &Reading<'_, '_>) -> Result<(), Reason> {
        match reading {
            Reading::Lines { text, names, dialect } => self.csv((text, dialect), names.as_deref(), false),
            Reading::Rows { text, names } => self.csv((text, Dialect::commas()), names.as_deref(), true),
            Reading::Cells { text, dialect } => self.cells((text, dialect)),
            Reading::Json(values) => values.iter().try_for_each(|(_, table)| self.table(table)),
        }
        .map_err(of_payload)
    }

    /// Stages the rows of lines of cells. Lines of white space are no rows, but where `all` are.
    fn csv(&mut self, (text, dialect): (&str, &Dialect), names: Option<&[String]>, all: bool) -> Result<(), Reason> {
        self.each_line((text, dialect), all, |stager, cells| {
            match names {
                None => {
                    let columns = stager.naming.positions(stager.builder, stager.side, 0, cells.len())?;
                    stager.builder.stage_csv(stager.rows, columns, text, cells, &mut stager.scratch.text);
                }
                Some(names) => {
                    for (place, cell) in cells.iter().enumerate() {
                        let column = stager.naming.named(stager.builder, stager.side, names, place)?;
                        let (cell, buffer) = (std::slice::from_ref(cell), &mut stager.scratch.text);
                        stager.builder.stage_csv(stager.rows, &[column], text, cell, buffer);
                    }
                }
            }
            stager.close_row()
        })
    }

    /// Stages each cell of a line as a row.
    fn cells(&mut self, (text, dialect): (&str, &Dialect)) -> Result<(), Reason> {
        self.each_line((text, dialect), false, |stager, cells| {
            for cell in cells {
                let columns = stager.naming.positions(stager.builder, stager.side, 0, 1)?;
                let (cell, buffer) = (std::slice::from_ref(cell), &mut stager.scratch.text);
                stager.builder.stage_csv(stager.rows, columns, text, cell, buffer);
                stager.close_row()?;
            }
            Ok(())
        })
    }

    fn each_line(
        &mut self,
        (text, dialect): (&str, &Dialect),
        all: bool,
        mut stage: impl FnMut(&mut Self, &[csv::Cell]) -> Result<(), Reason>,
    ) -> Result<(), Reason> {
        let mut at = 0;
        let mut cells = std::mem::take(&mut self.scratch.cells);
        let staged = loop {
            if at >= text.len() {
                break Ok(());
            }
            match csv::record_of(dialect, text.as_bytes(), at, true, &mut cells) {
                csv::Scan::Partial { .. } => break Err(Reason::UnterminatedQuote),
                csv::Scan::Record(next) => {
                    at = next;
                    if (all || !csv::is_blank(text, &cells))
                        && let Err(reason) = stage(self, &cells)
                    {
                        break Err(reason);
                    }
                }
            }
        };
        self.scratch.cells = cells;
        staged
    }

    /// Ends the current row; refuses a record whose rows unfold to far more than it holds.
    fn close_row(&mut self) -> Result<(), Reason> {
        self.rows.end_row();
        if self.builder.is_overflowing(self.rows) { Err(Reason::RecordTooLarge) } else { Ok(()) }
    }

    /// Stages the rows of a JSON value by its shape.
    pub fn value(&mut self, value: Value<'_, '_>) -> Result<(), Reason> {
        self.table(&table_of(value))
    }

    fn table(&mut self, table: &Table<'_, '_>) -> Result<(), Reason> {
        table.check()?;
        let Table { rows, beside, .. } = table;
        match rows {
            Rows::One(row) => self.row(*row, 0, beside),
            Rows::Elements(list) => list.elements().enumerate().try_for_each(|(i, row)| self.row(row, i, beside)),
            Rows::Members(object) => {
                object.entries().enumerate().try_for_each(|(i, (_, row))| self.row(row, i, beside))
            }
            Rows::Named { names, rows } => {
                let names = texts_in(*names);
                rows.elements().enumerate().try_for_each(|(i, row)| {
                    if length(row) > names.len() {
                        return Err(Reason::InvalidPayload);
                    }
                    names.iter().zip(row.elements()).try_for_each(|(name, cell)| self.under(&[], *name, cell))?;
                    self.end_row(i, beside)
                })
            }
            Rows::Flat { names, cells, width } => {
                let names = names.map(texts_in);
                cells.chunks(*width).enumerate().try_for_each(|(i, cells)| {
                    match &names {
                        Some(names) => {
                            names.iter().zip(cells).try_for_each(|(name, cell)| self.under(&[], *name, *cell))?
                        }
                        None => self.flat(cells)?,
                    }
                    self.end_row(i, beside)
                })
            }
            Rows::Columns(columns) => (0..rows.len()).try_for_each(|i| {
                columns.iter().try_for_each(|column| self.column(column, i))?;
                self.end_row(i, beside)
            }),
        }
    }

    /// Stages row `i`, with what stands beside the rows.
    fn row(&mut self, value: Value<'_, '_>, i: usize, beside: &[Beside<'_, '_>]) -> Result<(), Reason> {
        self.scratch.path.clear();
        let value = cells_of(value);
        match value.node() {
            Node::Object { .. } => self.keyed(value)?,
            Node::Array { .. } => self.positional(value)?,
            _ => {
                let column = self.naming.positions(self.builder, self.side, 0, 1)?[0];
                self.scalar(column, value)?;
            }
        }
        self.end_row(i, beside)
    }

    /// Stages the cells of row `i` of a column.
    fn column(&mut self, column: &Column<'_, '_>, i: usize) -> Result<(), Reason> {
        if column.width == 1 {
            return self.under(&column.within, column.name, column.cells[i]);
        }
        for (place, &cell) in column.cells[i * column.width..(i + 1) * column.width].iter().enumerate() {
            self.scratch.path.clear();
            self.enter_all(&column.within, column.name)?;
            self.enter(Text { raw: &place.to_string(), escaped: false })?;
            self.keyed(cell)?;
        }
        Ok(())
    }

    /// Stages cells by position.
    fn flat(&mut self, cells: &[Value<'_, '_>]) -> Result<(), Reason> {
        cells.iter().enumerate().try_for_each(|(position, cell)| {
            let column = self.naming.positions(self.builder, self.side, position, 1)?[0];
            self.scalar(column, *cell)
        })
    }

    /// Stages what stands under a key, and that within others.
    fn under(&mut self, within: &[Text<'_>], key: Text<'_>, value: Value<'_, '_>) -> Result<(), Reason> {
        self.scratch.path.clear();
        self.enter_all(within, key)?;
        self.keyed(value)
    }

    fn enter_all(&mut self, within: &[Text<'_>], key: Text<'_>) -> Result<(), Reason> {
        within.iter().chain([&key]).try_for_each(|key| self.enter(*key))
    }

    fn end_row(&mut self, i: usize, beside: &[Beside<'_, '_>]) -> Result<(), Reason> {
        let n_cells = self.rows.n_cells_in_row();
        for Beside { within, key, every_row, by_row, .. } in beside {
            self.under(within, *key, by_row.get(i).copied().unwrap_or(*every_row))?;
        }
        if !beside.is_empty() {
            self.rows.leave_out_repeated(n_cells);
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
    fn positional(&mut self, value: Value<'_, '_>) -> Result<(), Reason> {
        for (i, element) in value.elements().enumerate() {
            let position = self.rows.n_cells_in_row();
            match element.node() {
                Node::Array { .. } => self.positional(element)?,
                Node::Object { .. } => {
                    self.enter(Text { raw: &i.to_string(), escaped: false })?;
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
            Node::Literal(word) => match number_of(word) {
                Some(word) => self.builder.stage(self.rows, column, word),
                None => self.builder.stage_null(self.rows, column),
            },
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

/// The texts in a list.
fn texts_in<'a>(list: Value<'_, 'a>) -> Vec<Text<'a>> {
    list.elements().filter_map(Value::text).collect()
}

/// A literal as a cell; `None` for what is no number, as in columnar files.
fn number_of(word: &str) -> Option<&str> {
    let [above, below] = BEYOND_RANGE;
    match word {
        "NaN" => None,
        "Infinity" => Some(above),
        "-Infinity" => Some(below),
        _ => Some(word),
    }
}
