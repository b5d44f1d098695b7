//! Settings of decoders: how objects are written, and what their rows hold.

use std::sync::Arc;

use crate::decode::limits::MAX_RECORD_TEXT;
use crate::decode::settings::filter::Filter;
use crate::decode::settings::format::Format;
use crate::decode::settings::positions::Positions;
use crate::decode::settings::rows::Rows;
use crate::decode::text::csv::COMMA;
use crate::decode::text::time::Window;

/// What decoders need to know beyond the bytes.
#[derive(Clone, Debug)]
pub struct Settings {
    pub format: Format,
    /// What the rows hold.
    pub rows: Rows,
    pub window: Window,
    /// What the metadata of captured records must say.
    pub filter: Filter,
    /// The baseline's column names, for cells that are known by position only.
    pub names: Arc<[String]>,
    /// Where those cells stand. `None`: each object decides it by its first records.
    pub positions: Option<Positions>,
    /// Whether answers stand behind requests in the table.
    pub outputs_are_last: bool,
    /// The byte between cells of tables of text.
    pub delimiter: u8,
    /// Longest record in bytes.
    pub max_record_bytes: usize,
    /// Most bytes that the rows of one record may take in memory.
    pub max_record_memory: usize,
}

impl Settings {
    /// Of rows at any time, whose cells have no names but their own.
    pub fn new(format: Format, rows: Rows, max_record_bytes: usize) -> Self {
        Self {
            format,
            rows,
            window: Window::default(),
            filter: Filter::default(),
            names: Arc::default(),
            positions: None,
            outputs_are_last: false,
            delimiter: COMMA,
            max_record_bytes,
            max_record_memory: usize::MAX,
        }
    }

    /// Most bytes of text that a binary payload may become.
    pub fn max_unfolded(&self) -> usize {
        self.max_record_memory.min(MAX_RECORD_TEXT)
    }

    /// The names of cells that are known by position only.
    pub fn names(&self) -> Arc<[String]> {
        match &self.rows {
            Rows::Instances(instances) => instances.headers.clone().into(),
            _ => self.names.clone(),
        }
    }

    /// The columns that every batch of rows has; `None` where the data sets them.
    pub fn columns(&self) -> Option<Vec<String>> {
        let mut columns = self.rows.columns()?;
        if let Rows::Instances(instances) = &self.rows {
            columns.extend(instances.fixed_columns(&self.format, columns.len()));
        }
        Some(columns)
    }
}
