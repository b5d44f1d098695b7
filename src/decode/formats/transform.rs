//! Batch transform output whose rows have ids: comma-separated rows end in the id and the transform's start
//! time, JSON objects hold them under keys of their own.

use std::sync::Arc;

use crate::decode::batch::builder::{BatchBuilder, RecordMark};
use crate::decode::batch::record_format::RecordFormat;
use crate::decode::batch::staged::StagedRows;
use crate::decode::extract::features::{Features, read_instances};
use crate::decode::extract::lookup::Answers;
use crate::decode::extract::outcome_rows::{Beside, FixedRows, Found, Places, answers, checked_id, settle};
use crate::decode::formats::description::{self, counted};
use crate::decode::formats::record::name_of;
use crate::decode::payload::Content;
use crate::decode::reason::Reason;
use crate::decode::rows::reading::ReadPayload;
use crate::decode::settings::decoding::Settings;
use crate::decode::settings::positions::Positions;
use crate::decode::settings::rows::Rows;
use crate::decode::text::csv::{self, Cell};
use crate::decode::text::json::{Node, Reader, Value, json_string, members};
use crate::decode::text::time::{self, Window};
use crate::names::{capture as key, encoding, transform};

/// Decodes the rows of a transform, from either format.
pub struct TransformFormat {
    as_text: bool,
    /// Between the cells of a table's rows; the transform's answers are kept with commas.
    delimiter: u8,
    window: Window,
    answers: Answers,
    places: Places,
    features: Option<Features>,
    rows: StagedRows,
    /// Paths of lists beside an envelope's rows that have no element for each of them.
    fixed_lists: Arc<[String]>,
    /// Of the record in the making, as far as it was read.
    id: String,
}

impl TransformFormat {
    pub fn new(settings: &Settings, fixed_lists: Arc<[String]>) -> Self {
        let (answers, places) =
            answers(&settings.rows.attributes(), false, settings.names.clone(), Positions::default());
        Self {
            as_text: settings.rows == Rows::CaptureRecords,
            delimiter: settings.delimiter,
            window: settings.window,
            answers,
            places,
            features: Features::of(&settings.rows, false),
            rows: StagedRows::default(),
            fixed_lists,
            id: String::new(),
        }
    }

    /// Takes a row of comma-separated values.
    pub fn csv_row(&mut self, builder: &mut BatchBuilder, mut mark: RecordMark, text: &str, cells: &[Cell]) {
        self.rows.clear();
        let staged = self.stage_csv(builder, &mut mark, text, cells);
        self.settle(builder, mark, staged, |_| Some(format!("the row has {}", counted(cells.len(), "cell"))));
    }

    fn stage_csv(
        &mut self,
        builder: &mut BatchBuilder,
        mark: &mut RecordMark,
        text: &str,
        cells: &[Cell],
    ) -> Result<(), Reason> {
        let [data @ .., id, time] = cells else { return Err(Reason::NoInferenceId) };
        let id = id.unless_empty(text).filter(|id| !id.trim().is_empty()).ok_or(Reason::NoInferenceId)?;
        self.id.clear();
        self.id.push_str(&id);
        mark.time = time.unless_empty(text).and_then(|time| time::parse(time.trim()));
        self.check_time(mark.time.ok_or(Reason::NoInferenceId)?)?;
        if self.delimiter != csv::COMMA || data.iter().any(Cell::is_escaped) {
            return self.stage(builder, &id, csv::with_commas(text, data).trim(), encoding::CSV);
        }
        let data = match data {
            [first, .., last] => &text[first.start..last.end],
            [only] => &text[only.start..only.end],
            [] => "",
        };
        self.stage(builder, &id, data.trim(), encoding::CSV)
    }

