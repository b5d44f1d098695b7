//! Opening of a model: from settings to a client.

use std::sync::{Arc, Mutex};
#[cfg(test)]
use std::time::Duration;

use bytes::Bytes;
use hyper::header::HeaderValue;
use tokio::sync::Semaphore;

use super::batch_sender::{BatchSender, FIRST_PAUSE};
use super::client::Model;
use super::prediction_cache::{MAX_BYTES, PredictionCache};
use crate::error::{self, Error, Result};
use crate::predict::answer::AnswerReader;
use crate::predict::http::HttpModel;
use crate::predict::request::RequestWriter;
use crate::predict::sagemaker::endpoint;
use crate::predict::transport::{Request, Transport};
use crate::predict::{ModelSettings, SageMaker, ShadowEndpoints, Target};

/// Longest value of custom attributes in characters (InvokeEndpoint's request syntax).
const MAX_CUSTOM_ATTRIBUTES: usize = 1_024;

impl Model {
    /// Connects to a model; one with an address is waited for until it is ready. An endpoint that is made for it
    /// is registered in `shadows`, which deletes it.
    pub async fn open(settings: ModelSettings, shadows: &ShadowEndpoints) -> Result<Self> {
        // What is wrong with the settings is said before anybody waits.
        let parts = Parts::of(&settings)?;
        let transport: Arc<dyn Transport> = match &settings.target {
            Target::Http { url } => Arc::new(HttpModel::open(url, &settings.limits).await?),
            Target::Endpoint { name, target_model } => {
                endpoint(name, target_model.as_deref(), &settings.limits, &SageMaker::shared().await?)?
            }
            Target::Shadow(shadow) => {
                let sagemaker = SageMaker::shared().await?;
                let name = shadows.open(shadow, &sagemaker).await?;
                endpoint(&name, shadow.target_model.as_deref(), &settings.limits, &sagemaker)?
            }
        };
        Ok(parts.model(transport, settings))
    }

    /// A model behind this transport.
    #[cfg(test)]
    pub(in crate::predict) fn with(transport: Arc<dyn Transport>, settings: ModelSettings) -> Result<Self> {
        Ok(Parts::of(&settings)?.model(transport, settings))
    }

    /// With another pause before the second attempt.
    #[cfg(test)]
    pub(in crate::predict) fn pausing(mut self, first_pause: Duration) -> Self {
        self.sender.first_pause = first_pause;
        self
    }
}

/// What is made of settings alone.
struct Parts {
    writer: RequestWriter,
    reader: AnswerReader,
    request: Request,
}

impl Parts {
    fn of(settings: &ModelSettings) -> Result<Self> {
        let custom_attributes = settings.request.custom_attributes.clone();
        if let Some(text) = &custom_attributes
            && (text.len() > MAX_CUSTOM_ATTRIBUTES || HeaderValue::from_str(text).is_err() || !text.is_ascii())
        {
            let cause = format!("it must be at most {MAX_CUSTOM_ATTRIBUTES} visible ASCII characters");
            return Err(Error::new(&error::ANALYSIS_CONFIG_INVALID, "predictor.custom_attributes", cause));
        }
        Ok(Self {
            writer: RequestWriter::new(&settings.request)?,
            reader: AnswerReader::new(&settings.answer)?,
            request: Request {
                body: Bytes::new(),
                content_type: settings.request.content_type,
                accept: settings.answer.accept,
                custom_attributes,
            },
        })
    }

    fn model(self, transport: Arc<dyn Transport>, settings: ModelSettings) -> Model {
        let sender = BatchSender {
            transport,
            writer: self.writer,
            reader: self.reader,
            request: self.request,
            permits: Arc::new(Semaphore::new(settings.limits.concurrency.clamp(1, Semaphore::MAX_PERMITS))),
            limits: settings.limits,
            first_pause: FIRST_PAUSE,
            counts: Arc::default(),
            state: Arc::default(),
        };
        Model {
            sender,
            cache: Mutex::new(PredictionCache::up_to(MAX_BYTES)),
            label_headers: settings.answer.label_headers,
        }
    }
}
