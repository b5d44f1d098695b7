//! The statistical verdict of data quality: columns that changed beyond chance, and by more than a little.
//!
//! A column is tested in several ways: its distribution, its missing cells, categories and numbers that the baseline
//! does not have, and cells of another kind. Holm's correction is over all tests of the run, so that where nothing
//! changed at most one run in twenty has a finding; tests of distributions weigh more, since they find what is hard to
//! see. Both sides are taken for samples of rows that are independent of one another; the sketches' error is part of the
//! p-values.

use std::collections::HashMap;

use super::check::{Case, Check};
use super::extra_column::ExtraColumn;
use super::missing_column::MissingColumn;
use super::threshold::{own_measure, threshold_for};
use crate::judge::chance::{told, told_p, weighted_holm};
use crate::judge::hypothesis_test::{correct, decide};
use crate::judge::{Alternative, FeatureConstraints, Finding, Scale, Subject, Test, TestOutcome};
use crate::measure::FeatureMeasurements;
use crate::measure::drift::{self, Quantity};
use crate::names;
use crate::profile::{ColumnStatistics, TableStatistics, Undefined};

/// Fewest rows on either side for which a test is made.
pub const MIN_ROWS: u64 = 30;

/// What is tested of a column.
pub struct ColumnTest {
    /// The check that its finding belongs to.
    pub check: &'static str,
    /// The measure that says how large the change is.
    pub effect: &'static str,
    /// The measures that say how likely it is by chance: the first that has a value does.
    pub p_values: &'static [&'static str],
    /// Changes up to this size count as none.
    pub margin: f64,
    /// How much of the chance of a false alarm it may take, beside the others.
    pub weight: f64,
    /// The test is not made where this measure is: another test says more.
    unless: Option<&'static str>,
    /// Whether the effect is the distance of two distributions.
    is_of_distribution: bool,
    /// What the change is, for sentences.
    pub what: &'static str,
}

/// Every test, in the order of findings of a column. Of a column those are made whose measures suit it.
pub static TESTS: &[ColumnTest] = &[
    ColumnTest {
        check: names::check::DATA_TYPE,
        effect: "unexpected_kind_share",
        p_values: &["unexpected_kind_p_value"],
        margin: 0.0,
        weight: 0.2,
        unless: None,
        is_of_distribution: false,
        what: "cells of another kind than the baseline's",
    },
    ColumnTest {
        check: names::check::COMPLETENESS,
        effect: "missing_rate_change",
        p_values: &["missing_rate_p_value"],
        margin: 0.01,
        weight: 0.2,
        unless: None,
        is_of_distribution: false,
        what: "change of the share of missing cells",
    },
    ColumnTest {
        check: names::check::CATEGORICAL_VALUES,
        effect: "new_category_share",
        p_values: &["new_category_p_value"],
        margin: 0.005,
        weight: 0.2,
        unless: None,
        is_of_distribution: false,
        what: "cells with categories that the baseline does not have",
    },
    ColumnTest {
        check: names::check::BASELINE_DRIFT,
        effect: "ks_statistic",
        p_values: &["few_numbers_p_value", "ks_p_value"],
        margin: 0.05,
        weight: 1.0,
        unless: None,
        is_of_distribution: true,
        what: "largest difference of the distribution functions",
    },
    ColumnTest {
        check: names::check::BASELINE_DRIFT,
        effect: "out_of_range_share",
        p_values: &["out_of_range_p_value"],
        margin: 0.005,
        weight: 0.2,
        unless: None,
        is_of_distribution: false,
        what: "numbers beyond the baseline's extremes",
    },
    ColumnTest {
        check: names::check::BASELINE_DRIFT,
        effect: "total_variation_distance",
        p_values: &["chi_squared_homogeneity_p_value"],
        margin: 0.02,
        weight: 1.0,
        unless: Some("ks_statistic"),
        is_of_distribution: true,
        what: "cells that would have to move to another category",
    },
];

/// The test that judges by this effect.
fn test_of(effect: &str) -> Option<&'static ColumnTest> {
    TESTS.iter().find(|test| test.effect == effect)
}

