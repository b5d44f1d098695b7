//! The data-quality demonstration has the defects that it announces, and no others.

use std::collections::BTreeSet;

use super::*;

fn lines(hour: Hour) -> Vec<serde_json::Value> {
    let folder = hour.captures();
    let files: Vec<_> = files().into_iter().filter(|(path, _)| path.starts_with(&folder)).collect();
    assert_eq!(files.len(), FILES_PER_HOUR as usize);
    files
        .iter()
        .flat_map(|(_, bytes)| std::str::from_utf8(bytes).unwrap().lines())
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// The row of a request as the analysis sees it: output first.
fn row(line: &serde_json::Value) -> Vec<String> {
    let data = |side: &str| line["captureData"][side]["data"].as_str().unwrap().trim_end().to_owned();
    format!("{},{}", data("endpointOutput"), data("endpointInput")).split(',').map(str::to_owned).collect()
}

fn column(hour: Hour, name: &str) -> Vec<String> {
    let place = COLUMNS.iter().position(|c| *c == name).unwrap();
    lines(hour).iter().map(|line| row(line)[place].clone()).collect()
}

fn training(name: &str) -> Vec<String> {
    let place = COLUMNS.iter().position(|c| *c == name).unwrap();
    let (path, bytes) = files().remove(0);
    assert_eq!(path, TRAINING_TABLE);
    String::from_utf8(bytes).unwrap().lines().skip(1).map(|l| l.split(',').nth(place).unwrap().to_owned()).collect()
}

fn mean(cells: &[String]) -> f64 {
    let numbers: Vec<f64> = cells.iter().filter(|c| !c.is_empty()).map(|c| c.parse().unwrap()).collect();
    numbers.iter().sum::<f64>() / numbers.len() as f64
}

#[test]
fn the_same_bytes_every_time() {
    assert_eq!(files(), files());
}

#[test]
fn paths_are_unique_and_every_row_has_every_column() {
    let paths: BTreeSet<_> = files().into_iter().map(|(path, _)| path).collect();
    assert_eq!(paths.len(), 1 + 2 * FILES_PER_HOUR as usize);
    assert_eq!(training("age").len(), TRAINING_ROWS);
    for hour in [HEALTHY, DRIFTED] {
        let lines = lines(hour);
        assert_eq!(lines.len(), REQUESTS_PER_HOUR as usize);
        assert!(lines.iter().all(|line| row(line).len() == COLUMNS.len()));
    }
}

#[test]
fn every_request_lies_in_its_hour_and_has_its_own_id() {
    let mut ids = BTreeSet::new();
    for hour in [HEALTHY, DRIFTED] {
        for line in lines(hour) {
            let time = line["eventMetadata"]["inferenceTime"].as_str().unwrap().to_owned();
            assert!(time.as_str() >= hour.start && time.as_str() < hour.end, "{time}");
            assert!(ids.insert(line["eventMetadata"]["eventId"].as_str().unwrap().to_owned()));
        }
    }
}

#[test]
fn decimal_columns_are_purely_fractional_and_whole_ones_whole() {
    for name in ["default_probability", "income", "interest_rate", "debt_ratio"] {
        for cells in [training(name), column(HEALTHY, name), column(DRIFTED, name)] {
            assert!(cells.iter().all(|c| c.contains('.') && c.parse::<f64>().is_ok()), "{name}");
        }
    }
    for name in ["age", "loan_amount", "term_months", "open_accounts", "late_payments"] {
        for cells in [training(name), column(HEALTHY, name), column(DRIFTED, name)] {
            assert!(cells.iter().all(|c| c.parse::<u32>().is_ok()), "{name}");
        }
    }
}

#[test]
fn the_healthy_hour_knows_only_the_categories_of_training() {
    for name in ["housing", "purpose"] {
        let known: BTreeSet<_> = training(name).into_iter().collect();
        assert!(column(HEALTHY, name).into_iter().all(|c| known.contains(&c)), "{name}");
    }
}

#[test]
fn each_announced_change_is_in_the_drifted_hour_and_not_in_the_healthy_one() {
    let ratio = |hour, name| mean(&column(hour, name)) / mean(&training(name));
    assert!((90.0..110.0).contains(&ratio(DRIFTED, "loan_amount")));
    assert!((0.95..1.05).contains(&ratio(HEALTHY, "loan_amount")));
    assert!(ratio(DRIFTED, "debt_ratio") > 1.3 && ratio(HEALTHY, "debt_ratio") < 1.05);
    assert!(ratio(DRIFTED, "default_probability") > 1.3 && ratio(HEALTHY, "default_probability") < 1.05);
    let missing = |hour| column(hour, "employment_years").iter().filter(|c| c.is_empty()).count();
    assert!((150..300).contains(&missing(DRIFTED)));
    assert_eq!(missing(HEALTHY), 0);
    assert!(column(DRIFTED, "purpose").iter().any(|c| c == "solar"));
    assert!(CHANGES.iter().all(|(feature, _)| COLUMNS.contains(feature)));
}
