//! Quality metrics of a model, measured from its outcomes.

use super::formulas::{f_beta, ratio};
use super::metric::{MetricKind, Needs, Replicates};
use super::result::{CalibrationBin, ClassQuality, Confusion, Curves, Metric, Quality};
use super::sample::{Areas, Sample, Samples, tenth_edges};
use super::table::ALL;
use crate::measure::uncertainty::{Uncertainty, deviation};
use crate::profile::{
    BinaryCounts, ClassMatrix, CurveStatistics, EXACT, N_REPLICATES, OutcomeCounts, OutcomeStatistics,
};
use crate::sketch::Quantiles;

/// Rows from which on AWS's files have standard deviations.
const MIN_ROWS_OF_DEVIATION: u64 = 200;
/// Levels of the quantiles of residuals.
const RESIDUAL_LEVELS: [f64; 7] = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99];

/// The quality that outcomes have. Areas and curves need the exact `curves`: without them they are
/// not listed. Metrics of scores are not listed where rows have none.
pub fn measure(outcomes: &OutcomeStatistics, curves: Option<&CurveStatistics>) -> Quality {
    let samples = Samples::of(&outcomes.counts);
    let binned = samples.at(EXACT);
    let exact = with_exact_areas(binned.clone(), curves);
    let has = |needs: Needs| match needs {
        Needs::Labels => true,
        Needs::Scores => has_scores(&outcomes.counts),
        Needs::Curves => curves.is_some(),
    };
    let problem = outcomes.problem();
    let kinds: Vec<&MetricKind> = ALL.iter().filter(|kind| kind.problem() == problem && has(kind.needs)).collect();
    let mut quality_metrics = [Vec::new(), Vec::new()];
    for (kind, slots) in kinds.iter().zip(slots(&kinds, &samples)) {
        let shift = kind.of(&exact).unwrap_or(0.0) - kind.of(&binned).unwrap_or(0.0);
        let metric = metric(kind, &exact, &slots, shift, outcomes.account.n_used);
        quality_metrics[usize::from(!kind.is_aws)].push(metric);
    }
    let [metrics, more_metrics] = quality_metrics;
    let matrix = matrix(&outcomes.counts);
    Quality {
        problem,
        n: outcomes.account.n_used,
        account: outcomes.account.clone(),
        metrics,
        more_metrics,
        confusion: matrix.map(|matrix| Confusion { classes: matrix.classes.clone(), counts: matrix.counts.clone() }),
        curves: curves.map(points),
        calibration: match &outcomes.counts {
            OutcomeCounts::Binary(counts) => calibration(counts),
            _ => Vec::new(),
        },
        classes: matrix.map(classes).unwrap_or_default(),
        residual_quantiles: match &outcomes.counts {
            OutcomeCounts::Regression(counts) => quantiles(&counts.residuals),
            _ => Vec::new(),
        },
    }
}

/// The metrics in every slot but the exact one.
fn slots(kinds: &[&MetricKind], samples: &Samples<'_>) -> Vec<Vec<Option<f64>>> {
    let mut slots = vec![Vec::with_capacity(EXACT); kinds.len()];
    for slot in 0..EXACT {
        let sample = samples.at(slot);
        for (kind, values) in kinds.iter().zip(&mut slots) {
            values.push(kind.of(&sample).ok());
        }
    }
    slots
}

fn metric(kind: &MetricKind, exact: &Sample, slots: &[Option<f64>], shift: f64, n_used: u64) -> Metric {
    let value = kind.of(exact);
    let (replicates, subsamples) = slots.split_at(N_REPLICATES);
    let uncertainty = match value {
        Ok(value) if kind.replicates != Replicates::Ignored => {
            Uncertainty::of_replicates(value, replicates, shift, kind.n_evidence(exact))
        }
        _ => Uncertainty::default(),
    };
    let subsamples: Option<Vec<f64>> = subsamples.iter().copied().collect();
    let standard_deviation = match subsamples {
        Some(values) if n_used >= MIN_ROWS_OF_DEVIATION && value.is_ok() => deviation(&values),
        _ => None,
    };
    Metric {
        name: kind.name,
        value,
        standard_deviation,
        standard_error: uncertainty.standard_error,
        interval: uncertainty.interval.filter(|_| kind.replicates == Replicates::Interval),
        n: kind.n(exact),
    }
}

