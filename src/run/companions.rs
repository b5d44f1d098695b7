//! Datasets that are joined with that of a bias job: read before it, accounted for after it.

use std::sync::Arc;

use super::shared;
use crate::contract::{BiasJob, CompanionJob, Contract};
use crate::decode::{Rows, Settings, Window};
use crate::engine::{BesideAccount, BesideRows, Companion, Dataset, Manifest, Matching, Session};
use crate::error::{self, Error, Result};
use crate::profile::{Ledger, LedgerSummary};
use crate::report;
use crate::store::Location;
use crate::summary::Summary;

/// Joined datasets, before the main one is read.
pub(super) struct Companions {
    pub read: Arc<[Companion]>,
    seen: Vec<Joined>,
}

/// A joined dataset, accounted for.
pub(super) struct Joined {
    pub place: Location,
    pub ledger: Ledger,
    holds: &'static str,
    matching: Matching,
    source: String,
    manifest: Manifest,
    /// Of the main dataset.
    rows: BesideRows,
    n: u64,
    n_used: u64,
    n_without_id: u64,
}

impl Joined {
    pub(super) fn for_report(&self) -> report::Joined<'_> {
        report::Joined {
            holds: self.holds,
            by: match self.matching {
                Matching::Id => "identifier",
                Matching::Position => "position",
            },
            source: &self.source,
            inputs: shared::inputs(&self.manifest),
            ledger: &self.ledger,
            n: self.rows.n,
            n_matched: self.rows.n_matched,
            n_without_row: self.rows.n_without_row,
            n_without_id: self.rows.n_without_id,
            n_joined: self.n,
            n_joined_used: self.n_used,
            n_joined_without_id: self.n_without_id,
        }
    }

    /// What a person wants to know of it.
    pub(super) fn line(&self) -> String {
        format!("{} of {} rows have a row in {} ({})", self.rows.n_matched, self.rows.n, self.source, self.holds)
    }
}

/// Reads the joined datasets, all of them into memory.
pub(super) async fn read(contract: &Contract, job: &BiasJob, session: &Session) -> Result<Companions> {
    let (mut companions, mut seen) = (Vec::new(), Vec::new());
    for of_job in &job.companions {
        let dataset = list(contract, of_job).await?;
        let read = Companion::read(session, dataset.clone(), of_job.kept.clone(), LedgerSummary::default);
        let (ledger, companion) = read.await?;
        let mut ledger = ledger.finish();
        shared::balance(&mut ledger, &dataset, &of_job.source)?;
        shared::log_ledger(&ledger);
        companions.push(companion);
        seen.push(Joined {
            place: of_job.source.clone(),
            ledger,
            holds: of_job.holds.name(),
            matching: of_job.kept.matching,
            source: of_job.source.to_string(),
            manifest: dataset.manifest(),
            rows: BesideRows::default(),
            n: 0,
            n_used: 0,
            n_without_id: 0,
        });
    }
    Ok(Companions { read: companions.into(), seen })
}

async fn list(contract: &Contract, job: &CompanionJob) -> Result<Arc<Dataset>> {
    let settings = Settings {
        format: contract.format.clone(),
        window: Window::default(),
        names: Arc::default(),
        max_record_bytes: contract.settings.max_record_bytes(),
        rows: Rows::Instances(job.instances.clone()),
    };
    let dataset = Arc::new(Dataset::list(&job.source, settings).await?);
    shared::log_listing(contract, &job.source, &dataset);
    Ok(dataset)
}

impl Companions {
    /// Closes the account of what was joined with the main dataset. Rows can be paired by their places only
    /// where there is one file on either side, with as many rows.
    pub(super) fn account(self, main: &Ledger, source: &Location, account: &BesideAccount) -> Result<Vec<Joined>> {
        let mut joined = self.seen;
        for ((joined, companion), rows) in joined.iter_mut().zip(self.read.iter()).zip(&account.of_companions) {
            if joined.matching == Matching::Position {
                let of_companion = (joined.ledger.n_objects_opened, companion.n_places());
                check_places((main.n_objects_opened, account.n_places), of_companion, source, &joined.source)?;
            }
            joined.rows = *rows;
            joined.n = companion.n_rows();
            joined.n_used = companion.n_used();
            joined.n_without_id = companion.n_without_id();
            tracing::info!(
                source = %joined.place,
                rows = rows.n,
                matched = rows.n_matched,
                joined = joined.n,
                joined_used = joined.n_used,
                "dataset joined"
            );
        }
        Ok(joined)
    }
}

/// Files and places of the main dataset, and of the joined one.
fn check_places(main: (u64, u64), joined: (u64, u64), source: &Location, of_joined: &str) -> Result<()> {
    let cause = if main.0 > 1 || joined.0 > 1 {
        format!("{source} has {} files, {of_joined} has {}", main.0, joined.0)
    } else if main.1 != joined.1 {
        format!("{source} has {} rows, {of_joined} has {}", main.1, joined.1)
    } else {
        return Ok(());
    };
    Err(Error::new(&error::ROWS_NOT_PAIRED, of_joined, cause))
}
