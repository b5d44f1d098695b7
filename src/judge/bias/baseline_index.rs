//! Index of a baseline's groups: which of them is the one that was measured.
//!
//! A group's text in a file is no key: that of a threshold ends in the data's largest value, which
//! every run changes.

use std::collections::HashMap;

use crate::measure::bias::{BaselineGroup, GroupBias, lower_bound};
use crate::profile::java_double;

/// A baseline's groups, to be found by what they mean. Of groups that mean the same, the first.
pub struct BaselineIndex<'a> {
    by_text: HashMap<Key<'a, &'a str>, &'a BaselineGroup>,
    /// `None` where values that differ as texts are the same numbers.
    by_values: HashMap<Key<'a, Vec<String>>, Option<&'a BaselineGroup>>,
    by_lower_bound: HashMap<Key<'a, u64>, &'a BaselineGroup>,
}

/// Whether it is post-training, the facet, and the group.
type Key<'a, T> = (bool, &'a str, T);

impl<'a> BaselineIndex<'a> {
    pub fn of(baseline: &'a [BaselineGroup]) -> Self {
        let mut known = Self { by_text: HashMap::new(), by_values: HashMap::new(), by_lower_bound: HashMap::new() };
        for group in baseline {
            let (stage, facet, text) =
                (group.is_post_training, group.facet.as_str(), group.value_or_threshold.as_str());
            if known.by_text.contains_key(&(stage, facet, text)) {
                continue;
            }
            known.by_text.insert((stage, facet, text), group);
            let same = known.by_values.entry((stage, facet, values(text)));
            same.and_modify(|known| *known = None).or_insert(Some(group));
            if let Some(bound) = lower_bound(text) {
                known.by_lower_bound.entry((stage, facet, bits(bound))).or_insert(group);
            }
        }
        known
    }

    /// The baseline of this group.
    pub fn group(&self, is_post_training: bool, group: &GroupBias) -> Option<&'a BaselineGroup> {
        let (facet, text) = (group.facet.as_str(), group.value_or_threshold.as_str());
        if is_above_threshold(group) {
            let bound = number(&group.facet_value)?;
            return self.by_lower_bound.get(&(is_post_training, facet, bits(bound))).copied();
        }
        let exact = self.by_text.get(&(is_post_training, facet, text)).copied();
        exact.or_else(|| self.by_values.get(&(is_post_training, facet, values(text))).copied().flatten())
    }
}

/// Whether the group is what lies above a threshold. A category may look like an interval, but is
/// reported as it is configured.
fn is_above_threshold(group: &GroupBias) -> bool {
    let text = &group.value_or_threshold;
    *text != group.facet_value && (text.is_empty() || lower_bound(text).is_some())
}

/// The values of `b,a`, in order; numbers as doubles, since a column's type changes with its nulls.
pub(super) fn values(text: &str) -> Vec<String> {
    let value = |part: &str| number(part).map_or_else(|| part.to_owned(), |number| java_double(number + 0.0));
    let mut values: Vec<String> = text.split(',').map(value).collect();
    values.sort_unstable();
    values.dedup();
    values
}

pub(super) fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// Equal for equal numbers.
fn bits(number: f64) -> u64 {
    (number + 0.0).to_bits()
}
