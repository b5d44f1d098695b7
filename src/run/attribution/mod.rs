//! Feature attribution: what moves the model's answers.

mod asked;
mod budget;
mod dependence;
mod explained;
mod job;
mod known;
mod lines;
mod reference;
mod seen;
mod warnings;

pub(super) use job::run;
