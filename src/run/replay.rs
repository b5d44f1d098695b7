//! Replay: every window of a period judged again, from one pass over its captures.

use super::monitor::{Job, Monitor};
use super::monitors::{DataQuality, results_of_windows};
use super::{account, account_warnings, dataset_warnings};
use crate::contract::{Analysis, Contract};
use crate::decode::Format;
use crate::engine::Session;
use crate::error::{self, Error, Result};
use crate::judge;
use crate::profile::Periods;
use crate::report::{Account, DataQualityResults, MonitorResults, Replay, ReplayedWindow, Warning, Window};

/// Most windows of one replay.
const MAX_WINDOWS: i64 = 10_000;

/// The windows of a period with what was measured of each.
pub(super) struct Windows {
    pub account: Account,
    pub windows: Vec<(Window, DataQualityResults)>,
}

/// Measures every window of the contract's period. `every` is the length of one in milliseconds.
pub(super) async fn measure(contract: &Contract, session: &Session, every: i64) -> Result<Windows> {
    let refused = |cause: &str| Error::new(&error::USAGE, "replay", cause);
    if !matches!(contract.analysis, Analysis::DataQuality) || !matches!(contract.format, Format::Capture(_)) {
        return Err(refused("it looks at captures, for data quality"));
    }
    if contract.settings.segment.is_some() {
        return Err(refused("it makes no segments: leave --segment out"));
    }
    let (Some(start), Some(end)) = (contract.window.start, contract.window.end) else {
        return Err(refused("it needs --from and --to"));
    };
    let n_windows = (end - start).div_euclid(every) + i64::from((end - start).rem_euclid(every) > 0);
    if n_windows > MAX_WINDOWS {
        return Err(refused(&format!("{n_windows} windows are more than {MAX_WINDOWS}")));
    }
    let job = Job { contract, session };
    let baseline = DataQuality.read_baseline(&job).await?.ok_or_else(|| refused("it needs a baseline"))?;
    let periods = Periods { start, every };
    let (account, results) = results_of_windows(&job, &baseline, periods, n_windows as usize).await?;
    if let Some(error) = account::unusable(contract, &account, |_| false) {
        return Err(error);
    }
    let window = |(place, results): (usize, DataQualityResults)| {
        let from = start + place as i64 * every;
        (Window { start: Some(from), end: Some((from + every).min(end)) }, results)
    };
    Ok(Windows { account, windows: results.into_iter().enumerate().map(window).collect() })
}

/// What there is to say of the records, a line each.
pub(super) fn records(contract: &Contract, account: &Account) -> Vec<String> {
    let mut warnings = dataset_warnings::of(account);
    warnings.extend(account::rejected(contract, account, |_| false));
    let n_used = account.dataset.ledger.n_records_used;
    let warnings = account_warnings::before(warnings, contract, account, n_used);
    account.lines().into_iter().chain(warnings.iter().map(Warning::line)).collect()
}

/// Judges every window of the contract's period as a run would.
pub async fn replay(contract: &Contract, session: &Session, every: i64) -> Result<Replay> {
    let Windows { account, windows } = measure(contract, session, every).await?;
    let mut history = None;
    let mut replayed = Vec::with_capacity(windows.len());
    for (window, results) in &windows {
        let alone = results.judge();
        let rule = contract.settings.alarm_rule;
        let over_time = alone.clone().over_time(Vec::new(), rule, (0, (window.start, window.end)), history);
        let tests = alone.tests.as_deref().unwrap_or_default();
        let blind = results.case().map(|case| judge::blind_distances(&case, tests)).unwrap_or_default();
        replayed.push(ReplayedWindow::of(*window, results.statistics.n_rows, &alone, &over_time, blind));
        history = over_time.over_time.map(|over_time| over_time.history);
    }
    Ok(Replay { windows: replayed, records: records(contract, &account) })
}
