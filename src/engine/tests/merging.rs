//! Tests of the label join and merge.

use std::path::Path;
use std::sync::Arc;

use super::support::*;
use crate::decode::Window;
use crate::engine::{Merged, Session, merge};
use crate::pairing::DuplicatePolicy;
use crate::store::{Location, Spool};

async fn merge_in(folder: &Path, session: &Session) -> crate::error::Result<Merged<Count, Count>> {
    let inputs = join_inputs(folder, DuplicatePolicy::Nearest).await;
    let output = Location::Local(folder.join("merged"));
    merge(session, &inputs, (Count::default, Count::default), &output).await
}

const BEFORE: &str = r#"{"eventVersion":"0","groundTruthData":"#;

#[test]
fn merged_records_lie_in_the_captures_folders_in_their_order() {
    let folder = tempfile::tempdir().expect("a folder");
    place(folder.path(), "captures/end/all/2024/05/06/07/b.csv", "id,record\n1,C1}\n2,C2}\n3,C3}\n");
    place(folder.path(), "captures/end/all/2024/05/06/07/a.csv", "id,record\n4,C4}\n");
    place(folder.path(), "captures/end/all/2024/05/06/08/a.csv", "id,record\n5,C5}\n6,C6}\n");
    place(folder.path(), "captures/end/all/2024/05/06/09/a.csv", "id,record\n7,C7}\n");
    place(folder.path(), "labels/a.csv", "id,record\n6,L6\n1,L1\n4,L4\n3,L3\n8,L8\n");
    let merged = run(merge_in(folder.path(), &session(2, PLENTY))).expect("merged records");
    assert_eq!((merged.files.n_records(), merged.captures.0, merged.labels.0), (4, 7, 5));
    assert!(files(&folder.path().join("merged")).keys().all(|name| name.starts_with('.')));
    assert_eq!(run(merged.files.keep()).expect("files"), 2);
    assert_eq!((merged.pairs.n_matched, merged.pairs.imbalance()), (4, None));
    let files = files(&folder.path().join("merged"));
    let lines = |ids: &[u8]| ids.iter().map(|id| format!("{BEFORE}L{id},C{id}}}\n")).collect::<String>();
    let texts: Vec<&str> = files.values().map(String::as_str).collect();
    assert_eq!(texts, [lines(&[4, 1, 3]), lines(&[6])]);
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    assert!(names[0].starts_with("end/all/2024/05/06/07/part-00000-"), "{names:?}");
    assert!(names.iter().all(|name| name.ends_with(".c000.jsonl")), "{names:?}");
}

#[test]
fn the_same_input_gives_the_same_files_whatever_the_memory() {
    let folder = tempfile::tempdir().expect("a folder");
    let record = |i: u64, long: usize| "x".repeat(if i.is_multiple_of(50) { long } else { 300 });
    for hour in ["07", "08"] {
        let (mut captures, mut labels) = ("id,record\n".to_owned(), "id,record\n".to_owned());
        for i in 0..20_000 {
            captures += &format!("{hour}-{i},{i}{}\n", record(i, 9_000));
            labels += &format!("{hour}-{},{}\n", 19_999 - i, record(i + 1, 20_000));
        }
        place(folder.path(), &format!("captures/2024/05/06/{hour}/a.csv"), &captures);
        place(folder.path(), &format!("labels/{hour}.csv"), &labels);
    }
    let merged = |n_threads, memory| {
        let session = session(n_threads, memory);
        let merged = run(merge_in(folder.path(), &session)).expect("merged records");
        assert_eq!(merged.files.n_records(), 40_000);
        assert_eq!(run(merged.files.keep()).expect("files"), 2);
        let files = files(&folder.path().join("merged"));
        std::fs::remove_dir_all(folder.path().join("merged")).expect("no folder");
        (files, session.spill_folders().len())
    };
    let (files, _) = merged(1, PLENTY);
    assert!(merged(4, PLENTY).0 == files);
    let (spilled, n_folders) = merged(1, 96 << 20);
    assert!(spilled == files && n_folders == 1);
    let first = files.values().next().expect("a file");
    let begins = first.lines().map(|line| line.rsplit_once(',').expect("two records").1.trim_end_matches('x'));
    assert!(begins.map(|number| number.parse::<u32>().expect("a number")).eq(0..20_000));
}

#[test]
fn merges_of_different_windows_do_not_take_each_others_place() {
    let folder = tempfile::tempdir().expect("a folder");
    place(folder.path(), "captures/2024/05/06/07/a.csv", "id,record\n1,C1}\n");
    place(folder.path(), "labels/a.csv", "id,record\n1,L1\n");
    let output = Location::Local(folder.path().join("merged"));
    for end in [1, 2] {
        let mut inputs = run(join_inputs(folder.path(), DuplicatePolicy::Nearest));
        let captures = Arc::get_mut(&mut inputs.captures).expect("one owner");
        captures.settings.window = Window { start: None, end: Some(end) };
        let merged = run(merge(&session(1, PLENTY), &inputs, (Count::default, Count::default), &output));
        run(merged.expect("merged records").files.keep()).expect("a file");
    }
    assert_eq!(files(&folder.path().join("merged")).len(), 2);
}