/// The margin of the test that judges by this effect.
pub(super) fn margin_of(effect: &str) -> Option<f64> {
    test_of(effect).map(|test| test.margin)
}

/// Whether a test's effect is the distance of two distributions.
pub fn is_of_distribution(test: &Test) -> bool {
    test_of(test.metric).is_none_or(|of| of.is_of_distribution)
}

/// Statistics of the baseline and of a run.
pub type Sides<'a> = (&'a TableStatistics, &'a TableStatistics);

/// Every test of every column that the constraints judge and that is on both sides, in the order of the constraints'
/// columns.
pub fn test(case: &Case<'_>, sides: Sides<'_>) -> Vec<Test> {
    test_together(&[(*case, sides)]).pop().unwrap_or_default()
}

/// The tests of several samples, corrected for all of them together: where nothing changed in any, at most one run in
/// twenty has a finding in any.
pub fn test_together(samples: &[(Case<'_>, Sides<'_>)]) -> Vec<Vec<Test>> {
    let made: Vec<Vec<Test>> = samples.iter().map(|(case, sides)| uncorrected(case, *sides)).collect();
    let sizes: Vec<usize> = made.iter().map(Vec::len).collect();
    let mut tests = made.concat();
    let weight = |test: &Test| test_of(test.metric).map_or(1.0, |of| of.weight);
    let weights: Vec<f64> = tests.iter().filter(|test| test.p.is_some()).map(weight).collect();
    correct(&mut tests, |p_values| weighted_holm(p_values, &weights));
    decide(&mut tests, finding);
    let mut tests = tests.into_iter();
    sizes.into_iter().map(|n| tests.by_ref().take(n).collect()).collect()
}

fn uncorrected(case: &Case<'_>, sides: Sides<'_>) -> Vec<Test> {
    let (baseline, current) = (columns_of(sides.0), columns_of(sides.1));
    let mut tests = Vec::new();
    for (feature, measured) in case.judged() {
        let name = feature.name.as_str();
        let (Some(baseline), Some(current)) = (baseline.get(name), current.get(name)) else { continue };
        let is_asked = |test: &&ColumnTest| {
            let is_of_distribution = test.check == names::check::BASELINE_DRIFT;
            feature.config.perform_comparison || !is_of_distribution
        };
        let limit = own_limit(feature);
        let made = TESTS.iter().filter(is_asked);
        tests.extend(made.filter_map(|test| single(test, limit, measured, (baseline, current))));
    }
    tests
}

fn columns_of(table: &TableStatistics) -> HashMap<&str, &ColumnStatistics> {
    table.columns.iter().map(|column| (column.name.as_str(), column)).collect()
}

/// Columns whose distributions cannot be compared, since one side has texts and the other none.
pub fn other_kinds(case: &Case<'_>, baseline: &TableStatistics, current: &TableStatistics) -> Vec<String> {
    let (baseline, current) = (columns_of(baseline), columns_of(current));
    let is_other = |name: &&str| {
        let (Some(baseline), Some(current)) = (baseline.get(name), current.get(name)) else { return false };
        let is_known = baseline.n_present > 0 && current.n_present > 0;
        is_known && baseline.kind.is_numeric() != current.kind.is_numeric()
    };
    let names = case.judged().into_iter().map(|(feature, _)| feature.name.as_str());
    names.filter(is_other).map(str::to_owned).collect()
}

/// What needs no test: columns that are missing, and columns that the baseline does not have.
pub fn strange_columns(case: &Case<'_>) -> Vec<Finding> {
    [&ExtraColumn as &dyn Check, &MissingColumn].into_iter().flat_map(|check| check.judge(case)).collect()
}

/// The limit that the column's settings name: its measure, if they name one, and the largest value that counts as no
/// change.
#[derive(Clone, Copy)]
struct OwnLimit {
    measure: Option<&'static str>,
    margin: f64,
}

