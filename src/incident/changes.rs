//! Changes: both sides of every column, and which of them changed beyond chance.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::cut::{cut, quoted};
use super::feature::Feature;
use crate::profile::{ColumnStatistics, Ledger, TableStatistics};

/// Most values of one feature that are told.
const MAX_TOLD: usize = 3;

/// A test of the statistical verdict.
#[derive(Clone, Copy, Debug)]
pub struct Tested<'a> {
    pub feature: &'a str,
    /// The measure that says how large a change is.
    pub effect: &'static str,
    /// Whether it is beyond chance.
    pub has_changed: bool,
}

/// What causes are looked for in.
pub struct Changes<'a> {
    features: Vec<Feature<'a>>,
    /// Features, by place, and the effects of their tests that are beyond chance.
    changed: BTreeSet<(usize, &'static str)>,
    /// Those that are explained, whether they were tested or not.
    explained: BTreeSet<(usize, &'static str)>,
    pub(super) ledger: &'a Ledger,
    redact: bool,
}

impl<'a> Changes<'a> {
    /// With `redact`, no value of the data is told.
    pub fn new(
        (baseline, current): (&'a TableStatistics, &'a TableStatistics),
        (judged, tests): (&[&str], &[Tested<'_>]),
        ledger: &'a Ledger,
        redact: bool,
    ) -> Self {
        let known: HashMap<&str, &ColumnStatistics> =
            baseline.columns.iter().map(|column| (column.name.as_str(), column)).collect();
        let judged: HashSet<&str> = judged.iter().copied().collect();
        let both = |(column, current): (usize, &'a ColumnStatistics)| {
            let baseline = *known.get(current.name.as_str()).filter(|_| judged.contains(current.name.as_str()))?;
            Some(Feature::new(column, baseline, current))
        };
        let features: Vec<Feature<'a>> = current.columns.iter().enumerate().filter_map(both).collect();
        let places: HashMap<&str, usize> =
            features.iter().enumerate().map(|(place, feature)| (feature.name(), place)).collect();
        let changed = tests.iter().filter(|test| test.has_changed);
        let changed = changed.filter_map(|test| Some((*places.get(test.feature)?, test.effect)));
        Self { changed: changed.collect(), explained: BTreeSet::new(), features, ledger, redact }
    }

    /// Every column that is on both sides and is judged, in the order of the current ones.
    pub(super) fn features(&self) -> &[Feature<'a>] {
        &self.features
    }

    /// Whether one of these effects of a feature changed and is not explained yet.
    pub(super) fn has_changed(&self, place: usize, effects: &[&'static str]) -> bool {
        let is_open = |of: &(usize, &'static str)| self.changed.contains(of) && !self.explained.contains(of);
        effects.iter().any(|effect| is_open(&(place, *effect)))
    }

    /// Whether an effect of a feature is explained.
    pub(super) fn is_explained(&self, place: usize, effect: &'static str) -> bool {
        self.explained.contains(&(place, effect))
    }

    /// The features of which one of these effects changed and is not explained yet, with their places.
    pub(super) fn changed<'s>(&'s self, effects: &'s [&'static str]) -> impl Iterator<Item = (usize, &'s Feature<'a>)> {
        self.features.iter().enumerate().filter(|(place, _)| self.has_changed(*place, effects))
    }

    /// Takes these effects of a feature for explained.
    pub(super) fn explain(&mut self, place: usize, effects: &[&'static str]) {
        self.explained.extend(effects.iter().map(|effect| (place, *effect)));
    }

    /// A value for a sentence: `instead` where values are redacted.
    pub(super) fn told(&self, value: &str, instead: &str) -> String {
        if self.redact { instead.to_owned() } else { quoted(value) }
    }

    /// The first of these values for a sentence; `None` where values are redacted.
    pub(super) fn listed(&self, values: &[(&str, u64)]) -> Option<String> {
        let told: Vec<String> = values.iter().take(MAX_TOLD).map(|(value, _)| quoted(value)).collect();
        let more = if values.len() > MAX_TOLD { ", …" } else { "" };
        (!self.redact).then(|| format!("{}{more}", told.join(", ")))
    }

    /// The first of these values, escaped and cut; `None` where values are redacted.
    pub(super) fn shown(&self, values: &[(&str, u64)]) -> Option<Vec<String>> {
        (!self.redact).then(|| values.iter().take(MAX_TOLD).map(|(value, _)| cut(value)).collect())
    }
}
