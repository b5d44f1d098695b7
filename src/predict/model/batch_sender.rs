//! Batch sender: retries with backoff, and falls back to single rows where the model refuses a batch.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::batching::Batch;
use super::call_counts::{Counts, Prediction, Refusal};
use crate::error::{self, Code, Error, Result};
use crate::predict::Limits;
use crate::predict::answer::{AnswerReader, Fault};
use crate::predict::request::RequestWriter;
use crate::predict::transport::{Failure, Request, Transport};

/// Pause before the second attempt; before each further one it is twice as long.
pub(super) const FIRST_PAUSE: Duration = Duration::from_millis(200);
/// Longest pause. With five attempts it is not reached.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// Attempts with a single row of a batch that failed as often as it may.
const SINGLE_ATTEMPTS: u32 = 2;
/// Rows of a batch that may fail before any row was ever answered.
const MAX_FAILED: usize = 3;
/// Rows sent singly before it is said that the model refuses too many of them.
const MIN_SINGLES: u64 = 100;

/// What rows became, with their places.
type Answered = Vec<(usize, Prediction)>;

/// Asks one model.
pub(super) struct BatchSender {
    pub transport: Arc<dyn Transport>,
    pub writer: RequestWriter,
    pub reader: AnswerReader,
    /// A request without its body.
    pub request: Request,
    pub limits: Limits,
    pub first_pause: Duration,
    pub permits: Arc<Semaphore>,
    pub counts: Arc<Counts>,
    pub state: Arc<State>,
}

/// What is known about the model by now.
#[derive(Debug, Default)]
pub(super) struct State {
    /// Scores of a row.
    n_outputs: OnceLock<usize>,
    /// Why the job failed. Nothing is asked for after that.
    failure: OnceLock<(&'static Code, String)>,
    /// The smallest body that was answered: sent again to see whether the model still answers.
    probe_body: Mutex<Option<Bytes>>,
    /// Rows that were sent singly, and those of them that were refused.
    n_singles: AtomicU64,
    n_refused: AtomicU64,
}

impl State {
    pub fn n_outputs(&self) -> Option<usize> {
        self.n_outputs.get().copied()
    }
}

/// How a request ended that does not end the job.
enum Reply {
    Answer(Bytes),
    Refused(String),
    /// Each attempt failed for a reason that might have passed.
    Failed(String),
}

/// What became of a row that was sent on its own.
enum Single {
    Answered(Answered),
    Failed(Batch, String),
}

impl BatchSender {
    /// What the rows of a batch become.
    pub async fn ask(&self, batch: Batch) -> Result<Answered> {
        if batch.places.len() == 1 {
            let single = self.ask_single(batch, self.limits.max_attempts).await?;
            return self.judge(single).await;
        }
        let body = batch.body(&self.writer);
        let (cause, max_attempts) = match self.reply(body.clone(), self.limits.max_attempts).await? {
            Reply::Answer(answer) => return self.read(&batch, &body, &answer),
            Reply::Refused(cause) => (cause, self.limits.max_attempts),
            Reply::Failed(cause) => (cause, SINGLE_ATTEMPTS.min(self.limits.max_attempts)),
        };
        if self.counts.fallback() {
            let rows = batch.places.len();
            tracing::warn!(rows, cause, "Fallback to per-record prediction because of model error.");
        }
        self.ask_each(batch, max_attempts).await
    }

    /// What each row of a batch becomes on its own.
    async fn ask_each(&self, batch: Batch, max_attempts: u32) -> Result<Answered> {
        let singles = stream::iter(batch.singles()).map(|single| self.ask_one_of_many(single, max_attempts));
        let mut singles = singles.buffer_unordered(self.limits.concurrency.max(1));
        let (mut answered, mut failed) = (Answered::new(), Vec::new());
        while let Some(single) = singles.try_next().await? {
            match single {
                Single::Answered(predictions) => answered.extend(predictions),
                Single::Failed(..) if failed.len() < MAX_FAILED => failed.push(single),
                Single::Failed(_, cause) => return Err(self.fail(&error::MODEL_UNREACHABLE, cause)),
            }
        }
        for single in failed {
            answered.extend(self.judge(single).await?);
        }
        Ok(answered)
    }

