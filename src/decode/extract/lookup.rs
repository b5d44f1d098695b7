//! Attribute lookup: the cells that attributes name in the rows of a model's answer.
//!
//! An index counts the cells of a row as it is unfolded ([`crate::decode::rows::stager`]), a name is that of a
//! cell's column. A name that no row has is looked for as a path of keys, and what stands there makes
//! rows as an expression's result does: each element of an array is a row, a scalar is one row. All
//! attributes that are found make equally many rows; one that is not found is null in each of them.
//! In an answer that was joined with its input, the model's part is looked at first. Names and paths lead into the
//! answer alone. An index beyond its cells counts those of the request, where that is asked for and it is known how
//! many cells an answer has.

use std::collections::HashMap;
use std::sync::Arc;

use crate::decode::batch::builder::BatchBuilder;
use crate::decode::batch::order::Side;
use crate::decode::batch::staged::{StagedCell, StagedRows};
use crate::decode::extract::column::{Column, Lists};
use crate::decode::limits::MAX_KEPT_COLUMNS;
use crate::decode::payload::Content;
use crate::decode::reason::Reason;
use crate::decode::rows::naming::Naming;
use crate::decode::rows::reading::ReadPayload;
use crate::decode::rows::stager::{Scratch, Stager};
use crate::decode::settings::attribute::Attribute;
use crate::decode::settings::positions::Positions;
use crate::decode::text::json::Value;
use crate::decode::text::searched::Searched;
use crate::names::transform;

/// An attribute and what its rows hold.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub attribute: Option<Attribute>,
    pub lists: Lists,
}

/// Finds the wanted cells of one answer after the other.
#[derive(Debug)]
pub struct Answers {
    wanted: Vec<Wanted>,
    columns: Vec<Column>,
    is_found: Vec<bool>,
    /// Of what was not found yet: whether it is in the rows looked at, and whether several cells of a row are it.
    is_hit: Vec<bool>,
    is_doubtful: Vec<bool>,
    /// Where whole rows are unfolded; its batches are never closed.
    sheet: BatchBuilder,
    naming: Naming,
    names: Arc<[String]>,
    positions: Positions,
    outputs: StagedRows,
    inputs: StagedRows,
    scratch: Scratch,
    /// Which of the wanted are at a position, and which have a name.
    by_position: Vec<Vec<usize>>,
    by_name: HashMap<String, Vec<usize>>,
    /// By column of the sheet: which of the wanted it is, and whether by its whole name.
    targets: Vec<Vec<(usize, bool)>>,
}

impl Answers {
    /// `names` are those of cells that are known by position only.
    pub fn new(wanted: Vec<Wanted>, names: Arc<[String]>, positions: Positions) -> Self {
        let mut by_position: Vec<Vec<usize>> = Vec::new();
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (i, wanted) in wanted.iter().enumerate() {
            match &wanted.attribute {
                Some(Attribute::Index(position)) => {
                    by_position.resize(by_position.len().max(position + 1), Vec::new());
                    by_position[*position].push(i);
                }
                Some(Attribute::Name(name)) => by_name.entry(name.clone()).or_default().push(i),
                Some(Attribute::Path(_)) | None => {}
            }
        }
        Self {
            columns: wanted.iter().map(|_| Column::default()).collect(),
            is_found: vec![false; wanted.len()],
            is_hit: vec![false; wanted.len()],
            is_doubtful: vec![false; wanted.len()],
            wanted,
            sheet: BatchBuilder::new(""),
            naming: Naming::with_names(names.clone()).at(positions),
            names,
            positions,
            outputs: StagedRows::default(),
            inputs: StagedRows::default(),
            scratch: Scratch::default(),
            by_position,
            by_name,
            targets: Vec::new(),
        }
    }

    /// The column of the wanted one at `place`.
    pub fn column(&self, place: usize) -> &Column {
        &self.columns[place]
    }

    /// Looks at an answer and, where it is asked for, at its request; how many rows there are.
    pub fn read(
        &mut self,
        output: Option<&ReadPayload<'_, '_>>,
        input: Option<&ReadPayload<'_, '_>>,
    ) -> Result<usize, Reason> {
        self.clear();
        let values = output.map_or(&[][..], |output| output.content.values());
        if values.iter().any(|value| value.get(transform::OUTPUT).is_some()) {
            let parts = values.iter().map(|value| value.get(transform::OUTPUT).unwrap_or(*value));
            self.look(Some(&ReadPayload::alone(Content::Json(parts.collect()), &[])), None)?;
        }
        if self.is_found.contains(&false) {
            self.look(output, input)?;
        }
        if !self.is_any_found() && self.outputs.n_rows() == 0 {
            self.stage(output, input)?;
        }
        self.agree()
    }

