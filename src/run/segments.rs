//! Segments: the results of each variant of the endpoint beside those of all captures together.

use serde_json::Value;

use super::monitor::{Job, Measured, Monitor};
use super::{account, account_warnings, dataset_warnings, header};
use crate::error::{Kind, Result};
use crate::profile::OTHER_VARIANTS;
use crate::report::{self, Account, MonitorResults};

/// Variants that are measured for themselves, at most: each of them reads its captures again.
const MAX_SEGMENTS: usize = 8;

/// The results of the first variants by name; none where there is one variant, or the job asks for one.
pub(super) async fn of_variants<M: Monitor>(monitor: &M, job: &Job<'_>, account: &Account) -> Result<Vec<Value>> {
    let variants: Vec<&str> = account.dataset.ledger.used_variants().map(|(name, _)| name).collect();
    let mut segments = Vec::new();
    if variants.len() < 2 || job.contract.settings.filter.variant.is_some() || !monitor.has_segments() {
        return Ok(segments);
    }
    for variant in variants.into_iter().filter(|name| *name != OTHER_VARIANTS).take(MAX_SEGMENTS) {
        tracing::info!(variant = %variant.escape_debug(), "one variant by itself");
        let mut contract = job.contract.clone();
        contract.settings.filter.variant = Some(variant.to_owned());
        contract.settings.segment = None;
        let of_variant = Job { contract: &contract, session: job.session };
        segments.push(match measure(monitor, &of_variant, variant).await {
            Ok(segment) => segment,
            Err(error) if matches!(error.kind(), Kind::Input | Kind::Empty) => {
                report::failed_segment(variant, &header::failure(&error))
            }
            Err(error) => return Err(error),
        });
    }
    Ok(segments)
}

/// Reads, measures and judges the captures of one variant.
async fn measure<M: Monitor>(monitor: &M, job: &Job<'_>, variant: &str) -> Result<Value> {
    let contract = job.contract;
    let baseline = monitor.read_baseline(job).await?;
    let (account, rows) = monitor.see(job, baseline.as_ref()).await?;
    let tolerates = |reason: &str| monitor.tolerates(&rows, reason);
    if let Some(error) = account::unusable(contract, &account, tolerates) {
        return Err(error);
    }
    let mut warnings = dataset_warnings::of(&account);
    warnings.append(&mut account::rejected(contract, &account, tolerates));
    let Measured { results, warnings: of_results } = monitor.measure(job, baseline, &account, rows).await?;
    warnings.append(&mut account_warnings::before(of_results, contract, &account, results.n_used(&account)));
    let names = header::job_names(contract, &account);
    Ok(report::segment(variant, &header::run_of(contract, &names, &account, &warnings), &results))
}
