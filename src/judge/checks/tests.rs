//! Every check and every sentence, on small tables.

use super::*;
use crate::judge::{Constraints, Finding, MonitoringConfig, suggest};
use crate::measure::{column, drift, measure};
use crate::names::{categorical_drift_method, comparison_method};
use crate::profile::{
    Category, ColumnStatistics, Detail, Kind, KindCounts, NumericStatistics, TableStatistics, Undefined,
};
use crate::sketch::Quantiles;

fn text_column(name: &str, counts: &[(&str, u64)]) -> ColumnStatistics {
    let n_present = counts.iter().map(|(_, count)| count).sum();
    let category = |(value, count): &(&str, u64)| Category { value: (*value).to_owned(), count: *count };
    ColumnStatistics {
        name: name.to_owned(),
        kind: Kind::String,
        n_present,
        n_missing: 0,
        n_distinct: Some(counts.len() as u64),
        kind_counts: Some(KindCounts { string: n_present, ..KindCounts::default() }),
        n_in_domain: None,
        unknown: Vec::new(),
        detail: Detail::Text(Some(counts.iter().map(category).collect())),
    }
}

fn numeric_column(name: &str, values: impl IntoIterator<Item = f64>) -> ColumnStatistics {
    let values: Vec<f64> = values.into_iter().collect();
    let n_present = values.len() as u64;
    let extreme = |fold: fn(f64, f64) -> f64| values.iter().copied().reduce(fold).unwrap_or(f64::NAN);
    let (min, max) = (extreme(f64::min), extreme(f64::max));
    let quantiles = Quantiles { levels: vec![values], k: 2048.0, c: 0.64 };
    ColumnStatistics {
        kind: Kind::Integral,
        n_present,
        kind_counts: Some(KindCounts { integral: n_present, ..KindCounts::default() }),
        detail: Detail::Numeric(Ok(NumericStatistics {
            mean: 0.0,
            sum: 0.0,
            std_dev: 0.0,
            min,
            max,
            quantiles,
            is_sum_wrapped: false,
        })),
        ..text_column(name, &[])
    }
}

fn of(columns: Vec<ColumnStatistics>) -> TableStatistics {
    let n_rows = columns.first().map_or(0, |column| column.n_present + column.n_missing);
    TableStatistics { n_rows, columns, ..TableStatistics::default() }
}

fn up_to(n: u32) -> impl Iterator<Item = f64> {
    (0..n).map(f64::from)
}

fn judge(constraints: &Constraints, current: &TableStatistics, baseline: Option<&TableStatistics>) -> Vec<Finding> {
    evaluate(&Case { constraints, measurements: &measure(current, baseline), n_rows: current.n_rows })
}

fn sentences(findings: &[Finding]) -> Vec<(&str, &str)> {
    findings
        .iter()
        .map(|finding| (finding.subject.feature().unwrap_or_default(), finding.description.as_str()))
        .collect()
}

#[test]
fn a_baseline_meets_its_own_constraints() {
    let mut table = of(vec![
        numeric_column("n", up_to(900)),
        text_column("t", &[("a", 30), ("NullValue", 10)]),
        ColumnStatistics { n_missing: 5, kind: Kind::Unknown, detail: Detail::Text(None), ..text_column("u", &[]) },
    ]);
    table.columns[1].n_in_domain = Some(table.columns[1].n_present);
    let constraints = suggest(&table);
    let kinds: Vec<_> = constraints.features.iter().map(|f| (f.kind, f.completeness, f.is_non_negative)).collect();
    let expected =
        [(Kind::Integral, Some(1.0), Some(true)), (Kind::String, Some(1.0), None), (Kind::Unknown, Some(0.0), None)];
    assert_eq!(kinds, expected);
    assert_eq!(constraints.features[1].domain, Some(vec!["a".to_owned()]));
    assert_eq!(constraints.features[2].domain, None);
    assert_eq!(judge(&constraints, &table, Some(&table)), []);
}

#[test]
fn numbers_that_are_none_have_no_sign() {
    let column = ColumnStatistics { detail: Detail::Numeric(Err(Undefined::Empty)), ..numeric_column("n", [1.0]) };
    assert_eq!(suggest(&of(vec![column])).features[0].is_non_negative, None);
    assert_eq!(suggest(&of(vec![numeric_column("n", [-1.0, 3.0])])).features[0].is_non_negative, Some(false));
}

