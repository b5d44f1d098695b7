//! Side tables of a bias job: read before its own dataset, accounted for after it.

use std::sync::Arc;

use super::shared;
use crate::contract::{BiasJob, Contract, SideTableJob};
use crate::decode::{Rows, Settings, Window};
use crate::engine::{Dataset, JoinKey, Manifest, Session, SideJoinCounts, SideTable, SideTableFault, SideTableMatches};
use crate::error::{self, Error, Result};
use crate::profile::{Ledger, LedgerSummary};
use crate::report;
use crate::store::Location;
use crate::summary::Summary;

/// JoinedSideTable datasets, before the main one is read.
pub(super) struct SideTables {
    pub read: Arc<[SideTable]>,
    seen: Vec<JoinedSideTable>,
}

/// A joined dataset, accounted for.
pub(super) struct JoinedSideTable {
    pub place: Location,
    pub ledger: Ledger,
    holds: &'static str,
    key: JoinKey,
    source: String,
    manifest: Manifest,
    /// Of the main dataset.
    rows: SideTableMatches,
    n: u64,
    n_used: u64,
    n_without_id: u64,
}

impl JoinedSideTable {
    pub(super) fn for_report(&self) -> report::SideTable<'_> {
        report::SideTable {
            holds: self.holds,
            by: match self.key {
                JoinKey::Id => "identifier",
                JoinKey::Position => "position",
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
pub(super) async fn read(contract: &Contract, job: &BiasJob, session: &Session) -> Result<SideTables> {
    let (mut side_tables, mut seen) = (Vec::new(), Vec::new());
    for of_job in &job.side_tables {
        let dataset = list(contract, of_job).await?;
        let read = SideTable::read(session, dataset.clone(), of_job.spec.clone(), LedgerSummary::default);
        let (ledger, side_table) = read.await.map_err(coded)?;
        let mut ledger = ledger.finish();
        shared::balance(&mut ledger, &dataset, &of_job.source)?;
        shared::log_ledger(&ledger);
        side_tables.push(side_table);
        seen.push(JoinedSideTable {
            place: of_job.source.clone(),
            ledger,
            holds: of_job.holds.name(),
            key: of_job.spec.key,
            source: of_job.source.to_string(),
            manifest: dataset.manifest(),
            rows: SideTableMatches::default(),
            n: 0,
            n_used: 0,
            n_without_id: 0,
        });
    }
    Ok(SideTables { read: side_tables.into(), seen })
}

/// The error of a job whose side table is none.
fn coded(fault: SideTableFault) -> Error {
    match fault {
        SideTableFault::Failed(error) => error,
        SideTableFault::IdRepeats { place } => {
            Error::new(&error::JOIN_ID_REPEATS, place, "more than one row has the same identifier")
        }
        SideTableFault::ColumnMissing { place, column } => {
            let cause = format!("the dataset has no column {}", column.escape_debug());
            Error::new(&error::FACET_NOT_FOUND, place, cause)
        }
    }
}

async fn list(contract: &Contract, job: &SideTableJob) -> Result<Arc<Dataset>> {
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

impl SideTables {
    /// Accounts for what was joined with the main dataset. Rows can be paired by their places only
    /// where there is one file on either side, with as many rows.
    pub(super) fn account(
        self,
        main: &Ledger,
        source: &Location,
        counts: &SideJoinCounts,
    ) -> Result<Vec<JoinedSideTable>> {
        let mut joined = self.seen;
        for ((joined, side_table), rows) in joined.iter_mut().zip(self.read.iter()).zip(&counts.of_tables) {
            if joined.key == JoinKey::Position {
                let of_side_table = (joined.ledger.n_objects_opened, side_table.n_places());
                check_places((main.n_objects_opened, counts.n_places), of_side_table, source, &joined.source)?;
            }
            joined.rows = *rows;
            joined.n = side_table.n_rows();
            joined.n_used = side_table.n_used();
            joined.n_without_id = side_table.n_without_id();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_of_a_side_table_has_its_code() {
        let repeats = coded(SideTableFault::IdRepeats { place: "a.csv, line 4".to_owned() });
        assert_eq!((repeats.code().code, repeats.place()), (error::JOIN_ID_REPEATS.code, "a.csv, line 4"));
        assert_eq!(repeats.cause(), "more than one row has the same identifier");
        let missing = coded(SideTableFault::ColumnMissing { place: "facets".to_owned(), column: "s\nx".to_owned() });
        assert_eq!((missing.code().code, missing.place()), (error::FACET_NOT_FOUND.code, "facets"));
        assert_eq!(missing.cause(), "the dataset has no column s\\nx");
        let failed = coded(SideTableFault::Failed(Error::new(&error::MEMORY_LIMIT, "a", "b")));
        assert_eq!((failed.code().code, failed.place(), failed.cause()), (error::MEMORY_LIMIT.code, "a", "b"));
    }
}
