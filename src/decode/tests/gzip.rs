//! Compressed objects, whole, cut and damaged.

use std::collections::BTreeSet;
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;

use super::*;

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A table of so many rows, no two of them alike.
fn table(n_rows: u64) -> String {
    (0..n_rows).map(|i| format!("{i},{}\n", i * i + 7)).collect()
}

/// The cells of the used rows.
fn used(decoded: &Decoded) -> Vec<&str> {
    decoded.rows.iter().filter_map(|row| row.split_once(": ")).map(|(_, cells)| cells).collect()
}

/// The same of an undamaged text.
fn cells_of(text: &str) -> Vec<String> {
    text.lines().map(|line| line.replace(',', " ")).collect()
}

#[test]
fn gzip_is_inflated_and_its_faults_are_counted() {
    let table = b"a,b\n1,2\n3,4\n";
    let mut two_members = gzip(&table[..6]);
    two_members.extend(gzip(&table[6..]));
    assert_eq!(decode(csv(true), &gzip(table), 5).rows, ["2: 1 2", "3: 3 4"]);
    assert_eq!(decode(csv(true), &two_members, 1).rows, ["2: 1 2", "3: 3 4"]);

    let whole = gzip(self::table(50_000).as_bytes());
    let cut = decode(csv(false), &whole[..whole.len() / 2], 1_000);
    assert!(cut.rows.len() > 1_000, "what came before the end is used");
    assert!(cut.rows.last().is_some_and(|row| row.ends_with("! truncated")), "{:?}", cut.rows.last());

    let mut damaged = whole.clone();
    damaged.extend(b"not another member");
    let damaged = decode(csv(false), &damaged, 1_000);
    assert_eq!((damaged.rows.len(), damaged.rows.last().map(String::as_str)), (50_001, Some("50001! corrupt")));
    assert!(damaged.events.last().is_some_and(|event| event.ends_with(" 18 bytes, 0 missing")), "{:?}", damaged.events);
    let nothing = decode(csv(false), &whole[..12], 5);
    let lost = "lost truncated of 1 records, 0 bytes, 12 missing".to_owned();
    assert_eq!((nothing.events, nothing.rows), (vec!["opened".to_owned(), lost], vec!["1! truncated".to_owned()]));
}

#[test]
fn a_member_with_another_checksum_is_lost() {
    let tables = [(0, 20), (20, 40), (40, 60)].map(|(start, end)| table(end).split_off(table(start).len()));
    let mut members = tables.each_ref().map(|table| gzip(table.as_bytes()));
    let place = members[1].len() - 6;
    members[1][place] ^= 1;
    let decoded = decode(csv(false), &members.concat(), 100);
    assert_eq!(used(&decoded), cells_of(&[&tables[0][..], &tables[2]].concat()));
    let lost = format!(" {} bytes, 0 missing", members[1].len());
    assert!(decoded.events.last().is_some_and(|event| event.ends_with(&lost)), "{:?}", decoded.events);
}

#[test]
fn a_last_member_that_is_damaged_is_lost_though_it_does_not_end() {
    let text = table(300);
    let (first, whole) = (gzip(table(20).as_bytes()), gzip(text.as_bytes()));
    let expected: BTreeSet<String> = cells_of(&text).into_iter().collect();
    let (mut n_endless, mut n_lost) = (0, 0);
    for (place, bits) in (10..whole.len() - 8).flat_map(|place| [1_u8, 0x42, 0xff].map(|bits| (place, bits))) {
        let mut member = whole.clone();
        member[place] ^= bits;
        let mut inflated = flate2::write::GzDecoder::new(Vec::new());
        n_endless += usize::from(inflated.write_all(&member).is_ok() && inflated.try_finish().is_err());
        let decoded = decode(csv(false), &[&first[..], &member].concat(), 300);
        let wrong = used(&decoded).into_iter().find(|cells| !expected.contains(*cells));
        assert_eq!(wrong, None, "{place}: {bits}");
        if used(&decoded).len() == 20 + expected.len() {
            // Few bits mean nothing.
            continue;
        }
        assert_eq!(used(&decoded).len(), 20, "{place}: {bits}");
        let lost = format!(" {} bytes, 0 missing", member.len());
        assert!(decoded.events.last().is_some_and(|event| event.ends_with(&lost)), "{:?}", decoded.events);
        n_lost += 1;
    }
    assert!(n_endless > 0 && n_lost > 1_000, "{n_endless} members without an end, {n_lost} are lost");
}

#[test]
fn of_a_long_member_with_another_checksum_nobody_knows_what_is_right() {
    let mut whole = gzip(table(400_000).as_bytes());
    let place = whole.len() - 6;
    whole[place] ^= 1;
    let decoded = decode(csv(false), &whole, 4_096);
    let Some(told) = decoded.events.last() else { panic!("nothing is told") };
    let numbers: Vec<usize> = told.split([' ', ',']).filter_map(|word| word.parse().ok()).collect();
    let [_, n_lost, n_missing] = numbers[..] else { panic!("{told}") };
    assert!(n_missing > 0 && n_lost + n_missing == whole.len(), "{told}: {} bytes", whole.len());
}

#[test]
fn a_table_whose_header_is_lost_gives_no_record_a_name() {
    let mut members = gzip(b"a,b\n1,2\n");
    members[12] ^= 0xff;
    members.extend(gzip(b"3,4\n5,6\n"));
    members.extend(gzip(b"7,8\n"));
    let rows = decode(csv(true), &members, 7).rows;
    assert_eq!(rows, ["1! corrupt", "2! no_header", "3! no_header", "4! no_header"]);
}

