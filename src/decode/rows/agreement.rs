//! Agreement of both sides of a record about its rows.
//!
//! Each side is read by its shape. Where the two then have different numbers of rows, the one whose shape can be read
//! in another way follows the other: n rows and one line or list of n answers are n answers; lists that could be
//! columns are one row beside one row. Where neither can, the record is rejected, but where lists of all first records
//! are cells.

use crate::decode::reason::Reason;
use crate::decode::rows::reading::Reading;

/// Which side gives way where either could be read as many rows as the other has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GivesWay {
    Output,
    Input,
}

/// What lists are where nothing but one row is common to both sides, and one of them at least has several by its shape.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnequalLists {
    /// The rows of a record that contradicts itself: lists of most first records are rows.
    Contradict,
    /// Cells beside a side of one row; where both sides have several rows, nobody can tell.
    #[default]
    Unknown,
    /// Cells of one row, as in all first records.
    AreCells,
}

/// What has to be read otherwise so that both sides have equally many rows; nothing where they have.
#[derive(Default)]
pub struct Agreement<'t, 'b> {
    pub output: Option<Reading<'t, 'b>>,
    pub input: Option<Reading<'t, 'b>>,
    /// The side that was changed, where no other could be.
    pub gave_way: Option<GivesWay>,
}

/// How both sides have equally many rows. Where either could follow the other, the answer follows the request, but for a
/// list of as many lists or objects, and in an object in whose other records only the request can. `unequal` says what
/// lists are that are as long as nothing on the other side.
pub fn agree<'t, 'b>(
    output: &Reading<'t, 'b>,
    input: &Reading<'t, 'b>,
    preferred: Option<GivesWay>,
    unequal: UnequalLists,
) -> Result<Agreement<'t, 'b>, Reason> {
    let (n_output, n_input) = (output.n_rows()?, input.n_rows()?);
    if n_output == n_input {
        return Ok(Agreement::default());
    }
    let of_output = |output, gave_way| Agreement { output: Some(output), input: None, gave_way };
    let of_input = |input, gave_way| Agreement { output: None, input: Some(input), gave_way };
    let agreement = match (output.as_rows(n_input), input.as_rows_of_request(n_output)) {
        (Some(output), None) => of_output(output, Some(GivesWay::Output)),
        (None, Some(input)) => of_input(input, Some(GivesWay::Input)),
        (Some(_), Some(request)) if preferred == Some(GivesWay::Input) || input.holds_list_of_rows(n_output) => {
            of_input(request, None)
        }
        (Some(output), Some(_)) => of_output(output, None),
        (None, None) => match (output.as_rows(1), input.as_rows(1)) {
            (output @ Some(_), input @ Some(_)) if unequal == UnequalLists::AreCells => {
                Agreement { output, input, gave_way: None }
            }
            _ => return Err(Reason::RowCountMismatch),
        },
    };
    let is_one = |side: &Option<Reading<'_, '_>>| side.as_ref().is_some_and(|side| side.n_rows() == Ok(1));
    let are_one_row = is_one(&agreement.output) || is_one(&agreement.input);
    let are_several = n_output > 1 && n_input > 1 || output.has_columns() || input.has_columns();
    match unequal {
        UnequalLists::Contradict if are_one_row && are_several => Err(Reason::RowCountMismatch),
        _ => Ok(agreement),
    }
}
