//! The open profile of a job: its table and its account.

use std::sync::Arc;

use arrow::array::RecordBatch;

use super::domains::Domains;
use super::ledger::Ledger;
use super::ledger_summary::LedgerSummary;
use super::statistics::TableStatistics;
use super::table::TableSummary;
use crate::summary::Summary;

/// The table's statistics and the ledger, from the same batches.
///
/// AWS's numbers are those of an empty profile into which the profile of every split was merged in
/// turn, one split included: merging into an empty one condenses an exactly full sketch.
/// [`Summary::finish`] adds nothing to that.
#[derive(Debug, Default)]
pub struct Profile {
    table: TableSummary,
    ledger: LedgerSummary,
}

impl Profile {
    /// A profile that counts the cells inside their columns' domains.
    pub fn watching(domains: Arc<Domains>) -> Self {
        Self { table: TableSummary::watching(domains), ledger: LedgerSummary::default() }
    }
}

impl Summary for Profile {
    type Input = RecordBatch;
    type Output = (TableStatistics, Ledger);

    fn observe(&mut self, batch: &RecordBatch) {
        self.table.observe(batch);
        self.ledger.observe(batch);
    }

    fn merge(&mut self, other: Self) {
        self.table.merge(other.table);
        self.ledger.merge(other.ledger);
    }

    fn finish(self) -> (TableStatistics, Ledger) {
        (self.table.finish(), self.ledger.finish())
    }

    fn memory(&self) -> usize {
        self.table.memory() + self.ledger.memory()
    }
}
