//! Laws of the decoders, tried on texts made for trouble.

use proptest::prelude::*;

use super::*;

/// Texts that look like what the decoders expect, and texts that do not.
fn hostile_text() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\\",
        "\\u",
        "d800",
        "\n",
        "\r",
        "\r\n",
        " ",
        "a",
        "1",
        "-0",
        "1e400",
        "null",
        "é",
        "\0",
        "{\"captureData\":",
        "\"endpointInput\":",
        "\"endpointOutput\":",
        "{\"data\":\"1,2\",\"encoding\":\"CSV\"}",
        "\"eventMetadata\":{\"inferenceTime\":\"2020-01-01T00:00:00Z\"}",
        "{\"instances\":[1,2]}",
        "\"\"",
        "x,y",
        "{\"groundTruthData\":{\"data\":\"1,0\"},\"eventMetadata\":{\"eventId\":\"e\"}}",
        "\"groundTruthData\":1",
        "\"SageMakerInferenceId\":\"i\"",
        "\"SageMakerOutput\":",
        ",i,2020-01-01T00:00:00Z",
        "id,label\n",
    ]);
    prop::collection::vec(pieces, 0..60).prop_map(|pieces| pieces.concat())
}

fn formats() -> [Format; 8] {
    [
        Format::GroundTruth,
        Format::Capture(CaptureSides::default()),
        Format::Csv { header: Some(true) },
        Format::Csv { header: Some(false) },
        Format::Csv { header: None },
        Format::Json { lines: Some(true) },
        Format::Json { lines: Some(false) },
        Format::Json { lines: None },
    ]
}

/// Every way to take the rows of a dataset.
fn every_rows() -> Vec<Rows> {
    let attribute = |text: &str| Attribute::parse(text).unwrap();
    let by_place =
        Attributes { prediction: Some(attribute("0")), scores: vec![attribute("1")], ..Attributes::default() };
    let by_name = Attributes {
        prediction: Some(attribute("a")),
        scores: vec![attribute("instances[*]")],
        label: Some(attribute("1")),
        id: Some(attribute("0")),
        n_scores: 2,
        keeps_features: true,
    };
    let of = |attributes: Attributes| {
        [
            Rows::Predictions(attributes.clone()),
            Rows::Labels(attributes.clone()),
            Rows::Outcomes(attributes.clone()),
            Rows::LabelRecords(attributes),
        ]
    };
    let instances = [
        Instances { attributes: by_place.clone(), ..Instances::default() },
        Instances { attributes: by_name.clone(), with_label: true, ..Instances::default() },
        Instances {
            attributes: by_name.clone(),
            with_label: true,
            features: Some(attribute("instances[*]")),
            headers: ["x", "y", "x"].map(str::to_owned).to_vec(),
            others: vec![attribute("0"), attribute("y")],
            excluded: vec![attribute("1")],
        },
        Instances {
            features: Some(attribute("a")),
            headers: vec!["x".to_owned()],
            excluded: vec![attribute("x")],
            ..Instances::default()
        },
    ];
    let chosen = [of(by_place), of(by_name)].concat().into_iter().chain([Rows::CaptureRecords, Rows::Attributions]);
    chosen.chain(instances.map(Rows::Instances)).collect()
}

fn settings_of(format: &Format, rows: &Rows) -> Settings {
    Settings { rows: rows.clone(), ..settings(format.clone()) }
}

proptest! {
    #[test]
    fn chosen_rows_do_not_depend_on_where_blocks_end(text in hostile_text(), block in 1_usize..40) {
        for (format, rows) in formats().iter().flat_map(|format| every_rows().into_iter().map(move |rows| (format, rows))) {
            let whole = decode(settings_of(format, &rows), text.as_bytes(), usize::MAX);
            let pieces = decode(settings_of(format, &rows), text.as_bytes(), block);
            prop_assert_eq!(whole, pieces, "{:?} {:?}", format, rows);
        }
    }

    #[test]
    fn no_bytes_make_the_choice_of_rows_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        for (format, rows) in formats().iter().flat_map(|format| every_rows().into_iter().map(move |rows| (format, rows))) {
            decode(settings_of(format, &rows), &bytes, 50);
        }
    }

    #[test]
    fn rows_do_not_depend_on_where_blocks_end(text in hostile_text(), block in 1_usize..40) {
        for format in formats() {
            let whole = decode(settings(format.clone()), text.as_bytes(), usize::MAX);
            let pieces = decode(settings(format.clone()), text.as_bytes(), block);
            prop_assert_eq!(whole, pieces, "{:?}", format);
        }
    }

    #[test]
    fn no_bytes_make_a_decoder_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), block in 1_usize..64) {
        for format in formats() {
            decode(settings(format), &bytes, block);
        }
    }

    #[test]
    fn captured_requests_give_back_their_cells(
        // What quotes directly behind a backslash mean depends on what follows them.
        cells in prop::collection::vec("([a-z0-9 é\",\\n]|\\\\[a-z0-9 é,\\n]){0,20}", 1..6),
        block in 1_usize..100,
    ) {
        let quoted: Vec<String> = cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
        let shown = decode(capture(), request("1", &quoted.join(",")).as_bytes(), block);
        let meanings = cells.iter().map(|cell| if cell.is_empty() { "∅" } else { cell });
        prop_assert_eq!(shown.rows, vec![format!("1: 1 {}", meanings.collect::<Vec<_>>().join(" "))]);
    }
}

/// One element of an array loses a structural character, or has it twice.
fn damage_one_element(n: usize, which: usize, place: usize, is_lines: bool, is_removed: bool) {
    let element = |i: usize| format!("{{\"a\":{i},\"b\":\"x{i}\",\"c\":[1,{i}]}}");
    let mut elements: Vec<String> = (0..n).map(element).collect();
    let damaged = &mut elements[which % n];
    let structural: Vec<usize> = damaged.match_indices(['{', '}', '[', ']', '"', ':', ',']).map(|(at, _)| at).collect();
    let at = structural[place % structural.len()];
    if is_removed {
        damaged.remove(at);
    } else {
        let again = damaged.as_bytes()[at] as char;
        damaged.insert(at, again);
    }
    let text = format!("[{}]", elements.join(if is_lines { ",\n" } else { "," }));
    for block in [7, 1 << 20] {
        let rows = decode(settings(Format::Json { lines: Some(false) }), text.as_bytes(), block).rows;
        let n_used = rows.iter().filter(|row| !row.contains('!')).count();
        assert!(n_used + 2 >= n && rows.len() >= n, "{} of {n} used, {} told: {text}", n_used, rows.len());
    }
}

proptest! {
    #[test]
    fn one_damaged_element_of_a_document_costs_its_neighbour_at_most(
        n in 3usize..40, which in 0usize..40, place in 0usize..24, is_lines: bool, is_removed: bool
    ) {
        damage_one_element(n, which, place, is_lines, is_removed);
    }
}

#[test]
fn a_damaged_first_element_costs_its_neighbour_at_most() {
    for (place, is_lines, is_removed) in (0..24)
        .flat_map(|place| [(place, false, false), (place, false, true), (place, true, false), (place, true, true)])
    {
        damage_one_element(28, 0, place, is_lines, is_removed);
    }
}
