//! Sentinel: one number or word that stands for missing values.

use super::changes::Changes;
use super::evidence::{BASELINE_MISSING_SHARE, MISSING_SHARE, SHARE, VALUE, number};
use super::feature::Feature;
use super::kind::{Cause, IncidentKind};
use super::texts;
use super::words::per_cent;
use crate::profile::{KindCounts, NumericStatistics, java_double};

/// Numbers that stand for missing values in the field.
const NUMBERS: [f64; 17] = [
    -1.0,
    0.0,
    -9.0,
    99.0,
    -99.0,
    999.0,
    -999.0,
    9_999.0,
    -9_999.0,
    99_999.0,
    -99_999.0,
    999_999.0,
    -999_999.0,
    2_147_483_647.0,
    -2_147_483_648.0,
    1e20,
    -1e20,
];
/// Words that do, in small letters.
const WORDS: [&str; 18] = [
    "null",
    "none",
    "nan",
    "nil",
    "na",
    "n/a",
    "#n/a",
    "n.a.",
    "missing",
    "unknown",
    "undefined",
    "unavailable",
    "empty",
    "not available",
    "-",
    "--",
    "?",
    "\\n",
];

/// Least share of the cells that hold it.
const MIN_SHARE: f64 = 0.01;
/// Least part that it is of all numbers beyond the same end of the baseline's range, of all cells with new categories,
/// or of all that are no numbers where the baseline has numbers: drift would spread.
const MIN_ALONE: f64 = 0.9;

pub(super) static MISSING_SENTINEL: IncidentKind = IncidentKind {
    name: "missing_sentinel",
    meaning: "One number or word stands where a value is missing: -1, 9999, `null`.",
    evidence: "A number beyond the baseline's range, or a category that the baseline does not have, is one of those \
               that are usual for missing values, is in at least 1 of 100 cells, and stands alone: 9 of 10 numbers \
               beyond that end of the range, or cells with new categories, hold it. 0 counts where the \
               baseline is far from it.",
    remedy: "Send nothing in its place, or make the model know it. Means and distances count it as a value.",
    explains: &["out_of_range_share", "new_category_share", "unexpected_kind_share"],
    find,
};

fn find(changes: &Changes<'_>) -> Vec<Cause> {
    let of_numbers = changes.changed(&["out_of_range_share"]).filter_map(of_numbers);
    let of_words = changes.changed(&["new_category_share", "unexpected_kind_share"]);
    of_numbers.chain(of_words.filter_map(|changed| of_words_of(changes, changed))).collect()
}

fn of_numbers((place, feature): (usize, &Feature<'_>)) -> Option<Cause> {
    let (baseline, current) = feature.numbers()?;
    let n = current.quantiles.n() as f64;
    let counts = NUMBERS
        .iter()
        .filter(|x| is_far_outside(**x, feature, baseline))
        .map(|x| (*x, current.quantiles.n_where(|other| other == *x)));
    let (value, count) = counts.max_by_key(|(_, count)| *count)?;
    let is_beyond = |x: f64| if value > baseline.max { x > baseline.max } else { x < baseline.min };
    let is_alone = count as f64 >= MIN_ALONE * current.quantiles.n_where(is_beyond) as f64;
    let share = count as f64 / n;
    let shown = java_double(value);
    let shown = shown.strip_suffix(".0").unwrap_or(&shown);
    (is_alone && share >= MIN_SHARE).then(|| cause(feature, place, shown, share, Some(value)))
}

/// Whether the baseline has nothing there; 0 must be further from its range than its numbers are from one another.
fn is_far_outside(value: f64, feature: &Feature<'_>, baseline: &NumericStatistics) -> bool {
    if value != 0.0 {
        return value < baseline.min || value > baseline.max;
    }
    let gap = baseline.min.max(-baseline.max);
    gap > 0.0 && feature.baseline_location().is_some_and(|location| gap >= location.spread)
}

fn of_words_of(changes: &Changes<'_>, (place, feature): (usize, &Feature<'_>)) -> Option<Cause> {
    let current = texts::counts(feature.current).filter(|_| feature.has_cells())?;
    let known = texts::counts(feature.baseline).unwrap_or_default();
    let is_word = |value: &str| WORDS.contains(&value.trim().to_lowercase().as_str());
    let knows_one = known.keys().any(|value| is_word(value));
    let words = current.iter().filter(|(value, _)| is_word(value));
    let (word, count) = words.max_by_key(|(_, count)| **count)?;
    let share = *count as f64 / feature.current.n_present as f64;
    let is_alone = match feature.current.kind_counts {
        Some(KindCounts { boolean, string, .. }) if feature.baseline.kind.is_numeric() => {
            *count as f64 >= MIN_ALONE * (string + boolean) as f64
        }
        _ => *count as f64 >= MIN_ALONE * texts::n_only_in(&current, &known) as f64,
    };
    let told = changes.told(word, "a word for missing values");
    (!knows_one && is_alone && share >= MIN_SHARE).then(|| cause(feature, place, &told, share, None))
}

fn cause(feature: &Feature<'_>, place: usize, told: &str, share: f64, value: Option<f64>) -> Cause {
    let [missing_before, missing] = feature.missing_shares();
    let value = value.map(|value| number(feature, &VALUE, value));
    let evidence = [
        number(feature, &SHARE, share),
        number(feature, &MISSING_SHARE, missing),
        number(feature, &BASELINE_MISSING_SHARE, missing_before),
    ];
    Cause {
        features: vec![place],
        what: format!("{told} stands in {} of the cells, and nowhere in the baseline", per_cent(share)),
        evidence: value.into_iter().chain(evidence).collect(),
        share_of_rows: share * feature.share_present(),
    }
}
