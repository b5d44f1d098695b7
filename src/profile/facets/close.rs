//! Closing of the facet summary: which reading of every column holds is decided, and groups are counted by it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::column_tally::{ColumnTally, Kind};
use super::contingency_table::{ContingencyTable, Key};
use super::fault::{BiasFault, PREDICTION};
use super::fliptest::{Side, flips};
use super::pandas_cell::Cell;
use super::selection::{Criterion, Selection};
use super::statistics::{
    ConditionalLack, EightCounts, FacetStatistics, FlipCounts, FlipLack, GroupCounts, PairCounts, Selected, UNLABELLED,
    UNPREDICTED,
};
use super::summary::{MAX_VALUES, Open, OpenFacet};

/// Pairs of groups that are counted of two facets.
const MAX_PAIRS: usize = 64;

/// What a value is in its column's type, in the order of values.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Value {
    Missing,
    Truth(bool),
    /// Bits that are ordered as the doubles are.
    Number(i64),
    Text(Box<str>),
}

impl Value {
    fn of(text: &str, kind: Kind) -> Self {
        match (kind, Cell::of(Some(text))) {
            (_, Cell::Missing) => Self::Missing,
            (Kind::Truth, Cell::Truth(truth)) => Self::Truth(truth),
            (Kind::Integer | Kind::Float, cell) => match cell.number() {
                Some(number) => Self::Number(ordered_bits(number)),
                None => Self::Text(text.into()),
            },
            _ => Self::Text(text.into()),
        }
    }

    /// The value as reports write it, of a cell with this text.
    fn shown(&self, text: &str) -> String {
        match (self, Cell::of(Some(text))) {
            (Self::Missing, _) => "nan".to_owned(),
            (Self::Truth(true), _) => "True".to_owned(),
            (Self::Truth(false), _) => "False".to_owned(),
            (Self::Number(_), Cell::Integer(integer)) => integer.to_string(),
            _ => text.to_owned(),
        }
    }
}

fn ordered_bits(x: f64) -> i64 {
    // Adding zero turns -0 into 0.
    let bits = (x + 0.0).to_bits() as i64;
    bits ^ (((bits >> 63) as u64) >> 1) as i64
}

/// One group to be counted.
struct Group {
    facet: usize,
    facet_value: String,
    shown: String,
    members: Members,
}

/// The codes of a group's rows.
enum Members {
    Selected(Criterion),
    Dictionary(BTreeSet<u32>),
}

impl Members {
    fn contain(&self, code: u32) -> bool {
        match self {
            Self::Selected(criterion) => criterion.selects(code),
            Self::Dictionary(places) => places.contains(&code),
        }
    }
}

/// What is positive.
#[derive(Clone, Copy)]
struct Positive {
    label: Criterion,
    prediction: Option<Criterion>,
}

impl Positive {
    fn row(self, key: Key, is_sensitive: bool) -> Selected {
        Selected {
            is_sensitive,
            is_positive: self.label.selects(key.label),
            is_predicted: self.prediction.is_some_and(|criterion| criterion.selects(key.prediction)),
        }
    }

    fn counts(self) -> EightCounts {
        EightCounts { has_predictions: self.prediction.is_some(), ..EightCounts::default() }
    }
}

impl Open {
    pub fn close(mut self) -> Result<FacetStatistics, BiasFault> {
        if self.n == 0 {
            return Err(self.incomplete.fault());
        }
        if let Some(absent) = self.facets.iter().find(|facet| !facet.is_present) {
            return Err(BiasFault::FacetAbsent(absent.name.clone()));
        }
        if self.positive.is_empty() {
            return Err(BiasFault::NoPositiveLabels);
        }
        if self.label.n_missing == self.n {
            return Err(BiasFault::NoLabels { n: self.n });
        }
        let label = self.positive.criterion(&self.settings.label, &self.label)?;
        let prediction = if self.settings.has_predictions { self.way_of_predictions().map(Some) } else { Ok(None) };
        let positive = Positive { label, prediction: prediction.as_ref().ok().copied().flatten() };
        let prediction_fault = match (positive.prediction, prediction) {
            (_, Err(fault)) => Some(fault),
            (Some(criterion), _) if !self.is_any_predicted(criterion) => Some(BiasFault::NoPositivePrediction),
            _ => None,
        };
        let mut groups = Vec::new();
        for (place, facet) in self.facets.iter().enumerate() {
            groups.extend(facet.groups(place)?);
        }
        let ranks = self.ranks_of_groups();
        let pairs = self.pairs(&groups, positive);
        let cells: Vec<BTreeMap<Key, u64>> =
            self.facets.iter_mut().map(|facet| std::mem::take(&mut facet.cells).close()).collect();
        let count = |group: &Group| self.count(group, &cells[group.facet], positive, &ranks);
        Ok(FacetStatistics {
            groups: groups.iter().map(count).collect(),
            n: self.n,
            n_missing: self.missing(),
            label_value_or_threshold: self.positive.shown(&self.label),
            n_other_labels: self.other_labels.n_in_other_words(&self.positive, &self.label),
            prediction_fault,
            estimated: self.estimated(),
            numbers_by_gaps: self.numbers_by_gaps(),
            absent_values: self.absent_values(),
            pairs,
            settings: Arc::clone(&self.settings),
        })
    }

