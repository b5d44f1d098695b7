//! Doubles as text, as Java writes them.

/// `Double.toString(x)` from the shortest digits that give `x` back: plain notation where
/// 1e-3 ≤ |x| < 1e7, scientific elsewhere, always with a fraction. What is not finite becomes
/// `NaN`, `Infinity`, `-Infinity`, without quotes.
///
/// Reference: Java SE 19 API, `Double.toString`.
pub fn java_double(x: f64) -> String {
    if x.is_nan() {
        return "NaN".to_owned();
    }
    let sign = if x.is_sign_negative() { "-" } else { "" };
    if x.is_infinite() {
        return format!("{sign}Infinity");
    }
    let magnitude = x.abs();
    let is_plain = magnitude == 0.0 || (1e-3..1e7).contains(&magnitude);
    let text = if is_plain { format!("{magnitude}") } else { format!("{magnitude:e}") };
    let (digits, exponent) = match text.split_once('e') {
        Some((digits, exponent)) => (digits, format!("E{exponent}")),
        None => (text.as_str(), String::new()),
    };
    let fraction = if digits.contains('.') { "" } else { ".0" };
    format!("{sign}{digits}{fraction}{exponent}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_java_s() {
        for (x, expected) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (-18.0, "-18.0"),
            (0.1, "0.1"),
            (0.001, "0.001"),
            (9.999e-4, "9.999E-4"),
            (8.080858763541535e-4, "8.080858763541535E-4"),
            (4.97e-17, "4.97E-17"),
            (1234567.0, "1234567.0"),
            (9999999.999, "9999999.999"),
            (1e7, "1.0E7"),
            (38_000_000.0, "3.8E7"),
            (14402689218.907343, "1.4402689218907343E10"),
            (2_147_483_647.0, "2.147483647E9"),
            (1e23, "1.0E23"),
            (-1.5e-300, "-1.5E-300"),
            (f64::MAX, "1.7976931348623157E308"),
            (5e-324, "5.0E-324"),
            (2.0 / 3.0 * 100.0, "66.66666666666666"),
            (300.0 / 303.0 * 100.0, "99.00990099009901"),
            (f64::NAN, "NaN"),
            (f64::INFINITY, "Infinity"),
            (f64::NEG_INFINITY, "-Infinity"),
        ] {
            assert_eq!(java_double(x), expected);
        }
    }
}
