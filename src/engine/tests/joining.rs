//! Tests of the label join and fold.

use std::collections::HashMap;
use std::fmt::Write;
use std::path::Path;

use super::support::*;
use crate::engine::{JoinInputs, JoinOutput, ScoreSort, Session, join};
use crate::error;
use crate::pairing::DuplicatePolicy;

type Result = crate::error::Result<JoinOutput<Count, Count, Rows, Rows, Count>>;

async fn join_in(folder: &Path, policy: DuplicatePolicy, session: &Session) -> Result {
    let inputs = join_inputs(folder, policy).await;
    join(session, &inputs, (Count::default, Count::default), (Rows::default, Rows::default), None::<ScoreSort<Count>>)
        .await
}

/// Scatters numbers.
fn mixed(i: u64) -> u64 {
    i.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20
}

/// Captures and labels in an order of their own; the labels of ids that are multiples of 10 are missing.
fn many(folder: &Path, n: u64) -> HashMap<String, String> {
    let id = |i: u64| format!("{:016x}-{i:019}", mixed(i));
    let mut expected = HashMap::new();
    for part in 0..3 {
        let mut captures = "id,prediction,score.0\n".to_owned();
        let mut labels = "id,label,other_readings\n".to_owned();
        for i in (0..n).filter(|i| mixed(*i) % 3 == part) {
            let _ = writeln!(captures, "{},{},0.{}", id(i), i % 2, i % 1_000);
        }
        for i in (0..n).rev().filter(|i| mixed(*i + 1) % 3 == part && i % 10 != 0) {
            let _ = writeln!(labels, "{},{},", id(i), i % 3 % 2);
            expected.insert(id(i), format!("{} {} 0.{} {}", id(i), i % 2, i % 1_000, i % 3 % 2));
        }
        place(folder, &format!("captures/part-{part}.csv"), &captures);
        place(folder, &format!("labels/2024/05/06/07/part-{part}.csv"), &labels);
    }
    expected
}

#[test]
fn rows_get_the_label_of_their_id() {
    let folder = tempfile::tempdir().expect("a folder");
    let expected = many(folder.path(), 5_000);
    let joined = run(join_in(folder.path(), DuplicatePolicy::Nearest, &session(2, PLENTY))).expect("joined rows");
    let mut rows = joined.rows.0;
    assert_eq!((joined.captures.0, joined.labels.0, rows.len()), (5_000, 4_500, 4_500));
    rows.sort_unstable();
    let mut expected: Vec<String> = expected.into_values().collect();
    expected.sort_unstable();
    assert!(rows == expected, "{:?}", rows.iter().zip(&expected).find(|(a, b)| a != b));
    let pairs = joined.pairs;
    assert_eq!(pairs.imbalance(), None);
    assert_eq!((pairs.n_captures, pairs.n_labels, pairs.n_matched), (5_000, 4_500, 4_500));
    assert_eq!((pairs.n_captures_without_label, pairs.n_rows_labelled), (500, 4_500));
}

#[test]
fn threads_and_memory_change_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    many(folder.path(), 120_000);
    let joined_with = |n_threads, memory| {
        let session = session(n_threads, memory);
        let joined = run(join_in(folder.path(), DuplicatePolicy::Last, &session)).expect("joined rows");
        (joined.rows, joined.pairs, session.spill_folders())
    };
    let (rows, pairs, in_memory) = joined_with(1, PLENTY);
    assert_eq!(rows.0.len(), 108_000);
    assert!(in_memory.is_empty());
    for n_threads in [2, 4] {
        let (other_rows, other_pairs, _) = joined_with(n_threads, PLENTY);
        assert!(other_rows == rows && other_pairs == pairs, "{n_threads} threads");
    }
    let (spilled_rows, spilled_pairs, folders) = joined_with(2, LITTLE);
    assert!(spilled_rows == rows && spilled_pairs == pairs);
    assert!(!folders.is_empty(), "nothing went to disk");
    assert!(folders.iter().all(|folder| !folder.exists()), "the folder of temporary files is still there");
}

