//! Incidents of a run: what they are looked for in, and how the report and people are told of them.

use serde_json::{Value, json};

use super::json::{finite, without_empty};
use crate::incident::{self, Changes, Evidence, Fact, Found, Incident, Tested};
use crate::judge::{IncidentKey, Judgement, Test, TestOutcome};
use crate::profile::{Ledger, TableStatistics};
use crate::wire::time;

/// The causes of what these tests found between the baseline and the current statistics, in the columns that are judged.
pub fn incidents(
    sides: (&TableStatistics, &TableStatistics),
    judged: &[&str],
    tests: &[Test],
    ledger: &Ledger,
    is_redacted: bool,
) -> Found {
    let tested = tests.iter().filter_map(|test| {
        let has_changed = test.outcome == TestOutcome::Violated;
        Some(Tested { feature: test.subject.feature()?, effect: test.metric, has_changed })
    });
    let tested: Vec<Tested<'_>> = tested.collect();
    incident::find(Changes::new(sides, (judged, &tested), ledger, is_redacted))
}

/// Which incident it is, in all windows.
pub(super) fn key(incident: &Incident) -> IncidentKey {
    IncidentKey { kind: incident.kind.to_owned(), features: incident.features.clone() }
}

/// As sections of the report. Since when an incident is there is known where the windows before this one are.
pub(super) fn to_sections(found: &Found, judgement: &Judgement) -> Vec<(&'static str, Value)> {
    let since = judgement.over_time.as_ref().map(|over_time| &over_time.history.incidents);
    let first_seen = |incident: &Incident| since?.get(&key(incident)).copied().flatten().and_then(time::utc);
    let told = found.incidents.iter().map(|incident| to_json(incident, first_seen(incident))).collect();
    let more = (found.n_more > 0).then(|| ("more_incidents", json!(found.n_more)));
    [("incidents", Value::Array(told))].into_iter().chain(more).collect()
}

fn to_json(incident: &Incident, first_seen: Option<String>) -> Value {
    let Incident { kind, features, sentence, evidence, share_of_rows } = incident;
    json!({
        "kind": kind,
        "features": features,
        "sentence": sentence,
        "evidence": evidence.iter().map(piece).collect::<Vec<_>>(),
        "share_of_rows": finite(*share_of_rows),
        "first_seen": first_seen,
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
