//! Definition of a demonstration: data with known defects, and the flags of the three jobs that read it.

use std::path::{Path, PathBuf};

use crate::demo::{CAPTURE, GROUND_TRUTH};
use crate::names::Monitor;

/// A demonstration of one monitor.
pub struct Demonstration {
    pub monitor: Monitor,
    /// Every file: path with forward slashes, and contents.
    pub(super) files: fn() -> Vec<(String, Vec<u8>)>,
    /// What is odd about the data: a subject, and what happened to it.
    pub(super) changes: &'static [(&'static str, &'static str)],
    /// Which verdict fills the violations file, and why that one.
    pub(super) verdict: &'static str,
    /// Whether the jobs ask the demonstration's model.
    pub(super) asks_model: bool,
    /// Whether both hours are looked at again, in smaller windows.
    pub(super) replays: bool,
    /// Flags of the baseline, beyond those of every demonstration.
    pub(super) baseline: fn(&Places) -> Vec<Flag>,
    /// Flags of the hours, beyond those of every demonstration.
    pub(super) hour: fn(&Places) -> Vec<Flag>,
}

impl Demonstration {
    /// Word of `--monitor`, and name of the folder.
    pub fn name(&self) -> String {
        self.monitor.name().replace('_', "-")
    }
}

/// Name without dashes, and value.
pub(super) type Flag = (String, String);

/// The flag of a variable or a setting.
pub(super) fn flag(name: &str, value: impl Into<String>) -> Flag {
    (name.replace('_', "-"), value.into())
}

/// Where the files of a demonstration lie.
pub(super) struct Places {
    folder: PathBuf,
}

impl Places {
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A file or folder of the demonstration, as text.
    pub fn at(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }

    /// The folder of a file, as text.
    pub fn folder_of(&self, file: &str) -> String {
        self.at(file.rsplit_once('/').map_or(file, |(folder, _)| folder))
    }

    /// The stand-in for SageMaker's mounts of a job.
    pub fn opt_ml(&self, job: &str) -> String {
        self.at(&format!("{job}/opt-ml"))
    }

    pub fn captures(&self) -> String {
        self.at(CAPTURE)
    }

    pub fn ground_truth(&self) -> String {
        self.at(GROUND_TRUTH)
    }

    /// A result of the baseline's job.
    pub fn of_baseline(&self, file: &str) -> String {
        self.folder.join(BASELINE).join(file).display().to_string()
    }
}

/// Name of the first job and of the folder of its results.
pub(super) const BASELINE: &str = "baseline";
