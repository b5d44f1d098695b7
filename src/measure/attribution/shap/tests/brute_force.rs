//! Shapley values from their definition.

use crate::measure::attribution::{Coalition, Design, Explained};

/// The features of a coalition as bits.
pub fn bits(coalition: Coalition<'_>, n_features: usize) -> usize {
    (0..n_features).filter(|feature| coalition.contains(*feature)).map(|feature| 1 << feature).sum()
}

/// What a design makes of a game: the value of each set of players, by bits.
pub fn explained(design: &Design, game: &dyn Fn(usize) -> f64) -> Explained {
    let m = design.n_features();
    let values: Vec<f64> = design.coalitions().map(|coalition| game(bits(coalition, m))).collect();
    design.explain(&values, game(0), game((1 << m) - 1)).expect("attributions")
}

/// φᵢ = Σ |S|! (m-|S|-1)! / m! (v(S ∪ i) - v(S)) over the sets S without i.
pub fn shapley(n_features: usize, game: &dyn Fn(usize) -> f64) -> Vec<f64> {
    let values: Vec<f64> = (0..1 << n_features).map(game).collect();
    // The weights by size, each from the one before: w(0) = 1/m, w(s) = w(s-1) s / (m-s).
    let m = n_features as f64;
    let weights: Vec<f64> = (0..n_features)
        .scan(1.0 / m, |weight, size| {
            *weight *= if size == 0 { 1.0 } else { size as f64 / (m - size as f64) };
            Some(*weight)
        })
        .collect();
    let of = |feature: usize| {
        let without = (0..values.len()).filter(|set| set >> feature & 1 == 0);
        without.map(|set| weights[set.count_ones() as usize] * (values[set | 1 << feature] - values[set])).sum()
    };
    (0..n_features).map(of).collect()
}

#[test]
fn shares_of_the_glove_game_are_known() {
    // One left glove, two right ones: a pair is worth 1 (Shapley values 2/3, 1/6, 1/6).
    let game = |set: usize| f64::from(u8::from(set & 1 == 1 && set > 1));
    for (found, expected) in shapley(3, &game).iter().zip([2.0 / 3.0, 1.0 / 6.0, 1.0 / 6.0]) {
        assert!((found - expected).abs() < 1e-15);
    }
}
