//! Rows to requests, answers to scores, and models that behave well or badly.

mod answers;
mod failing;
mod fake_transport;
mod http;
mod laws;
mod model;
mod requests;
mod server;
mod templates;
