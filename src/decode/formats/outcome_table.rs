//! Outcome tables: rows of tables to rows of fixed columns; what a table's columns are is known before its rows.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

use arrow::array::{Array, AsArray, RecordBatch, StringViewArray};

use crate::decode::batch::builder::{BatchBuilder, RecordMark};
use crate::decode::batch::events;
use crate::decode::batch::layout::{Meta, OBJECT};
use crate::decode::batch::order::{Order, Side};
use crate::decode::batch::outcome::feature_column;
use crate::decode::batch::packed_features::PackedFeatures;
use crate::decode::batch::record_format::RecordFormat;
use crate::decode::batch::staged::StagedRows;
use crate::decode::extract::column::Column;
use crate::decode::extract::features::{Features, read_instances};
use crate::decode::extract::kept_features::KeptFeatures;
use crate::decode::extract::labels::LABEL_NAMES;
use crate::decode::extract::lookup::Answers;
use crate::decode::extract::outcome_rows::{FixedRows, Found, Places, TableRow, answers, settle};
use crate::decode::extract::row_order::RowOrder;
use crate::decode::extract::table_places::{id_names, table_places};
use crate::decode::formats::description::{self, counted};
use crate::decode::payload::Content;
use crate::decode::reason::{Observation, Reason};
use crate::decode::rows::reading::ReadPayload;
use crate::decode::settings::attribute::{Attribute, Attributes};
use crate::decode::settings::decoding::Settings;
use crate::decode::settings::positions::Positions;
use crate::decode::settings::rows::Rows;
use crate::decode::text::csv::Cell;

/// Takes the rows of one table.
pub struct TableFormat {
    rows: Rows,
    attributes: Attributes,
    columns: TableColumns,
    /// Places of features in the table, and their columns.
    features: Vec<(usize, u32)>,
    /// Places of features that are kept in one cell.
    kept: Vec<usize>,
    packed: PackedFeatures,
    names: Vec<String>,
    staged: StagedRows,
    scores: Column,
    /// Of rows of labels.
    order: RowOrder,
}

/// Where the values of a table stand.
#[derive(Debug, Default)]
struct TableColumns {
    id: Option<usize>,
    prediction: Option<usize>,
    /// For each attribute its column, or those of a list.
    scores: Vec<Vec<usize>>,
    /// Whether all scores are the elements of one list.
    is_list: bool,
    label: Option<usize>,
    /// The columns of a list of labels, where there is no column of one.
    labels: Vec<usize>,
}

impl TableColumns {
    fn of(names: &[&str], rows: &Rows, attributes: &Attributes) -> Self {
        let place = |attribute: &Attribute| place(names, attribute);
        let (id, label) = match rows {
            Rows::Outcomes(_) | Rows::Instances(_) => {
                (attributes.id.as_ref().and_then(place), attributes.label.as_ref().and_then(place))
            }
            _ => table_places(names, attributes),
        };
        let labels = || match &attributes.label {
            Some(Attribute::Name(name)) => list_places(names, name),
            Some(_) => Vec::new(),
            None => {
                LABEL_NAMES.iter().map(|name| list_places(names, name)).find(|all| !all.is_empty()).unwrap_or_default()
            }
        };
        Self {
            labels: if label.is_none() && rows.are_labels() { labels() } else { Vec::new() },
            id,
            prediction: attributes.prediction.as_ref().and_then(place),
            scores: attributes.scores.iter().map(|score| places(names, score)).collect(),
            is_list: matches!(&attributes.scores[..], [only @ Attribute::Name(_)] if place(only).is_none()),
            label,
        }
    }

    /// The places of all that was asked for.
    fn places(&self) -> impl Iterator<Item = usize> {
        let others = [self.id, self.prediction, self.label].into_iter().flatten();
        self.scores.iter().flatten().copied().chain(others)
    }
}

/// The place of the column that an attribute names.
fn place(names: &[&str], attribute: &Attribute) -> Option<usize> {
    match attribute {
        Attribute::Index(index) => Some(*index).filter(|&index| index < names.len()),
        Attribute::Name(name) => names.iter().position(|other| other == name),
        Attribute::Path(_) => None,
    }
}

