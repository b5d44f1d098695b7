//! Tests of the as-of pairing: named cases, and laws against a search through all pairs.

use std::collections::HashSet;

use proptest::prelude::*;

use super::*;

/// A record: its role, its hour (for captures with some minutes), its place of upload.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Record {
    role: Role,
    id: u8,
    hour: Option<i64>,
    upload: u32,
}

fn capture(hour: i64) -> Record {
    Record { role: Role::Capture, id: 0, hour: Some(hour), upload: 0 }
}

fn label(hour: i64) -> Record {
    Record { role: Role::Label, id: 0, hour: Some(hour), upload: 0 }
}

fn numbered(records: &[Record]) -> Vec<Record> {
    (0..).zip(records).map(|(upload, record)| Record { upload, ..*record }).collect()
}

/// A time within an hour.
fn time(hour: i64) -> i64 {
    hour * HOUR + 59 * 60_000
}

/// Feeds the records in their order; uploads of captures and the label records they got.
fn pair(policy: DuplicatePolicy, records: Vec<Record>) -> (Vec<(u32, u32)>, JoinCounts) {
    pair_inside(policy, records, |_| true)
}

/// As [`pair`], where only some captures are inside the window.
fn pair_inside(
    policy: DuplicatePolicy,
    mut records: Vec<Record>,
    is_inside: impl Fn(&Record) -> bool,
) -> (Vec<(u32, u32)>, JoinCounts) {
    records.sort_by_key(|record| (record.id, place(policy, record.role, record.hour), record.upload));
    let mut pairing = AsOfPairing::new(policy);
    let (mut served, mut unserved) = (Vec::new(), Vec::new());
    let mut id = None;
    for record in records {
        if id.replace(record.id).is_some_and(|id| id != record.id) {
            served.extend(pairing.end_id());
        }
        match record.role {
            Role::Label => pairing.label(record.hour, record.upload),
            Role::Capture if !is_inside(&record) => pairing.capture_outside_window(record.hour.map(time)),
            Role::Capture => served.extend(pairing.capture(record.hour.map(time), record.upload)),
        }
        unserved.extend(pairing.unserved());
    }
    served.extend(pairing.end_id());
    unserved.extend(pairing.unserved());
    let (last, pairs) = pairing.finish();
    served.extend(last);
    let all: HashSet<u32> = served.iter().map(|(capture, _)| *capture).chain(unserved).collect();
    assert_eq!(all.len() as u64, pairs.n_captures, "each capture is given back, with a label record or without");
    served.sort_unstable();
    (served, pairs)
}

/// The label record of a capture by the policies' words, looking at all records.
fn search(policy: DuplicatePolicy, capture: &Record, records: &[Record]) -> Option<u32> {
    let of_id = |role| move |record: &&Record| record.id == capture.id && record.role == role;
    let uploaded = |record: &Record| (record.hour.unwrap_or(i64::MAX), record.upload);
    let labels = || records.iter().filter(of_id(Role::Label));
    let found = match policy {
        DuplicatePolicy::Last => labels().max_by_key(|label| uploaded(label)),
        DuplicatePolicy::First => labels().min_by_key(|label| uploaded(label)),
        DuplicatePolicy::Nearest | DuplicatePolicy::Error => {
            let hour = |label: &Record| label.hour.unwrap_or(i64::MAX);
            let from = capture.hour.unwrap_or(i64::MIN);
            let hours = records.iter().filter(of_id(Role::Capture)).map(|capture| capture.hour.unwrap_or(i64::MIN));
            let next = hours.filter(|hour| *hour > from).min();
            let is_own = |hour: &i64| *hour >= from && next.is_none_or(|next| *hour < next);
            let own = labels().map(hour).filter(is_own).max().filter(|_| policy == DuplicatePolicy::Nearest);
            let nearest = own.or_else(|| labels().filter(|label| hour(label) >= from).map(hour).min());
            let is_alone = records.iter().filter(of_id(Role::Capture)).count() == 1;
            let early = labels().map(hour).max().filter(|_| is_alone);
            let chosen = nearest.or(early);
            labels().filter(|label| Some(hour(label)) == chosen).max_by_key(|label| label.upload)
        }
    };
    found.map(|label| label.upload)
}

