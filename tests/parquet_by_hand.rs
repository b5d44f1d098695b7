//! Parquet files made by hand. Those that ask for more memory than they say, in a few kilobytes or a megabyte: their rows
//! are lost and counted, or the memory limit is named, and no memory is taken. And what no program writes any more.

use std::io::Write;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, BinaryArray, ListArray, NullArray, RecordBatch};
use arrow::datatypes::Int64Type;
use bytes::Bytes;
use model_monitor::decode::{self, CellReason, ParquetFault, ParquetFile, UnreadableCells};
use parquet::basic::{Compression, Encoding};
use parquet::file::metadata::{
    ColumnChunkMetaData, FileMetaData, ParquetMetaData, ParquetMetaDataWriter, RowGroupMetaData,
};
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::SchemaDescriptor;

const MB: usize = 1 << 20;
/// Memory that a file may take while it is read.
const MEMORY: u64 = 16 << 20;
/// Most bytes of one value.
const MAX_VALUE: u64 = 32 << 20;
/// And the whole test with it, in kB: less than what any of these files asks for.
const MOST_MEMORY: u64 = 192 << 10;
/// What the bombs unfold to.
const UNFOLDED: usize = 256 * MB;
/// Rows of a file.
const ROWS: usize = 10;

/// Kinds of pages (apache/parquet-format, `parquet.thrift`).
const DATA: i64 = 0;
const DICTIONARY: i64 = 2;

/// One page.
struct Page {
    kind: i64,
    n_values: usize,
    encoding: Encoding,
    /// Bytes that it unfolds to, as its header says.
    says: usize,
    stored: Vec<u8>,
}

/// A page of plain values that are not compressed.
fn page(n_values: usize, encoding: Encoding, stored: Vec<u8>) -> Page {
    Page { kind: DATA, n_values, encoding, says: stored.len(), stored }
}

fn varint(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}

/// A field of a structure whose id is one more than the last one's, or `step` more.
fn number(step: u8, value: i64) -> Vec<u8> {
    [vec![step << 4 | 5], varint((value << 1) as u64)].concat()
}

impl Page {
    fn bytes(&self) -> Vec<u8> {
        let sizes = [number(1, self.kind), number(1, self.says as i64), number(1, self.stored.len() as i64)].concat();
        let values = [number(1, self.n_values as i64), number(1, self.encoding as i64)].concat();
        let levels = if self.kind == DATA { [number(1, 3), number(1, 3)].concat() } else { Vec::new() };
        let place: u8 = if self.kind == DATA { 2 } else { 4 };
        [sizes, vec![place << 4 | 12], values, levels, vec![0, 0], self.stored.clone()].concat()
    }
}

/// A file of one column.
fn file(column: &str, n_values: usize, compression: Compression, pages: &[Page]) -> Vec<u8> {
    let schema = Arc::new(parse_message_type(&format!("message rows {{ {column} }}")).expect("a schema"));
    let schema = Arc::new(SchemaDescriptor::new(schema));
    let chunk: Vec<u8> = pages.iter().flat_map(Page::bytes).collect();
    let dictionary = (pages[0].kind == DICTIONARY).then_some(4);
    let unfolded = pages.iter().map(|page| page.says as i64).sum();
    let described = ColumnChunkMetaData::builder(schema.column(0))
        .set_compression(compression)
        .set_num_values(n_values as i64)
        .set_dictionary_page_offset(dictionary)
        .set_data_page_offset(4 + dictionary.map_or(0, |_| pages[0].bytes().len() as i64))
        .set_total_compressed_size(chunk.len() as i64)
        .set_total_uncompressed_size(unfolded)
        .build()
        .expect("a column");
    let group = RowGroupMetaData::builder(schema.clone())
        .set_num_rows(ROWS as i64)
        .set_total_byte_size(unfolded)
        .set_column_metadata(vec![described])
        .build()
        .expect("a row group");
    let file_metadata = FileMetaData::new(1, ROWS as i64, None, None, schema, None);
    let mut file = [b"PAR1".to_vec(), chunk].concat();
    ParquetMetaDataWriter::new(&mut file, &ParquetMetaData::new(file_metadata, vec![group]))
        .finish()
        .expect("a footer");
    file
}

