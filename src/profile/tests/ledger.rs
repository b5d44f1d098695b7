//! Accounts that balance, and accounts that must not.

use super::batches::{Row, batch};
use crate::decode::{
    CELLS_DROPPED, Loss, LostRecords, MergedLabels, OBJECT, OBSERVED, OPENED, Observation, ROWS_SHORT, Reason,
    SkipReason, detail, lost, merged, read, skipped,
};
use crate::profile::{Ledger, LedgerSummary, OTHER_VARIANTS};
use crate::summary::Summary;

fn rejected(reason: Reason, line: u64) -> Row {
    Row { reason: Some(reason as u8), ..Row::used(line) }
}

fn account(object: &str, rows: &[Row]) -> LedgerSummary {
    let mut summary = LedgerSummary::default();
    summary.observe(&batch(&[], &[], &[(OPENED, ""), (OBJECT, object)]));
    summary.observe(&batch(rows, &[], &[(OBJECT, object)]));
    summary
}

fn loss(line: u64, reason: Reason, n: u64, n_bytes: u64) -> Loss {
    Loss { reason, line, records: LostRecords::Estimated(n), n_bytes, n_bytes_missing: 0 }
}

#[test]
fn every_record_object_and_byte_is_accounted_for() {
    let rows = [
        Row::used(1),
        Row { starts_record: false, ..Row::used(1) },
        Row { time: None, ..Row::used(2) },
        rejected(Reason::OutsideWindow, 3),
        rejected(Reason::FilteredOut, 5),
        rejected(Reason::FilteredOut, 6),
        rejected(Reason::InvalidJson, 4),
        Row { starts_record: false, ..rejected(Reason::InvalidJson, 4) },
    ];
    let mut summary = account("a.jsonl", &rows);
    summary.observe(&skipped(".b", SkipReason::DotFile, 9));
    summary.observe(&read("a.jsonl", 700));
    summary.observe(&lost("a.jsonl", &loss(4, Reason::Corrupt, 0, 40)));
    let ledger = Ledger { n_objects_listed: 2, n_bytes_listed: 749, ..summary.finish() };
    assert_eq!(ledger.imbalance(), None);
    assert_eq!((ledger.n_bytes_read, &ledger.bytes_skipped), (700, &[("dot_file", 9)].into()));
    let short = Ledger { n_bytes_listed: 750, ..ledger.clone() };
    assert_eq!(short.imbalance().as_deref(), Some("750 bytes were listed, but 700 read, 9 skipped and 40 lost"));
    assert_eq!((ledger.n_records_seen, ledger.n_records_used, ledger.n_rows), (6, 2, 3));
    assert_eq!(ledger.n_records_filtered_out, 2);
    assert_eq!((ledger.n_records_outside_window, ledger.n_records_without_time), (1, 1));
    assert_eq!(ledger.records_rejected.iter().collect::<Vec<_>>(), [(&"invalid_json", &1)]);
    assert_eq!(ledger.objects_skipped.iter().collect::<Vec<_>>(), [(&"dot_file", &1)]);
    assert_eq!(ledger.n_records_rejected(), 1);
}

#[test]
fn five_samples_of_each_reason_are_kept_in_order() {
    let rows: Vec<Row> = (1..=4).map(|line| rejected(Reason::InvalidUtf8, line)).collect();
    let mut summary = account("a", &rows);
    let mixed: Vec<Row> =
        (1..=7).flat_map(|line| [rejected(Reason::InvalidUtf8, line), rejected(Reason::Corrupt, line)]).collect();
    summary.merge(account("b", &mixed));
    let ledger = summary.finish();
    let of = |reason: &str| -> Vec<_> {
        let samples = ledger.samples.iter().filter(|sample| sample.reason == reason);
        samples.map(|sample| (sample.object.as_str(), sample.line)).collect()
    };
    assert_eq!(of("invalid_utf8"), [("a", 1), ("a", 2), ("a", 3), ("a", 4), ("b", 1)]);
    assert_eq!(of("corrupt"), [("b", 1), ("b", 2), ("b", 3), ("b", 4), ("b", 5)]);
    assert_eq!(ledger.records_rejected["invalid_utf8"], 11);
    assert_eq!(ledger.n_objects_opened, 2);
}

