//! Footer: the metadata of a file, held against the file before it is believed.
//!
//! Format: apache/parquet-format, `README.md`, "File format" and "Metadata".

use parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader, RowGroupMetaData};

use super::compact_thrift::walk_structure;
use super::fault::Fault;
use super::source::Source;

/// Bytes at the end of a file: the length of the footer, and a magic number.
const TAIL: u64 = 8;
const MAGIC: &[u8] = b"PAR1";
/// A footer's objects in memory take so many times its bytes.
const METADATA_FACTOR: u64 = 8;

/// The metadata of a file. Footers that would take more than `memory` bytes in memory are refused.
pub fn read(source: &impl Source, memory: u64) -> Result<ParquetMetaData, Fault> {
    let size = source.size();
    let footer_end = size.checked_sub(TAIL).ok_or_else(|| Fault::damaged("the file is too short for a footer"))?;
    let tail = source.read(footer_end..size).map_err(Fault::Unread)?;
    let length = match tail.split_first_chunk::<4>() {
        Some((length, magic)) if magic == MAGIC => u64::from(u32::from_le_bytes(*length)),
        _ => return Err(Fault::damaged("the file does not end as a Parquet file does")),
    };
    let footer_start =
        footer_end.checked_sub(length).ok_or_else(|| Fault::damaged("the footer is longer than the file"))?;
    if length.saturating_mul(METADATA_FACTOR) > memory {
        return Err(Fault::Memory { needed: length.saturating_mul(METADATA_FACTOR), limit: memory });
    }
    let footer = source.read(footer_start..footer_end).map_err(Fault::Unread)?;
    walk_structure(&mut &footer[..], &mut |_, _| ()).ok_or_else(|| Fault::damaged("the footer is damaged"))?;
    let metadata = ParquetMetaDataReader::decode_metadata(&footer).map_err(Fault::damaged)?;
    believable(&metadata, size)?;
    Ok(metadata)
}

/// Numbers of rows and places of columns must fit together and into the file.
fn believable(metadata: &ParquetMetaData, size: u64) -> Result<(), Fault> {
    let n_rows = metadata.row_groups().iter().try_fold(0_i64, |sum, group| {
        let is_number = group.num_rows() >= 0;
        sum.checked_add(group.num_rows()).filter(|_| is_number)
    });
    if n_rows != Some(metadata.file_metadata().num_rows()) {
        return Err(Fault::damaged("the footer's numbers of rows contradict each other"));
    }
    let n_columns = metadata.file_metadata().schema_descr().num_columns();
    if metadata.row_groups().iter().any(|group| group.num_columns() != n_columns) {
        return Err(Fault::damaged("a row group has other columns than the schema"));
    }
    if metadata.row_groups().iter().any(|group| n_bytes(group) > size) {
        return Err(Fault::damaged("a row group is larger than the file"));
    }
    Ok(())
}

/// Bytes of a row group as they lie in the file.
pub fn n_bytes(group: &RowGroupMetaData) -> u64 {
    let sizes = group.columns().iter().map(|column| u64::try_from(column.compressed_size()).unwrap_or(0));
    sizes.fold(0, u64::saturating_add)
}