#[test]
fn variants_are_told_before_all_records() {
    for policy in DuplicatePolicy::ALL {
        for role in [Role::Capture, Role::Label] {
            for hour in [None, Some(i64::MIN), Some(0), Some(i64::MAX)] {
                assert!(place(policy, role, hour) > VARIANT_PLACE, "{policy:?} {role:?} {hour:?}");
            }
        }
    }
}

#[test]
fn the_last_label_before_the_next_inference_serves() {
    let records = numbered(&[capture(5), label(4), label(5), label(6), capture(7), label(9), label(8)]);
    assert_eq!(pair(DuplicatePolicy::Nearest, records).0, [(0, 3), (4, 5)]);
}

#[test]
fn a_correction_replaces_the_label() {
    let (served, pairs) = pair(DuplicatePolicy::Nearest, numbered(&[capture(5), capture(5), label(6), label(30)]));
    assert_eq!(served, [(0, 3), (1, 3)]);
    assert_eq!((pairs.n_labels_used, pairs.n_labels_superseded), (1, 1));
}

#[test]
fn where_labels_come_after_the_next_inference_the_soonest_serves() {
    let records = numbered(&[capture(5), capture(6), label(7), label(8)]);
    assert_eq!(pair(DuplicatePolicy::Nearest, records).0, [(0, 2), (1, 3)]);
}

#[test]
fn of_one_hours_labels_the_last_upload_serves() {
    let records = numbered(&[label(5), capture(5), label(5)]);
    assert_eq!(pair(DuplicatePolicy::Nearest, records).0, [(1, 2)]);
}

#[test]
fn an_id_captured_once_may_be_labelled_early() {
    let records = numbered(&[label(3), label(4), label(4), capture(5)]);
    let (served, pairs) = pair(DuplicatePolicy::Nearest, records);
    assert_eq!(served, [(3, 2)]);
    assert_eq!((pairs.n_labelled_early, pairs.n_labels_superseded, pairs.delays[0]), (1, 2, 1));
}

#[test]
fn an_id_captured_again_is_not_labelled_early() {
    let records = numbered(&[capture(3), label(4), capture(5)]);
    let (served, pairs) = pair(DuplicatePolicy::Nearest, records);
    assert_eq!(served, [(0, 1)]);
    assert_eq!((pairs.n_captures_label_too_early, pairs.n_captures_repeated), (1, 1));
    let (served, pairs) = pair(DuplicatePolicy::Nearest, numbered(&[label(1), capture(3), capture(5)]));
    assert_eq!((served, pairs.n_captures_label_too_early, pairs.n_labels_superseded), (vec![], 2, 1));
}

#[test]
fn last_and_first_look_at_uploads_only() {
    let records = numbered(&[label(9), capture(5), label(2), capture(7)]);
    assert_eq!(pair(DuplicatePolicy::Last, records.clone()).0, [(1, 0), (3, 0)]);
    let (served, pairs) = pair(DuplicatePolicy::First, records);
    assert_eq!(served, [(1, 2), (3, 2)]);
    assert_eq!((pairs.n_labelled_early, pairs.n_labels_used), (2, 1));
}

#[test]
fn a_capture_without_a_time_counts_as_made_before_every_label() {
    let mut records = numbered(&[capture(0), label(3), label(7)]);
    records[0].hour = None;
    let (served, pairs) = pair(DuplicatePolicy::Nearest, records);
    assert_eq!((served, pairs.n_delays_unknown), (vec![(0, 2)], 1));
}

#[test]
fn delays_are_counted_from_the_inference_to_the_labels_hour() {
    let cases = [(0, 0), (1, 0), (2, 1), (3, 2), (7, 3), (13, 4), (25, 5), (49, 6), (169, 7), (721, 8)];
    for (hours, class) in cases {
        let pairs = pair(DuplicatePolicy::Nearest, numbered(&[capture(100), label(100 + hours)])).1;
        assert_eq!(pairs.delays[class], 1, "{hours} hours: {:?}", pairs.delays);
    }
}

#[test]
fn rows_of_a_pair_are_counted_with_what_is_missing() {
    let mut pairs = JoinCounts::default();
    pairs.count_rows(3, 2, 2);
    pairs.count_rows(1, 5, 1);
    pairs.count_rows(2, 2, 1);
    assert_eq!((pairs.n_too_few_labels, pairs.n_too_many_labels), (1, 1));
    assert_eq!((pairs.n_rows_labelled, pairs.n_rows_unlabelled), (4, 2));
}