    /// As [`Self::read`], of an answer whose rows others count: `None` where nothing is asked for, or
    /// found.
    pub fn read_beside(&mut self, output: Option<&ReadPayload<'_, '_>>) -> Result<Option<usize>, Reason> {
        if self.wanted.iter().all(|wanted| wanted.attribute.is_none()) {
            self.clear();
            return Ok(None);
        }
        let n_rows = self.read(output, None)?;
        Ok(self.is_any_found().then_some(n_rows))
    }

    /// Whether the last answer has all that is asked for.
    pub fn are_all_found(&self) -> bool {
        self.is_found.iter().all(|found| *found)
    }

    /// Rows that each attribute finds in the last answer; none where they agree.
    pub fn disagreement(&self) -> Vec<usize> {
        let counts: Vec<usize> = self.counts().collect();
        if counts.windows(2).all(|pair| pair[0] == pair[1]) { Vec::new() } else { counts }
    }

    fn counts(&self) -> impl Iterator<Item = usize> {
        let is_asked = |i: &usize| self.wanted[*i].attribute.is_some() && self.is_found[*i];
        (0..self.wanted.len()).filter(is_asked).map(|i| self.columns[i].n_rows())
    }

    fn is_any_found(&self) -> bool {
        self.wanted.iter().zip(&self.is_found).any(|(wanted, &found)| found && wanted.attribute.is_some())
    }

    fn clear(&mut self) {
        self.columns.iter_mut().for_each(Column::clear);
        for (found, wanted) in self.is_found.iter_mut().zip(&self.wanted) {
            // What nobody asked for needs not be looked for.
            *found = wanted.attribute.is_none();
        }
        self.clear_sheet();
    }

    fn clear_sheet(&mut self) {
        self.outputs.clear();
        self.inputs.clear();
        self.naming.keep();
        if self.sheet.n_columns() > MAX_KEPT_COLUMNS {
            self.sheet = BatchBuilder::new("");
            self.naming = Naming::with_names(self.names.clone()).at(self.positions);
            self.targets.clear();
        }
        self.sheet.clear_text();
    }

    /// Looks for what was not found yet.
    fn look(
        &mut self,
        output: Option<&ReadPayload<'_, '_>>,
        input: Option<&ReadPayload<'_, '_>>,
    ) -> Result<(), Reason> {
        let in_rows = |wanted: &Wanted| matches!(wanted.attribute, Some(Attribute::Index(_) | Attribute::Name(_)));
        if self.wanted.iter().zip(&self.is_found).any(|(wanted, found)| !found && in_rows(wanted)) {
            self.stage(output, input)?;
            self.look_in_rows()?;
        }
        output.map_or(Ok(()), |output| self.look_in_values(output.content.values()))
    }

    /// Unfolds both sides onto the sheet.
    fn stage(
        &mut self,
        output: Option<&ReadPayload<'_, '_>>,
        input: Option<&ReadPayload<'_, '_>>,
    ) -> Result<(), Reason> {
        self.clear_sheet();
        let Self { sheet: builder, naming, outputs, inputs, scratch, .. } = self;
        for (side, found, rows) in [(Side::Output, output, &mut *outputs), (Side::Input, input, &mut *inputs)] {
            if let Some(found) = found {
                Stager { builder, naming, side, rows, scratch }.stage(&found.reading)?;
            }
        }
        match (outputs.n_rows(), inputs.n_rows()) {
            (n, m) if n != m && output.is_some() && input.is_some() => Err(Reason::RowCountMismatch),
            _ => Ok(()),
        }
    }

