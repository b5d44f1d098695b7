//! Decimal commas: texts that are numbers in some languages, and none to programs.

/// Whether a text is a number with a comma where the point belongs, its thousands set apart by points or not.
pub fn has_decimal_comma(cell: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = cell.strip_prefix(['-', '+']).unwrap_or(cell);
    let thousands = |whole: &str| {
        let mut groups = whole.split('.');
        groups.next().is_some_and(digits) && groups.all(|group| group.len() == 3 && digits(group))
    };
    unsigned.split_once(',').is_some_and(|(whole, fraction)| thousands(whole) && digits(fraction))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_stand_on_both_sides_of_a_decimal_comma() {
        assert!(["1,5", "-0,25", "+10,0", "1.234.567,8"].into_iter().all(has_decimal_comma));
        assert!(!["1.5", "1.5,2", "1,", ",5", "1,2,3", "a,5", "1 ,5", ""].into_iter().any(has_decimal_comma));
    }
}
