//! Synthetic data sets of the `demo` command: a lender's tables, captured requests and labels.
//!
//! Everything is drawn from seeded generators with operations that every machine rounds alike, so that
//! the files are the same bytes everywhere.
//!
//! ```
//! use model_monitor::demo::data_quality;
//! assert_eq!(data_quality::files()[0].0, data_quality::TRAINING_TABLE);
//! ```

pub mod attribution;
pub mod bias;
mod capture_records;
pub mod data_quality;
mod hours;
mod loan_applicant;
pub mod model_quality;
mod seeded_random;

pub use hours::{CAPTURE, DRIFTED, ENDPOINT, GROUND_TRUTH, HEALTHY, Hour};
