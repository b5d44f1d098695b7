//! Kinds of errors, and the exit codes that they lead to.

/// What an error means for whoever started the job; decides the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The program contradicts itself.
    Internal,
    /// Wrong usage or configuration.
    Usage,
    /// The input cannot be used.
    Input,
    /// There was no data, and the job asked to fail then.
    Empty,
    /// A limit of memory or space was reached.
    Resource,
    /// SIGINT.
    Interrupted,
    /// SIGTERM.
    Terminated,
    /// Not an error: the results stand, but something about them needs attention.
    Warning,
}

/// Exit code of a job that has violations, where the caller wants them to fail.
pub const EXIT_VIOLATIONS: u8 = 3;

impl Kind {
    pub const ALL: [Self; 8] = [
        Self::Internal,
        Self::Usage,
        Self::Input,
        Self::Empty,
        Self::Resource,
        Self::Interrupted,
        Self::Terminated,
        Self::Warning,
    ];

    /// What its exit code tells; `None` where a job ends well all the same.
    pub fn meaning(self) -> Option<&'static str> {
        Some(match self {
            Self::Internal => "an internal error: a defect of the program",
            Self::Usage => "wrong usage or configuration",
            Self::Input => "the input cannot be used",
            Self::Empty => "there is no data, and --on-empty fail is set",
            Self::Resource => "a limit of memory or disk space was reached",
            Self::Interrupted => "interrupted (SIGINT)",
            Self::Terminated => "stopped (SIGTERM)",
            Self::Warning => return None,
        })
    }

    /// The process's exit code.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Internal => 1,
            Self::Usage => 2,
            Self::Input => 4,
            Self::Empty => 5,
            Self::Resource => 6,
            Self::Interrupted => 130,
            Self::Terminated => 143,
            Self::Warning => 0,
        }
    }
}