fn has_scores(counts: &OutcomeCounts) -> bool {
    match counts {
        OutcomeCounts::Binary(counts) => counts.has_scores,
        OutcomeCounts::Multiclass(counts) => !counts.losses.is_empty(),
        OutcomeCounts::Regression(_) => false,
    }
}

fn matrix(counts: &OutcomeCounts) -> Option<&ClassMatrix> {
    match counts {
        OutcomeCounts::Binary(counts) => Some(&counts.matrix),
        OutcomeCounts::Multiclass(counts) => Some(&counts.matrix),
        OutcomeCounts::Regression(_) => None,
    }
}

fn with_exact_areas(mut sample: Sample, curves: Option<&CurveStatistics>) -> Sample {
    if let (Sample::Binary(sample), Some(curves)) = (&mut sample, curves) {
        let average_precision = curves.average_precision;
        // Without positives nothing is ranked, though the curves' conventions give a number.
        let area = |area: f64| (curves.n_positive > 0).then_some(area);
        sample.areas = Areas { auc: area(curves.auc), au_prc: area(curves.au_prc), average_precision };
    }
    sample
}

fn points(curves: &CurveStatistics) -> Curves {
    Curves {
        false_positive_rates: curves.false_positive_rates.clone(),
        true_positive_rates: curves.true_positive_rates.clone(),
        precisions: curves.precisions.clone(),
        recalls: curves.recalls.clone(),
        n_scores: curves.n_scores,
        is_thinned: curves.is_thinned,
    }
}

/// Scores between 0 and 1 by tenth; tenths without rows are left out.
fn calibration(counts: &BinaryCounts) -> Vec<CalibrationBin> {
    let mut tenths = [(0u64, 0u64, 0.0f64); 10];
    for cell in &counts.cells {
        let Some(losses) = cell.losses else { continue };
        let (n, n_positive, score_sum) = &mut tenths[losses.tenth];
        *n += cell.n[EXACT];
        *n_positive += if cell.is_positive { cell.n[EXACT] } else { 0 };
        *score_sum += cell.score_sum;
    }
    let filled = tenths.into_iter().enumerate().filter(|(_, (n, _, _))| *n > 0);
    let bin = |(tenth, (n, n_positive, score_sum)): (usize, (u64, u64, f64))| {
        let (lower, upper) = tenth_edges(tenth);
        let mean_score = score_sum / n as f64;
        CalibrationBin { lower, upper, n, mean_score, share_of_positives: n_positive as f64 / n as f64 }
    };
    filled.map(bin).collect()
}

fn classes(matrix: &ClassMatrix) -> Vec<ClassQuality> {
    let n_predicted = matrix.n_predicted();
    let class = |(place, class): (usize, &String)| {
        let n_actual: u64 = matrix.counts[place].iter().sum();
        let hits = matrix.counts[place][place] as f64;
        let precision = ratio(hits, n_predicted[place] as f64);
        let recall = ratio(hits, n_actual as f64);
        let f1 = precision.and_then(|precision| recall.map(|recall| f_beta(precision, recall, 1.0)));
        ClassQuality { class: class.clone(), n_actual, n_predicted: n_predicted[place], precision, recall, f1 }
    };
    matrix.classes.iter().enumerate().map(class).collect()
}

/// At each level the smallest value up to which at least that share of the rows lies; levels at
/// which the difference is no finite number are left out.
fn quantiles(residuals: &Quantiles) -> Vec<(f64, f64)> {
    let items = residuals.weighted_items();
    let total: f64 = items.iter().map(|(_, n)| *n as f64).sum();
    let mut found = Vec::new();
    let mut below = 0.0;
    for (value, n) in items {
        below += n as f64;
        while let Some(level) = RESIDUAL_LEVELS.get(found.len()).filter(|level| below >= **level * total) {
            found.push((*level, value));
        }
    }
    found.retain(|(_, value): &(f64, f64)| value.is_finite());
    found
}