/// The places of the column that an attribute names, or of the list's.
fn places(names: &[&str], attribute: &Attribute) -> Vec<usize> {
    match (place(names, attribute), attribute) {
        (Some(place), _) => vec![place],
        (None, Attribute::Name(name)) => list_places(names, name),
        (None, _) => Vec::new(),
    }
}

/// The columns of a list's elements: `name.0`, `name.1`, ….
fn list_places(names: &[&str], name: &str) -> Vec<usize> {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_element =
        |other: &&str| other.strip_prefix(name).and_then(|rest| rest.strip_prefix('.')).is_some_and(is_number);
    (0..names.len()).filter(|&place| is_element(&names[place])).collect()
}

impl TableFormat {
    /// For a table whose columns are called `names`; its features become columns of `builder`.
    pub fn new(rows: &Rows, names: &[&str], builder: &mut BatchBuilder) -> Result<Self, Reason> {
        let attributes = rows.attributes();
        let columns = TableColumns::of(names, rows, &attributes);
        let mut features = Vec::new();
        if let Rows::Instances(instances) = rows {
            let excluded = instances.excluded.iter().filter_map(|attribute| place(names, attribute));
            let elsewhere = instances.others.iter().flat_map(|attribute| places(names, attribute));
            let others: HashSet<usize> = columns.places().chain(excluded).chain(elsewhere).collect();
            for place in (0..names.len()).filter(|place| !others.contains(place)) {
                let column = builder.column(&feature_column(names[place]), &Order::position(Side::Input, place))?;
                features.push((place, column));
            }
            builder.settle_columns();
        }
        let mut kept = Vec::new();
        if rows.keep_features() {
            let asked: HashSet<usize> = columns.places().collect();
            kept.extend((0..names.len()).filter(|place| !asked.contains(place)));
        }
        let is_used =
            |place: &usize| [columns.id, columns.label].contains(&Some(*place)) || columns.labels.contains(place);
        let others = (0..names.len()).filter(|place| rows.are_labels() && !is_used(place));
        Ok(Self {
            order: RowOrder::of(others),
            columns,
            features,
            kept,
            packed: PackedFeatures::default(),
            names: names.iter().map(|name| (*name).to_owned()).collect(),
            rows: rows.clone(),
            attributes,
            staged: StagedRows::default(),
            scores: Column::default(),
        })
    }

    /// Takes a row of comma-separated values.
    pub fn csv_row(&mut self, builder: &mut BatchBuilder, mark: RecordMark, text: &str, cells: &[Cell]) {
        if matches!(self.rows, Rows::Instances(_)) {
            builder.widths.count(cells.len(), self.names.len());
        }
        self.record(builder, mark, &|place| cells.get(place)?.unless_empty(text));
    }

