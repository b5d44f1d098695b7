//! Synthetic loan applicants: the features that a lender's model sees, and its score.

use super::seeded_random::Random;

/// Columns of the training table: the score, then the features.
pub(super) const COLUMNS: [&str; 12] = [
    "default_probability",
    "age",
    "income",
    "loan_amount",
    "term_months",
    "interest_rate",
    "employment_years",
    "debt_ratio",
    "open_accounts",
    "late_payments",
    "housing",
    "purpose",
];

const TERMS: [(&str, f64); 6] = [("12", 10.0), ("24", 18.0), ("36", 30.0), ("48", 20.0), ("60", 16.0), ("72", 6.0)];
const HOUSING: [(&str, f64); 4] = [("rent", 46.0), ("mortgage", 33.0), ("own", 14.0), ("family", 7.0)];
const PURPOSES: [(&str, f64); 7] = [
    ("car", 30.0),
    ("refinance", 24.0),
    ("home", 16.0),
    ("education", 10.0),
    ("medical", 8.0),
    ("business", 7.0),
    ("wedding", 5.0),
];
/// Absent from [`PURPOSES`].
const NEW_PURPOSE: &str = "solar";

/// Whether the feed is as it was in training.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Defects {
    None,
    All,
}

/// One row as text.
pub(super) struct Applicant {
    /// Probability of default as the model sees it, four decimals.
    pub score: String,
    /// The features in the order of [`COLUMNS`], joined by commas; no value needs quotes.
    pub features: String,
}

impl Applicant {
    /// Draws one applicant. Decimals always have a fraction, so that their columns are purely Fractional.
    pub fn draw(random: &mut Random, defects: Defects) -> Self {
        let broken = defects == Defects::All;
        let age = (41.0 + 12.0 * random.bell()).clamp(18.0, 79.0).round();
        let skew = 1.0 + 0.32 * random.bell();
        let income = 14_000.0 + 27_000.0 * skew * skew + 60.0 * age;
        let euros = (1_000.0 + income * (0.05 + 0.55 * random.share())).round();
        let loan_amount = if broken { euros * 100.0 } else { euros };
        let term = random.pick(&TERMS);
        let employment = ((age - 18.0) * random.share() * 0.9).clamp(0.0, 45.0);
        let debt = (0.28 + 0.09 * random.bell()).clamp(0.01, 0.85);
        let debt_ratio = if broken { debt + 0.12 } else { debt };
        let open_accounts = 1 + random.below(6) + random.below(6);
        let late_payments = if random.happens(0.22) { 1 + random.below(4) } else { 0 };
        let rate = 2.9 + 6.0 * debt + 0.8 * f64::from(late_payments) + 0.5 * random.bell().abs();
        let housing = random.pick(&HOUSING);
        let purpose = if broken && random.happens(0.06) { NEW_PURPOSE } else { random.pick(&PURPOSES) };
        let missing = broken && random.happens(0.125);
        let employment_years = if missing { String::new() } else { format!("{employment:.1}") };

        // The model: linear, squashed into 0…1 by an algebraic sigmoid, with a soft ceiling on the loan.
        let burden = loan_amount / income;
        let years = if missing { 0.0 } else { employment };
        let linear = -2.6 + 2.4 * burden / (1.0 + burden) + 3.0 * debt_ratio + 0.45 * f64::from(late_payments)
            - 0.03 * years
            + 0.25 * random.bell();
        let score = 0.5 * (1.0 + linear / (1.0 + linear * linear).sqrt());

        Self {
            score: format!("{score:.4}"),
            features: format!(
                "{age:.0},{income:.2},{loan_amount:.0},{term},{rate:.2},{employment_years},{debt_ratio:.3},\
                 {open_accounts},{late_payments},{housing},{purpose}"
            ),
        }
    }
}
