//! Partial dependence: the mean prediction with one feature set to one value after the other.

use std::sync::Arc;

use crate::contract::PartialDependenceJob;
use crate::error::{self, Error};
use crate::measure::attribution::{AttributionStatistics, Grid, MeanPredictions, PartialDependence};
use crate::predict::Model;
use crate::profile::{Aggregation, FeatureCells, FeatureRows, Undefined};

/// Key of the configuration that names features.
pub(super) const OF_DEPENDENCE: &str = "methods.pdp.features";

/// What is known of the features that were asked for.
#[derive(Debug, Default)]
pub(super) struct Dependence {
    pub found: Vec<PartialDependence>,
    /// The other features, each with the reason.
    pub lacking: Vec<String>,
}

/// Asks the model about `rows` of the data for every value of the wanted features.
pub(super) async fn partial_dependence(
    job: &PartialDependenceJob,
    data: &FeatureRows,
    rows: &[&FeatureCells],
    model: &Model,
    outputs: &[String],
    names: &[String],
) -> error::Result<Dependence> {
    let mut dependence = Dependence::default();
    for name in names {
        let Some((place, grid)) = place_of(data, name).zip(grid_of(data, name, job.grid_resolution)) else {
            return Err(absent(OF_DEPENDENCE, name));
        };
        let found = match grid {
            Err(lack) => Err(format!("no usable value ({})", lack.reason())),
            Ok(_) if rows.is_empty() => Err("its values alone are more than the predictions that are left".to_owned()),
            Ok(grid) => match means(model, rows, place, &grid).await? {
                Err(reason) => Err(reason),
                Ok(means) => {
                    PartialDependence::of(name, grid, &means, outputs).map_err(|lack| lack.reason().to_owned())
                }
            },
        };
        match found {
            Ok(found) => dependence.found.push(found),
            Err(reason) => dependence.lacking.push(format!("{name}: {reason}")),
        }
    }
    Ok(dependence)
}

/// The mean prediction at every value of a grid, or why one is not known.
async fn means(
    model: &Model,
    rows: &[&FeatureCells],
    place: usize,
    grid: &Grid,
) -> error::Result<Result<Vec<Vec<f64>>, String>> {
    let mut means = Vec::with_capacity(grid.values.len());
    for value in &grid.values {
        match mean_at(model, rows, place, value).await? {
            Ok(mean) => means.push(mean),
            Err(reason) => return Ok(Err(reason)),
        }
    }
    Ok(Ok(means))
}

fn place_of(data: &FeatureRows, name: &str) -> Option<usize> {
    data.names.iter().position(|known| known == name)
}

/// The values that a feature is set to; `None` where the data has no such feature.
pub(super) fn grid_of(data: &FeatureRows, name: &str, resolution: usize) -> Option<Result<Grid, Undefined>> {
    let place = place_of(data, name)?;
    let column: Vec<Option<Arc<str>>> = data.rows.iter().map(|row| row.cells[place].clone()).collect();
    Some(Grid::of(&column, resolution))
}

/// The mean prediction with the feature at `place` set to `value`.
async fn mean_at(
    model: &Model,
    rows: &[&FeatureCells],
    place: usize,
    value: &str,
) -> error::Result<Result<Vec<f64>, String>> {
    let value: Arc<str> = value.into();
    let with_value = |row: &&FeatureCells| {
        let mut cells = FeatureCells::clone(row);
        cells[place] = Some(value.clone());
        cells
    };
    let changed: Vec<FeatureCells> = rows.iter().map(with_value).collect();
    let mut means = MeanPredictions::default();
    for prediction in model.predict(&changed).await? {
        match prediction {
            Ok(scores) => means.observe(&scores),
            Err(refusal) => return Ok(Err(refusal.to_string())),
        }
    }
    Ok(means.finish().map_err(|lack| lack.reason().to_owned()))
}

/// The features for which partial dependence is wanted: those of the configuration, else those that matter most to
/// all outputs together.
pub(super) fn wanted(
    job: &PartialDependenceJob,
    statistics: &AttributionStatistics,
    aggregation: Aggregation,
) -> Vec<String> {
    if let Some(names) = &job.features {
        return names.clone();
    }
    let weight = |feature: usize| {
        let of_outputs = statistics.outputs.iter().filter_map(|output| output.features.get(feature));
        of_outputs.map(|found| found.aggregated(aggregation).abs()).sum::<f64>()
    };
    let mut weighted: Vec<(f64, &String)> =
        statistics.features.iter().enumerate().map(|(place, name)| (weight(place), name)).collect();
    weighted.sort_by(|a, b| b.0.total_cmp(&a.0));
    weighted.into_iter().take(job.top_k_features).map(|(_, name)| name.clone()).collect()
}

pub(super) fn absent(place: &str, name: &str) -> Error {
    Error::new(&error::FEATURE_ABSENT, place, format!("the data has no feature {}", name.escape_debug()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::{FeatureAttribution, OutputAttributions};

    #[test]
    fn what_is_not_named_is_what_matters_most_to_all_outputs() {
        let attribution = |mean_abs| FeatureAttribution { mean_abs, ..FeatureAttribution::default() };
        let output = |of: [f64; 3]| OutputAttributions { features: of.map(attribution).to_vec(), ..Default::default() };
        let statistics = AttributionStatistics {
            features: ["a", "b", "c"].map(str::to_owned).to_vec(),
            outputs: vec![output([1.0, 0.0, 3.0]), output([2.5, 0.5, 0.0])],
            ..AttributionStatistics::default()
        };
        let mut job = PartialDependenceJob { grid_resolution: 5, features: None, top_k_features: 2 };
        assert_eq!(wanted(&job, &statistics, Aggregation::MeanAbs), ["a", "c"]);
        job.features = Some(vec!["b".to_owned()]);
        assert_eq!(wanted(&job, &statistics, Aggregation::MeanAbs), ["b"]);
    }
}
