//! Captured outcomes: captured and merged records to rows of fixed columns, which are predictions with their
//! labels, or the record's text.

use crate::decode::batch::builder::{BatchBuilder, RecordMark};
use crate::decode::batch::other_readings::OtherReadings;
use crate::decode::batch::record_format::RecordFormat;
use crate::decode::batch::staged::StagedRows;
use crate::decode::extract::column::Column;
use crate::decode::extract::features::{Features, read_instances};
use crate::decode::extract::kept_features::KeptFeatures;
use crate::decode::extract::label_readings::{first_labels, other_labels};
use crate::decode::extract::lookup::Answers;
use crate::decode::extract::outcome_rows::{Beside, FixedRows, Found, Places, answer_in, answers, settle};
use crate::decode::formats::capture::shrink;
use crate::decode::formats::description;
use crate::decode::formats::diagnosis::Diagnosis;
use crate::decode::formats::record::{ID_KEYS, count_variant, event_id, id_left_out, open_record, read_one};
use crate::decode::formats::sides::{self, Conventions, Disagreement, Sides};
use crate::decode::formats::survey::Survey;
use crate::decode::reason::Reason;
use crate::decode::rows::reading::ReadPayload;
use crate::decode::settings::attribute::Attribute;
use crate::decode::settings::decoding::Settings;
use crate::decode::settings::filter::Filter;
use crate::decode::settings::format::CaptureSides;
use crate::decode::settings::positions::Positions;
use crate::decode::settings::rows::Rows;
use crate::decode::text::json::{Node, RecordTemplate, Value, emptied, members, standard_line};
use crate::decode::text::time::Window;
use crate::names::{capture as key, side};

/// Decodes captured and merged records.
pub struct RequestFormat {
    kind: Kind,
    diagnosis: Diagnosis,
    window: Window,
    filter: Filter,
    answers: Answers,
    places: Places,
    features: Option<Features>,
    kept: Option<KeptFeatures>,
    label: Option<Attribute>,
    labels: Column,
    /// Rows and labels of the record that was looked at last, if it carries ground truth.
    n_merged: Option<(usize, usize)>,
    rows: StagedRows,
    /// Whether records are counted by the variant that their metadata name.
    counts_variants: bool,
    template: RecordTemplate,
    /// Allocations used again; empty between records.
    tape: Vec<Node<'static>>,
    id: String,
    payloads: [String; 2],
}

/// What becomes of a record.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Predictions,
    Outcomes,
    Text,
}

impl RequestFormat {
    pub fn new(sides: &CaptureSides, settings: &Settings, survey: Survey, positions: Positions) -> Self {
        let Survey { conventions, variants, .. } = survey;
        let attributes = settings.rows.attributes();
        let (answers, places) = answers(&attributes, false, settings.names.clone(), positions);
        let features = Features::of(&settings.rows, false);
        let kind = match &settings.rows {
            rows if rows.have_label() => Kind::Outcomes,
            Rows::CaptureRecords => Kind::Text,
            _ => Kind::Predictions,
        };
        // Features stand in requests, and attributes look at answers only.
        let sides = if features.is_some() { CaptureSides::default() } else { sides.clone() };
        Self {
            kind,
            diagnosis: Diagnosis { sides, conventions, rows: settings.rows.clone() },
            window: settings.window,
            filter: settings.filter.clone(),
            answers,
            places,
            features,
            kept: KeptFeatures::of(&settings.rows, false),
            label: attributes.label,
            labels: Column::default(),
            n_merged: None,
            rows: StagedRows::default(),
            counts_variants: !variants.is_empty(),
            template: RecordTemplate::default(),
            tape: Vec::new(),
            id: String::new(),
            payloads: Default::default(),
        }
    }

