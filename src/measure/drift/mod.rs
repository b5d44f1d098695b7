//! Drift measures: distances between a column's baseline and its current statistics. One formula, one file.

mod bins;
mod carried;
mod categorical_chi_squared;
mod categorical_l_infinity;
mod chi_squared_statistic;
mod comparison;
mod contributions;
mod cramers_v;
mod distribution_functions;
mod distributions;
mod energy_distance;
mod hellinger_distance;
mod homogeneity;
mod jensen_shannon_distance;
mod kind_mix_distance;
mod ks_statistic;
mod kullback_leibler_divergence;
mod margin;
mod mean_change;
mod measure;
mod missing_rate;
mod new_category_share;
mod numeric_l_infinity;
mod only_current;
mod out_of_range_share;
mod permutation;
mod population_stability_index;
mod spread;
mod table;
#[cfg(test)]
mod tests;
mod total_variation_distance;
mod unexpected_kind;
mod wasserstein_distance;

pub use bins::{Binning, Part};
pub use carried::{Carried, carried};
pub use comparison::Comparison;
pub use contributions::{Contribution, contributions};
pub use ks_statistic::kolmogorov_smirnov;
pub use measure::{Columns, DriftMeasure, Quantity};
pub use table::{ALL, categorical_drift_methods, chosen, comparison_methods};
