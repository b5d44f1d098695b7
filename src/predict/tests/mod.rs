//! Rows to requests, answers to scores, and models that behave well or badly.

mod answers;
mod failing;
mod http;
mod laws;
mod model;
mod player;
mod requests;
mod server;
mod templates;
