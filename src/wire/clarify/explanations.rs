//! The explanations of `analysis.json` (DG:clarify-processing-job-analysis-results): how much each feature
//! moves a model's outputs, which is also what later runs compare with.
//!
//! AWS's files hold one number for each feature. Ours add what later tests need, and the rows that stood for
//! absent features, under keys of their own, which AWS's readers ignore.

use std::collections::HashMap;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use super::entries::{Entries, has_twice};
use super::partial_dependence::Pdp;
use crate::decode::MAX_COLUMNS;
use crate::measure::attribution::{
    Aggregation, BaselineAttributions, BaselineFeature, Explanations, FeatureAttribution, Method, OutputAttributions,
};
use crate::names::analysis;
use crate::profile::MAX_CLASSES;
use crate::wire::error::from_json;
use crate::wire::jackson::Double;
use crate::wire::owner::{self, check_constraints};
use crate::wire::{WireError, jackson};

const VERSION: &str = "1.0";

/// Most reference rows that are taken from a file. Every one is sent to the model with every coalition of
/// every row, so that the budget of predictions ends far below.
const MAX_REFERENCE_ROWS: usize = 10_000;

/// What a later run can compare with.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BaselineExplanations {
    /// One and more, in the order of the file.
    pub outputs: Vec<BaselineAttributions>,
    /// Only in files of ours, and there where they are known.
    pub reference_rows: Option<ReferenceRows>,
}

/// The rows that stood for absent features.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
pub struct ReferenceRows {
    /// Names of all features of the model.
    pub features: Vec<String>,
    /// A cell for each feature; `None` where missing.
    pub rows: Vec<Vec<Option<String>>>,
}

/// The file's bytes; without an explained row, of no explanation. `reference_features` names the cells of the
/// reference rows: all features of the model, also those whose attributions nobody asked for.
pub fn write(explanations: Option<&Explanations>, method: Option<&Method>, reference_features: &[String]) -> Vec<u8> {
    let section = explanations.map(|explanations| Section::of(explanations, method, reference_features));
    jackson::to_bytes(&File { version: Some(VERSION.into()), explanations: section })
}

/// The attributions that the file holds. Bias is ignored, and a file without attributions is refused.
pub fn read(bytes: &[u8]) -> Result<BaselineExplanations, WireError> {
    let section = from_json::<File>(bytes)?.explanations.unwrap_or_default();
    let labels = section.kernel_shap.unwrap_or_default().0;
    if labels.is_empty() {
        check_constraints(&from_json::<Map<String, Value>>(bytes)?, owner::EXPLAINABILITY)?;
        return Err(WireError::new("", "holds no attributions of features"));
    }
    if labels.len() > MAX_CLASSES {
        let place = format!("{}.{}", analysis::EXPLANATIONS, analysis::KERNEL_SHAP);
        return Err(WireError::new(place, format!("holds more than {MAX_CLASSES} outputs")));
    }
    if let Some(rows) = &section.model_monitor_reference_rows {
        check_reference(rows)?;
    }
    let outputs = labels.into_iter().map(|(output, label)| label.into_domain(output)).collect();
    Ok(BaselineExplanations { outputs, reference_rows: section.model_monitor_reference_rows })
}

#[derive(Deserialize, Serialize)]
struct File {
    /// Not looked at: constraints of other monitors have a number there, and are to be told by their keys.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    version: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    explanations: Option<Section>,
}

#[derive(Default, Deserialize, Serialize)]
struct Section {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kernel_shap: Option<Entries<Label>>,
    /// Written for people; no later run needs it.
    #[serde(default, skip_deserializing, skip_serializing_if = "Vec::is_empty")]
    pdp: Vec<Pdp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    model_monitor_reference_rows: Option<ReferenceRows>,
}

#[derive(Deserialize, Serialize)]
struct Label {
    global_shap_values: Entries<Finite>,
    /// Absent where it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expected_value: Option<Double>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    model_monitor_attributions: Option<Details>,
}

/// What AWS's files do not tell.
#[derive(Deserialize, Serialize)]
struct Details {
    /// Explained rows.
    n: u64,
    aggregation: Word,
    /// For people.
    #[serde(default)]
    method: Option<String>,
    features: Entries<Moments>,
    #[serde(default)]
    noise_floor: Option<NoiseFloor>,
}

/// Of |φ| over the rows.
#[derive(Deserialize, Serialize)]
struct Moments {
    #[serde(default, deserialize_with = "not_negative")]
    mean_abs: Option<f64>,
    #[serde(default, deserialize_with = "not_negative")]
    variance_abs: Option<f64>,
}

#[derive(Deserialize, Serialize)]
struct NoiseFloor {
    #[serde(deserialize_with = "not_negative")]
    ndcg: Option<f64>,
    n: u64,
}

/// A number of AWS's. One of the strings for what is not finite may be written, but nothing can be compared
/// with it, so that it is not read.
#[derive(Deserialize)]
#[serde(transparent)]
struct Finite(f64);

/// An aggregation by its name.
struct Word(Aggregation);

