//! Column naming: what the columns of a CSV table are called, by its first record or by the job, and what becomes of
//! its rows where not all cells are wanted.

use std::sync::Arc;

use crate::decode::batch::builder::{BatchBuilder, RecordMark};
use crate::decode::batch::order::{Order, Side};
use crate::decode::batch::outcome::unnamed_feature;
use crate::decode::extract::table_places::table_has_named;
use crate::decode::formats::outcome_table::TableFormat;
use crate::decode::formats::transform::TransformFormat;
use crate::decode::framing::csv_header::{header_names, holds_names, looks_like_header};
use crate::decode::limits::{MAX_COLUMNS, MAX_NAME_BYTES};
use crate::decode::reason::Reason;
use crate::decode::rows::naming::{Naming, unnamed};
use crate::decode::settings::decoding::Settings;
use crate::decode::settings::rows::Rows;
use crate::decode::text::csv::Cell;

/// Names the columns of one table.
pub struct ColumnNaming {
    /// Whether the first record names the columns; `None` where the file itself has to tell.
    header: Option<bool>,
    /// The baseline's names, or those that the job gives, for tables without a header.
    names: Arc<[String]>,
    /// Whether the job gives them: then a header holds them.
    is_named: bool,
    naming: Naming,
    /// What becomes of the rows, where not all cells are wanted.
    chosen: Option<ChosenRows>,
}

/// Rows of fixed columns.
enum ChosenRows {
    /// Until the columns' names are known.
    Of(Box<Rows>),
    Table(Box<TableFormat>),
    Transform(Box<TransformFormat>),
}

impl ColumnNaming {
    pub fn new(header: Option<bool>, names: Arc<[String]>) -> Self {
        Self { header, naming: Naming::with_names(names.clone()), names, is_named: false, chosen: None }
    }

    /// For the rows of a dataset's table.
    pub fn of(self, settings: &Settings, rows: &Rows) -> Self {
        match rows {
            Rows::Cells => self,
            Rows::Instances(instances) => {
                let naming = Self { is_named: !instances.headers.is_empty(), ..self };
                match instances.with_label {
                    true => naming.with_rows(rows),
                    false => naming.with_transform(TransformFormat::new(settings, Arc::default())),
                }
            }
            Rows::Predictions(_) | Rows::CaptureRecords => {
                self.with_transform(TransformFormat::new(settings, Arc::default()))
            }
            _ => self.with_rows(rows),
        }
    }

    /// Makes rows of fixed columns from those of the table.
    pub fn with_rows(self, rows: &Rows) -> Self {
        Self { chosen: Some(ChosenRows::Of(Box::new(rows.clone()))), ..self }
    }

    /// Takes the rows for those that a transform gave ids to.
    fn with_transform(self, transform: TransformFormat) -> Self {
        Self { chosen: Some(ChosenRows::Transform(Box::new(transform))), ..self }
    }

    /// Whether the names may stand in the table's first record.
    pub fn may_be_in_file(&self) -> bool {
        self.header != Some(false)
    }

    /// The columns that the first record sets up; none where those of the rows are fixed.
    pub fn columns(
        &mut self,
        builder: &mut BatchBuilder,
        text: &str,
        cells: &[Cell],
        is_header: bool,
    ) -> Result<Vec<u32>, Reason> {
        match self.chosen {
            Some(_) => self.choose(builder, text, cells, is_header),
            None => self.first_record(builder, text, cells, is_header),
        }
    }

    /// Takes a row of fixed columns; whether it is one.
    pub fn takes_row(&mut self, builder: &mut BatchBuilder, mark: RecordMark, text: &str, cells: &[Cell]) -> bool {
        match &mut self.chosen {
            Some(ChosenRows::Table(table)) => table.csv_row(builder, mark, text, cells),
            Some(ChosenRows::Transform(transform)) => transform.csv_row(builder, mark, text, cells),
            Some(ChosenRows::Of(_)) | None => return false,
        }
        true
    }

    /// Whether a first record names the columns.
    pub fn is_header(&self, text: &str, cells: &[Cell]) -> bool {
        if let Some(is_header) = self.header {
            return is_header;
        }
        let has_named = match &self.chosen {
            Some(ChosenRows::Of(rows)) if rows.are_labels() => {
                table_has_named(&header_names(text, cells), &rows.attributes())
            }
            _ if self.is_named => Some(holds_names(text, cells, &self.names)),
            _ => None,
        };
        has_named.unwrap_or_else(|| looks_like_header(text, cells, &self.names))
    }

    /// What a header calls the columns. Where the job gives the names, spaces around them are none of theirs.
    fn header_names(&self, text: &str, cells: &[Cell]) -> Result<Vec<String>, Reason> {
        let mut names = header_names(text, cells);
        if self.is_named {
            names.iter_mut().for_each(|name| *name = name.trim().to_owned());
        }
        if names.iter().any(|name| name.len() > MAX_NAME_BYTES) { Err(Reason::NameTooLong) } else { Ok(names) }
    }

    /// Finds the wanted columns by their names; the batches' own columns are fixed.
    fn choose(
        &mut self,
        builder: &mut BatchBuilder,
        text: &str,
        cells: &[Cell],
        is_header: bool,
    ) -> Result<Vec<u32>, Reason> {
        let has_features = matches!(&self.chosen, Some(ChosenRows::Of(rows)) if matches!(**rows, Rows::Instances(_)));
        let other = |place| if has_features { unnamed_feature(place) } else { unnamed(place) };
        let positional = |place: usize| self.names.get(place).cloned().unwrap_or_else(|| other(place));
        let names = match is_header {
            true => self.header_names(text, cells)?,
            false => (0..cells.len().max(self.names.len())).map(positional).collect(),
        };
        if let Some(ChosenRows::Of(rows)) = &self.chosen {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            self.chosen = Some(ChosenRows::Table(Box::new(TableFormat::new(rows, &names, builder)?)));
        }
        Ok(Vec::new())
    }

    /// The columns that the first record sets up.
    fn first_record(
        &mut self,
        builder: &mut BatchBuilder,
        text: &str,
        cells: &[Cell],
        is_header: bool,
    ) -> Result<Vec<u32>, Reason> {
        let width = if is_header { cells.len() } else { cells.len().max(self.names.len()) };
        if width > MAX_COLUMNS {
            return Err(Reason::TooManyColumns);
        }
        let columns = if is_header {
            let names = self.header_names(text, cells)?;
            let column = |(i, name): (usize, &String)| builder.column(name, &Order::of_table(i));
            names.iter().enumerate().map(column).collect::<Result<Vec<_>, _>>()?
        } else {
            self.naming.positions(builder, Side::Input, 0, width)?.to_vec()
        };
        builder.settle_columns();
        self.naming.keep();
        Ok(columns)
    }
}
