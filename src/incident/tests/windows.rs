//! Windows before and after a change, and cells that several tests draw.

use super::super::Found;
use super::drawn::{Cell, Draw, found, table};
use crate::profile::Ledger;

/// Rows of every baseline.
pub(super) const N_BASELINE: usize = 20_000;
pub(super) const WINDOWS: [usize; 2] = [500, 20_000];

pub(super) type Row = fn(&mut Draw) -> Vec<Cell>;

pub(super) fn run(names: &[&str], n: usize, [before, after]: [Row; 2], is_redacted: bool) -> Found {
    let mut draw = Draw::new(n as u64);
    let baseline = table(names, N_BASELINE, || before(&mut draw));
    let current = table(names, n, || after(&mut draw));
    found(&baseline, &current, &Ledger::default(), is_redacted)
}

pub(super) fn one(cell: impl ToString) -> Vec<Cell> {
    vec![Some(cell.to_string())]
}

pub(super) fn fixed(x: f64, n_digits: usize) -> Vec<Cell> {
    one(format!("{x:.n_digits$}"))
}

pub(super) fn euros(draw: &mut Draw) -> f64 {
    (6.0 + draw.normal()).exp()
}

pub(super) fn celsius(draw: &mut Draw) -> f64 {
    15.0 + 8.0 * draw.normal()
}

pub(super) const PLANS: [(&str, f64); 4] = [("basic", 0.5), ("silver", 0.3), ("gold", 0.15), ("platinum", 0.05)];
