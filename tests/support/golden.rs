//! Jobs of the golden cases: their inputs placed where SageMaker would mount them, their command.
#![allow(dead_code, reason = "every test binary compiles its own copy and uses a part of it")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use super::job::{self, Mounts};

/// Stands for the root of the mounts.
pub const OPT_ML: &str = "{opt_ml}";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Job {
    #[serde(default)]
    arguments: Vec<String>,
    #[serde(default)]
    environment: BTreeMap<String, String>,
    #[serde(default)]
    pub exit: i32,
    /// Whether there is no folder of inputs at all.
    #[serde(default)]
    pub without_input: bool,
}

/// The folder of all cases.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

impl Job {
    pub fn of(case: &Path) -> Self {
        serde_json::from_slice(&fs::read(case.join("job.json")).expect("a job")).expect("a job")
    }

    pub fn command(&self, mounts: &Mounts, environment: &[(&str, &str)]) -> Command {
        let root = mounts.root().to_str().expect("a path");
        let resolve = |text: &String| text.replace(OPT_ML, root);
        let arguments: Vec<String> = self.arguments.iter().map(resolve).collect();
        let variables: Vec<(&String, String)> =
            self.environment.iter().map(|(name, value)| (name, resolve(value))).collect();
        let mut variables: Vec<(&str, &str)> = variables.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        variables.extend(environment);
        mounts.command(&arguments.iter().map(String::as_str).collect::<Vec<_>>(), &variables)
    }
}

/// Copies a case's folders to where SageMaker would mount them.
pub fn place_inputs(case: &Path, mounts: &Mounts) {
    let parts = [
        ("input", "processing/input"),
        ("ground-truth", "processing/groundtruth"),
        ("baseline", "processing/baseline"),
        ("config", "config"),
    ];
    let root = mounts.root().to_str().expect("a path");
    for (part, target) in parts {
        for (file, bytes) in job::files(&case.join(part)) {
            let resolved = || String::from_utf8(bytes.clone()).expect("text").replace(OPT_ML, root).into_bytes();
            let bytes = if part == "config" { resolved() } else { bytes };
            job::write(&mounts.root().join(target).join(file), &bytes);
        }
    }
}
