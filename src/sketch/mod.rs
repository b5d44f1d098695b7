//! Sketches: bounded summaries of many values (KLL, HyperLogLog, moments, counts, bottom-k), and their hashes.

mod bottom_k;
mod category_order;
mod hash;
mod hyper_log_log;
mod hyper_log_log_bias;
mod kll_sketch;
mod moments;
mod quantiles;
mod split_mix;
mod text_counts;
mod value_counts;

pub use bottom_k::{BottomK, BottomKLimit, BottomKRow};
pub use category_order::{category_order, map_order};
pub use hash::text_hash;
pub use hyper_log_log::{HyperLogLog, REGISTERS};
pub use kll_sketch::KllSketch;
pub use moments::Moments;
pub use quantiles::{Bucket, Quantiles};
pub use split_mix::{SplitMix, mix};
pub use text_counts::TextCounts;
pub use value_counts::{ValueCounts, ValueGroup};