#[test]
fn extra_columns_silence_everything_else() {
    let baseline = of(vec![numeric_column("a", up_to(9)), numeric_column("b", up_to(9))]);
    let broken = ColumnStatistics { n_missing: 9, ..numeric_column("b", up_to(9)) };
    let current = of(vec![broken, numeric_column("x", up_to(9)), numeric_column("y", up_to(9))]);
    let findings = judge(&suggest(&baseline), &current, Some(&baseline));
    let expected = "There are extra columns in current dataset. Number of columns in current dataset: 3, \
                    Number of columns in baseline constraints: 2";
    assert_eq!(sentences(&findings), [("Extra columns", expected)]);
    assert_eq!((findings[0].check, findings[0].value), ("extra_column_check", 2.0));
}

#[test]
fn missing_columns_do_not_hide_the_rest() {
    let baseline = of(vec![numeric_column("a", up_to(9)), numeric_column("b", up_to(303))]);
    let current = of(vec![ColumnStatistics { n_present: 300, n_missing: 3, ..numeric_column("b", up_to(300)) }]);
    let mut constraints = suggest(&baseline);
    let findings = judge(&constraints, &current, None);
    let missing = "There are missing columns in current dataset. Number of columns in current dataset: 1, \
                   Number of columns in baseline constraints: 2";
    let incomplete = "Data completeness requirement is not met. Expected: 100.0%. Observed: Only 99.00990099009901%.";
    assert_eq!(sentences(&findings), [("Missing columns", missing), ("b", incomplete)]);
    assert_eq!((findings[1].n, findings[1].threshold), (303, 1.0));
    constraints.features[0].config.evaluate_constraints = false;
    assert_eq!(sentences(&judge(&constraints, &current, None)), [("b", incomplete)]);
}

#[test]
fn kinds_are_counted_exactly() {
    let sentence = |kind, counts| {
        let baseline = ColumnStatistics { kind, ..numeric_column("x", up_to(3)) };
        let current = ColumnStatistics { kind_counts: Some(counts), ..numeric_column("x", up_to(3)) };
        let findings = judge(&suggest(&of(vec![baseline])), &of(vec![current]), None);
        findings.into_iter().map(|finding| finding.description).collect::<Vec<_>>()
    };
    let counts = KindCounts { integral: 2, fractional: 1, boolean: 0, string: 0 };
    let text = |kind: &str, share: &str| {
        vec![format!(
            "Data type match requirement is not met. Expected data type: {kind}, Expected match: 100.0%. \
             Observed: Only {share}% of data is {kind}."
        )]
    };
    assert_eq!(sentence(Kind::Integral, counts), text("Integral", "66.66666666666666"));
    assert_eq!(sentence(Kind::Fractional, counts), text("Fractional", "33.33333333333333"));
    assert_eq!(sentence(Kind::String, counts), text("String", "0.0"));
    assert_eq!(sentence(Kind::Unknown, counts), Vec::<String>::new());
    assert_eq!(sentence(Kind::String, KindCounts { boolean: 3, ..KindCounts::default() }), Vec::<String>::new());
}

#[test]
fn nothing_is_said_of_an_empty_column_but_that_it_is_incomplete() {
    let empty = ColumnStatistics {
        n_missing: 9,
        kind: Kind::Unknown,
        kind_counts: Some(KindCounts::default()),
        ..text_column("a", &[])
    };
    let baseline = of(vec![numeric_column("a", up_to(9))]);
    let findings = judge(&suggest(&baseline), &of(vec![empty]), Some(&baseline));
    let text = "Data completeness requirement is not met. Expected: 100.0%. Observed: Only 0.0%.";
    assert_eq!(sentences(&findings), [("a", text)]);
}

#[test]
fn texts_outside_the_domain_are_a_share() {
    let baseline = of(vec![text_column("t", &[("a", 10), ("b", 10)])]);
    let current = ColumnStatistics { n_in_domain: Some(1), ..text_column("t", &[("a", 1), ("z", 7)]) };
    let mut constraints = suggest(&baseline);
    let findings = judge(&constraints, &of(vec![current.clone()]), None);
    assert_eq!(sentences(&findings), [("t", "Value: 0.125 does not meet the constraint requirement! ")]);
    constraints.features[0].config.domain_content_threshold = 0.125;
    assert_eq!(judge(&constraints, &of(vec![current]), None), []);
}

/// The constraints of `baseline` with one setting changed.
fn with(baseline: &TableStatistics, change: impl Fn(&mut MonitoringConfig)) -> Constraints {
    let mut constraints = suggest(baseline);
    constraints.features.iter_mut().for_each(|feature| change(&mut feature.config));
    constraints
}

