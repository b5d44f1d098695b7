//! Lines of data capture and of ground truth, as SageMaker writes and reads them.

use super::hours::Hour;

/// A request and its answer.
pub(super) struct CaptureRecord<'a> {
    pub hour: Hour,
    /// Second of the hour.
    pub second: u32,
    pub event_id: String,
    /// What the caller named the request.
    pub inference_id: Option<&'a str>,
    /// CSV.
    pub request: String,
    /// CSV.
    pub answer: &'a str,
}

impl CaptureRecord<'_> {
    /// The line of the endpoint's data capture, with its end.
    pub fn line(&self) -> String {
        let inference_id = self.inference_id.map(|id| format!(r#""inferenceId":"{id}","#)).unwrap_or_default();
        format!(
            concat!(
                r#"{{"captureData":{{"endpointInput":{{"observedContentType":"text/csv","mode":"INPUT","#,
                r#""data":"{request}","encoding":"CSV"}},"endpointOutput":{{"#,
                r#""observedContentType":"text/csv; charset=utf-8","mode":"OUTPUT","data":"{answer}","encoding":"CSV"}}}},"#,
                r#""eventMetadata":{{"eventId":"{event}",{inference_id}"inferenceTime":"{time}"}},"#,
                r#""eventVersion":"0"}}"#,
                "\n"
            ),
            request = self.request.replace('\n', "\\n"),
            answer = self.answer,
            event = self.event_id,
            inference_id = inference_id,
            time = self.hour.time(self.second),
        )
    }
}

/// The line of ground truth for a request, with its end.
pub(super) fn label(id: &str, is_positive: bool) -> String {
    format!(
        "{{\"groundTruthData\":{{\"data\":\"{}\",\"encoding\":\"CSV\"}},\"eventMetadata\":{{\"eventId\":\"{id}\"}},\"eventVersion\":\"0\"}}\n",
        u8::from(is_positive)
    )
}
