//! Files of attributions: any of ours read back, and broken ones.

use model_monitor::measure::attribution::{
    Aggregation, AttributionStatistics, BaselineAttributions, BaselineFeature, Explanations, FeatureAttribution,
    Method, OutputAttributions,
};
use model_monitor::wire::clarify::explanations;
use model_monitor::wire::clarify::explanations::ReferenceRows;

use super::*;

/// Finite, and at least 0.
fn magnitude() -> impl Strategy<Value = f64> {
    (any::<u64>()).prop_map(|bits| f64::from_bits(bits & !(1 << 63))).prop_filter("finite", |x| x.is_finite())
}

fn attribution() -> impl Strategy<Value = FeatureAttribution> {
    let signed = prop::num::f64::NORMAL | prop::num::f64::SUBNORMAL | prop::num::f64::ZERO;
    (signed, magnitude(), magnitude(), prop::option::of(magnitude())).prop_map(
        |(median, mean_abs, mean_sq, variance_abs)| FeatureAttribution {
            mean: median,
            mean_abs,
            mean_sq,
            median,
            variance_abs,
            sampling_error: None,
        },
    )
}

fn distinct_names(n: std::ops::Range<usize>) -> impl Strategy<Value = Vec<String>> {
    prop::collection::btree_set(".{0,6}", n).prop_map(|names| names.into_iter().rev().collect())
}

fn any_explanations() -> impl Strategy<Value = (Explanations, Vec<String>)> {
    let aggregation = prop::sample::select(Aggregation::ALL.to_vec());
    let names = (distinct_names(0..5), distinct_names(1..4), distinct_names(1..4));
    (names, aggregation).prop_flat_map(|((features, outputs, reference), aggregation)| {
        let output = (
            any::<u64>(),
            prop::option::of(-1e300..1e300),
            prop::collection::vec(attribution(), features.len()),
            prop::option::of((0.0..=1.0, any::<u64>())),
        );
        let cells = prop::collection::vec(prop::option::of(".{0,4}"), reference.len());
        let parts = (prop::collection::vec(output, outputs.len()), prop::collection::vec(cells, 0..3));
        parts.prop_map(move |(of_outputs, rows)| {
            let noise_floors = of_outputs.iter().map(|(.., floor)| *floor).collect();
            let output = |(name, (n, expected_value, features, _)): (&String, (u64, Option<f64>, Vec<_>, _))| {
                let output = name.clone();
                OutputAttributions { output, n, expected_value, features, ..OutputAttributions::default() }
            };
            let statistics = AttributionStatistics {
                features: features.clone(),
                outputs: outputs.iter().zip(of_outputs).map(output).collect(),
                ..AttributionStatistics::default()
            };
            let explained =
                Explanations { statistics, aggregation, reference_rows: rows, noise_floors, ..Explanations::default() };
            (explained, reference.clone())
        })
    })
}

/// What is to be read back.
fn as_baseline(explained: &Explanations) -> Vec<BaselineAttributions> {
    let names = &explained.statistics.features;
    let feature = |(name, of): (&String, &FeatureAttribution)| BaselineFeature {
        name: name.clone(),
        value: of.aggregated(explained.aggregation),
        mean_abs: Some(of.mean_abs),
        variance_abs: of.variance_abs,
    };
    let output = |(i, of): (usize, &OutputAttributions)| BaselineAttributions {
        output: of.output.clone(),
        expected_value: of.expected_value,
        features: names.iter().zip(&of.features).map(feature).collect(),
        n: Some(of.n),
        aggregation: Some(explained.aggregation),
        noise_floor: explained.noise_floors[i],
    };
    explained.statistics.outputs.iter().enumerate().map(output).collect()
}

proptest! {
    #[test]
    fn any_explanations_come_back_as_a_baseline((explained, reference) in any_explanations()) {
        let bytes = explanations::write(Some(&explained), Some(&Method::Captured), &reference);
        let read = explanations::read(&bytes).unwrap();
        prop_assert_eq!(read.outputs, as_baseline(&explained));
        let has_rows = !explained.reference_rows.is_empty();
        let rows = has_rows.then_some(ReferenceRows { features: reference, rows: explained.reference_rows });
        prop_assert_eq!(read.reference_rows, rows);
    }

    #[test]
    fn damaged_explanations_never_panic((explained, reference) in any_explanations(), edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut bytes = explanations::write(Some(&explained), None, &reference);
        for (index, byte) in edits {
            let at = index.index(bytes.len());
            bytes[at] = byte;
        }
        if let Err(error) = explanations::read(&bytes) {
            prop_assert!(!error.cause.is_empty() && error.cause.len() < 400, "{}", error);
        }
    }
}
