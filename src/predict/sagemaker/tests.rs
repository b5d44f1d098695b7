//! SageMaker's two services, played by a server inside the test process.

mod creation;
mod deletion;
mod endpoint_names;
mod invoke_endpoint;
mod service_clients;
mod signature;
mod stub;
