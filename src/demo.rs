//! The demonstration's data: a lender's training table and two captured hours of its endpoint.
//!
//! Everything is drawn from one seeded generator with operations that every machine rounds alike,
//! so the files are the same bytes everywhere. The first hour is drawn like the training table;
//! the second has the defects of [`CHANGES`].
//!
//! ```
//! let files = model_monitor::demo::files();
//! assert_eq!(files[0].0, model_monitor::demo::TRAINING_TABLE);
//! ```

mod applicant;
pub mod attribution;
pub mod bias;
pub mod model_quality;
mod random;

use std::fmt::Write;

use applicant::{Applicant, COLUMNS, Defects};
use random::Random;

/// Path of the training table: CSV with a header, the model's score first as in a captured row.
pub const TRAINING_TABLE: &str = "training/loans.csv";
/// Folder of the captured requests, laid out as SageMaker lays it out.
pub const CAPTURE: &str = "capture";
/// Name of the endpoint, first folder below [`CAPTURE`].
pub const ENDPOINT: &str = "loan-default";
/// The hour in which nothing is wrong.
pub const HEALTHY: Hour = Hour { start: "2026-03-02T09:00:00Z", end: "2026-03-02T10:00:00Z", of_day: 9 };
/// The hour with the defects of [`CHANGES`].
pub const DRIFTED: Hour = Hour { start: "2026-03-02T10:00:00Z", end: "2026-03-02T11:00:00Z", of_day: 10 };

/// What differs in [`DRIFTED`]: the feature, and what happened to it.
pub const CHANGES: &[(&str, &str)] = &[
    ("loan_amount", "arrives in cents instead of euros"),
    ("employment_years", "is missing in about one request of eight"),
    ("debt_ratio", "is shifted: 0.12 higher for everyone"),
    ("purpose", "has a category that training never saw: solar"),
    ("default_probability", "was not touched: the model's answers follow its inputs"),
];

/// A captured hour, from `start` to before `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hour {
    pub start: &'static str,
    pub end: &'static str,
    of_day: u32,
}

const SEED: u64 = 20_260_302;
const DAY: &str = "2026/03/02";
const TRAINING_ROWS: usize = 3_000;
const REQUESTS_PER_HOUR: u32 = 1_800;
const FILES_PER_HOUR: u32 = 6;
const SECONDS_PER_HOUR: u32 = 3_600;

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
            let second = place * SECONDS_PER_HOUR / REQUESTS_PER_HOUR + random.below(2);
            lines += &captured_request(random, hour, second, defects);
        }
        let first = file * SECONDS_PER_HOUR / FILES_PER_HOUR;
        let name = format!("{:02}-{:02}-{:03}-{}.jsonl", first / 60, 3 + file * 7, random.below(1_000), random.uuid());
        let path = format!("{CAPTURE}/{ENDPOINT}/AllTraffic/{DAY}/{:02}/{name}", hour.of_day);
        files.push((path, lines.into_bytes()));
    }
}

/// One line as the endpoint's data capture writes it.
fn captured_request(random: &mut Random, hour: Hour, second: u32, defects: Defects) -> String {
    let row = Applicant::draw(random, defects);
    let mut line = String::with_capacity(512);
    // Writing to a String cannot fail.
    let _ = writeln!(
        line,
        concat!(
            r#"{{"captureData":{{"endpointInput":{{"observedContentType":"text/csv","mode":"INPUT","#,
            r#""data":"{features}\n","encoding":"CSV"}},"endpointOutput":{{"#,
            r#""observedContentType":"text/csv; charset=utf-8","mode":"OUTPUT","data":"{score}","encoding":"CSV"}}}},"#,
            r#""eventMetadata":{{"eventId":"{id}","inferenceTime":"{date}T{hour:02}:{minute:02}:{second:02}Z"}},"#,
            r#""eventVersion":"0"}}"#
        ),
        features = row.features,
        score = row.score,
        id = random.uuid(),
        date = DAY.replace('/', "-"),
        hour = hour.of_day,
        minute = second / 60,
        second = second % 60,
    );
    line
}

#[cfg(test)]
mod tests;
