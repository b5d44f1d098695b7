//! AWS's decisions.

use crate::judge::attribution::evaluate;
use crate::measure::attribution::AttributionDrift;
use crate::profile::{Aggregation, Undefined};

fn drift(output: &str, ndcg: Result<f64, Undefined>) -> AttributionDrift {
    AttributionDrift {
        output: output.to_owned(),
        n: 12,
        baseline_n: None,
        aggregation: Aggregation::MeanAbs,
        ndcg,
        ndcg_interval: None,
        noise_floor: None,
        rank_correlation: Err(Undefined::Empty),
        share_distance: Err(Undefined::Empty),
        magnitude_ratio: Err(Undefined::Empty),
        features: Vec::new(),
    }
}

#[test]
fn a_violation_is_worded_as_awss() {
    let findings = evaluate(&[drift("label0", Ok(0.763_972_092_327_732_2))]);
    assert_eq!(findings.len(), 1);
    let found = &findings[0];
    assert_eq!(found.description, "Feature attribution drift 0.7639720923277322 exceeds threshold 0.9");
    assert_eq!(
        (found.check, found.metric, found.subject.group()),
        ("feature_attribution_drift_check", "shap", Some("label0"))
    );
    assert_eq!((found.subject.feature(), found.threshold, found.n), (None, 0.9, 12));
}

#[test]
fn only_what_is_below_the_limit_is_a_violation() {
    let below = f64::from_bits(0.9f64.to_bits() - 1);
    let drifts = [
        drift("at", Ok(0.9)),
        drift("just below", Ok(below)),
        drift("above", Ok(1.0)),
        drift("undefined", Err(Undefined::Negative)),
        drift("nothing", Ok(0.0)),
    ];
    let findings = evaluate(&drifts);
    let outputs: Vec<_> =
        findings.iter().map(|found| (found.subject.group().unwrap_or_default(), found.description.as_str())).collect();
    assert_eq!(
        outputs,
        [
            ("just below", "Feature attribution drift 0.8999999999999999 exceeds threshold 0.9"),
            ("nothing", "Feature attribution drift 0.0 exceeds threshold 0.9"),
        ]
    );
}
