//! AWS's decisions and the statistical verdict, against examples.

mod decisions;
mod simulation;
mod verdict;
