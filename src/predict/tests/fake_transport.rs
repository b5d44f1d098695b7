//! Fake transport: answers by a rule, and keeps what was sent.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;

use super::answers;
use super::requests::Row;
use super::templates::json_format;
use crate::error::{Code, Error};
use crate::predict::transport::{Failure, Request, Transport};
use crate::predict::{ContentType, Limits, Model, ModelSettings, RequestFormat, Target};

/// What is answered to the request of this number, from 0, by its body.
type Rule = Box<dyn Fn(usize, &str) -> Result<String, Failure> + Send + Sync>;

pub(super) struct FakeTransport {
    rule: Rule,
    max_bytes: usize,
    pub bodies: Mutex<Vec<String>>,
    n_now: AtomicUsize,
    pub n_most: AtomicUsize,
}

impl FakeTransport {
    pub fn by(rule: impl Fn(usize, &str) -> Result<String, Failure> + Send + Sync + 'static) -> Arc<Self> {
        Self::within(1 << 20, rule)
    }

    pub fn within(
        max_bytes: usize,
        rule: impl Fn(usize, &str) -> Result<String, Failure> + Send + Sync + 'static,
    ) -> Arc<Self> {
        let (bodies, n_now, n_most) = (Mutex::default(), AtomicUsize::new(0), AtomicUsize::new(0));
        Arc::new(Self { rule: Box::new(rule), max_bytes, bodies, n_now, n_most })
    }

    pub fn bodies(&self) -> Vec<String> {
        self.bodies.lock().expect("bodies").clone()
    }

    pub fn n_requests(&self) -> usize {
        self.bodies().len()
    }
}

#[async_trait]
impl Transport for FakeTransport {
    async fn send(&self, request: Request) -> Result<Bytes, Failure> {
        let now = self.n_now.fetch_add(1, Ordering::SeqCst) + 1;
        self.n_most.fetch_max(now, Ordering::SeqCst);
        let body = String::from_utf8(request.body.to_vec()).expect("text");
        let number = {
            let mut bodies = self.bodies.lock().expect("bodies");
            bodies.push(body.clone());
            bodies.len() - 1
        };
        // Others get their turn, so that requests meet.
        for _ in 0..5 {
            tokio::task::yield_now().await;
        }
        let answer = (self.rule)(number, &body);
        self.n_now.fetch_sub(1, Ordering::SeqCst);
        answer.map(Bytes::from)
    }

    fn place(&self) -> String {
        "the stage".to_owned()
    }

    fn max_body_bytes(&self) -> usize {
        self.max_bytes
    }
}

/// A number in each row, and twice that is the score.
pub(super) fn doubled(body: &str) -> String {
    let double = |line: &str| match line.parse::<f64>() {
        Ok(number) => (2.0 * number).to_string(),
        Err(_) => "no number".to_owned(),
    };
    body.lines().map(double).collect::<Vec<_>>().join("\n")
}

pub(super) fn numbers(range: std::ops::Range<u32>) -> Vec<Row> {
    range.map(|number| vec![Some(Arc::from(number.to_string()))]).collect()
}

pub(super) fn settings(limits: Limits) -> ModelSettings {
    ModelSettings {
        target: Target::Http { url: "http://127.0.0.1:1".to_owned() },
        request: RequestFormat { content_type: ContentType::Csv, ..json_format(None, None, &["x"]) },
        answer: answers::format(ContentType::Csv, None, None),
        limits,
    }
}

/// Few rows to a request, and no pause worth mentioning between attempts.
pub(super) fn small_limits() -> Limits {
    Limits { max_predictions: 100_000, concurrency: 3, max_batch_rows: 10, max_attempts: 3, ..Limits::default() }
}

pub(super) fn model(transport: &Arc<FakeTransport>) -> Model {
    model_of(transport, settings(small_limits()))
}

pub(super) fn model_of(transport: &Arc<FakeTransport>, settings: ModelSettings) -> Model {
    let model = Model::with(Arc::clone(transport) as Arc<dyn Transport>, settings);
    model.unwrap_or_else(|error| panic!("{error}")).pausing(Duration::from_micros(10))
}

/// The scores of each row, or why it has none.
pub(super) async fn predict(model: &Model, rows: &[Row]) -> Result<Vec<Result<f64, String>>, Error> {
    let predictions = model.predict(rows).await?;
    let shown = predictions.into_iter().map(|prediction| match prediction {
        Ok(scores) => Ok(scores[0]),
        Err(refusal) => Err(refusal.reason().to_owned()),
    });
    Ok(shown.collect())
}

pub(super) async fn fails(model: &Model, rows: &[Row], code: &Code) -> Error {
    let error = model.predict(rows).await.expect_err(code.title);
    assert_eq!(error.code().code, code.code, "{error}");
    error
}
