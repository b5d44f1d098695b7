//! Damaged input, damaged baselines and kills, at random: every record that was written is used, rejected or lost and
//! counted, or the job failed with a code; outputs are one set whenever a run dies.
//!
//! `scripts/torture` makes more of all of it; each failure names its seed.

#[path = "support/job.rs"]
mod job;
#[path = "support/random.rs"]
mod random;

use std::fs;
use std::io::Write;
use std::ops::Range;
use std::process::Stdio;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use job::{Done, Mounts};
use random::{Random, n_trials};
use serde_json::Value;

/// Says what a test tried, where `--nocapture` shows it.
macro_rules! tried {
    ($($what:tt)*) => { println!("tried: {}", format_args!($($what)*)) };
}

/// Records of a file.
const RECORDS: usize = 120;

/// How a file holds its records.
struct Kind {
    name: &'static str,
    format: &'static str,
    first: &'static str,
    between: &'static str,
    last: &'static str,
    record: fn(usize) -> String,
    /// Whether records end where lines do, whatever stands in them.
    is_of_lines: bool,
}

const KINDS: [Kind; 4] = [
    Kind {
        name: "captures",
        format: r#"{"sagemakerCaptureJson":{"captureIndexNames":["endpointInput","endpointOutput"]}}"#,
        first: "",
        between: "\n",
        last: "\n",
        record: |i| {
            format!(
                r#"{{"captureData":{{"endpointInput":{{"data":"{i},{}","encoding":"CSV"}},"endpointOutput":{{"data":"0.{i}","encoding":"CSV"}}}},"eventMetadata":{{"eventId":"e{i}"}}}}"#,
                i % 7
            )
        },
        is_of_lines: true,
    },
    Kind {
        name: "a table",
        format: r#"{"csv":{"header":true}}"#,
        first: "row,part,text\n",
        between: "\n",
        last: "\n",
        record: |i| format!("{i},{}.5,word{}", i % 7, i % 3),
        is_of_lines: true,
    },
    Kind {
        name: "JSON Lines",
        format: r#"{"json":{"lines":true}}"#,
        first: "",
        between: "\n",
        last: "\n",
        record: |i| format!(r#"{{"row":{i},"part":{}.5,"text":"word{}"}}"#, i % 7, i % 3),
        is_of_lines: true,
    },
    Kind {
        name: "a JSON array",
        format: r#"{"json":{"lines":false}}"#,
        first: "[",
        between: ",\n",
        last: "]",
        record: |i| format!(r#"{{"row":{i},"part":{{"a":[{},2]}},"text":"word{}"}}"#, i % 7, i % 3),
        is_of_lines: false,
    },
];

impl Kind {
    /// A file, and where its records lie.
    fn file(&self) -> (Vec<u8>, Vec<Range<usize>>) {
        let (mut text, mut places) = (self.first.to_owned(), Vec::new());
        for i in 0..RECORDS {
            let start = text.len();
            text.push_str(&(self.record)(i));
            places.push(start..text.len());
            text.push_str(if i + 1 < RECORDS { self.between } else { self.last });
        }
        (text.into_bytes(), places)
    }

    fn run(&self, bytes: &[u8]) -> Done {
        let mounts = Mounts::new();
        mounts.place("data", bytes);
        mounts.run(&["run", "--max-rejected", "1"], &[("dataset_format", self.format)])
    }
}

/// Records by what became of them; `None` of a job that failed.
#[derive(Debug)]
struct Account {
    used: u64,
    rejected: u64,
    lost: u64,
}

fn account(done: &Done, context: &str) -> Option<Account> {
    if done.exit != Some(0) {
        assert!(done.exit != Some(1) && done.code().is_some(), "{context}: {:?} {}", done.exit, done.stderr);
        return None;
    }
    let records = &done.report()["ledger"]["records"];
    let sum = |counts: &Value| counts.as_object().into_iter().flatten().filter_map(|(_, n)| n.as_u64()).sum();
    let used = records["used"].as_u64().expect("a number");
    Some(Account { used, rejected: sum(&records["rejected"]), lost: sum(&records["lost"]) })
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

/// Damage within records costs these records, and in a JSON array at most their neighbours.
#[test]
fn damaged_records_cost_no_other() {
    let (mut n_records, mut n_used) = (0, 0);
    for (number, kind) in KINDS.iter().enumerate() {
        for seed in 0..n_trials(15) {
            let mut random = Random((number << 32 | seed) as u64);
            let (mut bytes, places) = kind.file();
            let n_damaged = 1 + random.below(5);
            for _ in 0..n_damaged {
                let place = &places[random.below(RECORDS)];
                random.damage(&mut bytes, place);
                // A line end is another record, and a quote makes the next line part of this one.
                let is_free = |byte: u8| kind.is_of_lines && matches!(byte, b'\n' | b'\r' | b'"');
                let changed = bytes[place.clone()].iter_mut().filter(|byte| kind.name == "a table" && is_free(**byte));
                changed.for_each(|byte| *byte = b'x');
                bytes[place.clone()].iter_mut().filter(|byte| **byte == b'\n').for_each(|byte| *byte = b'x');
            }
            let bytes = if random.below(2) == 0 { gzip(&bytes) } else { bytes };
            let context = format!("{}, seed {seed}", kind.name);
            let found = account(&kind.run(&bytes), &context).unwrap_or_else(|| panic!("{context}: the job failed"));
            let (n, n_damaged) = (RECORDS as u64, n_damaged as u64);
            let n_accounted = found.used + found.rejected + found.lost;
            (n_records, n_used) = (n_records + n, n_used + found.used);
            if kind.is_of_lines {
                assert_eq!(n_accounted, n, "{context}: {found:?}");
                assert!(found.used >= n - n_damaged, "{context}: {found:?}");
            } else {
                assert!(found.used >= n - 2 * n_damaged, "{context}: {found:?}");
                // Where a damaged element ends is not known: a piece of it may count as one more.
                assert!(n_accounted >= n - n_damaged, "{context}: {found:?}");
            }
        }
    }
    tried!("{} files of damaged records, {n_used} of {n_records} records used", KINDS.len() * n_trials(15));
}

/// A file that is cut loses its rest, which is counted where anything tells of it.
#[test]
fn files_that_are_cut_are_accounted_for() {
    for (number, kind) in KINDS.iter().enumerate() {
        for seed in 0..n_trials(8) {
            let mut random = Random((1 << 48 | number << 32 | seed) as u64);
            let (bytes, places) = kind.file();
            let is_compressed = random.below(2) == 0;
            let bytes = if is_compressed { gzip(&bytes) } else { bytes };
            let end = 1 + random.below(bytes.len() - 1);
            let context = format!("{}, seed {seed}, cut at {end} of {}", kind.name, bytes.len());
            let Some(found) = account(&kind.run(&bytes[..end]), &context) else { continue };
            assert!(found.used <= RECORDS as u64, "{context}: {found:?}");
            if is_compressed {
                assert!(found.rejected + found.lost > 0, "{context}: nothing is said: {found:?}");
            } else {
                // Of plain text nothing tells that there was more, but for the record that is cut.
                let n_whole = places.iter().filter(|place| place.end <= end).count() as u64;
                assert!(found.used >= n_whole.saturating_sub(1) && found.used <= n_whole + 1, "{context}: {found:?}");
            }
        }
    }
    tried!("{} files that are cut", KINDS.len() * n_trials(8));
}

/// Zero bytes in place of pages cost what they stand for, and the lines that they tear.
#[test]
fn pages_of_zero_bytes_are_accounted_for() {
    for (number, kind) in KINDS.iter().enumerate() {
        for seed in 0..n_trials(8) {
            let mut random = Random((4 << 48 | number << 32 | seed) as u64);
            let (mut bytes, places) = kind.file();
            let (first, n_runs) = (places[1].start, 1 + random.below(3));
            for _ in 0..n_runs {
                let start = first + random.below(bytes.len() - 64 - first);
                let end = bytes.len().min(start + 64 + random.below(bytes.len() / 6));
                bytes[start..end].fill(0);
            }
            let is_torn = |place: &&Range<usize>| bytes[(*place).clone()].contains(&0);
            let n_whole = (RECORDS - places.iter().filter(is_torn).count()) as u64;
            let bytes = if random.below(2) == 0 { gzip(&bytes) } else { bytes };
            let context = format!("{}, seed {seed}", kind.name);
            let found = account(&kind.run(&bytes), &context).unwrap_or_else(|| panic!("{context}: the job failed"));
            let (n_runs, n) = (n_runs as u64, found.used + found.rejected + found.lost);
            let n_beside = if kind.is_of_lines { n_runs } else { 2 * n_runs };
            assert!(found.used <= n_whole && found.used + n_beside >= n_whole, "{context}: {n_whole} whole, {found:?}");
            // Records are not equally long; in an array, pieces of a torn one may count as more.
            let tolerance = 2 * n_beside + found.lost / 4;
            assert!(n + tolerance >= RECORDS as u64, "{context}: {n} {found:?}");
            assert!(!kind.is_of_lines || n <= RECORDS as u64 + tolerance, "{context}: {n} {found:?}");
        }
    }
    tried!("{} files with pages of zero bytes", KINDS.len() * n_trials(8));
}

/// A damaged last member of a gzip file costs its own records, whether it ends or not, and no row is wrong.
#[test]
fn damaged_last_members_give_no_wrong_row() {
    let kind = &KINDS[1];
    for seed in 0..n_trials(40) {
        let mut random = Random((5 << 48 | seed) as u64);
        let (bytes, places) = kind.file();
        let n_before = 1 + random.below(RECORDS - 1);
        let (before, last) = bytes.split_at(places[n_before].start);
        let mut last = gzip(last);
        // Behind its header, before its length.
        let within = 10..last.len() - 4;
        random.damage(&mut last, &within);
        let context = format!("seed {seed}");
        let done = kind.run(&[gzip(before), last].concat());
        let found = account(&done, &context).unwrap_or_else(|| panic!("{context}: the job failed"));
        assert!([n_before as u64, RECORDS as u64].contains(&found.used), "{context}: {n_before} before, {found:?}");
        assert_eq!(found.used == RECORDS as u64, found.rejected + found.lost == 0, "{context}: {found:?}");
        assert_words(&done, &context);
    }
    tried!("{} damaged last members", n_trials(40));
}

/// Quotes that open cells which do not end cost their own lines.
#[test]
fn stray_quotes_cost_their_own_lines() {
    let kind = &KINDS[1];
    for seed in 0..n_trials(20) {
        let mut random = Random((6 << 48 | seed) as u64);
        let (mut bytes, places) = kind.file();
        let mut damaged: Vec<usize> = (0..1 + random.below(3)).map(|_| random.below(RECORDS)).collect();
        damaged.sort_unstable();
        damaged.dedup();
        for &record in damaged.iter().rev() {
            let commas = places[record].clone().filter(|at| bytes[*at] == b',');
            let starts: Vec<usize> = commas.map(|at| at + 1).chain([places[record].start]).collect();
            bytes.insert(starts[random.below(starts.len())], b'"');
        }
        let context = format!("seed {seed}, records {damaged:?}");
        let bytes = if random.below(4) == 0 { gzip(&bytes) } else { bytes };
        let done = kind.run(&bytes);
        let found = account(&done, &context).unwrap_or_else(|| panic!("{context}: the job failed"));
        assert_eq!(found.used + found.rejected, RECORDS as u64, "{context}: {found:?}");
        // Of the last few rows of a file nothing tells that they are rows.
        let n_rejected = damaged.len() as u64 + if damaged.ends_with(&[RECORDS - 1]) { 0 } else { 3 };
        assert!(found.rejected <= n_rejected, "{context}: {found:?}");
        assert_words(&done, &context);
    }
    tried!("{} files with stray quotes", n_trials(20));
}

/// The texts of the table's used rows are those that were written.
fn assert_words(done: &Done, context: &str) {
    let statistics: Value = serde_json::from_slice(&done.files["statistics.json"]).expect("JSON");
    let columns = statistics["features"].as_array().expect("columns");
    let Some(text) = columns.iter().find(|column| column["name"] == "text") else { return };
    let buckets = text["string_statistics"]["distribution"]["categorical"]["buckets"].as_array().expect("buckets");
    let words: Vec<&str> = buckets.iter().filter_map(|bucket| bucket["value"].as_str()).collect();
    assert!(words.iter().all(|word| ["word0", "word1", "word2"].contains(word)), "{context}: {words:?}");
}

/// Baselines that are damaged are refused by a code or say what they said.
#[test]
fn damaged_baselines_end_no_job_without_a_code() {
    let mounts = Mounts::new();
    mounts.place("a.csv", "a,b\n1,x\n2,y\n3,x\n");
    let format = ("dataset_format", KINDS[1].format);
    let baseline = mounts.run(&[], &[format]).succeeded().files.clone();
    for seed in 0..n_trials(40) {
        let mut random = Random((2 << 48 | seed) as u64);
        let place = |name: &str, random: &mut Random| {
            let mut bytes = baseline[name].clone();
            for _ in 0..random.below(3) {
                let range = 0..bytes.len();
                random.damage(&mut bytes, &range);
            }
            mounts.place_beside(name, bytes).display().to_string()
        };
        let (statistics, constraints) = (place("statistics.json", &mut random), place("constraints.json", &mut random));
        let _ = fs::remove_dir_all(mounts.output());
        let variables = [format, ("baseline_statistics", statistics.as_str()), ("baseline_constraints", &constraints)];
        let done = mounts.run(&[], &variables);
        let is_known = matches!(done.exit, Some(0)) || done.code().is_some_and(|code| code.starts_with("MM-BASELINE-"));
        assert!(is_known, "seed {seed}: {:?} {}", done.exit, done.stderr);
    }
    tried!("{} damaged baselines", n_trials(40));
}

/// Whenever a run is killed, the next one finds the outputs of one run, and leaves nothing else behind.
#[test]
fn a_run_that_is_killed_at_any_time_leaves_one_set() {
    let mounts = Mounts::new();
    let table: String = (0..3_000).map(|i| format!("{i},{}\n", i % 7)).collect();
    mounts.place("a.csv", format!("a,b\n{table}"));
    let format = ("dataset_format", KINDS[1].format);
    let temporary = mounts.root().join("temporary");
    fs::create_dir(&temporary).expect("a folder");
    let temporary = temporary.display().to_string();
    let variables = [format, ("TMPDIR", temporary.as_str())];
    let begun = Instant::now();
    let whole = mounts.run(&[], &variables).succeeded().files.clone();
    let length = begun.elapsed();
    let mut n_killed = 0;
    for seed in 0..n_trials(30) {
        let mut random = Random((3 << 48 | seed) as u64);
        let mut run = mounts.command(&[], &variables);
        let mut run = run.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("a run");
        std::thread::sleep(length.mul_f64(random.below(900) as f64 / 1_000.0) + Duration::from_micros(100));
        run.kill().expect("a child");
        n_killed += usize::from(run.wait().expect("a child").code().is_none());
        let refused = mounts.run(&[], &[format, ("baseline_statistics", "/nowhere/statistics.json")]);
        refused.failed(2, "MM-BASELINE-001");
        assert!(refused.files == whole, "seed {seed}: {:?}", refused.files.keys());
        if seed % 5 == 4 {
            assert!(mounts.run(&[], &variables).succeeded().files == whole, "seed {seed}");
            let left = job::names(temporary.as_ref());
            assert!(left.is_empty(), "seed {seed}: {left:?}");
        }
    }
    assert!(n_killed > 0, "no run was killed");
    tried!("{n_killed} kills at random");
}
