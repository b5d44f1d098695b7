//! Damaged Parquet files: mutated by their structure, every row is read, or lost and counted.

#[path = "support/job.rs"]
mod job;
#[path = "support/random.rs"]
mod random;

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, AsArray, BinaryArray, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, FixedSizeBinaryArray,
    Float32Array, Float64Array, Int32Array, Int64Array, ListArray, NullArray, RecordBatch, StringArray, StructArray,
    TimestampMicrosecondArray, new_null_array,
};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Int32Type, Int64Type};
use bytes::Bytes;
use job::Mounts;
use model_monitor::decode::{self, ParquetFile, UnreadableCells};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::properties::{WriterProperties, WriterVersion};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::schema::types::ColumnPath;
use random::{Random, n_trials};

const GROUP_ROWS: usize = 250;
const GROUPS: usize = 4;
const WRITTEN: u64 = (GROUP_ROWS * GROUPS) as u64;
/// Memory that a file may take while it is read.
const MEMORY: u64 = 64 << 20;
/// And the whole test with it, in kB.
const MOST_MEMORY: u64 = 512 << 10;

/// Rows of nearly every type that Parquet has.
fn rows() -> RecordBatch {
    let n = GROUP_ROWS * GROUPS;
    let some = |i: usize| !i.is_multiple_of(7);
    let doubles: Float64Array = (0..n).map(|i| some(i).then(|| i as f64 / 3.0)).collect();
    let floats = Float32Array::from_iter_values((0..n).map(|i| i as f32 / 8.0));
    let halves = cast(&floats, &DataType::Float16).unwrap();
    let words: StringArray = (0..n).map(|i| some(i).then(|| format!("word number {}", i % 40))).collect();
    let distinct: StringArray = (0..n).map(|i| Some(format!("{i} of many"))).collect();
    let keys: Int32Array = (0..n).map(|i| some(i).then_some((i % 3) as i32)).collect();
    let category = DictionaryArray::<Int32Type>::new(keys, Arc::new(StringArray::from(vec!["a", "b", "c"])));
    let lists = ListArray::from_iter_primitive::<Int64Type, _, _>(
        (0..n).map(|i| some(i).then(|| (0..i % 4).map(|element| Some(element as i64)).collect::<Vec<_>>())),
    );
    let inner: ArrayRef = Arc::new(Int32Array::from_iter_values(0..n as i32));
    let structs = StructArray::from(vec![(Arc::new(Field::new("inner", DataType::Int32, true)), inner)]);
    let fixed = FixedSizeBinaryArray::try_from_iter((0..n).map(|i| vec![b'a' + (i % 20) as u8; 5])).unwrap();
    let decimals = Decimal128Array::from_iter_values((0..n as i128).map(|i| i * 7)).with_precision_and_scale(30, 2);
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("row", Arc::new(Int64Array::from_iter_values(0..n as i64))),
        ("delta", Arc::new(Int64Array::from_iter_values((0..n as i64).map(|i| i * i)))),
        ("small", cast(&Int32Array::from_iter_values((0..n as i32).map(|i| i % 100)), &DataType::UInt8).unwrap()),
        ("flag", Arc::new((0..n).map(|i| some(i).then_some(i % 2 == 0)).collect::<BooleanArray>())),
        ("double", Arc::new(doubles)),
        ("float", Arc::new(floats)),
        ("half", halves),
        ("word", Arc::new(words)),
        ("prefixed", Arc::new(distinct.clone())),
        ("lengths", Arc::new(distinct)),
        ("bytes", Arc::new(BinaryArray::from_iter_values((0..n).map(|i| vec![i as u8; i % 9])))),
        ("fixed", Arc::new(fixed)),
        ("decimal", Arc::new(decimals.unwrap())),
        ("day", Arc::new(Date32Array::from_iter_values(0..n as i32))),
        ("time", Arc::new(TimestampMicrosecondArray::from_iter_values((0..n as i64).map(|i| i * 1_000_003)))),
        ("category", Arc::new(category)),
        ("list", Arc::new(lists)),
        ("struct", Arc::new(structs)),
        ("nothing", new_null_array(&DataType::Utf8, n)),
        ("null", Arc::new(NullArray::new(n))),
    ];
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true))).unwrap()
}

