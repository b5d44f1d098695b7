//! The JSON Schemas of all files that are read or written.

/// The schema of one file.
#[derive(Clone, Copy, Debug)]
pub struct Schema {
    /// As in `model-monitor schema NAME`.
    pub name: &'static str,
    /// A JSON Schema of the draft 2020-12.
    pub text: &'static str,
}

macro_rules! schemas {
    ($($name:literal),+ $(,)?) => {
        /// Every schema: files that are written, then files that are only read.
        pub const ALL: &[Schema] =
            &[$(Schema { name: $name, text: include_str!(concat!("../../schemas/", $name, ".json")) }),+];
    };
}

schemas![
    "statistics",
    "constraints",
    "constraint_violations",
    "model_quality_statistics",
    "model_quality_constraints",
    "model_quality_violations",
    "model_quality_baseline",
    "analysis",
    "bias_violations",
    "attribution_violations",
    "model_monitor_report",
    "model_monitor_state",
    "replay",
    "calibration",
    "cloudwatch_metrics",
    "processingjobconfig",
    "resourceconfig",
    "dataset_format",
    "analysis_config",
    "capture_record",
    "merged_record",
    "ground_truth_record",
    "batch_manifest",
];

/// The schema of this name.
pub fn find(name: &str) -> Option<&'static Schema> {
    ALL.iter().find(|schema| schema.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemas_are_found_by_their_names_only() {
        let titles = [
            ("statistics", "Statistics of a dataset"),
            ("analysis", "Bias of a dataset and of a model, or attributions of a model"),
            ("batch_manifest", "Manifest of a batch transform"),
        ];
        for (name, title) in titles {
            let text = find(name).map(|schema| schema.text).unwrap_or_default();
            assert!(text.contains(&format!("\"title\": \"{title}\"")), "{name}");
        }
        assert!(["", "nothing", "Statistics", "statistics.json"].into_iter().all(|name| find(name).is_none()));
    }
}
