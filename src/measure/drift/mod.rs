//! Distances between a column's baseline and its current statistics. One formula, one file.

mod categorical_chi_squared;
mod categorical_l_infinity;
mod margin;
mod numeric_l_infinity;
mod sides;
mod table;

pub use sides::n_compared;
pub use table::{
    ALL, CATEGORICAL_ROBUST, CATEGORICAL_SIMPLE, CHI_SQUARED_P_VALUE, CHI_SQUARED_STATISTIC, Drift, NUMERIC_ROBUST,
    NUMERIC_SIMPLE,
};
