//! Laws of merging, of batch sizes and of threads.

use std::sync::Arc;

use proptest::collection::vec;
use proptest::prelude::*;

use super::batches::{Cells, Row, batch, split, table, total};
use super::recipes::cells;
use crate::profile::{Detail, Domains, Kind, LedgerSummary, Profile, TableStatistics, TableSummary};
use crate::summary::Summary;

fn any_cell() -> impl Strategy<Value = Option<String>> {
    prop_oneof![
        1 => Just(None),
        4 => (-50i64..50).prop_map(|x| Some(x.to_string())),
        2 => (-1e6f64..1e6).prop_map(|x| Some(format!("{x:.3}"))),
        1 => "[+-]?[0-9]{15,25}".prop_map(Some),
        1 => prop::sample::select(vec!["-0", "-0.0", "- 3", "1e400"]).prop_map(|text| Some(text.to_owned())),
    ]
}

/// Mostly numbers; some columns hold a text as well.
fn any_column() -> impl Strategy<Value = Cells> {
    (vec(any_cell(), 1..60), prop::option::weighted(0.3, "(true|x{1,3}|NullValue)")).prop_map(|(mut cells, text)| {
        if let Some(text) = text {
            let middle = cells.len() / 2;
            cells[middle] = Some(text);
        }
        cells
    })
}

/// Equal counts, kinds and categories, and numbers equal up to rounding.
fn assert_close(a: &TableStatistics, b: &TableStatistics) {
    assert_eq!(a.n_rows, b.n_rows);
    for (a, b) in a.columns.iter().zip(&b.columns) {
        assert_eq!((a.kind, a.n_present, a.n_missing, a.n_distinct), (b.kind, b.n_present, b.n_missing, b.n_distinct));
        assert_eq!(a.kind_counts, b.kind_counts);
        match (&a.detail, &b.detail) {
            (Detail::Numeric(Ok(a)), Detail::Numeric(Ok(b))) => {
                let close = |x: f64, y: f64, scale: f64| {
                    x == y || (x - y).abs() <= 1e-9 * scale || !x.is_finite() && !y.is_finite()
                };
                let scale = a.min.abs().max(a.max.abs());
                assert!(close(a.std_dev, b.std_dev, scale), "{} {}", a.std_dev, b.std_dev);
                assert!(close(a.mean, b.mean, scale), "{} {}", a.mean, b.mean);
                assert_eq!((a.min, a.max, a.quantiles.n()), (b.min, b.max, b.quantiles.n()));
            }
            (a, b) => assert_eq!(a, b),
        }
    }
}

fn bits(statistics: &TableStatistics) -> String {
    format!("{statistics:?}")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn splitting_keeps_counts_and_kinds(a in any_column(), b in any_column(), c in any_column()) {
        let whole: Cells = [a.clone(), b.clone(), c.clone()].concat();
        let (together, _) = total([split(&[whole], 10)]);
        let (apart, ledger) = total([a, b, c].map(|cells| split(&[cells], 10)));
        assert_close(&together, &apart);
        prop_assert_eq!(ledger.n_rows, apart.n_rows);
    }

    #[test]
    fn merging_is_associative(a in any_column(), b in any_column(), c in any_column()) {
        let of = |cells: &Cells| split(std::slice::from_ref(cells), 10);
        let mut left = of(&a);
        left.merge(of(&b));
        left.merge(of(&c));
        let mut right = of(&b);
        right.merge(of(&c));
        let mut first = of(&a);
        first.merge(right);
        assert_close(&left.finish().0, &first.finish().0);
    }

    #[test]
    fn batch_size_changes_nothing(column in any_column(), n_rows in 1usize..70) {
        let whole = split(std::slice::from_ref(&column), usize::MAX).finish().0;
        prop_assert_eq!(bits(&whole), bits(&split(&[column], n_rows).finish().0));
    }
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let recipes =
        ["full_precision", "three_texts", "integers_and_decimals", "many_texts", "nulls_and_numbers", "exponents"];
    let columns: Vec<Cells> = recipes.iter().map(|recipe| cells(recipe, 7, 6_000)).collect();
    let on = |n_threads: usize, batch_rows: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().expect("a pool");
        pool.install(|| bits(&total([split(&columns, batch_rows)]).0))
    };
    let expected = on(1, 6_000);
    assert_eq!(expected, on(4, 6_000));
    assert_eq!(expected, on(3, 17));
}

#[test]
fn a_late_column_misses_its_earlier_rows() {
    let text = |x: &str| Some(x.to_owned());
    let mut profile = Profile::default();
    profile.observe(&batch(&[Row::used(1), Row::used(2)], &[("b", "2", &[text("1"), text("2")])], &[]));
    let later = [("b", "2", &[text("3")][..]), ("a", "3", &[text("x")][..])];
    profile.observe(&batch(&[Row::used(3)], &later, &[]));
    let mut other = Profile::default();
    other.observe(&batch(&[Row::used(1)], &[("a", "1", &[text("y")])], &[]));
    let (table, _) = total([profile, other]);
    let found: Vec<_> = table.columns.iter().map(|c| (c.name.as_str(), c.kind, c.n_present, c.n_missing)).collect();
    assert_eq!(found, [("a", Kind::String, 2, 2), ("b", Kind::Integral, 3, 1)]);
}

#[test]
fn a_watched_domain_counts_its_members_for_ever() {
    let known = ["id-7".to_owned(), "x".to_owned()];
    let domains: Domains = [("c0", &known[..])].into_iter().collect();
    let mut column: Cells = (0..1_000).map(|i| Some(format!("id-{i}"))).collect();
    column.extend([Some("x".to_owned()), None, Some("id-7".to_owned())]);
    let mut profile: Profile = (TableSummary::watching(Arc::new(domains)), LedgerSummary::default());
    profile.observe(&table(&[column.clone(), column]));
    let (table, _) = total([profile]);
    assert_eq!(table.columns[0].n_in_domain, Some(3));
    assert_eq!(table.columns[1].n_in_domain, None);
    assert_eq!((table.columns[0].unknown.len(), table.columns[0].unknown[0].count), (10, 1));
    assert!(table.columns[1].unknown.is_empty());
    assert_eq!(table.columns[0].detail, Detail::Text(None));
}

#[test]
fn memory_follows_what_is_kept() {
    let texts = split(&[cells("many_texts", 1, 20_000)], 8_192).memory();
    let numbers = split(&[cells("full_precision", 1, 20_000)], 8_192).memory();
    assert!(texts < 4_096, "{texts}");
    assert!((8 * 2_000..200_000).contains(&numbers), "{numbers}");
}