#[test]
fn a_merge_that_is_given_up_leaves_nothing_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut captures, mut labels) = ("id,record\n".to_owned(), "id,record\n".to_owned());
    for i in 0..60_000 {
        captures += &format!("{i},{}\n", "x".repeat(500));
        labels += &format!("{i},y\n");
    }
    place(folder.path(), "captures/2024/05/06/07/a.csv", &captures);
    place(folder.path(), "labels/a.csv", &labels);
    let output = folder.path().join("merged");
    let session = session(1, 48 << 20);
    let spilled = run(async {
        let is_writing = || output.is_dir() && std::fs::read_dir(&output).is_ok_and(|mut files| files.next().is_some());
        let mut merging = Box::pin(merge_in(folder.path(), &session));
        while !is_writing() {
            tokio::select! {
                _ = &mut merging => panic!("the merge ended before it was given up"),
                () = tokio::time::sleep(std::time::Duration::from_millis(1)) => {}
            }
        }
        let spilled = session.spill_folders();
        drop(merging);
        drop(session);
        spilled
    });
    assert!(!spilled.is_empty() && spilled.iter().all(|folder| !folder.exists()), "{spilled:?}");
    assert!(files(&output).is_empty());
}

#[test]
fn merged_records_that_are_not_kept_are_removed() {
    let folder = tempfile::tempdir().expect("a folder");
    place(folder.path(), "captures/a.csv", "id,record\n1,C1}\n");
    place(folder.path(), "labels/a.csv", "id,record\n1,L1\n");
    let merged = run(merge_in(folder.path(), &session(2, PLENTY))).expect("merged records");
    assert_eq!(files(&folder.path().join("merged")).len(), 1);
    drop(merged);
    assert!(files(&folder.path().join("merged")).is_empty());
}

#[test]
fn a_job_that_fails_leaves_no_file() {
    let folder = tempfile::tempdir().expect("a folder");
    place(folder.path(), "captures/a.csv", "id,record\n1,C1}\n");
    place(folder.path(), "labels/a.csv", "id,record,more\n1,L1,x\n");
    run(merge_in(folder.path(), &session(2, PLENTY))).map(drop).expect_err("labels of two columns");
    assert!(files(&folder.path().join("merged")).is_empty());
}

#[test]
fn files_in_the_making_are_hidden_and_go_with_the_spool() {
    let folder = tempfile::tempdir().expect("a folder");
    let location = Location::Local(folder.path().to_path_buf());
    run(async {
        let mut spool = Spool::open(&location).await.expect("a spool");
        spool.begin("a/b.jsonl").expect("a file");
        spool.append(b"1\n").expect("a line");
        assert!(files(folder.path()).keys().all(|name| name.starts_with('.')));
        drop(spool);
        assert!(files(folder.path()).is_empty());

        let mut spool = Spool::open(&location).await.expect("a spool");
        for name in ["../a", "", "a//b", "a/\n"] {
            assert!(spool.begin(name).is_err(), "{name:?}");
        }
        for (name, text) in [("a/b.jsonl", "1\n"), ("c.jsonl", "2\n")] {
            spool.begin(name).expect("a file");
            spool.append(text.as_bytes()).expect("a line");
        }
        assert_eq!(spool.commit().await.expect("files"), 2);
    });
    let expected = [("a/b.jsonl", "1\n"), ("c.jsonl", "2\n")];
    assert!(files(folder.path()).iter().map(|(name, text)| (name.as_str(), text.as_str())).eq(expected));
}

#[test]
fn a_folder_in_the_way_fails_the_commit_before_any_file_has_its_name() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir_all(folder.path().join("b")).expect("a folder");
    run(async {
        let mut spool = Spool::open(&Location::Local(folder.path().to_path_buf())).await.expect("a spool");
        for name in ["a", "b"] {
            spool.begin(name).expect("a file");
        }
        spool.commit().await.expect_err("a folder in the way");
    });
    assert!(files(folder.path()).is_empty());
}

#[test]
fn merging_again_with_more_labels_replaces_what_was_merged() {
    let folder = tempfile::tempdir().expect("a folder");
    place(folder.path(), "captures/2024/05/06/07/a.csv", "id,record\n1,C1}\n2,C2}\n");
    place(folder.path(), "labels/a.csv", "id,record\n1,L1\n");
    let merged = || {
        let merged = run(merge_in(folder.path(), &session(1, PLENTY))).expect("merged records");
        run(merged.files.keep()).expect("files")
    };
    assert_eq!(merged(), 1);
    place(folder.path(), "labels/b.csv", "id,record\n2,L2\n");
    assert_eq!(merged(), 1);
    let files = files(&folder.path().join("merged"));
    assert_eq!(files.values().map(|text| text.lines().count()).collect::<Vec<_>>(), [2]);
}
