//! Table profile: the statistics of a table and its ledger, summarised from the same batches.

use super::ledger_summary::LedgerSummary;
use super::table::TableSummary;

/// The open profile.
///
/// AWS's numbers are those of an empty profile into which the profile of every split was merged in
/// turn, one split included: merging into an empty one condenses an exactly full sketch.
pub type Profile = (TableSummary, LedgerSummary);
