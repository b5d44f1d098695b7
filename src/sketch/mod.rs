//! Bounded summaries of many values: quantiles, distinct counts, moments, known texts; and what they draw with.

mod category_order;
mod distinct;
mod distinct_bias;
mod hash;
mod moments;
mod quantile_sketch;
mod quantiles;
mod split_mix;
mod text_counts;
mod value_counts;

pub use category_order::{category_order, map_order};
pub use distinct::{DistinctSketch, REGISTERS};
pub use hash::text_hash;
pub use moments::Moments;
pub use quantile_sketch::QuantileSketch;
pub use quantiles::{Bucket, Quantiles};
pub use split_mix::SplitMix;
pub use text_counts::TextCounts;
pub use value_counts::{ValueCounts, ValueGroup};
