//! Examples of measured bias, for tests of the files that are written from it.

use model_monitor::measure::bias::{BaselineGroup, Bias, BiasMetric, EightCounts, GroupBias};

pub fn metric(name: &'static str, value: Result<f64, &str>) -> BiasMetric {
    BiasMetric {
        name,
        description: format!("A long name ({name})"),
        standard_error: value.is_ok().then_some(0.01),
        interval: value.ok().filter(|value| value.is_finite()).map(|value| (value - 0.02, value + 0.02)),
        value: value.map_err(str::to_owned),
    }
}

pub fn group(counts: EightCounts, metrics: Vec<BiasMetric>) -> GroupBias {
    GroupBias {
        facet: "age".to_owned(),
        facet_value: "40".to_owned(),
        value_or_threshold: "(40, 91]".to_owned(),
        metrics,
        counts,
    }
}

/// Of a model that neglects the group: its rows are predicted positive at about a quarter of the others' rate.
pub fn example() -> Bias {
    let counts = EightCounts { n: [[[500, 100], [100, 300]], [[460, 10], [30, 50]]], has_predictions: true };
    Bias {
        label: "income".to_owned(),
        label_value_or_threshold: "1".to_owned(),
        pre_training: vec![group(counts, vec![metric("CI", Ok(450.0 / 1550.0)), metric("KL", Err("no"))])],
        post_training: vec![group(
            counts,
            vec![
                metric("DI", Ok((60.0 / 550.0) / 0.4)),
                metric("DPPL", Ok(0.4 - 60.0 / 550.0)),
                metric("FT", Err("FlipTest does not support non-numeric columns")),
                metric("TE", Ok(f64::INFINITY)),
            ],
        )],
        n: 1550,
        n_missing: [("facet", 3)].into(),
        estimated: vec!["age".to_owned()],
    }
}

/// Of a fair model, as a file that tells counts remembers it; its largest age was another.
pub fn fair_baseline() -> Vec<BaselineGroup> {
    let counts = EightCounts { n: [[[500, 100], [100, 300]], [[250, 50], [50, 150]]], has_predictions: true };
    let group = |is_post_training, metrics: &[(&str, f64)]| BaselineGroup {
        is_post_training,
        facet: "age".to_owned(),
        value_or_threshold: "(40, 90]".to_owned(),
        label_value_or_threshold: Some("1".to_owned()),
        metrics: metrics.iter().map(|(name, value)| ((*name).to_owned(), Some(*value))).collect(),
        counts: Some(counts),
    };
    vec![group(true, &[("DI", 1.0), ("DPPL", 0.0), ("FT", 0.1), ("TE", 0.0)]), group(false, &[("CI", 1.0 / 3.0)])]
}
