//! The reference folder: files that are no part of the project, and that not every checkout has.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// Variable that names the folder.
const VARIABLE: &str = "MODEL_MONITOR_REFERENCE";
/// Where it is otherwise, from the project's folder.
const DEFAULT: &str = "../shared";

/// The folder; paths are relative to it. What a test reads must be there.
#[derive(Clone)]
pub struct Reference {
    root: PathBuf,
}

impl Reference {
    pub fn find() -> Self {
        let named = env::var_os(VARIABLE).map(PathBuf::from);
        Self { root: named.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join(DEFAULT)) }
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    pub fn has(&self, path: &str) -> bool {
        self.path(path).exists()
    }

    pub fn bytes(&self, path: &str) -> Vec<u8> {
        fs::read(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub fn text(&self, path: &str) -> String {
        String::from_utf8(self.bytes(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub fn json(&self, path: &str) -> Value {
        serde_json::from_slice(&self.bytes(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// The names of the folders in a folder, sorted.
    pub fn folders(&self, path: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
        let folders = entries.map(|entry| entry.expect("an entry")).filter(|entry| entry.path().is_dir());
        let mut names: Vec<String> = folders.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}
