//! Attribution demonstration: a training table, two captured hours, and the model itself, which says who will default.

use std::fmt::Write;

use super::capture_records::CaptureRecord;
use super::hours::{self, DRIFTED, HEALTHY, REQUESTS_PER_HOUR};
use super::loan_applicant::{Applicant, COLUMNS, Defects};
use super::seeded_random::Random;

/// Path of the training table: CSV whose header is [`FEATURES`], [`SCORE`].
pub const TRAINING_TABLE: &str = "training/loans.csv";
/// Path of the analysis configuration of the baseline's job.
pub const BASELINE_CONFIG: &str = "config/baseline/analysis_config.json";
/// Path of the analysis configuration of the hourly jobs.
pub const MONITORING_CONFIG: &str = "config/monitoring/analysis_config.json";
/// The features of a request, in its order.
pub const FEATURES: [&str; 8] =
    ["age", "income", "loan_amount", "employment_years", "debt_ratio", "late_payments", "housing", "purpose"];
/// Column of the table's scores: the probability of default.
pub const SCORE: &str = "default_probability";

/// What is odd about the data, and where to look for it.
pub const CHANGES: &[(&str, &str)] = &[
    ("late_payments", "always arrives as 0 in the drifted hour: the credit bureau's feed is down"),
    ("debt_ratio", "always arrives as 0.280 in the drifted hour, for the same reason"),
    ("the model", "was not touched: it leans on what still differs between applicants"),
    ("age and purpose", "are sent, and the model does not look at them"),
];

const SEED: u64 = 20_260_305;
const TRAINING_ROWS: usize = 2_000;

/// Every file: path with forward slashes, and contents.
pub fn files() -> Vec<(String, Vec<u8>)> {
    let mut random = Random::seeded(SEED);
    let mut table = format!("{},{SCORE}\n", FEATURES.join(","));
    for _ in 0..TRAINING_ROWS {
        let row = row(&mut random, false);
        let _ = writeln!(table, "{},{}", row.features, row.score);
    }
    let mut files = vec![
        (TRAINING_TABLE.to_owned(), table.into_bytes()),
        (BASELINE_CONFIG.to_owned(), baseline_config().into_bytes()),
        (MONITORING_CONFIG.to_owned(), monitoring_config().into_bytes()),
    ];
    for (hour, is_feed_down) in [(HEALTHY, false), (DRIFTED, true)] {
        let mut requests = String::new();
        for request in 0..REQUESTS_PER_HOUR {
            let id = format!("loan-{:02}-{request:05}", hour.of_day);
            let row = row(&mut random, is_feed_down);
            let (event_id, second) = (random.uuid(), hours::second_of(request));
            let Applicant { score, features } = row;
            let record =
                CaptureRecord { hour, second, event_id, inference_id: Some(&id), request: features, answer: &score };
            requests += &record.line();
        }
        let captures = hour.captures() + &hours::file_name(&mut random, 0, 7);
        files.push((captures, requests.into_bytes()));
    }
    files
}

/// The model: the probability of default of an applicant with these cells, in the order of [`FEATURES`];
/// `None` where a cell that it looks at is no number. Linear, squashed into 0…1 by an algebraic sigmoid.
pub fn score(cells: &[&str]) -> Option<f64> {
    let [_, income, loan_amount, employment_years, debt_ratio, late_payments, housing, _] = cells else { return None };
    let number = |cell: &str| cell.trim().parse::<f64>().ok().filter(|number| number.is_finite());
    let burden = number(loan_amount)? / number(income)?.max(1.0);
    let linear = -2.6
        + 2.4 * burden / (1.0 + burden.abs())
        + 4.0 * number(debt_ratio)?
        + 0.7 * number(late_payments)?
        + if *housing == "rent" { 0.2 } else { 0.0 }
        - 0.02 * number(employment_years)?;
    Some(0.5 * (1.0 + linear / (1.0 + linear * linear).sqrt()))
}

/// An applicant, and the model's answer.
fn row(random: &mut Random, is_feed_down: bool) -> Applicant {
    let applicant = Applicant::draw(random, Defects::None);
    let features = COLUMNS[1..].iter().zip(applicant.features.split(','));
    let shown = features.filter(|(name, _)| FEATURES.contains(name)).map(|(name, cell)| match *name {
        "late_payments" if is_feed_down => "0",
        "debt_ratio" if is_feed_down => "0.280",
        _ => cell,
    });
    let cells: Vec<&str> = shown.collect();
    let score = score(&cells).map(|score| format!("{score:.4}")).unwrap_or_default();
    let features = cells.join(",");
    Applicant { score, features }
}

