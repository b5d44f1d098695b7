//! File formats: one module each, read and written both ways.

pub mod cloudwatch;
pub mod constraints;
pub mod dataset_format;
mod error;
pub mod jackson;
pub mod job_config;
mod place;
pub mod report;
pub mod resource_config;
pub mod schemas;
pub mod statistics;
pub mod time;
pub mod violations;

pub use error::WireError;

/// Which of AWS's generations of files is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// As in files of 2020 and 2021: neither `approximate_num_distinct_values` nor `completeness` in
    /// statistics, no categorical settings in constraints.
    Aws2021,
    /// As in files from 2024 on.
    #[default]
    Aws2024,
}