#[test]
fn numeric_drift_is_above_its_threshold() {
    let baseline = of(vec![numeric_column("n", up_to(4))]);
    let current = of(vec![numeric_column("n", [1.0, 2.0, 3.0, 4.0])]);
    let simple = with(&baseline, |config| config.comparison_method = comparison_method::SIMPLE);
    let findings = judge(&simple, &current, Some(&baseline));
    assert_eq!(sentences(&findings), [("n", "Baseline drift distance: 0.25 exceeds threshold: 0.1")]);
    assert_eq!((findings[0].metric, findings[0].n), ("numeric_l_infinity_simple", 4));
    assert_eq!(judge(&suggest(&baseline), &current, Some(&baseline)), [], "too few values for the Robust distance");
    assert_eq!(judge(&simple, &current, None), [], "without a baseline nothing drifts");
    let lenient = with(&baseline, |config| {
        config.comparison_method = comparison_method::SIMPLE;
        config.comparison_threshold = 0.25;
    });
    assert_eq!(judge(&lenient, &current, Some(&baseline)), [], "a distance at the threshold is accepted");
}

#[test]
fn categorical_drift_by_each_method() {
    let baseline = of(vec![text_column("t", &[("a", 200), ("b", 200)])]);
    let mut column = text_column("t", &[("a", 300)]);
    column.n_in_domain = Some(300);
    let current = of(vec![column]);
    let found = |method, comparison| {
        let constraints = with(&baseline, |config| {
            config.categorical_drift_method = method;
            config.comparison_method = comparison;
        });
        let findings = judge(&constraints, &current, Some(&baseline));
        findings.into_iter().map(|finding| (finding.metric, finding.description)).collect::<Vec<_>>()
    };
    let distance =
        |measure, text: &str| vec![(measure, format!("Baseline drift distance: {text} exceeds threshold: 0.1"))];
    let (l_infinity, chi_squared) = (categorical_drift_method::L_INFINITY, categorical_drift_method::CHI_SQUARED);
    assert_eq!(found(l_infinity, comparison_method::SIMPLE), distance("categorical_l_infinity_simple", "0.5"));
    assert_eq!(found(chi_squared, comparison_method::SIMPLE), distance("categorical_chi_squared_statistic", "300.0"));
    let robust = found(l_infinity, comparison_method::ROBUST);
    assert!(robust.len() == 1 && robust[0].1.starts_with("Baseline drift distance: 0.36"), "{robust:?}");
    let p_value = found(chi_squared, comparison_method::ROBUST);
    assert_eq!(p_value[0].0, "categorical_chi_squared_p_value");
    assert!(p_value[0].1.starts_with("Baseline drift p-value: ") && p_value[0].1.ends_with(" is below threshold: 0.1"));
}

/// Numbers of 0…19 whose largest one, and a flag whose ones, are more frequent now.
fn more_frequent_now() -> [TableStatistics; 2] {
    let table = |n_largest: usize, n_ones: u64| {
        let numbers = (0..380).map(|i| f64::from(i % 19)).chain(std::iter::repeat_n(19.0, n_largest));
        let n = 380 + n_largest as u64;
        of(vec![numeric_column("n", numbers), text_column("t", &[("0", n - n_ones), ("1", n_ones)])])
    };
    [table(20, 40), table(620, 120)]
}

#[test]
fn the_measure_that_the_settings_name_decides() {
    let [baseline, current] = more_frequent_now();
    for (measure, threshold, aws, statistical) in [
        (None, None, vec![], vec![("n", "ks_statistic")]),
        (Some("ks_statistic"), None, vec![("n", "ks_statistic")], vec![("n", "ks_statistic")]),
        (Some("ks_statistic"), Some(0.7), vec![], vec![]),
        (None, Some(0.7), vec![], vec![]),
        (
            Some("jensen_shannon_distance"),
            Some(0.2),
            vec![("n", "jensen_shannon_distance")],
            vec![("n", "jensen_shannon_distance")],
        ),
        // Of all rows of both columns; the column of texts did not change.
        (Some("missing_rate_change"), Some(0.0), vec![], vec![("n", "ks_statistic")]),
        // A p-value decides for AWS's verdict alone.
        (Some("ks_p_value"), Some(0.01), vec![("n", "ks_p_value")], vec![("n", "ks_statistic")]),
    ] {
        let constraints = with(&baseline, |config| {
            (config.drift_measure, config.drift_threshold) = (measure, threshold);
        });
        let measurements = crate::measure::measure(&current, Some(&baseline));
        let case = Case { constraints: &constraints, measurements: &measurements, n_rows: current.n_rows };
        let of_drift = |findings: Vec<Finding>| {
            let drifts = findings.into_iter().filter(|finding| finding.check == "baseline_drift_check");
            drifts
                .map(|finding| (finding.subject.feature().unwrap_or_default().to_owned(), finding.metric))
                .collect::<Vec<_>>()
        };
        let owned = |found: Vec<(&str, &'static str)>| {
            found.into_iter().map(|(name, metric)| (name.to_owned(), metric)).collect::<Vec<_>>()
        };
        assert_eq!(of_drift(evaluate(&case)), owned(aws), "aws, {measure:?} {threshold:?}");
        let tests = test(&case, (&baseline, &current));
        let found = of_drift(crate::judge::findings_of(&tests));
        assert_eq!(found, owned(statistical), "statistical, {measure:?} {threshold:?}");
        assert_eq!(blind_distances(&case, &tests).len(), usize::from(measure.is_none() && threshold.is_none()));
    }
}

