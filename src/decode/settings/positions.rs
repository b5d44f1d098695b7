//! Positions: which columns of the table the cells of requests and answers are that have no names, the same for every
//! record of a job.

use std::collections::BTreeMap;

use crate::decode::batch::order::Side;

/// The table's positions of one side's cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    /// Position of the first cell.
    at: usize,
    /// Cells that have their place from there on.
    n: usize,
    /// Position of the first cell beyond them.
    beyond: usize,
}

impl Span {
    fn place(self, i: usize) -> usize {
        if i < self.n { self.at + i } else { self.beyond.saturating_add(i - self.n) }
    }
}

/// Where cells without names stand in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Positions {
    output: Span,
    input: Span,
    /// Cells of an answer, whatever names them. `None`: as many as each answer has.
    pub n_answer_cells: Option<usize>,
    /// Cells of answers and requests, where they are not as many as the baseline's columns.
    pub misfit: Option<Misfit>,
}

/// Cells of most answers and requests that do not make up the baseline's columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Misfit {
    pub n_answer_cells: usize,
    pub n_request_cells: usize,
    pub n_columns: usize,
}

impl Default for Positions {
    /// Each side counts its own cells.
    fn default() -> Self {
        let all = Span { at: 0, n: usize::MAX, beyond: usize::MAX };
        Self { output: all, input: all, n_answer_cells: None, misfit: None }
    }
}

impl Positions {
    /// Of rows as they are seen most often, and of a baseline with `n_names` columns, 0 where there is none.
    ///
    /// Answers come first, or last where `outputs_are_last`. With a baseline of n columns a request of m cells begins
    /// at n - m, without one where the answer ends; there, too, where answer and request together are fewer than the
    /// baseline's columns, as AWS counts. What has no place stands behind all others.
    pub fn of(widths: &Widths, n_names: usize, outputs_are_last: bool) -> Self {
        let (n_answers, n_requests) = (most_often(&widths.answers), most_often(&widths.requests));
        let named = n_names > 0;
        let (input_at, output_at, n_outputs) = match (named, outputs_are_last) {
            (true, false) if n_requests > 0 => {
                let is_short = n_answers > 0 && n_answers + n_requests < n_names;
                let at = if is_short { n_answers } else { n_names.saturating_sub(n_requests) };
                (at, 0, at)
            }
            // What a request names is no answer.
            (true, false) => (n_names, 0, n_names.saturating_sub(most_often(&widths.request_cells))),
            (false, false) => (n_answers, 0, n_answers),
            (true, true) => (0, n_names.saturating_sub(n_answers), n_answers),
            (false, true) => (0, n_requests, n_answers),
        };
        let n_inputs =
            if named && outputs_are_last { output_at } else { n_requests.max(n_names.saturating_sub(input_at)) };
        let beyond = n_names.max(input_at + n_inputs).max(output_at + n_outputs);
        Self {
            output: Span { at: output_at, n: n_outputs, beyond },
            input: Span { at: input_at, n: n_inputs, beyond },
            misfit: if named { misfit(widths, n_names) } else { None },
            n_answer_cells: (!widths.answer_cells.is_empty()).then(|| most_often(&widths.answer_cells)),
        }
    }

    /// The position of a side's `i`-th cell.
    pub fn place(&self, side: Side, i: usize) -> usize {
        match side {
            Side::Output => self.output.place(i),
            Side::Input => self.input.place(i),
        }
    }
}

/// What keeps cells without names from being columns of the baseline for sure: answers and requests, or the side that
/// is asked for, have more or fewer cells.
fn misfit(widths: &Widths, n_columns: usize) -> Option<Misfit> {
    let n_cells = |without_names: &Counts, all: &Counts| match most_often(without_names) {
        0 => most_often(all),
        n => n,
    };
    let n_answer_cells = n_cells(&widths.answers, &widths.answer_cells);
    let n_request_cells = n_cells(&widths.requests, &widths.request_cells);
    let are_all_named = widths.answers.is_empty() && widths.requests.is_empty();
    let fits = are_all_named || n_answer_cells + n_request_cells == n_columns;
    (!fits).then_some(Misfit { n_answer_cells, n_request_cells, n_columns })
}

/// How many rows have so many cells.
type Counts = BTreeMap<usize, u64>;

/// How wide the rows of requests and answers are, as far as they were looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Widths {
    /// By cells without names, of answers that have any.
    answers: Counts,
    /// By cells without names, of requests that have any.
    requests: Counts,
    /// By all cells, of answers and of requests.
    answer_cells: Counts,
    request_cells: Counts,
}

impl Widths {
    /// Counts a row of this side: its cells without names, and all of them.
    pub fn see(&mut self, side: Side, n_positional: usize, n_cells: usize) {
        let counts = if side == Side::Output { &mut self.answers } else { &mut self.requests };
        if n_positional > 0 {
            *counts.entry(n_positional).or_default() += 1;
        }
        let all = if side == Side::Output { &mut self.answer_cells } else { &mut self.request_cells };
        if n_cells > 0 {
            *all.entry(n_cells).or_default() += 1;
        }
    }

    pub fn merge(&mut self, other: &Self) {
        let pairs = [
            (&mut self.answers, &other.answers),
            (&mut self.requests, &other.requests),
            (&mut self.answer_cells, &other.answer_cells),
            (&mut self.request_cells, &other.request_cells),
        ];
        for (mine, others) in pairs {
            others.iter().for_each(|(width, n)| *mine.entry(*width).or_default() += n);
        }
    }

    pub fn is_empty(&self) -> bool {
        self == &Self::default()
    }
}

/// The most frequent width, the smallest of several; 0 of none.
fn most_often(counts: &Counts) -> usize {
    counts.iter().max_by_key(|(width, n)| (**n, std::cmp::Reverse(**width))).map_or(0, |(width, _)| *width)
}