#[test]
fn records_of_every_framing_go_on_behind_a_damaged_member() {
    let record = |i: usize| format!("{{\"a\":{i},\"b\":\"x{i}\"}}");
    let records = |range: std::ops::Range<usize>, end: &str| -> String { range.map(|i| record(i) + end).collect() };
    let cases = [
        (Format::Json { lines: Some(true) }, ["", ""], "\n"),
        (Format::Json { lines: Some(false) }, ["[", "{}]"], ",\n"),
    ];
    for (format, [open, close], end) in cases {
        let parts = [open.to_owned() + &records(0..30, end), records(30..60, end), records(60..90, end) + close];
        let mut members = parts.map(|part| gzip(part.as_bytes()));
        members[1][15] ^= 0x55;
        let decoded = decode(settings(format.clone()), &members.concat(), 50);
        let numbers: Vec<usize> =
            used(&decoded).iter().filter_map(|cells| cells.split(' ').next()?.parse().ok()).collect();
        assert_eq!(numbers, (0..30).chain(60..90).collect::<Vec<_>>(), "{format:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn damage_in_one_member_costs_only_that_member(
        sizes in prop::collection::vec(1_u64..1_500, 3..7),
        which in 0_usize..6,
        place in 0.0..1.0,
        bits in 1_u8..=255,
        n_damaged in 1_usize..40,
        is_cut: bool,
        block in 1_usize..5_000,
    ) {
        let all = table(sizes.iter().sum());
        let mut rest = all.lines();
        let parts: Vec<String> = sizes
            .iter()
            .map(|n| rest.by_ref().take(*n as usize).flat_map(|line| [line, "\n"]).collect())
            .collect();
        let mut members: Vec<Vec<u8>> = parts.iter().map(|part| gzip(part.as_bytes())).collect();
        let which = which % parts.len();
        // Without its first bytes the object is none of gzip's.
        let start = if which == 0 { 2 } else { 0 };
        let at = start + ((members[which].len() - start) as f64 * place) as usize;
        match is_cut {
            true => members[which].truncate(at),
            // A last member that is damaged and lacks its last bytes looks as if it were cut.
            false => {
                let n_last = if which + 1 < parts.len() { 0 } else { 4 };
                let end = (at + n_damaged).min(members[which].len() - n_last).max(at);
                members[which][at..end].iter_mut().for_each(|byte| *byte ^= bits);
            }
        }
        let object = members.concat();
        let decoded = decode(csv(false), &object, block);
        prop_assert_eq!(&decode(csv(false), &object, usize::MAX), &decoded);
        let expected: BTreeSet<String> = cells_of(&all).into_iter().collect();
        let found: BTreeSet<&str> = used(&decoded).into_iter().collect();
        prop_assert!(found.iter().all(|cells| expected.contains(*cells)), "a row is wrong");
        let others = parts.iter().enumerate().filter(|(i, _)| *i != which).flat_map(|(_, part)| cells_of(part));
        let missing: Vec<String> = others.filter(|row| !found.contains(row.as_str())).collect();
        prop_assert!(missing.is_empty(), "{} rows of other members, {:?}", missing.len(), missing.first());
    }

    #[test]
    fn half_a_line_behind_a_damaged_member_is_no_row(
        ends in prop::collection::btree_set(1_usize..40_000, 1..5),
        which in 0_usize..6,
        place in 0.0..1.0,
        bits in 1_u8..=255,
    ) {
        let all = table(4_000);
        let ends = ends.into_iter().filter(|end| all.as_bytes()[end - 1] != b'\n');
        let bounds: Vec<usize> = [0].into_iter().chain(ends).chain([all.len()]).collect();
        let mut members: Vec<Vec<u8>> =
            bounds.windows(2).map(|bounds| gzip(&all.as_bytes()[bounds[0]..bounds[1]])).collect();
        let which = which % members.len();
        let start = if which == 0 { 2 } else { 0 };
        let at = start + ((members[which].len() - start) as f64 * place) as usize;
        members[which][at] ^= bits;
        let decoded = decode(csv(false), &members.concat(), 1_000);
        let expected: BTreeSet<String> = cells_of(&all).into_iter().collect();
        let wrong = used(&decoded).into_iter().find(|cells| !expected.contains(*cells));
        prop_assert_eq!(wrong, None);
    }

    #[test]
    fn what_is_cut_gives_no_wrong_row(n_rows in 1_u64..10_000, place in 0.0..1.0) {
        let all = table(n_rows);
        let whole = gzip(all.as_bytes());
        let cut = &whole[..2 + ((whole.len() - 2) as f64 * place) as usize];
        let decoded = decode(csv(false), cut, 3_000);
        let expected = cells_of(&all);
        let found = used(&decoded);
        prop_assert!(found.len() <= expected.len() && found.iter().zip(&expected).all(|(found, row)| found == row));
    }

    #[test]
    fn no_bytes_behind_the_magic_make_the_decoder_panic_or_hang(bytes in prop::collection::vec(any::<u8>(), 0..3_000)) {
        let object = [&[0x1f, 0x8b, 8, 0][..], &bytes, &gzip(b"1,2\n"), &bytes].concat();
        decode(csv(false), &object, 700);
    }
}