/// The cells of a file's column, or why they cannot be read.
fn read(file: Vec<u8>) -> Result<Vec<Option<String>>, ParquetFault> {
    read_within(MEMORY, file)
}

fn read_within(memory: u64, file: Vec<u8>) -> Result<Vec<Option<String>>, ParquetFault> {
    let file = ParquetFile::open(Bytes::from(file), memory, MAX_VALUE)?;
    let (mut group, mut cells) = (file.row_group(0), Vec::new());
    while let Some(batch) = group.next_batch()? {
        let batch = decode::cells("x", 1, &batch, &mut UnreadableCells::default()).expect("cells");
        let column = batch.columns().last().expect("a column");
        let column = column.as_string_view();
        cells.extend(column.iter().map(|cell| cell.map(str::to_owned)));
    }
    assert_eq!(group.n_left(), 0);
    Ok(cells)
}

/// Most memory of this process so far, in kB.
fn most_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or(0, |line| line.trim().trim_end_matches(" kB").parse().unwrap())
}

/// Zero bytes, compressed a megabyte at a time.
fn packed_zeros(compression: Compression, n_bytes: usize) -> Vec<u8> {
    fn fill(writer: &mut impl Write, n_bytes: usize) {
        let zeros = vec![0; n_bytes.min(MB)];
        (0..n_bytes.div_ceil(MB)).for_each(|_| writer.write_all(&zeros).unwrap());
    }
    match compression {
        Compression::GZIP(_) => {
            let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            fill(&mut writer, n_bytes);
            writer.finish().unwrap()
        }
        Compression::BROTLI(_) => {
            let mut packed = Vec::new();
            fill(&mut brotli::CompressorWriter::new(&mut packed, 4 << 10, 1, 20), n_bytes);
            packed
        }
        Compression::ZSTD(_) => {
            let mut writer = zstd::stream::Encoder::new(Vec::new(), 1).unwrap();
            fill(&mut writer, n_bytes);
            writer.finish().unwrap()
        }
        Compression::LZ4 => {
            let mut writer = lz4_flex::frame::FrameEncoder::new(Vec::new());
            fill(&mut writer, n_bytes);
            writer.finish().unwrap()
        }
        Compression::LZ4_RAW => lz4_flex::block::compress(&vec![0; n_bytes.min(8 * MB)]),
        Compression::SNAPPY => snap::raw::Encoder::new().compress_vec(&vec![0; n_bytes.min(8 * MB)]).unwrap(),
        _ => unreachable!("no compression"),
    }
}

fn compressions() -> [Compression; 6] {
    use Compression::{BROTLI, GZIP, LZ4, LZ4_RAW, SNAPPY, ZSTD};
    [GZIP(Default::default()), BROTLI(Default::default()), ZSTD(Default::default()), LZ4, LZ4_RAW, SNAPPY]
}

#[test]
fn a_page_that_unfolds_to_what_its_header_says_is_read() {
    for compression in compressions() {
        let stored = packed_zeros(compression, 8 * ROWS);
        let whole = Page { kind: DATA, n_values: ROWS, encoding: Encoding::PLAIN, says: 8 * ROWS, stored };
        let cells = read(file("required double x;", ROWS, compression, &[whole])).expect("rows");
        assert_eq!(cells, vec![Some("0.0".to_owned()); ROWS], "{compression}");
    }
}

#[test]
fn a_page_that_unfolds_to_more_or_less_than_its_header_says_is_damaged() {
    for compression in compressions() {
        let packed = packed_zeros(compression, UNFOLDED);
        for says in [8 * ROWS, 1 << 10, 12 * MB] {
            let stored = packed.clone();
            let bomb = Page { kind: DATA, n_values: ROWS, encoding: Encoding::PLAIN, says, stored };
            let fault = read(file("required double x;", ROWS, compression, &[bomb])).expect_err("a bomb");
            assert!(matches!(fault, ParquetFault::Damaged(_)), "{compression}: {fault}");
        }
    }
    assert!(most_memory() < MOST_MEMORY, "{} kB", most_memory());
}