fn written(compression: Compression, version: WriterVersion) -> Vec<u8> {
    let of = |name: &str| ColumnPath::from(name);
    let properties = WriterProperties::builder()
        .set_compression(compression)
        .set_writer_version(version)
        .set_max_row_group_row_count(Some(GROUP_ROWS))
        .set_data_page_row_count_limit(100)
        .set_write_batch_size(50)
        .set_column_dictionary_enabled(of("delta"), false)
        .set_column_encoding(of("delta"), Encoding::DELTA_BINARY_PACKED)
        .set_column_dictionary_enabled(of("prefixed"), false)
        .set_column_encoding(of("prefixed"), Encoding::DELTA_BYTE_ARRAY)
        .set_column_dictionary_enabled(of("lengths"), false)
        .set_column_encoding(of("lengths"), Encoding::DELTA_LENGTH_BYTE_ARRAY)
        .set_column_dictionary_enabled(of("double"), false)
        .build();
    let rows = rows();
    let mut writer = ArrowWriter::try_new(Vec::new(), rows.schema(), Some(properties)).unwrap();
    writer.write(&rows).unwrap();
    writer.into_inner().unwrap()
}

/// Files of all compressions and both versions of pages.
fn files() -> Vec<Vec<u8>> {
    [
        (Compression::UNCOMPRESSED, WriterVersion::PARQUET_1_0),
        (Compression::SNAPPY, WriterVersion::PARQUET_1_0),
        (Compression::ZSTD(ZstdLevel::default()), WriterVersion::PARQUET_2_0),
        (Compression::UNCOMPRESSED, WriterVersion::PARQUET_2_0),
        (Compression::GZIP(Default::default()), WriterVersion::PARQUET_1_0),
    ]
    .map(|(compression, version)| written(compression, version))
    .into()
}

/// What became of a file's rows.
#[derive(Debug, Default)]
struct Account {
    used: u64,
    lost: u64,
    /// The numbers of the rows that were read, by the column that counts them; `None` where that is no number.
    rows: Vec<Option<i64>>,
}

/// Reads a file; `None` where its footer is damaged.
fn read(bytes: &[u8]) -> Option<Account> {
    let file = ParquetFile::open(Bytes::copy_from_slice(bytes), MEMORY, MEMORY).ok()?;
    let mut account = Account::default();
    for index in 0..file.n_row_groups() {
        let mut group = file.row_group(index);
        loop {
            let batch = match group.next_batch() {
                Ok(Some(batch)) => batch,
                Ok(None) => break,
                Err(_) => {
                    account.lost += group.n_left();
                    break;
                }
            };
            let cells = decode::guarded(|| decode::cells("x", 1, &batch, &mut UnreadableCells::default()));
            let Ok(Ok(cells)) = cells else {
                account.lost += batch.num_rows() as u64;
                continue;
            };
            account.used += cells.num_rows() as u64;
            let rows = cells.column_by_name("row").and_then(|column| column.as_string_view_opt());
            account.rows.extend(rows.into_iter().flatten().map(|text| text.and_then(|text| text.parse::<i64>().ok())));
        }
    }
    Some(account)
}

/// Where the pages of each row group lie, column by column.
fn chunks(bytes: &[u8]) -> Vec<Vec<Range<usize>>> {
    let reader = SerializedFileReader::new(Bytes::copy_from_slice(bytes)).unwrap();
    let range = |(start, length): (u64, u64)| start as usize..(start + length) as usize;
    let groups = reader.metadata().row_groups().iter();
    groups.map(|group| group.columns().iter().map(|column| range(column.byte_range())).collect()).collect()
}

/// Most memory of this process so far, in kB.
#[cfg(target_os = "linux")]
fn most_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[cfg(not(target_os = "linux"))]
fn most_memory() -> u64 {
    0
}

#[test]
fn whole_files_are_read_whole() {
    for file in files() {
        let account = read(&file).expect("a footer");
        assert_eq!((account.used, account.lost), (WRITTEN, 0));
        assert_eq!(account.rows, (0..WRITTEN as i64).map(Some).collect::<Vec<_>>());
    }
}