#[test]
fn ids_that_are_missing_are_counted() {
    let folder = tempfile::tempdir().expect("a folder");
    place(folder.path(), "captures/a.csv", "id,prediction\na,1\n,0\nb,1\n");
    place(folder.path(), "labels/a.csv", "id,label,other_readings\n,1,\n,1,\na,0,\nc,0,\n");
    let joined = run(join_in(folder.path(), DuplicatePolicy::Nearest, &session(1, PLENTY))).expect("joined rows");
    let pairs = joined.pairs;
    assert_eq!(joined.rows.0, ["a 1 0"]);
    assert_eq!((pairs.n_captures_without_id, pairs.n_labels_without_id, pairs.n_labels_without_capture), (1, 2, 1));
    assert_eq!((pairs.n_captures, pairs.n_labels, pairs.n_delays_unknown), (3, 4, 1));
    assert_eq!(pairs.imbalance(), None);
}

#[test]
fn the_last_upload_of_an_id_serves() {
    let folder = tempfile::tempdir().expect("a folder");
    place(folder.path(), "captures/a.csv", "id,prediction\na,1\n");
    place(folder.path(), "labels/2024/05/06/07/z.csv", "id,label,other_readings\na,first,\n");
    place(folder.path(), "labels/2024/05/06/08/b.csv", "id,label,other_readings\na,third,\na,fourth,\n");
    place(
        folder.path(),
        "labels/2024/05/06/08/a.csv",
        "id,label,other_readings\na,\"second, and the largest file by far\",\n",
    );
    for (policy, label) in [(DuplicatePolicy::Last, "fourth"), (DuplicatePolicy::First, "first")] {
        let joined = run(join_in(folder.path(), policy, &session(2, PLENTY))).expect("joined rows");
        assert_eq!(joined.rows.0, [format!("a 1 {label}")]);
        assert_eq!((joined.pairs.n_labels_superseded, joined.pairs.n_labels_repeated), (3, 3));
    }
}