#[test]
fn kinds_that_cannot_be_compared_do_not_drift() {
    let baseline = of(vec![numeric_column("x", up_to(900))]);
    let constraints = with(&baseline, |config| config.datatype_check_threshold = 0.0);
    assert_eq!(judge(&constraints, &of(vec![text_column("x", &[("a", 900)])]), Some(&baseline)), []);
}

#[test]
fn what_is_switched_off_is_not_judged() {
    let baseline = of(vec![numeric_column("n", up_to(900))]);
    let moved = numeric_column("n", up_to(900).map(|x| x + 2_000.0));
    let current = of(vec![ColumnStatistics { n_missing: 100, ..moved }]);
    let checks = |constraints: &Constraints| {
        judge(constraints, &current, Some(&baseline)).iter().map(|finding| finding.check).collect::<Vec<_>>()
    };
    assert_eq!(checks(&suggest(&baseline)), ["completeness_check", "baseline_drift_check"]);
    assert_eq!(checks(&with(&baseline, |config| config.perform_comparison = false)), ["completeness_check"]);
    assert!(checks(&with(&baseline, |config| config.evaluate_constraints = false)).is_empty());
    let mut whole_table = suggest(&baseline);
    whole_table.config.evaluate_constraints = false;
    assert!(checks(&whole_table).is_empty());
    let extra = of(vec![numeric_column("n", up_to(900)), numeric_column("m", up_to(900))]);
    assert!(judge(&whole_table, &extra, None).is_empty());
}

#[test]
fn thresholds_are_those_of_the_checks() {
    let table = of(vec![numeric_column("n", up_to(9)), text_column("t", &[("a", 9)])]);
    let constraints = suggest(&table);
    let limits = |place: usize| -> Vec<_> {
        let names = column::ALL.iter().map(|measure| measure.name).chain(drift::ALL.iter().map(|measure| measure.name));
        names.filter_map(|name| Some((name, threshold_for(&constraints.features[place], name)?))).collect()
    };
    let expected = [
        (column::COMPLETENESS, 1.0),
        (column::SHARE_INTEGRAL, 1.0),
        ("numeric_l_infinity_robust", 0.1),
        ("categorical_l_infinity_robust", 0.1),
    ];
    assert_eq!(limits(0), expected);
    let expected = [
        (column::COMPLETENESS, 1.0),
        (column::SHARE_STRING, 1.0),
        (column::SHARE_IN_DOMAIN, 1.0),
        ("numeric_l_infinity_robust", 0.1),
        ("categorical_l_infinity_robust", 0.1),
    ];
    assert_eq!(limits(1), expected);
}

#[test]
fn every_check_has_its_own_published_name() {
    let names: Vec<_> = ALL.iter().map(|check| check.name()).collect();
    let expected = [
        "extra_column_check",
        "missing_column_check",
        "data_type_check",
        "completeness_check",
        "categorical_values_check",
        "baseline_drift_check",
    ];
    assert_eq!(names, expected);
}

#[test]
fn tests_of_several_samples_are_corrected_together() {
    let baseline = of(vec![text_column("t", &[("a", 500), ("b", 500)])]);
    let current = of(vec![text_column("t", &[("a", 130), ("b", 170)])]);
    let constraints = suggest(&baseline);
    let measurements = measure(&current, Some(&baseline));
    let case = Case { constraints: &constraints, measurements: &measurements, n_rows: current.n_rows };
    let least = |tests: &[crate::judge::Test]| tests.iter().filter_map(|test| test.p_adjusted).reduce(f64::min);
    let alone = least(&test(&case, (&baseline, &current))).expect("a test");
    let together = test_together(&[(case, (&baseline, &current)); 3]);
    assert_eq!(together.len(), 3);
    assert!(alone > 0.0 && 3.0 * alone < 1.0, "{alone}");
    for tests in &together {
        assert_eq!(tests.len(), together[0].len());
    }
    let least = together.iter().filter_map(|tests| least(tests)).reduce(f64::min).expect("tests");
    assert!((least - 3.0 * alone).abs() < 1e-12, "{least} {alone}");
}