    /// How predictions are selected.
    fn way_of_predictions(&self) -> Result<Criterion, BiasFault> {
        if self.prediction.n_missing == self.n {
            return Err(BiasFault::NoPredictions { n: self.n });
        }
        let n_values = self.settings.label_values_or_threshold.len();
        let is_continuous = self.label.is_continuous(n_values);
        if self.prediction.is_continuous(n_values) != is_continuous {
            return Err(BiasFault::TypesDiffer);
        }
        let mut criterion = self.positive.criterion(PREDICTION, &self.prediction)?;
        // Numbers are cast to the type of the labels.
        if is_continuous && self.label.kind() == Kind::Integer && self.prediction.kind() == Kind::Float {
            if self.prediction.n_missing > 0 || self.prediction.has_infinity {
                return Err(BiasFault::PredictionsNotFinite);
            }
            criterion = Criterion::WholePartAbove;
        }
        Ok(criterion)
    }

    fn is_any_predicted(&self, criterion: Criterion) -> bool {
        (0u32..).zip(&self.predictions).any(|(code, n)| *n > 0 && criterion.selects(code))
    }

    fn missing(&self) -> BTreeMap<&'static str, u64> {
        let named = ["facet", "label", "prediction"].into_iter().zip(self.n_missing);
        let named =
            named.chain([(UNLABELLED, self.incomplete.n_unlabelled), (UNPREDICTED, self.incomplete.n_unpredicted)]);
        named.filter(|(_, n)| *n > 0).collect()
    }

    fn estimated(&self) -> Vec<String> {
        let facets = self.facets.iter().map(|facet| (facet.name.as_str(), &facet.column));
        let columns = [(self.settings.label.as_str(), &self.label), (PREDICTION, &self.prediction)];
        let estimated = columns.into_iter().chain(facets).filter(|(_, column)| column.is_estimated());
        estimated.map(|(name, _)| name.to_owned()).collect()
    }

    /// The label and the facets, each with what selects its cells.
    fn configured(&self) -> impl Iterator<Item = (&str, &ColumnTally, &Selection)> {
        let facets = self.facets.iter().map(|facet| (facet.name.as_str(), &facet.column, &facet.selection));
        [(self.settings.label.as_str(), &self.label, &self.positive)].into_iter().chain(facets)
    }

    fn numbers_by_gaps(&self) -> Vec<String> {
        let by_gaps = self.configured().filter(|(_, column, values)| column.is_continuous_by_gaps(values.n_values()));
        by_gaps.map(|(name, ..)| name.to_owned()).collect()
    }

    fn absent_values(&self) -> Vec<(String, Vec<String>)> {
        let absent = |(name, column, values): (&str, &ColumnTally, &Selection)| {
            let criterion = values.criterion(name, column).ok()?;
            Some((name.to_owned(), values.absent(criterion, column))).filter(|(_, absent)| !absent.is_empty())
        };
        self.configured().filter_map(absent).collect()
    }

    /// The ranks of the group variable's values, by place.
    fn ranks_of_groups(&self) -> Result<Vec<usize>, ConditionalLack> {
        if !self.group.is_present {
            return Err(ConditionalLack::NoVariable);
        }
        if self.group.values.has_too_many() {
            return Err(ConditionalLack::TooManyValues);
        }
        let kind = self.group.column.kind();
        let values: Vec<Value> = self.group.values.texts().iter().map(|text| Value::of(text, kind)).collect();
        let distinct: Vec<&Value> = values.iter().collect::<BTreeSet<_>>().into_iter().collect();
        Ok(values.iter().map(|value| distinct.binary_search(&value).unwrap_or_default()).collect())
    }

    fn count(
        &self,
        group: &Group,
        cells: &BTreeMap<Key, u64>,
        positive: Positive,
        ranks: &Result<Vec<usize>, ConditionalLack>,
    ) -> GroupCounts {
        let facet = &self.facets[group.facet];
        let mut counts = positive.counts();
        let n_ranks = ranks.as_ref().map_or(0, |ranks| ranks.iter().max().map_or(0, |last| last + 1));
        let mut conditional = vec![positive.counts(); n_ranks];
        for (key, n) in cells {
            let row = positive.row(*key, group.members.contain(key.facets[0]));
            counts.add(row, *n);
            let place = key.group.checked_sub(1).map(|place| place as usize);
            let rank = ranks.as_ref().ok().zip(place).and_then(|(ranks, place)| ranks.get(place));
            if let Some(counts) = rank.and_then(|rank| conditional.get_mut(*rank)) {
                counts.add(row, *n);
            }
        }
        GroupCounts {
            facet: facet.name.clone(),
            facet_value: group.facet_value.clone(),
            value_or_threshold: group.shown.clone(),
            flips: positive.prediction.map(|criterion| self.flips(group, cells, &counts, criterion)),
            counts,
            conditional: match ranks {
                Err(lack) => Err(*lack),
                Ok(_) if !facet.has_groups => Err(ConditionalLack::TooManyValues),
                Ok(_) => Ok(conditional),
            },
        }
    }

    fn flips(
        &self,
        group: &Group,
        cells: &BTreeMap<Key, u64>,
        counts: &EightCounts,
        criterion: Criterion,
    ) -> Result<FlipCounts, FlipLack> {
        let facet = &self.facets[group.facet];
        if counts.n_of_side(true) == 0 || counts.n_of_side(false) == 0 {
            return Err(FlipLack::NoRows);
        }
        let features = self.features.compared(&facet.feature, self.n)?;
        let codes: BTreeSet<u32> = cells.keys().map(|key| key.facets[0]).collect();
        let side = |is_sensitive: bool| {
            let is_of_side = |code: u32| group.members.contain(code) == is_sensitive;
            let of_side = codes.iter().filter(|code| is_of_side(**code));
            let strata: BTreeSet<u32> = of_side.map(|code| facet.stratum(*code)).collect();
            let (rows, is_all) = facet.sample.side(&strata, is_of_side);
            Side { rows, is_all, n: counts.n_of_side(is_sensitive) }
        };
        flips(&side(true), &side(false), &features, |prediction| criterion.selects(prediction))
    }

    /// Rows by pairs of groups of different facets.
    fn pairs(&mut self, groups: &[Group], positive: Positive) -> Vec<PairCounts> {
        let mut pairs = Vec::new();
        for (facets, cells) in std::mem::take(&mut self.pairs) {
            let places = facets.map(|facet| {
                let of_facet = (0..groups.len()).filter(|place| groups[*place].facet == facet);
                of_facet.collect::<Vec<_>>()
            });
            let n_pairs = places[0].len() * places[1].len();
            if Self::has_too_many_pairs(&cells) || n_pairs > MAX_PAIRS {
                continue;
            }
            pairs.extend(counts_of_pairs(groups, &places, cells, positive));
        }
        pairs
    }
}

