//! Calibration: limits from a period in which nothing was wrong.

use bytes::Bytes;

use super::monitors;
use super::replay::{Windows, measure, records};
use crate::contract::Contract;
use crate::engine::Session;
use crate::error::{self, Error, Result};
use crate::judge::{self, Budget};
use crate::names::file;
use crate::report::{Calibration, Window};
use crate::store::{self, Location, Store};
use crate::wire::constraints;

/// Milliseconds of a month of 30 days.
const MONTH: f64 = 30.0 * 86_400_000.0;

/// Derives the limits of columns from the contract's period, for so many false alarms a month, and writes the baseline's
/// constraints with them.
pub async fn calibrate(contract: &Contract, session: &Session, every: i64, false_alarms: f64) -> Result<Calibration> {
    let _claim = monitors::claim(contract).await?;
    refuse_results(&contract.output).await?;
    let Windows { account, windows } = measure(contract, session, every).await?;
    let with_rows: Vec<_> = windows.iter().filter(|(_, results)| results.statistics.n_rows > 0).collect();
    if with_rows.is_empty() {
        return Err(Error::new(&error::NO_DATA, account.dataset.place.clone(), "no window of the period has a row"));
    }
    let mut n_rows: Vec<u64> = with_rows.iter().map(|(_, results)| results.statistics.n_rows).collect();
    n_rows.sort_unstable();
    let usual = n_rows.get(n_rows.len() / 2).copied().unwrap_or_default();
    let refused = |cause: &str| Error::new(&error::USAGE, "calibrate", cause);
    let first = windows.first().map(|(_, results)| results);
    let baseline =
        first.and_then(|results| results.baseline.as_deref().cloned()).ok_or_else(|| refused("the period is empty"))?;
    let statistics = first.and_then(|results| results.baseline_statistics.as_ref());
    let n_baseline = statistics.ok_or_else(|| refused("it needs baseline_statistics"))?.n_rows;
    let measured: Vec<_> = with_rows.iter().map(|(_, results)| &results.measurements[..]).collect();
    let budget = Budget { false_alarms, n_windows: MONTH / every as f64 };
    let limits = judge::calibrate(&baseline, &measured, budget, (usual, n_baseline));
    let proposed = constraints::write(&judge::with_limits(baseline, &limits), contract.settings.layout);
    store::write_all(&contract.output, &[(file::CONSTRAINTS.to_owned(), Bytes::from(proposed))]).await?;
    Ok(Calibration {
        window: Window { start: contract.window.start, end: contract.window.end },
        n_windows: windows.len(),
        n_with_rows: with_rows.len(),
        n_rows: usual,
        false_alarms,
        limits,
        records: records(contract, &account),
        output: contract.output.join(file::CONSTRAINTS).to_string(),
    })
}

/// Refuses a folder that holds the results of a run: the new constraints would stand among what belongs to others.
async fn refuse_results(output: &Location) -> Result<()> {
    if matches!(output, Location::Local(path) if !path.exists()) {
        return Ok(());
    }
    let entries = Store::open(output).await?.list().await?.entries;
    let is_result = |name: &str| name != file::CONSTRAINTS && file::RESULTS.contains(&name);
    match entries.iter().find(|entry| is_result(&entry.name)) {
        None => Ok(()),
        Some(entry) => {
            let cause = format!("it holds the {} of a run, which the new constraints do not belong to", entry.name);
            Err(Error::new(&error::PLACES_OVERLAP, output.to_string(), cause))
        }
    }
}
