//! A limit of the size of answers, which clients of AWS read as a whole.

use aws_sdk_sagemakerruntime::config::interceptors::BeforeDeserializationInterceptorContextMut;
use aws_sdk_sagemakerruntime::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_sagemakerruntime::error::BoxError;
use aws_smithy_types::body::SdkBody;
use http_body_util::Limited;

/// Ends the reading of an answer that is too large.
#[derive(Debug)]
pub(super) struct AnswerLimit {
    pub max_bytes: usize,
}

impl Intercept for AnswerLimit {
    fn name(&self) -> &'static str {
        "AnswerLimit"
    }

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let body = context.response_mut().body_mut();
        let unlimited = std::mem::replace(body, SdkBody::taken());
        *body = SdkBody::from_body_1_x(Limited::new(unlimited, self.max_bytes));
        Ok(())
    }
}
