//! Payload errors: records that could not be used.

use super::changes::Changes;
use super::evidence::share_of_records;
use super::kind::{Cause, IncidentKind};
use super::words::per_cent;

/// Least share of the records that were to be used.
const MIN_SHARE: f64 = 0.01;
/// Fewest records.
const MIN_RECORDS: u64 = 10;

pub(super) static PAYLOAD_ERRORS: IncidentKind = IncidentKind {
    name: "payload_errors",
    meaning: "Records could not be used: broken text, payloads of another format, rows of another width.",
    evidence: "At least 10 records and 1 of 100 were rejected. A baseline does not say how many it rejected, so that \
               this alone has no test.",
    remedy: "The ledger of the report counts them by reason and names the first; `model-monitor explain formats` says \
             what to do about each reason.",
    explains: &[],
    find,
};

fn find(changes: &Changes<'_>) -> Vec<Cause> {
    let rejected = &changes.ledger.records_rejected;
    let n: u64 = rejected.values().sum();
    let share = n as f64 / (changes.ledger.n_records_used + n).max(1) as f64;
    let most = rejected.iter().max_by_key(|(_, n)| **n).filter(|_| n >= MIN_RECORDS && share >= MIN_SHARE);
    let cause = |(reason, _): (&&'static str, &u64)| Cause {
        features: Vec::new(),
        what: format!("{} of the records could not be used, most of them for {reason}", per_cent(share)),
        evidence: vec![share_of_records(share)],
        share_of_rows: share,
    };
    most.map(cause).into_iter().collect()
}
