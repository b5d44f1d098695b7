//! Tables of text: what stands between cells, what names columns, what a file looks like.

use super::*;

/// Tables of every kind with this delimiter.
fn between(delimiter: u8, settings: Settings) -> Settings {
    Settings { delimiter, ..settings }
}

#[test]
fn escapes_by_backslash_are_read_wherever_blocks_end() {
    let table = concat!(
        "a,b,c\n",
        "\"5\\\" tube, long\",1,x\n",
        "\"C:\\dir\\\",2,\"he said \\\"no\\\"\"\n",
        "\"x\\\"\"\n",
        "\"y\\\"\"\",\"a\"\"b\",\"c\\\"\"d\"\n",
        "\"z\\\"",
    );
    let expected =
        ["2: 5\" tube, long 1 x", "3: C:\\dir\\ 2 he said \"no\"", "4: x\" ∅ ∅", "5: y\\\" a\"b c\\\"d", "6: z\\ ∅ ∅"];
    for block in 1..table.len() {
        assert_eq!(decode(csv(true), table.as_bytes(), block).rows, expected, "{block}");
    }
}

#[test]
fn a_long_record_of_escapes_ends_alike_wherever_blocks_end() {
    let long = "\\\"".repeat(50_000);
    for table in [format!("a,b\n\"{long}\n1,2\n"), format!("a,b\n\"x\n{long}\",1\n1,2\n")] {
        let whole = decode(csv(true), table.as_bytes(), table.len());
        for block in [7, 4_096, 65_535, 65_536, 65_537] {
            assert_eq!(decode(csv(true), table.as_bytes(), block), whole, "{block}");
        }
    }
}

#[test]
fn stray_quotes_cost_their_own_lines_wherever_blocks_end() {
    let table = "a,b\n1,\"x\n2,y\n\n3,\"z\n4,\"u\nv\"\n5,\"w\n6,x,y\n7,z\n8,\"u\n9,v\n";
    let expected = [
        "2! unterminated_quote",
        "3: 2 y",
        "5! unterminated_quote",
        "6: 4 u\nv",
        "8! unterminated_quote",
        "9! unterminated_quote",
        "10: 7 z",
        "11! unterminated_quote",
        "12! unterminated_quote",
    ];
    let labels = Settings { rows: Rows::Labels(Attributes::default()), ..settings(Format::GroundTruth) };
    for block in 1..table.len() {
        assert_eq!(decode(csv(true), table.as_bytes(), block).rows, expected, "{block}");
        let truth = decode(labels.clone(), table.replace("a,b", "id,label").as_bytes(), block).rows;
        // A label of two lines may be two labels.
        let first = |row: &String| row.split(" [[").next().unwrap_or_default().trim_end_matches(" ∅").to_owned();
        assert_eq!(truth.iter().map(first).collect::<Vec<_>>(), expected, "{block}");
    }
}

#[test]
fn what_a_stray_quote_held_back_is_read_batch_by_batch() {
    let row = |i: usize| format!("{},{}x\n", i % 10, if i % 7_000 == 100 { "\"" } else { "" });
    let table = format!("a,b\n{}", (0..28_000).map(row).collect::<String>());
    let settings = || Settings { max_record_bytes: 1 << 20, ..csv(true) };
    let mut decoder = ObjectDecoder::new("object", settings());
    let mut push_all = |mut block: &[u8], is_last: bool| {
        if is_last {
            decoder.end();
        }
        while !block.is_empty() || decoder.has_more() {
            block = &block[decoder.push(block)..];
            let n_rows: usize = decoder.take().iter().map(RecordBatch::num_rows).sum();
            assert!(n_rows <= 4_096, "{n_rows} rows at once");
        }
    };
    table.as_bytes().chunks(10_000).for_each(|block| push_all(block, false));
    push_all(&[], true);
    let whole = decode(settings(), table.as_bytes(), usize::MAX);
    let n_used = whole.rows.iter().filter(|row| !row.contains('!')).count();
    assert_eq!((n_used, whole.rows.len()), (27_996, 28_000), "each quote costs its own line");
    for block in [1_000, 50_000] {
        assert_eq!(decode(settings(), table.as_bytes(), block), whole, "{block}");
    }
}

#[test]
fn a_quote_that_is_never_closed_costs_its_own_line() {
    let row = |i: u64| format!("{i},{}{}\n", if i == 3_000 { "\"" } else { "" }, i * i + 7);
    let rows: String = (0..20_000).map(row).collect();
    let used = |object: &[u8], block: usize| {
        let decoded = decode(Settings { max_record_bytes: 1 << 15, ..csv(false) }, object, block);
        let rejected: Vec<&String> = decoded.rows.iter().filter(|row| row.contains('!')).collect();
        assert_eq!(rejected[0], "3001! unterminated_quote");
        (decoded.rows.len() - rejected.len(), rejected.len())
    };
    for block in [1_000, 1 << 20] {
        assert_eq!(used(rows.as_bytes(), block), (19_999, 1), "beyond the longest record");
        assert_eq!(used(&rows.as_bytes()[..rows.find("\n3500,").unwrap() + 1], block), (3_499, 1), "to the end");
        let compressed = gzip(rows.as_bytes());
        let (n_used, n_rejected) = used(&compressed[..compressed.len() / 4], block);
        assert!(n_used > 3_400 && n_rejected == 2, "{n_used} and {n_rejected} before a cut");
    }
    let letter = "a,b\n1,x\n2,\"Dear Sir\nI am, as ever,\nyours\n";
    let rejected = ["3! unterminated_quote", "4! unterminated_quote", "5! unterminated_quote"];
    assert_eq!(rows_of(csv(true), letter)[1..], rejected, "no rows follow");
}

