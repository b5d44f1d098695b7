//! Sort record: a record as the bytes of its key, by which it is sorted, and the bytes of its rows.
//!
//! A record holds its line, its time, its id and the cells of its rows. It is much smaller than the
//! columns it comes from, and of one size in memory and on disk.

use std::str;

use arrow::array::StringViewArray;
use arrow::array::{Array, RecordBatch};
use arrow::buffer::Buffer;
use sha2::{Digest, Sha256};

use crate::decode::{Meta, Reason, outcome};
use crate::pairing::Role;

/// Bytes of an id's hash in a key. Nobody can find two ids that share them.
const HASH: usize = 16;

/// The key sorts records by id, then by their place among those of their id, then as they were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SortKey {
    pub id_hash: [u8; HASH],
    /// See [`crate::pairing::place`].
    pub place: u64,
    /// Number of the object among its dataset's, in the order of names.
    pub object: u32,
    /// Number of the record in its object.
    pub number: u64,
}

impl SortKey {
    pub(super) const WIDTH: usize = HASH + 8 + 4 + 8;

    pub(super) fn to_bytes(self) -> [u8; Self::WIDTH] {
        let mut bytes = [0; Self::WIDTH];
        bytes[..16].copy_from_slice(&self.id_hash);
        bytes[16..24].copy_from_slice(&self.place.to_be_bytes());
        bytes[24..28].copy_from_slice(&self.object.to_be_bytes());
        bytes[28..].copy_from_slice(&self.number.to_be_bytes());
        bytes
    }

    /// Reads what [`Self::to_bytes`] wrote.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (id_hash, rest) = bytes.split_first_chunk()?;
        let (place, rest) = rest.split_first_chunk()?;
        let (object, rest) = rest.split_first_chunk()?;
        Some(Self {
            id_hash: *id_hash,
            place: u64::from_be_bytes(*place),
            object: u32::from_be_bytes(*object),
            number: u64::from_be_bytes(rest.try_into().ok()?),
        })
    }
}

/// The first bytes of the SHA-256 of an id.
pub(super) fn hash_of(id: &str) -> [u8; HASH] {
    let hash = Sha256::digest(id.as_bytes());
    let mut first = [0; HASH];
    first.copy_from_slice(&hash[..HASH]);
    first
}

/// The rows of one record in a batch, and all that is kept of them.
#[derive(Clone, Copy)]
pub(super) struct RecordRows<'a> {
    pub batch: &'a BatchCells<'a>,
    pub first_row: usize,
    /// None of a record outside the window, of which only id and time are kept.
    pub n_rows: usize,
}

/// The columns of a batch of outcomes.
pub(super) struct BatchCells<'a> {
    pub meta: Meta<'a>,
    ids: Option<&'a StringViewArray>,
    /// The columns that are not the id, in their order.
    cells: Vec<&'a StringViewArray>,
    n_rows: usize,
}

impl<'a> BatchCells<'a> {
    /// `None` where the batch is not of the layout.
    pub(super) fn of(batch: &'a RecordBatch) -> Option<Self> {
        let fields = batch.schema_ref().fields().iter().skip(Meta::WIDTH);
        let names = fields.map(|field| field.name().as_str()).filter(|name| *name != outcome::ID);
        Some(Self {
            meta: Meta::of(batch)?,
            ids: outcome::cells_of(batch, outcome::ID),
            cells: names.map(|name| outcome::cells_of(batch, name)).collect::<Option<_>>()?,
            n_rows: batch.num_rows(),
        })
    }

    /// The records that are used and, without rows, those outside the window, in their order.
    pub(super) fn records(&'a self) -> impl Iterator<Item = RecordRows<'a>> {
        let mut next_row = 0;
        let records = std::iter::from_fn(move || {
            let first_row = next_row;
            (first_row < self.n_rows).then(|| {
                let begins = |row: &usize| self.meta.starts_record.value(*row);
                next_row = (first_row + 1..self.n_rows).find(begins).unwrap_or(self.n_rows);
                RecordRows { batch: self, first_row, n_rows: next_row - first_row }
            })
        });
        let reasons = self.meta.reason;
        records.filter_map(|record| {
            if reasons.is_null(record.first_row) {
                return Some(record);
            }
            let reason = Reason::from_code(reasons.value(record.first_row));
            reason.is_some_and(Reason::is_left_out).then_some(RecordRows { n_rows: 0, ..record })
        })
    }
}

impl RecordRows<'_> {
    pub(super) fn id(&self) -> Option<&str> {
        let ids = self.batch.ids.filter(|ids| ids.is_valid(self.first_row))?;
        Some(ids.value(self.first_row)).filter(|id| !id.is_empty())
    }

