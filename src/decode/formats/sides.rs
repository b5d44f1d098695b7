//! Both sides of a captured request: their payloads, read as the same rows by every monitor.

use crate::decode::batch::order::Side;
use crate::decode::formats::lists::are_of_columns;
use crate::decode::payload::Payload;
use crate::decode::reason::{Observation, Reason};
use crate::decode::rows::agreement::{GivesWay, UnequalLists, agree};
use crate::decode::rows::convention::Convention;
use crate::decode::rows::reading::{ReadPayload, Reading, weigh_first_lines};
use crate::decode::settings::decoding::Settings;
use crate::decode::settings::format::CaptureSides;
use crate::decode::shapes::Lists;
use crate::decode::text::csv::COMMA;
use crate::decode::text::json::{Node, Value};
use crate::names::capture as key;

/// How the payloads of an object are to be read, as far as its first records tell.
#[derive(Clone, Debug, Default)]
pub struct Conventions {
    pub output: Convention,
    pub input: Convention,
    pub gives_way: Option<GivesWay>,
    /// What lists are that are as long as nothing on the other side.
    pub unequal: UnequalLists,
    /// Whether lists may be rows, and labels may tell.
    pub are_open: bool,
    /// Most bytes of text that a binary payload may become.
    pub max_unfolded: usize,
}

impl Conventions {
    /// Before any record was looked at.
    pub fn new(settings: &Settings) -> Self {
        Self { max_unfolded: settings.max_unfolded(), ..Self::default() }
    }

    /// What was decided otherwise than by the shapes of payloads alone.
    pub fn observations(&self) -> impl Iterator<Item = Observation> {
        let Self { output, input, .. } = self;
        let decided = [
            (output.header.is_some(), Observation::HeaderInAnswers),
            (input.header.is_some(), Observation::HeaderInRequests),
            (output.lists_are_rows, Observation::ListsAreRowsInAnswers),
            (input.lists_are_rows, Observation::ListsAreRowsInRequests),
            (output.dialect.delimiter() != COMMA, Observation::DelimiterInAnswers),
            (input.dialect.delimiter() != COMMA, Observation::DelimiterInRequests),
        ];
        decided.into_iter().filter(|(is_decided, _)| *is_decided).map(|(_, observation)| observation)
    }

    /// Reads both sides so that they have equally many rows ([`agree`]); leaves them as they are where that cannot be.
    pub fn reconcile<'t, 'b>(&self, output: &mut Reading<'t, 'b>, input: &mut Reading<'t, 'b>) -> Result<(), Reason> {
        let of_output = unfolded(output, &self.output, Side::Output, true);
        let of_input = unfolded(input, &self.input, Side::Input, true);
        let (first_output, first_input) = (of_output.as_ref().unwrap_or(output), of_input.as_ref().unwrap_or(input));
        let changed = agree(first_output, first_input, self.gives_way, self.unequal)?;
        let sides =
            [(output, changed.output.or(of_output), &self.output), (input, changed.input.or(of_input), &self.input)];
        for (side, changed, convention) in sides {
            let of_lists = || match convention.lists_are_cells {
                true => side.as_rows(1).filter(|_| side.n_rows() == Ok(1)),
                false => side.by_lists(convention.lists_are_rows),
            };
            if let Some(reading) = changed.or_else(of_lists) {
                *side = reading;
            }
        }
        Ok(())
    }

    /// Whether the lists of a side may be rows, and the first records have none, or, where it stands alone, those of
    /// another length, which alone tells that they are no rows.
    fn may_be_rows(&self, side: Side, reading: &Reading<'_, '_>, other: Option<&Reading<'_, '_>>) -> bool {
        let Some(length) = self.of(side).list_length else { return false };
        let are_first = length == 0;
        if are_first && !(reading.is_object() && reading.n_rows() == Ok(1)) || !reading.may_hold_rows(side, false) {
            return false;
        }
        reading.lists().is_some_and(|Lists { n_rows, of_rows, are_all, .. }| match other {
            _ if n_rows == length.max(1) => false,
            None => !are_first || are_all || of_rows.is_some(),
            Some(other) => are_first && of_rows.is_some() && other.row_counts().is_ok_and(|all| all.contains(&n_rows)),
        })
    }

