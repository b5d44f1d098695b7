//! Data whose clusters are known.

use crate::measure::attribution::{Cell, reference_rows};
use crate::measure::random::Random;

pub fn row(cells: &[&str]) -> Vec<Cell> {
    cells.iter().map(|cell| (*cell != "-").then(|| (*cell).into())).collect()
}

fn texts(rows: &[Vec<Cell>]) -> Vec<Vec<String>> {
    let text = |cell: &Cell| cell.as_deref().unwrap_or("-").to_owned();
    rows.iter().map(|row| row.iter().map(text).collect()).collect()
}

/// So many rows around each of these places, with a deviation of about 0.1, and a category of their own.
fn blobs(places: &[(f64, f64, &str)], n: usize) -> Vec<Vec<Cell>> {
    let mut random = Random::new(11);
    let mut near = |x: f64| Some((x + (0..12).map(|_| random.share()).sum::<f64>() * 0.1 - 0.6).to_string().into());
    let mut rows = Vec::new();
    for _ in 0..n {
        for (x, y, category) in places {
            rows.push(vec![near(*x), near(*y), Some((*category).into())]);
        }
    }
    rows
}

#[test]
fn clusters_that_are_there_are_found_and_counted() {
    let places = [(0.0, 0.0, "a"), (10.0, 10.0, "b"), (0.0, 10.0, "c"), (10.0, 0.0, "a"), (5.0, 5.0, "d")];
    for n_places in 2..=5 {
        let rows = blobs(&places[..n_places], 40);
        for k in [None, Some(n_places)] {
            let found = reference_rows(&rows, k, 0);
            assert_eq!(found.len(), n_places, "{k:?}");
            for (x, y, category) in &places[..n_places] {
                let is_near = |cell: &Cell, to: f64| {
                    cell.as_deref().is_some_and(|text| (text.parse::<f64>().expect("a number") - to).abs() < 0.1)
                };
                let is_there = |row: &Vec<Cell>| {
                    is_near(&row[0], *x) && is_near(&row[1], *y) && row[2].as_deref() == Some(category)
                };
                assert_eq!(found.iter().filter(|row| is_there(row)).count(), 1, "{x} {y} {category}");
            }
        }
    }
}

#[test]
fn rows_without_clusters_are_one() {
    // Eight columns of nothing but noise.
    let mut random = Random::new(4);
    let rows: Vec<Vec<Cell>> =
        (0..500).map(|_| (0..8).map(|_| Some(random.share().to_string().into())).collect()).collect();
    let found = reference_rows(&rows, None, 0);
    assert_eq!(found.len(), 1);
    for cell in &found[0] {
        let mean: f64 = cell.as_deref().expect("a cell").parse().expect("a number");
        // Five standard errors of the mean of 500 rows are 0.065.
        assert!((mean - 0.5).abs() < 0.065, "{mean}");
    }
}

#[test]
fn categories_alone_are_grouped_by_their_modes() {
    let mut rows = Vec::new();
    for _ in 0..10 {
        rows.extend([row(&["red", "small", "x"]), row(&["red", "small", "y"]), row(&["blue", "large", "z"])]);
    }
    rows.push(row(&["red", "small", "x"]));
    let mut found = texts(&reference_rows(&rows, Some(2), 0));
    found.sort();
    assert_eq!(found, [["blue", "large", "z"], ["red", "small", "x"]]);
}

#[test]
fn the_largest_cluster_comes_first() {
    let rows = [vec![row(&["1"]); 3], vec![row(&["9"]); 5], vec![row(&["5"]); 4]].concat();
    assert_eq!(texts(&reference_rows(&rows, None, 0)), [["9"], ["5"], ["1"]]);
}

#[test]
fn one_centre_is_the_means_and_modes() {
    for (name, rows, expected) in [
        ("integers stay integers", vec![["1"], ["2"], ["4"]], "2"),
        ("fractions are means", vec![["1"], ["2.0"], ["4.5"]], "2.5"),
        ("large numbers do not overflow", vec![["1.5e308"], ["1.7e308"], ["1.6e308"]], "1.6e308"),
        ("a constant is itself", vec![["0.1"], ["0.1"], ["0.1"]], "0.1"),
        ("a mean with a short text has it", vec![["0.1"], ["0.2"], ["0.3"]], "0.2"),
        ("codes are categories", vec![["01"], ["02"], ["02"]], "02"),
        ("a text makes categories of numbers", vec![["1"], ["1"], ["x"]], "1"),
        ("the first of equally frequent ones", vec![["b"], ["a"], ["c"]], "b"),
        ("most are there", vec![["-"], ["3.5"], ["4.5"]], "4"),
        ("most are missing", vec![["-"], ["-"], ["4.5"]], "-"),
        ("most categories are missing", vec![["-"], ["-"], ["a"]], "-"),
        ("half is missing", vec![["-"], ["a"], ["a"]], "a"),
        ("all are missing", vec![["-"], ["-"], ["-"]], "-"),
    ] {
        let rows: Vec<_> = rows.iter().map(|cells| row(cells)).collect();
        assert_eq!(texts(&reference_rows(&rows, Some(1), 0)), [[expected]], "{name}");
    }
}

#[test]
fn a_constant_and_its_gaps_are_no_structure() {
    let rows: Vec<_> = (0..30).map(|place| row(&[if place % 3 == 0 { "-" } else { "0.1" }])).collect();
    assert_eq!(texts(&reference_rows(&rows, None, 0)), [["0.1"]]);
    assert_eq!(reference_rows(&rows, Some(5), 0).len(), 1);
}

#[test]
fn missing_numbers_do_not_make_clusters() {
    let rows: Vec<_> = (0..20)
        .map(|place| row(&[if place % 2 == 0 { "0" } else { "10" }, if place < 5 { "-" } else { "7" }]))
        .collect();
    let mut found = texts(&reference_rows(&rows, None, 0));
    found.sort();
    assert_eq!(found, [["0", "7"], ["10", "7"]]);
}

#[test]
fn no_rows_and_no_columns_do_no_harm() {
    assert_eq!(reference_rows(&[], None, 0), Vec::<Vec<Cell>>::new());
    assert_eq!(reference_rows(&[vec![], vec![]], None, 0), [Vec::<Cell>::new()]);
    assert_eq!(texts(&reference_rows(&[row(&["1", "2"]), row(&["1"])], Some(0), 0)), [["1", "2"]]);
}
