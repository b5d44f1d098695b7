//! Each kind of incident, in small windows and in large ones.

use super::drawn::{Cell, Draw};
use super::windows::{PLANS, Row, WINDOWS, celsius, euros, fixed, one, run};

/// In windows of every size exactly this incident is found, of exactly these features.
fn assert_named(kind: &str, names: &[&str], rows: [Row; 2], sentence: &str) {
    for n in WINDOWS {
        let found = run(names, n, rows, false);
        let told: Vec<_> = found.incidents.iter().map(|one| (one.kind, one.sentence.as_str())).collect();
        assert_eq!(told.len(), 1, "{kind} in {n} rows: {told:?}");
        assert_eq!(told[0].0, kind, "in {n} rows: {told:?}");
        let of: Vec<&str> = found.incidents[0].features.iter().map(String::as_str).collect();
        assert_eq!(of, names, "{kind} in {n} rows: {told:?}");
        assert!(told[0].1.contains(sentence), "{kind} in {n} rows: {told:?}");
        assert!((0.0..=1.0).contains(&found.incidents[0].share_of_rows));
        assert!(!found.incidents[0].evidence.is_empty() && found.n_more == 0);
    }
}

/// Something has changed, and no cause of it is known.
fn assert_unnamed(names: &[&str], rows: [Row; 2]) {
    for n in WINDOWS {
        let found = run(names, n, rows, false);
        assert!(found.incidents.is_empty(), "in {n} rows: {:?}", found.incidents);
    }
}

#[test]
fn cents_for_euros() {
    let rows: [Row; 2] = [|draw| fixed(euros(draw), 2), |draw| fixed(100.0 * euros(draw), 0)];
    assert_named("scale_change", &["amount"], rows, "amount: the numbers are 100 times what they were");
}

#[test]
fn shares_for_per_cents() {
    let rows: [Row; 2] = [|draw| fixed(100.0 * draw.share(), 2), |draw| fixed(draw.share(), 4)];
    assert_named("scale_change", &["rate"], rows, "divided by 100");
}

#[test]
fn minutes_for_hours() {
    let rows: [Row; 2] = [|draw| fixed(draw.exponential(), 3), |draw| fixed(60.0 * draw.exponential(), 1)];
    assert_named("scale_change", &["duration"], rows, "60 times");
}

#[test]
fn a_scale_of_few_values() {
    let rows: [Row; 2] = [
        |draw| fixed((draw.share() * 5.0).floor() + 1.0, 0),
        |draw| fixed(10.0 * ((draw.share() * 5.0).floor() + 1.0), 0),
    ];
    assert_named("scale_change", &["stars"], rows, "10 times");
}

#[test]
fn per_cent_for_flags() {
    let rows: [Row; 2] =
        [|draw| one(u8::from(draw.share() < 0.4)), |draw| one(if draw.share() < 0.4 { 100 } else { 0 })];
    assert_named("scale_change", &["flag"], rows, "100 times");
}

#[test]
fn cents_for_euros_from_some_clients() {
    let rows: [Row; 2] = [
        |draw| fixed(euros(draw), 2),
        |draw| {
            let amount = euros(draw);
            if draw.share() < 0.2 { fixed(100.0 * amount, 0) } else { fixed(amount, 2) }
        },
    ];
    assert_named("scale_change", &["amount"], rows, "% of the numbers are 100 times what they were");
    let rows: [Row; 2] = [
        |draw| fixed(50.0 + 5.0 * draw.normal(), 1),
        |draw| {
            let x = 50.0 + 5.0 * draw.normal();
            if draw.share() < 0.3 { fixed(x / 1_000.0, 4) } else { fixed(x, 1) }
        },
    ];
    assert_named("scale_change", &["length"], rows, "% of the numbers are what they were, divided by 1000");
}

#[test]
fn outlying_numbers_of_another_shape_are_no_scale() {
    let rows: [Row; 2] = [
        |draw| fixed(euros(draw), 2),
        |draw| {
            let amount = euros(draw);
            if draw.share() < 0.2 { fixed(40_000.0 + 1_000.0 * draw.normal(), 2) } else { fixed(amount, 2) }
        },
    ];
    assert_unnamed(&["amount"], rows);
}

