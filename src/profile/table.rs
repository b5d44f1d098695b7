//! Table summary: the open statistics of all columns of a table.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{Array, AsArray, RecordBatch, StringViewArray};
use arrow::datatypes::{Schema, SchemaRef};
use rayon::prelude::*;

use super::column::ColumnSummary;
use super::domains::Domains;
use super::statistics::TableStatistics;
use crate::decode::{Meta, Order};
use crate::summary::Summary;

/// Batches of at least this many cells are spread over the cores, column by column.
const MIN_PARALLEL_CELLS: usize = 1 << 14;

/// Everything seen of a table, in batches of the layout of [`crate::decode`].
///
/// Statistics are those of an empty summary into which every split's was merged in turn, also
/// when there is one split only; [`Summary::finish`] adds nothing.
#[derive(Debug, Default)]
pub struct TableSummary {
    n_rows: u64,
    columns: Vec<Column>,
    places: HashMap<String, usize>,
    domains: Option<Arc<Domains>>,
    last_schema: Option<KnownSchema>,
}

#[derive(Debug)]
struct Column {
    name: String,
    /// Sorts the table's columns.
    order: String,
    summary: ColumnSummary,
}

/// A schema and where its cell columns are in the table.
#[derive(Debug)]
struct KnownSchema {
    schema: SchemaRef,
    places: Vec<usize>,
}

impl TableSummary {
    /// A summary that counts the cells inside their columns' domains.
    pub fn watching(domains: Arc<Domains>) -> Self {
        Self { domains: Some(domains), ..Self::default() }
    }

    /// The place of a column, which is made if it is new. `order` is kept when it is the smaller one.
    fn place(&mut self, name: &str, order: &str) -> usize {
        if let Some(place) = self.places.get(name) {
            let column = &mut self.columns[*place];
            if order < column.order.as_str() {
                order.clone_into(&mut column.order);
            }
            return *place;
        }
        let domain = self.domains.as_ref().and_then(|domains| domains.of(name));
        let summary = ColumnSummary::watching(domain);
        self.columns.push(Column { name: name.to_owned(), order: order.to_owned(), summary });
        self.places.insert(name.to_owned(), self.columns.len() - 1);
        self.columns.len() - 1
    }

    /// The places of a schema's cell columns, looked up once for batches that share the schema.
    fn places_of(&mut self, schema: &SchemaRef) -> Vec<usize> {
        if let Some(known) = self.last_schema.as_ref().filter(|known| Arc::ptr_eq(&known.schema, schema)) {
            return known.places.clone();
        }
        let places: Vec<usize> = cell_orders(schema).map(|(name, order)| self.place(name, order)).collect();
        self.last_schema = Some(KnownSchema { schema: schema.clone(), places: places.clone() });
        places
    }
}

/// Names and order texts of a schema's cell columns.
fn cell_orders(schema: &Schema) -> impl Iterator<Item = (&str, &str)> {
    let fields = schema.fields().iter().skip(Meta::WIDTH);
    fields.map(|field| (field.name().as_str(), Order::text_of(field)))
}

impl Summary for TableSummary {
    type Input = RecordBatch;
    type Output = TableStatistics;

    fn observe(&mut self, batch: &RecordBatch) {
        let Some(meta) = Meta::of(batch) else { return };
        self.n_rows += meta.reason.null_count() as u64;
        let places = self.places_of(batch.schema_ref());
        let mut cells: Vec<Option<&StringViewArray>> = vec![None; self.columns.len()];
        for (place, array) in places.into_iter().zip(&batch.columns()[Meta::WIDTH..]) {
            cells[place] = array.as_string_view_opt();
        }
        let observe = |(column, cells): (&mut Column, Option<&StringViewArray>)| {
            if let Some(cells) = cells {
                column.summary.observe(cells);
            }
        };
        if batch.num_rows() * (batch.num_columns() - Meta::WIDTH) < MIN_PARALLEL_CELLS {
            self.columns.iter_mut().zip(cells).for_each(observe);
        } else {
            self.columns.par_iter_mut().with_max_len(1).zip(cells).for_each(observe);
        }
    }

    fn merge(&mut self, other: Self) {
        self.n_rows += other.n_rows;
        if self.domains.is_none() {
            self.domains = other.domains;
        }
        for column in other.columns {
            let place = self.place(&column.name, &column.order);
            self.columns[place].summary.merge(column.summary);
        }
    }

    fn finish(mut self) -> TableStatistics {
        self.columns.sort_by(|a, b| a.order.cmp(&b.order).then_with(|| a.name.cmp(&b.name)));
        let n_rows = self.n_rows;
        let columns = self.columns.into_iter().map(|column| column.summary.finish(column.name, n_rows)).collect();
        TableStatistics { n_rows, columns, outputs_are_last: false }
    }

    fn memory(&self) -> usize {
        let names = |column: &Column| 2 * column.name.capacity() + column.order.capacity();
        let columns: usize = self.columns.iter().map(|column| names(column) + column.summary.memory()).sum();
        let tables = self.columns.capacity() * size_of::<Column>()
            + self.places.capacity() * (size_of::<String>() + size_of::<usize>());
        columns + tables + self.domains.as_ref().map_or(0, |domains| domains.memory())
    }
}
