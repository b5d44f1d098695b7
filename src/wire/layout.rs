//! The generations of AWS's files.

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