fn counts_of_pairs(
    groups: &[Group],
    places: &[Vec<usize>; 2],
    cells: ContingencyTable,
    positive: Positive,
) -> Vec<PairCounts> {
    let cells = cells.close();
    let mut pairs = Vec::new();
    for first in &places[0] {
        for second in &places[1] {
            let mut counts = positive.counts();
            for (key, n) in &cells {
                let [a, b] = key.facets;
                let is_of_both = groups[*first].members.contain(a) && groups[*second].members.contain(b);
                counts.add(positive.row(*key, is_of_both), *n);
            }
            pairs.push(PairCounts { groups: [*first, *second], counts });
        }
    }
    pairs
}

impl OpenFacet {
    /// The groups of the facet at `place`.
    fn groups(&self, place: usize) -> Result<Vec<Group>, BiasFault> {
        if self.selection.is_empty() {
            return self.groups_by_value(place);
        }
        let criterion = self.selection.criterion(&self.name, &self.column)?;
        Ok(vec![Group {
            facet: place,
            facet_value: self.selection.written(),
            shown: self.selection.shown(&self.column),
            members: Members::Selected(criterion),
        }])
    }

    /// Each value in turn, in the order of first appearance. Where values are missing, one group more
    /// to which no row belongs, since what is missing equals nothing.
    fn groups_by_value(&self, place: usize) -> Result<Vec<Group>, BiasFault> {
        if self.column.is_continuous(0) {
            let is_by_gaps = self.column.is_continuous_by_gaps(0);
            return Err(BiasFault::ThresholdMissing { facet: self.name.clone(), is_by_gaps });
        }
        if self.values.has_too_many() {
            return Err(BiasFault::TooManyValues { facet: self.name.clone(), most: MAX_VALUES });
        }
        let kind = self.column.kind();
        let mut order: Vec<(Value, String)> = Vec::new();
        let mut members: BTreeMap<Value, BTreeSet<u32>> = BTreeMap::new();
        for (code, text) in (0u32..).zip(self.values.texts()) {
            let value = Value::of(text, kind);
            let places = members.entry(value.clone()).or_default();
            if places.is_empty() {
                order.push((value.clone(), value.shown(text)));
            }
            places.insert(code);
        }
        members.remove(&Value::Missing);
        let group = |(value, shown): (Value, String)| Group {
            facet: place,
            facet_value: shown.clone(),
            shown,
            members: Members::Dictionary(members.remove(&value).unwrap_or_default()),
        };
        Ok(order.into_iter().map(group).collect())
    }
}
