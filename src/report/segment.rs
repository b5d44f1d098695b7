//! Segments: the results of parts of the captures, one for each variant of the endpoint, or of the rows
//! ([`super::row_segments`]).

use serde_json::{Value, json};

use super::header::Failure;
use super::{MonitorResults, Outcome, Run, Sections};

/// The results of one variant, with the sections that the report has for all captures together.
pub fn segment<R: MonitorResults>(variant: &str, run: &Run<'_>, results: &R) -> Value {
    let judgement = results.judge();
    let n_violations = judgement.chosen(run.verdict).len();
    let n = results.n_used(run.account);
    let outcome = Outcome::of(n, n_violations);
    let sections = results.sections(run, &judgement);
    let warnings = (!run.warnings.is_empty()).then(|| ("warnings", json!(run.warnings)));
    let sections = Sections { own: sections.own.into_iter().chain(warnings).collect(), ..sections };
    with_results(vec![("variant", json!(variant))], (outcome, n, n_violations), sections)
}

/// The results of any part: its name, how it ended, and the sections that the report has for all together.
pub(super) fn with_results(
    name: Vec<(&'static str, Value)>,
    (outcome, n, n_violations): (Outcome, u64, usize),
    sections: Sections,
) -> Value {
    let end = [("outcome", json!(outcome.name())), ("n", json!(n)), ("violations", json!(n_violations))];
    let features = [("features", Value::Array(sections.features))];
    let members = name.into_iter().chain(end).chain(sections.own).chain(features);
    Value::Object(members.map(|(key, value)| (key.to_owned(), value)).collect())
}

/// A variant whose captures cannot be used.
pub fn failed_segment(variant: &str, failure: &Failure<'_>) -> Value {
    json!({"variant": variant, "outcome": Outcome::Failed.name(), "error": failure})
}
