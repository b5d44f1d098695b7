//! Deletion of shadow endpoints and their configurations.

use std::collections::BTreeSet;
use std::time::Duration;

use futures::future::join_all;
use tokio::time::{Instant, sleep, timeout_at};

use super::failure::{CallFailure, Meaning};
use super::shadow_endpoints::{Leftover, LeftoverKind, Resource, ShadowEndpoints};

impl ShadowEndpoints {
    /// Deletes everything that was made or may have been, and gives what may still exist when `within` is over.
    /// Nothing is made afterwards; called again, it tries again what is left.
    pub async fn close_all(&self, within: Duration) -> Vec<Leftover> {
        let resources = {
            let mut registry = self.registry();
            registry.is_closed = true;
            registry.resources.clone()
        };
        let deadline = Instant::now() + within;
        let names: BTreeSet<&str> = resources.iter().map(|resource| resource.name.as_str()).collect();
        let of_name = |name: &str| resources.iter().filter(|resource| resource.name == name).cloned().collect();
        let left = join_all(names.into_iter().map(|name| self.close(of_name(name), deadline))).await;
        left.into_iter().flatten().collect()
    }

    /// Deletes an endpoint and then its configuration: the service loses sight of what an endpoint costs whose
    /// configuration is gone (Amazon SageMaker API Reference: DeleteEndpointConfig).
    async fn close(&self, mut resources: Vec<Resource>, deadline: Instant) -> Vec<Leftover> {
        resources.sort_by_key(|resource| resource.kind == LeftoverKind::Configuration);
        let mut left: Vec<Leftover> = Vec::new();
        for resource in resources {
            let deleted = match left.first() {
                Some(_) => Err("its endpoint may still exist".to_owned()),
                None => self.delete(&resource, deadline).await,
            };
            match deleted {
                Ok(()) => {
                    tracing::info!(name = resource.name, "deleted the {}", resource.kind);
                    self.forget(&resource);
                }
                Err(reason) => left.push(Leftover { kind: resource.kind, name: resource.name, reason }),
            }
        }
        left
    }

    /// Deletes a resource; the error says why it may still exist.
    async fn delete(&self, resource: &Resource, deadline: Instant) -> Result<(), String> {
        let deadline = deadline.max(Instant::now() + self.polling.last_call);
        let mut absent_since = None;
        let mut reason = "there was no time to delete it".to_owned();
        for pause in self.polling.pauses() {
            match timeout_at(deadline, resource.delete()).await {
                Ok(Ok(())) => return Ok(()),
                Ok(Err(failure)) if failure.meaning == Meaning::Denied => return Err(failure.text),
                // The request to make it may still be under way.
                Ok(Err(failure)) if failure.meaning == Meaning::Missing => {
                    if absent_since.get_or_insert_with(Instant::now).elapsed() >= self.polling.settling {
                        return Ok(());
                    }
                    reason = failure.text;
                }
                // Among others: what is being made may not be deleted.
                Ok(Err(failure)) => reason = failure.text,
                Err(_) => break,
            }
            if Instant::now() + pause >= deadline {
                break;
            }
            sleep(pause).await;
        }
        Err(reason)
    }
}

impl Resource {
    async fn delete(&self) -> Result<(), CallFailure> {
        match self.kind {
            LeftoverKind::Endpoint => self.control.delete_endpoint(&self.name).await,
            LeftoverKind::Configuration => self.control.delete_configuration(&self.name).await,
        }
    }
}
