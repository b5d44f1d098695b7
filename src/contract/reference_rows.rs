//! Baseline rows of KernelSHAP: the rows that stand for absent features, as the configuration gives them.

use arrow::array::{Array, RecordBatch};

use super::columns::unusable;
use super::raw::AnalysisConfigFile;
use crate::decode::outcome::{cells_of, feature_of};
use crate::decode::{Format, Instances, Meta, ObjectDecoder, Order, Reason, Rows, Settings};
use crate::error::Result;
use crate::store::Location;
use crate::wire::clarify::analysis_config::{BaselineRow, MAX_BASELINE_ROWS, ShapBaseline, ShapConfig};

/// Where an error stands.
const KEY: &str = "shap.baseline";

/// Where the rows come from that stand for absent features.
#[derive(Clone, Debug, PartialEq)]
pub enum Reference {
    /// Given in the configuration, in the order of the features, all of the same length.
    Rows(Vec<Vec<Option<String>>>),
    /// A dataset without header or with one, in the format of the job's dataset.
    Dataset(Location),
    /// Those of the monitor's baseline where it holds them, else centres of so many clusters of the data;
    /// `None`: as many as suit it, 12 at most.
    Clusters(Option<usize>),
}

/// A row's cells.
type Cells = Vec<Option<String>>;

pub(super) fn of(
    file: &AnalysisConfigFile,
    shap: &ShapConfig,
    instances: &Instances,
    is_capture: bool,
) -> Result<Reference> {
    let given = match &shap.baseline {
        None => return Ok(Reference::Clusters(shap.num_clusters)),
        Some(ShapBaseline::Uri(uri)) => {
            let location = uri.parse().map_err(|cause| unusable(file, format!("{KEY}: {cause}")))?;
            return Ok(Reference::Dataset(location));
        }
        Some(ShapBaseline::Rows(rows)) => rows,
    };
    let mut rows: Vec<Cells> = Vec::new();
    let mut records = String::new();
    for row in given {
        match row {
            BaselineRow::Cells(cells) => rows.push(cells.clone()),
            BaselineRow::Record(text) => {
                records.push_str(text);
                records.push('\n');
            }
        }
    }
    if !records.is_empty() {
        rows = decoded(&records, instances, is_capture).map_err(|cause| unusable(file, cause))?;
    }
    if rows.len() > MAX_BASELINE_ROWS {
        return Err(unusable(file, format!("{KEY} holds {} rows, more than {MAX_BASELINE_ROWS}", rows.len())));
    }
    let width = rows.first().map_or(0, Vec::len);
    match rows.iter().position(|row| row.len() != width) {
        Some(i) => {
            let n_cells = rows[i].len();
            Err(unusable(file, format!("{KEY}[{i}] holds {n_cells} cells, and the first row {width}")))
        }
        None => Ok(Reference::Rows(rows)),
    }
}

/// The rows of records that are written as the dataset's are, a line each.
fn decoded(records: &str, instances: &Instances, is_capture: bool) -> std::result::Result<Vec<Cells>, String> {
    let mut instances = Instances { with_label: true, ..instances.clone() };
    if is_capture {
        // A request holds nothing but features.
        instances.others.clear();
    }
    let settings = Settings::new(Format::Json { lines: Some(true) }, Rows::Instances(instances), records.len());
    let mut decoder = ObjectDecoder::new(KEY, settings);
    let mut batches = Vec::new();
    let mut rest = records.as_bytes();
    while !rest.is_empty() || decoder.has_more() {
        rest = &rest[decoder.push(rest)..];
        batches.append(&mut decoder.take());
    }
    decoder.finish();
    batches.append(&mut decoder.take());
    batches.retain(|batch| batch.num_rows() > 0);
    if let Some((i, reason)) = batches.iter().find_map(first_rejected) {
        return Err(format!("{KEY}[{i}]: {}", reason.text()));
    }
    let features = batches.last().map(features).unwrap_or_default();
    if features.is_empty() {
        return Err(format!("{KEY} holds no features"));
    }
    Ok(batches.iter().flat_map(|batch| rows(batch, &features)).collect())
}

/// The first record of a batch that is not used, from 0, and why.
fn first_rejected(batch: &RecordBatch) -> Option<(u64, Reason)> {
    let meta = Meta::of(batch)?;
    let row = (0..batch.num_rows()).find(|&row| meta.reason.is_valid(row))?;
    Some((meta.line.value(row) - 1, Reason::from_code(meta.reason.value(row))?))
}

/// The columns of features, in the order that they have in the dataset.
fn features(batch: &RecordBatch) -> Vec<String> {
    let schema = batch.schema();
    let mut fields: Vec<_> = schema.fields().iter().filter(|field| feature_of(field.name()).is_some()).collect();
    fields.sort_by(|a, b| Order::text_of(a).cmp(Order::text_of(b)));
    fields.into_iter().map(|field| field.name().clone()).collect()
}

fn rows(batch: &RecordBatch, features: &[String]) -> Vec<Cells> {
    let columns: Vec<_> = features.iter().map(|name| cells_of(batch, name)).collect();
    let cell = |row: usize, column: usize| {
        let cells = columns[column].filter(|cells| cells.is_valid(row))?;
        Some(cells.value(row).to_owned())
    };
    (0..batch.num_rows()).map(|row| (0..columns.len()).map(|column| cell(row, column)).collect()).collect()
}
