//! Hours as the folders `yyyy/mm/dd/hh` of captures and ground truth name them.

use chrono::{DateTime, NaiveDate};

/// One hour in milliseconds.
pub const HOUR: i64 = 3_600_000;

/// Digits of a year, a month, a day and an hour in a folder's name.
const DIGITS: [usize; 4] = [4, 2, 2, 2];

/// The hour, counted from 1970 (UTC), that a time in milliseconds lies in.
pub fn hour_of(time: i64) -> i64 {
    time.div_euclid(HOUR)
}

/// The hour, counted from 1970 (UTC), that the folders of `name` speak of: of several the last. The
/// part behind the last slash is the file's own name.
pub fn hour_in(name: &str) -> Option<i64> {
    let mut folders: Vec<&str> = name.split('/').collect();
    folders.pop();
    folders.windows(DIGITS.len()).rev().find_map(hour_of_folders)
}

fn hour_of_folders(parts: &[&str]) -> Option<i64> {
    let mut numbers = [0; DIGITS.len()];
    for ((number, part), n_digits) in numbers.iter_mut().zip(parts).zip(DIGITS) {
        let is_number = part.len() == n_digits && part.bytes().all(|byte| byte.is_ascii_digit());
        *number = part.parse::<u32>().ok().filter(|_| is_number)?;
    }
    let [year, month, day, hour] = numbers;
    let midnight = NaiveDate::from_ymd_opt(year as i32, month, day)?.and_hms_opt(hour, 0, 0)?;
    Some(hour_of(midnight.and_utc().timestamp_millis()))
}

/// The folders `yyyy/mm/dd/hh` of a time in milliseconds since 1970 (UTC); `None` for a time that no
/// calendar has.
pub fn folder_of_time(time: i64) -> Option<String> {
    DateTime::from_timestamp_millis(time).map(|time| time.format("%Y/%m/%d/%H").to_string())
}