/// Differences of equal numbers: a block of any length in a few bytes.
fn equal_numbers(n: usize, value: i64) -> Vec<u8> {
    let n_blocks = n.saturating_sub(1).div_ceil(1 << 30);
    let head = [varint(1 << 30), varint(1), varint(n as u64), varint((value << 1) as u64)].concat();
    [head, [0, 0].repeat(n_blocks)].concat()
}

/// The first number, and nine times the other: a block of 128 in four parts, of which the first is used.
fn ten_numbers(first: i32, others: i32) -> Vec<u8> {
    let step = others.wrapping_sub(first);
    let least = step.min(0);
    let differences = (0..32).flat_map(|i| if i == 0 { step - least } else { -least }.to_le_bytes());
    let zigzag = |number: i32| varint(((number << 1) ^ (number >> 31)) as u32 as u64);
    let head = [varint(128), varint(4), varint(ROWS as u64), zigzag(first), zigzag(least)].concat();
    [head, vec![32, 0, 0, 0], differences.collect()].concat()
}

#[test]
fn texts_of_one_long_prefix_are_held_against_the_limit() {
    // Ten texts that repeat the first one, of 2 MB: that is what a file may say. Of 20 MB: beyond the limit.
    for (length, is_read) in [(MB, true), (2 * MB, false)] {
        let (prefixes, suffixes) = (ten_numbers(0, length as i32), ten_numbers(length as i32, 0));
        let data = [prefixes, suffixes, vec![b'a'; length]].concat();
        let texts = file(
            "required binary x (UTF8);",
            ROWS,
            Compression::UNCOMPRESSED,
            &[page(ROWS, Encoding::DELTA_BYTE_ARRAY, data)],
        );
        match read(texts) {
            Ok(cells) => assert!(is_read && cells == vec![Some("a".repeat(length)); ROWS]),
            Err(fault) => assert!(!is_read && matches!(fault, ParquetFault::Memory { .. }), "{fault}"),
        }
    }
}

#[test]
fn a_text_that_shares_more_than_the_one_before_has_is_damaged() {
    let prefixes = equal_numbers(ROWS, 3);
    let data = [prefixes, equal_numbers(ROWS, 1), vec![b'a'; ROWS]].concat();
    let texts = file(
        "required binary x (UTF8);",
        ROWS,
        Compression::UNCOMPRESSED,
        &[page(ROWS, Encoding::DELTA_BYTE_ARRAY, data)],
    );
    assert!(matches!(read(texts), Err(ParquetFault::Damaged(_))));
}

#[test]
fn lengths_without_bytes_are_held_against_the_limit() {
    let n = 200 * MB;
    for encoding in [Encoding::DELTA_LENGTH_BYTE_ARRAY, Encoding::DELTA_BYTE_ARRAY] {
        let data = [equal_numbers(n, 0), equal_numbers(n, 0)].concat();
        let texts = file("required binary x (UTF8);", n, Compression::UNCOMPRESSED, &[page(n, encoding, data)]);
        let fault = read(texts).expect_err("too many lengths");
        assert!(matches!(fault, ParquetFault::Memory { .. }), "{encoding}: {fault}");
    }
    assert!(most_memory() < MOST_MEMORY, "{} kB", most_memory());
}

#[test]
fn a_dictionary_of_empty_texts_is_held_against_the_limit() {
    let n = MB;
    let words = Page { kind: DICTIONARY, n_values: n, encoding: Encoding::PLAIN, says: 4 * n, stored: vec![0; 4 * n] };
    let indices = page(ROWS, Encoding::RLE_DICTIONARY, vec![1, 2 * ROWS as u8, 0]);
    let texts = file("required binary x (UTF8);", ROWS, Compression::UNCOMPRESSED, &[words, indices]);
    let fault = read(texts.clone()).expect_err("too many texts");
    assert!(matches!(fault, ParquetFault::Memory { .. }), "{fault}");
    assert!(fault.to_string().contains("it can be read with --memory-limit 22MB"), "{fault}");
    assert_eq!(read_within(22 << 20, texts).expect("texts"), vec![Some(String::new()); ROWS]);
}

