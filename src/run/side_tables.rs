//! Side tables: datasets that are joined with that of a bias job, read before it and accounted for after it.

use std::sync::Arc;

use super::monitor::Job;
use super::{account, datasets};
use crate::contract::BiasJob;
use crate::decode::Rows;
use crate::engine::{JoinKey, SideJoinCounts, SideTable, SideTableFault};
use crate::error::{self, Error, Result};
use crate::profile::LedgerSummary;
use crate::report::{DatasetAccount, SideTableAccount};

/// Side tables, before the main dataset is read.
pub(super) struct SideTables {
    pub read: Arc<[SideTable]>,
    seen: Vec<(JoinKey, SideTableAccount)>,
}

/// Reads the side tables, all of them into memory.
pub(super) async fn read(job: &Job<'_>, settings: &BiasJob) -> Result<SideTables> {
    let (mut side_tables, mut seen) = (Vec::new(), Vec::new());
    for table in &settings.side_tables {
        let rows = Rows::Instances(table.instances.clone());
        let format = job.contract.format.clone();
        let dataset = datasets::list_beside(job.contract, &table.source, format, rows).await?;
        let read = SideTable::read(job.session, dataset.clone(), table.spec.clone(), LedgerSummary::default);
        let (ledger, read) = read.await.map_err(coded)?;
        let dataset = account::of_dataset(ledger, &dataset, &table.source)?;
        account::log(&dataset.ledger);
        side_tables.push(read);
        let by = match table.spec.key {
            JoinKey::Id => "identifier",
            JoinKey::Position => "position",
        };
        let holds = table.holds.name();
        seen.push((table.spec.key, SideTableAccount { dataset, holds, by, ..SideTableAccount::default() }));
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

impl SideTables {
    /// Closes the account of what was joined with the main dataset. Rows can be paired by their places only
    /// where there is one file on either side, with as many rows, and nobody has to guess where one stands.
    pub(super) fn account(self, main: &DatasetAccount, counts: &SideJoinCounts) -> Result<Vec<SideTableAccount>> {
        let mut accounts = Vec::new();
        for (((key, seen), table), rows) in self.seen.into_iter().zip(self.read.iter()).zip(&counts.of_tables) {
            let source = &seen.dataset.place;
            if key == JoinKey::Position {
                let of_main = (main.ledger.n_objects_opened, counts.places.known());
                let of_table = (seen.dataset.ledger.n_objects_opened, table.places().known());
                check_places(of_main, of_table, &main.place, source)?;
            }
            tracing::info!(
                %source,
                rows = rows.n,
                matched = rows.n_matched,
                joined = table.n_rows(),
                joined_used = table.n_used(),
                "dataset joined"
            );
            accounts.push(SideTableAccount {
                n: rows.n,
                n_matched: rows.n_matched,
                n_without_row: rows.n_without_row,
                n_without_id: rows.n_without_id,
                n_joined: table.n_rows(),
                n_joined_used: table.n_used(),
                n_joined_without_id: table.n_without_id(),
                ..seen
            });
        }
        Ok(accounts)
    }
}

/// Files and places of the main dataset, and of the side table; `None` for places that nobody knows.
fn check_places(main: (u64, Option<u64>), table: (u64, Option<u64>), source: &str, of_table: &str) -> Result<()> {
    let cause = match (main, table) {
        ((n, _), (of, _)) if n > 1 || of > 1 => format!("{source} has {n} files, {of_table} has {of}"),
        ((_, None), _) => format!("{source} is damaged: nobody knows which rows were lost"),
        (_, (_, None)) => format!("{of_table} is damaged: nobody knows which rows were lost"),
        ((_, Some(n)), (_, Some(of))) if n != of => format!("{source} has {n} rows, {of_table} has {of}"),
        _ => return Ok(()),
    };
    Err(Error::new(&error::ROWS_NOT_PAIRED, of_table, cause))
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
