//! Tests of KernelSHAP as a whole.

mod brute_force;
mod coverage;
mod designs;
mod laws;
mod models;
mod oracle;
mod rows;
