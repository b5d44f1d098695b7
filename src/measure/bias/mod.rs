//! How differently a model treats groups.

mod result;

pub use result::{BaselineGroup, Bias, BiasMetric, EightCounts, GroupBias};
