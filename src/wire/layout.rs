//! Versions of AWS's file layouts: which keys its containers wrote in which years.

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

impl Layout {
    pub const ALL: [Self; 2] = [Self::Aws2021, Self::Aws2024];

    /// The stable word of flags.
    pub fn name(self) -> &'static str {
        match self {
            Self::Aws2021 => "2021",
            Self::Aws2024 => "2024",
        }
    }
}
