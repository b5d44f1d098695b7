//! Column naming: which column a cell belongs to, by position in the row or by the path of its JSON keys.
//!
//! Columns of outputs come before columns of inputs. Positions count across both sides, by the job's [`Positions`],
//! and take their names from the baseline, in its order, or are called `_c0`, `_c1`, …; paths are sorted,
//! numbers in them by value. Where a request has a column on both sides, the input's is called
//! `endpointInput.` and its name.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::decode::batch::builder::BatchBuilder;
use crate::decode::batch::order::{Order, Side};
use crate::decode::limits::{MAX_COLUMNS, MAX_NAME_BYTES};
use crate::decode::reason::Reason;
use crate::decode::settings::positions::Positions;
use crate::names::capture::ENDPOINT_INPUT;

/// Stands for a column that is not known.
const UNKNOWN: u32 = u32::MAX;

/// Name of the column at `position` (from 0) that has no name.
pub fn unnamed(position: usize) -> String {
    format!("_c{position}")
}

/// Finds columns quickly that were asked for before.
#[derive(Debug, Default)]
pub struct Naming {
    /// Names by position.
    names: Arc<[String]>,
    positions: Positions,
    /// Whether columns of outputs stand behind those of inputs.
    outputs_are_last: bool,
    /// What other positions are called before their number; `None`: [`unnamed`].
    others: Option<&'static str>,
    /// [`UNKNOWN`] where a position was not asked for yet.
    by_position: [Vec<u32>; 2],
    by_path: [HashMap<String, u32>; 2],
    /// Paths that were learnt since the last record was settled.
    fresh: Vec<(Side, String)>,
    fresh_positions: Vec<(Side, usize)>,
    /// Columns of the last row whose positions had to be kept apart from outputs.
    kept_apart: Vec<u32>,
    /// By column: the number of the last record that has it among its outputs.
    last_output: Vec<u64>,
    /// Number of the record in the making, from 1.
    n_records: u64,
    /// Of each side: whether the record in the making has cells by position, and by path.
    in_record: [[bool; 2]; 2],
    /// Whether a record of one side has cells by position alone, and another by path alone, in other columns.
    pub are_of_two_kinds: bool,
}

impl Naming {
    /// With the baseline's column names, in its order.
    pub fn with_names(names: Arc<[String]>) -> Self {
        Self { names, n_records: 1, ..Self::default() }
    }

    /// With the table's positions of each side's cells.
    pub fn at(self, positions: Positions) -> Self {
        Self { positions, ..self }
    }

    /// With the columns of outputs behind those of inputs, or before them.
    pub fn with_outputs_last(self, outputs_are_last: bool) -> Self {
        Self { outputs_are_last, ..self }
    }

    /// The side that columns of this one are sorted as.
    fn sorted_as(&self, side: Side) -> Side {
        match (self.outputs_are_last, side) {
            (false, side) => side,
            (true, Side::Input) => Side::Output,
            (true, Side::Output) => Side::Input,
        }
    }

    /// The position in the table of a side's `i`-th cell.
    pub fn place(&self, side: Side, i: usize) -> usize {
        self.positions.place(side, i)
    }

    /// Calls positions that have no name by a word and their number.
    pub fn calling_others(self, word: &'static str) -> Self {
        Self { others: Some(word), ..self }
    }

    fn name(&self, position: usize) -> String {
        let other = || self.others.map_or_else(|| unnamed(position), |word| format!("{word}{position}"));
        self.names.get(position).cloned().unwrap_or_else(other)
    }

    /// The columns of `n` cells that are known by position, from the side's `first` one on.
    pub fn positions(
        &mut self,
        builder: &mut BatchBuilder,
        side: Side,
        first: usize,
        n: usize,
    ) -> Result<&[u32], Reason> {
        self.in_record[side as usize][0] = true;
        let is_known =
            self.by_position[side as usize].get(first..first + n).is_some_and(|known| !known.contains(&UNKNOWN));
        if !is_known {
            (first..first + n).try_for_each(|position| self.learn_position(builder, side, position))?;
        }
        if side == Side::Output {
            (first..first + n).for_each(|position| self.mark_output(self.by_position[side as usize][position]));
        } else if self.by_position[side as usize][first..first + n].iter().any(|&column| self.is_output(column)) {
            self.kept_apart.clear();
            for position in first..first + n {
                let column = self.by_position[side as usize][position];
                let column = self.apart(builder, side, column)?;
                self.kept_apart.push(column);
            }
            return Ok(&self.kept_apart);
        }
        Ok(&self.by_position[side as usize][first..first + n])
    }

    fn learn_position(&mut self, builder: &mut BatchBuilder, side: Side, position: usize) -> Result<(), Reason> {
        if self.by_position[side as usize].get(position).is_some_and(|&column| column != UNKNOWN) {
            return Ok(());
        }
        if position >= MAX_COLUMNS {
            return Err(Reason::TooManyColumns);
        }
        let place = self.place(side, position);
        if place >= MAX_COLUMNS {
            return Err(Reason::TooManyColumns);
        }
        let column = builder.column(&self.name(place), &Order::position(self.sorted_as(side), place))?;
        let known = &mut self.by_position[side as usize];
        if known.len() <= position {
            known.resize(position + 1, UNKNOWN);
        }
        known[position] = column;
        self.fresh_positions.push((side, position));
        Ok(())
    }

    /// The column of a JSON path.
    pub fn path(&mut self, builder: &mut BatchBuilder, side: Side, path: &str) -> Result<u32, Reason> {
        let sorted_as = self.sorted_as(side);
        let column = self.called(builder, side, path, || Order::path(sorted_as, path))?;
        self.apart(builder, side, column)
    }

