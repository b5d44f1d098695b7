//! Both of SageMaker's services, played by a server inside the test process.

mod closing;
mod invoking;
mod names;
mod opening;
mod services;
mod stub;