    /// As [`Self::ask_single`]; a row that failed is judged at once, unless no row was ever answered: then the
    /// first answer may be to one of those that follow.
    async fn ask_one_of_many(&self, single: Batch, max_attempts: u32) -> Result<Single> {
        let single = self.ask_single(single, max_attempts).await?;
        if self.probe_body().is_none() { Ok(single) } else { self.judge(single).await.map(Single::Answered) }
    }

    async fn ask_single(&self, single: Batch, max_attempts: u32) -> Result<Single> {
        let body = single.body(&self.writer);
        if body.len() > self.transport.max_body_bytes() {
            return self.refuse(&single, "the row is larger than a request may be").map(Single::Answered);
        }
        match self.reply(body.clone(), max_attempts).await? {
            Reply::Answer(answer) => {
                self.state.n_singles.fetch_add(1, Ordering::Relaxed);
                self.read(&single, &body, &answer).map(Single::Answered)
            }
            Reply::Refused(cause) => self.refuse(&single, &cause).map(Single::Answered),
            Reply::Failed(cause) => Ok(Single::Failed(single, cause)),
        }
    }

    /// A row that the model fails on each time is refused, if the model still answers another one. If not, it is
    /// gone.
    async fn judge(&self, single: Single) -> Result<Answered> {
        match single {
            Single::Answered(predictions) => Ok(predictions),
            Single::Failed(single, cause) if self.still_answers().await => self.refuse(&single, &cause),
            Single::Failed(_, cause) => Err(self.fail(&error::MODEL_UNREACHABLE, cause)),
        }
    }

    fn refuse(&self, single: &Batch, cause: &str) -> Result<Answered> {
        let n_singles = self.state.n_singles.fetch_add(1, Ordering::Relaxed) + 1;
        let n_refused = self.state.n_refused.fetch_add(1, Ordering::Relaxed) + 1;
        if n_refused == 1 {
            tracing::warn!(cause, "the model refuses a row");
        }
        if n_singles >= MIN_SINGLES && 2 * n_refused > n_singles {
            let cause = format!("{n_refused} of {n_singles} rows sent singly were refused, the last because {cause}");
            return Err(self.fail(&error::MODEL_REFUSES, cause));
        }
        let refusal = Refusal::new(cause);
        Ok(single.places.iter().map(|place| (*place, Err(refusal.clone()))).collect())
    }

    fn read(&self, batch: &Batch, body: &Bytes, answer: &[u8]) -> Result<Answered> {
        let scores = self.reader.read(answer, batch.places.len()).map_err(|fault| self.fault(fault))?;
        let n_scores = scores.first().map_or(0, Vec::len);
        let n_before = *self.state.n_outputs.get_or_init(|| n_scores);
        if n_before != n_scores {
            let fault = Fault::Shape(format!("a row has {n_scores} scores, rows before had {n_before}"));
            return Err(self.fault(fault.of_answer(answer)));
        }
        let mut probe_body = self.state.probe_body.lock().unwrap_or_else(PoisonError::into_inner);
        if probe_body.as_ref().is_none_or(|known| body.len() < known.len()) {
            *probe_body = Some(body.clone());
        }
        Ok(batch.places.iter().copied().zip(scores.into_iter().map(|scores| Ok(scores.into()))).collect())
    }

    fn fault(&self, fault: Fault) -> Error {
        match fault {
            Fault::Shape(cause) => self.fail(&error::ANSWER_SHAPE, cause),
            Fault::NotNumeric(cause) => self.fail(&error::ANSWER_NOT_NUMERIC, cause),
        }
    }

    /// Ends the job; the first reason counts.
    fn fail(&self, code: &'static Code, cause: String) -> Error {
        let (code, cause) = self.state.failure.get_or_init(|| (code, cause));
        Error::new(code, self.transport.place(), cause)
    }

