//! Model client: scores for rows, through the cache or the model.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use futures::{StreamExt, TryStreamExt, stream};

use super::batch_sender::BatchSender;
use super::batching::Batches;
use super::call_counts::{Calls, Prediction};
use super::prediction_cache::{Key, PredictionCache};
use crate::error::{self, Error, Result};
use crate::names::analysis;

/// A model that can be asked, by several at once.
///
/// Rows go in batches. What the model answered before is not asked again; what it refuses in a batch is sent row
/// by row. Once it fails, or answers something else than scores, all calls end with that error, and those to come.
pub struct Model {
    pub(super) sender: BatchSender,
    pub(super) cache: Mutex<PredictionCache>,
    pub(super) label_headers: Vec<String>,
}

impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Model").field("place", &self.place()).field("calls", &self.calls()).finish_non_exhaustive()
    }
}

impl Model {
    /// The scores of each row, in the order of the rows. A row has a cell for each of the features that the request
    /// is written of.
    pub async fn predict(&self, rows: &[Vec<Option<Arc<str>>>]) -> Result<Vec<Prediction>> {
        let n_features = self.sender.writer.n_features();
        if let Some(row) = rows.iter().find(|row| row.len() != n_features) {
            return Err(self.defect(format!("a row of {} cells for {n_features} features", row.len())));
        }
        self.sender.counts.wanted(rows.len() as u64);
        let keys: Vec<Key> = rows.iter().map(|row| Key::of(row)).collect();
        let (mut found, unknown) = self.look_up(&keys);
        self.ask(rows, &keys, unknown, &mut found).await?;
        let prediction = |key| found.get(key).cloned().ok_or_else(|| self.defect("a row was not answered".to_owned()));
        keys.iter().map(prediction).collect()
    }

    /// What is cache of rows, and where each of the others stands for the first time.
    fn look_up(&self, keys: &[Key]) -> (HashMap<Key, Prediction>, Vec<usize>) {
        let mut found = HashMap::new();
        let mut unknown = HashSet::new();
        let mut places = Vec::new();
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        for (place, key) in keys.iter().enumerate() {
            if found.contains_key(key) || unknown.contains(key) {
                continue;
            }
            if let Some(prediction) = cache.get(*key) {
                found.insert(*key, prediction);
            } else {
                unknown.insert(*key);
                places.push(place);
            }
        }
        (found, places)
    }

    /// Sends the rows at `places`; their predictions are cache, and added to those that were found.
    async fn ask(
        &self,
        rows: &[Vec<Option<Arc<str>>>],
        keys: &[Key],
        places: Vec<usize>,
        found: &mut HashMap<Key, Prediction>,
    ) -> Result<()> {
        if places.is_empty() {
            return Ok(());
        }
        let sender = &self.sender;
        let budget = sender.limits.max_predictions;
        sender.counts.reserve(places.len() as u64, budget).map_err(|n_left| {
            let cause = format!("{} more rows to be sent, and {n_left} of {budget} are left", places.len());
            Error::new(&error::TOO_MANY_PREDICTIONS, sender.transport.place(), cause)
        })?;
        let batches = Batches {
            writer: &sender.writer,
            rows,
            places: places.into_iter(),
            max_rows: sender.limits.max_batch_rows,
            max_bytes: sender.transport.max_body_bytes(),
            waiting: None,
        };
        let answered = stream::iter(batches).map(|batch| sender.ask(batch));
        let mut answered = answered.buffer_unordered(sender.limits.concurrency.max(1));
        while let Some(predictions) = answered.try_next().await? {
            let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
            for (place, prediction) in predictions {
                cache.insert(keys[place], prediction.clone());
                found.insert(keys[place], prediction);
            }
        }
        Ok(())
    }

    fn defect(&self, cause: String) -> Error {
        Error::new(&error::INTERNAL, self.sender.transport.place(), cause)
    }

    pub fn calls(&self) -> Calls {
        self.sender.counts.calls()
    }

    /// The names of the outputs, in the order of a row's scores; `None` until it is known how many there are.
    pub fn outputs(&self) -> Option<Vec<String>> {
        if !self.label_headers.is_empty() {
            return Some(self.label_headers.clone());
        }
        let n_outputs = self.sender.state.n_outputs()?;
        Some((0..n_outputs).map(|output| format!("{}{output}", analysis::LABEL)).collect())
    }

    /// What the model is reached through, for people.
    pub fn place(&self) -> String {
        self.sender.transport.place()
    }
}
