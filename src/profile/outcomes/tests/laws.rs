//! Laws of the summaries: splits, batches and order do not matter.

use std::sync::Arc;

use proptest::prelude::*;

use super::rows::{Table, settings, split};
use crate::profile::{
    Calibration, CalibrationMap, EXACT, N_SLOTS, OutcomeCounts, OutcomeSettings, OutcomeStatistics, OutcomeSummary,
    PredictionSettings, PredictionStatistics, PredictionSummary, Problem,
};
use crate::summary::Summary;

fn cell() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["1", "0", "1.0", "true", "no", "", "2", "-1.5", " 1"]).prop_map(str::to_owned)
}

fn score() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => (0u32..40).prop_map(|i| format!("{}", f64::from(i) / 40.0)),
        1 => prop::sample::select(vec!["", "x", "1.0", "-2", "55"]).prop_map(str::to_owned),
    ]
}

/// Rows whose ids tell them apart.
fn table() -> impl Strategy<Value = Table> {
    let row = (cell(), cell(), score(), score());
    prop::collection::vec(row, 1..60).prop_map(|rows| Table {
        id: (0..rows.len()).map(|row| format!("id {row}")).collect(),
        features: (0..rows.len()).map(|row| format!("1:a{}:{row}", row.to_string().len())).collect(),
        prediction: rows.iter().map(|row| row.0.clone()).collect(),
        label: rows.iter().map(|row| row.1.clone()).collect(),
        scores: vec![rows.iter().map(|row| row.2.clone()).collect(), rows.iter().map(|row| row.3.clone()).collect()],
    })
}

fn all_settings() -> Vec<OutcomeSettings> {
    let mut all: Vec<_> =
        Problem::ALL.iter().flat_map(|problem| [settings(*problem, 0), settings(*problem, 2)]).collect();
    let told = vec!["1".to_owned(), "no".to_owned()];
    all.push(OutcomeSettings { threshold: Some(0.4), ..settings(Problem::BinaryClassification, 2) });
    all.push(OutcomeSettings { score_classes: told, ..settings(Problem::MulticlassClassification, 2) });
    all
}

fn is_near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * (1.0 + a.abs())
}

/// Counts of both are the same, sums but for their rounding.
fn assert_same(a: &OutcomeStatistics, b: &OutcomeStatistics) -> Result<(), TestCaseError> {
    prop_assert_eq!(&a.account, &b.account);
    prop_assert_eq!(&a.rows, &b.rows);
    match (&a.counts, &b.counts) {
        (OutcomeCounts::Binary(a), OutcomeCounts::Binary(b)) => {
            prop_assert_eq!((&a.matrix, a.positive, a.cells.len()), (&b.matrix, b.positive, b.cells.len()));
            for (a, b) in a.cells.iter().zip(&b.cells) {
                prop_assert_eq!((a.bin, &a.n, a.halves), (b.bin, &b.n, b.halves));
                prop_assert!(is_near(a.score_sum, b.score_sum));
                let loss = |cell: &crate::profile::ScoreCell| cell.losses.map_or(-1.0, |losses| losses.log_loss_sum);
                prop_assert!(is_near(loss(a), loss(b)));
            }
        }
        (OutcomeCounts::Multiclass(a), OutcomeCounts::Multiclass(b)) => {
            prop_assert_eq!((&a.matrix, &a.classes), (&b.matrix, &b.classes));
            prop_assert_eq!((a.losses.len(), a.histograms.len()), (b.losses.len(), b.histograms.len()));
            for (a, b) in a.losses.iter().zip(&b.losses) {
                prop_assert_eq!(&a.n, &b.n);
                prop_assert!(is_near(a.log_loss_sum, b.log_loss_sum));
            }
        }
        (OutcomeCounts::Regression(a), OutcomeCounts::Regression(b)) => {
            let spread = |sums: &crate::profile::RegressionSums| {
                if sums.n > 0.0 { sums.squared_labels - sums.labels * sums.labels / sums.n } else { 0.0 }
            };
            for (a, b) in a.sums.iter().zip(&b.sums) {
                prop_assert_eq!(a.n, b.n);
                prop_assert!(
                    is_near(a.absolute_errors, b.absolute_errors) && is_near(a.squared_errors, b.squared_errors)
                );
                prop_assert!(is_near(spread(a), spread(b)));
            }
            if a.sums[EXACT].n > 0.0 {
                prop_assert!(is_near(a.distances.population_variance(), b.distances.population_variance()));
            }
        }
        _ => prop_assert!(false, "the problems differ"),
    }
    Ok(())
}