    /// Stages the rows of the record on `tape`, unless it is outside the window.
    fn stage(
        &mut self,
        builder: &mut BatchBuilder,
        line: &str,
        tape: &[Node<'_>],
        mark: &mut RecordMark,
    ) -> Result<(), Reason> {
        let (root, data) = open_record(tape, (&self.window, &self.filter), mark)?;
        let id = event_id(root, ID_KEYS, &mut self.id)?;
        let mut fixed = FixedRows { builder, rows: &mut self.rows };
        if self.kind == Kind::Text {
            return fixed.pair(id, &standard_line(&record_text(line))?);
        }
        self.labels.clear();
        let max_unfolded = self.diagnosis.conventions.max_unfolded;
        let truth = root.get(side::GROUND_TRUTH).filter(|_| self.kind == Kind::Outcomes);
        if let Some(truth) = truth {
            fixed.rows.unreadable = first_labels(truth, self.label.as_ref(), max_unfolded, &mut self.labels)?;
        }
        let mut tapes = [Vec::new(), Vec::new()];
        let Diagnosis { sides, conventions, .. } = &self.diagnosis;
        let read = sides::read(data, sides, (conventions, Disagreement::Stays), &mut self.payloads, &mut tapes)?;
        fixed.builder.observe(read.doubts.into_iter().flatten());
        for found in [&read.output, &read.input].into_iter().flatten() {
            found.content.count_unreadable(&mut fixed.rows.unreadable);
        }
        if let Some(kept) = &mut self.kept {
            keep(kept, data, &read, conventions);
        }
        let other = match self.kind {
            Kind::Predictions if self.features.is_none() => other_readings(&mut self.answers, self.places, &read)?,
            _ => None,
        };
        if let (Some(truth), Some(Ok(n_rows))) = (truth, read.output.as_ref().map(|output| output.reading.n_rows())) {
            fit_labels(truth, (self.label.as_ref(), max_unfolded), n_rows, &mut self.labels);
        }
        let n_rows = read_answers(&mut self.answers, self.features.as_mut(), read, self.labels.n_rows())?;
        if n_rows == 0 {
            return Err(Reason::NoPayload);
        }
        if let Some(truth) = truth {
            fit_labels(truth, (self.label.as_ref(), max_unfolded), n_rows, &mut self.labels);
            self.n_merged = Some((n_rows, self.labels.n_rows()));
        }
        // Of more labels than rows, or fewer, nobody can say which rows they are for.
        if self.labels.n_rows() != n_rows {
            self.labels.clear();
        }
        let beside = match &other {
            Some(text) => Beside::OtherReadings(text),
            None if self.kind == Kind::Outcomes => Beside::Labels(&self.labels),
            None => Beside::Nothing,
        };
        let max_memory = fixed.builder.max_record_memory;
        let kept = self.kept.as_mut().map(|kept| kept.of_rows(n_rows, max_memory));
        let found = Found { answers: &self.answers, places: self.places, kept };
        fixed.answers(id, found, n_rows, (beside, self.features.as_mut()))
    }

    /// What it is about the record that was looked at last.
    fn detail(&self, record: (&str, &[Node<'_>]), reason: Reason) -> Option<String> {
        self.diagnosis.of(record, reason, description::disagreement(&self.answers.disagreement()))
    }
}

impl RecordFormat for RequestFormat {
    fn decode(&mut self, builder: &mut BatchBuilder, line: &str, number: u64) {
        let mut mark = RecordMark { line: number, time: None };
        let mut tape: Vec<Node<'_>> = std::mem::take(&mut self.tape);
        self.rows.clear();
        self.n_merged = None;
        let staged =
            read_one(&mut self.template, line, &mut tape).and_then(|()| self.stage(builder, line, &tape, &mut mark));
        let id = |reason| id_left_out(&tape, reason);
        let settled = settle(builder, mark, &self.rows, staged, id, self.features.as_mut());
        if self.counts_variants {
            count_variant(builder, &tape, settled);
        }
        if let (Ok(()), Some((n_rows, n_labels))) = (settled, self.n_merged) {
            builder.merged_labels.count(n_rows, n_labels);
        }
        if let Err(reason) = settled {
            builder.details.add(number, reason, || self.detail((line, &tape), reason));
        }
        self.tape = emptied(tape);
        shrink(&mut self.payloads);
    }
}

/// Reads labels that are more than the rows, or fewer, in another way, where they are as many as the rows then.
fn fit_labels(
    truth: Value<'_, '_>,
    (label, max_unfolded): (Option<&Attribute>, usize),
    n_rows: usize,
    labels: &mut Column,
) {
    if labels.n_rows() != n_rows
        && let Some(fitting) =
            other_labels(truth, label, max_unfolded).into_iter().find(|other| other.n_rows() == n_rows)
    {
        *labels = fitting;
    }
}

/// Looks for the features of a record, whose request is read for that where the job asks for the answer alone.
fn keep(kept: &mut KeptFeatures, data: Value<'_, '_>, read: &Sides<'_, '_>, conventions: &Conventions) {
    if read.input.is_some() {
        return kept.read(read.input.as_ref());
    }
    let all = CaptureSides::default();
    if all.inputs.iter().all(|input| data.get(input).is_none()) {
        return kept.read(None);
    }
    let (mut buffers, mut tapes) = (Default::default(), Default::default());
    let both = sides::read(data, &all, (conventions, Disagreement::Stays), &mut buffers, &mut tapes);
    kept.read(both.ok().and_then(|both| both.input).as_ref());
}

/// Looks at the payloads of a record; how many rows they hold. An answer that stands alone follows its labels, where it
/// has all that is asked for then, too.
fn read_answers(
    answers: &mut Answers,
    features: Option<&mut Features>,
    Sides { mut output, input, is_transform, is_settled, .. }: Sides<'_, '_>,
    n_labels: usize,
) -> Result<usize, Reason> {
    let follows_labels = !is_settled && n_labels > 0 && features.is_none();
    if follows_labels
        && let Some(answer) = &mut output
        && answer.reading.n_rows() != Ok(n_labels)
        && let Some(reading) = answer.reading.as_rows(n_labels)
    {
        let first = std::mem::replace(&mut answer.reading, reading);
        if answers.read(Some(answer), None) == Ok(n_labels) && answers.are_all_found() {
            return Ok(n_labels);
        }
        answer.reading = first;
    }
    let Some(features) = features else { return answers.read(output.as_ref(), input.as_ref()) };
    let joined = output.as_ref().filter(|_| is_transform);
    read_instances(answers, features, output.as_ref(), (input.as_ref(), joined))
}

/// The rows of an answer that stands alone, in all ways in which it can be read but the first: labels that are joined
/// later decide. Nothing where there is one way.
fn other_readings(answers: &mut Answers, places: Places, sides: &Sides<'_, '_>) -> Result<Option<String>, Reason> {
    let Some(answer) = sides.output.as_ref().filter(|answer| !sides.is_settled && answer.reading.is_ambiguous()) else {
        return Ok(None);
    };
    let mut other = OtherReadings::default();
    let Ok(n_rows) = answers.read(Some(answer), None) else { return Ok(None) };
    for n_other in answer.reading.row_counts()? {
        if n_other != n_rows
            && let Some(reading) = answer.reading.as_rows(n_other)
            && answers.read(Some(&ReadPayload::read(answer.content.clone(), reading)), None) == Ok(n_other)
            && answers.are_all_found()
        {
            let rows: Option<Vec<_>> = (0..n_other).map(|row| answer_in(answers, places, row)).collect();
            other.push(rows.unwrap_or_default().into_iter());
        }
    }
    Ok(other.to_text())
}

/// The end of a merged line: captured data and metadata as they are written.
fn record_text(line: &str) -> String {
    let written = members(line);
    let parts = [key::CAPTURE_DATA, key::EVENT_METADATA].iter().filter_map(|key| {
        let (_, value) = written.iter().find(|(name, _)| name == key)?;
        Some(format!("\"{key}\":{value}"))
    });
    format!("{}}}", parts.collect::<Vec<_>>().join(","))
}
