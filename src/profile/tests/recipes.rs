//! Generated columns: the twin of `cell` in `tests/expected_values/make_columns.py`.

use super::batches::Cells;

/// `count` cells from a linear congruential generator.
pub fn cells(recipe: &str, seed: u64, count: usize) -> Cells {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        cell(recipe, state >> 33)
    };
    (0..count).map(|_| next()).collect()
}

/// One of `words`.
fn pick(words: &[&str], r: u64) -> String {
    words[r as usize % words.len()].to_owned()
}

fn cell(recipe: &str, r: u64) -> Option<String> {
    number(recipe, r).or_else(|| text(recipe, r))
}

fn number(recipe: &str, r: u64) -> Option<String> {
    Some(match recipe {
        "small_integers" => format!("{}", r % 50),
        "signed_integers" => format!("{}", (r % 2_000_001) as i64 - 1_000_000),
        "milliseconds" => format!("{}", 1_700_000_000_000 + r),
        "long_sums" => format!("{}", r << 32),
        "decimals" => format!("{}.{:03}", r % 100, r / 100 % 1000),
        "full_precision" => format!("0.{r:010}{:010}", r * 7 % 10_000_000_000),
        "exponents" => format!("{}.5E{}", r % 1000, (r % 40) as i64 - 20),
        "integers_and_decimals" if r.is_multiple_of(5) => format!("{}.25", r % 9),
        "integers_and_decimals" => format!("{}", r % 1000),
        "negative_zeros" => pick(&["-0", "0", "-0", "+0"], r),
        "negative_zeros_and_fractions" => pick(&["-0", "0", "-0.0", "0.0"], r),
        "beyond_64_bits" if r.is_multiple_of(7) => format!("{r}99999999999"),
        "beyond_64_bits" => format!("-{r}"),
        "beyond_64_bits_and_fractions" if r.is_multiple_of(50) => "0.5".to_owned(),
        "beyond_64_bits_and_fractions" if r.is_multiple_of(7) => format!("{r}99999999999"),
        "beyond_64_bits_and_fractions" => format!("{r}"),
        "odd_signs" => pick(&["- 5", " 5", "+7", "007"], r),
        "no_number" => "- 5".to_owned(),
        "infinite" if r.is_multiple_of(10) => "1e400".to_owned(),
        "infinite" => format!("{r}"),
        "constant" => "0.1".to_owned(),
        _ => return None,
    })
}

fn text(recipe: &str, r: u64) -> Option<String> {
    Some(match recipe {
        "nulls_and_numbers" if r.is_multiple_of(3) => return None,
        "nulls_and_numbers" => format!("{}", r % 77),
        "all_null" => return None,
        "booleans" => pick(&["true", "false"], r),
        "booleans_and_numbers" => pick(&["true", "1", "0"], r),
        "three_texts" => pick(&["a", "b", "c"], r),
        "hundred_texts" => format!("value {}", r % 100),
        "texts_at_the_limit" => format!("t{}", r % 118),
        "texts_over_the_limit" => format!("t{}", r % 135),
        "texts_and_numbers" if !r.is_multiple_of(3) => format!("{}", r % 30),
        "texts_and_numbers" => format!("code {}", r % 20),
        "many_texts" => format!("id-{r}"),
        "unicode" => pick(&["ä", "日本", "😀", "e\u{301}", "\u{a0}", "﹩"], r),
        "nulls_and_texts" if r.is_multiple_of(4) => return None,
        "nulls_and_texts" => format!("k{}", r % 7),
        "nulls_by_name" if r.is_multiple_of(6) => return None,
        "nulls_by_name" => pick(&["", "NullValue", "x", "y", "z", "w"], r),
        _ => panic!("an unknown recipe: {recipe}"),
    })
}