    fn look_in_rows(&mut self) -> Result<(), Reason> {
        self.learn();
        let n_wanted = self.wanted.len();
        let Self {
            wanted,
            columns,
            is_found,
            is_hit,
            is_doubtful,
            sheet,
            outputs,
            inputs,
            by_position,
            targets,
            positions,
            ..
        } = self;
        is_hit.fill(false);
        is_doubtful.fill(false);
        for row in 0..outputs.n_rows().max(inputs.n_rows()) {
            let (answer, request) = (outputs.row(row), inputs.row(row));
            // Where answers differ in length, or are missing, the request's cells stay where they are.
            let n_answer_cells = positions.n_answer_cells.or((!answer.is_empty()).then_some(answer.len()));
            let limit = n_answer_cells.filter(|_| !request.is_empty()).unwrap_or(usize::MAX);
            let named = |cell: &StagedCell| targets[cell.column as usize].as_slice();
            let of_answer = answer.iter().enumerate().map(|(i, cell)| ((i < limit).then_some(i), named(cell), cell));
            let of_request = request.iter().enumerate().map(|(i, cell)| (n_answer_cells.map(|n| n + i), &[][..], cell));
            for (position, named, cell) in of_answer.chain(of_request) {
                let at = position.and_then(|position| by_position.get(position));
                let at = at.into_iter().flatten().map(|&i| (i, true));
                for (i, is_whole) in at.chain(named.iter().copied()).filter(|&(i, _)| !is_found[i]) {
                    if is_whole && columns[i].n_cells_in_row() > 0 {
                        return Err(Reason::DuplicateKey);
                    }
                    is_hit[i] = true;
                    let mut inline = [0; 16];
                    match sheet.text_of(cell, &mut inline) {
                        Some(text) if is_whole && wanted[i].lists.are_taken() => columns[i].push_list(text)?,
                        text => columns[i].push(text),
                    }
                }
            }
            for i in (0..n_wanted).filter(|&i| !is_found[i]) {
                is_doubtful[i] |= columns[i].n_cells_in_row() > 1 && !wanted[i].lists.are_taken();
                columns[i].end_row();
            }
        }
        for i in 0..n_wanted {
            if is_found[i] {
                continue;
            }
            is_found[i] = is_hit[i] && !is_doubtful[i];
            if !is_found[i] {
                columns[i].clear();
            }
        }
        Ok(())
    }

    /// Learns which of the wanted the sheet's new columns are. A list under a name has columns of its own,
    /// called by the name and a number.
    fn learn(&mut self) {
        for column in self.targets.len()..self.sheet.n_columns() {
            let name = self.sheet.name(column as u32);
            let whole = self.by_name.get(name).into_iter().flatten().map(|&i| (i, true));
            let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            let list = name.rsplit_once('.').filter(|(_, number)| is_number(number)).map(|(list, _)| list);
            let elements = list.and_then(|list| self.by_name.get(list)).into_iter().flatten().map(|&i| (i, false));
            // A list of one element is called as that element is.
            let first = self.by_name.get(&format!("{name}.0")).into_iter().flatten().map(|&i| (i, false));
            self.targets.push(whole.chain(elements).chain(first).collect());
        }
    }

    /// Looks for expressions, and for names as paths of keys.
    fn look_in_values(&mut self, values: &[Value<'_, '_>]) -> Result<(), Reason> {
        let is_expression = |wanted: &Wanted| matches!(wanted.attribute, Some(Attribute::Path(_)));
        let any_expression =
            self.wanted.iter().zip(&self.is_found).any(|(wanted, found)| !found && is_expression(wanted));
        let mut searched = Vec::new();
        if any_expression {
            searched = values.iter().map(|&value| Searched::of(value)).collect::<Result<Vec<_>, _>>()?;
        }
        // Of several values each makes rows: where one has nothing to give, that is a null.
        let is_one = values.len() == 1;
        for (i, wanted) in self.wanted.iter().enumerate() {
            if self.is_found[i] {
                continue;
            }
            let column = &mut self.columns[i];
            for (at, value) in values.iter().enumerate() {
                let is_found = match &wanted.attribute {
                    Some(Attribute::Path(path)) => {
                        column.push_found(&searched[at], &path.search(&searched[at]), wanted.lists)
                    }
                    Some(Attribute::Name(name)) => match value.at_keys(name) {
                        Some(found) => column.push_rows(found, wanted.lists)?,
                        None => false,
                    },
                    Some(Attribute::Index(_)) | None => false,
                };
                if !is_found && !is_one {
                    column.push_row(None);
                }
                self.is_found[i] |= is_found;
            }
            if !self.is_found[i] {
                column.clear();
            }
        }
        Ok(())
    }

    /// The number of rows, about which all that was found agree.
    fn agree(&self) -> Result<usize, Reason> {
        let mut counts = self.counts();
        match counts.next() {
            Some(n_rows) if counts.all(|other| other == n_rows) => Ok(n_rows),
            Some(_) => Err(Reason::RowCountMismatch),
            None => Ok(self.outputs.n_rows().max(self.inputs.n_rows())),
        }
    }
}
