//! `model_monitor_report.json`: everything that a run looked at, measured and found. Ours.
//!
//! Every measurement stands here, violated or not, with the number of observations behind it; what was not computed
//! is null and has a reason. Its members are described in `schemas/model_monitor_report.json`.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::account::{self, Account};
use super::header::{Failure, Inputs, Job, Warning, Window, WindowText};
use super::json::without_empty;
use super::{Outcome, Sections};
use crate::judge::{Finding, Judgement, OverTime, Verdict};
use crate::names::Monitor;
use crate::wire::jackson;

/// What a report is made from.
pub(super) struct Document<'a> {
    pub monitor: Monitor,
    pub window: Window,
    pub outcome: Outcome,
    pub verdict: Verdict,
    pub failure: Option<&'a Failure<'a>>,
    pub job: &'a Job,
    pub account: &'a Account,
    pub sections: Sections,
    pub warnings: &'a [Warning],
    pub judgement: &'a Judgement,
    pub segments: &'a [Value],
}

impl Document<'_> {
    /// The file's bytes.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let Account { dataset, labels, .. } = self.account;
        let own = self.sections.own.iter().map(|(key, section)| ((*key).to_owned(), section.clone()));
        let findings = |findings: &[Finding]| findings.iter().map(finding).collect();
        jackson::to_bytes(&File {
            tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
            monitor: self.monitor.name(),
            window: self.window.to_text(),
            outcome: self.outcome.name(),
            verdict: self.verdict.name(),
            error: self.failure,
            job: self.job,
            inputs: &dataset.inputs,
            ledger: account::ledger(&dataset.ledger),
            label_inputs: labels.as_ref().map(|labels| &labels.dataset.inputs),
            label_ledger: labels.as_ref().map(|labels| account::ledger(&labels.dataset.ledger)),
            join: labels.as_ref().map(|labels| account::join(&labels.pairs)),
            own: own.collect(),
            warnings: self.warnings,
            features: &self.sections.features,
            segments: self.segments,
            over_time: over_time(self.judgement),
            findings: Findings {
                aws: findings(&self.judgement.aws),
                statistical: self.judgement.statistical().map(|found| findings(&found)),
            },
        })
    }
}

/// The file.
#[derive(Serialize)]
struct File<'a> {
    tool: Tool,
    monitor: &'static str,
    window: WindowText,
    outcome: &'static str,
    /// Whose decisions fill the violations file.
    verdict: &'static str,
    /// Null unless the outcome is `Failed`.
    error: Option<&'a Failure<'a>>,
    job: &'a Job,
    inputs: &'a Inputs,
    ledger: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    label_inputs: Option<&'a Inputs>,
    #[serde(skip_serializing_if = "Option::is_none")]
    label_ledger: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    join: Option<Value>,
    /// The monitor's section under its key, if it has one.
    #[serde(flatten)]
    own: Map<String, Value>,
    #[serde(skip_serializing_if = "<[Warning]>::is_empty")]
    warnings: &'a [Warning],
    features: &'a [Value],
    #[serde(skip_serializing_if = "<[Value]>::is_empty")]
    segments: &'a [Value],
    /// Absent where nothing is tested.
    #[serde(skip_serializing_if = "Option::is_none")]
    over_time: Option<Value>,
    findings: Findings,
}

/// The program that wrote the report.
#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

/// What was found, by verdict.
#[derive(Serialize)]
struct Findings {
    aws: Vec<Value>,
    /// Absent where no statistical verdict is made.
    #[serde(skip_serializing_if = "Option::is_none")]
    statistical: Option<Vec<Value>>,
}

/// How the windows before this one count in the statistical verdict; without any it stands alone.
fn over_time(judgement: &Judgement) -> Option<Value> {
    let Some(over_time) = &judgement.over_time else {
        let is_tested = judgement.tests.as_ref().is_some_and(|tests| !tests.is_empty());
        return is_tested.then(|| json!({ "windows": "alone" }));
    };
    let OverTime { rule, continuation, unconfirmed, history } = over_time;
    let unconfirmed = unconfirmed.iter().map(|test| {
        let object = json!({
            "feature": test.subject.feature().unwrap_or_default(),
            "group": test.subject.group(),
            "measure": test.metric,
            "evidence": test.evidence,
            "needed": test.needed,
        });
        without_empty(object, &["group"])
    });
    Some(json!({
        "windows": continuation.name(),
        "n_windows": history.n_windows,
        "alarm_rule": rule.name(),
        "unconfirmed": unconfirmed.collect::<Vec<_>>(),
    }))
}

fn finding(finding: &Finding) -> Value {
    let object = json!({
        "feature": finding.subject.feature().unwrap_or_default(),
        "group": finding.subject.group(),
        "check": finding.check,
        "measure": finding.metric,
        "description": finding.description,
        "value": finding.value,
        "threshold": finding.threshold,
        "n": finding.n,
    });
    without_empty(object, &["group"])
}
