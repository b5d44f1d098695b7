//! Error of an AWS service: code and message of an answer in AWS's JSON protocols.

use std::fmt;

use aws_smithy_runtime_api::http::Headers;
use serde_json::Value;

use crate::names::aws_json;

/// What a service answered in place of a result. Nothing is known where the answer is not of its protocol.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ServiceError {
    pub code: Option<String>,
    pub message: Option<String>,
    /// HTTP status of the model's container, which stands behind the service.
    pub original_status: Option<i64>,
    /// What the container said.
    pub original_message: Option<String>,
}

impl ServiceError {
    pub fn read(headers: &Headers, body: &[u8]) -> Self {
        let fields = match serde_json::from_slice(body) {
            Ok(fields) => fields,
            Err(_) if body.is_empty() => Value::Null,
            Err(_) => return Self::default(),
        };
        let text = |names: &[&str]| names.iter().find_map(|name| fields.get(name)?.as_str()).map(str::to_owned);
        let code = headers.get(aws_json::ERROR_TYPE_HEADER).map(str::to_owned).or_else(|| text(&aws_json::CODE_KEYS));
        Self {
            code: code.map(|code| bare(&code).to_owned()),
            message: text(&aws_json::MESSAGE_KEYS),
            original_status: fields.get(aws_json::ORIGINAL_STATUS_KEY).and_then(Value::as_i64),
            original_message: text(&[aws_json::ORIGINAL_MESSAGE_KEY]),
        }
    }
}

/// A code without the namespace before it and the address behind it (AWS JSON 1.1 protocol: operation error
/// serialization).
fn bare(code: &str) -> &str {
    let code = code.split(':').next().unwrap_or(code);
    code.split_once('#').map_or(code, |(_, name)| name)
}

impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.as_deref().unwrap_or("an error without a code"))
    }
}

impl std::error::Error for ServiceError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_from_header_and_body_without_their_decoration() {
        let of_body = |body: &str| ServiceError::read(&Headers::new(), body.as_bytes());
        let cases = [
            (r#"{"__type": "ns#Throttling", "message": "slow"}"#, Some("Throttling"), Some("slow")),
            (r#"{"code": "A:http://x", "__type": "B", "Message": "m"}"#, Some("A"), Some("m")),
            (r#"{"__type": 7}"#, None, None),
            ("[]", None, None),
            ("", None, None),
            ("<html>", None, None),
        ];
        for (body, code, message) in cases {
            let error = of_body(body);
            assert_eq!((error.code.as_deref(), error.message.as_deref()), (code, message), "{body}");
        }
        let mut headers = Headers::new();
        headers.insert("x-amzn-errortype", "Named:http://internal/");
        let error = ServiceError::read(&headers, br#"{"code": "Other"}"#);
        assert_eq!(error.code.as_deref(), Some("Named"));
        assert_eq!(ServiceError::read(&headers, b"").code.as_deref(), Some("Named"));
        assert_eq!(ServiceError::read(&headers, b"<html>"), ServiceError::default());
    }
}
