//! Calibration: from scores to probabilities, and how often which values were seen; what a baseline remembers.

/// How often which values were seen.
#[derive(Clone, Debug, PartialEq)]
pub enum Distribution {
    /// Counts by class, in the order of the class's text.
    Classes(Vec<(String, u64)>),
    /// `counts[i]` values lie in [`edges[i]`, `edges[i + 1]`), the last interval closed. The first and
    /// last interval also take what lies outside. `edges` rises; there is one more than there are counts.
    Numbers { edges: Vec<f64>, counts: Vec<u64> },
}

/// Maps of scores to probabilities: of the positive class in a binary problem, else one for each
/// column of scores.
#[derive(Clone, Debug, PartialEq)]
pub struct Calibration {
    pub maps: Vec<CalibrationMap>,
}

/// From the score of one class to its probability: straight lines between the points, level outside.
#[derive(Clone, Debug, PartialEq)]
pub struct CalibrationMap {
    /// Empty where the column's class is not known.
    pub class: String,
    /// Whether the map is used: it is kept only if it calibrates data better that it has not seen.
    /// If not, the score itself is taken as the probability.
    pub is_kept: bool,
    /// Score and probability; neither falls.
    pub points: Vec<(f64, f64)>,
    /// Expected calibration error of the raw score and of the map, on data that the map has not seen.
    pub raw_error: f64,
    pub mapped_error: f64,
}

impl CalibrationMap {
    /// The probability that belongs to a score, in 0…1.
    pub fn probability(&self, score: f64) -> f64 {
        let mapped = if self.is_kept { between(&self.points, score) } else { score };
        mapped.clamp(0.0, 1.0)
    }
}

/// The height at `x` of straight lines between points; `x` itself where there are none.
pub fn between(points: &[(f64, f64)], x: f64) -> f64 {
    let after = points.partition_point(|(score, _)| *score <= x);
    match (after.checked_sub(1).and_then(|before| points.get(before)), points.get(after)) {
        // Halves, since the distance of two numbers may be beyond all numbers.
        (Some((x0, y0)), Some((x1, y1))) => y0 + (y1 - y0) * ((x / 2.0 - x0 / 2.0) / (x1 / 2.0 - x0 / 2.0)),
        (Some((_, y)), None) | (None, Some((_, y))) => *y,
        (None, None) => x,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn between_points_lie_straight_lines_and_outside_it_is_level() {
        let points = [(0.2, 0.1), (0.4, 0.5), (0.6, 0.5)];
        for (x, y) in [(0.0, 0.1), (0.2, 0.1), (0.3, 0.3), (0.5, 0.5), (0.6, 0.5), (9.0, 0.5)] {
            assert!((between(&points, x) - y).abs() < 1e-12, "{x}");
        }
        assert_eq!(between(&[], 0.7), 0.7);
        assert_eq!(between(&[(f64::MIN, 0.0), (f64::MAX, 1.0)], 0.0), 0.5);
    }

    #[test]
    fn a_map_that_was_not_kept_gives_the_score_itself() {
        let map = CalibrationMap {
            class: String::new(),
            is_kept: false,
            points: vec![(0.0, 0.5)],
            raw_error: 0.0,
            mapped_error: 0.1,
        };
        assert_eq!([-3.0, 0.25, 7.0].map(|score| map.probability(score)), [0.0, 0.25, 1.0]);
    }
}