    pub(super) fn time(&self) -> Option<i64> {
        let times = self.batch.meta.time;
        times.is_valid(self.first_row).then(|| times.value(self.first_row))
    }

    /// Appends the record to `bytes`; of a label record the id is left out. `time` stands for the
    /// record's own.
    pub(super) fn write(&self, role: Role, time: Option<i64>, bytes: &mut Vec<u8>) {
        bytes.push(u8::from(role == Role::Capture));
        write_number(self.batch.meta.line.value(self.first_row), bytes);
        bytes.push(u8::from(time.is_some()));
        bytes.extend_from_slice(&time.unwrap_or_default().to_le_bytes());
        let id = if role == Role::Capture { self.id().unwrap_or_default() } else { "" };
        write_number(id.len() as u64, bytes);
        bytes.extend_from_slice(id.as_bytes());
        write_number(self.n_rows as u64, bytes);
        for row in self.first_row..self.first_row + self.n_rows {
            for cells in &self.batch.cells {
                if cells.is_null(row) {
                    write_number(0, bytes);
                } else {
                    let text = cells.value(row);
                    write_number(text.len() as u64 + 1, bytes);
                    bytes.extend_from_slice(text.as_bytes());
                }
            }
        }
    }
}

/// A record as a sort gives it. It shares its bytes with its batch.
#[derive(Clone, Debug)]
pub(super) struct SortRecord {
    pub role: Role,
    pub object: u32,
    pub number: u64,
    pub line: u64,
    /// Of a capture its time in milliseconds since 1970 (UTC), of a label record its hour since then.
    pub time: Option<i64>,
    /// None of a capture outside the window.
    pub n_rows: usize,
    bytes: Buffer,
    id: (usize, usize),
    cells: usize,
}

impl SortRecord {
    /// Reads what [`RecordRows::write`] wrote; `None` where it did not.
    pub(super) fn read(key: SortKey, bytes: Buffer) -> Option<Self> {
        let mut reader = ByteReader { bytes: &bytes, at: 0 };
        let role = if reader.take(1)? == [1] { Role::Capture } else { Role::Label };
        let line = reader.number()?;
        let has_time = reader.take(1)? == [1];
        let time = i64::from_le_bytes(reader.take(8)?.try_into().ok()?);
        let id_len = usize::try_from(reader.number()?).ok()?;
        let id = (reader.at, reader.at.checked_add(id_len)?);
        reader.take(id_len)?;
        let n_rows = usize::try_from(reader.number()?).ok()?;
        let cells = reader.at;
        let time = has_time.then_some(time);
        Some(Self { role, object: key.object, number: key.number, line, time, n_rows, bytes, id, cells })
    }

    /// A capture's id.
    pub(super) fn id(&self) -> Option<&str> {
        str::from_utf8(self.bytes.get(self.id.0..self.id.1)?).ok()
    }

    /// The cells, row by row.
    pub(super) fn cells(&self) -> Cells<'_> {
        Cells(ByteReader { bytes: &self.bytes, at: self.cells })
    }
}

/// The cells of a record that were not looked at yet.
pub(super) struct Cells<'a>(ByteReader<'a>);

impl<'a> Cells<'a> {
    /// The next cell; `None` where there is none that can be read.
    pub(super) fn next(&mut self) -> Option<Option<&'a str>> {
        let Some(len) = self.0.number()?.checked_sub(1) else { return Some(None) };
        str::from_utf8(self.0.take(usize::try_from(len).ok()?)?).ok().map(Some)
    }
}

struct ByteReader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> ByteReader<'a> {
    fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let taken = self.bytes.get(self.at..self.at.checked_add(n)?)?;
        self.at += n;
        Some(taken)
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = *self.take(1)?.first()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }
}

/// Appends a number, seven bits a byte, the lowest first; the last byte is below 128.
fn write_number(mut number: u64, bytes: &mut Vec<u8>) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}
