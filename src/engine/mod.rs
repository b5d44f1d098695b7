//! Scans and parallel folding; the only room that names DataFusion.

mod columnar;
mod dataset;
mod fold;
mod read;
mod scan;
mod session;

pub use dataset::{Dataset, Manifest};
pub use fold::fold;
pub use session::{Progress, Session};
