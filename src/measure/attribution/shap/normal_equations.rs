//! Normal equations of a design: what each pair of coalitions does to the attributions.
//!
//! The attributions φ minimise Σ w (v(z) - v(∅) - Σ φᵢ)² over the coalitions z, the inner sum over their members,
//! while they sum to v(all) - v(∅). The last one is what is left of that sum, so the others are free: a coalition
//! has the row x with xᵢ = zᵢ - z_last, and its complement has -x. With both in one term the equations are
//! A φ = Σ w x d over pairs, with A = Σ 2w x xᵀ and d the difference of the two values less what the last feature
//! takes of it. So φ = Σ w d A⁻¹x: the vectors A⁻¹x serve every row that is explained.

use nalgebra::{Cholesky, DMatrix};

use super::coalition::Coalition;

/// The row of a coalition in the equations, by feature but the last.
fn regressors(coalition: Coalition<'_>, n_features: usize) -> impl Iterator<Item = f64> {
    let last = f64::from(u8::from(coalition.contains(n_features - 1)));
    (0..n_features - 1).map(move |feature| f64::from(u8::from(coalition.contains(feature))) - last)
}

/// A⁻¹x of every pair, a column each; `None` where the equations have no single solution, which pairs of all single
/// features and their complements rule out. Two features at least.
pub(super) fn influences<'a>(
    pairs: impl Iterator<Item = Coalition<'a>> + Clone,
    weights: &[f64],
    n_features: usize,
) -> Option<DMatrix<f64>> {
    let rows = pairs.flat_map(|pair| regressors(pair, n_features));
    let mut columns = DMatrix::from_iterator(n_features - 1, weights.len(), rows);
    let factor = Cholesky::new(normal_matrix(&columns, weights))?;
    factor.solve_mut(&mut columns);
    columns.iter().all(|x| x.is_finite()).then_some(columns)
}

/// Σ 2w x xᵀ, summed in the order of the pairs: the same bits on every machine. Only the lower half is filled in,
/// which is all that is factored.
fn normal_matrix(columns: &DMatrix<f64>, weights: &[f64]) -> DMatrix<f64> {
    let n = columns.nrows();
    let mut matrix = DMatrix::zeros(n, n);
    for (column, weight) in columns.column_iter().zip(weights) {
        let used: Vec<(usize, f64)> = column.iter().copied().enumerate().filter(|(_, x)| *x != 0.0).collect();
        for (start, (j, y)) in used.iter().enumerate() {
            let scaled = 2.0 * weight * y;
            for (i, x) in &used[start..] {
                matrix[(*i, *j)] += scaled * x;
            }
        }
    }
    matrix
}
