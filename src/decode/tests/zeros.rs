//! Zero bytes in texts, as torn writes leave them.

use super::*;

/// What comes of an object, the same wherever blocks end.
fn decoded(settings: &Settings, object: &[u8]) -> Decoded {
    let whole = decode(settings.clone(), object, usize::MAX);
    for block in [1, 63, 64, 1_000, 4_096] {
        assert_eq!(decode(settings.clone(), object, block), whole, "{block}");
    }
    whole
}

/// Numbers of the used rows, and those that are not used by reason.
fn numbers(decoded: &Decoded) -> (Vec<usize>, Vec<&str>) {
    let used = decoded.rows.iter().filter_map(|row| row.split_once(": ")?.1.split(' ').next()?.parse().ok());
    (used.collect(), decoded.rows.iter().filter_map(|row| row.split_once("! ")).map(|(_, reason)| reason).collect())
}

#[test]
fn zero_bytes_cost_the_line_that_they_tear_and_what_they_stand_for() {
    let json = settings(Format::Json { lines: Some(true) });
    let (width, page) = (67, 4_096);
    let row = |i: usize| format!("{i:05},{}\n", "a".repeat(width - 7));
    let line = |i: usize| format!("{{\"a\":\"{i:05}\",\"b\":\"{}\"}}\n", "x".repeat(width - 21));
    let table = (csv(false), (0..400).map(row).collect::<String>());
    for (settings, text) in [table, (json, (0..400).map(line).collect())] {
        let mut torn = text.into_bytes();
        assert_eq!(torn.len(), 400 * width);
        torn[2 * page..3 * page].fill(0);
        let (first, last) = (2 * page / width, 3 * page / width);
        let expected: Vec<usize> = (0..first).chain(last + 1..400).collect();
        for object in [torn.clone(), gzip(&torn)] {
            let decoded = decoded(&settings, &object);
            assert_eq!(numbers(&decoded), (expected.clone(), vec!["zero_bytes"]));
            let told = decoded.events.last().unwrap();
            let n = expected.len() + 1 + told.split(' ').nth(3).unwrap().parse::<usize>().unwrap();
            assert!((399..=401).contains(&n), "{told}: {n}");
            if object.len() == torn.len() {
                assert!(told.ends_with(" 4096 bytes, 0 missing"), "{told}");
            }
        }
    }
}

#[test]
fn zero_bytes_at_the_beginning_and_at_the_end_are_lost() {
    let json = settings(Format::Json { lines: Some(true) });
    let rows = |settings: &Settings, parts: &[&[u8]]| decoded(settings, &parts.concat()).rows;
    let zeros = &[0; 5_000][..];
    let record: &[u8] = b"{\"a\":1}\n";
    assert_eq!(rows(&json, &[zeros, record, record]), ["1: 1", "2: 1"], "a record was written behind them");
    assert_eq!(rows(&json, &[zeros, b"x\":1}\n", record]), ["1! zero_bytes", "2: 1"]);
    assert_eq!(rows(&json, &[record, zeros]), ["1: 1"]);
    assert_eq!(rows(&json, &[record, b"{\"a\":", zeros]), ["1: 1", "2! zero_bytes"]);
    assert_eq!(rows(&json, &[record, b"{\"a\":", zeros, record]), ["1: 1", "2! zero_bytes", "3: 1"]);
    assert_eq!(rows(&csv(true), &[b"a,b\n1,2\n", zeros]), ["2: 1 2", "3! zero_bytes"]);
    assert_eq!(rows(&csv(true), &[b"a,b\n1,2\n", zeros, b"3,4\n5,6\n"]), ["2: 1 2", "3! zero_bytes", "4: 5 6"]);
    assert_eq!(rows(&csv(true), &[b"a,", zeros, b"b\n1,2\n"]), ["1! zero_bytes", "2! no_header"]);
    assert_eq!(rows(&csv(true), &[b"a,b\r1,2\r3", zeros, b"4,5\r6,7\r"]), ["2: 1 2", "3! zero_bytes", "4: 6 7"]);
    let document = settings(Format::Json { lines: Some(false) });
    assert_eq!(rows(&document, &[b"[{\"a\":1},\n{\"a\":2", zeros, b"9},\n{\"a\":3}]"])[..2], ["1: 1", "2! zero_bytes"]);
    for object in [zeros.to_vec(), gzip(zeros)] {
        let decoded = decoded(&csv(true), &object);
        let lost = format!("lost zero_bytes of 0 records, {} bytes, 0 missing", object.len());
        assert_eq!((decoded.events, decoded.rows), (vec!["opened".to_owned(), lost], vec!["1! zero_bytes".to_owned()]));
    }
}

