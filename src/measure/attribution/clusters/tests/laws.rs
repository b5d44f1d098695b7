//! What holds of reference rows of any data.

use proptest::prelude::*;

use crate::measure::attribution::{Cell, reference_rows};

fn cells() -> impl Strategy<Value = Cell> {
    let texts = prop_oneof![
        4 => (-50i32..50).prop_map(|n| n.to_string()),
        2 => any::<f64>().prop_map(|x| x.to_string()),
        2 => "[ab]{1,2}",
        1 => any::<String>(),
    ];
    prop_oneof![4 => texts.prop_map(|text| Some(text.into())), 1 => Just(None)]
}

fn tables() -> impl Strategy<Value = Vec<Vec<Cell>>> {
    (1usize..5).prop_flat_map(|n| prop::collection::vec(prop::collection::vec(cells(), n), 1..40))
}

fn columns_of_numbers() -> impl Strategy<Value = Vec<Vec<f64>>> {
    (1usize..4).prop_flat_map(|n| prop::collection::vec(prop::collection::vec(-1e3..1e3, n), 1..40))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn no_data_does_harm(rows in tables(), k in prop::option::of(0usize..60), seed: u64) {
        let found = reference_rows(&rows, k, seed);
        prop_assert!(!found.is_empty() && found.len() <= k.unwrap_or(12).max(1).min(rows.len()));
        prop_assert!(found.iter().all(|row| row.len() == rows[0].len()));
        prop_assert_eq!(found, reference_rows(&rows, k, seed));
    }

    #[test]
    fn centres_are_within_the_data(rows in columns_of_numbers(), k in prop::option::of(1usize..10), seed: u64) {
        let text = |x: &f64| Some(x.to_string().into());
        let cells: Vec<Vec<Cell>> = rows.iter().map(|row| row.iter().map(text).collect()).collect();
        for centre in reference_rows(&cells, k, seed) {
            for (place, cell) in centre.iter().enumerate() {
                let x: f64 = cell.as_deref().expect("a cell").parse().expect("a number");
                let column = || rows.iter().map(|row| row[place]);
                let (least, most) = (column().fold(f64::INFINITY, f64::min), column().fold(f64::NEG_INFINITY, f64::max));
                prop_assert!((least - 1e-9..=most + 1e-9).contains(&x), "{} is not in {}…{}", x, least, most);
            }
        }
    }

    #[test]
    fn as_many_clusters_as_different_rows_are_these_rows(n in 1usize..12, seed: u64) {
        let rows: Vec<Vec<Cell>> = (0..3 * n).map(|place| vec![Some((place % n * place % n).to_string().into())]).collect();
        let mut different: Vec<_> = rows.clone();
        different.sort();
        different.dedup();
        let mut found = reference_rows(&rows, Some(n), seed);
        found.sort();
        prop_assert_eq!(found, different);
    }

    #[test]
    fn units_do_not_matter(rows in columns_of_numbers(), seed: u64) {
        // Powers of two: nothing is rounded.
        let with = |unit: f64| -> Vec<Vec<Cell>> {
            rows.iter().map(|row| row.iter().map(|x| Some(format!("{:?}", x * unit).into())).collect()).collect()
        };
        let back = |rows: Vec<Vec<Cell>>, unit: f64| -> Vec<Vec<f64>> {
            let number = |cell: &Cell| cell.as_deref().expect("a cell").parse::<f64>().expect("a number") / unit;
            rows.iter().map(|row| row.iter().map(number).collect()).collect()
        };
        let small = back(reference_rows(&with(1.0), Some(3), seed), 1.0);
        prop_assert_eq!(small, back(reference_rows(&with(1024.0), Some(3), seed), 1024.0));
    }
}
