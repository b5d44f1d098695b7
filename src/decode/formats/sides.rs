//! Both sides of a captured request: their payloads, read as the same rows by every monitor.

use crate::decode::payload::Payload;
use crate::decode::reason::{Observation, Reason};
use crate::decode::rows::reading::{GivesWay, Header, ReadPayload, Reading, agreed};
use crate::decode::settings::format::CaptureSides;
use crate::decode::text::json::{Node, Value};
use crate::names::capture as key;

/// How the payloads of an object are to be read, as far as its first records tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conventions {
    pub output_header: Option<Header>,
    pub input_header: Option<Header>,
    pub gives_way: Option<GivesWay>,
    /// Whether lists in answers, or in requests, have an element for each row, where there is one row, too.
    pub output_lists_are_rows: bool,
    pub input_lists_are_rows: bool,
}

impl Conventions {
    /// What was decided otherwise than by the shapes of payloads alone.
    pub fn observations(&self) -> impl Iterator<Item = Observation> {
        let decided = [
            (self.output_header.is_some(), Observation::HeaderInAnswers),
            (self.input_header.is_some(), Observation::HeaderInRequests),
            (self.output_lists_are_rows, Observation::ListsAreRowsInAnswers),
            (self.input_lists_are_rows, Observation::ListsAreRowsInRequests),
        ];
        decided.into_iter().filter(|(is_decided, _)| *is_decided).map(|(_, observation)| observation)
    }

    /// Both sides with equally many rows ([`agreed`]).
    fn agreed<'t, 'b>(
        &self,
        output: Reading<'t, 'b>,
        input: Reading<'t, 'b>,
    ) -> Result<(Reading<'t, 'b>, Reading<'t, 'b>), Reason> {
        let (output, input, _) = agreed(output, input, self.gives_way)?;
        Ok((output.by_lists(self.output_lists_are_rows), input.by_lists(self.input_lists_are_rows)))
    }
}

/// The sides of a record that are asked for and have a payload.
pub struct Sides<'t, 'b> {
    pub output: Option<ReadPayload<'t, 'b>>,
    pub input: Option<ReadPayload<'t, 'b>>,
    /// Whether the output is that of a batch transform, which may hold the input, too.
    pub is_transform: bool,
}

/// What is to become of a record whose sides have different numbers of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disagreement {
    Rejects,
    /// Each side is read by its shape alone.
    Stays,
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
    let payload = |keys: &[&'static str]| keys.iter().find_map(|&key| Some((key, Payload::of(data.get(key)?)?)));
    let (asked_output, asked_input) = (payload(&sides.outputs), payload(&sides.inputs));
    if asked_output.is_none() && asked_input.is_none() {
        return Err(Reason::NoPayload);
    }
    let is_transform = matches!(asked_output, Some((key::BATCH_TRANSFORM_OUTPUT, _)));
    let ([of_output, of_input], [output_tape, input_tape]) = (buffers, tapes);
    let read_output = |payload: &Payload<'t, 'a>, buffer: &'b mut String, tape: &'t mut Vec<Node<'b>>| {
        Ok::<_, Reason>(ReadPayload::of(payload.content(buffer, tape)?, conventions.output_header.as_ref()))
    };
    let read_input = |payload: &Payload<'t, 'a>, buffer: &'b mut String, tape: &'t mut Vec<Node<'b>>| {
        Ok::<_, Reason>(ReadPayload::of(payload.content(buffer, tape)?, conventions.input_header.as_ref()))
    };
    match (asked_output, asked_input) {
        (Some((_, output)), Some((_, input))) => {
            let output = read_output(&output, of_output, output_tape)?;
            let input = read_input(&input, of_input, input_tape)?;
            let alone = (disagreement == Disagreement::Stays).then(|| (output.reading.clone(), input.reading.clone()));
            let (answer, request) = match (conventions.agreed(output.reading, input.reading), alone) {
                (Ok(sides), _) => sides,
                (Err(Reason::RowCountMismatch), Some(alone)) => alone,
                (Err(reason), _) => return Err(reason),
            };
            let output = Some(ReadPayload { content: output.content, reading: answer });
            let input = Some(ReadPayload { content: input.content, reading: request });
            Ok(Sides { output, input, is_transform })
        }
        (Some((_, output)), None) => {
            let output = read_output(&output, of_output, output_tape)?;
            let is_open = output.reading.is_ambiguous();
            let beside = is_open.then(|| payload(&CaptureSides::default().inputs)).flatten();
            let beside = beside.and_then(|(_, input)| read_input(&input, of_input, input_tape).ok());
            let followed = beside.and_then(|input| {
                let other = output.reading.clone();
                conventions.agreed(other, input.reading).ok()
            });
            let reading = match followed {
                Some((reading, _)) => reading,
                None => output.reading,
            };
            let output = Some(ReadPayload { content: output.content, reading });
            Ok(Sides { output, input: None, is_transform })
        }
        (None, input) => {
            let input = match input {
                Some((_, input)) => read_input(&input, of_input, input_tape)?,
                None => return Err(Reason::NoPayload),
            };
            let is_open = input.reading.is_ambiguous();
            let beside = is_open.then(|| payload(&CaptureSides::default().outputs)).flatten();
            let beside = beside.and_then(|(_, output)| read_output(&output, of_output, output_tape).ok());
            let followed = beside.and_then(|output| {
                let other = input.reading.clone();
                conventions.agreed(output.reading, other).ok()
            });
            let reading = match followed {
                Some((_, reading)) => reading,
                None => input.reading,
            };
            let input = Some(ReadPayload { content: input.content, reading });
            Ok(Sides { output: None, input, is_transform })
        }
    }
}
