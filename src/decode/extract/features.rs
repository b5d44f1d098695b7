//! Feature extraction: a row of cells for each instance of a record.
//!
//! What holds the features is unfolded as any request is ([`crate::decode::rows::stager`]); what remains of each row
//! without predictions, labels and what is excluded goes to columns of its own.

use crate::decode::batch::builder::BatchBuilder;
use crate::decode::batch::order::{Order, Side};
use crate::decode::batch::outcome::{FEATURE, feature_column};
use crate::decode::batch::packed_features::PackedFeatures;
use crate::decode::batch::staged::{StagedCell, StagedRows};
use crate::decode::extract::lookup::Answers;
use crate::decode::limits::MAX_KEPT_COLUMNS;
use crate::decode::payload::of_payload;
use crate::decode::reason::Reason;
use crate::decode::rows::naming::Naming;
use crate::decode::rows::reading::ReadPayload;
use crate::decode::rows::stager::{Scratch, Stager};
use crate::decode::settings::attribute::Attribute;
use crate::decode::settings::instances::{FeatureLayout, Instances, Source};
use crate::decode::settings::rows::Rows;
use crate::decode::text::json::{Reader, Value};
use crate::decode::text::searched::Searched;
use crate::names::transform;

/// Finds the features of one record after the other.
pub struct Features {
    wanted: Option<Attribute>,
    /// Whether there are columns for the features that are known, and for no others.
    are_fixed: bool,
    request: Sheet,
    joined: Sheet,
    is_joined: bool,
    n_dropped: u64,
    n_short: u64,
}

/// Rows as they stand in the data, before features are taken from them.
struct Sheet {
    layout: FeatureLayout,
    /// Its batches are never closed.
    builder: BatchBuilder,
    naming: Naming,
    rows: StagedRows,
    scratch: Scratch,
    /// By column: where its cells go.
    targets: Vec<Target>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    Unknown,
    NoFeature,
    /// A feature for which there is no column.
    Dropped,
    Column(u32),
}

impl Features {
    /// What finds the features of records or of a table's JSON values, where rows hold them.
    pub fn of(rows: &Rows, is_table: bool) -> Option<Self> {
        if let Rows::Instances(instances) = rows { Some(Self::new(instances, is_table)) } else { None }
    }

    /// For records, or for the JSON values of a table.
    pub fn new(instances: &Instances, is_table: bool) -> Self {
        Self {
            wanted: instances.features.clone(),
            are_fixed: !instances.headers.is_empty(),
            request: Sheet::new(instances.layout(Source::Request)),
            joined: Sheet::new(instances.layout(if is_table { Source::Table } else { Source::AnswerWithRequest })),
            is_joined: false,
            n_dropped: 0,
            n_short: 0,
        }
    }

    /// Looks for features in a request, then in an answer that was joined with its request, or in a
    /// table's value. How many instances there are.
    pub fn read(
        &mut self,
        request: Option<&ReadPayload<'_, '_>>,
        joined: Option<&ReadPayload<'_, '_>>,
    ) -> Result<usize, Reason> {
        if request.is_none() && joined.is_none() {
            return Err(Reason::NoPayload);
        }
        for (content, is_joined) in [(request, false), (joined, true)] {
            let Some(found) = content else { continue };
            // Beside the model's part stands the request as it was.
            let is_joined =
                is_joined && !found.content.values().iter().any(|value| value.get(transform::OUTPUT).is_some());
            let sheet = if is_joined { &mut self.joined } else { &mut self.request };
            sheet.read(found, self.wanted.as_ref())?;
            if sheet.rows.n_rows() > 0 {
                self.is_joined = is_joined;
                return Ok(sheet.rows.n_rows());
            }
        }
        Err(Reason::FeaturesNotFound)
    }

