//! `constraint_violations.json` of every monitor: AWS's names for what a violation is about, and its orders of keys
//! (DG:model-monitor-interpreting-violations, DG:clarify-model-monitor-bias-drift-violations,
//! DG:clarify-model-monitor-model-attribution-drift-violations).

use serde::Serialize;

use super::jackson;
use crate::judge::quality::camel_case;
use crate::judge::{Finding, Subject};
use crate::names::Monitor;

/// Of the files that Clarify's monitors write.
const CLARIFY_VERSION: &str = "1.0";

/// The file's bytes; without findings, an empty list.
pub fn write(monitor: Monitor, findings: &[Finding]) -> Vec<u8> {
    let is_clarify = matches!(monitor, Monitor::Bias | Monitor::Attribution);
    jackson::to_bytes(&File {
        version: is_clarify.then_some(CLARIFY_VERSION),
        violations: findings.iter().map(|finding| Violation::of(monitor, finding)).collect(),
    })
}

#[derive(Serialize)]
struct File<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<&'static str>,
    violations: Vec<Violation<'a>>,
}

/// One violation as it stands in the file.
#[derive(Serialize)]
#[serde(untagged)]
enum Violation<'a> {
    DataQuality {
        feature_name: &'a str,
        constraint_check_type: &'static str,
        description: &'a str,
    },
    ModelQuality {
        constraint_check_type: &'static str,
        description: &'a str,
        /// In camel case: `truePositiveRate`.
        metric_name: String,
        /// Ours, called as in the violations of data quality: the feature, where the violation concerns one. AWS's
        /// verdict concerns none.
        #[serde(skip_serializing_if = "Option::is_none")]
        feature_name: Option<&'a str>,
    },
    Bias {
        facet: &'a str,
        /// As the configuration writes the group.
        facet_value: &'a str,
        metric_name: &'static str,
        constraint_check_type: &'static str,
        description: &'a str,
    },
    Attribution {
        /// The model's output.
        label: &'a str,
        metric_name: &'static str,
        constraint_check_type: &'static str,
        description: &'a str,
        /// As in those of model quality.
        #[serde(skip_serializing_if = "Option::is_none")]
        feature_name: Option<&'a str>,
    },
}

impl<'a> Violation<'a> {
    fn of(monitor: Monitor, finding: &'a Finding) -> Self {
        let (constraint_check_type, description) = (finding.check, finding.description.as_str());
        match &finding.subject {
            Subject::Feature(feature_name) if monitor != Monitor::ModelQuality => {
                Self::DataQuality { feature_name, constraint_check_type, description }
            }
            Subject::Model | Subject::Feature(_) => {
                let (metric_name, feature_name) = (camel_case(finding.metric), finding.subject.feature());
                Self::ModelQuality { constraint_check_type, description, metric_name, feature_name }
            }
            Subject::Group { facet, facet_value, .. } => {
                Self::Bias { facet, facet_value, metric_name: finding.metric, constraint_check_type, description }
            }
            Subject::Output { output, feature } => Self::Attribution {
                label: output,
                metric_name: finding.metric,
                constraint_check_type,
                description,
                feature_name: feature.as_deref(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(monitor: Monitor, subjects: Vec<Subject>, metric: &'static str) -> String {
        let finding = |subject| Finding {
            check: "a_check",
            subject,
            metric,
            description: "0.2 is \"far\"".to_owned(),
            value: 0.2,
            threshold: 0.1,
            n: 100,
        };
        let findings: Vec<Finding> = subjects.into_iter().map(finding).collect();
        String::from_utf8(write(monitor, &findings)).expect("text")
    }

    #[test]
    fn each_monitor_has_its_keys_in_its_order() {
        let tail = "\"constraint_check_type\" : \"a_check\",\n    \"description\" : \"0.2 is \\\"far\\\"\"";
        let one = |entry: String| format!("\"violations\" : [ {{\n    {entry}\n  }} ]\n}}");
        let text = |text: &str| text.to_owned();
        let of_columns = written(Monitor::DataQuality, vec![Subject::Feature(text("b"))], "ks");
        assert_eq!(of_columns, format!("{{\n  {}", one(format!("\"feature_name\" : \"b\",\n    {tail}"))));
        let of_model = written(Monitor::ModelQuality, vec![Subject::Model], "true_positive_rate");
        let metric = "\"metric_name\" : \"truePositiveRate\"";
        assert_eq!(of_model, format!("{{\n  {}", one(format!("{tail},\n    {metric}"))));
        let of_feature = written(Monitor::ModelQuality, vec![Subject::Feature(text("b"))], "concept_change");
        let metric = "\"metric_name\" : \"conceptChange\",\n    \"feature_name\" : \"b\"";
        assert_eq!(of_feature, format!("{{\n  {}", one(format!("{tail},\n    {metric}"))));
        let group = Subject::Group { is_post_training: true, facet: text("age"), facet_value: text("40") };
        let head = "\"facet\" : \"age\",\n    \"facet_value\" : \"40\",\n    \"metric_name\" : \"DPPL\",\n    ";
        let version = "{\n  \"version\" : \"1.0\",\n  ";
        assert_eq!(written(Monitor::Bias, vec![group], "DPPL"), format!("{version}{}", one(format!("{head}{tail}"))));
        let output = |feature| Subject::Output { output: text("label0"), feature };
        let head = "\"label\" : \"label0\",\n    \"metric_name\" : \"shap\",\n    ";
        let of_output = written(Monitor::Attribution, vec![output(None)], "shap");
        assert_eq!(of_output, format!("{version}{}", one(format!("{head}{tail}"))));
        let of_feature = written(Monitor::Attribution, vec![output(Some(text("age")))], "shap");
        let feature = "\"feature_name\" : \"age\"";
        assert_eq!(of_feature, format!("{version}{}", one(format!("{head}{tail},\n    {feature}"))));
    }

    #[test]
    fn without_findings_the_list_is_empty() {
        for (monitor, expected) in [
            (Monitor::DataQuality, "{\n  \"violations\" : [ ]\n}"),
            (Monitor::ModelQuality, "{\n  \"violations\" : [ ]\n}"),
            (Monitor::Bias, "{\n  \"version\" : \"1.0\",\n  \"violations\" : [ ]\n}"),
            (Monitor::Attribution, "{\n  \"version\" : \"1.0\",\n  \"violations\" : [ ]\n}"),
        ] {
            assert_eq!(written(monitor, Vec::new(), ""), expected, "{monitor:?}");
        }
    }
}
