//! Reference rows: what stands for absent features, given, read or made of the data.

use std::collections::HashMap;
use std::sync::Arc;

use crate::contract::{AttributionJob, Contract, Reference};
use crate::decode::{Format, Instances, Rows, Settings};
use crate::engine::{self, Dataset, Session};
use crate::error::{self, Error, Result};
use crate::measure::attribution::reference_rows;
use crate::names::variable;
use crate::profile::{FeatureCells, FeatureRows, FeatureRowsSummary, LedgerSummary};
use crate::store::Location;
use crate::summary::Summary;
use crate::wire::clarify::explanations::ReferenceRows;

/// Most rows that a dataset of them may hold: each multiplies the predictions.
const MAX_ROWS: usize = 1_000;
/// Rows of the data that clusters are made of.
const MAX_CLUSTERED: usize = 2_000;

/// Rows, and where they come from.
pub(super) struct References {
    pub rows: Vec<FeatureCells>,
    /// Whether they were made here.
    pub are_made: bool,
}

/// The rows for a job whose data is `data`; `of_baseline` are those of the baseline it is held against.
pub(super) async fn references(
    contract: &Contract,
    job: &AttributionJob,
    session: &Session,
    data: &FeatureRows,
    of_baseline: Option<&ReferenceRows>,
) -> Result<References> {
    let given = |rows| References { rows, are_made: false };
    match &job.shap.reference {
        Reference::Rows(rows) => of_order(rows, &data.names, "shap.baseline").map(given),
        Reference::Dataset(location) => read(contract, job, session, location, &data.names).await.map(given),
        Reference::Clusters(k) => {
            if let Some(rows) = of_baseline.and_then(|known| by_name(known, &data.names)) {
                return Ok(given(rows));
            }
            if of_baseline.is_some() {
                let cause = "the baseline's rows lack a feature of the data; others are made";
                tracing::warn!(variable = variable::BASELINE_CONSTRAINTS, cause, "baseline rows not used");
            }
            Ok(References { rows: clustered(data, *k, job.shap.seed), are_made: true })
        }
    }
}

/// Centres of clusters of the data, or of a uniform sample of it.
fn clustered(data: &FeatureRows, k: Option<usize>, seed: u64) -> Vec<FeatureCells> {
    let places = data.drawn().into_iter().take(MAX_CLUSTERED);
    let rows: Vec<FeatureCells> = places.map(|place| data.rows[place].cells.clone()).collect();
    reference_rows(&rows, k, seed)
}

fn unfit(place: impl Into<String>, cause: impl std::fmt::Display) -> Error {
    Error::new(&error::REFERENCE_ROWS, place, cause)
}

/// Rows that follow the order of the features.
fn of_order(rows: &[Vec<Option<String>>], names: &[String], place: &str) -> Result<Vec<FeatureCells>> {
    if let Some(row) = rows.iter().find(|row| row.len() != names.len()) {
        return Err(unfit(place, format!("a row has {} cells, and the data {} features", row.len(), names.len())));
    }
    if rows.is_empty() {
        return Err(unfit(place, "there are no rows"));
    }
    Ok(rows.iter().map(|row| row.iter().map(|cell| cell.as_deref().map(Arc::from)).collect()).collect())
}

/// Rows whose features have names; `None` where one of the data is not among them.
fn by_name(known: &ReferenceRows, names: &[String]) -> Option<Vec<FeatureCells>> {
    let places: HashMap<&String, usize> =
        known.features.iter().enumerate().map(|(place, name)| (name, place)).collect();
    let places: Vec<usize> = names.iter().map(|name| places.get(name).copied()).collect::<Option<_>>()?;
    let cell = |row: &Vec<Option<String>>, place: &usize| row.get(*place).cloned().flatten().map(Arc::from);
    let rows = known.rows.iter().map(|row| places.iter().map(|place| cell(row, place)).collect());
    Some(rows.collect()).filter(|rows: &Vec<FeatureCells>| !rows.is_empty())
}

/// What a dataset of such rows is: what its name says, else what the job's dataset is. Captures say nothing of it.
fn format_of(location: &Location, format: &Format) -> Format {
    let name = location.to_string().to_ascii_lowercase();
    match (name.rsplit('.').next(), format) {
        (Some("csv"), Format::Csv { .. }) => format.clone(),
        (Some("csv"), _) => Format::Csv { header: None },
        (Some("json"), Format::Json { .. }) => format.clone(),
        (Some("json"), _) => Format::Json { lines: None },
        (Some("jsonl" | "jsonlines" | "ndjson"), _) => Format::Json { lines: Some(true) },
        (Some("parquet"), _) => Format::Parquet,
        (_, Format::Capture(_)) => Format::Csv { header: None },
        _ => format.clone(),
    }
}

