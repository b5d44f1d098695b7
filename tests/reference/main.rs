//! Reference tests: AWS's real files, expected values of other libraries, and a slow second implementation.
//!
//! All of them lie in a folder outside the project: `../shared`, or the one that `MODEL_MONITOR_REFERENCE` names. A
//! test whose part of the folder is absent is shown as ignored, never as passed.

use libtest_mimic::Arguments;

/// A test, and the part of the folder that it needs.
pub struct Test {
    name: &'static str,
    needs: &'static str,
    run: fn(&Reference),
}

/// Functions of a reference as tests, under what they need.
macro_rules! tests {
    ($($needs:literal => [$($run:ident),+ $(,)?]),+ $(,)?) => {
        &[$($(crate::Test { name: stringify!($run), needs: $needs, run: $run }),+),+]
    };
}

mod attribution;
mod attribution_files;
mod bias;
mod bias_files;
mod data_quality_files;
mod decoding;
mod folder;
mod instances;
mod model_quality;
mod model_quality_files;
mod monitoring_run;
mod program;
mod records;
mod schemas;
#[path = "../support/trials.rs"]
mod trials;

use folder::Reference;

/// Every file of tests, by its name.
const FILES: [(&str, &[Test]); 12] = [
    ("attribution", attribution::TESTS),
    ("attribution_files", attribution_files::TESTS),
    ("bias", bias::TESTS),
    ("bias_files", bias_files::TESTS),
    ("data_quality_files", data_quality_files::TESTS),
    ("instances", instances::TESTS),
    ("model_quality", model_quality::TESTS),
    ("model_quality_files", model_quality_files::TESTS),
    ("monitoring_run", monitoring_run::TESTS),
    ("program", program::TESTS),
    ("records", records::TESTS),
    ("schemas", schemas::TESTS),
];

fn main() {
    let reference = Reference::find();
    let trial = |file: &str, test: &'static Test| {
        let (is_absent, reference) = (!reference.has(test.needs), reference.clone());
        let name = format!("{file}::{}", test.name);
        trials::test(name, move || (test.run)(&reference)).with_ignored_flag(is_absent)
    };
    let trials = FILES.iter().flat_map(|(file, tests)| tests.iter().map(move |test| (*file, test)));
    let trials = trials.map(|(file, test)| trial(file, test)).collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}