#[test]
fn degrees_fahrenheit_for_celsius() {
    let rows: [Row; 2] = [|draw| fixed(celsius(draw), 1), |draw| fixed(1.8 * celsius(draw) + 32.0, 1)];
    assert_named(
        "unit_change",
        &["temperature"],
        rows,
        "fit degrees Fahrenheit where the baseline has degrees Celsius",
    );
    let rows: [Row; 2] = [|draw| fixed(1.8 * celsius(draw) + 32.0, 1), |draw| fixed(celsius(draw), 1)];
    assert_named(
        "unit_change",
        &["temperature"],
        rows,
        "fit degrees Celsius where the baseline has degrees Fahrenheit",
    );
}

#[test]
fn inches_for_centimetres() {
    let rows: [Row; 2] =
        [|draw| fixed(170.0 + 9.0 * draw.normal(), 0), |draw| fixed((170.0 + 9.0 * draw.normal()) / 2.54, 1)];
    assert_named("unit_change", &["height"], rows, "fit inches where the baseline has centimetres");
}

#[test]
fn growth_by_the_factor_of_a_unit_is_not_named() {
    let rows: [Row; 2] = [|draw| fixed(euros(draw), 2), |draw| fixed(1.609_344 * euros(draw), 2)];
    assert_unnamed(&["amount"], rows);
}

#[test]
fn the_opposite_sign_far_from_zero() {
    let rows: [Row; 2] = [|draw| fixed(50.0 + 10.0 * draw.normal(), 1), |draw| fixed(-50.0 + 10.0 * draw.normal(), 1)];
    assert_named("sign_flip", &["balance"], rows, "opposite sign");
}

#[test]
fn the_opposite_sign_of_skewed_numbers() {
    let rows: [Row; 2] = [|draw| fixed(draw.exponential() - 0.7, 3), |draw| fixed(0.7 - draw.exponential(), 3)];
    assert_named("sign_flip", &["gain"], rows, "opposite sign");
}

#[test]
fn a_shift_over_zero_is_no_flip() {
    let rows: [Row; 2] = [|draw| fixed(0.4 + draw.normal(), 3), |draw| fixed(draw.normal() - 0.4, 3)];
    assert_unnamed(&["x"], rows);
}

#[test]
fn milliseconds_for_seconds() {
    let rows: [Row; 2] = [
        |draw| fixed(1_700_000_000.0 + 86_400.0 * draw.share(), 0),
        |draw| fixed(1_702_000_000_000.0 + 3_600_000.0 * draw.share(), 0),
    ];
    assert_named("time_unit_change", &["sent_at"], rows, "times are in milliseconds, in the baseline in seconds");
}

#[test]
fn later_times_are_no_incident() {
    let rows: [Row; 2] = [
        |draw| fixed(1_700_000_000.0 + 86_400.0 * draw.share(), 0),
        |draw| fixed(1_702_000_000.0 + 3_600.0 * draw.share(), 0),
    ];
    assert_unnamed(&["sent_at"], rows);
}

#[test]
fn texts_for_numbers() {
    let rows: [Row; 2] =
        [|draw| fixed(draw.exponential(), 2), |draw| one(format!("{:.2}", draw.exponential()).replace('.', ","))];
    assert_named(
        "type_change",
        &["price"],
        rows,
        "100.0 % of the cells are texts, where the baseline has numbers alone",
    );
}

#[test]
fn fractions_for_whole_numbers() {
    let rows: [Row; 2] =
        [|draw| fixed((10.0 * draw.exponential()).floor(), 0), |draw| fixed((10.0 * draw.exponential()).floor(), 1)];
    assert_named("type_change", &["count"], rows, "are fractions, where the baseline has whole numbers alone");
}

#[test]
fn codes_for_words() {
    let rows: [Row; 2] = [|draw| one(draw.word(&PLANS)), |draw| one((draw.share() * 4.0) as u8)];
    assert_named("type_change", &["plan"], rows, "are numbers, where the baseline has texts alone");
}

