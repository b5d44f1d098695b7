//! `constraint_violations.json` of the data-quality monitor (DG:model-monitor-interpreting-violations).

use serde::{Deserialize, Serialize};

use super::error::from_json;
use super::{WireError, jackson};
use crate::judge::Finding;

/// One violation as it stands in the file.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Violation {
    pub feature_name: String,
    pub constraint_check_type: String,
    pub description: String,
}

/// The file's bytes; without findings, an empty list.
pub fn write(findings: &[Finding]) -> Vec<u8> {
    jackson::to_bytes(&File { violations: findings.iter().map(Violation::of).collect() })
}

/// The violations that the file holds.
pub fn read(bytes: &[u8]) -> Result<Vec<Violation>, WireError> {
    from_json::<File>(bytes).map(|file| file.violations)
}

#[derive(Deserialize, Serialize)]
struct File {
    violations: Vec<Violation>,
}

impl Violation {
    fn of(finding: &Finding) -> Self {
        Self {
            feature_name: finding.feature.clone(),
            constraint_check_type: finding.check.to_owned(),
            description: finding.description.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::check;

    #[test]
    fn findings_are_written_in_their_order() {
        let finding = |feature: &str| Finding {
            check: check::BASELINE_DRIFT,
            measure: "ks",
            feature: feature.to_owned(),
            description: "Baseline drift distance: 0.2 exceeds threshold: 0.1".to_owned(),
            value: 0.2,
            threshold: 0.1,
            n: 100,
        };
        let bytes = write(&[finding("b"), finding("a")]);
        let names: Vec<String> = read(&bytes).unwrap().into_iter().map(|violation| violation.feature_name).collect();
        assert_eq!(names, ["b", "a"]);
        let expected = "{\n  \"violations\" : [ {\n    \"feature_name\" : \"b\",\n    \
                        \"constraint_check_type\" : \"baseline_drift_check\",\n    \"description\" : \"Baseline";
        assert!(bytes.starts_with(expected.as_bytes()), "{}", String::from_utf8_lossy(&bytes));
        assert_eq!(write(&[]), b"{\n  \"violations\" : [ ]\n}");
    }

    #[test]
    fn other_files_are_refused_with_a_place() {
        for (text, place) in [
            ("{}", ""),
            (r#"{"violations":{}}"#, "violations"),
            (r#"{"violations":[{"feature_name":"a"}]}"#, "violations[0]"),
            (r#"{"violations":[{"feature_name":1}]}"#, "violations[0].feature_name"),
        ] {
            assert_eq!(read(text.as_bytes()).unwrap_err().place, place, "{text}");
        }
    }
}
