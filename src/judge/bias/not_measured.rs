//! Metrics of a baseline that a run did not measure, and that neither verdict can judge, therefore.

use std::collections::HashMap;

use super::baseline_index::BaselineIndex;
use crate::measure::bias::{BaselineGroup, Bias, GroupBias};

/// Values of a baseline without a value in this run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NotMeasured {
    /// `sex = F: DPPL`, in the order of the baseline.
    pub names: Vec<String>,
    /// `DPPL of sex`, each once: without the values of groups.
    pub metrics: Vec<String>,
    /// Values that the baseline has.
    pub n_known: usize,
}

/// What the baseline has a value of and this run has none.
pub fn not_measured(baseline: &[BaselineGroup], bias: &Bias) -> NotMeasured {
    let index = BaselineIndex::of(baseline);
    let mut measured: HashMap<*const BaselineGroup, &GroupBias> = HashMap::new();
    for (is_post_training, groups) in [(true, &bias.post_training), (false, &bias.pre_training)] {
        for group in groups {
            if let Some(known) = index.group(is_post_training, group) {
                measured.insert(known, group);
            }
        }
    }
    let mut found = NotMeasured::default();
    for known in baseline {
        let group = measured.get(&std::ptr::from_ref(known));
        for (name, _) in known.metrics.iter().filter(|(_, value)| value.is_some()) {
            found.n_known += 1;
            let is_measured = group
                .is_some_and(|group| group.metrics.iter().any(|metric| metric.name == name && metric.value.is_ok()));
            if !is_measured {
                found.names.push(format!("{} = {}: {name}", known.facet, known.value_or_threshold));
                let metric = format!("{name} of {}", known.facet);
                if !found.metrics.contains(&metric) {
                    found.metrics.push(metric);
                }
            }
        }
    }
    found
}