    /// Stages the cells of the instance at `row`.
    pub fn stage(&mut self, builder: &mut BatchBuilder, rows: &mut StagedRows, row: usize) -> Result<(), Reason> {
        let sheet = if self.is_joined { &mut self.joined } else { &mut self.request };
        sheet.targets.resize(sheet.builder.n_columns(), Target::Unknown);
        let Sheet { layout, builder: cells, rows: found, targets, .. } = sheet;
        let is_short = self.are_fixed && found.row(row).len() < layout.names.len();
        let has_places = || found.row(row).first().is_some_and(|cell| cells.order(cell.column).is_position());
        self.n_short += u64::from(is_short && has_places());
        let are_unknown = found.row(row).iter().any(|cell| targets[cell.column as usize] == Target::Unknown);
        let by_place = self.are_fixed && are_unknown && have_places_alone(layout, cells, found.row(row));
        for (position, cell) in found.row(row).iter().enumerate() {
            if layout.is_position_left_out(position) {
                continue;
            }
            let target = &mut targets[cell.column as usize];
            if *target == Target::Unknown {
                let name = if by_place { &layout.names[position] } else { cells.name(cell.column) };
                *target = learn(layout, name, cells.order(cell.column), self.are_fixed, builder)?;
            }
            match *target {
                Target::Unknown | Target::NoFeature => {}
                Target::Dropped => self.n_dropped += 1,
                Target::Column(column) => match cells.text_of(cell, &mut [0; 16]).filter(|text| !text.is_empty()) {
                    Some(text) => builder.stage(rows, column, text),
                    None => builder.stage_null(rows, column),
                },
            }
        }
        Ok(())
    }

    /// Packs the features of the instance at `row`.
    pub fn pack(&self, packed: &mut PackedFeatures, row: usize) {
        let Sheet { layout, builder: cells, rows: found, .. } =
            if self.is_joined { &self.joined } else { &self.request };
        for (position, cell) in found.row(row).iter().enumerate() {
            let name = cells.name(cell.column);
            if !layout.is_left_out(position, name) {
                packed.push(name, cells.text_of(cell, &mut [0; 16]));
            }
        }
        packed.end_row();
    }

    /// Whether the features that were read last stand among what else a table or a joined answer holds.
    pub fn are_among_others(&self) -> bool {
        self.is_joined
    }

    /// The record was taken in, or rejected: then columns that it brought are gone.
    pub fn settle(&mut self, builder: &mut BatchBuilder, is_used: bool) {
        let (n_dropped, n_short) = (std::mem::take(&mut self.n_dropped), std::mem::take(&mut self.n_short));
        if is_used {
            builder.widths.n_cells_dropped += n_dropped;
            builder.widths.n_rows_short += n_short;
            return;
        }
        let n_columns = builder.n_columns();
        let is_gone = |target: &Target| matches!(target, Target::Column(column) if *column as usize >= n_columns);
        for target in self.request.targets.iter_mut().chain(&mut self.joined.targets).filter(|target| is_gone(target)) {
            *target = Target::Unknown;
        }
    }
}

/// Looks at an answer, and for features in a request and in what was joined; how many instances there are.
pub fn read_instances(
    answers: &mut Answers,
    features: &mut Features,
    output: Option<&ReadPayload<'_, '_>>,
    (request, joined): (Option<&ReadPayload<'_, '_>>, Option<&ReadPayload<'_, '_>>),
) -> Result<usize, Reason> {
    let n_answers = answers.read_beside(output)?;
    let n_rows = features.read(request, joined)?;
    if n_answers.is_none_or(|n_answers| n_answers == n_rows) {
        return Ok(n_rows);
    }
    // What holds the features may be a part of the request alone.
    let output = output.ok_or(Reason::RowCountMismatch)?;
    let reading = output.reading.as_rows(n_rows).ok_or(Reason::RowCountMismatch)?;
    let output = ReadPayload::read(output.content.clone(), reading);
    match answers.read_beside(Some(&output))? {
        Some(n_answers) if n_answers != n_rows => Err(Reason::RowCountMismatch),
        _ => Ok(n_rows),
    }
}