#[test]
fn a_list_of_a_value_that_repeats_is_held_against_the_limit() {
    // Nine rows of one value, and one of all others; each level is a run of a few bytes. A row has less than one may on
    // average.
    let n = 15 * MB;
    let run = |n: usize, level: u8| [varint(2 * n as u64), vec![level]].concat();
    let levels = |runs: Vec<u8>| [(runs.len() as u32).to_le_bytes().to_vec(), runs].concat();
    let repetition = levels([run(ROWS, 0), run(n - ROWS, 1)].concat());
    let definition = levels(run(n, 1));
    let data = [repetition, definition, vec![1], run(n, 0)].concat();
    let words = Page { kind: DICTIONARY, n_values: 1, encoding: Encoding::PLAIN, says: 8, stored: vec![0; 8] };
    let lists =
        file("repeated double x;", n, Compression::UNCOMPRESSED, &[words, page(n, Encoding::RLE_DICTIONARY, data)]);
    let fault = read(lists).expect_err("too many values");
    assert!(matches!(fault, ParquetFault::Memory { .. }), "{fault}");
    assert!(most_memory() < MOST_MEMORY, "{} kB", most_memory());
}

#[test]
fn times_of_96_bits_reach_beyond_those_of_nanoseconds() {
    // Nanoseconds of the day, and the Julian day; the last is 9999-12-31.
    let time = |day: u32, nanoseconds: u64| [&nanoseconds.to_le_bytes()[..], &day.to_le_bytes()].concat();
    let times = [time(2_440_588, 1_500), time(5_373_484, 0)].concat().repeat(ROWS / 2);
    let cells = read(file("required int96 x;", ROWS, Compression::UNCOMPRESSED, &[page(ROWS, Encoding::PLAIN, times)]));
    let cells: Vec<String> = cells.expect("times").into_iter().flatten().collect();
    assert_eq!(cells[..2], ["1970-01-01T00:00:00.000001", "9999-12-31T00:00:00"]);
}

#[test]
fn a_long_list_in_one_row_makes_only_its_neighbours_wide() {
    let lists = (0..4_000).map(|row| Some(vec![Some(i64::from(row)); if row == 1_234 { 10_000 } else { 1 }]));
    let lists: ArrayRef = Arc::new(ListArray::from_iter_primitive::<Int64Type, _, _>(lists));
    let rows = RecordBatch::try_from_iter([("x", lists)]).unwrap();
    let parts = decode::cells_in_parts("x", 1, &rows, &mut UnreadableCells::default()).expect("cells");
    let mut next = 1;
    for part in &parts {
        let first = part.column_by_name("x.0").expect("a column").as_string_view();
        let numbers: Vec<usize> = first.iter().flatten().map(|cell| cell.parse().unwrap()).collect();
        assert_eq!(numbers, (next - 1..next - 1 + part.num_rows()).collect::<Vec<_>>());
        assert_eq!(decode::Meta::of(part).unwrap().line.value(0), next as u64);
        next += part.num_rows();
        assert!(part.num_rows() * part.num_columns() <= 1 << 20, "{} rows", part.num_rows());
    }
    assert_eq!(next, 4_001);
    assert!(parts.len() < 20, "{} parts", parts.len());
    assert!(most_memory() < MOST_MEMORY, "{} kB", most_memory());
}

#[test]
fn a_column_without_a_type_holds_nothing() {
    let rows = RecordBatch::try_from_iter([("x", Arc::new(NullArray::new(ROWS)) as ArrayRef)]).unwrap();
    let mut unreadable = UnreadableCells::default();
    let cells = decode::cells("x", 1, &rows, &mut unreadable).expect("cells");
    assert_eq!((cells.columns().last().map(|column| column.null_count()), unreadable.n_cells()), (Some(ROWS), 0));
}

#[test]
fn bytes_that_are_no_text_are_null_and_counted() {
    let bytes: ArrayRef = Arc::new(BinaryArray::from_vec(vec![b"text", b"\xff\xfe", b"\xff\xfd"]));
    let rows = RecordBatch::try_from_iter([("x", bytes)]).unwrap();
    let mut unreadable = UnreadableCells::default();
    let cells = decode::cells("x", 1, &rows, &mut unreadable).expect("cells");
    assert_eq!(cells.columns().last().map(|column| column.null_count()), Some(2));
    assert_eq!(unreadable.iter().collect::<Vec<_>>(), [(CellReason::NotText, "x", 2)]);
}
