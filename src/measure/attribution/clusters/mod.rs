//! Clustering: rows that stand for a dataset, the centres of its clusters.

mod k_means_plus_plus;
mod k_prototypes;
mod points;
mod reference_rows;
mod silhouette;

#[cfg(test)]
mod tests;

pub use reference_rows::reference_rows;
