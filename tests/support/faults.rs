//! A fault in the program under test: the N-th system call of a kind below a folder fails, kills or waits (Linux).

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// Errors that disks have (errno.h of Linux).
pub const EIO: &str = "5";
pub const EACCES: &str = "13";
pub const ENOSPC: &str = "28";
pub const EDQUOT: &str = "122";
pub const KILL: &str = "kill";
pub const WAIT: &str = "wait";

/// The library that is preloaded; it goes with the test's process.
fn library() -> &'static Path {
    static BUILT: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    let built = BUILT.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let library = folder.path().join("faults.so");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/faults.c");
        let compiled =
            Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&library).arg(source).arg("-ldl").status();
        assert!(compiled.expect("a C compiler").success());
        (folder, library)
    });
    &built.1
}

/// One fault.
pub struct Fault<'a> {
    pub call: &'a str,
    /// Which of the calls, from 1.
    pub nth: usize,
    /// An error's number, [`KILL`] or [`WAIT`].
    pub act: &'a str,
    pub below: &'a Path,
}

impl Fault<'_> {
    /// Puts the fault into a program that is to be started.
    pub fn put_into(&self, command: &mut Command) {
        command.env("LD_PRELOAD", library()).env("FAULT_CALL", self.call).env("FAULT_NTH", self.nth.to_string());
        command.env("FAULT_DO", self.act).env("FAULT_BELOW", self.below).env("FAULT_MARK", self.mark());
    }

    /// Whether it came to the fault; asked once.
    pub fn happened(&self) -> bool {
        std::fs::remove_file(self.mark()).is_ok()
    }

    fn mark(&self) -> PathBuf {
        self.below.parent().expect("a folder above").join("fault-happened")
    }
}