#[test]
fn as_many_label_records_of_a_file_as_a_request_has_rows_label_these() {
    let folder = tempfile::tempdir().expect("a folder");
    let capture = |id: &str, data: &str| {
        let side = format!(r#"{{"endpointOutput":{{"data":"{data}","encoding":"CSV"}}}}"#);
        format!(r#"{{"captureData":{side},"eventMetadata":{{"eventId":"{id}"}},"eventVersion":"0"}}"#) + "\n"
    };
    let two = r"1,0.1\n0,0.2";
    let captures = [("a", two), ("a", two), ("b", "1,0.3"), ("c", two), ("d", two)];
    let captures: String = captures.iter().map(|(id, data)| capture(id, data)).collect();
    place(folder.path(), "captures/a.jsonl", &captures);
    // Two rows of a; corrections of b; one row of c too many; rows of d in two files.
    let labels = "id,label\na,x\nb,old\nc,1\nb,new\nc,2\na,y\nd,1\nc,3\n";
    place(folder.path(), "labels/a.csv", labels);
    place(folder.path(), "labels/b.csv", "id,label\nd,2\n");
    let joined = run(async {
        let inputs = captured_inputs(folder.path()).await;
        let starts = (Count::default, Count::default);
        join(&session(2, PLENTY), &inputs, starts, (Rows::default, Rows::default), None::<ScoreSort<Count>>)
            .await
            .expect("joined rows")
    });
    let mut rows = joined.rows.0;
    rows.sort_unstable();
    let of_a = ["a 0 0.2 y", "a 0 0.2 y", "a 1 0.1 x", "a 1 0.1 x"];
    let of_others = ["b 1 0.3 new", "c 0 0.2 -", "c 1 0.1 -", "d 0 0.2 -", "d 1 0.1 -"];
    assert_eq!(rows, [&of_a[..], &of_others[..]].concat());
    let pairs = joined.pairs;
    assert_eq!((pairs.imbalance(), pairs.n_labels, pairs.n_too_few_labels), (None, 9, 2));
    assert_eq!((pairs.n_labels_used, pairs.n_labels_of_rows, pairs.n_labels_superseded), (5, 1, 4));
}

#[test]
fn an_id_that_is_labelled_very_often_has_its_last_label() {
    let folder = tempfile::tempdir().expect("a folder");
    place(folder.path(), "captures/a.csv", "id,prediction\na,1\n");
    let labels: String = (0..20_000).map(|label| format!("a,{label},\n")).collect();
    place(folder.path(), "labels/a.csv", &format!("id,label,other_readings\n{labels}"));
    let joined = run(join_in(folder.path(), DuplicatePolicy::Nearest, &session(1, PLENTY))).expect("joined rows");
    assert_eq!(joined.rows.0, ["a 1 19999"]);
    assert_eq!((joined.pairs.n_labels_of_rows, joined.pairs.n_labels_superseded), (0, 19_999));
}

#[test]
fn an_id_that_repeats_fails_the_job_that_asked_for_it() {
    let folder = tempfile::tempdir().expect("a folder");
    place(folder.path(), "captures/a.csv", "id,prediction\na,1\nb,1\nsecret,0\n");
    place(folder.path(), "labels/a.csv", "id,label,other_readings\nb,1,\nsecret,1,\n");
    let session = session(2, PLENTY);
    run(join_in(folder.path(), DuplicatePolicy::Error, &session)).expect("different ids");
    place(folder.path(), "labels/b.csv", "id,label,other_readings\nsecret,1,\n");
    let failed = run(join_in(folder.path(), DuplicatePolicy::Error, &session)).expect_err("an id twice");
    assert_eq!((failed.code().code, failed.place()), (error::DUPLICATE_IDS.code, "b.csv, line 2"));
    assert!(!failed.to_string().contains("secret"));
}

#[test]
fn nothing_joined_with_nothing_is_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let joined = run(join_in(folder.path(), DuplicatePolicy::Nearest, &session(1, PLENTY))).expect("joined rows");
    assert_eq!((joined.rows, joined.pairs), (Rows::default(), crate::pairing::JoinCounts::default()));
    place(folder.path(), "captures/a.csv", "id,prediction\na,1\n");
    let joined = run(join_in(folder.path(), DuplicatePolicy::Nearest, &session(1, PLENTY))).expect("joined rows");
    assert_eq!((joined.rows, joined.pairs.n_captures_without_label), (Rows::default(), 1));
}

#[test]
fn a_disk_that_is_full_has_its_code() {
    let folder = tempfile::tempdir().expect("a folder");
    many(folder.path(), 120_000);
    let session = session(2, LITTLE);
    session.limit_disk(1 << 20);
    let failed = run(join_in(folder.path(), DuplicatePolicy::Last, &session)).expect_err("no space");
    assert_eq!(failed.code().code, error::SPILL.code, "{failed}");
}

#[test]
fn captures_are_paired_by_their_hours() {
    let folder = tempfile::tempdir().expect("a folder");
    let capture = |id: &str, hour: u32, answer: &str| {
        format!(
            r#"{{"captureData":{{"endpointOutput":{{"data":"{answer}","encoding":"CSV"}}}},"eventMetadata":{{"eventId":"{id}","inferenceTime":"2024-05-06T{hour:02}:30:00Z"}},"eventVersion":"0"}}"#
        ) + "\n"
    };
    let label = |id: &str, label: &str| {
        format!(
            r#"{{"groundTruthData":{{"data":"{label}","encoding":"CSV"}},"eventMetadata":{{"eventId":"{id}"}},"eventVersion":"0"}}"#
        ) + "\n"
    };
    let captured = capture("a", 7, "1,0.5\\n0,0.25") + &capture("a", 9, "0,0.75") + &capture("b", 9, "1,1");
    place(folder.path(), "captures/2024/05/06/07/a.jsonl", &captured);
    place(folder.path(), "labels/2024/05/06/08/a.jsonl", &(label("a", "1,0") + &label("b", "0")));
    place(folder.path(), "labels/2024/05/06/09/a.jsonl", &label("a", "x"));
    let joined = run(async {
        let inputs = captured_inputs(folder.path()).await;
        let starts = (Count::default, Count::default);
        join(&session(2, PLENTY), &inputs, starts, (Rows::default, Rows::default), None::<ScoreSort<Count>>)
            .await
            .expect("joined rows")
    });
    let mut rows = joined.rows.0;
    rows.sort_unstable();
    assert_eq!(rows, ["a 0 0.25 0", "a 0 0.75 x", "a 1 0.5 1", "b 1 1 0"]);
    let pairs = joined.pairs;
    assert_eq!((pairs.n_matched, pairs.n_labelled_early, pairs.delays[0], pairs.n_rows_labelled), (3, 1, 3, 4));
}

#[test]
fn captures_that_can_be_read_in_several_ways_are_folded_as_their_labels_read_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let capture = |id: &str| {
        let data = r#"{\"p\":[[1,0.5],[0,0.25]]}"#;
        let metadata = if id.is_empty() { String::new() } else { format!(r#","eventMetadata":{{"eventId":"{id}"}}"#) };
        format!(r#"{{"captureData":{{"endpointOutput":{{"data":"{data}","encoding":"JSON"}}}}{metadata}}}"#) + "\n"
    };
    let plain = r#"{"captureData":{"endpointOutput":{"data":"1,0.9\n0,0.8","encoding":"CSV"}},"eventMetadata":{"eventId":"d"}}"#;
    let label = |id: &str, data: &str| {
        format!(r#"{{"groundTruthData":{{"data":"{data}","encoding":"CSV"}},"eventMetadata":{{"eventId":"{id}"}}}}"#)
            + "\n"
    };
    // One has two labels, two have one, two have none, of which one has no id.
    let captures = ["a", "b", "b", "c", ""].map(capture).concat();
    place(folder.path(), "captures/2024/05/06/07/a.jsonl", &format!("{captures}{plain}\n"));
    let labels = [label("a", "1,0"), label("b", "1"), label("d", "1,0")].concat();
    place(folder.path(), "labels/2024/05/06/08/a.jsonl", &labels);
    let joined = run(async {
        let inputs = captured_inputs(folder.path()).await;
        let starts = (Count::default, Count::default);
        let of_rows = (Rows::default, Rows::default);
        join(&session(2, PLENTY), &inputs, starts, of_rows, None::<ScoreSort<Count>>).await.expect("joined rows")
    });
    let [mut rows, mut open] = [joined.rows.0, joined.open.0];
    rows.sort_unstable();
    open.sort_unstable();
    assert_eq!(rows, ["a 0 0.25 0", "a 1 0.5 1", "b 1 0.5 1", "b 1 0.5 1", "d 0 0.8 0", "d 1 0.9 1"]);
    assert_eq!(open, ["a 0 0.25 -", "a 1 0.5 -", "b 1 0.5 -", "b 1 0.5 -", "c 1 0.5 -"]);
    // As first read: one row of each but the plain one, which has two.
    assert_eq!((joined.captures.0, joined.pairs.n_rows_first_read, joined.pairs.n_rows_read(7)), (7, 5, 8));
}

#[test]
fn of_an_id_in_several_variants_the_first_variant_is_paired() {
    let folder = tempfile::tempdir().expect("a folder");
    let capture = |id: &str, answer: &str, hour: &str| {
        format!(
            "{{\"captureData\":{{\"endpointOutput\":{{\"data\":\"{answer}\",\"encoding\":\"CSV\"}}}},\
             \"eventMetadata\":{{\"eventId\":\"{id}\",\"inferenceTime\":\"2026-03-02T{hour}:30:00Z\"}}}}\n"
        )
    };
    let truth =
        |id: &str| format!("{{\"groundTruthData\":{{\"data\":\"1\",\"encoding\":\"CSV\"}},\"eventId\":\"{id}\"}}\n");
    // The second variant's objects are larger, and earlier.
    let shadow: String = ["a", "b", "c", "b"].iter().map(|id| capture(id, "0,0.1", "08")).collect();
    place(folder.path(), "captures/shop/Shadow/2026/03/02/08/x.jsonl", &shadow);
    place(
        folder.path(),
        "captures/shop/Main/2026/03/02/09/x.jsonl",
        &(capture("a", "1,0.9", "09") + &capture("d", "1,0.8", "09")),
    );
    place(folder.path(), "labels/2026/03/02/10/x.jsonl", &["a", "b", "c", "d"].map(truth).concat());
    for policy in [DuplicatePolicy::Nearest, DuplicatePolicy::Last] {
        let joined = run(async {
            let inputs = JoinInputs { policy, ..captured_inputs(folder.path()).await };
            let session = session(2, PLENTY);
            join(
                &session,
                &inputs,
                (Count::default, Count::default),
                (Rows::default, Rows::default),
                None::<ScoreSort<Count>>,
            )
            .await
        });
        let joined = joined.expect("joined rows");
        let mut rows = joined.rows.0;
        rows.sort_unstable();
        assert_eq!(rows, ["a 1 0.9 1", "b 0 0.1 1", "b 0 0.1 1", "c 0 0.1 1", "d 1 0.8 1"]);
        let pairs = joined.pairs;
        assert_eq!((pairs.n_captures, pairs.n_matched, pairs.n_captures_other_variant), (6, 5, 1));
        assert_eq!((pairs.imbalance(), pairs.labelled_share()), (None, Some(1.0)));
    }
}