fn outcome_summary(table: &Table, settings: &OutcomeSettings, rows: [usize; 2], n_rows: usize) -> OutcomeSummary {
    split(OutcomeSummary::new(Arc::new(settings.clone())), table, rows, n_rows)
}

/// A calibration for two columns, or one in a binary problem.
fn watched(settings: &OutcomeSettings) -> Arc<PredictionSettings> {
    let points = vec![(0.2, 0.1), (0.8, 0.7)];
    let map = CalibrationMap { class: String::new(), is_kept: true, points, raw_error: 0.2, mapped_error: 0.1 };
    let n_maps = if settings.problem == Problem::BinaryClassification { 1 } else { settings.n_scores };
    Arc::new(PredictionSettings {
        outcomes: Arc::new(settings.clone()),
        calibration: Some(Calibration { maps: vec![map; n_maps] }),
        prediction_edges: None,
        score_edges: vec![Some(vec![0.0, 0.5, 1.0]), None],
    })
}

/// What is counted, without sums that are rounded.
fn counted(statistics: PredictionStatistics) -> PredictionStatistics {
    PredictionStatistics { expected: None, ..statistics }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_split_gives_the_same_outcomes(
        table in table(),
        cuts in prop::array::uniform2(any::<prop::sample::Index>()),
        n_rows in 1usize..30,
    ) {
        let n = table.n();
        // Some records have no id and are told by their lines.
        let mut table = table;
        table.id.iter_mut().step_by(3).for_each(String::clear);
        let mut cuts = cuts.map(|cut| cut.index(n + 1));
        cuts.sort_unstable();
        for settings in all_settings() {
            let part = |from, to| outcome_summary(&table, &settings, [from, to], n_rows);
            let whole = part(0, n).finish().expect("few classes");
            let mut left = OutcomeSummary::default();
            left.merge(part(0, cuts[0]));
            left.merge(OutcomeSummary::default());
            left.merge(part(cuts[0], cuts[1]));
            left.merge(part(cuts[1], n));
            assert_same(&left.finish().expect("few classes"), &whole)?;
            let mut tail = part(cuts[0], cuts[1]);
            tail.merge(part(cuts[1], n));
            let mut right = part(0, cuts[0]);
            right.merge(tail);
            assert_same(&right.finish().expect("few classes"), &whole)?;
        }
    }

    #[test]
    fn the_order_of_rows_does_not_matter(table in table(), seed in any::<u64>()) {
        let mut order: Vec<usize> = (0..table.n()).collect();
        order.sort_by_key(|row| (*row as u64 + 1).wrapping_mul(seed | 1).rotate_left(17).wrapping_mul(0x9E37_79B9));
        let shuffled = table.pick(&order);
        for settings in all_settings() {
            let found = |table: &Table| outcome_summary(table, &settings, [0, table.n()], 16).finish();
            assert_same(&found(&shuffled).expect("few classes"), &found(&table).expect("few classes"))?;
        }
    }

    #[test]
    fn any_split_and_order_gives_the_same_predictions(table in table(), at in any::<prop::sample::Index>()) {
        let at = at.index(table.n() + 1);
        for settings in all_settings() {
            let settings = watched(&settings);
            let part = |rows| split(PredictionSummary::new(settings.clone()), &table, rows, 7);
            let whole = part([0, table.n()]).finish().expect("few classes");
            let mut merged = PredictionSummary::default();
            merged.merge(part([at, table.n()]));
            merged.merge(part([0, at]));
            prop_assert_eq!(counted(merged.finish().expect("few classes")), counted(whole));
        }
    }

    #[test]
    fn every_row_is_accounted_for(table in table()) {
        for settings in all_settings() {
            let found = outcome_summary(&table, &settings, [0, table.n()], 16).finish().expect("few classes");
            prop_assert_eq!(found.account.imbalance(), None);
            prop_assert_eq!(found.account.n_rows as usize, table.n());
        }
    }
}

#[test]
fn every_slot_is_filled_and_the_last_counts_every_row_once() {
    let labels: Vec<String> = (0..300).map(|i| (i % 2).to_string()).collect();
    let table = Table { prediction: labels.clone(), label: labels, ..Table::default() };
    let settings = settings(Problem::BinaryClassification, 0);
    let found = outcome_summary(&table, &settings, [0, 300], 50).finish().expect("few classes");
    let OutcomeCounts::Binary(counts) = found.counts else { panic!("the problem is binary") };
    let totals: Vec<u64> = (0..N_SLOTS).map(|slot| counts.cells.iter().map(|cell| cell.n[slot]).sum()).collect();
    assert_eq!(totals[EXACT], 300);
    assert!(totals.iter().all(|n| (150..450).contains(n)), "{totals:?}");
}
