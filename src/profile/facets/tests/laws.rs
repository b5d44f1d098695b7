//! Laws of the summary: splits and batches do not matter.

use std::sync::Arc;

use proptest::prelude::*;

use super::rows::{Table, settings, split};
use crate::profile::{FacetSettings, FacetSummary};
use crate::summary::Summary;

fn cell(words: &'static [&'static str]) -> impl Strategy<Value = Option<String>> {
    prop::sample::select(words).prop_map(|word| (word != "-").then(|| word.to_owned()))
}

/// Columns that are now of one type, now of another.
fn table() -> impl Strategy<Value = Table> {
    let words = || {
        prop::sample::select(vec![
            &["0", "1"][..],
            &["0", "1", "-"],
            &["0", "1", "2.5", "1.0"],
            &["true", "False"],
            &["a", "b", "1", "NA", "-"],
        ])
    };
    let names = ["label", "prediction", "score", "sex", "age", "region", "x"];
    (prop::collection::vec(words(), names.len()), 1..80usize).prop_flat_map(move |(words, n)| {
        let columns: Vec<_> = words.into_iter().map(|words| prop::collection::vec(cell(words), n)).collect();
        columns.prop_map(move |columns| Table {
            columns: names.iter().map(|name| (*name).to_owned()).zip(columns).collect(),
        })
    })
}

fn all_settings() -> Vec<FacetSettings> {
    let named = settings(&[("sex", &["1"]), ("age", &["0"]), ("region", &["a", "1"])]);
    let open = FacetSettings { group_variable: Some("region".into()), ..settings(&[("sex", &[]), ("age", &["1"])]) };
    let scored = FacetSettings { probability_threshold: Some(0.5), ..open.clone() };
    let labels = FacetSettings { has_predictions: false, ..settings(&[("sex", &[]), ("region", &[])]) };
    vec![named, open, scored, labels]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn any_split_in_any_batches_closes_to_the_same(
        table in table(),
        cuts in prop::collection::vec(0usize..80, 0..4),
        n_rows in 1usize..40,
    ) {
        for settings in all_settings() {
            let settings = Arc::new(settings);
            let whole = split(&table, &settings, [0, table.n()], 1_000).finish();
            let mut ends: Vec<usize> = cuts.iter().map(|cut| cut % (table.n() + 1)).chain([table.n()]).collect();
            ends.sort_unstable();
            let mut merged = FacetSummary::default();
            let mut start = 0;
            for end in ends {
                merged.merge(split(&table, &settings, [start, end], n_rows));
                start = end;
            }
            prop_assert_eq!(merged.finish(), whole);
        }
    }

    #[test]
    fn every_row_is_in_the_counts_of_every_group(table in table()) {
        for settings in all_settings() {
            let Ok(found) = split(&table, &Arc::new(settings), [0, table.n()], 1_000).finish() else { continue };
            prop_assert_eq!(found.n, table.n() as u64);
            for group in &found.groups {
                prop_assert_eq!(group.counts.total(), found.n);
                if let Ok(conditional) = &group.conditional {
                    prop_assert!(conditional.iter().map(crate::profile::EightCounts::total).sum::<u64>() <= found.n);
                }
            }
            for pair in &found.pairs {
                let of = |place: usize| found.groups[place].counts.n_of_side(true);
                prop_assert_eq!(pair.counts.total(), found.n);
                prop_assert!(pair.counts.n_of_side(true) <= pair.groups.map(of).into_iter().min().unwrap_or(0));
            }
        }
    }
}
