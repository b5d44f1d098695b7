//! JSON decoder of cells: one value, a record of one or more rows.

use std::sync::Arc;

use crate::decode::batch::builder::{BatchBuilder, RecordMark};
use crate::decode::batch::order::Side;
use crate::decode::batch::record_format::RecordFormat;
use crate::decode::batch::staged::StagedRows;
use crate::decode::formats::description;
use crate::decode::payload::Content;
use crate::decode::reason::{Observation, Reason};
use crate::decode::rows::naming::Naming;
use crate::decode::rows::reading::ReadPayload;
use crate::decode::rows::stager::{Scratch, Stager};

/// Decodes one JSON value as a record of one or more rows.
#[derive(Debug, Default)]
pub struct JsonFormat {
    naming: Naming,
    rows: StagedRows,
    scratch: Scratch,
    /// Paths of lists beside an envelope's rows that have no element for each of them.
    fixed_lists: Arc<[String]>,
    /// Whether objects of lists have a row for each element.
    lists_are_columns: bool,
}

impl JsonFormat {
    pub fn new(naming: Naming, fixed_lists: Arc<[String]>, lists_are_columns: bool) -> Self {
        Self { naming, fixed_lists, lists_are_columns, ..Self::default() }
    }
}

impl RecordFormat for JsonFormat {
    fn decode(&mut self, builder: &mut BatchBuilder, text: &str, line: u64) {
        let mark = RecordMark { line, time: None };
        self.rows.clear();
        let mut stager = Stager {
            builder,
            naming: &mut self.naming,
            side: Side::Input,
            rows: &mut self.rows,
            scratch: &mut self.scratch,
        };
        let (mut opened, mut tape) = (String::new(), Vec::new());
        let staged = Content::record(text, &mut opened, &mut tape).and_then(|content| {
            let reading = ReadPayload::alone(content, &self.fixed_lists).reading;
            if self.lists_are_columns && reading.has_unequal_lists() {
                return Err(Reason::RowCountMismatch);
            }
            stager.builder.observe(reading.holds_lists_of_rows().then_some(Observation::ListsMayBeRowsInRecords));
            stager.stage(&reading)
        });
        match staged.and_then(|()| builder.accept(mark, &[&self.rows])) {
            Ok(()) => {
                self.naming.keep();
                builder.observe(self.naming.are_of_two_kinds.then_some(Observation::CellsOfTwoKinds));
            }
            Err(reason) => {
                builder.reject(mark, reason);
                builder.details.add(line, reason, || match reason {
                    Reason::InvalidJson => description::broken(text),
                    Reason::RowCountMismatch => description::lists_in(text),
                    _ => None,
                });
                self.naming.forget();
            }
        }
    }
}
