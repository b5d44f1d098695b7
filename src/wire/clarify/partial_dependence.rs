//! Partial dependence in `analysis.json` (DG:clarify-processing-job-analysis-results).

use serde::Serialize;
use serde_json::Value;

use crate::measure::attribution::PartialDependence;

/// How the mean prediction depends on one feature.
#[derive(Serialize)]
pub(super) struct Pdp {
    feature_name: String,
    data_type: &'static str,
    /// Numbers of a numerical feature, otherwise texts.
    feature_values: Vec<Value>,
    /// Share of the rows at each value.
    data_distribution: Vec<f64>,
    /// By output, by value.
    model_predictions: Vec<Vec<f64>>,
    /// By output.
    label_headers: Vec<String>,
}

impl Pdp {
    pub fn of(dependence: &PartialDependence) -> Self {
        let value = |text: &String| match dependence.is_numeric {
            true => text.trim().parse::<f64>().ok().filter(|number| number.is_finite()).map(Value::from),
            false => None,
        };
        Self {
            feature_name: dependence.feature.clone(),
            data_type: if dependence.is_numeric { "numerical" } else { "categorical" },
            feature_values: dependence
                .values
                .iter()
                .map(|text| value(text).unwrap_or_else(|| Value::from(text.clone())))
                .collect(),
            data_distribution: dependence.distribution.clone(),
            model_predictions: dependence.predictions.clone(),
            label_headers: dependence.outputs.clone(),
        }
    }
}
