//! Format: how the objects of a dataset are written.

use crate::names::capture as key;

/// Which sides of a captured request are analysed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaptureSides {
    /// Keys of `captureData` whose payloads are outputs, in the order of preference.
    pub outputs: Vec<&'static str>,
    /// Keys of `captureData` whose payloads are inputs, in the order of preference.
    pub inputs: Vec<&'static str>,
}

impl CaptureSides {
    /// Whether the job asks for requests and for answers.
    pub fn are_both_asked(&self) -> bool {
        !self.outputs.is_empty() && !self.inputs.is_empty()
    }
}

impl Default for CaptureSides {
    fn default() -> Self {
        Self {
            outputs: vec![key::ENDPOINT_OUTPUT, key::BATCH_TRANSFORM_OUTPUT],
            inputs: vec![key::ENDPOINT_INPUT, key::BATCH_TRANSFORM_INPUT],
        }
    }
}

/// How the objects of a dataset are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Format {
    /// Captured or merged records.
    Capture(CaptureSides),
    /// `None`: each file has to tell whether it has a header.
    Csv {
        header: Option<bool>,
    },
    /// `None`: each file has to tell whether it holds one value a line.
    Json {
        lines: Option<bool>,
    },
    Parquet,
    /// Ground truth: each object is looked at on its own.
    GroundTruth,
}
