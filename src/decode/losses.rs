//! Losses of an object: what of its bytes could not be read, and about how many records that was.

use crate::decode::batch::builder::BatchBuilder;
use crate::decode::batch::loss::{Loss, LostRecords};
use crate::decode::reason::Reason;
use crate::decode::text::inflate::Gap;

/// Counts what is lost while an object is decoded.
#[derive(Debug, Default)]
pub struct Losses {
    /// Bytes of the object so far.
    pub n_taken: u64,
    /// Bytes of text that they unfolded to, where they are compressed.
    pub n_inflated: u64,
    /// One loss for each reason; its records are not known yet. That of zero bytes counts bytes of text.
    parts: Vec<Loss>,
    /// Why the rest was not decoded, and how many records there were.
    pub broke_off: Option<(Reason, u64)>,
    /// Whether more records were to come where the object ends.
    pub is_open: bool,
    /// Why nothing of the object can be read.
    pub is_all: Option<Reason>,
}

impl Losses {
    /// Counts a part that is lost behind so many records.
    pub fn add(&mut self, gap: &Gap, n_records: u64) {
        let known = self.parts.iter().position(|part| part.reason == gap.reason);
        let part = known.unwrap_or_else(|| {
            self.parts.push(loss(gap.reason, n_records + 1));
            self.parts.len() - 1
        });
        self.parts[part].n_bytes += gap.n_lost;
        self.parts[part].n_bytes_missing += gap.n_doubtful;
    }

    /// The losses by their bytes as they lie in the store: zero bytes have the share in them that they have in the text.
    fn parts_stored(&self) -> impl Iterator<Item = Loss> {
        let of_text = |part: &&Loss| part.reason == Reason::ZeroBytes && self.n_inflated > 0;
        let n_others: u64 = self.parts.iter().filter(|part| !of_text(part)).map(|part| part.n_bytes).sum();
        let n_whole = u128::from(self.n_taken.saturating_sub(n_others));
        let stored = move |part: &Loss| {
            let share = || u128::from(part.n_bytes) * n_whole / u128::from(self.n_inflated);
            let n_bytes = if of_text(&part) { u64::try_from(share()).unwrap_or(u64::MAX) } else { part.n_bytes };
            Loss { n_bytes, ..*part }
        };
        self.parts.iter().map(stored)
    }

    /// The same where the object is given up: lost is what was not read, and what its open rows were made of.
    pub fn of_abandoned(mut self, reason: Reason, builder: &BatchBuilder) -> Self {
        let (n_read, n_open) = (u128::from(self.n_read()), builder.n_open_records());
        let n_made = (n_read * u128::from(n_open)).checked_div(u128::from(builder.n_records)).unwrap_or(n_read);
        self.n_taken -= u64::try_from(n_made).unwrap_or(u64::MAX).min(self.n_taken);
        self.broke_off = Some((reason, builder.n_records - n_open));
        self
    }

    /// Bytes that were read and are not lost.
    pub fn n_read(&self) -> u64 {
        let n_lost = self.parts_stored().map(|part| part.n_bytes).sum();
        if self.is_all.is_some() { 0 } else { self.n_taken.saturating_sub(n_lost) }
    }

    /// What is lost of an object of so many bytes and records: of damaged data as many records as in what was read of
    /// it. Of what ends too early nobody knows how much there was: it counts as lost once more.
    pub fn of_object(&self, n_bytes: u64, n_records: u64) -> Vec<Loss> {
        if let Some(reason) = self.is_all {
            return vec![Loss { n_bytes, ..loss(reason, 1) }];
        }
        let rest =
            |(reason, n): (Reason, u64)| Loss { n_bytes: n_bytes.saturating_sub(self.n_taken), ..loss(reason, n + 1) };
        let mut losses: Vec<Loss> = self.parts_stored().chain(self.broke_off.map(rest)).collect();
        if self.is_open && losses.is_empty() {
            losses.push(Loss { n_bytes_missing: n_bytes, ..loss(Reason::Truncated, n_records + 1) });
        }
        for loss in &mut losses {
            let share = (loss.n_bytes + loss.n_bytes_missing) as f64 / self.n_read() as f64;
            let n = if share.is_finite() { n_records as f64 * share } else { 0.0 };
            loss.records = LostRecords::Estimated(n as u64);
        }
        losses
    }
}

fn loss(reason: Reason, line: u64) -> Loss {
    Loss { reason, line, records: LostRecords::Estimated(0), n_bytes: 0, n_bytes_missing: 0 }
}
