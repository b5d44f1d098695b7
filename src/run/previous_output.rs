//! What the windows before this one left in their outputs, and what is said of it.

use bytes::Bytes;
use futures::TryStreamExt;

use super::baseline;
use super::warning::warning;
use crate::contract::Contract;
use crate::error::{self, Error, Result};
use crate::judge::{AlarmRule, Continuation, History, OverTime};
use crate::names::{Monitor, file};
use crate::report::Warning;
use crate::sketch::text_hash;
use crate::store::{Entry, Location, Store};
use crate::wire;

/// Largest file that is read: 5,000 columns with 6 tests each take 6 MB.
const MAX_BYTES: u64 = 256 << 20;

/// A file may have one part of so many of the memory limit: it is there twice, and what it says once more.
const PARTS_OF_MEMORY: u64 = 8;

/// Most files that are looked at, from the latest on.
const MAX_FILES: usize = 100;

/// What is known of the windows before this one.
pub(super) struct Previous {
    /// The hash of the baseline's files.
    pub baseline: u64,
    /// `None` where no earlier window left anything.
    pub history: Option<History>,
}

/// What is known of the windows before this one; `None` where the job does not ask.
pub(super) async fn read(contract: &Contract, monitor: Monitor) -> Result<Option<Previous>> {
    if contract.previous_output.is_none() && contract.settings.alarm_rule != AlarmRule::default() {
        let cause = "it is about the windows before this one: set previous-output, too";
        return Err(Error::new(&error::VARIABLE_INVALID, "alarm-rule", cause));
    }
    let Some(place) = contract.previous_output.as_ref().filter(|_| contract.monitors()) else { return Ok(None) };
    let baseline = hash_of_baseline(contract).await?;
    Ok(Some(Previous { baseline, history: latest(contract, place, monitor).await? }))
}

/// The history of the last window that began before this one; else of the last one that there is. Folders with the
/// date in their names, as SageMaker makes them, are in the order of time.
async fn latest(contract: &Contract, place: &Location, monitor: Monitor) -> Result<Option<History>> {
    if matches!(place, Location::Local(path) if !path.exists()) {
        return Ok(None);
    }
    let store = Store::open(place).await?;
    let mut files = store.list().await?.entries;
    files.retain(|entry| entry.name.rsplit('/').next() == Some(file::STATE));
    files.sort_by(|a, b| b.name.cmp(&a.name));
    let max_bytes = MAX_BYTES.min(contract.settings.memory_limit as u64 / PARTS_OF_MEMORY);
    let mut last = None;
    for entry in files.iter().take(MAX_FILES) {
        let place = format!("{place} {}", entry.name);
        let bytes =
            whole(&store, entry, max_bytes).await.map_err(|cause| Error::new(&error::STATE_INVALID, &place, cause))?;
        let history = wire::state::read(&bytes, monitor);
        let history = history.map_err(|cause| Error::new(&error::STATE_INVALID, &place, cause))?;
        let Some(history) = history else { continue };
        if !history.has_counted((contract.window.start, contract.window.end)) {
            return Ok(Some(history));
        }
        last = last.or(Some(history));
    }
    Ok(last)
}

async fn whole(store: &Store, entry: &Entry, max_bytes: u64) -> std::result::Result<Bytes, String> {
    if entry.size > max_bytes {
        return Err(format!("it is larger than {max_bytes} bytes"));
    }
    let blocks = store.read(entry).await.map_err(|cause| cause.to_string())?;
    let blocks: Vec<Bytes> = blocks.try_collect().await.map_err(|cause| cause.to_string())?;
    Ok(blocks.concat().into())
}

async fn hash_of_baseline(contract: &Contract) -> Result<u64> {
    let mut hashes = String::new();
    for place in [&contract.baseline_statistics, &contract.baseline_constraints] {
        let hash = baseline::read(place.as_ref(), |bytes| Ok(text_hash(&String::from_utf8_lossy(bytes)))).await?;
        hashes.push_str(&format!("{:016x}", hash.unwrap_or_default()));
    }
    Ok(text_hash(&hashes))
}

/// What is to be said of how this window continues those before it.
pub(super) fn warning_of(contract: &Contract, over_time: Option<&OverTime>) -> Option<Warning> {
    let (place, over_time) = (contract.previous_output.as_ref()?, over_time?);
    match over_time.continuation {
        Continuation::Continued => None,
        Continuation::Started => Some(warning(&error::NO_EARLIER_WINDOW, format!("none is in {place}"))),
        Continuation::OtherBaseline => {
            Some(warning(&error::OTHER_BASELINE, format!("the last window in {place} has another one")))
        }
        Continuation::NotLater => {
            let n = over_time.history.n_windows;
            Some(warning(&error::WINDOW_NOT_LATER, format!("{n} windows are counted in {place}")))
        }
    }
}