#[test]
fn hours_are_found_in_the_names_of_folders() {
    let cases = [
        ("end/all/1970/01/02/03/file.jsonl", Some(27)),
        ("1970/01/01/00/a", Some(0)),
        ("2020/01/01/00/1970/01/01/05/a", Some(5)),
        ("1970/01/01/00", None),
        ("1970/13/01/00/a", None),
        ("1970/01/01/24/a", None),
        ("1970/1/01/00/a", None),
        ("+970/01/01/00/a", None),
        ("a", None),
        ("", None),
    ];
    for (name, expected) in cases {
        assert_eq!(hour_in(name), expected, "{name}");
    }
    assert_eq!(folder_of_time(27 * HOUR + 1).as_deref(), Some("1970/01/02/03"));
    assert_eq!(folder_of_time(i64::MAX), None);
    assert_eq!(hour_of(-1), -1);
}

#[test]
fn extreme_times_keep_the_order() {
    let ends = [i64::MIN, -1, 0, i64::MAX];
    for role in [Role::Capture, Role::Label] {
        let places = ends.map(|hour| place(DuplicatePolicy::Nearest, role, Some(hour)));
        assert!(places.is_sorted_by(|a, b| a > b), "{places:?}");
    }
    let capture = |hour| place(DuplicatePolicy::Nearest, Role::Capture, hour);
    let label = |hour| place(DuplicatePolicy::Nearest, Role::Label, hour);
    assert!(label(None) < capture(Some(i64::MAX)) && label(Some(i64::MIN)) < capture(None));
}

fn records() -> impl Strategy<Value = Vec<Record>> {
    let record = (any::<bool>(), 0..3_u8, prop::option::weighted(0.9, 0..6_i64)).prop_map(|(is_capture, id, hour)| {
        let role = if is_capture { Role::Capture } else { Role::Label };
        Record { role, id, hour, upload: 0 }
    });
    prop::collection::vec(record, 0..24).prop_map(|records| numbered(&records))
}

fn policy() -> impl Strategy<Value = DuplicatePolicy> {
    prop::sample::select(DuplicatePolicy::ALL.to_vec())
}

proptest! {
    #[test]
    fn pairs_are_those_that_a_search_finds(policy in policy(), records in records()) {
        let captures = records.iter().filter(|record| record.role == Role::Capture);
        let expected: Vec<(u32, u32)> = captures
            .filter_map(|capture| Some((capture.upload, search(policy, capture, &records)?)))
            .collect();
        let (served, pairs) = pair(policy, records.clone());
        prop_assert_eq!(&served, &expected);
        prop_assert_eq!(pairs.imbalance(), None);
        let mut used: Vec<u32> = served.iter().map(|(_, label)| *label).collect();
        used.sort_unstable();
        used.dedup();
        prop_assert_eq!(pairs.n_labels_used, used.len() as u64);
        prop_assert_eq!(pairs.n_matched, served.len() as u64);
        prop_assert!(pairs.n_matched <= pairs.n_captures);
    }

    #[test]
    fn captures_outside_the_window_keep_their_labels_to_themselves(records in records(), window in 0..7_i64) {
        let policy = DuplicatePolicy::Nearest;
        let is_inside = |record: &Record| record.hour.is_none_or(|hour| hour == window);
        let (served, pairs) = pair_inside(policy, records.clone(), is_inside);
        let mut expected = pair(policy, records.clone()).0;
        expected.retain(|(upload, _)| is_inside(&records[*upload as usize]));
        prop_assert_eq!(served, expected);
        prop_assert_eq!(pairs.imbalance(), None);
    }

    #[test]
    fn the_order_of_arrival_changes_nothing(
        policy in policy(),
        (records, shuffled) in records().prop_flat_map(|records| (Just(records.clone()), Just(records).prop_shuffle())),
    ) {
        prop_assert_eq!(pair(policy, records), pair(policy, shuffled));
    }

    #[test]
    fn accounts_of_different_ids_add_up(policy in policy(), records in records()) {
        let of = |wanted: &dyn Fn(u8) -> bool| {
            pair(policy, records.iter().filter(|record| wanted(record.id)).copied().collect()).1
        };
        let mut sum = of(&|id| id == 0);
        sum.merge(&of(&|id| id != 0));
        prop_assert_eq!(sum, of(&|_| true));
    }
}
