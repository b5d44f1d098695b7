//! Rows in, scores out.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use futures::{StreamExt, TryStreamExt, stream};

use super::asker::Asker;
use super::batches::Batches;
use super::counts::{Calls, Prediction};
use super::remembered::{Key, Remembered};
use crate::error::{self, Error, Result};
use crate::names::analysis;

/// A model that can be asked, by several at once.
///
/// Rows go in batches. What the model answered before is not asked again; what it refuses in a batch is sent row
/// by row. Once it fails, or answers something else than scores, all calls end with that error, and those to come.
pub struct Model {
    pub(super) asker: Asker,
    pub(super) remembered: Mutex<Remembered>,
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
        let n_features = self.asker.writer.n_features();
        if let Some(row) = rows.iter().find(|row| row.len() != n_features) {
            return Err(self.defect(format!("a row of {} cells for {n_features} features", row.len())));
        }
        self.asker.counts.wanted(rows.len() as u64);
        let keys: Vec<Key> = rows.iter().map(|row| Key::of(row)).collect();
        let (mut found, unknown) = self.look_up(&keys);
        self.ask(rows, &keys, unknown, &mut found).await?;
        let prediction = |key| found.get(key).cloned().ok_or_else(|| self.defect("a row was not answered".to_owned()));
        keys.iter().map(prediction).collect()
    }

    /// What is remembered of rows, and where each of the others stands for the first time.
    fn look_up(&self, keys: &[Key]) -> (HashMap<Key, Prediction>, Vec<usize>) {
        let mut found = HashMap::new();
        let mut unknown = HashSet::new();
        let mut places = Vec::new();
        let mut remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        for (place, key) in keys.iter().enumerate() {
            if found.contains_key(key) || unknown.contains(key) {
                continue;
            }
            if let Some(prediction) = remembered.get(*key) {
                found.insert(*key, prediction);
            } else {
                unknown.insert(*key);
                places.push(place);
            }
        }
        (found, places)
    }

    /// Sends the rows at `places`; their predictions are remembered, and added to those that were found.
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
        let asker = &self.asker;
        let budget = asker.limits.max_predictions;
        asker.counts.reserve(places.len() as u64, budget).map_err(|n_left| {
            let cause = format!("{} more rows to be sent, and {n_left} of {budget} are left", places.len());
            Error::new(&error::TOO_MANY_PREDICTIONS, asker.transport.place(), cause)
        })?;
        let batches = Batches {
            writer: &asker.writer,
            rows,
            places: places.into_iter(),
            max_rows: asker.limits.max_batch_rows,
            max_bytes: asker.transport.max_body_bytes(),
            waiting: None,
        };
        let answered = stream::iter(batches).map(|batch| asker.ask(batch));
        let mut answered = answered.buffer_unordered(asker.limits.concurrency.max(1));
        while let Some(predictions) = answered.try_next().await? {
            let mut remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
            for (place, prediction) in predictions {
                remembered.insert(keys[place], prediction.clone());
                found.insert(keys[place], prediction);
            }
        }
        Ok(())
    }

    fn defect(&self, cause: String) -> Error {
        Error::new(&error::INTERNAL, self.asker.transport.place(), cause)
    }

    pub fn calls(&self) -> Calls {
        self.asker.counts.calls()
    }

    /// The names of the outputs, in the order of a row's scores; `None` until it is known how many there are.
    pub fn outputs(&self) -> Option<Vec<String>> {
        if !self.label_headers.is_empty() {
            return Some(self.label_headers.clone());
        }
        let n_outputs = self.asker.state.n_outputs()?;
        Some((0..n_outputs).map(|output| format!("{}{output}", analysis::LABEL)).collect())
    }

    /// What the model is reached through, for people.
    pub fn place(&self) -> String {
        self.asker.transport.place()
    }
}
