//! Rows that stand for a dataset: centres of its clusters.

mod centres;
mod choice;
mod grouping;
mod points;
mod start;

#[cfg(test)]
mod tests;

pub use centres::reference_rows;