#[test]
fn used_records_are_counted_by_the_variant_of_their_folder() {
    let seen = |object: &str, rows: &[Row]| {
        let mut summary = LedgerSummary::of_captures("s3://bucket/shop");
        summary.observe(&batch(rows, &[], &[(OBJECT, object)]));
        summary
    };
    let mut summary = seen("B/2026/03/02/09/x", &[Row::used(1), Row { starts_record: false, ..Row::used(1) }]);
    summary.merge(seen("A/2026/03/02/09/x", &[Row::used(1), Row { time: None, ..Row::used(2) }]));
    summary.merge(seen("A/2026/03/02/10/x", &[Row::used(1), rejected(Reason::InvalidJson, 2)]));
    summary.merge(seen("C/2026/03/02/10/x", &[rejected(Reason::OutsideWindow, 2)]));
    summary.merge(seen("elsewhere/x", &[Row::used(1)]));
    let variants = summary.finish().variants;
    assert_eq!(variants.into_iter().collect::<Vec<_>>(), [("A".to_owned(), 3), ("B".to_owned(), 1)]);
    let mut many = LedgerSummary::default();
    for i in 0..70 {
        many.merge(seen(&format!("v{i:02}/2026/03/02/09/x"), &[Row::used(1)]));
    }
    let variants = many.finish().variants;
    assert_eq!((variants.len(), variants[OTHER_VARIANTS]), (65, 6));
}

#[test]
fn a_sample_has_its_detail_whether_it_is_told_before_or_after() {
    let told = |line: u64, text: &str| detail("a", line, Reason::RowCountMismatch, text);
    let mut summary = LedgerSummary::default();
    summary.observe(&told(2, "3 rows, 2 answers"));
    summary.observe(&batch(&[1, 2].map(|line| rejected(Reason::RowCountMismatch, line)), &[], &[(OBJECT, "a")]));
    summary.observe(&told(1, "5 rows, 4 answers"));
    (10..100).for_each(|line| summary.observe(&told(line, "never seen")));
    let mut total = LedgerSummary::default();
    total.merge(summary);
    let samples = total.finish().samples;
    let details: Vec<_> = samples.iter().map(|sample| (sample.line, sample.detail.as_deref())).collect();
    assert_eq!(details, [(1, Some("5 rows, 4 answers")), (2, Some("3 rows, 2 answers"))]);
}

#[test]
fn what_decoders_tell_of_objects_is_added_up() {
    let telling = |word: &str| {
        let mut summary = account("a", &[Row::used(1)]);
        for (key, value) in [(OBSERVED, word), (ROWS_SHORT, "2"), (CELLS_DROPPED, "3")] {
            summary.observe(&batch(&[], &[], &[(key, value)]));
        }
        summary.observe(&merged("a", MergedLabels { n_records: 5, n_too_few: 2, n_too_many: 1 }));
        summary
    };
    let mut summary = telling(Observation::Tabs.name());
    summary.merge(telling(Observation::JsonLines.name()));
    summary.merge(telling(Observation::Tabs.name()));
    let ledger = summary.finish();
    assert_eq!(ledger.observations.into_iter().collect::<Vec<_>>(), [("json_lines", 1), ("tabs", 2)]);
    assert_eq!((ledger.n_rows_short, ledger.n_cells_dropped), (6, 9));
    assert_eq!(ledger.merged_labels, MergedLabels { n_records: 15, n_too_few: 6, n_too_many: 3 });
}

#[test]
fn what_is_lost_is_added_up_by_reason_and_has_samples() {
    let mut summary = account("a", &[Row::used(1)]);
    summary.observe(&lost("a", &loss(2, Reason::Corrupt, 20_000, 4_096)));
    let mut other = account("b", &[Row::used(1)]);
    other.observe(&lost("b", &loss(9, Reason::Truncated, 0, 7)));
    other.observe(&lost("b", &loss(3, Reason::Corrupt, 5, u64::MAX)));
    summary.merge(other);
    let ledger = Ledger { n_objects_listed: 2, n_bytes_listed: u64::MAX, ..summary.finish() };
    assert_eq!(ledger.imbalance(), None);
    assert_eq!(ledger.n_records_seen, 2);
    assert_eq!(ledger.records_lost.iter().collect::<Vec<_>>(), [(&"corrupt", &20_005)]);
    assert_eq!(ledger.bytes_lost.iter().collect::<Vec<_>>(), [(&"corrupt", &u64::MAX), (&"truncated", &7)]);
    let samples: Vec<_> =
        ledger.samples.iter().map(|sample| (&sample.object[..], sample.line, sample.reason)).collect();
    assert_eq!(samples, [("a", 2, "corrupt"), ("b", 9, "truncated"), ("b", 3, "corrupt")]);
}

#[test]
fn what_goes_missing_shows() {
    let lost_object = Ledger { n_objects_listed: 3, ..account("a", &[Row::used(1)]).finish() };
    assert!(lost_object.imbalance().is_some_and(|text| text.contains("objects")));
    let unknown = Row { reason: Some(250), ..Row::used(1) };
    let lost_record = Ledger { n_objects_listed: 1, ..account("a", &[unknown]).finish() };
    assert!(lost_record.imbalance().is_some_and(|text| text.contains("records")));
    let mut summary = account("a", &[Row::used(1)]);
    summary.observe(&batch(&[Row::used(1)], &[], &[]).project(&[1, 2]).expect("two columns"));
    let foreign = Ledger { n_objects_listed: 1, ..summary.finish() };
    assert!(foreign.imbalance().is_some_and(|text| text.contains("layout")));
}
