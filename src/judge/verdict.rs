//! Verdict: whose decisions count.

/// Whose decisions fill the violations file; the report shows both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verdict {
    /// Those that AWS's containers make from the same constraints.
    #[default]
    Aws,
    /// What is worse beyond chance.
    Statistical,
}

impl Verdict {
    pub const ALL: [Self; 2] = [Self::Aws, Self::Statistical];

    /// The stable word of flags and files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::Statistical => "statistical",
        }
    }
}