    fn of(&self, side: Side) -> &Convention {
        if side == Side::Output { &self.output } else { &self.input }
    }

    /// Reads one side that stands alone. A list of rows of the baseline's columns is rows, though the first records
    /// have none.
    pub fn settle<'t, 'b>(&self, side: Side, reading: &mut Reading<'t, 'b>) {
        let convention = self.of(side);
        let are_known = || {
            let rows = reading.lists().and_then(|lists| lists.of_rows);
            rows.is_some_and(|rows| are_of_columns(rows, &convention.known))
        };
        let may_be_first = convention.list_length == Some(0) && !convention.known.is_empty() && reading.is_object();
        let unfolded = match may_be_first && are_known() {
            true => reading.unfolded(),
            false => unfolded(reading, convention, side, false),
        };
        if let Some(unfolded) = unfolded {
            *reading = unfolded;
        }
    }
}

/// The payload with a row for each element of its lists, where these are rows in its object.
fn unfolded<'t, 'b>(
    reading: &Reading<'t, 'b>,
    convention: &Convention,
    side: Side,
    is_beside_other: bool,
) -> Option<Reading<'t, 'b>> {
    (convention.lists_are_rows && reading.may_hold_rows(side, is_beside_other)).then(|| reading.unfolded()).flatten()
}

/// The sides of a record that are asked for and have a payload.
pub struct Sides<'t, 'b> {
    pub output: Option<ReadPayload<'t, 'b>>,
    pub input: Option<ReadPayload<'t, 'b>>,
    /// Whether the output is that of a batch transform, which may hold the input, too.
    pub is_transform: bool,
    /// Whether both sides were looked at and hold equally many rows, and nothing else may be meant.
    pub is_settled: bool,
    /// What may be otherwise than it is read.
    pub doubts: [Option<Observation>; 4],
}

/// What is to become of a record whose sides have different numbers of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disagreement {
    Rejects,
    /// Each side is read by its shape alone.
    Stays,
}

/// Whether a side has lists of unequal lengths where lists are columns.
fn contradicts(side: &Option<ReadPayload<'_, '_>>, convention: &Convention) -> bool {
    convention.lists_are_columns && side.as_ref().is_some_and(|side| side.reading.has_unequal_lists())
}

/// Whether the reason is that nobody can tell a record's rows, which an attribute may find all the same.
fn is_of_rows(reason: Reason) -> bool {
    matches!(reason, Reason::RowCountMismatch | Reason::InconsistentTensors)
}

