//! The end of the endpoints that exist because of this process.

use std::collections::BTreeSet;
use std::time::Duration;

use futures::future::join_all;
use tokio::time::{Instant, sleep, timeout_at};

use super::failure::{CallFailure, Meaning};
use super::shadows::{Leftover, LeftoverKind, Shadows, Thing};

impl Shadows {
    /// Deletes everything that was made or may have been, and gives what may still exist when `within` is over.
    /// Nothing is made afterwards; called again, it tries again what is left.
    pub async fn close_all(&self, within: Duration) -> Vec<Leftover> {
        let things = {
            let mut notes = self.notes();
            notes.is_closed = true;
            notes.things.clone()
        };
        let deadline = Instant::now() + within;
        let names: BTreeSet<&str> = things.iter().map(|thing| thing.name.as_str()).collect();
        let of_name = |name: &str| things.iter().filter(|thing| thing.name == name).cloned().collect();
        let left = join_all(names.into_iter().map(|name| self.close(of_name(name), deadline))).await;
        left.into_iter().flatten().collect()
    }

    /// Deletes an endpoint and then its configuration: the service loses sight of what an endpoint costs whose
    /// configuration is gone (Amazon SageMaker API Reference: DeleteEndpointConfig).
    async fn close(&self, mut things: Vec<Thing>, deadline: Instant) -> Vec<Leftover> {
        things.sort_by_key(|thing| thing.kind == LeftoverKind::Configuration);
        let mut left: Vec<Leftover> = Vec::new();
        for thing in things {
            let deleted = match left.first() {
                Some(_) => Err("its endpoint may still exist".to_owned()),
                None => self.delete(&thing, deadline).await,
            };
            match deleted {
                Ok(()) => {
                    tracing::info!(name = thing.name, "deleted the {}", thing.kind);
                    self.forget(&thing);
                }
                Err(reason) => left.push(Leftover { kind: thing.kind, name: thing.name, reason }),
            }
        }
        left
    }

    /// Deletes a thing; the error says why it may still exist.
    async fn delete(&self, thing: &Thing, deadline: Instant) -> Result<(), String> {
        let deadline = deadline.max(Instant::now() + self.pace.last_call);
        let mut absent_since = None;
        let mut reason = "there was no time to delete it".to_owned();
        for pause in self.pace.pauses() {
            match timeout_at(deadline, thing.delete()).await {
                Ok(Ok(())) => return Ok(()),
                Ok(Err(failure)) if failure.meaning == Meaning::Denied => return Err(failure.text),
                // The request to make it may still be under way.
                Ok(Err(failure)) if failure.meaning == Meaning::Missing => {
                    if absent_since.get_or_insert_with(Instant::now).elapsed() >= self.pace.settling {
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

impl Thing {
    async fn delete(&self) -> Result<(), CallFailure> {
        match self.kind {
            LeftoverKind::Endpoint => self.control.delete_endpoint(&self.name).await,
            LeftoverKind::Configuration => self.control.delete_configuration(&self.name).await,
        }
    }
}