    fn stage_json(&mut self, builder: &mut BatchBuilder, mark: &mut RecordMark, text: &str) -> Result<(), Reason> {
        let mut tape: Vec<Node<'_>> = Vec::new();
        let mut reader = Reader::over(text);
        if !reader.read(&mut tape)? {
            return Err(Reason::InvalidJson);
        }
        if !text[reader.position()..].trim().is_empty() {
            return Err(Reason::InvalidJson);
        }
        let root = Value::at(&tape, 0);
        let mut id = String::new();
        let has_id = match root.get(transform::INFERENCE_ID) {
            Some(value) => name_of(value, &mut id)?,
            None => false,
        };
        if !has_id {
            return Err(Reason::NoInferenceId);
        }
        self.id.clone_from(&id);
        if let Some(value) = root.get(transform::INFERENCE_TIME).filter(|value| value.node() != Node::Null) {
            let time = value.text().filter(|text| !text.escaped).and_then(|text| time::parse(text.raw));
            mark.time = Some(time.ok_or(Reason::InvalidTime)?);
            self.check_time(time.unwrap_or_default())?;
        }
        let is_added = |name: &str| [transform::INFERENCE_ID, transform::INFERENCE_TIME].contains(&name);
        let kept = members(text).into_iter().filter(|(name, _)| !is_added(name));
        let kept: Vec<String> = kept.map(|(name, value)| format!("\"{name}\":{value}")).collect();
        self.stage(builder, &id, &format!("{{{}}}", kept.join(",")), encoding::JSON)
    }

    fn check_time(&self, time: i64) -> Result<(), Reason> {
        if self.window.contains(time) { Ok(()) } else { Err(Reason::OutsideWindow) }
    }

    /// Takes in the rows of the record, or rejects it: then `held` says what the record is.
    fn settle(
        &mut self,
        builder: &mut BatchBuilder,
        mark: RecordMark,
        staged: Result<(), Reason>,
        held: impl FnOnce(Reason) -> Option<String>,
    ) {
        // The join needs the id even so: labels may be meant for a record outside the window.
        let id = &self.id;
        let known = |reason: Reason| {
            let id = checked_id(Some(id)).ok().flatten().filter(|_| reason.is_left_out());
            id.map(str::to_owned)
        };
        if let Err(reason) = settle(builder, mark, &self.rows, staged, known, self.features.as_mut()) {
            let found = || description::disagreement(&self.answers.disagreement());
            builder.details.add(mark.line, reason, || match reason {
                Reason::RowCountMismatch => found().or_else(|| held(reason)),
                Reason::InvalidJson
                | Reason::NoInferenceId
                | Reason::NoPayload
                | Reason::ScoreCountMismatch
                | Reason::FeaturesNotFound => held(reason),
                _ => None,
            });
        }
    }

    /// Stages what the transform answered, without what it added.
    fn stage(&mut self, builder: &mut BatchBuilder, id: &str, data: &str, encoding: &str) -> Result<(), Reason> {
        let mut fixed = FixedRows { builder, rows: &mut self.rows };
        if self.as_text {
            return fixed.pair(Some(id), &record_text(id, data, encoding));
        }
        let (mut opened, mut tape) = (String::new(), Vec::new());
        let content = match encoding {
            encoding::CSV => Content::Csv(data),
            _ => Content::record(data, &mut opened, &mut tape)?,
        };
        let content = ReadPayload::alone(content, &self.fixed_lists);
        let n_rows = match &mut self.features {
            None => self.answers.read(Some(&content), None)?,
            Some(features) => read_instances(&mut self.answers, features, Some(&content), (None, Some(&content)))?,
        };
        if n_rows == 0 {
            return Err(Reason::NoPayload);
        }
        let found = Found { answers: &self.answers, places: self.places, kept: None };
        fixed.answers(Some(id), found, n_rows, (Beside::Nothing, self.features.as_mut()))
    }
}

impl RecordFormat for TransformFormat {
    fn decode(&mut self, builder: &mut BatchBuilder, text: &str, line: u64) {
        let mut mark = RecordMark { line, time: None };
        self.rows.clear();
        let staged = self.stage_json(builder, &mut mark, text);
        let held = |reason| match reason {
            Reason::InvalidJson => description::broken(text),
            _ => description::first_value(text).map(|found| format!("it is {found}")),
        };
        self.settle(builder, mark, staged, held);
    }
}

/// The end of a merged line.
fn record_text(id: &str, data: &str, encoding: &str) -> String {
    format!(
        "\"{}\":{{\"{}\":{{\"{}\":{},\"{}\":\"{encoding}\"}}}},\"{}\":{{\"{}\":{}}}}}",
        key::CAPTURE_DATA,
        key::BATCH_TRANSFORM_OUTPUT,
        key::DATA,
        json_string(data),
        key::ENCODING,
        key::EVENT_METADATA,
        key::EVENT_ID,
        json_string(id.trim()),
    )
}
