//! Duplicate policy of the as-of join: which label record serves where an id has several.

/// Which label record serves a capture whose id has several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DuplicatePolicy {
    /// The last upload collected after the inference and before the next one of the same id; where there
    /// is none, the one collected soonest after, of one hour's the last upload. Times are compared by
    /// the hour, and a label of an inference's own hour counts as collected after it. A record
    /// collected before the inference serves only where its id was captured once. Inferences outside
    /// the window count, as far as the dataset holds them.
    #[default]
    Nearest,
    /// The last upload, whenever the inference was.
    Last,
    /// The first upload, whenever the inference was.
    First,
    /// None: an id that repeats fails the job.
    Error,
}

impl DuplicatePolicy {
    pub const ALL: [Self; 4] = [Self::Nearest, Self::Last, Self::First, Self::Error];

    /// The stable word of flags and files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Nearest => "nearest",
            Self::Last => "last",
            Self::First => "first",
            Self::Error => "error",
        }
    }
}