#[test]
fn capitals_for_small_letters() {
    let rows: [Row; 2] = [|draw| one(draw.word(&PLANS)), |draw| one(draw.word(&PLANS).to_uppercase())];
    assert_named("letter_case_change", &["plan"], rows, "in other letter case: \"");
    let rows: [Row; 2] = [
        |draw| one(draw.word(&PLANS)),
        |draw| {
            let word = draw.word(&PLANS);
            if draw.share() < 0.2 { one(format!(" {}", word.to_uppercase())) } else { one(word) }
        },
    ];
    assert_named("letter_case_change", &["plan"], rows, "in other letter case and with other spaces");
}

#[test]
fn spaces_around_texts() {
    let rows: [Row; 2] = [
        |draw| one(draw.word(&PLANS)),
        |draw| {
            let word = draw.word(&PLANS);
            if draw.share() < 0.1 { one(format!("{word} ")) } else { one(word) }
        },
    ];
    assert_named("whitespace_change", &["plan"], rows, "with other spaces: \"basic \" for \"basic\"");
}

#[test]
fn texts_cut_after_some_characters() {
    let rows: [Row; 2] = [|draw| one(draw.word(&PLANS)), |draw| one(&draw.word(&PLANS)[..4])];
    assert_named("truncated_text", &["plan"], rows, "texts are cut after 4 characters: \"basi\"");
}

#[test]
fn numbers_and_words_for_missing_values() {
    let rows: [Row; 2] = [
        |draw| fixed(40.0 + 10.0 * draw.normal().clamp(-2.0, 2.0), 0),
        |draw| {
            let age = 40.0 + 10.0 * draw.normal().clamp(-2.0, 2.0);
            fixed(if draw.share() < 0.08 { -1.0 } else { age }, 0)
        },
    ];
    assert_named("missing_sentinel", &["age"], rows, "age: -1 stands in ");
    let rows: [Row; 2] = [
        |draw| fixed(draw.exponential(), 2),
        |draw| {
            let x = draw.exponential();
            fixed(if draw.share() < 0.15 { 9_999.0 } else { x }, 2)
        },
    ];
    assert_named("missing_sentinel", &["x"], rows, "x: 9999 stands in ");
    let rows: [Row; 2] = [
        |draw| one(draw.word(&PLANS)),
        |draw| {
            let word = draw.word(&PLANS);
            one(if draw.share() < 0.08 { "null" } else { word })
        },
    ];
    assert_named("missing_sentinel", &["plan"], rows, "plan: \"null\" stands in ");
    let rows: [Row; 2] = [
        |draw| fixed((30.0 * draw.share()).floor(), 0),
        |draw| {
            let x = (30.0 * draw.share()).floor();
            if draw.share() < 0.08 { one("N/A") } else { fixed(x, 0) }
        },
    ];
    assert_named("missing_sentinel", &["count"], rows, "count: \"N/A\" stands in ");
}

#[test]
fn a_word_among_other_new_ones_is_told_with_them() {
    let rows: [Row; 2] = [
        |draw| one(draw.word(&PLANS)),
        |draw| one(draw.word(&[PLANS[0], PLANS[1], PLANS[2], ("null", 0.05), ("solar", 0.1)])),
    ];
    let found = run(&["plan"], 500, rows, false);
    let told: Vec<&str> = found.incidents.iter().map(|one| one.sentence.as_str()).collect();
    assert!(told.iter().any(|sentence| sentence.ends_with("new categories: \"solar\", \"null\"")), "{told:?}");
}

#[test]
fn numbers_that_drift_beyond_the_range_are_no_sentinel() {
    let rows: [Row; 2] =
        [|draw| fixed((10.0 * draw.share()).floor(), 0), |draw| fixed((10.0 * draw.share()).floor() - 3.0, 0)];
    assert_unnamed(&["count"], rows);
}

