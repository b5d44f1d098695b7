//! Incidents of a run: what they are looked for in, and how the report and people are told of them.

use serde_json::{Value, json};

use super::json::{finite, without_empty};
use crate::incident::{self, Changes, Evidence, Fact, Found, Incident, Tested};
use crate::judge::{Test, TestOutcome};
use crate::profile::{Ledger, TableStatistics};

/// The causes of what these tests found between the baseline and the current statistics.
pub fn incidents(
    sides: (&TableStatistics, &TableStatistics),
    tests: &[Test],
    ledger: &Ledger,
    is_redacted: bool,
) -> Found {
    let tested = tests.iter().filter_map(|test| {
        let has_changed = test.outcome == TestOutcome::Violated;
        Some(Tested { feature: test.subject.feature()?, effect: test.metric, has_changed })
    });
    let tested: Vec<Tested<'_>> = tested.collect();
    incident::find(Changes::new(sides, &tested, ledger, is_redacted))
}

/// As sections of the report.
pub(super) fn to_sections(found: &Found) -> Vec<(&'static str, Value)> {
    let told = found.incidents.iter().map(to_json).collect();
    let more = (found.n_more > 0).then(|| ("more_incidents", json!(found.n_more)));
    [("incidents", Value::Array(told))].into_iter().chain(more).collect()
}

fn to_json(incident: &Incident) -> Value {
    let Incident { kind, features, sentence, evidence, share_of_rows } = incident;
    json!({
        "kind": kind,
        "features": features,
        "sentence": sentence,
        "evidence": evidence.iter().map(piece).collect::<Vec<_>>(),
        "share_of_rows": finite(*share_of_rows),
        "first_seen": null,
    })
}

fn piece(Evidence { feature, name, fact }: &Evidence) -> Value {
    let (value, values) = match fact {
        Fact::Number(value) => (finite(*value), None),
        Fact::Texts(values) => (None, Some(values)),
    };
    without_empty(
        json!({"feature": feature, "name": name, "value": value, "values": values}),
        &["feature", "value", "values"],
    )
}

/// A line for a person about each.
pub(super) fn lines(found: &Found) -> Vec<String> {
    let line = |incident: &Incident| format!("{}: {}", incident.kind, incident.sentence);
    let more = (found.n_more > 0).then(|| format!("… and {} more incidents", found.n_more));
    found.incidents.iter().map(line).chain(more).collect()
}
