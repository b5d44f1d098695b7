//! Remedies: what to do about rejected records, by the reason and the monitor that rejects them.

use crate::decode::reason::Reason;
use crate::names::Monitor;

impl Reason {
    /// What to do, as sentences. `None` where the record is at no fault, and where records of the monitor are not
    /// rejected so.
    pub fn remedy(self, monitor: Monitor) -> Option<&'static str> {
        use Monitor::{Attribution, Bias, DataQuality, Merge, ModelQuality};
        Some(match (self, monitor) {
            (Self::OutsideWindow | Self::FilteredOut, _) => return None,
            (Self::InvalidUtf8, _) => "Write the files as UTF-8 text.",
            (Self::Utf16, _) => {
                "Convert the file: iconv -f UTF-16 -t UTF-8 FILE, or encoding='utf-8' where it is written."
            }
            (Self::ForeignFormat, _) => {
                "Parquet files need dataset_format {\"parquet\":{}}. Write the rows of other files as CSV, JSON Lines or \
                 Parquet, and unpack archives: gzip alone is read, and once."
            }
            (Self::InvalidJson, _) => {
                "Look at the line: what stands there must be one JSON value, whole and alone; or correct dataset_format."
            }
            (Self::TooDeep, _) => "Send JSON that is nested less deeply.",
            (Self::DuplicateKey, _) => "Give every key of an object, and every column of a record, a name of its own.",
            (Self::LoneSurrogate, _) => "Write texts as UTF-8, or escape both halves of a surrogate pair.",
            (Self::NotACapture, _) => {
                "Point dataset_source at the captures, or set dataset_format to what the files are."
            }
            (Self::InvalidTime, _) => "Write inferenceTime as 2026-01-31T08:00:00Z.",
            (Self::RecordTooLarge, _) => {
                "Send fewer rows and cells in a request; a record may take a sixteenth of --memory-limit, 32 MB at most."
            }
            (Self::TooManyColumns, _) => {
                "Each key, and each element of a list, is a column: send keys that are names and lists of one length."
            }
            (Self::InconsistentTensors, _) => {
                "Send tensors of the same first dimension, with as many values as their shapes say."
            }
            (Self::NameTooLong, _) => "Give columns and keys shorter names.",
            (Self::IdTooLong, _) => "Send shorter ids.",
            (Self::UnterminatedQuote, _) => "Close the quote; inside a quoted cell quotes are doubled.",
            (Self::Truncated | Self::Corrupt | Self::Vanished | Self::ZeroBytes, _) => {
                "Write the file again, and whole, before a job reads it."
            }
            (Self::NoHeader, _) => "Mend the first line of the table, or say in dataset_format that it has no header.",
            (Self::NoInferenceId, _) => "Have the batch transform generate inference ids (GenerateInferenceId).",

            (Self::NoPayload, DataQuality | ModelQuality) => {
                "Name sides that have data in captureIndexNames, or have the endpoint capture the others (CaptureOptions)."
            }
            (Self::NoPayload, Bias | Attribution) => {
                "Have the endpoint capture requests and answers (CaptureOptions); features are read in requests."
            }
            (Self::BinaryPayload | Self::UnknownEncoding, DataQuality | ModelQuality) => {
                "Ask for the other side with captureIndexNames, or have text, JSON, NPY or Parquet sent."
            }
            (Self::BinaryPayload | Self::UnknownEncoding, Bias | Attribution) => {
                "Have text, JSON, NPY or Parquet sent; binary payloads are captured in BASE64."
            }
            (Self::InvalidBase64 | Self::InvalidPayload, DataQuality | ModelQuality | Bias | Attribution) => {
                "Have payloads sent whole, and captured as what they are: name their content type among \
                 CsvContentTypes or JsonContentTypes of the capture's configuration."
            }
            (Self::RowCountMismatch, DataQuality) => {
                "Send lists of one length where each element is a row's, or ask for one side with captureIndexNames."
            }
            (Self::RowCountMismatch, ModelQuality) => {
                "Point inference_attribute or probability_attribute, as JMESPath, at the list that has an element for \
                 each row; send one label for each row."
            }
            (Self::RowCountMismatch, Bias) => {
                "Point inference_attribute or probability_attribute, or features in analysis_config.json, as JMESPath, \
                 at the list that has an element for each row; send one label for each row."
            }
            (Self::RowCountMismatch, Attribution) => {
                "Point features in analysis_config.json, as JMESPath, at the list that has an element for each row."
            }
            (Self::ScoreCountMismatch, ModelQuality) => {
                "Name as many classes in --class-labels as there are scores, or point probability_attribute at one \
                 score by its position."
            }
            (Self::ScoreCountMismatch, Bias | Attribution) => {
                "Point probability_attribute at one score by its position."
            }
            (Self::LabelNotFound, ModelQuality | Bias | Attribution | Merge) => {
                "Say by ground_truth_attribute where the label is: a name, a position, or JMESPath."
            }
            (Self::IdNotFound, ModelQuality | Bias | Merge) => {
                "Name the column of ids with --ground-truth-id, and the character between cells, where it is no comma, \
                 with --ground-truth-delimiter."
            }
            (Self::FeaturesNotFound, Bias | Attribution) => {
                "Point features in analysis_config.json at what holds them; the output of a batch transform must be \
                 joined with its input."
            }
            (Self::AttributionsNotFound, Attribution) => {
                "Have the endpoint explain its answers (ExplainerConfig), or say where the model is, by predictor in \
                 analysis_config.json or by --model-url."
            }
            (Self::InvalidAttributions, Attribution) => {
                "Answers must hold explanations.kernel_shap as an endpoint with an ExplainerConfig writes it."
            }
            (Self::TextAttributions, Attribution) => "Leave TextConfig out of the endpoint's ExplainerConfig.",

            (
                Self::NoPayload
                | Self::BinaryPayload
                | Self::UnknownEncoding
                | Self::InvalidBase64
                | Self::InvalidPayload
                | Self::RowCountMismatch
                | Self::ScoreCountMismatch
                | Self::LabelNotFound
                | Self::IdNotFound
                | Self::FeaturesNotFound
                | Self::AttributionsNotFound
                | Self::InvalidAttributions
                | Self::TextAttributions,
                _,
            ) => return None,
        })
    }
}
