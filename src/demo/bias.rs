//! Bias demonstration: a validation table, two captured hours of a model that says who will repay, and labels.

use std::fmt::Write;

use super::capture_records::{CaptureRecord, label};
use super::hours::{self, DRIFTED, HEALTHY, Hour, REQUESTS_PER_HOUR};
use super::loan_applicant::{Applicant, Defects};
use super::seeded_random::Random;

/// Path of the validation table: CSV whose header is [`FEATURES`], [`SCORE`], [`LABEL`].
pub const VALIDATION_TABLE: &str = "validation/repayments.csv";
/// Path of the analysis configuration of the baseline's job.
pub const BASELINE_CONFIG: &str = "config/baseline/analysis_config.json";
/// Path of the analysis configuration of the hourly jobs.
pub const MONITORING_CONFIG: &str = "config/monitoring/analysis_config.json";
/// The features of a request, in its order. All but [`FACET`] are numbers.
pub const FEATURES: [&str; 10] = [
    "age",
    "income",
    "loan_amount",
    "term_months",
    "interest_rate",
    "employment_years",
    "debt_ratio",
    "open_accounts",
    "late_payments",
    FACET,
];
/// Column of the table's scores: the probability of repayment.
pub const SCORE: &str = "repayment_probability";
/// Column of the table's labels: 1 where a loan was repaid, which is the positive outcome, else 0.
pub const LABEL: &str = "repaid";
/// Loans are given above this score.
pub const THRESHOLD: f64 = 0.5;
/// The feature whose groups are compared: `town` or [`SENSITIVE`].
pub const FACET: &str = "region";
/// The group that is looked after.
pub const SENSITIVE: &str = "country";
/// The feature that explains part of a difference between groups.
pub const GROUP: &str = "term_months";

/// What is odd about the data, and where to look for it.
pub const CHANGES: &[(&str, &str)] = &[
    ("the model", "changed in the drifted hour: applicants from the country get 0.55 times the score they had before"),
    ("the world", "was not touched: people from the country repay as they always did"),
    ("labels", "of about one request of ten have not come yet"),
    ("requests", "carry an inferenceId, and the labels name it"),
];

const SEED: u64 = 20_260_304;
const VALIDATION_ROWS: usize = 4_000;
const SHARE_OF_SENSITIVE: f64 = 0.3;
/// What becomes of the scores of [`SENSITIVE`] in the drifted hour.
const UNFAIRNESS: f64 = 0.55;

/// Every file: path with forward slashes, and contents.
pub fn files() -> Vec<(String, Vec<u8>)> {
    let mut random = Random::seeded(SEED);
    let mut table = format!("{},{SCORE},{LABEL}\n", FEATURES.join(","));
    for _ in 0..VALIDATION_ROWS {
        let borrower = Borrower::draw(&mut random);
        let _ = writeln!(table, "{},{:.4},{}", borrower.features, borrower.probability, u8::from(borrower.repays));
    }
    let mut files = vec![
        (VALIDATION_TABLE.to_owned(), table.into_bytes()),
        (BASELINE_CONFIG.to_owned(), baseline_config().into_bytes()),
        (MONITORING_CONFIG.to_owned(), monitoring_config().into_bytes()),
    ];
    labelled_hour(&mut random, HEALTHY, 1.0, &mut files);
    labelled_hour(&mut random, DRIFTED, UNFAIRNESS, &mut files);
    files
}

/// What both kinds of jobs are asked.
fn question() -> String {
    format!(
        concat!(
            r#""label":"{LABEL}","label_values_or_threshold":[1],"#,
            r#""facet":[{{"name_or_index":"{FACET}","value_or_threshold":["{SENSITIVE}"]}}],"group_variable":"{GROUP}""#,
        ),
        LABEL = LABEL,
        FACET = FACET,
        SENSITIVE = SENSITIVE,
        GROUP = GROUP,
    )
}

fn baseline_config() -> String {
    format!(
        concat!(
            r#"{{"version":"1.0","dataset_type":"text/csv",{question},"predicted_label":"{score}","#,
            r#""probability_threshold":{threshold:.1},"methods":{{"pre_training_bias":{{"methods":"all"}},"#,
            r#""post_training_bias":{{"methods":"all"}}}}}}"#,
            "\n",
        ),
        question = question(),
        score = SCORE,
        threshold = THRESHOLD,
    )
}

