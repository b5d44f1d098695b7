//! Tests of sort records and overflow records.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use arrow::array::{ArrayRef, BooleanArray, Int64Array, RecordBatch, StringViewArray, UInt8Array, UInt64Array};
use arrow::buffer::Buffer;
use arrow::datatypes::Schema;
use proptest::prelude::*;

use super::support::{PLENTY, session};
use crate::decode::{Meta, OBJECT, cell_field, meta_fields, outcome};
use crate::engine::joined_rows::JoinedRows;
use crate::engine::label_record::LabelRecord;
use crate::engine::overflow_records::OverflowRecords;
use crate::engine::sort_record::{BatchCells, SortKey, SortRecord, hash_of};
use crate::pairing::{JoinCounts, Role};

type Cells = Vec<Option<String>>;

/// A batch of records of the same number of columns: the id, and the cells of each row.
fn batch(names: &[&str], records: &[(Option<&str>, Vec<Cells>)]) -> RecordBatch {
    let rows = || records.iter().flat_map(|(_, rows)| rows);
    let n_rows = rows().count();
    let starts = records.iter().flat_map(|(_, rows)| (0..rows.len()).map(|row| row == 0));
    let lines = (7..).zip(records).flat_map(|(line, (_, rows))| vec![line; rows.len()]);
    let ids = records.iter().flat_map(|(id, rows)| vec![*id; rows.len()]);
    let mut arrays: Vec<ArrayRef> = vec![
        Arc::new(UInt8Array::new_null(n_rows)),
        Arc::new(UInt64Array::from_iter_values(lines)),
        Arc::new(BooleanArray::from_iter(starts.map(Some))),
        Arc::new(Int64Array::from_value(5, n_rows)),
        Arc::new(StringViewArray::from_iter(ids)),
    ];
    let cells = |column: usize| rows().map(move |cells| cells[column].as_deref());
    arrays.extend((0..names.len()).map(|column| Arc::new(StringViewArray::from_iter(cells(column))) as ArrayRef));
    let mut fields = meta_fields();
    fields.extend([&outcome::ID].into_iter().chain(names).map(|name| cell_field(name, name)));
    RecordBatch::try_new(Arc::new(Schema::new_with_metadata(fields, HashMap::new())), arrays).expect("a batch")
}

fn through_a_sort(batch: &RecordBatch, role: Role) -> Vec<SortRecord> {
    let cells = BatchCells::of(batch).expect("the layout");
    let records = cells.records().map(|record| {
        let mut bytes = Vec::new();
        record.write(role, record.time(), &mut bytes);
        let key = SortKey { id_hash: hash_of(record.id().unwrap_or_default()), place: 1, object: 0, number: 3 };
        let key = SortKey::from_bytes(&key.to_bytes()).expect("a key");
        SortRecord::read(key, Buffer::from_vec(bytes)).expect("a record")
    });
    records.collect()
}

fn text(cells: &[&str]) -> Cells {
    cells.iter().map(|cell| Some((*cell).to_owned())).collect()
}

#[test]
fn rows_of_one_record_are_labelled_in_their_order_and_stand_together() {
    let captures = [
        (Some("a"), vec![text(&["1", "0.5"]), text(&["0", "0.25"]), text(&["1", "0.75"])]),
        (Some("b"), vec![text(&["0", "0.125"])]),
        (Some("c"), vec![text(&["1", "0.5"]), text(&["0", "0.25"])]),
    ];
    let captures = through_a_sort(&batch(&["prediction", "score.0"], &captures), Role::Capture);
    let label = |label: Option<&str>, others: Option<&str>| vec![label.map(str::to_owned), others.map(str::to_owned)];
    let several = label(Some("v\tw"), Some("[[[\"u\"],[\"v\"],[\"w\"]],[[\"v\"],[null]]]"));
    let labels = [
        (Some("a"), vec![label(Some("x"), None), label(Some("y"), None), label(None, None)]),
        (Some("b"), vec![label(Some("z"), None), label(None, None)]),
        (Some("c"), vec![several]),
    ];
    let labels = through_a_sort(&batch(&[outcome::LABEL, outcome::OTHER_READINGS], &labels), Role::Label);
    let names = Arc::new(OnceLock::from(vec!["prediction".to_owned(), "score.0".to_owned()]));
    let mut joined = JoinedRows::new(names, Arc::new(["object".to_owned()]));
    let mut pairs = JoinCounts::default();
    for (capture, label) in captures.iter().zip(&labels) {
        joined.push(capture, &LabelRecord::after(None, label.clone()), &mut pairs).expect("rows");
    }
    let batch = joined.take().expect("a batch").expect("rows");
    let meta = Meta::of(&batch).expect("the layout");
    assert_eq!(meta.starts_record.values().iter().collect::<Vec<_>>(), [true, false, false, true, true, false]);
    assert_eq!((meta.line.values().to_vec(), meta.time.value(0)), (vec![7, 7, 7, 8, 9, 9], 5));
    assert_eq!(batch.schema_ref().metadata().get(OBJECT).map(String::as_str), Some("object"));
    let cells = |name| outcome::cells_of(&batch, name).expect("a column").iter().map(|cell| cell.unwrap_or("-"));
    assert!(cells(outcome::ID).eq(["a", "a", "a", "b", "c", "c"]));
    assert!(cells("score.0").eq(["0.5", "0.25", "0.75", "0.125", "0.5", "0.25"]));
    assert!(cells(outcome::LABEL).eq(["x", "y", "-", "-", "v", "-"]), "two labels for one row are none");
    assert_eq!((pairs.n_too_few_labels, pairs.n_too_many_labels), (0, 1));
    assert_eq!((pairs.n_rows_labelled, pairs.n_rows_unlabelled), (3, 3));
}