/// Reads a dataset of such rows: by the names of its columns where they are those of the data, else in order.
async fn read(
    contract: &Contract,
    job: &AttributionJob,
    session: &Session,
    location: &Location,
    names: &[String],
) -> Result<Vec<FeatureCells>> {
    let rows = Rows::Instances(Instances { with_label: true, ..job.instances.clone() });
    let format = format_of(location, &contract.format);
    let settings = Settings::new(format, rows, contract.settings.max_record_bytes());
    let max_record_memory = contract.settings.max_record_memory();
    let settings = Settings { delimiter: contract.delimiter, max_record_memory, ..settings };
    let dataset = Arc::new(Dataset::list(location, settings).await?);
    let start = || (LedgerSummary::default(), FeatureRowsSummary::new(MAX_ROWS));
    let (ledger, found) = engine::fold(session, dataset, start).await?;
    let (ledger, found) = (ledger.finish(), found.finish());
    let place = location.to_string();
    if ledger.n_records_rejected() > 0 {
        return Err(unfit(place, format!("{} of its records cannot be read", ledger.n_records_rejected())));
    }
    if found.n_seen > MAX_ROWS as u64 {
        return Err(unfit(place, format!("it holds {} rows, more than {MAX_ROWS}", found.n_seen)));
    }
    let rows: Vec<Vec<Option<String>>> = found
        .rows
        .iter()
        .map(|row| row.cells.iter().map(|cell| cell.as_deref().map(str::to_owned)).collect())
        .collect();
    let named = ReferenceRows { features: found.names, rows };
    match by_name(&named, names) {
        Some(rows) => Ok(rows),
        None => of_order(&named.rows, names, &place),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::FeatureRow;

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    fn rows(rows: &[&[&str]]) -> Vec<Vec<Option<String>>> {
        let cell = |cell: &&str| (*cell != "-").then(|| (*cell).to_owned());
        rows.iter().map(|row| row.iter().map(cell).collect()).collect()
    }

    fn shown(rows: &[FeatureCells]) -> Vec<Vec<&str>> {
        rows.iter().map(|row| row.iter().map(|cell| cell.as_deref().unwrap_or("-")).collect()).collect()
    }

    #[test]
    fn rows_by_name_follow_the_data_and_lack_nothing() {
        let known =
            ReferenceRows { features: texts(&["b", "c", "a"]), rows: rows(&[&["2", "-", "1"], &["5", "6", "4"]]) };
        let found = by_name(&known, &texts(&["a", "b"])).expect("rows");
        assert_eq!(shown(&found), [["1", "2"], ["4", "5"]]);
        assert_eq!(by_name(&known, &texts(&["a", "d"])), None);
        assert_eq!(by_name(&ReferenceRows { rows: Vec::new(), ..known }, &texts(&["a"])), None);
    }

    #[test]
    fn clusters_are_those_of_all_rows_though_they_are_sorted() {
        let cells = |row: usize| vec![Some(Arc::from(if row < 4_000 { "0" } else { "100" }))];
        // Drawn in an order that has nothing to do with that of the data: by a multiple of an odd number.
        let row = |row: usize| FeatureRow { hash: (row as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15), cells: cells(row) };
        let data = FeatureRows { names: texts(&["a"]), rows: (0..8_000).map(row).collect(), n_seen: 8_000 };
        let centres = clustered(&data, Some(2), 1);
        let mut centres = shown(&centres);
        centres.sort();
        assert_eq!(centres, [["0"], ["100"]]);
    }

    #[test]
    fn a_dataset_is_what_its_name_says() {
        let csv = Format::Csv { header: Some(false) };
        let (unknown, lines) = (Format::Csv { header: None }, Format::Json { lines: Some(true) });
        for (name, format, expected) in [
            ("/a/rows.csv", &csv, &csv),
            ("/a/rows", &csv, &csv),
            ("/a.json/rows", &csv, &csv),
            ("s3://b/rows.JSONL", &csv, &lines),
            ("/a/rows.csv", &lines, &unknown),
            ("/a/rows.json", &lines, &lines),
            ("/a/rows.json", &csv, &Format::Json { lines: None }),
            ("/a/rows.parquet", &csv, &Format::Parquet),
            ("/a/rows", &Format::Capture(Default::default()), &unknown),
            ("/a/rows.jsonl", &Format::Capture(Default::default()), &lines),
        ] {
            let location: Location = name.parse().expect("a location");
            assert_eq!(format_of(&location, format), *expected, "{name}");
        }
    }

    #[test]
    fn rows_in_order_have_a_cell_for_each_feature() {
        let names = texts(&["a", "b"]);
        let found = of_order(&rows(&[&["1", "-"]]), &names, "x").expect("rows");
        assert_eq!(shown(&found), [["1", "-"]]);
        for wrong in [rows(&[&["1"]]), rows(&[&["1", "2"], &["1", "2", "3"]]), Vec::new()] {
            let error = of_order(&wrong, &names, "x").expect_err("an error");
            assert_eq!(error.code().code, "MM-ATTRIBUTION-002");
        }
    }
}