    /// The column of a side's `i`-th cell, which has one of `names`.
    pub fn named(&mut self, builder: &mut BatchBuilder, side: Side, names: &[String], i: usize) -> Result<u32, Reason> {
        let place = self.place(side, i);
        let order = Order::position(self.sorted_as(side), place);
        let column = match names.get(i).filter(|name| !name.is_empty()) {
            Some(name) => self.called(builder, side, name, || order)?,
            None => self.called(builder, side, &unnamed(place), || order)?,
        };
        self.apart(builder, side, column)
    }

    fn called(
        &mut self,
        builder: &mut BatchBuilder,
        side: Side,
        path: &str,
        order: impl FnOnce() -> Order,
    ) -> Result<u32, Reason> {
        self.in_record[side as usize][1] = true;
        if let Some(&column) = self.by_path[side as usize].get(path) {
            return Ok(column);
        }
        if path.len() > MAX_NAME_BYTES {
            return Err(Reason::NameTooLong);
        }
        let column = builder.column(path, &order())?;
        self.by_path[side as usize].insert(path.to_owned(), column);
        self.fresh.push((side, path.to_owned()));
        Ok(column)
    }

    /// Keeps a column of the inputs apart from the output of the same name in the same record.
    fn apart(&mut self, builder: &mut BatchBuilder, side: Side, column: u32) -> Result<u32, Reason> {
        if side == Side::Output {
            self.mark_output(column);
        } else if self.is_output(column) {
            let path = format!("{ENDPOINT_INPUT}.{}", builder.name(column));
            let sorted_as = self.sorted_as(side);
            return self.called(builder, side, &path, || Order::path(sorted_as, &path));
        }
        Ok(column)
    }

    fn mark_output(&mut self, column: u32) {
        let place = column as usize;
        if self.last_output.len() <= place {
            self.last_output.resize(place + 1, 0);
        }
        self.last_output[place] = self.n_records;
    }

    /// Whether the record in the making has the column among its outputs.
    fn is_output(&self, column: u32) -> bool {
        self.last_output.get(column as usize) == Some(&self.n_records)
    }

    /// The record was taken in: what was learnt from it stays.
    pub fn keep(&mut self) {
        if !(self.are_of_two_kinds || self.fresh.is_empty() && self.fresh_positions.is_empty()) {
            self.are_of_two_kinds = [Side::Output, Side::Input].into_iter().any(|side| self.is_of_another_kind(side));
        }
        self.end_record();
        self.fresh.clear();
        self.fresh_positions.clear();
    }

    /// Whether a side of the record in the making has new cells by position alone where others have some by path, or
    /// new ones by path alone where others have some by position, and none of these columns is one of those.
    fn is_of_another_kind(&self, side: Side) -> bool {
        let (positions, paths) = (&self.by_position[side as usize], &self.by_path[side as usize]);
        let is_new =
            || self.fresh.iter().any(|(of, _)| *of == side) || self.fresh_positions.iter().any(|(of, _)| *of == side);
        let are_apart = || {
            let positions: HashSet<&u32> = positions.iter().collect();
            !paths.values().any(|column| positions.contains(column))
        };
        let is_of_one_kind = self.in_record[side as usize] != [true; 2];
        is_of_one_kind && !positions.is_empty() && !paths.is_empty() && is_new() && are_apart()
    }

    fn end_record(&mut self) {
        self.n_records += 1;
        self.in_record = [[false; 2]; 2];
    }

    /// The record was rejected: what was learnt from it is forgotten.
    pub fn forget(&mut self) {
        self.end_record();
        for (side, path) in self.fresh.drain(..) {
            self.by_path[side as usize].remove(&path);
        }
        for (side, position) in self.fresh_positions.drain(..) {
            self.by_position[side as usize][position] = UNKNOWN;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_with_names_in_some_records_and_without_in_others_are_of_two_kinds() {
        let known: Arc<[String]> = ["age".to_owned()].into();
        type Case<'a> = (&'a [&'a [&'a str]], &'a [String], bool);
        let cases: [Case<'_>; 7] = [
            (&[&["0", "1"], &["age"]], &[], true),
            (&[&["age"], &["0"], &["age"]], &[], true),
            (&[&["0"], &["age"]], &known, false),
            (&[&["0", "model"], &["0", "1", "model"]], &[], false),
            (&[&["0"], &["0", "model"]], &[], false),
            (&[&["age"], &["age", "0"]], &[], false),
            (&[&["0"], &["1"]], &[], false),
        ];
        for (records, names, expected) in cases {
            let (mut builder, mut naming) = (BatchBuilder::new("object"), Naming::with_names(names.into()));
            for record in records {
                for cell in *record {
                    match cell.parse() {
                        Ok(position) => naming.positions(&mut builder, Side::Input, position, 1).map(|_| ()),
                        Err(_) => naming.path(&mut builder, Side::Input, cell).map(|_| ()),
                    }
                    .unwrap();
                }
                naming.keep();
            }
            assert_eq!(naming.are_of_two_kinds, expected, "{records:?}");
        }
    }

    #[test]
    fn columns_learnt_from_a_rejected_record_are_forgotten() {
        let mut builder = BatchBuilder::new("object");
        let mut naming = Naming::with_names(["score".to_owned()].into());
        let mark = crate::decode::batch::builder::RecordMark { line: 1, time: None };
        assert_eq!(naming.positions(&mut builder, Side::Output, 0, 1), Ok(&[0][..]));
        assert_eq!(naming.path(&mut builder, Side::Input, "phantom"), Ok(1));
        builder.reject(mark, Reason::InvalidPayload);
        naming.forget();
        assert_eq!(naming.path(&mut builder, Side::Input, "age"), Ok(0));
        assert_eq!(naming.positions(&mut builder, Side::Output, 0, 1), Ok(&[1][..]));
    }
}
