//! What an attribution job reads: attributions that stand in captured answers, else rows of features.

use std::sync::Arc;

use crate::attributions::Observations;
use crate::contract::AttributionJob;
use crate::decode::{Format, Reason, Rows};
use crate::error::Result;
use crate::measure::attribution::AttributionStatistics;
use crate::profile::{CapturedAttributionSummary, FeatureRowsSummary, Ledger, Sample};
use crate::report::Account;
use crate::run::monitor::Job;
use crate::run::{account, datasets};

/// Rows that are kept for explaining; how many of them are explained depends on the budget.
const MAX_ROWS: usize = 10_000;
/// One part in so many of the memory limit is for these rows: of a limit of 1 GiB as much as is ever kept.
const ROWS_PART: usize = 16;
/// Captured attributions of so many rows are enough though most records have none: below it, what is found is mostly
/// chance.
const ENOUGH_ROWS: u64 = 30;

/// What was read.
pub(in crate::run::monitors) struct Seen {
    pub found: Observations,
    /// Why attributions in captured answers were not used, where there were some.
    pub unused: Option<String>,
    /// Where one of the captured answers without attributions stands, and what it holds.
    pub sample: Option<String>,
}

impl Seen {
    /// An endpoint may explain some answers only (DG:clarify-online-explainability-create-endpoint: EnableExplanations):
    /// where others hold attributions, those without are not damaged.
    pub fn tolerates(&self, reason: &str) -> bool {
        matches!(self.found, Observations::Attributions(_)) && reason == Reason::AttributionsNotFound.name()
    }
}

/// Reads the dataset: captures twice where their answers hold no attributions.
pub(super) async fn see(job: &Job<'_>, settings: &AttributionJob) -> Result<(Account, Seen)> {
    let contract = job.contract;
    let (mut unused, mut sample) = (None, None);
    if matches!(contract.format, Format::Capture(_)) && settings.explains {
        let headers = Arc::new(settings.model.answer.label_headers.clone());
        let rows = || CapturedAttributionSummary::new(headers.clone());
        let (dataset, found) = datasets::fold(job, datasets::list(contract, Rows::Attributions).await?, rows).await?;
        if is_enough(&found, &dataset.ledger, settings.model.target.is_some()) {
            account::log(&dataset.ledger);
            let seen = Seen { found: Observations::Attributions(found), unused, sample };
            return Ok((Account { dataset, ..Account::default() }, seen));
        }
        unused = why_unused(&found, &dataset.ledger);
        sample = told_sample(&dataset.ledger);
        match &unused {
            Some(reason) => tracing::warn!(reason, "attributions in captured answers are not used: the model is asked"),
            None => tracing::info!("captured answers hold no attributions: the model is asked"),
        }
    }
    let rows = || FeatureRowsSummary::within(MAX_ROWS, contract.settings.memory_limit / ROWS_PART);
    let instances = datasets::list(contract, Rows::Instances(settings.instances.clone())).await?;
    let (dataset, found) = datasets::fold(job, instances, rows).await?;
    account::log(&dataset.ledger);
    Ok((Account { dataset, ..Account::default() }, Seen { found: Observations::Rows(found), unused, sample }))
}

/// Where one of the answers stands whose attributions are not used, or that has none, and what it holds.
fn told_sample(ledger: &Ledger) -> Option<String> {
    let told =
        |Sample { object, line, detail, .. }: &Sample| Some(format!("{object}, line {line}: {}", detail.as_deref()?));
    let is_of_answer = |sample: &&Sample| OF_ANSWERS.map(Reason::name).contains(&sample.reason);
    let unused = ledger.samples.iter().filter(is_of_answer).find_map(told);
    unused.or_else(|| ledger.samples.iter().find_map(told))
}

/// Why attributions in answers cannot be used.
const OF_ANSWERS: [Reason; 2] = [Reason::InvalidAttributions, Reason::TextAttributions];

/// Which records hold attributions that are not used, by reason.
fn why_unused(found: &AttributionStatistics, ledger: &Ledger) -> Option<String> {
    let rejected = ledger.records_rejected.iter().filter(|(reason, _)| OF_ANSWERS.map(Reason::name).contains(reason));
    let n_good = found.outputs.iter().map(|output| output.n).max().unwrap_or(0);
    let few = (n_good > 0).then_some(("too_few", n_good));
    let all = rejected.chain(&found.n_unusable).map(|(reason, n)| (*reason, *n)).chain(few);
    let told: Vec<String> = all.map(|(reason, n)| format!("{reason} {n}")).collect();
    (!told.is_empty()).then(|| told.join(", "))
}

/// Whether captured attributions are what is judged. A caller may ask for the explanation of a single request
/// (DG:clarify-online-explainability-invoke-endpoint): it must not stand for all the others, if a model can be asked.
fn is_enough(found: &AttributionStatistics, ledger: &Ledger, is_model_known: bool) -> bool {
    let n = found.outputs.iter().map(|output| output.n).max().unwrap_or(0);
    let n_judged = ledger.n_records_used + ledger.n_records_rejected();
    n > 0 && (!is_model_known || n >= ENOUGH_ROWS || 2 * ledger.n_records_used >= n_judged)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::OutputAttributions;

    #[test]
    fn attributions_that_are_not_used_are_told_by_reason() {
        let (mut found, mut ledger) = (AttributionStatistics::default(), Ledger::default());
        ledger.records_rejected.insert(Reason::AttributionsNotFound.name(), 7);
        assert_eq!(why_unused(&found, &ledger), None);
        ledger.records_rejected.insert(Reason::TextAttributions.name(), 2);
        found.n_unusable.insert("not_numbers", 3);
        found.outputs.push(OutputAttributions { n: 4, ..OutputAttributions::default() });
        assert_eq!(why_unused(&found, &ledger).as_deref(), Some("text_attributions 2, not_numbers 3, too_few 4"));
    }

    #[test]
    fn a_few_captured_attributions_do_not_stand_for_all_records() {
        let enough = |n, n_without, is_model_known| {
            let output = OutputAttributions { n, ..OutputAttributions::default() };
            let found = AttributionStatistics { outputs: vec![output], ..AttributionStatistics::default() };
            let mut ledger = Ledger { n_records_used: n, ..Ledger::default() };
            ledger.records_rejected.insert(Reason::AttributionsNotFound.name(), n_without);
            is_enough(&found, &ledger, is_model_known)
        };
        assert!(!enough(0, 0, false) && !enough(0, 10, true));
        assert!(!enough(1, 59, true) && enough(1, 59, false));
        assert!(enough(5, 5, true) && !enough(5, 6, true));
        assert!(enough(30, 10_000, true));
    }
}
