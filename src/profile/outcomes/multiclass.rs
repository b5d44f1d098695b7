//! Multiclass tally: the open confusion matrix, scores and calibration of several classes.

use std::collections::BTreeMap;

use super::binary::log_loss;
use super::bootstrap::{BootstrapWeights, N_SLOTS, Slots, add_slots};
use super::classes::OrderedClasses;
use super::confusion_matrix::slot;
use super::score_bins::bin_of;
use super::statistics::{ClassTally, HistogramBin, LossCell, ScoreHistogram};

/// Classes in every slot, the scores of what was true, and a histogram of each column of scores.
#[derive(Clone, Debug, Default)]
pub(super) struct MulticlassTally {
    classes: Vec<OpenClass>,
    losses: BTreeMap<usize, OpenLoss>,
    histograms: Vec<BTreeMap<usize, HistogramBin>>,
}

#[derive(Clone, Debug, Default)]
struct OpenClass {
    actual: Option<Box<Slots>>,
    predicted: Option<Box<Slots>>,
    hit: Option<Box<Slots>>,
}

#[derive(Clone, Debug)]
struct OpenLoss {
    n: Box<Slots>,
    log_loss_sum: f64,
}

fn opened(slots: &mut Option<Box<Slots>>) -> &mut Slots {
    slots.get_or_insert_with(|| Box::new([0; N_SLOTS]))
}

fn add_opened(mine: &mut Option<Box<Slots>>, theirs: Option<Box<Slots>>) {
    if let Some(theirs) = theirs {
        add_slots(opened(mine), &theirs);
    }
}

impl MulticlassTally {
    pub fn push(&mut self, actual: usize, predicted: usize, weights: &BootstrapWeights) {
        weights.add_to(opened(&mut slot(&mut self.classes, actual).actual));
        let class = slot(&mut self.classes, predicted);
        weights.add_to(opened(&mut class.predicted));
        if actual == predicted {
            weights.add_to(opened(&mut class.hit));
        }
    }

    /// `column` is the column of the true class's score; `are_told` whether the columns' classes are.
    pub fn push_scores(&mut self, scores: &[f64], column: Option<usize>, are_told: bool, weights: &BootstrapWeights) {
        for (place, score) in scores.iter().enumerate() {
            let bin = slot(&mut self.histograms, place).entry(bin_of(*score)).or_default();
            bin.n[weights.half] += 1;
            bin.n_positive[weights.half] += u64::from(column == Some(place));
            bin.score_sum += score;
        }
        let total: f64 = scores.iter().sum();
        if !are_told || total <= 0.0 || scores.iter().any(|score| !(0.0..=1.0).contains(score)) {
            return;
        }
        let probability = column.and_then(|place| scores.get(place)).map_or(0.0, |score| score / total);
        let new = || OpenLoss { n: Box::new([0; N_SLOTS]), log_loss_sum: 0.0 };
        let loss = self.losses.entry(bin_of(probability)).or_insert_with(new);
        weights.add_to(&mut loss.n);
        loss.log_loss_sum += log_loss(probability);
    }

    /// Takes in `other`, whose place `i` is `places[i]` here.
    pub fn merge(&mut self, other: Self, places: &[usize]) {
        for (theirs, place) in other.classes.into_iter().zip(places) {
            let mine = slot(&mut self.classes, *place);
            add_opened(&mut mine.actual, theirs.actual);
            add_opened(&mut mine.predicted, theirs.predicted);
            add_opened(&mut mine.hit, theirs.hit);
        }
        for (bin, theirs) in other.losses {
            match self.losses.get_mut(&bin) {
                Some(mine) => {
                    add_slots(&mut mine.n, &theirs.n);
                    mine.log_loss_sum += theirs.log_loss_sum;
                }
                None => _ = self.losses.insert(bin, theirs),
            }
        }
        for (place, histogram) in other.histograms.into_iter().enumerate() {
            let mine = slot(&mut self.histograms, place);
            for (bin, theirs) in histogram {
                let mine = mine.entry(bin).or_default();
                mine.n = [0, 1].map(|half| mine.n[half] + theirs.n[half]);
                mine.n_positive = [0, 1].map(|half| mine.n_positive[half] + theirs.n_positive[half]);
                mine.score_sum += theirs.score_sum;
            }
        }
    }

    pub fn close_classes(&mut self, ordered: &OrderedClasses) -> Vec<ClassTally> {
        let new = || ClassTally {
            actual: Box::new([0; N_SLOTS]),
            predicted: Box::new([0; N_SLOTS]),
            hit: Box::new([0; N_SLOTS]),
        };
        let mut closed: Vec<ClassTally> = ordered.names.iter().map(|_| new()).collect();
        for (class, place) in std::mem::take(&mut self.classes).into_iter().zip(&ordered.places) {
            let ClassTally { actual, predicted, hit } = &mut closed[*place];
            for (mine, theirs) in [(actual, class.actual), (predicted, class.predicted), (hit, class.hit)] {
                if let Some(theirs) = theirs {
                    add_slots(mine, &theirs);
                }
            }
        }
        closed
    }

    pub fn close_scores(self, columns: &[String]) -> (Vec<LossCell>, Vec<ScoreHistogram>) {
        let losses = self.losses.into_values().map(|loss| LossCell { n: loss.n, log_loss_sum: loss.log_loss_sum });
        let name = |place: usize| columns.get(place).cloned().unwrap_or_default();
        let histograms = self.histograms.into_iter().enumerate();
        let histograms =
            histograms.map(|(place, bins)| ScoreHistogram { class: name(place), bins: bins.into_values().collect() });
        (losses.collect(), histograms.collect())
    }

    pub fn memory(&self) -> usize {
        let of = |slots: &Option<Box<Slots>>| slots.as_ref().map_or(0, |_| size_of::<Slots>());
        let class = |class: &OpenClass| of(&class.actual) + of(&class.predicted) + of(&class.hit);
        let n_bins: usize = self.histograms.iter().map(BTreeMap::len).sum();
        self.classes.iter().map(class).sum::<usize>()
            + self.classes.capacity() * size_of::<OpenClass>()
            + self.losses.len() * size_of::<Slots>()
            + n_bins * 2 * size_of::<HistogramBin>()
    }
}