fn own_limit(feature: &FeatureConstraints) -> Option<OwnLimit> {
    match own_measure(feature) {
        None => Some(OwnLimit { measure: None, margin: feature.config.drift_threshold? }),
        // A p-value is no size.
        Some(measure) if measure.quantity == Quantity::PValue => None,
        Some(measure) => Some(OwnLimit { measure: Some(measure.name), margin: threshold_for(feature, measure.name)? }),
    }
}

impl ColumnTest {
    /// The measure of the effect and its margin. What the settings name stands for the effect of the test whose own it
    /// is, else for that of the distribution.
    fn limited(&self, own: Option<OwnLimit>) -> (&'static str, f64) {
        match own {
            Some(OwnLimit { measure: None, margin }) if self.is_of_distribution => (self.effect, margin),
            Some(OwnLimit { measure: Some(measure), margin }) if measure == self.effect => (measure, margin),
            Some(OwnLimit { measure: Some(measure), margin })
                if self.is_of_distribution && test_of(measure).is_none() =>
            {
                (measure, margin)
            }
            _ => (self.effect, self.margin),
        }
    }
}

fn single(
    test: &ColumnTest,
    own: Option<OwnLimit>,
    measured: &FeatureMeasurements,
    (baseline, current): (&ColumnStatistics, &ColumnStatistics),
) -> Option<Test> {
    let (name, margin) = test.limited(own);
    let effect = measured.get(name)?;
    measured.get(test.effect)?;
    // Of a side without cells the missing ones are tested; kinds that cannot be compared are another matter.
    let has_no_distribution = matches!(effect.value, Err(Undefined::KindMismatch | Undefined::Empty));
    if has_no_distribution || test.unless.is_some_and(|other| measured.get(other).is_some()) {
        return None;
    }
    // Where no cell is missing on either side the test cannot fail, whatever the data (R. E. Tarone, "A modified
    // Bonferroni method for discrete data", Biometrics 46, 1990, p. 515).
    if test.check == names::check::COMPLETENESS && baseline.n_missing + current.n_missing == 0 {
        return None;
    }
    let measure = drift::ALL.iter().find(|measure| measure.name == name)?;
    let (n, baseline_n) = (measure.n(current), measure.n(baseline));
    let has_rows = n >= MIN_ROWS && baseline_n >= MIN_ROWS;
    let p = test.p_values.iter().find_map(|name| measured.get(name)?.value.ok());
    let value = effect.value.ok();
    let is_two_sided = measure.quantity == Quantity::Change;
    let size = value.map(|value| if is_two_sided { value.abs() } else { value });
    Some(Test {
        subject: Subject::Feature(measured.feature.clone()),
        metric: effect.measure,
        value,
        baseline_value: None,
        scale: Scale::Value,
        scaled: value,
        baseline_scaled: None,
        standard_error: None,
        n,
        baseline_standard_error: None,
        baseline_n: Some(baseline_n),
        effect: size,
        margin,
        alternative: if is_two_sided { Alternative::TwoSided } else { Alternative::Greater },
        p: p.filter(|_| has_rows),
        p_adjusted: None,
        outcome: TestOutcome::InsufficientData,
        finding: None,
    })
}

fn finding(test: &Test) -> Option<Finding> {
    // Another measure than those of the tests is the settings' own, of a distribution.
    let of_settings = (names::check::BASELINE_DRIFT, format!("change of the distribution, {}", test.metric));
    let (check, what) = test_of(test.metric).map_or(of_settings, |of| (of.check, of.what.to_owned()));
    let value = test.value?;
    let (n, baseline_n) = (test.n, test.baseline_n?);
    let (limit, p) = (told(test.margin), told_p(test.p_adjusted));
    let beyond = if test.alternative == Alternative::TwoSided { "further from 0 than" } else { "more than" };
    Some(Finding {
        check,
        subject: test.subject.clone(),
        metric: test.metric,
        description: format!(
            "{what}: {} (n {n}, baseline n {baseline_n}), {beyond} {limit}, adjusted p-value {p}",
            told(value)
        ),
        value,
        threshold: test.margin,
        n,
    })
}