/// Damage in a row group, in headers of pages as often as behind them, costs that row group at most.
#[test]
fn a_damaged_row_group_costs_no_other_row() {
    let mut n_lost = 0;
    for (i, file) in files().iter().enumerate() {
        let chunks = chunks(file);
        for seed in 0..n_trials(100) {
            let mut random = Random((i << 32 | seed) as u64);
            let group = random.below(GROUPS);
            let chunk = &chunks[group][random.below(chunks[group].len())];
            if chunk.is_empty() {
                continue;
            }
            let header = chunk.start..chunk.end.min(chunk.start + 40);
            let mut bytes = file.clone();
            let place = if random.below(2) == 0 { &header } else { chunk };
            random.damage(&mut bytes, place);
            let account = read(&bytes).expect("the footer is whole");
            assert_eq!(account.used + account.lost, WRITTEN, "file {i}, seed {seed}: {} used", account.used);
            assert!(account.lost <= GROUP_ROWS as u64, "file {i}, seed {seed}: {} lost", account.lost);
            let others = (0..WRITTEN as i64).filter(|row| *row as usize / GROUP_ROWS != group);
            let mut found = account.rows.iter().flatten();
            let is_there = |row: i64| found.by_ref().any(|found| *found == row);
            assert!(others.clone().all(is_there), "file {i}, seed {seed}: rows of other groups are missing");
            n_lost += account.lost;
        }
    }
    assert!(n_lost > 0, "nothing was damaged");
    println!("tried: {} damaged row groups", files().len() * n_trials(100));
    assert!(most_memory() < MOST_MEMORY, "{} kB", most_memory());
}

/// A changed byte of a page that has a checksum is found.
#[test]
fn a_page_that_does_not_fit_its_checksum_is_lost() {
    /// Bytes at the end of a column that are no header.
    const DATA: usize = 8;
    let file = include_bytes!("data/checksums.parquet");
    let whole = read(file).expect("a footer");
    assert_eq!((whole.used, whole.lost), (100, 0));
    let places = chunks(file).into_iter().flatten().flat_map(|chunk| chunk.end - DATA..chunk.end);
    for at in places {
        let mut bytes = file.to_vec();
        bytes[at] ^= 4;
        let account = read(&bytes).expect("the footer is whole");
        assert_eq!((account.used, account.lost), (50, 50), "byte {at}");
    }
}

/// A footer that is damaged, or a file that is cut, is refused, or what it says is held against what is there.
#[test]
fn damaged_footers_and_cut_files_ask_for_no_memory() {
    let mut n_refused = 0;
    for (i, file) in files().iter().enumerate() {
        let length = u32::from_le_bytes(*file[..file.len() - 4].last_chunk::<4>().unwrap()) as usize;
        let footer = file.len() - 8 - length..file.len();
        for seed in 0..n_trials(100) {
            let mut random = Random((1 << 48 | i << 32 | seed) as u64);
            let mut bytes = file.clone();
            match random.below(4) {
                0 => bytes.truncate(random.below(file.len())),
                1 => random.damage(&mut bytes, &(file.len() - 8..file.len())),
                _ => random.damage(&mut bytes, &footer),
            }
            n_refused += usize::from(read(&bytes).is_none());
        }
    }
    assert!(n_refused > 0, "nothing was damaged");
    println!("tried: {} damaged footers and cut files of columns", files().len() * n_trials(100));
    assert!(most_memory() < MOST_MEMORY, "{} kB", most_memory());
}

/// The whole program: what it used and what it lost is what was written, or it failed with a code.
#[test]
fn a_job_over_damaged_files_balances_or_fails() {
    let arguments = ["run", "--max-rejected", "1", "--memory-limit", "64MB"];
    let file = &files()[1];
    let chunks = chunks(file);
    for seed in 0..n_trials(5) {
        let mut random = Random((2 << 48 | seed) as u64);
        let mut bytes = file.clone();
        let group = &chunks[random.below(GROUPS)];
        let chunk = &group[random.below(group.len())];
        random.damage(&mut bytes, &(chunk.start..chunk.end.min(chunk.start + 40)));
        let mounts = Mounts::new();
        mounts.place("x.parquet", &bytes);
        let done = mounts.run(&arguments, &[("dataset_format", r#"{"parquet":{}}"#)]);
        if done.exit != Some(0) {
            assert!(done.exit != Some(1) && done.stderr.contains("MM-"), "seed {seed}: {}", done.stderr);
            continue;
        }
        let ledger = done.report()["ledger"].clone();
        let records = &ledger["records"];
        let sum = |counts: &serde_json::Value| -> u64 {
            counts.as_object().into_iter().flatten().filter_map(|(_, n)| n.as_u64()).sum()
        };
        let accounted = records["used"].as_u64().unwrap() + sum(&records["rejected"]) + sum(&records["lost"]);
        assert_eq!(accounted, WRITTEN, "seed {seed}: {ledger}");
    }
}
