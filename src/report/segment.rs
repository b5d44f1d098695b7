//! Segments: the results of parts of the captures, one for each variant of the endpoint.

use serde_json::{Map, Value, json};

use super::header::Failure;
use super::{MonitorResults, Outcome, Run};

/// The results of one variant, with the sections that the report has for all captures together.
pub fn segment<R: MonitorResults>(variant: &str, run: &Run<'_>, results: &R) -> Value {
    let judgement = results.judge();
    let n_violations = judgement.chosen(run.verdict).len();
    let n = results.n_used(run.account);
    let outcome = Outcome::of(n, n_violations);
    let sections = results.sections(run, &judgement);
    let mut segment = Map::new();
    segment.insert("variant".to_owned(), json!(variant));
    segment.insert("outcome".to_owned(), json!(outcome.name()));
    segment.insert("n".to_owned(), json!(n));
    segment.insert("violations".to_owned(), json!(n_violations));
    for (key, section) in sections.own {
        segment.insert(key.to_owned(), section);
    }
    if !run.warnings.is_empty() {
        segment.insert("warnings".to_owned(), json!(run.warnings));
    }
    segment.insert("features".to_owned(), Value::Array(sections.features));
    Value::Object(segment)
}

/// A variant whose captures cannot be used.
pub fn failed_segment(variant: &str, failure: &Failure<'_>) -> Value {
    json!({"variant": variant, "outcome": Outcome::Failed.name(), "error": failure})
}
