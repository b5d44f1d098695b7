//! A run that measured something, without its results: what the files of every monitor are made from.

use serde_json::Value;

use super::Account;
use super::header::{Job, Warning, Window};
use crate::judge::Verdict;
use crate::wire::Layout;

/// A finished run.
pub struct Run<'a> {
    pub window: Window,
    pub job: &'a Job,
    pub account: &'a Account,
    /// Whose findings fill the violations files.
    pub verdict: Verdict,
    pub warnings: &'a [Warning],
    /// The results of each variant, where there are several ([`super::segment`]).
    pub segments: &'a [Value],
    /// Of AWS's files.
    pub layout: Layout,
    /// When the run was, in milliseconds since 1970 (UTC).
    pub evaluation_time: i64,
}
