//! Model-quality demonstration: a validation table, two captured hours, and labels that come late and out of order.

use std::fmt::Write;

use super::capture_records::{CaptureRecord, label};
use super::hours::{self, DRIFTED, HEALTHY, Hour, REQUESTS_PER_HOUR};
use super::loan_applicant::{Applicant, Defects};
use super::seeded_random::Random;

/// Path of the validation table: CSV with the header `default_probability,defaulted`.
pub const VALIDATION_TABLE: &str = "validation/loans.csv";
/// Column of the table's scores.
pub const SCORE: &str = "default_probability";
/// Column of the table's labels.
pub const LABEL: &str = "defaulted";

/// What is odd about the data, and where to look for it.
pub const CHANGES: &[(&str, &str)] = &[
    (
        "the world",
        "changed in the drifted hour: for one applicant of three the opposite of the model's score came true",
    ),
    ("labels", "of about one request of ten have not come yet"),
    ("labels", "of twenty requests were uploaded twice, corrected the second time"),
    ("labels", "hold one line that was cut off in the middle"),
    ("requests", "carry an inferenceId, and the labels name it"),
];

const SEED: u64 = 20_260_303;
const VALIDATION_ROWS: usize = 4_000;
const N_CORRECTED: u32 = 20;

/// Every file: path with forward slashes, and contents.
pub fn files() -> Vec<(String, Vec<u8>)> {
    let mut random = Random::seeded(SEED);
    let mut table = format!("{SCORE},{LABEL}\n");
    for _ in 0..VALIDATION_ROWS {
        let score = score_of(&Applicant::draw(&mut random, Defects::None));
        let _ = writeln!(table, "{score:.4},{}", u8::from(random.happens(score)));
    }
    let mut files = vec![(VALIDATION_TABLE.to_owned(), table.into_bytes())];
    labelled_hour(&mut random, HEALTHY, false, &mut files);
    labelled_hour(&mut random, DRIFTED, true, &mut files);
    files
}

fn score_of(applicant: &Applicant) -> f64 {
    applicant.score.parse().unwrap_or_default()
}

/// One file of requests, and the files of labels that came in the two hours after.
fn labelled_hour(random: &mut Random, hour: Hour, drifted: bool, files: &mut Vec<(String, Vec<u8>)>) {
    let (mut requests, mut first, mut second) = (String::new(), String::new(), String::new());
    for request in 0..REQUESTS_PER_HOUR {
        let applicant = Applicant::draw(random, Defects::None);
        let score = score_of(&applicant);
        let probability = if drifted && random.happens(1.0 / 3.0) { 1.0 - score } else { score };
        let defaulted = random.happens(probability);
        let id = format!("loan-{:02}-{request:05}", hour.of_day);
        let (event_id, arrival) = (random.uuid(), hours::second_of(request));
        let Applicant { score, features } = applicant;
        let record = CaptureRecord {
            hour,
            second: arrival,
            event_id,
            inference_id: Some(&id),
            request: features,
            answer: &score,
        };
        requests += &record.line();
        if random.happens(0.1) {
            continue;
        }
        let is_corrected = request < N_CORRECTED;
        first += &label(&id, defaulted != is_corrected);
        if is_corrected {
            second += &label(&id, defaulted);
        }
    }
    second += r#"{"groundTruthData":{"data":"1","enco"#;
    let captures = hour.captures() + &hours::file_name(random, 0, 7);
    files.push((captures, requests.into_bytes()));
    for (later, labels) in [(1, first), (2, second)] {
        let path = hour.labels(later) + &hours::file_name(random, 0, 7);
        files.push((path, labels.into_bytes()));
    }
}
