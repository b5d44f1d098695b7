//! Feature attribution: what moves the model's answers.

mod asked;
mod budget;
mod dependence;
mod explained;
mod job;
mod known;
mod reference;
mod seen;

pub(super) use job::run;