/// Reads the payloads of a record's `data`; `buffers` and `tapes` keep what had to be decoded for that. A side that is
/// not asked for is looked at where the other one can be read in several ways.
pub fn read<'t, 'a, 'b>(
    data: Value<'t, 'a>,
    sides: &CaptureSides,
    (conventions, disagreement): (&Conventions, Disagreement),
    buffers: &'b mut [String; 2],
    tapes: &'t mut [Vec<Node<'b>>; 2],
) -> Result<Sides<'t, 'b>, Reason>
where
    'a: 'b,
{
    let payload = |keys: &[&'static str]| {
        keys.iter().find_map(|&key| Some((key, Payload::of(data.get(key)?, conventions.max_unfolded)?)))
    };
    let (asked_output, asked_input) = (payload(&sides.outputs), payload(&sides.inputs));
    if asked_output.is_none() && asked_input.is_none() {
        return Err(Reason::NoPayload);
    }
    let is_transform = matches!(asked_output, Some((key::BATCH_TRANSFORM_OUTPUT, _)));
    let ([of_output, of_input], [output_tape, input_tape]) = (buffers, tapes);
    let (mut output_room, mut input_room) = (Some((of_output, output_tape)), Some((of_input, input_tape)));
    let mut read_output = |payload: &Payload<'t, 'a>| {
        let (buffer, tape) = output_room.take().ok_or(Reason::NoPayload)?;
        Ok::<_, Reason>(ReadPayload::of(payload.content(buffer, tape)?, &conventions.output))
    };
    let mut read_input = |payload: &Payload<'t, 'a>| {
        let (buffer, tape) = input_room.take().ok_or(Reason::NoPayload)?;
        Ok::<_, Reason>(ReadPayload::of(payload.content(buffer, tape)?, &conventions.input))
    };
    let mut output = asked_output.as_ref().map(|(_, output)| read_output(output)).transpose()?;
    let mut input = asked_input.as_ref().map(|(_, input)| read_input(input)).transpose()?;
    let is_asked = (output.is_some(), input.is_some());
    // A side that is not asked for tells what the other one means, where it can be read.
    let is_open = |side: &Option<ReadPayload<'t, 'b>>| side.as_ref().is_some_and(ReadPayload::is_ambiguous);
    if !is_asked.1 && is_open(&output) {
        input = payload(&CaptureSides::default().inputs).and_then(|(_, input)| read_input(&input).ok());
    } else if !is_asked.0 && is_open(&input) {
        output = payload(&CaptureSides::default().outputs).and_then(|(_, output)| read_output(&output).ok());
    }
    if disagreement == Disagreement::Rejects
        && (contradicts(&output, &conventions.output) && is_asked.0
            || contradicts(&input, &conventions.input) && is_asked.1)
    {
        return Err(Reason::RowCountMismatch);
    }
    let reconciled = match (&mut output, &mut input) {
        (Some(output), Some(input)) => {
            weigh_first_lines(output, input);
            conventions.reconcile(&mut output.reading, &mut input.reading).map(|()| !conventions.are_open)
        }
        (output, input) => {
            output.iter_mut().for_each(|output| conventions.settle(Side::Output, &mut output.reading));
            input.iter_mut().for_each(|input| conventions.settle(Side::Input, &mut input.reading));
            Ok(false)
        }
    };
    let is_settled = match reconciled {
        Err(reason) if is_asked == (true, true) && (disagreement == Disagreement::Rejects || !is_of_rows(reason)) => {
            return Err(reason);
        }
        reconciled => reconciled.unwrap_or(false),
    };
    let [of_output, of_input] = [&output, &input].map(|side| side.as_ref().map(|side| &side.reading));
    let may_be_rows = |side, reading: Option<&Reading<'_, '_>>, other| {
        reading.is_some_and(|reading| conventions.may_be_rows(side, reading, other))
    };
    let in_answers = may_be_rows(Side::Output, of_output, of_input);
    let in_requests = may_be_rows(Side::Input, of_input, of_output);
    let is_settled = is_settled && !in_answers && !in_requests;
    let are_alone = output.is_none() || input.is_none();
    let is_doubtful = |side: &ReadPayload<'_, '_>| side.has_own_names() || are_alone && side.may_have_own_names();
    let is_doubtful = [&output, &input].into_iter().flatten().any(is_doubtful);
    let (output, input) = (output.filter(|_| is_asked.0), input.filter(|_| is_asked.1));
    let is_misfit = [&output, &input].into_iter().flatten().any(|side| side.is_misfit);
    let doubts = [
        is_doubtful.then_some(Observation::LinesLookLikeHeaders),
        in_answers.then_some(Observation::ListsMayBeRowsInAnswers),
        in_requests.then_some(Observation::ListsMayBeRowsInRequests),
        is_misfit.then_some(Observation::TextFitsNoDelimiter),
    ];
    Ok(Sides { output, input, is_transform, is_settled, doubts })
}