    /// Takes the row whose cell in a column is what `cell` says.
    fn record<'c>(
        &mut self,
        builder: &mut BatchBuilder,
        mark: RecordMark,
        cell: &dyn Fn(usize) -> Option<Cow<'c, str>>,
    ) {
        self.staged.clear();
        let staged = self.stage(builder, cell);
        if let Err(reason) = staged.and_then(|()| builder.accept(mark, &[&self.staged])) {
            builder.reject(mark, reason);
            builder.details.add(mark.line, reason, || self.detail(reason));
        }
    }

    /// What it is about the row that was looked at last.
    fn detail(&self, reason: Reason) -> Option<String> {
        match reason {
            Reason::IdNotFound => Some(description::columns_without(self.names.len(), &id_names(&self.attributes))),
            // A column that was found by its name tells that the others have names, too.
            Reason::LabelNotFound if !matches!(self.attributes.id, Some(Attribute::Index(_))) => {
                Some(description::columns(&self.names))
            }
            Reason::ScoreCountMismatch => {
                let n_scores = counted(self.scores.row(0).count(), "score");
                Some(format!("the row has {n_scores}, and the job looks for {}", self.attributes.n_scores()))
            }
            _ => None,
        }
    }

    fn stage<'c>(
        &mut self,
        builder: &mut BatchBuilder,
        cell: &dyn Fn(usize) -> Option<Cow<'c, str>>,
    ) -> Result<(), Reason> {
        let id = self.columns.id.and_then(cell);
        let label = self.columns.label.and_then(cell);
        let mut fixed = FixedRows { builder, rows: &mut self.staged };
        match &self.rows {
            Rows::Cells | Rows::CaptureRecords => Err(Reason::NoInferenceId),
            Rows::Attributions => Err(Reason::AttributionsNotFound),
            Rows::Labels(_) | Rows::LabelRecords(_) => {
                if self.columns.id.is_none() {
                    return Err(Reason::IdNotFound);
                }
                if self.order.see(id.as_deref().unwrap_or_default(), cell) {
                    fixed.builder.observe([Observation::LabelsInAnotherOrder]);
                }
                let mut labels = Column::default();
                match self.columns.label {
                    Some(_) => labels.push_row(Some(&label.unwrap_or_default())),
                    None if self.columns.labels.is_empty() => return Err(Reason::LabelNotFound),
                    None => {
                        list_of(&self.columns.labels, 1, cell).iter().for_each(|cell| labels.push_row(cell.as_deref()))
                    }
                }
                fixed.labels_of_table(id.as_deref(), &labels, matches!(self.rows, Rows::LabelRecords(_)))
            }
            Rows::Predictions(_) | Rows::Outcomes(_) | Rows::Instances(_) => {
                stage_scores(&self.columns, self.attributes.n_scores(), cell, &mut self.scores)?;
                let prediction = self.columns.prediction.and_then(cell);
                self.packed.clear();
                if !self.kept.is_empty() {
                    self.kept.iter().for_each(|&place| self.packed.push(&self.names[place], cell(place).as_deref()));
                    self.packed.end_row();
                }
                let row = TableRow {
                    id: id.as_deref(),
                    prediction: prediction.as_deref(),
                    scores: self.scores.row(0).collect(),
                    features: self.packed.row(0),
                    label: self.columns.label.map(|_| label.as_deref().unwrap_or_default()),
                };
                fixed.table_row(&row, Places::of(&self.attributes), self.rows.have_label())?;
                for &(place, column) in &self.features {
                    fixed.cell(column, cell(place).as_deref());
                }
                fixed.end_row()
            }
        }
    }
}

/// The cells of a row's list, `n_least` at least. It has as many columns as the longest of the batch: what counts is
/// where it ends itself.
fn list_of<'c>(
    places: &[usize],
    n_least: usize,
    cell: &dyn Fn(usize) -> Option<Cow<'c, str>>,
) -> Vec<Option<Cow<'c, str>>> {
    let mut cells: Vec<_> = places.iter().map(|&place| cell(place)).collect();
    let n_cells = cells.iter().rposition(Option::is_some).map_or(0, |last| last + 1).max(n_least);
    cells.resize(n_cells, None);
    cells
}

/// Puts a row's scores into `scores`.
fn stage_scores<'c>(
    columns: &TableColumns,
    n_scores: usize,
    cell: &dyn Fn(usize) -> Option<Cow<'c, str>>,
    scores: &mut Column,
) -> Result<(), Reason> {
    scores.clear();
    if columns.is_list {
        let places = columns.scores.first().map_or(&[][..], Vec::as_slice);
        list_of(places, n_scores, cell).iter().for_each(|cell| scores.push(cell.as_deref()));
    } else {
        for place in columns.scores.iter().map(|places| places.first()) {
            match place.and_then(|&place| cell(place)) {
                Some(text) => scores.push_list(&text)?,
                None => scores.push(None),
            }
        }
    }
    scores.end_row();
    Ok(())
}

