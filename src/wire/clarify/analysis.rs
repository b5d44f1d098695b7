//! `analysis.json` (DG:clarify-processing-job-analysis-results): bias as it was measured, which is
//! also what later runs compare with.
//!
//! AWS's files hold no number of rows. Ours add the counts of every group under a key of their own,
//! which AWS's readers ignore.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::entries::Entries;
use crate::measure::bias::{BaselineGroup, Bias, BiasMetric, EightCounts, GroupBias};
use crate::wire::error::from_json;
use crate::wire::jackson::Double;
use crate::wire::owner::{self, check_constraints};
use crate::wire::{WireError, jackson};

const VERSION: &str = "1.0";

/// The file's bytes; without a measured row, of no stage.
pub fn write(bias: Option<&Bias>) -> Vec<u8> {
    let section = |groups: fn(&Bias) -> &[GroupBias]| {
        let bias = bias.filter(|bias| !groups(bias).is_empty())?;
        Some(Section::of(bias, groups(bias)))
    };
    jackson::to_bytes(&File {
        version: Some(VERSION.into()),
        post_training_bias_metrics: section(|bias| &bias.post_training),
        pre_training_bias_metrics: section(|bias| &bias.pre_training),
    })
}

/// The groups that the file holds, post-training first. Explanations are ignored, and a file without
/// bias is refused.
pub fn read(bytes: &[u8]) -> Result<Vec<BaselineGroup>, WireError> {
    let file: File = from_json(bytes)?;
    if file.post_training_bias_metrics.is_none() && file.pre_training_bias_metrics.is_none() {
        check_constraints(&from_json::<Map<String, Value>>(bytes)?, owner::BIAS)?;
        return Err(WireError::new("", "holds no metrics of bias"));
    }
    let sections = [(true, file.post_training_bias_metrics), (false, file.pre_training_bias_metrics)];
    let sections = sections.into_iter().filter_map(|(stage, section)| Some((stage, section?)));
    Ok(sections.flat_map(|(is_post_training, section)| section.into_domain(is_post_training)).collect())
}

#[derive(Deserialize, Serialize)]
struct File {
    /// Not looked at: constraints of other monitors have a number there, and are to be told by their keys.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    version: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    post_training_bias_metrics: Option<Section>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pre_training_bias_metrics: Option<Section>,
}

#[derive(Deserialize, Serialize)]
struct Section {
    #[serde(default)]
    label: Option<String>,
    /// The groups of each facet, in the order of the file.
    facets: Entries<Vec<Group>>,
    #[serde(default)]
    label_value_or_threshold: Option<String>,
}

#[derive(Deserialize, Serialize)]
struct Group {
    value_or_threshold: String,
    metrics: Vec<Metric>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    model_monitor_counts: Option<Counts>,
}

#[derive(Deserialize, Serialize)]
struct Metric {
    name: String,
    #[serde(default)]
    description: String,
    value: Option<Double>,
    /// AWS's text why the value is null.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// Rows of the group and of all others.
#[derive(Deserialize, Serialize)]
struct Counts {
    has_predictions: bool,
    group: Confusion,
    rest: Confusion,
}

/// Without predictions, all are predicted negative.
#[derive(Deserialize, Serialize)]
struct Confusion {
    true_positives: u64,
    false_positives: u64,
    false_negatives: u64,
    true_negatives: u64,
}

impl Section {
    fn of(bias: &Bias, groups: &[GroupBias]) -> Self {
        let mut facets: Vec<(String, Vec<Group>)> = Vec::new();
        for group in groups {
            let written = Group::of(group);
            match facets.iter_mut().find(|(facet, _)| *facet == group.facet) {
                Some((_, groups)) => groups.push(written),
                None => facets.push((group.facet.clone(), vec![written])),
            }
        }
        Self {
            label: Some(bias.label.clone()),
            facets: Entries(facets),
            label_value_or_threshold: Some(bias.label_value_or_threshold.clone()),
        }
    }

    fn into_domain(self, is_post_training: bool) -> impl Iterator<Item = BaselineGroup> {
        let label = self.label_value_or_threshold;
        let of_facet = move |(facet, groups): (String, Vec<Group>)| {
            let label = label.clone();
            groups.into_iter().map(move |group| BaselineGroup {
                is_post_training,
                facet: facet.clone(),
                value_or_threshold: group.value_or_threshold,
                label_value_or_threshold: label.clone(),
                metrics: group.metrics.into_iter().map(Metric::into_domain).collect(),
                counts: group.model_monitor_counts.map(|counts| counts.meaning()),
            })
        };
        self.facets.0.into_iter().flat_map(of_facet)
    }
}

impl Group {
    fn of(group: &GroupBias) -> Self {
        Self {
            value_or_threshold: group.value_or_threshold.clone(),
            metrics: group.metrics.iter().map(Metric::of).collect(),
            model_monitor_counts: Some(Counts::of(&group.counts)),
        }
    }
}

impl Metric {
    fn of(metric: &BiasMetric) -> Self {
        Self {
            name: metric.name.to_owned(),
            description: metric.description.clone(),
            value: metric.value.as_ref().ok().map(|value| Double(*value)),
            error: metric.value.as_ref().err().cloned(),
        }
    }

    fn into_domain(self) -> (String, Option<f64>) {
        (self.name, self.value.map(|value| value.0).filter(|value| !value.is_nan()))
    }
}

impl Counts {
    fn of(counts: &EightCounts) -> Self {
        let [rest, group] = counts.n;
        Self { has_predictions: counts.has_predictions, group: Confusion::of(group), rest: Confusion::of(rest) }
    }

    fn meaning(&self) -> EightCounts {
        EightCounts { n: [self.rest.meaning(), self.group.meaning()], has_predictions: self.has_predictions }
    }
}

impl Confusion {
    fn of([[true_negatives, false_positives], [false_negatives, true_positives]]: [[u64; 2]; 2]) -> Self {
        Self { true_positives, false_positives, false_negatives, true_negatives }
    }

    fn meaning(&self) -> [[u64; 2]; 2] {
        [[self.true_negatives, self.false_positives], [self.false_negatives, self.true_positives]]
    }
}
