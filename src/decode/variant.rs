//! Variant: the part of an endpoint that answered, by the folder that data capture writes to,
//! `{endpoint}/{variant}/yyyy/mm/dd/hh/` (DG:model-monitor-data-capture-endpoint).

/// Digits of year, month, day and hour.
const DATE: [usize; 4] = [4, 2, 2, 2];

/// The variant whose captures the object called `name` holds; `None` where its folders do not tell.
pub fn variant_of(name: &str) -> Option<&str> {
    let parts: Vec<&str> = name.split('/').filter(|part| !part.is_empty()).collect();
    let is_number = |(part, len): (&&str, &usize)| part.len() == *len && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_date = |folders: &[&str]| folders.iter().zip(&DATE).all(is_number);
    let place = parts.windows(DATE.len()).position(is_date)?;
    place.checked_sub(1).map(|place| parts[place])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variant_stands_before_the_hour() {
        assert_eq!(variant_of("ep/AllTraffic/2026/03/02/09/a.jsonl"), Some("AllTraffic"));
        assert_eq!(variant_of("s3://bucket/prefix//ep/B/2026/03/02/09/a.jsonl"), Some("B"));
        assert_eq!(variant_of("2026/03/02/09/a.jsonl"), None);
        assert_eq!(variant_of("ep/AllTraffic/a.jsonl"), None);
    }
}
