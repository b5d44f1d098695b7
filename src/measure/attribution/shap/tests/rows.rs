//! Which features vary, and rows put together.

use crate::measure::attribution::{Cell, Design, mixed, varying};

fn row(cells: &[&str]) -> Vec<Cell> {
    cells.iter().map(|cell| (*cell != "-").then(|| (*cell).into())).collect()
}

#[test]
fn a_feature_varies_where_any_reference_row_differs() {
    for (name, cells, reference_rows, expected) in [
        ("the same", vec!["1", "a"], vec![vec!["1", "a"]], vec![]),
        ("a text", vec!["1", "a"], vec![vec!["1", "b"]], vec![1]),
        ("one of two", vec!["1", "a"], vec![vec!["1", "a"], vec!["2", "a"]], vec![0]),
        ("the same number in other words", vec!["1", "2.50", "1e3"], vec![vec!["1.0", "2.5", "1000"]], vec![]),
        ("codes", vec!["01", "00"], vec![vec!["1", "0"]], vec![0, 1]),
        ("not a number", vec!["NaN", "nan"], vec![vec!["NaN", "NaN"]], vec![1]),
        ("missing", vec!["-", "-", "1", ""], vec![vec!["-", "1", "-", "-"]], vec![1, 2, 3]),
        ("no reference rows", vec!["1"], vec![], vec![]),
    ] {
        let reference_rows: Vec<_> = reference_rows.iter().map(|cells| row(cells)).collect();
        assert_eq!(varying(&row(&cells), &reference_rows), expected, "{name}");
    }
}

#[test]
fn a_mixed_row_takes_each_cell_from_its_side() {
    let (this, reference) = (row(&["1.0", "a", "x", "5"]), row(&["1", "b", "-", "6"]));
    let varying = varying(&this, std::slice::from_ref(&reference));
    assert_eq!(varying, [1, 2, 3]);
    let design = Design::new(varying.len(), None, 0).expect("a design");
    let mut seen = Vec::new();
    for coalition in design.coalitions() {
        let mixed: Vec<Cell> = mixed(&this, &reference, coalition, &varying).cloned().collect();
        // What does not vary is as the row writes it.
        assert_eq!(mixed[0], this[0]);
        for (place, feature) in varying.iter().enumerate() {
            let side = if coalition.contains(place) { &this } else { &reference };
            assert_eq!(mixed[*feature], side[*feature]);
        }
        seen.push(mixed);
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 6);
}