/// The rows of a batch of cells as `rows` wants them; `batch` itself where it wants every cell.
///
/// For columnar files: their rows have no time. An index counts the batch's cells.
pub fn outcome_cells(batch: RecordBatch, rows: &Rows) -> Vec<RecordBatch> {
    let Some(columns) = rows.columns() else { return vec![batch] };
    let Some(meta) = Meta::of(&batch) else { return vec![batch] };
    let schema = batch.schema();
    let names: Vec<&str> = schema.fields().iter().skip(Meta::WIDTH).map(|field| field.name().as_str()).collect();
    let cells: Vec<Option<&StringViewArray>> =
        batch.columns().iter().skip(Meta::WIDTH).map(|column| column.as_string_view_opt()).collect();
    let mut builder = BatchBuilder::new(schema.metadata().get(OBJECT).map_or("", String::as_str));
    builder.fix_columns(columns);
    let mut table = TableFormat::new(rows, &names, &mut builder);
    for row in 0..batch.num_rows() {
        let mark = RecordMark { line: meta.line.value(row), time: None };
        let table = match &mut table {
            Ok(table) => table,
            Err(reason) => {
                builder.reject(mark, *reason);
                continue;
            }
        };
        let cell = |place: usize| {
            let column = cells.get(place).copied().flatten()?;
            column.is_valid(row).then(|| Cow::Borrowed(column.value(row)))
        };
        table.record(&mut builder, mark, &cell);
    }
    builder.flush();
    let mut batches = builder.take_full();
    batches.extend(events::details(&builder.object, &builder.details));
    batches
}

/// Decodes JSON values that hold predictions and labels: tables of which each value makes one or more rows.
pub struct JsonOutcomeFormat {
    answers: Answers,
    places: Places,
    features: Option<Features>,
    kept: Option<KeptFeatures>,
    rows: StagedRows,
    /// Paths of lists beside an envelope's rows that have no element for each of them.
    fixed_lists: Arc<[String]>,
}

impl JsonOutcomeFormat {
    pub fn new(settings: &Settings, fixed_lists: Arc<[String]>) -> Self {
        let (answers, places) = answers(&settings.rows.attributes(), true, settings.names(), Positions::default());
        let features = Features::of(&settings.rows, true);
        let kept = KeptFeatures::of(&settings.rows, true);
        Self { answers, places, features, kept, rows: StagedRows::default(), fixed_lists }
    }

    fn stage(&mut self, builder: &mut BatchBuilder, text: &str) -> Result<(), Reason> {
        let n_rows = match self.read(text) {
            // The elements of a document's array are records, but an expression may mean the array.
            Err(Reason::FeaturesNotFound) => self.read(&format!("[{text}]"))?,
            read => read?,
        };
        let kept = self.kept.as_mut().map(|kept| kept.of_rows(n_rows, builder.max_record_memory));
        let found = Found { answers: &self.answers, places: self.places, kept };
        let mut fixed = FixedRows { builder, rows: &mut self.rows };
        fixed.whole_answers(found, n_rows, self.features.as_mut())
    }

    /// What it is about the value that was looked at last.
    fn detail(&self, text: &str, reason: Reason) -> Option<String> {
        let found = || description::first_value(text).map(|found| format!("it is {found}"));
        match reason {
            Reason::RowCountMismatch => description::disagreement(&self.answers.disagreement()).or_else(found),
            Reason::FeaturesNotFound | Reason::ScoreCountMismatch => found(),
            Reason::InvalidJson => description::broken(text),
            _ => None,
        }
    }

    /// Looks at the values of a text; how many rows there are.
    fn read(&mut self, text: &str) -> Result<usize, Reason> {
        let (mut opened, mut tape) = (String::new(), Vec::new());
        let content = ReadPayload::alone(Content::record(text, &mut opened, &mut tape)?, &self.fixed_lists);
        if let Some(kept) = &mut self.kept {
            kept.read(Some(&content));
        }
        match &mut self.features {
            None => self.answers.read(Some(&content), None),
            Some(features) => read_instances(&mut self.answers, features, Some(&content), (None, Some(&content))),
        }
    }
}

impl RecordFormat for JsonOutcomeFormat {
    fn decode(&mut self, builder: &mut BatchBuilder, text: &str, line: u64) {
        let mark = RecordMark { line, time: None };
        self.rows.clear();
        let staged = self.stage(builder, text);
        let settled = settle(builder, mark, &self.rows, staged, |_| None, self.features.as_mut());
        if let Err(reason) = settled {
            builder.details.add(line, reason, || self.detail(text, reason));
        }
    }
}
