//! Response parsing: bodies of answers to scores.

mod csv;
mod json;
mod reader;
mod scores;

pub(super) use reader::AnswerReader;
pub(super) use scores::Fault;
