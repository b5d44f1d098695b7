//! How incidents are told: together, the strongest first, and without values where they are redacted.

use super::super::{Evidence, Fact};
use super::drawn::{Cell, Draw, found, table};
use super::windows::{N_BASELINE, PLANS, Row, WINDOWS, euros, fixed, one, run};
use crate::profile::Ledger;

#[test]
fn several_features_of_one_scale_are_one_incident() {
    let row = |draw: &mut Draw, factor: f64| {
        vec![
            Some(format!("{:.2}", factor * euros(draw))),
            Some(format!("{:.2}", factor * draw.exponential())),
            Some(format!("{:.2}", factor * draw.between(10.0, 90.0))),
        ]
    };
    for n in WINDOWS {
        let mut draw = Draw::new(3);
        let names = ["a", "b", "c"];
        let baseline = table(&names, N_BASELINE, || row(&mut draw, 1.0));
        let current = table(&names, n, || row(&mut draw, 1_000.0));
        let found = found(&baseline, &current, &Ledger::default(), false);
        let told: Vec<_> = found.incidents.iter().map(|one| (one.kind, one.features.join(" "))).collect();
        assert_eq!(told, [("scale_change", "a b c".to_owned())], "in {n} rows");
        let factors: Vec<&Evidence> = found.incidents[0].evidence.iter().filter(|e| e.name == "factor").collect();
        assert!(factors.len() == 3 && factors.iter().all(|e| e.fact == Fact::Number(1_000.0)));
    }
}

#[test]
fn records_that_could_not_be_used() {
    let mut draw = Draw::new(1);
    let table = table(&["x"], 500, || fixed(draw.normal(), 3));
    let with = |n_used, n_rejected| {
        let records_rejected = [("invalid_json", n_rejected), ("no_payload", 1)].into();
        let ledger = Ledger { n_records_used: n_used, records_rejected, ..Ledger::default() };
        let found = found(&table, &table, &ledger, false);
        found.incidents.into_iter().map(|one| (one.kind, one.sentence)).collect::<Vec<_>>()
    };
    let sentence = "10.0 % of the records could not be used, most of them for invalid_json".to_owned();
    assert_eq!(with(450, 49), [("payload_errors", sentence)]);
    assert_eq!(with(100, 8), []);
    assert_eq!(with(100_000, 900), []);
}

#[test]
fn nothing_of_the_data_is_told_where_values_are_redacted() {
    let cases: [(&[&str], [Row; 2]); 4] = [
        (&["plan"], [|draw| one(draw.word(&PLANS)), |draw| one(draw.word(&PLANS).to_uppercase())]),
        (&["plan"], [|draw| one(draw.word(&PLANS)), |draw| one(&draw.word(&PLANS)[..4])]),
        (&["plan"], [|draw| one(draw.word(&PLANS)), |draw| one(draw.word(&[PLANS[0], ("solar", 0.2)]))]),
        (&["plan"], [|draw| one(draw.word(&PLANS)), |draw| one(draw.word(&[PLANS[0], PLANS[1], ("null", 0.2)]))]),
    ];
    let values = ["basi", "silver", "gold", "platinum", "solar", "null"];
    for (names, rows) in cases {
        let shown = |is_redacted| format!("{:?}", run(names, 500, rows, is_redacted)).to_lowercase();
        let (plain, redacted) = (shown(false), shown(true));
        assert!(values.iter().any(|value| plain.contains(value)), "{plain}");
        assert!(!values.iter().any(|value| redacted.contains(value)), "{redacted}");
        assert!(redacted.contains("sentence"), "{redacted}");
    }
}

#[test]
fn the_five_strongest_are_told() {
    let names = ["a", "b", "c", "d", "e", "f", "g"];
    let row = |draw: &mut Draw, share: f64| -> Vec<Cell> {
        let x = draw.share();
        (0..7u8).map(|i| (x >= share * f64::from(i + 1)).then(|| format!("{:.3}", draw.normal()))).collect()
    };
    let mut draw = Draw::new(5);
    let baseline = table(&names, N_BASELINE, || row(&mut draw, 0.0));
    let current = table(&names, 5_000, || row(&mut draw, 0.1));
    let found = found(&baseline, &current, &Ledger::default(), false);
    let told: Vec<String> = found.incidents.iter().map(|one| one.features.join(" ")).collect();
    assert_eq!((told, found.n_more), (["g", "f", "e", "d", "c"].map(str::to_owned).to_vec(), 2));
}