    /// An error, if the job has failed.
    fn go_on(&self) -> Result<()> {
        let failure = self.state.failure.get();
        failure.map_or(Ok(()), |(code, cause)| Err(Error::new(code, self.transport.place(), cause)))
    }

    fn probe_body(&self) -> Option<Bytes> {
        self.state.probe_body.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether what was answered before still is.
    async fn still_answers(&self) -> bool {
        let Some(body) = self.probe_body() else { return false };
        matches!(self.reply(body, 1).await, Ok(Reply::Answer(_)))
    }

    /// Sends a body until it is answered or refused, or failed as often as it may. That the model takes too long
    /// each time, or lets nobody in, ends the job.
    async fn reply(&self, body: Bytes, max_attempts: u32) -> Result<Reply> {
        let mut attempt = 1;
        loop {
            let (number, outcome) = self.send(body.clone()).await?;
            match outcome {
                Ok(answer) => return Ok(Reply::Answer(answer)),
                Err(Failure::Refused(cause)) => return Ok(Reply::Refused(cause)),
                Err(Failure::Denied(cause)) => return Err(self.fail(&error::MODEL_UNREACHABLE, cause)),
                Err(Failure::Unreachable(cause)) if attempt >= max_attempts => return Ok(Reply::Failed(cause)),
                Err(Failure::TimedOut) if attempt >= max_attempts => {
                    let seconds = self.limits.timeout.as_secs_f64();
                    let cause = format!("no answer within {seconds} s, {attempt} times");
                    return Err(self.fail(&error::MODEL_TIMEOUT, cause));
                }
                Err(Failure::Unreachable(_) | Failure::TimedOut) => {}
            }
            tokio::time::sleep(pause(self.first_pause, attempt, number)).await;
            self.counts.retry();
            attempt += 1;
        }
    }

    /// Sends a body once, when there is room for it; with the request's number. It is a task of its own, so that
    /// room is given back though nobody waits for the answer just then.
    async fn send(&self, body: Bytes) -> Result<(u64, std::result::Result<Bytes, Failure>)> {
        let (transport, permits) = (Arc::clone(&self.transport), Arc::clone(&self.permits));
        let (counts, state) = (Arc::clone(&self.counts), Arc::clone(&self.state));
        let request = Request { body, ..self.request.clone() };
        let mut task = JoinSet::new();
        task.spawn(async move {
            let _permit = permits.acquire_owned().await;
            if state.failure.get().is_some() {
                return None;
            }
            let number = counts.request();
            Some((number, transport.send(request).await))
        });
        let sent =
            task.join_next().await.transpose().map_err(|error| self.fail(&error::INTERNAL, error.to_string()))?;
        self.go_on()?;
        sent.flatten().ok_or_else(|| self.fail(&error::INTERNAL, "a request was not sent".to_owned()))
    }
}

/// How long to wait after an attempt, from 1: twice as long each time, and by the request's number between half
/// of that and all, so that requests that failed together do not come back together.
fn pause(first: Duration, attempt: u32, number: u64) -> Duration {
    let whole = first.saturating_mul(1 << (attempt - 1).min(16)).min(LONGEST_PAUSE);
    // The golden ratio spreads whole numbers evenly (Knuth, The Art of Computer Programming 3, section 6.4).
    let share = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
    whole.mul_f64(0.5 + 0.5 * share as f64 / f64::from(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_limit_and_differ() {
        let second = Duration::from_secs(1);
        for number in 0..100 {
            for (attempt, most) in [(1, 1), (2, 2), (3, 4), (4, 8), (5, 10), (u32::MAX, 10)] {
                let pause = pause(second, attempt, number);
                assert!(pause >= second * most / 2 && pause <= second * most, "{attempt} {number} {pause:?}");
            }
            assert_ne!(pause(second, 1, number), pause(second, 1, number + 1));
        }
    }
}
