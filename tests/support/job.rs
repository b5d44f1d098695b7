//! A folder like the one SageMaker mounts, and the program run in it.
#![allow(dead_code, reason = "every test binary compiles its own copy and uses a part of it")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

pub const BINARY: &str = env!("CARGO_BIN_EXE_model-monitor");
/// Longest exit message that the service keeps, in bytes.
const MAX_MESSAGE: usize = 1024;
const REPORT: &str = "model_monitor_report.json";
const VIOLATIONS: [&str; 2] = ["constraint_violations.json", "constraints_violations.json"];

/// The root of the mounts; it goes when this is dropped.
pub struct Mounts {
    folder: tempfile::TempDir,
}

impl Mounts {
    /// With empty folders for inputs, outputs and the message.
    pub fn new() -> Self {
        let mounts = Self { folder: tempfile::tempdir().expect("a temporary folder") };
        for folder in [mounts.input(), mounts.output(), mounts.root().join("output"), mounts.root().join("config")] {
            fs::create_dir_all(folder).expect("a folder");
        }
        mounts
    }

    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    pub fn input(&self) -> PathBuf {
        self.root().join("processing/input")
    }

    pub fn output(&self) -> PathBuf {
        self.root().join("processing/output")
    }

    /// Makes a file of the input.
    pub fn place(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.input().join(name);
        write(&path, bytes.as_ref());
        path
    }

    /// Makes a file outside the input.
    pub fn place_beside(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.root().join(name);
        write(&path, bytes.as_ref());
        path
    }

    /// The program with nothing in its environment but the root of the mounts.
    pub fn command(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Command {
        let mut command = Command::new(BINARY);
        command.env_clear().env("MODEL_MONITOR_OPT_ML", self.root()).args(arguments);
        command.envs(environment.iter().copied()).stdin(Stdio::null());
        command
    }

    /// Starts the program, its output kept.
    pub fn start(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Child {
        let mut command = self.command(arguments, environment);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts")
    }

    /// Runs the program to its end and checks what holds for every run.
    pub fn run(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Done {
        let output = self.command(arguments, environment).output().expect("the program starts");
        self.done(&output)
    }

    /// What a run left behind, checked for what holds for every run.
    pub fn done(&self, output: &Output) -> Done {
        let done = Done {
            exit: output.status.code(),
            stdout: String::from_utf8(output.stdout.clone()).expect("text on standard output"),
            stderr: String::from_utf8(output.stderr.clone()).expect("text on standard error"),
            message: fs::read(self.root().join("output/message")).ok().map(|bytes| {
                assert!(bytes.len() <= MAX_MESSAGE, "the message has {} bytes", bytes.len());
                String::from_utf8(bytes).expect("a message in UTF-8")
            }),
            files: files(&self.output()),
            metrics: fs::read_to_string(self.root().join("output/metrics/cloudwatch/cloudwatch_metrics.jsonl")).ok(),
        };
        done.check_errors();
        done.check_files();
        let left: Vec<_> = names(self.root()).into_iter().filter(|name| name.contains(".tmp")).collect();
        assert!(left.is_empty(), "temporary files were left: {left:?}");
        done
    }
}

/// What a run left behind.
pub struct Done {
    pub exit: Option<i32>,
    pub stdout: String,
    pub stderr: String,
    /// The exit message; none where another host writes it.
    pub message: Option<String>,
    /// The files in the folder of outputs.
    pub files: BTreeMap<String, Vec<u8>>,
    pub metrics: Option<String>,
}

impl Done {
    pub fn json(&self, name: &str) -> Value {
        let bytes = self.files.get(name).unwrap_or_else(|| panic!("no {name}; the log: {}", self.stderr));
        serde_json::from_slice(bytes).expect("JSON")
    }

    pub fn report(&self) -> Value {
        self.json(REPORT)
    }

    pub fn message(&self) -> &str {
        self.message.as_deref().unwrap_or_else(|| panic!("no message; the log: {}", self.stderr))
    }

    /// The code of the error that ended the run.
    pub fn code(&self) -> Option<String> {
        let lines = self.stderr.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let errors: Vec<Value> = lines.filter(|line| line["level"] == "ERROR").collect();
        Some(errors.last()?["code"].as_str()?.to_owned())
    }

    /// Asserts that the run ended with this exit code and this error.
    #[track_caller]
    pub fn failed(&self, exit: i32, code: &str) {
        let seen = (self.exit, self.code());
        assert_eq!(seen, (Some(exit), Some(code.to_owned())), "{:?}\n{}", self.message, self.stderr);
    }

    /// Asserts that the run came to its end.
    #[track_caller]
    pub fn succeeded(&self) -> &Self {
        assert_eq!(self.exit, Some(0), "{:?}\n{}", self.message, self.stderr);
        self
    }

    /// Every failure is told twice: in the log and in the message, by the same code.
    fn check_errors(&self) {
        assert!(!self.stderr.contains("panicked"), "{}", self.stderr);
        match (self.exit, self.code()) {
            (Some(0 | 3), code) => assert_eq!(code, None, "an error in the log of a run that succeeded"),
            (Some(_), Some(code)) => {
                let message = self.message();
                assert!(message.starts_with(&format!("Failed: {code}: ")), "{code} is not in the message: {message}");
            }
            (exit, code) => panic!("exit code {exit:?}, error {code:?}; the log: {}", self.stderr),
        }
    }

    /// Every JSON file is whole; both names of the violations file hold the same.
    fn check_files(&self) {
        for (name, bytes) in self.files.iter().filter(|(name, _)| name.ends_with(".json")) {
            assert!(serde_json::from_slice::<Value>(bytes).is_ok(), "{name} is not whole");
        }
        let [first, second] = VIOLATIONS.map(|name| self.files.get(name));
        assert_eq!(first, second, "the two violations files differ");
    }
}

/// The files below a folder, with their contents.
pub fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let content = |name: String| Some((fs::read(folder.join(&name)).ok()?, name));
    names(folder).into_iter().filter_map(content).map(|(bytes, name)| (name, bytes)).collect()
}

/// The paths of everything below a folder that is no folder itself, links not followed.
pub fn names(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            found.extend(names(&entry.path()).into_iter().map(|below| format!("{name}/{below}")));
        } else {
            found.push(name);
        }
    }
    found.sort();
    found
}

pub fn write(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
    fs::write(path, bytes).expect("a file");
}

/// Waits for the program; what it said, and the most memory that it held in kB as far as the kernel
/// tells (0 where it does not).
pub fn watch_memory(mut child: Child) -> (Output, u64) {
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().expect("a child").is_none() {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
        peak = peak.max(kilobytes.unwrap_or(0));
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    (child.wait_with_output().expect("output"), peak)
}