#[test]
fn cells_that_are_missing_in_the_same_rows_are_one_incident() {
    let rows: [Row; 2] = [
        |draw| vec![Some(format!("{:.3}", draw.normal())), Some(draw.word(&PLANS).to_owned())],
        |draw| {
            let row = vec![Some(format!("{:.3}", draw.normal())), Some(draw.word(&PLANS).to_owned())];
            if draw.share() < 0.12 { vec![None, None] } else { row }
        },
    ];
    assert_named("missing_values", &["score", "plan"], rows, "score, plan: ");
}

#[test]
fn a_column_without_any_cell() {
    let rows: [Row; 2] = [|draw| fixed(draw.normal(), 3), |_| vec![None]];
    assert_named("missing_values", &["x"], rows, "100.0 % of the cells are missing, in the baseline 0.0 %");
}

#[test]
fn one_value_in_every_cell() {
    let rows: [Row; 2] = [
        |draw| vec![Some(format!("{:.3}", draw.normal())), Some(draw.word(&PLANS).to_owned())],
        |_| vec![Some("0.000".to_owned()), Some("basic".to_owned())],
    ];
    assert_named("constant_feature", &["x", "plan"], rows, "every cell holds the same value");
}

#[test]
fn one_value_instead_of_another_makes_nothing_constant() {
    for rows in [[|_| one("7"), |_| one("8")] as [Row; 2], [|_| one("v1"), |_| one("v2")]] {
        let found = run(&["k"], 500, rows, false);
        assert!(found.incidents.iter().all(|incident| incident.kind != "constant_feature"), "{:?}", found.incidents);
    }
}

#[test]
fn two_features_in_each_others_place() {
    let rows: [Row; 2] = [
        |draw| vec![Some(format!("{:.3}", draw.normal())), Some(format!("{:.3}", 2.0 + draw.exponential()))],
        |draw| vec![Some(format!("{:.3}", 2.0 + draw.exponential())), Some(format!("{:.3}", draw.normal()))],
    ];
    assert_named("swapped_features", &["a", "b"], rows, "a, b: each looks like the other");
    let rows: [Row; 2] = [
        |draw| vec![Some(draw.word(&PLANS).to_owned()), Some(format!("{:.3}", draw.exponential()))],
        |draw| vec![Some(format!("{:.3}", draw.exponential())), Some(draw.word(&PLANS).to_owned())],
    ];
    assert_named("swapped_features", &["plan", "x"], rows, "plan, x: each looks like the other");
}

#[test]
fn columns_one_place_too_far() {
    fn row(draw: &mut Draw) -> Vec<Cell> {
        vec![
            Some(format!("{:.3}", draw.normal())),
            Some(draw.word(&PLANS).to_owned()),
            Some(format!("{:.2}", 20.0 + draw.exponential())),
            Some(format!("{:.0}", 1_000.0 * draw.share())),
            Some(draw.word(&[("yes", 0.2), ("no", 0.8)]).to_owned()),
        ]
    }
    let shifted: Row = |draw| {
        let mut row = row(draw);
        row.rotate_right(1);
        row
    };
    for n in WINDOWS {
        let found = run(&["a", "b", "c", "d", "e"], n, [row, shifted], false);
        let told: Vec<_> = found.incidents.iter().map(|one| (one.kind, one.features.join(" "))).collect();
        // Of the first column, which now has the last one's cells, the change of its type is left to tell.
        assert!(told.contains(&("shifted_columns", "b c d e".to_owned())), "{told:?}");
        assert!(told.iter().all(|(kind, of)| *kind == "shifted_columns" || of == "a"), "{told:?}");
    }
}

#[test]
fn categories_that_are_new_and_such_as_are_gone() {
    let rows: [Row; 2] = [
        |draw| one(draw.word(&PLANS)),
        |draw| {
            let word = draw.word(&PLANS);
            one(if draw.share() < 0.05 { "solar" } else { word })
        },
    ];
    assert_named("new_category", &["plan"], rows, "of the cells hold new categories: \"solar\"");
    let rows: [Row; 2] = [|draw| one(draw.word(&PLANS)), |draw| one(draw.word(&[PLANS[0], PLANS[2], PLANS[3]]))];
    assert_named("vanished_category", &["plan"], rows, "hold what does not come any more: \"silver\"");
}
