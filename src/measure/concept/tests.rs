//! Concept change against values of scipy, and what features and labels it takes for the same.

use serde_json::Value;

use super::conditional_g_test::{Bin, p_value};
use super::*;
use crate::profile::{LabelledRows, Problem, Undefined};

const EXPECTED: &str = include_str!("../../../tests/expected_values/concept.json");

fn expected() -> Value {
    serde_json::from_str(EXPECTED).expect("the expected values")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

fn number(value: &Value) -> f64 {
    value.as_f64().expect("a number")
}

fn assert_near(found: Result<f64, Undefined>, expected: &Value, what: &str) {
    let (found, expected) = (found.expect("a value"), number(expected));
    assert!((found - expected).abs() < 1e-9, "{what}: {found} instead of {expected}");
}

/// Statistics are added up on a grid: the p-value lies between those of statistics a little larger and smaller.
fn assert_between(found: Result<f64, Undefined>, bounds: &Value, what: &str) {
    let (found, bounds) = (found.expect("a p-value"), list(bounds));
    let (least, most) = (number(&bounds[0]) * (1.0 - 1e-9), number(&bounds[1]) * (1.0 + 1e-9));
    assert!((least..=most).contains(&found), "{what}: {found} is not in {least}..={most}");
}

/// Rows whose label and features are these texts, the features called so.
fn rows<'a>(names: &[&str], rows: impl IntoIterator<Item = (&'a str, Vec<&'a str>)>) -> LabelledRows {
    let cell = |(name, value): (&&str, &str)| match value {
        "" => format!("{}:{name}-", name.len()),
        value => format!("{}:{name}{}:{value}", name.len(), value.len()),
    };
    let packed =
        rows.into_iter().map(|(label, values)| (label, names.iter().zip(values).map(cell).collect::<String>()));
    LabelledRows::of(packed)
}

/// Rows of a label, a category and a number of one character each.
fn sample(texts: &Value) -> LabelledRows {
    let texts: Vec<&str> = list(texts).iter().map(|text| text.as_str().expect("a text")).collect();
    rows(&["category", "number"], texts.into_iter().map(|text| (&text[..1], vec![&text[1..2], &text[2..]])))
}

#[test]
fn p_values_and_distances_are_those_of_scipy() {
    let expected = expected();
    for case in list(&expected["tables"]) {
        let name = case["name"].as_str().expect("a name");
        let side = |bin: &Value, side: usize| -> Vec<u64> {
            list(&bin[side]).iter().map(|n| n.as_u64().expect("a count")).collect()
        };
        let sides: Vec<[Vec<u64>; 2]> = list(&case["bins"]).iter().map(|bin| [side(bin, 0), side(bin, 1)]).collect();
        let bins: Vec<Bin<'_>> = sides.iter().map(|[baseline, current]| Bin { baseline, current }).collect();
        assert_between(p_value(&bins), &case["p"], name);
        assert_near(change::mean_distance(&bins), &case["concept_change"], name);
    }
}

#[test]
fn samples_of_rows_give_what_scipy_gives() {
    let expected = expected();
    let baseline = remember(&sample(&expected["baseline"]), Problem::BinaryClassification).expect("a baseline");
    for case in list(&expected["samples"]) {
        let now = sample(&case["rows"]);
        let found = changes(&now, &baseline);
        assert_eq!(found.len(), 2);
        for change in found {
            let expected = &case["features"][&change.feature];
            assert_eq!((change.n, change.baseline_n), (300, 600));
            assert_near(change.value, &expected["concept_change"], &change.feature);
            assert_near(change.conditional_entropy, &expected["conditional_entropy"], &change.feature);
            assert_near(
                change.baseline_conditional_entropy,
                &expected["baseline_conditional_entropy"],
                &change.feature,
            );
            assert_between(change.p_value, &expected["p"], &change.feature);
        }
    }
}

/// `n` rows of a feature `a` whose labels are all `label`.
fn alike<'a>(value: &'a str, label: &'a str, n: usize) -> impl Iterator<Item = (&'a str, Vec<&'a str>)> {
    std::iter::repeat_n((label, vec![value]), n)
}

#[test]
fn labels_and_numbers_of_one_meaning_are_the_same() {
    let before = alike("1", "1", 40).chain(alike("2", "0", 40));
    let baseline = remember(&rows(&["a"], before), Problem::BinaryClassification).expect("a baseline");
    let now = alike("1.0", "true", 40).chain(alike("2e0", "0.0", 40));
    let change = changes(&rows(&["a"], now), &baseline).remove(0);
    assert_eq!((change.value, change.n), (Ok(0.0), 80));
    assert_eq!(change.p_value, Err(Undefined::TooFewCategories), "each bin has one label");
    assert_eq!((change.conditional_entropy, change.baseline_conditional_entropy), (Ok(0.0), Ok(0.0)));
}

#[test]
fn bins_that_one_side_does_not_have_are_not_compared() {
    let before = alike("a", "1", 30).chain(alike("a", "0", 30)).chain(alike("b", "1", 9)).chain(alike("", "0", 5));
    let baseline = remember(&rows(&["a"], before), Problem::BinaryClassification).expect("a baseline");
    let now = alike("a", "1", 20).chain(alike("a", "0", 20)).chain(alike("new", "0", 50)).chain(alike("None", "1", 7));
    let change = changes(&rows(&["a"], now), &baseline).remove(0);
    // Missing cells are a bin of their own; there, labels are the opposite of what they were.
    assert_eq!((change.n, change.baseline_n), (47, 65));
    assert!((change.value.expect("a value") - 7.0 / 47.0).abs() < 1e-12, "{change:?}");
}

#[test]
fn a_feature_that_is_not_there_has_a_reason() {
    let before = || alike("x", "1", 40).chain(alike("x", "0", 40));
    let baseline = remember(&rows(&["a"], before()), Problem::BinaryClassification).expect("a baseline");
    let reason = |now: &LabelledRows| changes(now, &baseline).remove(0).value;
    assert_eq!(reason(&rows(&["b"], before())), Err(Undefined::Absent));
    assert_eq!(reason(&LabelledRows::default()), Err(Undefined::Empty));
    assert_eq!(reason(&rows(&["column_0"], before())), Ok(0.0), "it is known by its position");
    assert_eq!(remember(&LabelledRows::default(), Problem::BinaryClassification), None);
}

#[test]
fn labels_that_are_numbers_are_compared_by_the_baseline_s_tenths() {
    let texts: Vec<String> = (0..400).map(|i| i.to_string()).collect();
    let of = |add: usize| (0..200).map(move |i| (i + add, ["a", "b"][i % 2]));
    let rows_of = |add: usize| {
        let texts = &texts;
        rows(&["a"], of(add).map(move |(label, value)| (texts[label].as_str(), vec![value])))
    };
    let baseline = remember(&rows_of(0), Problem::Regression).expect("a baseline");
    assert!(matches!(&baseline.labels, LabelBins::Numbers(binning) if binning.edges.len() == 10), "{baseline:?}");
    let same = changes(&rows_of(0), &baseline).remove(0);
    assert_eq!((same.value, same.p_value), (Ok(0.0), Ok(1.0)));
    let moved = changes(&rows_of(100), &baseline).remove(0);
    assert!(moved.value.expect("a value") > 0.5 && moved.p_value.expect("a p-value") < 1e-9, "{moved:?}");
}