/// As schedules have it: data and predictions are described by their job.
fn monitoring_config() -> String {
    let headers = FEATURES.into_iter().chain([LABEL]).map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(",");
    format!("{{\"version\":\"1.0\",\"headers\":[{headers}],{}}}\n", question())
}

/// An applicant, where they live, and what became of their loan.
struct Borrower {
    features: String,
    is_sensitive: bool,
    probability: f64,
    repays: bool,
}

impl Borrower {
    fn draw(random: &mut Random) -> Self {
        let applicant = Applicant::draw(random, Defects::None);
        let probability = 1.0 - applicant.score.parse().unwrap_or(0.0);
        let is_sensitive = random.happens(SHARE_OF_SENSITIVE);
        let region = if is_sensitive { SENSITIVE } else { "town" };
        let cells = applicant.features.split(',').take(FEATURES.len() - 1).chain([region]);
        let features = cells.collect::<Vec<_>>().join(",");
        Self { features, is_sensitive, probability, repays: random.happens(probability) }
    }
}

/// One file of requests, and one of the labels that came in the hour after.
fn labelled_hour(random: &mut Random, hour: Hour, unfairness: f64, files: &mut Vec<(String, Vec<u8>)>) {
    let (mut requests, mut labels) = (String::new(), String::new());
    for request in 0..REQUESTS_PER_HOUR {
        let borrower = Borrower::draw(random);
        let factor = if borrower.is_sensitive { unfairness } else { 1.0 };
        let id = format!("repayment-{:02}-{request:05}", hour.of_day);
        let (event_id, second) = (random.uuid(), hours::second_of(request));
        let answer = &format!("{:.4}", borrower.probability * factor);
        let record =
            CaptureRecord { hour, second, event_id, inference_id: Some(&id), request: borrower.features, answer };
        requests += &record.line();
        if !random.happens(0.1) {
            labels += &label(&id, borrower.repays);
        }
    }
    let captures = hour.captures() + &hours::file_name(random, 0, 7);
    files.push((captures, requests.into_bytes()));
    let path = hour.labels(1) + &hours::file_name(random, 0, 7);
    files.push((path, labels.into_bytes()));
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// The cells of a request and its score, by id.
    fn requests(hour: Hour) -> BTreeMap<String, (Vec<String>, f64)> {
        let folder = hour.captures();
        let bytes = files().into_iter().find(|(path, _)| path.starts_with(&folder)).unwrap().1;
        let request = |line: &str| {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            let time = line["eventMetadata"]["inferenceTime"].as_str().unwrap();
            assert!(time >= hour.start && time < hour.end);
            let data = |side: &str| line["captureData"][side]["data"].as_str().unwrap().to_owned();
            let cells = data("endpointInput").split(',').map(str::to_owned).collect();
            let id = line["eventMetadata"]["inferenceId"].as_str().unwrap().to_owned();
            (id, (cells, data("endpointOutput").parse().unwrap()))
        };
        std::str::from_utf8(&bytes).unwrap().lines().map(request).collect()
    }

    fn labels(hour: Hour) -> BTreeMap<String, bool> {
        let folder = hour.labels(1);
        let bytes = files().into_iter().find(|(path, _)| path.starts_with(&folder)).unwrap().1;
        let label = |line: &str| {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            let id = line["eventMetadata"]["eventId"].as_str().unwrap().to_owned();
            (id, line["groundTruthData"]["data"] == "1")
        };
        std::str::from_utf8(&bytes).unwrap().lines().map(label).collect()
    }

    /// Cells of the validation table's rows.
    fn table() -> Vec<Vec<String>> {
        let (path, bytes) = files().swap_remove(0);
        assert_eq!(path, VALIDATION_TABLE);
        let text = String::from_utf8(bytes).unwrap();
        text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
    }

    /// Share of those that fulfil something, of the sensitive group over the others.
    fn ratio(rows: impl Iterator<Item = (String, bool)>) -> f64 {
        let (mut n, mut fulfil) = ([0.0; 2], [0.0; 2]);
        for (region, is_fulfilled) in rows {
            let group = usize::from(region == SENSITIVE);
            n[group] += 1.0;
            fulfil[group] += f64::from(u8::from(is_fulfilled));
        }
        assert!(n[1] > 100.0 && n[0] > n[1]);
        (fulfil[1] / n[1]) / (fulfil[0] / n[0])
    }

    fn disparate_impact(hour: Hour) -> f64 {
        ratio(requests(hour).into_values().map(|(cells, score)| (cells[FEATURES.len() - 1].clone(), score > THRESHOLD)))
    }

    #[test]
    fn the_same_bytes_every_time() {
        assert_eq!(files(), files());
    }

    #[test]
    fn the_configurations_ask_about_columns_that_there_are() {
        let table = table().swap_remove(0);
        let files = files();
        for path in [BASELINE_CONFIG, MONITORING_CONFIG] {
            let bytes = &files.iter().find(|(other, _)| other == path).unwrap().1;
            let config: serde_json::Value = serde_json::from_slice(bytes).unwrap();
            let named = ["/label", "/group_variable", "/facet/0/name_or_index"];
            let named = named.into_iter().map(|place| config.pointer(place).unwrap());
            let headers = config["headers"].as_array().into_iter().flatten().chain(config.get("predicted_label"));
            let names: Vec<&str> = named.chain(headers).map(|name| name.as_str().unwrap()).collect();
            assert!(names.iter().all(|name| table.iter().any(|column| column == name)), "{names:?}");
            assert_eq!(config.pointer("/facet/0/value_or_threshold/0").unwrap(), SENSITIVE);
        }
    }

    #[test]
    fn every_row_has_every_column_and_all_features_but_the_facet_are_numbers() {
        let mut table = table();
        let header = table.remove(0);
        assert_eq!(header[..FEATURES.len()], FEATURES);
        assert_eq!(header[FEATURES.len()..], [SCORE, LABEL]);
        assert_eq!(table.len(), VALIDATION_ROWS);
        assert!(FEATURES.contains(&GROUP) && FEATURES.last() == Some(&FACET));
        let of_requests = [HEALTHY, DRIFTED].into_iter().flat_map(|hour| requests(hour).into_values());
        let features = table.into_iter().map(|mut row| {
            assert!(["0", "1"].contains(&row.remove(FEATURES.len() + 1).as_str()));
            assert!((0.0..=1.0).contains(&row.remove(FEATURES.len()).parse().unwrap()));
            row
        });
        for row in features.chain(of_requests.map(|(cells, _)| cells)) {
            let (region, numbers) = row.split_last().unwrap();
            assert!([SENSITIVE, "town"].contains(&region.as_str()));
            assert!(numbers.len() == FEATURES.len() - 1 && numbers.iter().all(|cell| cell.parse::<f64>().is_ok()));
        }
    }

    #[test]
    fn nine_of_ten_requests_are_labelled_and_every_label_has_its_request() {
        for hour in [HEALTHY, DRIFTED] {
            let (requests, labels) = (requests(hour), labels(hour));
            assert_eq!(requests.len(), REQUESTS_PER_HOUR as usize);
            assert!(labels.keys().all(|id| requests.contains_key(id)));
            assert!((0.87..0.93).contains(&(labels.len() as f64 / requests.len() as f64)));
        }
    }

    #[test]
    fn the_model_is_fair_until_the_drifted_hour_and_the_world_stays_so() {
        let column = |row: &[String], place: usize| row[place].clone();
        let table: Vec<_> = table().into_iter().skip(1).collect();
        let score = |row: &[String]| row[FEATURES.len()].parse::<f64>().unwrap() > THRESHOLD;
        let at_baseline = ratio(table.iter().map(|row| (column(row, FEATURES.len() - 1), score(row))));
        assert!((0.95..1.05).contains(&at_baseline), "{at_baseline}");
        assert!((0.95..1.05).contains(&disparate_impact(HEALTHY)), "{}", disparate_impact(HEALTHY));
        assert!(disparate_impact(DRIFTED) < 0.8, "{}", disparate_impact(DRIFTED));
        for hour in [HEALTHY, DRIFTED] {
            let requests = requests(hour);
            let region = |id: &String| requests[id].0[FEATURES.len() - 1].clone();
            let repaid = ratio(labels(hour).iter().map(|(id, repaid)| (region(id), *repaid)));
            assert!((0.9..1.1).contains(&repaid), "{repaid}");
        }
    }
}