#[test]
fn long_records_are_set_aside_and_fetched() {
    let session = session(1, PLENTY);
    let overflow = OverflowRecords::new(session.context());
    let records: Vec<Vec<u8>> = [0, 10, 8_191, 8_192, 100_000, 20_000].iter().map(|n| vec![*n as u8; *n]).collect();
    let mut sorted = Vec::new();
    for record in &records {
        let mut bytes = Vec::new();
        OverflowRecords::begin(&mut bytes);
        bytes.extend_from_slice(record);
        overflow.end(&mut bytes).expect("a record");
        assert!(bytes.len() <= 8_192);
        sorted.push(bytes);
    }
    for (bytes, record) in sorted.into_iter().zip(&records).rev() {
        assert_eq!(overflow.fetch(Buffer::from_vec(bytes)).expect("a record").as_slice(), record.as_slice());
    }
    for damaged in [&b""[..], b"\x01", b"\x02abc", b"\x01aaaaaaaaaaaaaaaa"] {
        assert!(overflow.fetch(Buffer::from_vec(damaged.to_vec())).is_err(), "{damaged:?}");
    }
}

#[test]
fn keys_sort_as_their_parts_do() {
    let key = |hash: u8, place, object, number| SortKey { id_hash: [hash; 16], place, object, number };
    let keys = [key(0, 9, 9, 9), key(1, 0, 9, 9), key(1, 300, 0, 9), key(1, 300, 1, 0), key(1, 300, 1, 256)];
    assert!(keys.is_sorted_by_key(|key| key.to_bytes()));
    assert!(keys.iter().all(|key| SortKey::from_bytes(&key.to_bytes()) == Some(*key)));
}

fn cell() -> impl Strategy<Value = Option<String>> {
    prop::option::of(prop_oneof![".{0,8}", ".{100,300}"])
}

proptest! {
    #[test]
    fn records_come_out_as_they_went_in(
        records in prop::collection::vec((".{1,40}", prop::collection::vec(prop::collection::vec(cell(), 2), 1..4)), 1..5),
    ) {
        let given: Vec<(Option<&str>, Vec<Cells>)> =
            records.iter().map(|(id, rows)| (Some(id.as_str()), rows.clone())).collect();
        let read = through_a_sort(&batch(&["x", "y"], &given), Role::Capture);
        prop_assert_eq!(read.len(), given.len());
        for (record, (id, rows)) in read.iter().zip(&given) {
            prop_assert_eq!((record.id(), record.n_rows, record.time), (*id, rows.len(), Some(5)));
            let mut cells = record.cells();
            for expected in rows.iter().flatten() {
                prop_assert_eq!(cells.next().map(|cell| cell.map(str::to_owned)), Some(expected.clone()));
            }
            prop_assert_eq!(cells.next(), None);
        }
    }

    #[test]
    fn damaged_records_are_noticed_or_read_but_do_no_harm(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        let key = SortKey { id_hash: [0; 16], place: 0, object: 0, number: 0 };
        if let Some(record) = SortRecord::read(key, Buffer::from_vec(bytes)) {
            let mut cells = record.cells();
            while cells.next().is_some() {}
        }
    }
}
