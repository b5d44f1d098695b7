//! Data-quality demonstration: a training table, an hour like it, and an hour whose feed is broken.

use super::capture_records::CaptureRecord;
use super::hours::{self, DRIFTED, HEALTHY, Hour, REQUESTS_PER_HOUR, SECONDS_PER_HOUR};
use super::loan_applicant::{Applicant, COLUMNS, Defects};
use super::seeded_random::Random;

/// Path of the training table: CSV with a header, the model's score first as in a captured row.
pub const TRAINING_TABLE: &str = "training/loans.csv";

/// What differs in [`DRIFTED`]: the feature, and what happened to it.
pub const CHANGES: &[(&str, &str)] = &[
    ("loan_amount", "arrives in cents instead of euros"),
    ("employment_years", "is missing in about one request of eight"),
    ("debt_ratio", "is shifted: 0.12 higher for everyone"),
    ("purpose", "has a category that training never saw: solar"),
    ("default_probability", "was not touched: the model's answers follow its inputs"),
];

const SEED: u64 = 20_260_302;
const TRAINING_ROWS: usize = 3_000;
const FILES_PER_HOUR: u32 = 6;

/// Every file of the demonstration: path with forward slashes, and contents.
pub fn files() -> Vec<(String, Vec<u8>)> {
    let mut random = Random::seeded(SEED);
    let mut files = vec![(TRAINING_TABLE.to_owned(), training_table(&mut random))];
    captured_hour(&mut random, HEALTHY, Defects::None, &mut files);
    captured_hour(&mut random, DRIFTED, Defects::All, &mut files);
    files
}

fn training_table(random: &mut Random) -> Vec<u8> {
    let mut table = COLUMNS.join(",") + "\n";
    for _ in 0..TRAINING_ROWS {
        let row = Applicant::draw(random, Defects::None);
        table += &format!("{},{}\n", row.score, row.features);
    }
    table.into_bytes()
}

/// Requests spread evenly over the hour, give or take a second, in files of ten minutes each.
fn captured_hour(random: &mut Random, hour: Hour, defects: Defects, files: &mut Vec<(String, Vec<u8>)>) {
    let per_file = REQUESTS_PER_HOUR / FILES_PER_HOUR;
    for file in 0..FILES_PER_HOUR {
        let mut lines = String::new();
        for request in 0..per_file {
            let place = file * per_file + request;
            let second = hours::second_of(place) + random.below(2);
            lines += &captured_request(random, hour, second, defects);
        }
        let first = file * SECONDS_PER_HOUR / FILES_PER_HOUR;
        let name = hours::file_name(random, first / 60, 3 + file * 7);
        files.push((hour.captures() + &name, lines.into_bytes()));
    }
}

fn captured_request(random: &mut Random, hour: Hour, second: u32, defects: Defects) -> String {
    let row = Applicant::draw(random, defects);
    let event_id = random.uuid();
    let request = row.features + "\n";
    CaptureRecord { hour, second, event_id, inference_id: None, request, answer: &row.score }.line()
}

#[cfg(test)]
mod tests;