/// Whether a row's cells have names of their own, none of which is given, and are as many as the given ones: the
/// elements of one list under a key.
fn have_places_alone(layout: &FeatureLayout, cells: &BatchBuilder, row: &[StagedCell]) -> bool {
    let is_given = |cell: &StagedCell| layout.names.iter().any(|name| name == cells.name(cell.column));
    row.len() == layout.names.len() && !row.iter().any(is_given)
}

/// Where the cells called `name` go.
fn learn(
    layout: &FeatureLayout,
    name: &str,
    order: &Order,
    are_fixed: bool,
    builder: &mut BatchBuilder,
) -> Result<Target, Reason> {
    if layout.is_name_left_out(name) {
        return Ok(Target::NoFeature);
    }
    let name = feature_column(name);
    if are_fixed {
        return Ok(builder.find(&name).map_or(Target::Dropped, Target::Column));
    }
    builder.column(&name, order).map(Target::Column)
}

impl Sheet {
    fn new(layout: FeatureLayout) -> Self {
        Self {
            naming: Self::naming(&layout),
            layout,
            builder: BatchBuilder::new(""),
            rows: StagedRows::default(),
            scratch: Scratch::default(),
            targets: Vec::new(),
        }
    }

    fn naming(layout: &FeatureLayout) -> Naming {
        Naming::with_names(layout.names.clone().into()).calling_others(FEATURE)
    }

    fn clear(&mut self) {
        self.rows.clear();
        self.naming.keep();
        if self.builder.n_columns() > MAX_KEPT_COLUMNS {
            self.builder = BatchBuilder::new("");
            self.naming = Self::naming(&self.layout);
            self.targets.clear();
        }
        self.builder.clear_text();
    }

    fn stager(&mut self) -> Stager<'_> {
        let Self { builder, naming, rows, scratch, .. } = self;
        Stager { builder, naming, side: Side::Input, rows, scratch }
    }

    /// Unfolds the rows that a payload holds.
    fn read(&mut self, found: &ReadPayload<'_, '_>, wanted: Option<&Attribute>) -> Result<(), Reason> {
        self.clear();
        let is_added = |value: &Value<'_, '_>| value.get(transform::OUTPUT).is_some();
        if found.content.values().is_empty() || wanted.is_none() && !found.content.values().iter().any(is_added) {
            return self.stager().stage(&found.reading);
        }
        for &value in found.content.values() {
            match wanted {
                Some(wanted) => self.wanted_rows(value, wanted)?,
                None if value.get(transform::OUTPUT).is_some() => {
                    let searched = Searched::of(value)?;
                    self.json(&searched.json(&searched.without(transform::OUTPUT)))?;
                }
                None => self.stager().value(value).map_err(of_payload)?,
            }
        }
        Ok(())
    }

    /// Unfolds what an attribute finds. Of several values each is an instance at least.
    fn wanted_rows(&mut self, value: Value<'_, '_>, wanted: &Attribute) -> Result<(), Reason> {
        match wanted {
            Attribute::Path(path) => {
                let searched = Searched::of(value)?;
                let found = path.search(&searched);
                let is_nothing =
                    found.as_array().map_or(!found.is_object(), |rows| rows.iter().all(|row| row.is_null()));
                if is_nothing { Ok(()) } else { self.json(&searched.json(&found)) }
            }
            Attribute::Name(name) => match value.at_keys(name).filter(|found| !found.is_scalar()) {
                Some(found) => self.stager().value(found).map_err(of_payload),
                None => Ok(()),
            },
            Attribute::Index(_) => Ok(()),
        }
    }

    fn json(&mut self, text: &str) -> Result<(), Reason> {
        let mut tape = Vec::new();
        Reader::over(text).read(&mut tape)?;
        self.stager().value(Value::at(&tape, 0)).map_err(of_payload)
    }
}