/// How the model is asked and attributions are computed. One applicant, about the middle of the training
/// table, stands for absent features.
fn question() -> &'static str {
    concat!(
        r#""predictor":{"content_type":"text/csv","accept_type":"text/csv","label_headers":["default"]},"#,
        r#""methods":{"shap":{"baseline":[[41,45000,14000,10,0.28,0,"rent","car"]],"agg_method":"mean_abs"}"#,
    )
}

fn baseline_config() -> String {
    format!(
        "{{\"version\":\"1.0\",\"dataset_type\":\"text/csv\",\"predicted_label\":\"{SCORE}\",{},{}}}}}\n",
        question(),
        r#""pdp":{"features":["debt_ratio","housing"],"grid_resolution":10}"#,
    )
}

/// As schedules have it: the data is described by its job.
fn monitoring_config() -> String {
    let headers = FEATURES.map(|name| format!("\"{name}\"")).join(",");
    format!("{{\"version\":\"1.0\",\"headers\":[{headers}],{}}}}}\n", question())
}

#[cfg(test)]
mod tests {
    use super::super::hours::Hour;
    use super::*;

    /// The cells of an hour's requests, and the model's answers.
    fn requests(hour: Hour) -> Vec<(Vec<String>, f64)> {
        let bytes = files().into_iter().find(|(path, _)| path.starts_with(&hour.captures())).unwrap().1;
        let request = |line: &str| {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            let time = line["eventMetadata"]["inferenceTime"].as_str().unwrap();
            assert!(time >= hour.start && time < hour.end);
            let data = |side: &str| line["captureData"][side]["data"].as_str().unwrap().to_owned();
            let cells = data("endpointInput").split(',').map(str::to_owned).collect();
            (cells, data("endpointOutput").parse().unwrap())
        };
        std::str::from_utf8(&bytes).unwrap().lines().map(request).collect()
    }

    fn is_stuck(hour: Hour, feature: &str) -> bool {
        let place = FEATURES.iter().position(|name| *name == feature).unwrap();
        let requests = requests(hour);
        requests.iter().all(|(cells, _)| cells[place] == requests[0].0[place])
    }

    #[test]
    fn the_same_bytes_every_time() {
        assert_eq!(files(), files());
    }

    #[test]
    fn the_answers_are_the_models_and_every_row_has_every_feature() {
        let table = String::from_utf8(files().swap_remove(0).1).unwrap();
        assert_eq!(table.lines().next().unwrap(), format!("{},{SCORE}", FEATURES.join(",")));
        assert_eq!(table.lines().count(), TRAINING_ROWS + 1);
        for hour in [HEALTHY, DRIFTED] {
            let requests = requests(hour);
            assert_eq!(requests.len(), REQUESTS_PER_HOUR as usize);
            for (cells, answer) in requests {
                let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
                assert!((score(&cells).unwrap() - answer).abs() <= 0.5e-4);
            }
        }
    }

    #[test]
    fn what_is_told_of_the_drifted_hour_is_true_of_it_alone() {
        for feature in FEATURES {
            assert!(!is_stuck(HEALTHY, feature), "{feature}");
            assert_eq!(is_stuck(DRIFTED, feature), ["late_payments", "debt_ratio"].contains(&feature), "{feature}");
        }
        let answer = |age: &str, purpose: &str| score(&[age, "45000", "14000", "10", "0.28", "0", "rent", purpose]);
        assert_eq!(answer("41", "car"), answer("70", "home"));
    }

    #[test]
    fn the_model_refuses_what_is_no_applicant() {
        for cells in [&["41"][..], &["41", "x", "14000", "10", "0.28", "0", "rent", "car"]] {
            assert_eq!(score(cells), None);
        }
    }

    #[test]
    fn the_configurations_are_json_and_name_columns_that_there_are() {
        for (path, bytes) in files().into_iter().filter(|(path, _)| path.starts_with("config")) {
            let config: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
            let row = config.pointer("/methods/shap/baseline/0").unwrap();
            assert_eq!(row.as_array().unwrap().len(), FEATURES.len(), "{path}");
            let named = ["/headers", "/methods/pdp/features"].into_iter().filter_map(|place| config.pointer(place));
            for name in named.flat_map(|names| names.as_array().unwrap()) {
                assert!(FEATURES.contains(&name.as_str().unwrap()), "{name}");
            }
        }
    }
}