impl Section {
    fn of(explanations: &Explanations, method: Option<&Method>, reference_features: &[String]) -> Self {
        let names = &explanations.statistics.features;
        let outputs = explanations.statistics.outputs.iter().enumerate();
        let label = |(i, output): (usize, &OutputAttributions)| {
            let noise_floor = explanations.noise_floors.get(i).copied().flatten();
            let label = Label::of(output, names, explanations.aggregation);
            let details = Details::of(output, names, explanations.aggregation, method, noise_floor);
            (output.output.clone(), Label { model_monitor_attributions: Some(details), ..label })
        };
        let rows = &explanations.reference_rows;
        let is_dependence_alone = outputs.len() == 0 && !explanations.partial_dependence.is_empty();
        Self {
            kernel_shap: (!is_dependence_alone).then(|| Entries(outputs.map(label).collect())),
            pdp: explanations.partial_dependence.iter().map(Pdp::of).collect(),
            model_monitor_reference_rows: (!rows.is_empty())
                .then(|| ReferenceRows { features: reference_features.to_vec(), rows: rows.clone() }),
        }
    }
}

impl Label {
    fn of(output: &OutputAttributions, names: &[String], aggregation: Aggregation) -> Self {
        let value = |of: &FeatureAttribution| Finite(of.aggregated(aggregation));
        Self {
            global_shap_values: by_name(names, output, value),
            expected_value: output.expected_value.map(Double),
            model_monitor_attributions: None,
        }
    }

    fn into_domain(self, output: String) -> BaselineAttributions {
        let details = self.model_monitor_attributions;
        let known: HashMap<&str, &Moments> = details
            .iter()
            .flat_map(|details| &details.features.0)
            .map(|(name, moments)| (name.as_str(), moments))
            .collect();
        let feature = |(name, value): (String, Finite)| {
            let moments = known.get(name.as_str());
            BaselineFeature {
                value: value.0,
                mean_abs: moments.and_then(|moments| moments.mean_abs),
                variance_abs: moments.and_then(|moments| moments.variance_abs),
                name,
            }
        };
        BaselineAttributions {
            output,
            expected_value: self.expected_value.map(|value| value.0).filter(|value| value.is_finite()),
            features: self.global_shap_values.0.into_iter().map(feature).collect(),
            n: details.as_ref().map(|details| details.n),
            aggregation: details.as_ref().map(|details| details.aggregation.0),
            noise_floor: details
                .as_ref()
                .and_then(|details| details.noise_floor.as_ref())
                .and_then(|floor| Some((floor.ndcg?, floor.n))),
        }
    }
}

impl Details {
    fn of(
        output: &OutputAttributions,
        names: &[String],
        aggregation: Aggregation,
        method: Option<&Method>,
        noise_floor: Option<(f64, u64)>,
    ) -> Self {
        let moments = |of: &FeatureAttribution| Moments { mean_abs: Some(of.mean_abs), variance_abs: of.variance_abs };
        Self {
            n: output.n,
            aggregation: Word(aggregation),
            method: method.map(|method| method.name().to_owned()),
            features: by_name(names, output, moments),
            noise_floor: noise_floor.map(|(ndcg, n)| NoiseFloor { ndcg: Some(ndcg), n }),
        }
    }
}

fn by_name<T>(names: &[String], output: &OutputAttributions, of: impl Fn(&FeatureAttribution) -> T) -> Entries<T> {
    Entries(names.iter().cloned().zip(output.features.iter().map(of)).collect())
}

fn check_reference(reference: &ReferenceRows) -> Result<(), WireError> {
    let place = |inner: &str| format!("{}.model_monitor_reference_rows.{inner}", analysis::EXPLANATIONS);
    let (n_features, n_rows) = (reference.features.len(), reference.rows.len());
    if n_features > MAX_COLUMNS {
        return Err(WireError::new(place("features"), format!("names more than {MAX_COLUMNS} features")));
    }
    if has_twice(reference.features.iter()) {
        return Err(WireError::new(place("features"), "names a feature twice"));
    }
    if n_rows > MAX_REFERENCE_ROWS {
        return Err(WireError::new(place("rows"), format!("holds {n_rows} rows, more than {MAX_REFERENCE_ROWS}")));
    }
    match reference.rows.iter().enumerate().find(|(_, row)| row.len() != n_features) {
        Some((i, row)) => Err(WireError::new(
            place(&format!("rows[{i}]")),
            format!("has {} cells for {n_features} features", row.len()),
        )),
        None => Ok(()),
    }
}

/// A number of 0 and more; null where it is not known.
fn not_negative<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    match Option::<f64>::deserialize(deserializer)? {
        Some(value) if value < 0.0 => Err(D::Error::custom("a magnitude is negative")),
        value => Ok(value),
    }
}

impl Serialize for Finite {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Double(self.0).serialize(serializer)
    }
}

impl Serialize for Word {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.name())
    }
}

impl<'de> Deserialize<'de> for Word {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match Aggregation::ALL.into_iter().find(|aggregation| aggregation.name() == text) {
            Some(aggregation) => Ok(Self(aggregation)),
            None => Err(D::Error::custom("aggregation is none of mean_abs, mean_sq, median")),
        }
    }
}