#[test]
fn values_of_a_torn_first_element_are_no_rows() {
    let element = |i: usize| format!("{{\"a\":{i},\"n\":{{\"q\":1}},\"m\":[{{\"q\":2}},{{\"q\":3}}]}}");
    let elements = format!("[{}]", [1, 2, 3].map(element).join(",\n"));
    let torn = elements.replacen("{\"a\":1", &"\0".repeat(80), 1);
    let decoded = decoded(&settings(Format::Json { lines: Some(false) }), torn.as_bytes());
    let used: Vec<&String> = decoded.rows.iter().filter(|row| row.contains(": ")).collect();
    assert_eq!(used, ["2: 2 2 3 1", "3: 3 2 3 1"], "{:?}", decoded.rows);
    assert_eq!(decoded.columns, ["a", "m.0.q", "m.1.q", "n.q"]);
}

#[test]
fn zero_bytes_cost_their_line_and_the_lines_that_they_took_the_ends_of() {
    let json = settings(Format::Json { lines: Some(true) });
    let tables = [
        (csv(true), "a,b\n".to_owned() + &(0..300).map(|i| format!("{i:05},x\n")).collect::<String>()),
        (json, (100..400).map(|i| format!("{{\"a\":{i}}}\n")).collect()),
    ];
    for (settings, text) in &tables {
        for n_zeros in [2, 3, 63] {
            for start in [400, 406, text.len() - n_zeros] {
                let mut torn = text.clone().into_bytes();
                torn[start..start + n_zeros].fill(0);
                let mut end = 0;
                let is_touched = |line: &&str| {
                    end += line.len();
                    end - line.len() < start + n_zeros && end > start
                };
                let n_touched = text.split_inclusive('\n').filter(is_touched).count();
                for object in [torn.clone(), gzip(&torn)] {
                    let decoded = decoded(settings, &object);
                    let context = format!("{n_zeros} from {start}: {:?}", decoded.events);
                    let (used, reasons) = numbers(&decoded);
                    assert_eq!(reasons, ["zero_bytes"], "{context}");
                    assert_eq!(used.len(), 300 - n_touched, "{context}");
                    let told = decoded.events.last().unwrap();
                    let n_lost: usize = told.split(' ').nth(3).unwrap().parse().unwrap();
                    assert!(told.starts_with("lost zero_bytes") && n_lost.abs_diff(n_touched - 1) <= 1, "{context}");
                }
            }
        }
    }
    let document = settings(Format::Json { lines: Some(false) });
    let rows = decoded(&document, b"[{\"a\":1},\n{\"a\":\0\0},\n{\"a\":3}]").rows;
    assert_eq!((rows[0].as_str(), rows[1].as_str(), rows.last().unwrap().as_str()), ("1: 1", "2! zero_bytes", "3: 3"));
}

#[test]
fn a_single_or_an_escaped_zero_byte_is_text() {
    let table = decoded(&csv(true), b"a,b\n1,x\0y\n2,z\n");
    assert_eq!(
        (table.rows, table.events),
        (vec!["2: 1 x\0y".to_owned(), "3: 2 z".to_owned()], vec!["opened".to_owned()])
    );
    let json = settings(Format::Json { lines: Some(true) });
    let decoded = decoded(&json, b"{\"a\":\"x\\u0000\"}\n");
    assert_eq!((decoded.rows, decoded.events), (vec!["1: x\0".to_owned()], vec!["opened".to_owned()]));
}

#[test]
fn records_between_two_damages_of_a_document_are_used() {
    let settings = settings(Format::Json { lines: Some(false) });
    let records: Vec<String> = (0..90).map(|i| format!("{{\"a\":{i},\"b\":{{\"c\":\"x{i}\"}}}}")).collect();
    let sound = format!("[{}]", records.join(",\n"));
    let place = |record: usize| sound.find(&format!("{{\"a\":{record},")).unwrap();
    let mut torn = sound.clone().into_bytes();
    // From within a record to within a key, so that texts and what stands between them change places.
    torn[place(20) + 3..place(30) + 9].fill(0);
    torn[place(60) + 3..place(70) + 9].fill(0);
    let expected: Vec<usize> = (0..20).chain(31..60).chain(71..90).collect();
    assert_eq!(numbers(&decoded(&settings, &torn)).0, expected);

    // What stands within a record is none, whatever of it is left behind its first key.
    let record = |i: usize| format!("{{\"a\":{i},\"b\":[{{\"c\":1}},{{\"c\":{i}}}],\"d\":{{\"c\":2}}}}");
    for begun in 5..record(1).len() {
        let damaged = [&record(1).as_bytes()[..begun], &[0; 70], &record(7).as_bytes()[begun..]].concat();
        for records in [vec![record(0).into_bytes(), damaged.clone()], vec![damaged]] {
            let document = [&b"["[..], &records.join(&b','), b",", record(3).as_bytes(), b"]"].concat();
            let found = numbers(&decoded(&settings, &document)).0;
            assert!(found.iter().all(|number| [0, 3].contains(number)) && found.ends_with(&[3]), "{begun}: {found:?}");
        }
    }

    let with_open_text = gzip(sound.replace("x20\"", "x20").as_bytes());
    let used = numbers(&decode(settings, &with_open_text[..with_open_text.len() - 30], 100)).0;
    assert!(used.len() > 60 && used.windows(2).all(|pair| pair[0] < pair[1]), "{used:?}");
}
