//! `constraints.json` of the model-quality monitor (DG:model-monitor-model-quality-metrics).
//!
//! People edit these files, so reading is lenient: thresholds as numbers or as texts, `null` and
//! `"NaN"` for none, operators in any case. [`ConstraintsFile`] keeps what it does not know.

use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value};

use super::keys;
use crate::judge::quality::{Operator, QualityConstraints, QualityLimit};
use crate::profile::Problem;
use crate::wire::error::from_json;
use crate::wire::jackson::{self, Double};
use crate::wire::lenient::Object;
use crate::wire::{WireError, owner};

/// The file's bytes.
pub fn write(constraints: &QualityConstraints) -> Vec<u8> {
    jackson::to_bytes(&Written(constraints))
}

/// The limits that the file holds.
pub fn read(bytes: &[u8]) -> Result<QualityConstraints, WireError> {
    ConstraintsFile::read(bytes)?.constraints()
}

/// The file as it stands, with every key in its place: what is read is written again unchanged.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(transparent)]
pub struct ConstraintsFile {
    document: Map<String, Value>,
}

impl ConstraintsFile {
    pub fn read(bytes: &[u8]) -> Result<Self, WireError> {
        from_json(bytes)
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        jackson::to_bytes(self)
    }

    /// What the file means.
    pub fn constraints(&self) -> Result<QualityConstraints, WireError> {
        owner::check_constraints(&self.document, owner::MODEL_QUALITY)?;
        let root = Object { map: &self.document, place: String::new() };
        let mut found = None;
        for problem in Problem::ALL {
            let Some(part) = root.object(keys::constraints(problem))? else { continue };
            if found.is_some() {
                return Err(WireError::new(part.place, "there are constraints of another problem too"));
            }
            found = Some((problem, part));
        }
        let Some((problem, part)) = found else {
            let wanted: Vec<&str> = Problem::ALL.into_iter().map(keys::constraints).collect();
            return Err(WireError::new("", format!("there is none of {}", wanted.join(", "))));
        };
        let limits = part.map.keys().filter_map(|metric| limit(&part, metric).transpose());
        Ok(QualityConstraints { problem, limits: limits.collect::<Result<_, _>>()? })
    }
}

const OPERATORS: [(&str, Operator); 2] =
    [("LessThanThreshold", Operator::LessThanThreshold), ("GreaterThanThreshold", Operator::GreaterThanThreshold)];

/// The limit of `metric`; `None` where a null stands instead.
fn limit(part: &Object<'_>, metric: &str) -> Result<Option<QualityLimit>, WireError> {
    let Some(written) = part.object(metric)? else { return Ok(None) };
    let is_nan = |value: &Value| value.as_str().is_some_and(|text| text.trim().eq_ignore_ascii_case("nan"));
    let threshold = match written.get("threshold") {
        Some(value) if is_nan(value) => None,
        _ => written.number("threshold")?,
    };
    let operator = written.word("comparison_operator", &OPERATORS)?;
    let operator = operator.ok_or_else(|| written.error("comparison_operator", "is missing"))?;
    Ok(Some(QualityLimit { metric: metric.to_owned(), threshold, operator }))
}

struct Written<'a>(&'a QualityConstraints);

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let mut file = serializer.serialize_map(None)?;
        file.serialize_entry("version", &Double(0.0))?;
        file.serialize_entry(keys::constraints(self.0.problem), &Limits(&self.0.limits))?;
        file.end()
    }
}

struct Limits<'a>(&'a [QualityLimit]);

impl Serialize for Limits<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Limit {
            threshold: Option<f64>,
            comparison_operator: &'static str,
        }
        serializer.collect_map(self.0.iter().map(|limit| {
            let threshold = limit.threshold.filter(|threshold| threshold.is_finite());
            (&limit.metric, Limit { threshold, comparison_operator: limit.operator.name() })
        }))
    }
}