#[test]
fn another_delimiter_is_honoured_in_tables_of_every_kind() {
    assert_eq!(rows_of(between(b';', csv(true)), "a;b\n1,5;\"x;y\"\n"), ["2: 1,5 x;y"]);
    let shown = decode(between(b'\t', csv(false)), b"1\t2\n3\t4\t5\n", 3);
    assert_eq!(
        (shown.rows, shown.events[1..].to_vec()),
        (vec!["1: 1 2".into(), "2: 3 4".into()], vec!["cells_dropped 1".into(), "uncounted".into()])
    );

    let labels = Rows::Labels(Attributes::default());
    let truth = between(b';', Settings { rows: labels, ..settings(Format::GroundTruth) });
    assert_eq!(rows_of(truth, "id;label\ne1;0,5\n\"e;2\";1\n"), [r#"2: e1 0,5 [[["0"],["5"]]]"#, "3: e;2 1 ∅"]);

    let attributes = Attributes { scores: vec![Attribute::Index(1)], n_scores: 1, ..Attributes::default() };
    let transform = Settings { rows: Rows::Predictions(attributes), ..csv(false) };
    let rows = rows_of(between(b';', transform), "\"a,b\";0.5;i1;2020-01-01T00:00:00Z\n");
    assert_eq!(rows, ["1: i1 ∅ 0.5"]);
    assert_eq!(decode(between(b';', capture()), request("1", "2,3").as_bytes(), 9).rows, ["1: 1 2 3"], "payloads");
}

#[test]
fn a_header_that_the_job_names_is_told_from_data() {
    let instances = |headers: &[&str]| {
        Rows::Instances(Instances {
            headers: headers.iter().map(|&name| name.to_owned()).collect(),
            with_label: true,
            ..Instances::default()
        })
    };
    let named = |headers: &[&str]| Settings { rows: instances(headers), ..settings(Format::Csv { header: None }) };
    let shown = |headers: &[&str], text: &str| {
        let decoded = decode(named(headers), text.as_bytes(), 5);
        (
            decoded.columns.iter().filter_map(|name| name.strip_prefix("feature.")).collect::<Vec<_>>().join(" "),
            decoded.rows.len(),
        )
    };
    let cases = [
        (&["sex", "town"][..], "F,Oslo\nM,Bergen\n", ("sex town", 2)),
        (&["sex", "town"][..], "sex,town\nF,Oslo\n", ("sex town", 1)),
        (&["sex", "town"][..], "town, sex\nOslo,F\n", ("town sex", 1)),
        (&["sex", "town"][..], "sex,place\nF,Oslo\n", ("sex town", 2)),
        (&[][..], "F,Oslo\nM,Bergen\n", ("F Oslo", 1)),
    ];
    for (headers, text, (columns, n_rows)) in cases {
        assert_eq!(shown(headers, text), (columns.to_owned(), n_rows), "{headers:?} {text:?}");
    }
}

#[test]
fn what_a_table_looks_like_is_told_once() {
    let events = |settings: Settings, text: &[u8]| decode(settings, text, 3).events;
    let unknown = || settings(Format::Csv { header: None });
    assert_eq!(events(unknown(), b"a;b\n1;2\n"), ["opened", "observed semicolons"]);
    assert_eq!(events(csv(true), b"{\"a\":1}\n{\"a\":2}\n"), ["opened", "observed json_lines"]);
    assert_eq!(events(between(b';', csv(true)), b"a;b\n1;2\n"), ["opened"]);
    let lists = |text: &str| events(settings(Format::Json { lines: Some(true) }), text.as_bytes());
    assert_eq!(lists("{\"rows\":[{\"a\":1},{\"a\":2}]}\n"), ["opened", "observed lists_may_be_rows_in_records"]);
    assert_eq!(lists("{\"n\":{\"rows\":[[1,2],[3,4]]}}\n"), ["opened", "observed lists_may_be_rows_in_records"]);
    for one in ["{\"rows\":[{\"a\":1}]}\n", "{\"a\":[1,2]}\n", "[[1,2],[3,4]]\n", "{\"instances\":[[1],[2]]}\n"] {
        assert_eq!(lists(one), ["opened"], "{one}");
    }
    assert_eq!(events(settings(Format::GroundTruth), b"id\tlabel\n1\t2\n"), ["opened", "observed tabs"]);
    assert_eq!(events(settings(Format::Json { lines: Some(true) }), b"{\"a\":\"x;y\"}\n"), ["opened"]);
    let long: String = (0..100_000).map(|i| format!("{i};{i}\n")).collect();
    for block in [1_000, 1 << 20] {
        let decoded = decode(csv(false), long.as_bytes(), block);
        assert_eq!((decoded.events.len(), decoded.rows.len()), (2, 100_000), "{block}");
    }
}

#[test]
fn a_file_of_utf_16_is_one_rejected_record() {
    let text: Vec<u16> = "\u{feff}a,b\n1,2\n".encode_utf16().collect();
    let little: Vec<u8> = text.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    let big: Vec<u8> = text.iter().flat_map(|unit| unit.to_be_bytes()).collect();
    let unmarked = [&little[2..], &big[2..], &gzip(&little[2..]), &gzip(&big[2..])];
    for bytes in [&little[..], &big, &gzip(&little), &little[..8]].into_iter().chain(unmarked) {
        for settings in [csv(true), capture(), settings(Format::GroundTruth), settings(Format::Json { lines: None })] {
            let decoded = decode(settings, bytes, 4);
            let lost = format!("lost utf16 of 0 records, {} bytes, 0 missing", bytes.len());
            assert_eq!((decoded.events, decoded.rows), (vec!["opened".to_owned(), lost], vec!["1! utf16".to_owned()]));
        }
    }
}

#[test]
fn a_file_of_a_foreign_format_is_one_rejected_record() {
    let files = [
        b"PK\x03\x04\x14\0\0\0\x08\0a,b\n1,2\n".to_vec(),
        b"\x80\x04\x95\x0f\0\n1,2\n".to_vec(),
        gzip(&gzip(b"a,b\n1,2\n")),
        b"PAR1\x15\x04\x15\n".to_vec(),
    ];
    for bytes in files {
        for settings in [csv(true), capture(), settings(Format::GroundTruth), settings(Format::Json { lines: None })] {
            let decoded = decode(settings, &bytes, 4);
            let lost = format!("lost foreign_format of 0 records, {} bytes, 0 missing", bytes.len());
            assert_eq!(
                (decoded.events, decoded.rows),
                (vec!["opened".to_owned(), lost], vec!["1! foreign_format".into()])
            );
        }
    }
}

#[test]
fn numbers_that_are_none_are_null_in_json_as_in_columnar_files() {
    let lines = "{\"x\":NaN,\"y\":[Infinity,1]}\n{\"x\":-Infinity,\"y\":[2,\"NaN\"]}\n";
    assert_eq!(rows_of(settings(Format::Json { lines: Some(true) }), lines), ["1: ∅ 1e999 1", "2: -1e999 2 NaN"]);
    assert_eq!(decode(capture(), request("[NaN]", "1").as_bytes(), 99).rows, ["1: ∅ 1"]);
}

#[test]
fn outputs_behind_inputs_have_their_names_and_their_place() {
    let names: std::sync::Arc<[String]> = ["a", "b", "target"].map(str::to_owned).into();
    let settings = Settings { names, outputs_are_last: true, ..capture() };
    let text = request("0.9", "1,x") + &request("0.8", "2,y");
    let decoded = decode(settings.clone(), text.as_bytes(), 50);
    assert_eq!(
        (decoded.columns.join(" ").as_str(), decoded.rows),
        ("a b target", vec!["1: 1 x 0.9".into(), "2: 2 y 0.8".into()])
    );
    let unnamed = decode(Settings { names: std::sync::Arc::default(), ..settings.clone() }, text.as_bytes(), 50);
    assert_eq!(unnamed.columns, ["_c0", "_c1", "_c2"]);
    assert_eq!(unnamed.rows, ["1: 1 x 0.9", "2: 2 y 0.8"]);
    let table = Settings { format: Format::Csv { header: Some(false) }, ..settings };
    assert_eq!(decode(table, b"1,x,0.9\n", 50).columns, ["a", "b", "target"]);
}

#[test]
fn files_with_odd_rows_or_empty_lines_between_them_have_no_known_places() {
    let lines = settings(Format::Json { lines: Some(true) });
    let tables = [
        ("a,b\n1,x\n2,y\n", false),
        ("\na,b\n1,x\n2,y\n\n", false),
        ("a\n1\n\n2\n", false),
        ("a,b\n1\n2,y\n", true),
        ("a,b,c\n1,2,x,y\n", true),
        ("a,b\n\n1,x\n", true),
        ("a,b\n1,x\n \n\n2,y\n", true),
    ];
    let of_lines = [
        ("\n{\"a\":1}\n{\"a\":2}\n\n", false),
        ("{\"a\":1}\n\n{\"a\":2}\n", true),
        ("{\"a\":1}\r\n\r\n{\"a\":2}\r\n", true),
    ];
    let of_lines = of_lines.map(|(text, expected)| (lines.clone(), text, expected));
    for (settings, text, expected) in
        tables.map(|(text, expected)| (csv(true), text, expected)).into_iter().chain(of_lines)
    {
        for block in [1, usize::MAX] {
            let events = decode(settings.clone(), text.as_bytes(), block).events;
            assert_eq!(events.contains(&"uncounted".to_owned()), expected, "{text:?}: {events:?}");
        }
    }
}
