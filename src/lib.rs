//! model-monitor: watches deployed models by the container contract of Amazon SageMaker Model Monitor.
//!
//! The rooms are stacked; imports go down only (`tests/floors.rs` holds them to it):
//! `run` · `attributions` · `contract` · `report` · `wire` · `judge`, `incident` · `measure` · `profile` ·
//! `sketch`, `engine`, `predict` · `summary`, `decode`, `pairing`, `store` · `names`, `error`.

pub mod attributions;
pub mod cli;
pub mod contract;
pub mod decode;
pub mod demo;
pub mod engine;
pub mod error;
pub mod incident;
pub mod judge;
pub mod measure;
pub mod names;
pub mod pairing;
pub mod predict;
pub mod profile;
pub mod report;
pub mod run;
pub mod sketch;
pub mod store;
pub mod summary;
pub mod wire;
